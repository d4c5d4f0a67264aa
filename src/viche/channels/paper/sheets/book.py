"""The layouts of a contest: from its frozen rules and the projects admitted to the vote."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from viche.channels.paper.sheets.layout import SheetLayout


@dataclass(frozen=True)
class LayoutBook:
    """Every layout that a sheet of the contest may have been printed in, by its digest, and the key of their seals."""

    contest: str
    layouts: Mapping[str, SheetLayout]
    key: bytes


def paper_key(marks_key: bytes) -> bytes:
    """The contest's key of paper, from its key of marks: it dies with it."""
    return hmac.digest(marks_key, b"viche/paper/v1", hashlib.sha256)
