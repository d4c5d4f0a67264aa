"""The pictures in a PDF that a scanner made: its JPEG, fax (CCITT) and plain grey or coloured streams.

No PDF is interpreted: objects that call themselves an image are looked for and their bytes handed to the reader of
pictures; scripts, forms and everything else are never looked at. What is not found here (JBIG2, JPEG 2000, drawings,
encryption) is not read.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

SMALLEST = 700
"""Pixels of the shorter side: smaller pictures are stamps and logos, not pages."""
_STREAM = re.compile(rb"stream\r?\n")
_MOST_HEADER = 4_000


def pictures_of_pdf(data: bytes, *, most: int) -> Iterator[bytes]:
    """Each picture as a file of its own, in the order of the PDF. most: pixels of one; larger ones are left out."""
    for found in _STREAM.finditer(data):
        start = data.rfind(b" obj", max(0, found.start() - _MOST_HEADER), found.start())
        if start < 0:
            continue
        head = data[start : found.start()]
        if b"/Image" not in head or b"/Encrypt" in head:
            continue
        width, height = _number(head, b"Width"), _number(head, b"Height")
        if min(width, height) < SMALLEST or width * height > most:
            continue
        picture = _picture(head, _body(data, head, found.end()), width, height)
        if picture is not None:
            yield picture


def _number(head: bytes, name: bytes, otherwise: int = 0) -> int:
    found = re.search(rb"/" + name + rb"\s+(-?\d{1,9})(?!\s+\d+\s+R)", head)
    return int(found[1]) if found else otherwise


def _body(data: bytes, head: bytes, start: int) -> bytes:
    """By the length that is written, where it ends at the word endstream; else up to that word."""
    length = _number(head, b"Length")
    if length and data[start + length : start + length + 12].lstrip().startswith(b"endstream"):
        return data[start : start + length]
    end = data.find(b"endstream", start)
    return data[start : end if end >= 0 else len(data)]


def _picture(head: bytes, body: bytes, width: int, height: int) -> bytes | None:
    filters = list(re.findall(rb"/([A-Za-z0-9]+Decode)\b", head))
    if filters == [b"DCTDecode"]:
        return body
    if filters == [b"CCITTFaxDecode"]:
        return _fax(head, body, width, height)
    if filters == [b"FlateDecode"] and b"/Predictor" not in head:
        return _plain(head, body, width, height)
    return None


def _plain(head: bytes, body: bytes, width: int, height: int) -> bytes | None:
    """Points without compression but deflate; unpacked no further than the page needs."""
    bits = _number(head, b"BitsPerComponent", 8)
    mode = "RGB" if b"DeviceRGB" in head else "L" if bits == 8 else "1"
    line = width * 3 if mode == "RGB" else width if mode == "L" else (width + 7) // 8
    if bits != (1 if mode == "1" else 8) or b"Indexed" in head or b"DeviceCMYK" in head:
        return None
    unpacking = zlib.decompressobj()
    try:
        points = unpacking.decompress(body, line * height)
    except zlib.error:
        return None
    if len(points) < line * height:
        return None
    kept = io.BytesIO()
    Image.frombytes(mode, (width, height), points).save(kept, "PNG")
    return kept.getvalue()


def _fax(head: bytes, body: bytes, width: int, height: int) -> bytes:
    """A fax stream in the wrapping of a TIFF file, which the reader of pictures knows."""
    k = _number(head, b"K")
    compression = 4 if k < 0 else 3
    is_black_one = re.search(rb"/BlackIs1\s+true", head) is not None
    is_turned = re.search(rb"/Decode\s*\[\s*1\s+0\s*\]", head) is not None
    tags = [
        (256, 4, width), (257, 4, height), (258, 3, 1), (259, 3, compression), (262, 3, 1 if is_black_one != is_turned else 0),
        (273, 4, 8 + 2 + 9 * 12 + 4), (277, 3, 1), (278, 4, height), (279, 4, len(body)),
    ]  # fmt: skip
    entries = b"".join(
        struct.pack("<HHI", tag, kind, 1)
        + (struct.pack("<HH", value, 0) if kind == 3 else struct.pack("<I", value))
        for tag, kind, value in tags
    )
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0) + body
