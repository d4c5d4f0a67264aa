"""The square code of a page: which contest, sheet, page and layout it is, under the contest's own seal.

    V1-<contest>-<layout>-<serial>-<page>-<pages>-<seal>

All of it fits the alphanumeric alphabet of QR codes. contest: the first 12 hexadecimal digits of its id; layout: 8 of
the digest of the layout; seal: 8 of an HMAC-SHA256 of what stands before it, so that a sheet made at home with a
serial that nobody gave out is told from ours. Serial 0 is a specimen.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

_FORM = re.compile(
    r"V1-(?P<contest>[0-9A-F]{12})-(?P<layout>[0-9A-F]{8})-(?P<serial>[0-9]{1,9})"
    r"-(?P<page>[1-9][0-9]?)-(?P<pages>[1-9][0-9]?)-(?P<seal>[0-9A-F]{8})"
)
SPECIMEN = 0
MAX_SERIAL = 999_999_999


@dataclass(frozen=True)
class PageCode:
    """What the code of a page says. contest, layout: in lower case."""

    contest: str
    layout: str
    serial: int
    page: int
    pages: int


def short_contest(contest: str) -> str:
    """The part of a contest's id that the code carries."""
    return contest.replace("-", "").lower()[:12]


def written(code: PageCode, key: bytes) -> str:
    """The text of the code. key: the contest's key of paper."""
    said = f"V1-{code.contest}-{code.layout}-{code.serial}-{code.page}-{code.pages}".upper()
    return f"{said}-{_seal(said, key)}"


def read(text: str) -> PageCode | None:
    """What a code says, its seal not yet looked at; None for a code that is none of ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    return PageCode(
        found["contest"].lower(),
        found["layout"].lower(),
        int(found["serial"]),
        int(found["page"]),
        int(found["pages"]),
    )


def is_sealed(text: str, key: bytes) -> bool:
    """Whether the seal of a code was made with this key."""
    said, _, seal = text.rpartition("-")
    return hmac.compare_digest(seal.encode(), _seal(said, key).encode())


def _seal(said: str, key: bytes) -> str:
    return hmac.digest(key, b"viche/paper/page/v1|" + said.encode(), hashlib.sha256).hex()[:8].upper()
