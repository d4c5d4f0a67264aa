"""Rows of sheets as the box takes them, thousands at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rulebook.rules.vocabulary import PAPER
from viche.ballots.papers import PaperResult, PaperRow
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.reading import ReadRow, SheetReader
from viche.channels.paper.importing.shelf import checked_file
from viche.foundation.tables import Row, open_table
from viche.identity.bulk_eligibility import standings

CHUNK = 2_000


def rows_of(held: PaperImport) -> Iterator[Row]:
    """The rows below the heading, those that are done left out. Refused: as the tables and the shelf say."""
    table = open_table(checked_file(held), sheet=held.sheet)
    begin = max(held.heading, held.position)
    return (row for row in table.rows() if row.number > begin)


def chunks_of(rows: Iterator[Row], size: int = CHUNK) -> Iterator[list[Row]]:
    """The rows in lists of one size; the same lists wherever the reading began after one of them."""
    while chunk := list(islice(rows, size)):
        yield chunk


def box_rows(held: PaperImport, sheets: Sequence[ReadRow]) -> list[PaperRow]:
    """The sheets as put_papers takes them: whoever is named has to have the right to vote."""
    contest = held.contest
    named = [sheet for sheet in sheets if sheet.voter is not None and not sheet.reason]
    found = standings(
        named=[sheet.voter for sheet in named if sheet.voter is not None], community=contest.community,
        rule=contest.rules.voter, moment=held.uploaded_at, channel=PAPER,
    ) if named else []  # fmt: skip
    standing = {sheet.number: each for sheet, each in zip(named, found, strict=True)}
    rows = []
    for sheet in sheets:
        voter = standing.get(sheet.number)
        reason = sheet.reason or ("not-member" if voter is not None and voter.codes else "")
        tokens = voter.tokens if voter is not None and not reason else ()
        place = voter.territory if voter is not None and not reason else ""
        rows.append(PaperRow(sheet.key, None if reason else sheet.paper, reason, sheet.serial, tokens, place))
    return rows


@dataclass
class Seen:
    """What valid sheets of earlier chunks have taken, in little room: numbers as bits, voters by half of a token."""

    numbers: bytearray = field(default_factory=bytearray)
    voters: set[bytes] = field(default_factory=set)

    def judged(self, row: PaperRow, reason: str) -> str:
        """The reason, or what a sheet of an earlier chunk makes it; remembers the row where it is valid."""
        if reason:
            return reason
        if row.serial is not None:
            place, bit = row.serial >> 3, 1 << (row.serial & 7)
            if place >= len(self.numbers):
                self.numbers.extend(bytes(place + 1 - len(self.numbers)))
            if self.numbers[place] & bit:
                return "serial-used"
            self.numbers[place] |= bit
        short = [token[:16] for token in row.tokens]
        if not self.voters.isdisjoint(short):
            return "already-voted"
        self.voters.update(short)
        return ""


def tally(counts: dict[str, object], results: Sequence[PaperResult]) -> dict[str, object]:
    """The counts with these results added: {"valid", "invalid": {reason: number}}."""
    reasons = Counter(each.reason for each in results)
    valid = reasons.pop("", 0)
    before: dict[str, int] = dict(counts.get("invalid", {}))  # type: ignore[call-overload]
    together = {
        reason: before.get(reason, 0) + reasons.get(reason, 0) for reason in sorted({*before, *reasons})
    }
    return {**counts, "valid": int(counts.get("valid", 0)) + valid, "invalid": together}  # type: ignore[call-overload]


def reader_of(held: PaperImport) -> SheetReader:
    """The reader of the file's rows."""
    return SheetReader(held.contest, held.columns)
