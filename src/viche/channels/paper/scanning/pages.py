"""What was read from a scan."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_MARKS, NO_CODE, FOREIGN, FORGED, UNKNOWN_LAYOUT, SPECIMEN_SHEET, SMALL, MISSING_PAGE, TWICE = FAULTS = (
    "no-marks", "no-code", "other-contest", "forged", "unknown-layout", "specimen", "too-small", "missing-page",
    "twice",
)  # fmt: skip
"""Why a page cannot be taken as read: its corner marks are not found; its code is not; it is of another contest; the
seal is not ours; the layout is unknown; it is a specimen; its picture is too small; a page of the sheet is missing;
the page was there twice.
"""

FAINT, CORRECTED, STRAY, SEVERAL = WHYS = ("faint", "corrected", "stray", "several")
"""Why a box is unsure: hardly any mark; a filled box, perhaps struck out; a line that comes from elsewhere; several
values of one project.
"""


@dataclass(frozen=True)
class Unsure:
    """A box that a person must look at. ink: how dark, in thousandths. picture: the box and what is around it, PNG."""

    code: str
    value: int
    why: str
    ink: int
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class ReadPage:
    """One page. choices: what is clearly marked, (code, value). faults: see FAULTS; with any, choices are empty.

    picture: of the whole page, upright, JPEG; fields: the place of name, number and signature of a named sheet, PNG.
    ink: by (code, value) how dark each box is, in thousandths.
    """

    number: int
    serial: int | None = None
    page: int | None = None
    pages: int | None = None
    layout: str = ""
    choices: tuple[tuple[str, int], ...] = ()
    unsure: tuple[Unsure, ...] = ()
    faults: tuple[str, ...] = ()
    ink: Mapping[tuple[str, int], int] = field(default_factory=dict, repr=False)
    picture: bytes = field(default=b"", repr=False)
    fields: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class ReadSheet:
    """The pages of one serial together."""

    serial: int
    choices: tuple[tuple[str, int], ...]
    unsure: tuple[Unsure, ...]
    faults: tuple[str, ...]
    pages: tuple[ReadPage, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class ScanResult:
    """Everything in one file. digest: SHA-256 of the file, hexadecimal. pages: in the order of the file."""

    digest: str
    pages: tuple[ReadPage, ...]

    @property
    def sheets(self) -> tuple[ReadSheet, ...]:
        """The pages put together by serial, in the order of first appearance; pages without a serial are left out."""
        return sheets_of(self.pages)


def sheets_of(pages: tuple[ReadPage, ...]) -> tuple[ReadSheet, ...]:
    """The pages of one or several files by serial. A sheet of which a page is missing or there twice says so."""
    by_serial: dict[int, list[ReadPage]] = {}
    for each in pages:
        if each.serial is not None:
            by_serial.setdefault(each.serial, []).append(each)
    return tuple(_sheet(serial, each) for serial, each in by_serial.items())


def _sheet(serial: int, pages: list[ReadPage]) -> ReadSheet:
    faults = [fault for each in pages for fault in each.faults]
    numbers = [each.page for each in pages]
    if len(numbers) != len(set(numbers)):
        faults.append(TWICE)
    if set(numbers) != set(range(1, (pages[0].pages or 1) + 1)):
        faults.append(MISSING_PAGE)
    choices = tuple(choice for each in pages for choice in each.choices)
    unsure = tuple(box for each in pages for box in each.unsure)
    return ReadSheet(serial, choices, unsure, tuple(dict.fromkeys(faults)), tuple(pages))
