"""XLSX and ODS: values by calamine; what is odd about cells from the document itself, without unpacking it whole."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from python_calamine import CalamineError, load_workbook

from viche.foundation.refused import Refused
from viche.foundation.tables.packing import DamagedError, PackedTightError, check_unpacked
from viche.foundation.tables.records import Odd, Row
from viche.foundation.tables.refusals import bad_table

MAX_CELLS = 2_000_000
MAX_MARKS = 200_000
MAX_JOINED = 1_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# whatever a damaged document makes the readers raise; calamine's own panics among them
_FAULTS = (
    CalamineError, etree.XMLSyntaxError, zipfile.BadZipFile, ValueError, LookupError, OSError, EOFError,
    NotImplementedError, RuntimeError, OverflowError, TypeError,
)  # fmt: skip


def damaged() -> Refused:
    """What is said of a document that cannot be read."""
    return bad_table("damaged", _("The document is damaged, or protected by a password. Save it anew."))


def kind_of(content: bytes) -> str:
    """xlsx or ods. Refused: packed_too_tight, damaged, not_a_table."""
    try:
        names = check_unpacked(content)
    except PackedTightError:
        raise bad_table(
            "packed_too_tight", _("The document unpacks to more than it may: save it anew, with one sheet.")
        ) from None
    except DamagedError:
        raise damaged() from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise bad_table("not_a_table", _("This is neither a CSV nor an XLSX nor an ODS table."))


@dataclass
class Survey:
    """What the document itself says of a sheet: how far its cells reach, and what is odd about them."""

    rows: int = 0
    columns: int = 0
    marks: dict[int, dict[int, Odd]] = field(default_factory=dict)
    marked: int = 0

    def reach(self, row: int, place: int) -> None:
        """There is content at the place."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, place + 1)

    def mark(self, row: int, place: int, odd: Odd) -> None:
        """Something is odd there; what was seen first stays."""
        if self.marked < MAX_MARKS:
            self.marked += 1
            self.marks.setdefault(row, {}).setdefault(place, odd)


def sheet_rows(content: bytes, name: str, survey: Survey) -> Iterator[Row]:
    """Every row of a sheet that is not empty. Refused: damaged, too_many_cells."""
    if survey.rows * survey.columns > MAX_CELLS:
        # calamine would set aside room for each of them
        raise bad_table(
            "too_many_cells", _("The sheet has too many cells: save it as CSV, which may be longer.")
        )
    with _guarded():
        sheet = load_workbook(BytesIO(content)).get_sheet_by_name(name)
        rows: Iterator[Sequence[Any]] = iter(sheet.iter_rows())
        # calamine gives every row from the first, but columns only from the first that is used
        left = ("",) * (sheet.start[1] if sheet.start else 0)
    number = 0
    while True:
        with _guarded():
            values = next(rows, None)
        if values is None:
            break
        number += 1
        if (row := _row(number, (*left, *values), survey.marks.get(number, {}))) is not None:
            yield row
    # calamine ends where the last value is: formulas without one may follow
    for after, marks in sorted(survey.marks.items()):
        if after > number and (row := _row(after, (), marks)) is not None:
            yield row


def _row(number: int, values: Sequence[Any], marks: Mapping[int, Odd]) -> Row | None:
    cells, odd = [], dict(marks)
    for place, value in enumerate(values):
        text, kind = _text(value)
        cells.append(text)
        if kind is not None:
            odd.setdefault(place, kind)
    if not any(cells) and not any(each in (Odd.FORMULA, Odd.ERROR) for each in odd.values()):
        return None
    return Row(number, tuple(cells), odd)


def _text(value: Any) -> tuple[str, Odd | None]:
    """A value as text. Numbers that are whole have no ".0"."""
    if isinstance(value, str):
        return value.strip(), None
    if isinstance(value, bool):
        return ("1" if value else "0"), Odd.TRUTH
    if value is None:
        return "", None
    if isinstance(value, datetime | date):
        return value.strftime("%d.%m.%Y") if value.year >= 1000 else str(value), Odd.DATE
    if isinstance(value, time | timedelta):
        return str(value), Odd.DATE
    text = str(value)
    # repr() of the largest whole numbers that a cell can hold exactly is 1e+16
    if not isinstance(value, int) and value == value // 1 and abs(value) < 10**15:
        text = str(int(value))
    return text, None


