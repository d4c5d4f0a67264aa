"""The contest of a record: rules, openings, counts, the count made anew, the published result, all against the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.ballot import NONCE_LENGTH, BallotPaper, commitment
from rulebook.canonical import canonical, digest
from rulebook.counting import Outcome, count
from rulebook.dossier import Dossier
from rulebook.rules import Rules, parse
from rulebook.verifying.logs import ReadEntry, ReadLog
from rulebook.verifying.report import Check, Report

RULES, DOSSIER, OPENINGS, OUTCOME, COUNTS, RESULT = FILES = (
    "rules.json", "dossier.json", "openings.json", "outcome.json", "counts.json", "result.json",
)  # fmt: skip
COUNTS_FORMAT, RESULT_FORMAT = "viche/counts/v1", "viche/result/v1"


@dataclass(frozen=True)
class Story:
    """What the logs say about the contest. acts: entries about it, in their order; sealed: ballots by commitment."""

    contest: str
    acts: Sequence[ReadEntry]
    sealed: Mapping[str, ReadEntry]

    def last(self, *kinds: str, **facts: Any) -> ReadEntry:
        """The latest entry of one of the kinds with these facts. Raises LookupError in words."""
        for entry in reversed(self.acts):
            data = entry.document["data"]
            if entry.document.get("kind") in kinds and all(data.get(key) == facts[key] for key in facts):
                return entry
        raise LookupError(f"the log has no entry {' or '.join(kinds)}" + (f" with {facts}" if facts else ""))

    def all(self, kind: str) -> list[ReadEntry]:
        return [entry for entry in self.acts if entry.document.get("kind") == kind]

    @property
    def is_imported(self) -> bool:
        """Whether the election was held elsewhere and its published ballots were taken over."""
        return bool(self.all("BallotsImported")) and not self.all("BoxOpened")


def check_contest(report: Report, contest: str, files: Mapping[str, bytes], logs: Sequence[ReadLog]) -> None:
    """Every check of the contest, each by itself: a fault in one leaves the others."""
    story = _story(report, contest, logs)
    rules = _check_rules(report, story, files)
    openings = _check_openings(report, story, files)
    _check_counts(report, story, files, openings)
    dossier = _check_dossier(report, story, files, rules, openings)
    outcome = _check_count(report, story, files, dossier)
    _check_result(report, story, files, outcome)


def _story(report: Report, contest: str, logs: Sequence[ReadLog]) -> Story:
    acts: list[ReadEntry] = []
    sealed: dict[str, ReadEntry] = {}
    with report.check("entries", "log") as check:
        for log in logs:
            for entry in log.entries:
                subject, kind = entry.document.get("subject"), entry.document.get("kind")
                if subject == f"contest:{contest}":
                    acts.append(entry)
                elif subject == f"ballots:{contest}" and kind == "BallotSealed":
                    mark = entry.document["data"]["commitment"]
                    if mark in sealed:
                        check.wrong(f"the ballot {mark} is in the log twice", entry.file, entry.place)
                    sealed[mark] = entry
        if not acts:
            check.wrong("no log of the record speaks of the contest", "log")
        check.right(f"{len(acts)} about the contest, {len(sealed)} sealed ballots")
    return Story(contest, acts, sealed)


def _document(check: Check, files: Mapping[str, bytes], name: str) -> Any:
    """A JSON file of the record. It stands as its canonical bytes; anything else is a fault."""
    if name not in files:
        raise LookupError("the file is not there")
    document = json.loads(files[name])
    if canonical(document) != files[name]:
        check.wrong("it is not written as canonical JSON (RFC 8785)", name)
    return document


def _check_rules(report: Report, story: Story, files: Mapping[str, bytes]) -> Rules | None:
    rules = None
    with report.check("rules", RULES) as check:
        document = _document(check, files, RULES)
        rules = parse(document)
        frozen = story.last("RulesFrozen", "RulesCorrected")
        if digest(document) != frozen.document["data"]["digest"]:
            check.wrong(f"they are not the rules frozen by {frozen.place} of {frozen.file}", RULES)
        check.right(f"frozen by entry {frozen.index}, hash {digest(document)}")
    return rules


@dataclass(frozen=True)
class Opened:
    """The openings of a record, in their order."""

    marks: Sequence[bytes]
    papers: Sequence[BallotPaper]


def _check_openings(report: Report, story: Story, files: Mapping[str, bytes]) -> Opened | None:
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
            if not is_opened:
                check.wrong(
                    f"ballot and nonce do not give the commitment {mark.hex()}", OPENINGS, f"line {line}"
                )
            if marks and mark <= marks[-1]:
                check.wrong("the openings are not sorted by commitment", OPENINGS, f"line {line}")
            if not story.is_imported and mark.hex() not in story.sealed:
                check.wrong(f"no entry of the log has the commitment {mark.hex()}", OPENINGS, f"line {line}")
            text = canonical(row["ballot"])
            total.update(mark + len(text).to_bytes(4, "big") + text)
            marks.append(mark)
            papers.append(paper)
        missing = sorted(set(story.sealed) - {mark.hex() for mark in marks})
        if missing:
            check.wrong(f"{len(missing)} sealed ballots of the log are not opened", OPENINGS)
        for mark_text in missing:
            entry = story.sealed[mark_text]
            check.wrong(f"the sealed ballot {mark_text} is not opened", entry.file, entry.place)
        said = story.last("BallotsImported" if story.is_imported else "BoxOpened")
        if said.document["data"]["openings"] != total.hexdigest():
            check.wrong(f"they are not the openings that {said.place} of the log speaks of", OPENINGS)
        against = "the log" if story.is_imported else "its commitment and its entry in the log"
        check.right(f"{len(marks)} ballots, each against {against}")
        return Opened(marks, papers)
    return None


def _check_counts(report: Report, story: Story, files: Mapping[str, bytes], opened: Opened | None) -> None:
    with report.check("counts", COUNTS) as check:
        document = _document(check, files, COUNTS)
        if (document["format"], document["contest"]) != (COUNTS_FORMAT, story.contest):
            check.wrong("it is not about this contest", COUNTS)
        number = len(opened.marks) if opened is not None else None
        if story.is_imported:
            if document["envelopes"] is not None or document["marks"]:
                check.wrong("an imported election has neither envelopes nor marks", COUNTS)
            imported = story.last("BallotsImported")
            if number is not None and imported.document["data"]["ballots"] != number:
                check.wrong(f"{imported.place} of the log speaks of another number of ballots", imported.file)
            check.note("the election was held elsewhere: there are no envelopes and no marks to compare")
            check.right(f"{number} ballots taken over from the file {imported.document['data']['file']}")
            return
        marks = [(row["day"], row["channel"], row["marks"]) for row in document["marks"]]
        if any(type(row[2]) is not int or row[2] < 1 for row in marks) or sorted(marks) != marks:
            check.wrong("marks are rows of day, channel and a positive number, in their order", COUNTS)
        total = sum(row[2] for row in marks)
        said = story.last("BoxOpened")
        numbers = {
            "marks by day and channel": total,
            "envelopes": document["envelopes"],
            "sealed ballots in the log": len(story.sealed),
            "openings": number,
            "marks when the box was opened": said.document["data"]["marks"],
            "ballots when the box was opened": said.document["data"]["ballots"],
        }
        if len(set(numbers.values())) != 1:
            check.wrong(", ".join(f"{value} {name}" for name, value in numbers.items()), COUNTS)
        check.right(
            f"{total} marks on {len({row[0] for row in marks})} days, as many envelopes, entries and openings"
        )


def _check_dossier(
    report: Report, story: Story, files: Mapping[str, bytes], rules: Rules | None, opened: Opened | None
) -> Dossier | None:
    dossier = None
    with report.check("dossier", DOSSIER) as check:
        if DOSSIER not in files:
            raise LookupError("the file is not there")
        dossier = Dossier.from_json(files[DOSSIER])
        if dossier.canonical() != files[DOSSIER]:
            check.wrong("it is not written as canonical JSON (RFC 8785)", DOSSIER)
        if dossier.contest != story.contest:
            check.wrong("it is of another contest", DOSSIER)
        if rules is not None and dossier.rules.as_document() != rules.as_document():
            check.wrong("its rules are not the frozen ones", DOSSIER)
        if opened is not None:
            built = Dossier.build(
                contest=story.contest, currency=dossier.currency, scale=dossier.scale, rules=rules or dossier.rules,
                projects=dossier.projects, papers=opened.papers, lot=dossier.lot, decisions=dossier.decisions,
            )  # fmt: skip
            if built.ballots != dossier.ballots:
                check.wrong("its ballots are not those of the openings", DOSSIER)
        _check_ties(check, story, dossier)
        check.right(f"{dossier.voters} ballots, {len(dossier.projects)} projects, hash {dossier.digest}")
    return dossier


def _check_ties(check: Check, story: Story, dossier: Dossier) -> None:
    """The lot was committed to before the first ballot, and the commission's decisions are those of the log."""
    decided = [list(entry.document["data"]["order"]) for entry in story.all("TieDecided")]
    if decided != [list(order) for order in dossier.decisions]:
        check.wrong("the commission's decisions of ties are not those of the log", DOSSIER)
    if dossier.lot is None:
        return
    committed = story.last("LotCommitted", commitment=dossier.lot.commitment)
    early = [
        entry for entry in story.sealed.values() if entry.file.split("/")[1] == committed.file.split("/")[1]
    ]
    if any(entry.index < committed.index for entry in early):
        check.wrong("a ballot is in the log before the lot was committed to", committed.file, committed.place)


