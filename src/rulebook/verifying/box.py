"""The ballot box of a record: what was opened, what was left out and why, and the numbers, all against the log."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rulebook.ballot import NONCE_LENGTH, BallotPaper, commitment
from rulebook.calendar import kyiv
from rulebook.canonical import canonical
from rulebook.verifying.logs import ReadEntry, ReadLog
from rulebook.verifying.paper import PaperCounts, batches_of, paper_counts
from rulebook.verifying.report import Check, Report
from rulebook.verifying.story import Story, document_in

OPENINGS, COUNTS = "openings.json", "counts.json"
COUNTS_FORMAT = "viche/counts/v1"
REPLACED, WITHDRAWN, TAKEN_BACK = "replaced", "withdrawn", "taken-back"
"""Why a ballot is left out: its voter replaced it by a later one, or took it back; the batch of paper that it came with
was taken back. Every other reason is an annulment's."""

# an entry that was being written while ballots found their places carries a moment a little before theirs
SLACK = timedelta(hours=1)


@dataclass(frozen=True)
class Opened:
    """The openings of a record, in their order."""

    marks: Sequence[bytes]
    papers: Sequence[BallotPaper]


def check_exclusions(report: Report, story: Story) -> Mapping[str, ReadEntry]:
    """Ballots that the log says are not counted, by commitment: each is in the log, and has its reason there."""
    excluded: dict[str, ReadEntry] = {}
    with report.check("exclusions", "log") as check:
        for entry in story.all("BallotExcluded"):
            mark = entry.document["data"]["commitment"]
            if mark in excluded:
                check.wrong(f"the ballot {mark} is left out twice", entry.file, entry.place)
            if mark not in story.sealed:
                check.wrong(
                    f"no sealed ballot of the log is {mark}, which is left out", entry.file, entry.place
                )
            excluded[mark] = entry
        _check_reasons(check, story)
        if excluded:
            check.right(_left_out_text(Counter(entry.document["data"]["why"] for entry in excluded.values())))
    return excluded


def _check_reasons(check: Check, story: Story) -> None:
    """Each ballot is left out by an act of the log, and each such act leaves out as many as it must."""
    confirmed = _annulments(check, story)
    withdrawn = {entry.document["data"]["annulment"]: entry for entry in story.all("BallotWithdrawn")}
    batches = batches_of(story)
    by_batch = batches.expected_out()
    used: Counter[str] = Counter()
    for entry in story.all("BallotExcluded"):
        data = entry.document["data"]
        mark, why, act = data["commitment"], data["why"], data["annulment"]
        used[act] += 1
        if (why == REPLACED) != (act == ""):
            check.wrong(f"the ballot {mark} is left out without a reason", entry.file, entry.place)
        elif why == TAKEN_BACK:
            if act not in by_batch:
                check.wrong(
                    f"no batch that was taken back has this ballot left out: {mark}", entry.file, entry.place
                )
        elif why == WITHDRAWN:
            if act not in withdrawn:
                check.wrong(f"no voter took this ballot back: {mark}", entry.file, entry.place)
        elif act and confirmed.get(act) != why:
            check.wrong(
                f"no annulment of two officials has this ballot left out: {mark}", entry.file, entry.place
            )
        if act and why != TAKEN_BACK and used[act] > 1:
            check.wrong(f"the annulment {act} leaves out two ballots", entry.file, entry.place)
    for entry in story.all("AnnulmentConfirmed"):
        if not used[entry.document["data"]["annulment"]]:
            check.wrong("the ballot of this annulment was not left out", entry.file, entry.place)
    for act, entry in withdrawn.items():
        if not used[act]:
            check.wrong("the ballot that its voter took back was not left out", entry.file, entry.place)
    for batch, number in by_batch.items():
        if used[batch] != number:
            entry = batches.undone[batch]
            text = f"{used[batch]} ballots of the batch {batch} are left out, it has {number}"
            check.wrong(text, entry.file, entry.place)


def _left_out_text(whys: Counter[str]) -> str:
    """How many ballots are left out for what."""
    others = whys.total() - whys[REPLACED] - whys[WITHDRAWN] - whys[TAKEN_BACK]
    text = f"{whys[REPLACED]} ballots replaced by their voters, {others} annulled by two officials"
    text += f", {whys[WITHDRAWN]} taken back by their voters" if whys[WITHDRAWN] else ""
    return text + (f", {whys[TAKEN_BACK]} of paper batches taken back" if whys[TAKEN_BACK] else "")


