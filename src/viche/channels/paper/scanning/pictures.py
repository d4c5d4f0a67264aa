"""The pictures in a file of scans, grey, one a page; limits of bytes, pixels and pages before anything is unpacked."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from PIL import Image, ImageSequence, UnidentifiedImageError

from viche.channels.paper.scanning.pdf import pictures_of_pdf
from viche.foundation.refused import Refused

Grey = NDArray[np.uint8]
MAX_BYTES = 200_000_000
MAX_PIXELS = 40_000_000
"""Of one page: A4 at 600 dots an inch is 35 million."""
MAX_PAGES = 600
LONGEST = 3_600
"""Pixels of the longer side that is read: A4 at 300 dots an inch. More is scaled down."""
NEGATIVE = 60
_FORMATS = ("JPEG", "PNG", "TIFF")


def pictures_in(data: bytes) -> Iterator[Grey]:
    """Each page in turn. Refused: scan_too_large, not_a_scan, scan_damaged, no_pages."""
    if len(data) > MAX_BYTES:
        raise Refused(
            "scan_too_large",
            _("The file is larger than %d MB. Scan in parts.") % (MAX_BYTES // 1_000_000),
            status=422,
        )
    if data.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        yield from _of_pdf(data)
    else:
        yield from _of_picture(data)


def _of_pdf(data: bytes) -> Iterator[Grey]:
    count = 0
    for picture in pictures_of_pdf(data, most=MAX_PIXELS):
        count += 1
        _check_number(count)
        yield from _of_picture(picture)
    if not count:
        raise Refused(
            "no_pages",
            _(
                "This PDF holds no scanned pictures that can be read. Save the scans as TIFF, JPEG or PNG (in the "
                "program of the scanner, or with “pdftoppm -r 300 -jpeg”)."
            ),
            status=422,
        )


def _of_picture(data: bytes) -> Iterator[Grey]:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            for count, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                _check_number(count)
                if frame.width * frame.height > MAX_PIXELS:
                    raise Refused(
                        "scan_too_large",
                        _("A page has more than 40 million points. Scan at 300 dpi."),
                        status=422,
                    )
                yield _grey(frame)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Refused("not_a_scan", _("This is no JPEG, PNG, TIFF or PDF file."), status=422) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused(
            "scan_damaged", _("The file is damaged: it ends too early or cannot be read."), status=422
        ) from error


def _check_number(count: int) -> None:
    if count > MAX_PAGES:
        raise Refused(
            "scan_too_large", _("The file has more than %d pages. Scan in parts.") % MAX_PAGES, status=422
        )


def _grey(frame: Image.Image) -> Grey:
    """Of a coloured page the darkest of its three colours: ink of any colour is dark in one of them."""
    if frame.mode.startswith("I;16") or frame.mode in ("I", "F"):
        levels = np.asarray(frame, dtype=np.float32)
        top = float(levels.max()) or 1.0
        grey = np.clip(levels * (255.0 / max(top, 255.0)), 0, 255).astype(np.uint8)
    elif frame.mode in ("1", "L"):
        grey = np.asarray(frame.convert("L"))
    else:
        if "A" in frame.getbands() or "transparency" in frame.info:
            paper = Image.new("RGBA", frame.size, "white")
            frame = Image.alpha_composite(paper, frame.convert("RGBA"))
        colours = np.asarray(frame.convert("RGB"))
        grey = cv2.min(cv2.min(colours[:, :, 0], colours[:, :, 1]), colours[:, :, 2])
    longest = max(grey.shape)
    if longest > LONGEST:
        height, width = (side * LONGEST // longest for side in grey.shape)
        grey = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    # more dark than light: fax pages of some scanners are kept as negatives
    if float(np.median(grey[::8, ::8])) < NEGATIVE:
        grey = 255 - grey
    return np.ascontiguousarray(grey)