def _check_count(
    report: Report, story: Story, files: Mapping[str, bytes], dossier: Dossier | None
) -> Outcome | None:
    outcome = None
    with report.check("count", OUTCOME) as check:
        document = _document(check, files, OUTCOME)
        if dossier is None:
            raise ValueError("without a dossier nothing can be counted")
        outcome = count(dossier)
        counted = outcome.document()
        differing = [
            key for key in sorted({*counted, *document})
            if key not in counted or key not in document or digest(document[key]) != digest(counted[key])
        ]  # fmt: skip
        if differing:
            check.wrong(f"counted anew, it differs in: {', '.join(differing)}", OUTCOME)
        published = story.last("ResultPublished")
        run = story.last("CountRun", number=published.document["data"]["number"])
        said = run.document["data"]
        if (said["dossier"], said["outcome"]) != (outcome.dossier, outcome.digest):
            check.wrong("it is not the count that the log speaks of", run.file, run.place)
        invalid = sum(outcome.invalid.values())
        set_aside = (
            f", {invalid} not valid under the rules are set aside"
            if invalid
            else ", all valid under the rules"
        )
        check.right(
            f"{outcome.rule} counted anew: {outcome.voters} ballots{set_aside}; hash {outcome.digest}"
        )
    return outcome


def _check_result(report: Report, story: Story, files: Mapping[str, bytes], outcome: Outcome | None) -> None:
    with report.check("result", RESULT) as check:
        document = _document(check, files, RESULT)
        if (document["format"], document["contest"]) != (RESULT_FORMAT, story.contest):
            check.wrong("it is not about this contest", RESULT)
        published = story.last("ResultPublished")
        data = published.document["data"]
        said = (document["number"], document["outcome"], len(document["funded"]))
        if said != (data["number"], data["outcome"], data["funded"]):
            check.wrong(f"it is not the result that {published.place} of {published.file} speaks of", RESULT)
        if outcome is not None and (document["outcome"], document["funded"]) != (
            outcome.digest,
            list(outcome.funded),
        ):
            check.wrong("its winners are not those of the count", RESULT)
        certified = [
            entry
            for entry in story.all("ResultCertified")
            if entry.document["data"]["outcome"] == data["outcome"]
        ]
        if document["certifications"] != len(certified):
            check.wrong(f"the log has {len(certified)} certifications of this count", RESULT)
        check.right(
            f"{len(document['funded'])} winning projects, published by entry {published.index}, "
            f"certified by {len(certified)}"
        )