def _annulments(check: Check, story: Story) -> Mapping[str, str]:
    """Reasons of confirmed annulments by id; each was proposed before, and every proposal was decided."""
    waiting: dict[str, ReadEntry] = {}
    confirmed: dict[str, str] = {}
    for entry in story.acts:
        kind = entry.document.get("kind")
        if kind not in ("AnnulmentProposed", "AnnulmentConfirmed", "AnnulmentDeclined"):
            continue
        data = entry.document["data"]
        if kind == "AnnulmentProposed":
            waiting[data["annulment"]] = entry
            continue
        proposed = waiting.pop(data["annulment"], None)
        if proposed is None:
            check.wrong("an annulment is decided that nobody had proposed", entry.file, entry.place)
        elif _official(proposed) is None or _official(proposed) == _official(entry):
            check.wrong("one official both proposed and decided an annulment", entry.file, entry.place)
        if kind == "AnnulmentConfirmed":
            confirmed[data["annulment"]] = data["why"]
    for entry in waiting.values():
        check.wrong("a ballot in quarantine was never decided about", entry.file, entry.place)
    return confirmed


def _official(entry: ReadEntry) -> object:
    return entry.document.get("by")


def check_openings(
    report: Report, story: Story, files: Mapping[str, bytes], excluded: Mapping[str, ReadEntry]
) -> Opened | None:
    """Every opening against its commitment and its entry; every entry has an opening, or the reason why not."""
    with report.check("openings", OPENINGS) as check:
        if OPENINGS not in files:
            raise LookupError("the file is not there")
        marks: list[bytes] = []
        papers: list[BallotPaper] = []
        total = hashlib.sha256()
        for line, row in enumerate(json.loads(files[OPENINGS]), start=1):
            try:
                mark, nonce = bytes.fromhex(row["commitment"]), bytes.fromhex(row["nonce"])
                paper = BallotPaper.from_document(row["ballot"])
                if len(nonce) != NONCE_LENGTH or set(row) != {"ballot", "commitment", "nonce"}:
                    raise ValueError("an opening has a ballot, its commitment and a nonce of 32 bytes")
                is_opened = commitment(story.contest, paper, nonce) == mark
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                check.wrong(f"it is no opening: {error}"[:200], OPENINGS, f"line {line}")
                continue
            place = f"line {line}"
            if not is_opened:
                check.wrong(f"ballot and nonce do not give the commitment {mark.hex()}", OPENINGS, place)
            if marks and mark <= marks[-1]:
                check.wrong("the openings are not sorted by commitment", OPENINGS, place)
            if not story.is_imported and mark.hex() not in story.sealed:
                check.wrong(f"no entry of the log has the commitment {mark.hex()}", OPENINGS, place)
            if mark.hex() in excluded:
                leaving = excluded[mark.hex()].place
                check.wrong(
                    f"the ballot {mark.hex()} is opened, and {leaving} leaves it out", OPENINGS, place
                )
            text = canonical(row["ballot"])
            total.update(mark + len(text).to_bytes(4, "big") + text)
            marks.append(mark)
            papers.append(paper)
        missing = sorted(set(story.sealed) - {mark.hex() for mark in marks} - set(excluded))
        if missing:
            check.wrong(f"{len(missing)} sealed ballots of the log are neither opened nor left out", OPENINGS)
        for mark_text in missing:
            entry = story.sealed[mark_text]
            check.wrong(
                f"the sealed ballot {mark_text} is not opened, and nothing says why", entry.file, entry.place
            )
        said = story.last("BallotsImported" if story.is_imported else "BoxOpened")
        if said.document["data"]["openings"] != total.hexdigest():
            check.wrong(f"they are not the openings that {said.place} of the log speaks of", OPENINGS)
        against = "the log" if story.is_imported else "its commitment and its entry in the log"
        check.right(f"{len(marks)} ballots, each against {against}")
        return Opened(marks, papers)
    return None


def check_counts(
    report: Report, story: Story, files: Mapping[str, bytes], opened: Opened | None, logs: Sequence[ReadLog]
) -> None:
    """Marks, envelopes, entries and openings: the numbers of counts.json, of the log and of the files are the same."""
    with report.check("counts", COUNTS) as check:
        document = document_in(check, files, COUNTS)
        if (document["format"], document["contest"]) != (COUNTS_FORMAT, story.contest):
            check.wrong("it is not about this contest", COUNTS)
        number = len(opened.marks) if opened is not None else None
        withdrawn, paper = document.get("withdrawn", 0), paper_counts(document)
        numbers = (document["envelopes"], document["replaced"], document["annulled"], withdrawn)
        if story.is_imported:
            if numbers != (None, 0, 0, 0) or document["marks"] or "paper" in document:
                check.wrong("an imported election has neither envelopes nor marks", COUNTS)
            imported = story.last("BallotsImported")
            if number is not None and imported.document["data"]["ballots"] != number:
                check.wrong(f"{imported.place} of the log speaks of another number of ballots", imported.file)
            check.note("the election was held elsewhere: there are no envelopes and no marks to compare")
            check.right(f"{number} ballots taken over from the file {imported.document['data']['file']}")
            return
        rows = [(row["day"], row["channel"], row["marks"]) for row in document["marks"]]
        if any(type(row[2]) is not int or row[2] < 1 for row in rows) or sorted(rows) != rows:
            check.wrong("marks are rows of day, channel and a positive number, in their order", COUNTS)
        if any(type(each) is not int or each < 0 for each in numbers):
            check.wrong("envelopes, replaced, annulled and withdrawn are numbers of ballots", COUNTS)
            return
        total = sum(row[2] for row in rows)
        _compare(check, story, document, number, total)
        _check_days(check, story, logs, rows, document["replaced"] + paper.taken_back)
        envelopes, replaced, annulled, _ = numbers
        more = f", {withdrawn} taken back by their voters" if withdrawn else ""
        more += f", {paper.taken_back} of paper batches taken back" if paper.taken_back else ""
        check.right(
            f"{total} marks on {len({row[0] for row in rows})} days; {envelopes} envelopes, as many as entries: "
            f"{number} opened, {replaced} replaced, {annulled} annulled{more}"
        )