class _guarded:  # noqa: N801  reads as a word in a with statement
    """Turns whatever a damaged document makes the readers raise into one refusal."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, _trace: Any) -> bool:
        if error is None or isinstance(error, Refused):
            return False
        if isinstance(error, _FAULTS) or type(error).__name__ == "PanicException":
            raise damaged() from None
        return False


def _elements(archive: zipfile.ZipFile, part: str, *tags: str) -> Iterator[Any]:
    """The elements of a part as they end, each let go afterwards; entities are never resolved, nothing is fetched."""
    with archive.open(part) as handle:
        for _event, element in etree.iterparse(
            handle, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            _let_go(element)


def _let_go(element: Any) -> None:
    """Free what was read."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def surveys_of(content: bytes, kind: str) -> dict[str, Survey]:
    """Every sheet that is not hidden, by name in order. Refused: damaged."""
    with _guarded(), zipfile.ZipFile(BytesIO(content)) as archive:
        return _xlsx_surveys(archive) if kind == "xlsx" else _ods_surveys(archive)
    raise damaged()


def _xlsx_surveys(archive: zipfile.ZipFile) -> dict[str, Survey]:
    parts = {
        each.get("Id"): each.get("Target", "")
        for each in _elements(archive, "xl/_rels/workbook.xml.rels", f"{_PACKAGE}Relationship")
    }
    found: dict[str, Survey] = {}
    for each in _elements(archive, "xl/workbook.xml", f"{_MAIN}sheet"):
        target = parts.get(each.get(f"{_RELATIONS}id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if each.get("state", "visible") == "visible" and path in archive.namelist():
            found[each.get("name", "")] = _xlsx_survey(archive, path)
    return found


def _xlsx_survey(archive: zipfile.ZipFile, part: str) -> Survey:
    survey = Survey()
    # calamine goes by local names alone, and so does the survey: no cell is out of its sight
    for element in _elements(archive, part, "{*}c", "{*}row", "{*}mergeCell"):
        local = etree.QName(element).localname
        if local == "c":
            _survey_cell(survey, element)
        elif local == "mergeCell":
            _mark_joined(survey, element.get("ref", ""))
    return survey


def _survey_cell(survey: Survey, cell: Any) -> None:
    corner = _corner(cell.get("r", ""))
    if corner is None:
        # calamine would find a place for it that was not measured here
        raise damaged()
    parts = {etree.QName(part).localname: part for part in cell.iterchildren(tag=etree.Element)}
    value = (parts["v"].text or "") if "v" in parts else ""
    has_formula = "f" in parts
    if parts.keys() & {"v", "f", "is"}:
        survey.reach(*corner)
    if cell.get("t") == "e":
        survey.mark(*corner, Odd.ERROR)
    elif has_formula and not value:
        survey.mark(*corner, Odd.FORMULA)


def _corner(reference: str) -> tuple[int, int] | None:
    """(row, place) of a reference such as C12."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    place = 0
    for letter in found[1]:
        place = place * 26 + ord(letter) - 64
    return int(found[2]), place - 1


def _mark_joined(survey: Survey, reference: str) -> None:
    first, _colon, last = reference.partition(":")
    begin, end = _corner(first), _corner(last)
    if begin is None or end is None:
        return
    for row in range(begin[0], min(end[0], begin[0] + MAX_JOINED) + 1):
        for place in range(begin[1], min(end[1], begin[1] + MAX_JOINED) + 1):
            survey.mark(row, place, Odd.MERGED)


def _ods_surveys(archive: zipfile.ZipFile) -> dict[str, Survey]:
    found: dict[str, Survey] = {}
    survey, row = Survey(), 0
    with archive.open("content.xml") as handle:
        for event, element in etree.iterparse(
            handle, events=("start", "end"), tag=(f"{_TABLE}table", f"{_TABLE}table-row"), resolve_entities=False,
            no_network=True, load_dtd=False,
        ):  # fmt: skip
            if element.tag == f"{_TABLE}table":
                if event == "start":
                    survey, row = Survey(), 0
                    found[element.get(f"{_TABLE}name", "")] = survey
            elif event == "end":
                _survey_ods_row(survey, row + 1, element)
                row += _times(element, "rows")
                _let_go(element)
    return found


def _times(element: Any, what: str) -> int:
    text = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _survey_ods_row(survey: Survey, row: int, element: Any) -> None:
    place, times_of_row = 0, _times(element, "rows")
    for cell in element:
        times = _times(cell, "columns")
        if cell.get(f"{_OFFICE}value-type") or cell.get(f"{_TABLE}formula"):
            survey.reach(row + times_of_row - 1, place + times - 1)
        if odd := _odd_of(cell):
            for each in range(place, place + min(times, MAX_JOINED)):
                survey.mark(row, each, odd)
        place += times


def _odd_of(cell: Any) -> Odd | None:
    if cell.get(f"{_CALC}value-type") == "error":
        return Odd.ERROR
    if cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type"):
        return Odd.FORMULA
    spans = (cell.get(f"{_TABLE}number-{what}-spanned", "1") for what in ("columns", "rows"))
    is_joined = cell.tag == f"{_TABLE}covered-table-cell" or any(each != "1" for each in spans)
    return Odd.MERGED if is_joined else None
