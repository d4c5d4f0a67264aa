"""Office documents are ZIP archives: how much one unpacks to is measured before anything reads it."""

import struct
import zipfile
import zlib
from io import BytesIO

MAX_UNPACKED = 250_000_000
MAX_RATIO = 200
MAX_PARTS = 5_000


class PackedTightError(Exception):
    """The archive grows out of proportion."""


class DamagedError(Exception):
    """The archive is damaged, or protected by a password."""


def check_unpacked(content: bytes, *, most: int = MAX_UNPACKED) -> list[str]:
    """The names of the parts of an archive that keeps its proportions: first what it says, then what it holds.

    Raises PackedTightError, DamagedError.
    """
    limit = min(most, MAX_RATIO * len(content))
    try:
        entries = zipfile.ZipFile(BytesIO(content)).infolist()
    # a damaged directory makes the reader raise much besides its own error
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        EOFError,
        LookupError,
        struct.error,
    ):
        raise DamagedError from None
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > limit:
        raise PackedTightError
    left = limit
    for entry in entries:
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or entry.flag_bits & 1:
            raise DamagedError
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            left = _left_after(content, entry, left)
            if left < 0:
                raise PackedTightError
    return [entry.filename for entry in entries]


def _left_after(content: bytes, entry: zipfile.ZipInfo, left: int) -> int:
    """What is left of the limit once the entry is really unpacked; negative where it does not suffice."""
    try:
        name, extra = struct.unpack_from("<HH", content, entry.header_offset + 26)
    except struct.error:
        raise DamagedError from None
    begin = entry.header_offset + 30 + name + extra
    packed = content[begin : begin + entry.compress_size]
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not unpack.eof:
            left -= len(unpack.decompress(packed, 1 << 20))
            if left < 0:
                return left
            packed = unpack.unconsumed_tail
    except zlib.error:
        raise DamagedError from None
    return left
