"""The custom element <viche-widget>: every version that was ever given out, with the hash that pages elsewhere name.

A version is frozen once it is out: its hash stands in VERSIONS, and a test fails where the file no longer has it. What
is improved gets the next number and a file of its own; the old one stays as long as pages ask for it.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "elements"
# number: the integrity value that the picker gives out
VERSIONS = {1: "sha384-5TGr4POtOhXYLC1T2C9HPzrids9wV9mAYiYxk+UlsvKSkftZuHUveAtVCTIjT2TM"}
NEWEST = max(VERSIONS)


@dataclass(frozen=True)
class Element:
    """One version: its bytes, the same packed, and its hash as pages name it."""

    number: int
    content: bytes
    packed: bytes
    integrity: str


@cache
def element_of(number: int) -> Element | None:
    """The version of that number; None where there is none."""
    if number not in VERSIONS:
        return None
    content = FOLDER.joinpath(f"viche-widget-{number}.js").read_bytes()
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Element(number, content, gzip.compress(content, 9, mtime=0), f"sha384-{digest}")
