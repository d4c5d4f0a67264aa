"""A file of points' protocols: each point's numbers and votes gathered from its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from viche.channels.paper.importing.columns import NUMBERS, PROJECT
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.reading import Found, ReadRow
from viche.channels.paper.importing.sheets import rows_of
from viche.channels.paper.readings import ballot_lines
from viche.communities.codifier import search_form
from viche.foundation.refused import Refused
from viche.foundation.tables import CellFault, Row, whole_number
from viche.points.queries import points_in

MOST_ROWS = 50_000


@dataclass
class Protocol:
    """What one point's protocol says. row: the first of its rows."""

    name: str
    point: UUID | None
    row: int
    numbers: dict[str, int] = field(default_factory=dict)
    votes: dict[str, int] = field(default_factory=dict)


def read_totals(held: PaperImport) -> tuple[list[Protocol], list[ReadRow]]:
    """The protocols of the file in order, and its rows with what is wrong with them. Refused: too_many_rows."""
    reader = TotalsReader(held)
    rows = []
    for row in rows_of(held):
        rows.append(reader.read(row))
        if len(rows) > MOST_ROWS:
            raise Refused(
                "too_many_rows", _("More rows than protocols of points can have: is this the right file?")
            )
    reader.end({row.number: row for row in rows})
    return list(reader.protocols.values()), rows


class TotalsReader:
    """Reads rows of protocols: one row a point with a column a project, or one row a point and project."""

    def __init__(self, held: PaperImport) -> None:
        contest = held.contest
        self.codes = {str(number): code for number, (code, _title) in ballot_lines(contest).items()}
        self.places = {name: int(place) for place, name in held.columns.items()}
        self.points = {search_form(point.name): point for point in points_in(held.community)}
        self.chosen, self.name = held.point, held.name
        self.protocols: dict[str, Protocol] = {}
        self.most = contest.rules.ballot

    def read(self, row: Row) -> ReadRow:
        """What a row adds to its point."""
        said = ReadRow(row.number)
        for place, odd in sorted(row.odd.items()):
            if place in self.places.values():
                said.found.append(Found(place, odd.value))
        protocol = self._protocol(row, said)
        if protocol is None or said.is_faulty:
            return said
        for name in NUMBERS:
            self._number(row, said, protocol.numbers, name, name, is_first=protocol.row == row.number)
        if "project" in self.places:
            self._long(row, said, protocol)
        for name in self.places:
            if name.startswith(PROJECT):
                code = self.codes.get(name.removeprefix(PROJECT))
                if code is not None:
                    self._votes(row, said, protocol, code, name)
        return said

    def end(self, rows: Mapping[int, ReadRow]) -> None:
        """What only shows once all rows of a point are read."""
        for each in self.protocols.values():
            if "valid" not in each.numbers:
                continue
            valid, votes = each.numbers["valid"], each.votes.values()
            if self.most.kind == "points":
                limit = self.most.max_points
            else:
                limit = min(self.most.choice_limit or len(self.codes), len(self.codes))
            over = limit is not None and sum(votes) > limit * valid
            if over or (self.most.kind != "points" and any(number > valid for number in votes)):
                rows[each.row].found.append(Found(None, "too_many_votes"))

    def _protocol(self, row: Row, said: ReadRow) -> Protocol | None:
        place = self.places.get("point")
        text = row.cell(place) if place is not None else ""
        if place is not None and not text:
            said.found.append(Found(place, "no_point"))
            return None
        point = self.points.get(search_form(text)) if text else None
        if text and point is None:
            said.found.append(Found(place, "unknown_point"))
            return None
        reference = point.id if point is not None else self.chosen
        key, name = str(reference or ""), point.name if point is not None else self.name
        return self.protocols.setdefault(key, Protocol(name, reference, row.number))

    def _number(
        self, row: Row, said: ReadRow, into: dict[str, int], name: str, key: str, *, is_first: bool
    ) -> None:
        """A number of the protocol: needed in the first row of its point, the same or nothing in the others."""
        place = self.places.get(name)
        if place is None:
            into.setdefault(key, 0)
            return
        text = row.cell(place)
        if not text and not is_first:
            return
        try:
            number = whole_number(text)
        except CellFault as fault:
            said.found.append(Found(place, fault.code))
            return
        if into.setdefault(key, number) != number:
            said.found.append(Found(place, "numbers_differ"))

    def _long(self, row: Row, said: ReadRow, protocol: Protocol) -> None:
        place = self.places["project"]
        try:
            number = str(whole_number(row.cell(place)))
        except CellFault as fault:
            said.found.append(Found(place, fault.code))
            return
        code = self.codes.get(number)
        if code is None:
            said.found.append(Found(place, "unknown_project", number[:6]))
            return
        self._votes(row, said, protocol, code, "votes")

    def _votes(self, row: Row, said: ReadRow, protocol: Protocol, code: str, name: str) -> None:
        place = self.places[name]
        if code in protocol.votes:
            number = next((each for each, known in self.codes.items() if known == code), "")
            said.found.append(Found(place, "votes_twice", number))
            return
        try:
            protocol.votes[code] = whole_number(row.cell(place) or "0")
        except CellFault as fault:
            said.found.append(Found(place, fault.code))