def _compare(check: Check, story: Story, document: Mapping[str, Any], number: int | None, total: int) -> None:
    """Every number against the others.

    Each mark has one envelope, but that of a numbered sheet: it comes when the sheet is entered. An envelope without a
    mark was replaced, or came with a sheet whose batch was taken back.
    """
    said = story.last("BoxOpened").document["data"]
    whys = Counter(entry.document["data"]["why"] for entry in story.all("BallotExcluded"))
    by_two = whys.total() - whys[REPLACED] - whys[WITHDRAWN] - whys[TAKEN_BACK]
    replaced, annulled, withdrawn = document["replaced"], document["annulled"], document.get("withdrawn", 0)
    paper = paper_counts(document)
    left_out = replaced + annulled + withdrawn + paper.taken_back
    on_paper = ", paper reckoned in" if paper != PaperCounts() else ""
    marked = {"marks when the box was opened": said["marks"]}
    if not on_paper:
        marked = {"openings": number, **marked}
    equal: tuple[tuple[str, int, Mapping[str, int | None]], ...] = (
        ("replaced ballots", replaced, {"the log": whys[REPLACED], "the opening": said["replaced"]}),
        ("annulled ballots", annulled, {"the log": by_two, "the opening": said["annulled"]}),
        ("ballots taken back by their voters", withdrawn, {
            "the log": whys[WITHDRAWN], "the opening": said.get("withdrawn", 0),
        }),
        ("ballots of paper batches taken back", paper.taken_back, {
            "the log": whys[TAKEN_BACK], "the opening": said.get("taken_back", 0),
        }),
        ("envelopes", document["envelopes"], {
            "sealed ballots in the log": len(story.sealed),
            f"marks and replaced ballots{on_paper}": total + replaced + paper.beyond_marks,
        }),
        ("marks that count", total - annulled - withdrawn, marked),
        ("envelopes that count", document["envelopes"] - left_out, {
            "openings": number, "ballots when the box was opened": said["ballots"],
        }),
    )  # fmt: skip
    for name, value, others in equal:
        differing = [f"{other} {where}" for where, other in others.items() if other != value]
        if differing:
            check.wrong(f"{value} {name}, but {', '.join(differing)}", COUNTS)


def _check_days(
    check: Check, story: Story, logs: Sequence[ReadLog], rows: Sequence[tuple[str, str, int]], unmarked: int
) -> None:
    """On no day the log held more sealed ballots than voters had marked by then.

    unmarked: how many have no mark of their own any more, because they were replaced or taken back on paper.
    Ballots carry no time; the entries behind them do.
    """
    subject = f"ballots:{story.contest}"
    for log in logs:
        found = 0
        said: dict[str, tuple[int, ReadEntry]] = {}
        for entry, day in _dated(log.entries):
            found += entry.document.get("subject") == subject
            if day is not None:
                said[day] = (found, entry)
        for day, (ballots, entry) in said.items():
            by_then = sum(marks for marked, _channel, marks in rows if marked <= day)
            if ballots > by_then + unmarked:
                check.wrong(
                    f"{ballots} ballots were in the log by {day}, {entry.place} of {entry.file} shows, and only "
                    f"{by_then} marks are of that day or earlier",
                    COUNTS,
                )


def _dated(entries: Sequence[ReadEntry]) -> Iterator[tuple[ReadEntry, str | None]]:
    """Entries with the day in Kyiv that those before them are surely not after; None where nothing tells it."""
    latest: datetime | None = None
    for entry in entries:
        text = entry.document.get("at")
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        if moment is None or (latest is not None and moment < latest):
            yield entry, None
            continue
        latest = moment
        yield entry, (moment + SLACK).astimezone(kyiv()).date().isoformat()
