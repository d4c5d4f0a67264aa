"""A row of the file as a sheet: every cell read by what its column holds, every fault at its cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import override

from rulebook.ballot import BallotPaper
from rulebook.register import is_number
from rulebook.rules.vocabulary import INVALID_PAPERS
from viche.channels.paper.importing.columns import PROJECT
from viche.channels.paper.readings import ballot_lines
from viche.channels.paper.wording import REASONS
from viche.communities.codifier import search_form
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.tables import CellFault, Odd, Row, digits_of, whole_number
from viche.identity.bulk_eligibility import Named
from viche.identity.numbers import read_number, read_passport
from viche.identity.providers import TaxNumberError

MARKS = frozenset({"x", "х", "v", "+", "1", "так", "yes", "✓", "✔", "☑", "☒"})
NO_MARKS = frozenset({"", "0", "-", "–", "—", "ні", "no", "☐"})
MOST_CHOICES = 500
_BETWEEN = re.compile(r"[\s,;/|]+")
_CHOICE = re.compile(r"^([+\-–−]?)(?:№\s*)?0*(\d{1,9})(?:[:=]0*(\d{1,6}))?$")


@dataclass(frozen=True, slots=True)
class Found:
    """Something about a cell; see models.PaperFinding."""

    place: int | None
    code: str
    word: str = ""
    is_error: bool = True


@dataclass(slots=True)
class ReadRow:
    """One row. reason: why the sheet is invalid, "" where it says nothing; paper: None where it is invalid."""

    number: int
    serial: int | None = None
    paper: BallotPaper | None = None
    reason: str = ""
    voter: Named | None = None
    found: list[Found] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its name in the batch: sorted, the keys stand as the rows do."""
        return f"{self.number:07d}"

    @property
    def is_faulty(self) -> bool:
        return any(each.is_error for each in self.found)


class SheetReader:
    """Reads the rows of a file of sheets. columns: what each column holds, by its place."""

    def __init__(self, contest: Contest, columns: Mapping[str, str]) -> None:
        self.kind = contest.rules.ballot.kind
        self.codes = {str(number): code for number, (code, _title) in ballot_lines(contest).items()}
        self.today = clock.now().astimezone(clock.KYIV).date()
        self.is_named = contest.rules.paper.is_named
        self.places = {field: int(place) for place, field in columns.items()}
        self.projects = [
            (int(place), self.codes[field.removeprefix(PROJECT)])
            for place, field in columns.items()
            if field.startswith(PROJECT) and field.removeprefix(PROJECT) in self.codes
        ]
        self.reasons = _reason_words()

    def read(self, row: Row) -> ReadRow:
        """The sheet of a row, with all that is wrong with it."""
        sheet = ReadRow(row.number)
        is_odd = self._odd(row, sheet)
        self._serial(row, sheet)
        self._voter(row, sheet)
        self._reason(row, sheet)
        if not sheet.reason and not is_odd:
            choices = self._in_columns(row, sheet) if self.projects else self._in_one_cell(row, sheet)
            if not sheet.is_faulty:
                sheet.paper = BallotPaper.of(self.kind, choices)
        return sheet

    def _odd(self, row: Row, sheet: ReadRow) -> bool:
        """Cells that are used and are not what they look like."""
        if not row.odd:
            return False
        marks = {place for place, _code in self.projects}
        used = {*self.places.values(), *marks}
        for place, odd in sorted(row.odd.items()):
            if place in used and not (odd == Odd.TRUTH and place in marks):
                sheet.found.append(Found(place, odd.value))
        return bool(sheet.found)

    def _serial(self, row: Row, sheet: ReadRow) -> None:
        place = self.places.get("serial")
        if place is None or _is_told(sheet, place):
            return
        try:
            sheet.serial = whole_number(row.cell(place))
        except CellFault as fault:
            sheet.found.append(Found(place, fault.code))

    def _voter(self, row: Row, sheet: ReadRow) -> None:
        """The number of the voter, from the column that has one."""
        for name in ("number", "passport"):
            place = self.places.get(name)
            if place is None or not row.cell(place) or _is_told(sheet, place):
                continue
            try:
                sheet.voter, remark = named_by(row.cell(place), self.today, is_passport=name == "passport")
            except CellFault as fault:
                sheet.found.append(Found(place, fault.code))
                return
            if remark:
                sheet.found.append(Found(place, remark, is_error=False))
            return
        is_needed = self.is_named and not sheet.is_faulty and not self._has_reason(row)
        if is_needed:
            sheet.found.append(Found(self.places.get("number", self.places.get("passport")), "no_number"))

    def _has_reason(self, row: Row) -> bool:
        return bool(row.cell(self.places.get("reason", -1)))

    def _reason(self, row: Row, sheet: ReadRow) -> None:
        place = self.places.get("reason")
        text = row.cell(place) if place is not None else ""
        if place is None or not text or _is_told(sheet, place):
            return
        reason = self.reasons.get(search_form(text).rstrip("."))
        if reason is None:
            sheet.found.append(Found(place, "bad_reason"))
        else:
            sheet.reason = reason

    def _in_one_cell(self, row: Row, sheet: ReadRow) -> list[tuple[str, int]]:
        place = self.places["choices"]
        text = row.cell(place)
        words = [word for word in _BETWEEN.split(text) if word] if text else []
        choices: list[tuple[str, int]] = []
        taken: set[str] = set()
        for word in words[:MOST_CHOICES]:
            match = _CHOICE.match(word)
            value = value_of(self.kind, match[1], match[3], len(choices) + 1) if match else None
            code = self.codes.get(match[2]) if match else None
            if match is None or value is None:
                sheet.found.append(Found(place, "bad_choice"))
                break
            if code is None:
                sheet.found.append(Found(place, "unknown_project", match[2][:6]))
            elif code in taken:
                sheet.found.append(Found(place, "project_twice", match[2][:6]))
            else:
                taken.add(code)
                choices.append((code, value))
        if len(words) > MOST_CHOICES:
            sheet.found.append(Found(place, "bad_choice"))
        return choices

    def _in_columns(self, row: Row, sheet: ReadRow) -> list[tuple[str, int]]:
        choices: list[tuple[str, int]] = []
        for place, code in self.projects:
            text = row.cell(place).casefold()
            if self.kind in ("points", "ranking", "plus-minus"):
                value = _number_in_column(self.kind, text)
                if value is None:
                    sheet.found.append(Found(place, "bad_value"))
                elif value:
                    choices.append((code, value))
            elif text in MARKS:
                choices.append((code, 1))
            elif text not in NO_MARKS:
                sheet.found.append(Found(place, "bad_mark"))
        return choices


