"""Paper in a record: the batches that the log tells of, and the numbers of envelopes and protocols against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.dossier import Dossier
from rulebook.protocols import Protocol
from rulebook.rules import Rules
from rulebook.rules.vocabulary import PAPER, TOTALS
from rulebook.verifying.logs import ReadEntry
from rulebook.verifying.report import Check, Report
from rulebook.verifying.story import Story

ENTERED, UNDONE = "PaperBatchEntered", "PaperBatchUndone"
KINDS = ("entry", "import", TOTALS)
NUMBERS = ("given_out", "entered", "named_taken_back", "taken_back")


@dataclass(frozen=True)
class PaperCounts:
    """What counts.json says of paper.

    ``given_out``: marks of numbered sheets, which have no envelope of their own. ``entered``: envelopes of numbered
    sheets, those taken back too. ``named_taken_back``: envelopes of sheets with names whose marks are gone with their
    batch. ``taken_back``: all envelopes of batches that were taken back.
    """

    given_out: int = 0
    entered: int = 0
    named_taken_back: int = 0
    taken_back: int = 0

    @property
    def numbered(self) -> int:
        """Envelopes of numbered sheets that count."""
        return self.entered - (self.taken_back - self.named_taken_back)

    @property
    def beyond_marks(self) -> int:
        """How many more envelopes there are than marks, for paper alone; below zero where there are fewer."""
        return self.entered + self.named_taken_back - self.given_out


def paper_counts(document: Mapping[str, Any]) -> PaperCounts:
    """The numbers of a counts.json; all 0 where it says nothing of paper. Raises ValueError for any other shape."""
    if "paper" not in document:
        return PaperCounts()
    said = document["paper"]
    if set(said) != set(NUMBERS) or any(type(number) is not int or number < 0 for number in said.values()):
        raise ValueError(f"paper has the numbers {', '.join(NUMBERS)}")
    return PaperCounts(**said)


@dataclass(frozen=True)
class Batches:
    """The batches of paper that the log speaks of, by their ids, and those of them that were taken back."""

    entered: Mapping[str, ReadEntry]
    undone: Mapping[str, ReadEntry]

    def valid(self, *, is_undone: bool = False) -> int:
        """Ballots in the box by the batches of single sheets that count, or that were taken back."""
        return sum(data["valid"] for batch, data in self._data(is_undone=is_undone) if data["kind"] != TOTALS)

    def protocols(self) -> tuple[Protocol, ...]:
        """The protocols of totals that count."""
        found = [
            Protocol.of(batch, data["valid"], data["votes"].items())
            for batch, data in self._data(is_undone=False)
            if data["kind"] == TOTALS
        ]
        return tuple(sorted(found))

    def expected_out(self) -> Mapping[str, int]:
        """How many ballots of each batch that was taken back are to be left out."""
        data = {batch: self.entered[batch].document["data"] for batch in self.undone if batch in self.entered}
        return {batch: 0 if each["kind"] == TOTALS else each["valid"] for batch, each in data.items()}

    def _data(self, *, is_undone: bool) -> Sequence[tuple[str, Mapping[str, Any]]]:
        return [
            (batch, entry.document["data"])
            for batch, entry in self.entered.items()
            if (batch in self.undone) == is_undone
        ]


def batches_of(story: Story) -> Batches:
    """The batches as the log has them; of two entries of one batch the first."""
    entered: dict[str, ReadEntry] = {}
    undone: dict[str, ReadEntry] = {}
    for kind, found in ((ENTERED, entered), (UNDONE, undone)):
        for entry in story.all(kind):
            found.setdefault(entry.document["data"]["batch"], entry)
    return Batches(entered, undone)


def check_paper(
    report: Report, story: Story, rules: Rules | None, document: Mapping[str, Any] | None, dossier: Dossier | None,
    *, file: str,
) -> None:  # fmt: skip
    """Batches, given-out ballots and envelopes of paper against each other; protocols of the log and of the dossier.

    document: counts.json, which ``file`` names. Where nobody voted on paper, nothing is said.
    """
    said = (story.all(ENTERED), story.all(UNDONE), "paper" in (document or {}), dossier and dossier.protocols)
    if not any(said):
        return
    with report.check("paper", file) as check:
        batches = batches_of(story)
        _check_batches(check, story, batches, rules)
        if document is not None:
            if "paper" not in document:
                check.wrong("the log speaks of paper ballots, and it says nothing of paper", file)
            counts = paper_counts(document)
            marks = sum(row["marks"] for row in document["marks"] if row["channel"] == PAPER)
            is_named = rules.paper.is_named if rules is not None else counts.given_out == 0
            for fault in _faults(batches, counts, marks, is_named=is_named):
                check.wrong(fault, file)
            _check_ballots(check, batches, counts, file)
        protocols = batches.protocols()
        if dossier is not None and dossier.protocols != protocols:
            check.wrong("the protocols of the dossier are not those of the log", "dossier.json")
        on_protocols = sum(each.ballots for each in protocols)
        check.right(
            f"{len(batches.entered)} batches, {len(batches.undone)} of them taken back; {batches.valid()} ballots from "
            f"single sheets, {on_protocols} on {len(protocols)} protocols"
        )


def _check_batches(check: Check, story: Story, batches: Batches, rules: Rules | None) -> None:
    """Each batch was entered once, as the rules let paper in, and taken back once at most, as it was entered."""
    is_totals = rules is not None and rules.paper.mode == TOTALS
    for entry in story.all(ENTERED):
        data = entry.document["data"]
        if batches.entered[data["batch"]] is not entry:
            check.wrong(f"the batch {data['batch']} is entered twice", entry.file, entry.place)
        if data["kind"] not in KINDS or (rules is not None and (data["kind"] == TOTALS) != is_totals):
            check.wrong(f"the rules let in no batch of the kind {data['kind']!r}", entry.file, entry.place)
        if any(type(data[name]) is not int or data[name] < 0 for name in ("valid", "invalid")):
            check.wrong("valid and invalid are numbers of sheets", entry.file, entry.place)
    order = {id(entry): place for place, entry in enumerate(story.acts)}
    for entry in story.all(UNDONE):
        data = entry.document["data"]
        before = batches.entered.get(data["batch"])
        if before is None or order[id(before)] > order[id(entry)]:
            check.wrong("a batch is taken back that was not entered", entry.file, entry.place)
        elif batches.undone[data["batch"]] is not entry:
            check.wrong(f"the batch {data['batch']} is taken back twice", entry.file, entry.place)
        elif data["valid"] != before.document["data"]["valid"]:
            said = before.document["data"]["valid"]
            check.wrong(
                f"{data['valid']} ballots are taken back, {before.place} entered {said}",
                entry.file,
                entry.place,
            )


def _faults(batches: Batches, counts: PaperCounts, marks: int, *, is_named: bool) -> Sequence[str]:
    """Where the numbers of counts.json are not those of the log. marks: of voters on paper."""
    valid, undone = batches.valid(), batches.valid(is_undone=True)
    found = []
    if counts.taken_back != undone:
        found.append(
            f"{counts.taken_back} paper ballots are taken back, and {undone} by the batches of the log"
        )
    if is_named:
        if counts.given_out or counts.entered:
            found.append("numbered sheets, and by the rules sheets carry names")
        if counts.named_taken_back != counts.taken_back:
            found.append("sheets that were taken back carry no names, and by the rules all do")
        if marks != valid:
            found.append(
                f"{marks} voters are marked on paper, and {valid} ballots are in the batches of the log"
            )
        return found
    if counts.named_taken_back:
        found.append("sheets with names, and by the rules sheets are numbered")
    if counts.numbered != valid:
        found.append(
            f"{counts.numbered} numbered sheets are in the box, and {valid} in the batches of the log"
        )
    if counts.given_out > marks:
        found.append(f"{counts.given_out} sheets are given out, and {marks} voters are marked on paper")
    return found


def _check_ballots(check: Check, batches: Batches, counts: PaperCounts, file: str) -> None:
    """No more numbered ballots than were given out. Of those on protocols a list on paper may have been kept."""
    if counts.numbered > counts.given_out:
        check.wrong(f"{counts.numbered} numbered sheets count, and {counts.given_out} were given out", file)
        return
    together = counts.numbered + sum(each.ballots for each in batches.protocols())
    if together <= counts.given_out:
        return
    check.note(
        f"{together} ballots count by sheets and protocols, and {counts.given_out} were given out to voters who are "
        "marked: that the others have not voted elsewhere too, only the lists of the polling points can show"
    )
