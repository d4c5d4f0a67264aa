"""Emblems as people upload them, made safe: decoded within limits and written anew as a small PNG."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from viche.foundation.refused import Refused

MAX_BYTES = 5_000_000
MAX_PIXELS = 25_000_000
SMALLEST, SIZE = 64, 512
FORMATS = ("JPEG", "PNG", "WEBP")


def _refused(code: str, message: str) -> Refused:
    return Refused(code, message, fields={"emblem": message}, status=422)


def safe_emblem(content: bytes) -> bytes:
    """The emblem as PNG without metadata, at most 512 pixels on its longer side; what is transparent stays so.

    Refused: emblem_too_large (bytes or pixels), emblem_too_small, svg_refused, not_an_emblem.
    """
    if len(content) > MAX_BYTES:
        raise _refused("emblem_too_large", _("The picture is larger than 5 MB."))
    if b"<svg" in content[:2000].lower():
        message = _("SVG drawings may carry scripts and are not accepted: save the emblem as PNG.")
        raise _refused("svg_refused", message)
    too_many = _("The picture has more than 25 megapixels.")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _refused("emblem_too_large", too_many)
            if max(image.width, image.height) < SMALLEST:
                message = _("The picture is smaller than %(size)d pixels.") % {"size": SMALLEST}
                raise _refused("emblem_too_small", message)
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError:
        raise _refused("emblem_too_large", too_many) from None
    # a damaged file makes the decoders raise much besides their own errors
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError):
        raise _refused("not_an_emblem", _("This is not a JPEG, PNG or WebP picture.")) from None
    upright.thumbnail((SIZE, SIZE))
    out = BytesIO()
    upright.save(out, "PNG", optimize=True)
    return out.getvalue()
