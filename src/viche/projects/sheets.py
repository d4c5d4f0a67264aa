"""Reading a support sheet: what a typed number is, and whether two operators have read the same. Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from viche.communities.models import Territory
from viche.projects.models import SheetChoice, SheetEntry, SupportSheet


@dataclass(frozen=True)
class TypedLine:
    """One line as an operator typed it. number: a tax number or a passport's; its repr shows no digit.

    territory: where the sheet says the person lives; None with is_elsewhere for a place outside the community.
    """

    is_unreadable: bool = False
    family_name: str = ""
    given_name: str = ""
    number: str = field(default="", repr=False)
    birth_date: date | None = None
    territory: Territory | None = None
    is_elsewhere: bool = False


def read_alike(one: SheetEntry, other: SheetEntry) -> bool:
    """Whether two operators read a line the same: capitals, spaces and kinds of apostrophe aside."""
    if one.is_unreadable or other.is_unreadable:
        return one.is_unreadable == other.is_unreadable
    return _read(one) == _read(other)


def _read(entry: SheetEntry) -> tuple[object, ...]:
    return (
        _plain(entry.family_name), _plain(entry.given_name), entry.number_kind, bytes(entry.token or b""),
        entry.birth_date, entry.territory_id,
    )  # fmt: skip


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip().casefold()).translate(str.maketrans("’ʼ`", "'''"))


@dataclass(frozen=True)
class Line:
    """One line of a compared sheet. settled: the entry that counts; None while a difference is open."""

    number: int
    first: SheetEntry
    second: SheetEntry
    settled: SheetEntry | None
    choices: tuple[SheetChoice, ...]

    @property
    def differs(self) -> bool:
        return not read_alike(self.first, self.second)

    @property
    def is_same_number(self) -> bool:
        return bytes(self.first.token or b"") == bytes(self.second.token or b"")


def compared_lines(
    sheet: SupportSheet, entries: Iterable[SheetEntry], choices: Iterable[SheetChoice]
) -> list[Line]:
    """Every line of a sheet that was entered twice, with the entry that counts.

    Where two readings differ, a third person decides, by choosing one or by reading the line anew; or the two operators
    agree on one.
    """
    by_turn = {(each.turn, each.line): each for each in entries}
    found = []
    for number in range(1, sheet.lines + 1):
        first, second = by_turn[1, number], by_turn[2, number]
        made = tuple(each for each in choices if each.line == number)
        settled: SheetEntry | None = first if read_alike(first, second) else None
        if settled is None:
            settled = by_turn.get((3, number)) or by_turn.get((_chosen(sheet, made), number))
        found.append(Line(number, first, second, settled, made))
    return found


def _chosen(sheet: SupportSheet, choices: Iterable[SheetChoice]) -> int:
    """The turn that was chosen; 0 where nobody who may has decided."""
    operators = {sheet.first_by_id, sheet.second_by_id}
    own: dict[object, int] = {}
    for each in choices:
        if each.chosen_by_id not in operators:
            return each.turn
        own[each.chosen_by_id] = each.turn
    return next(iter(own.values())) if len(own) == 2 and len(set(own.values())) == 1 else 0
