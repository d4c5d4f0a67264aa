"""Lines of a support sheet from a table: one row a line, typed beforehand in an office program."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from rulebook.register import is_number
from viche.communities.codifier import search_form
from viche.communities.models import Territory
from viche.foundation.refused import Refused
from viche.foundation.tables import (
    CellFault,
    Odd,
    Row,
    Stored,
    digits_of,
    odd_text,
    open_table,
    place_of,
    whole_number,
)
from viche.projects.sheets import TypedLine

_NAMES = {
    "line": r"^(?:№|рядок|номер рядка|line)",
    "family_name": r"прізвище|family|surname",
    "given_name": r"^ім|given|^name",
    "number": r"рнокпп|податков|паспорт|^tax|passport",
    "birth_date": r"народж|birth",
    "place": r"прожива|місце|адрес|lives|residence|place",
}
_NEEDED = ("line", "family_name", "given_name", "number", "place")
_ELSEWHERE = frozenset({"-", "–", "інше", "інше місце", "деінде", "elsewhere"})
HEADING_ROWS = 10


@dataclass
class SheetLines:
    """lines: by their number on the sheet. faults: what cannot be read, each with its cell."""

    lines: dict[int, TypedLine] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_sheet_file(content: bytes, areas: Sequence[Territory]) -> SheetLines:
    """The lines of a file. areas: where a person may live here. Nothing of it is kept.

    A row with nothing but its number is a line that cannot be read. Refused, at the field "file": as foundation.tables
    says; no_heading, where the columns are not named.
    """
    rows = open_table(Stored(content)).rows()
    places = _heading(rows)
    known = {search_form(name): area for area in areas for name in (area.code, area.name, area.full_name)}
    found = SheetLines()
    for row in rows:
        try:
            number = whole_number(row.cell(places["line"]), most=1_000)
        except CellFault as fault:
            found.faults.append(f"{place_of(row.number, places['line'])}: {odd_text(fault.code)}")
            continue
        if number in found.lines:
            twice = _("The line stands in the file twice.")
            found.faults.append(f"{place_of(row.number, places['line'])}: {twice}")
            continue
        found.lines[number] = _line(row, places, known, found.faults)
    return found


def _heading(rows: Iterator[Row]) -> dict[str, int]:
    for row, _place in zip(rows, range(HEADING_ROWS), strict=False):
        names = [search_form(cell) for cell in row.cells]
        places = {
            column: next((place for place, name in enumerate(names) if re.search(pattern, name)), -1)
            for column, pattern in _NAMES.items()
        }
        if all(places[column] >= 0 for column in _NEEDED):
            return places
    message = _(
        "The first row names the columns: line, family name, given name, tax number or passport, day of birth, "
        "lives in."
    )
    raise Refused("no_heading", message, fields={"file": message}, status=422)


def _line(row: Row, places: dict[str, int], known: dict[str, Territory], faults: list[str]) -> TypedLine:
    for column, place in places.items():
        odd = row.odd.get(place)
        if odd is not None and not (odd == Odd.DATE and column == "birth_date"):
            faults.append(f"{place_of(row.number, place)}: {odd_text(odd.value)}")
            return TypedLine(is_unreadable=True)
    texts = {column: row.cell(place) for column, place in places.items() if column != "line"}
    if not any(texts.values()):
        return TypedLine(is_unreadable=True)
    try:
        number = digits_of(texts["number"])
        born = _day(texts["birth_date"])
    except CellFault as fault:
        place = places["birth_date" if fault.code == "bad_day" else "number"]
        said = _("Write the day as 05.05.1985.") if fault.code == "bad_day" else odd_text(fault.code)
        faults.append(f"{place_of(row.number, place)}: {said}")
        return TypedLine(is_unreadable=True)
    if len(number) == 9 and is_number(f"0{number}") and born is None:
        number = f"0{number}"  # an office program has eaten the zero; a passport stands with its day of birth
    home = search_form(texts["place"])
    area = known.get(home)
    if area is None and home not in _ELSEWHERE:
        unknown = _("There is no such place in the community; write “elsewhere” for any other.")
        faults.append(f"{place_of(row.number, places['place'])}: {unknown}")
    return TypedLine(
        family_name=texts["family_name"], given_name=texts["given_name"], number=number, birth_date=born,
        territory=area, is_elsewhere=area is None,
    )  # fmt: skip


def _day(text: str) -> date | None:
    if not text:
        return None
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise CellFault("bad_day")
