"""Contradictions about the steps of a procedure: check of form, edits, questions, signatures, opinions, appeals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import Question
from rulebook.rules.vocabulary import CHECKS, REJECT, UNTIL_PUBLISHED, UNTIL_SUPPORTED


def found(rules: Rules) -> Iterator[Problem]:
    """What the steps of the procedure say against themselves."""
    yield from _check(rules)
    yield from _questions(rules.submission.questions)
    yield from _signatures(rules)
    yield from _opinions(rules)
    yield from _appeal(rules)
    if rules.implementation is not None and rules.implementation.stall_days == 0:
        yield Problem("/implementation/stall_days", "no_days")


def _check(rules: Rules) -> Iterator[Problem]:
    check, edits = rules.submission.check, rules.submission.edits
    if check is not None and check.days == 0:
        yield Problem("/submission/check/days", "no_days")
    if check is not None and check.publish_silent and check.days is None:
        yield Problem("/submission/check/publish_silent", "publication_without_days")
    # what is published at once was never there to be edited before
    if edits == UNTIL_PUBLISHED and check is None:
        yield Problem("/submission/edits", "edits_without_check")
    if edits == UNTIL_SUPPORTED and rules.support is None:
        yield Problem("/submission/edits", "edits_without_support")


def _questions(questions: Iterable[Question]) -> Iterator[Problem]:
    questions = tuple(questions)
    yield from _repeated("/submission/questions", (each.id for each in questions))
    for index, question in enumerate(questions):
        path = f"/submission/questions/{index}"
        name: dict[str, object] = {"question": question.id}
        if question.kind != "choice":
            if question.options:
                yield Problem(f"{path}/options", "options_of_no_choice", name)
            continue
        yield from _repeated(f"{path}/options", (each.id for each in question.options))
        if not question.options:
            yield Problem(f"{path}/options", "choice_without_options", name)
        elif len(question.options) == 1:
            yield Problem(f"{path}/options", "choice_of_one", name)


def _repeated(path: str, ids: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, entry in enumerate(ids):
        if entry in seen:
            yield Problem(f"{path}/{index}/id", "repeated", {"value": entry})
        seen.add(entry)


def _signatures(rules: Rules) -> Iterator[Problem]:
    support = rules.support
    if support is None:
        return
    if support.e_signature == "required" and support.ways:
        if "online" not in support.ways:
            yield Problem("/support/e_signature", "e_signature_on_paper")
        elif "paper" in support.ways:
            yield Problem("/support/e_signature", "paper_without_e_signature")
    published = rules.publication
    if support.signatories != "number" and published is not None and "support" not in published.what:
        yield Problem("/support/signatories", "signatories_not_published")


def _opinions(rules: Rules) -> Iterator[Problem]:
    for index, stage in enumerate(rules.review):
        if stage.quorum == 0:
            yield Problem(f"/review/{index}/quorum", "quorum_of_nobody", {"stage": stage.id})
    if rules.review and all(stage.checks for stage in rules.review):
        asked = {check for stage in rules.review for check in stage.checks}
        left = tuple(check for check in CHECKS if check not in asked)
        if left:
            yield Problem("/review", "checks_left_out", {"checks": left})


def _appeal(rules: Rules) -> Iterator[Problem]:
    appeal = rules.appeal
    if appeal is None:
        return
    for name in ("days", "decision_days"):
        if getattr(appeal, name) == 0:
            yield Problem(f"/appeal/{name}", "no_days")
    refuses = any(
        REJECT in stage.outcomes or stage.reject_silent or stage.reject_refusal for stage in rules.review
    )
    if rules.review and not refuses and rules.submission.check is None:
        yield Problem("/appeal", "nothing_to_appeal")
