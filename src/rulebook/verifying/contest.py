"""The contest of a record: rules, the count made anew, the published result, all against the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rulebook.canonical import digest
from rulebook.counting import Outcome, count
from rulebook.dossier import Dossier
from rulebook.rules import Rules, parse
from rulebook.verifying.box import (
    COUNTS,
    COUNTS_FORMAT,
    OPENINGS,
    Opened,
    check_counts,
    check_exclusions,
    check_openings,
)
from rulebook.verifying.logs import ReadLog
from rulebook.verifying.paper import check_paper
from rulebook.verifying.report import Check, Report
from rulebook.verifying.story import Story, document_in, read_story

__all__ = [
    "COUNTS", "COUNTS_FORMAT", "DOSSIER", "FILES", "OPENINGS", "OUTCOME", "RESULT", "RESULT_FORMAT", "RULES",
    "check_contest",
]  # fmt: skip

RULES, DOSSIER, OUTCOME, RESULT = "rules.json", "dossier.json", "outcome.json", "result.json"
FILES = (RULES, DOSSIER, OPENINGS, OUTCOME, COUNTS, RESULT)
RESULT_FORMAT = "viche/result/v1"


def check_contest(report: Report, contest: str, files: Mapping[str, bytes], logs: Sequence[ReadLog]) -> None:
    """Every check of the contest, each by itself: a fault in one leaves the others."""
    story = read_story(report, contest, logs)
    rules = _check_rules(report, story, files)
    excluded = check_exclusions(report, story)
    openings = check_openings(report, story, files, excluded)
    check_counts(report, story, files, openings, logs)
    dossier = _check_dossier(report, story, files, rules, openings)
    check_paper(report, story, rules, _counts_in(files), dossier, file=COUNTS)
    outcome = _check_count(report, story, files, dossier)
    _check_result(report, story, files, outcome)


def _counts_in(files: Mapping[str, bytes]) -> Mapping[str, Any] | None:
    """The document of counts.json; None where it is none: its own check says so."""
    try:
        document = json.loads(files[COUNTS])
    except (LookupError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _check_rules(report: Report, story: Story, files: Mapping[str, bytes]) -> Rules | None:
    rules = None
    with report.check("rules", RULES) as check:
        document = document_in(check, files, RULES)
        rules = parse(document)
        frozen = story.last("RulesFrozen", "RulesCorrected")
        if digest(document) != frozen.document["data"]["digest"]:
            check.wrong(f"they are not the rules frozen by {frozen.place} of {frozen.file}", RULES)
        check.right(f"frozen by entry {frozen.index}, hash {digest(document)}")
    return rules


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
                protocols=dossier.protocols,
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
        document = document_in(check, files, OUTCOME)
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
        document = document_in(check, files, RESULT)
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