def value_of(kind: str, sign: str, points: str | None, place: int) -> int | None:
    """The value of a written choice; None where a ballot of this kind holds no such."""
    if kind == "points":
        return int(points) if points is not None and not sign else None
    if points is not None or (sign and kind != "plus-minus"):
        return None
    if kind == "ranking":
        return place
    return -1 if sign and sign != "+" else 1


def named_by(text: str, today: date, *, is_passport: bool = False) -> tuple[Named, str]:
    """(the number, a remark): a tax number whose zero in front was eaten gets it back, where its check digit then fits.

    Raises CellFault: scientific, zero_lost, bad_number.
    """
    digits = digits_of(text)
    remark = ""
    try:
        if is_passport:
            read = read_passport(text)
            return Named(read.kind, read.token), ""
        if len(digits) == 9 and digits.isascii() and digits.isdigit():
            if not is_number(f"0{digits}"):
                raise CellFault("zero_lost")
            digits, remark = f"0{digits}", "zero_restored"
        read = read_number(digits, today=today)
    except CellFault:
        raise
    except (TaxNumberError, ValueError):
        raise CellFault("bad_number") from None
    number = digits if read.kind == "tax" and is_number(digits) else ""
    return Named(read.kind, read.token, number, read.birth_date), remark


def _is_told(sheet: ReadRow, place: int) -> bool:
    return any(each.place == place for each in sheet.found)


def _number_in_column(kind: str, text: str) -> int | None:
    """The points, rank or sign in a project's column; 0 for none, None where it cannot be read."""
    if kind == "plus-minus":
        if text in ("", "0"):
            return 0
        return {"+": 1, "1": 1, "+1": 1, "-": -1, "–": -1, "−": -1, "-1": -1}.get(text)
    if text in NO_MARKS:
        return 0
    try:
        return whole_number(text)
    except CellFault:
        return None


def _reason_words() -> dict[str, str]:
    """The reasons by their codes and their words in both languages."""
    words = {reason: reason for reason in INVALID_PAPERS}
    for language in ("uk", "en"):
        with override(language):
            words |= {search_form(str(text)): reason for reason, text in REASONS.items()}
    return words
