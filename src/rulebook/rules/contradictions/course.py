"""Contradictions about the course of a contest: submission, support, review, extensions, approval."""

from __future__ import annotations

from collections.abc import Iterator

from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import WHOLE, ReviewStage
from rulebook.rules.vocabulary import ADMIT, ADMIT_WITH_CORRECTION, REJECT, RETURN

YEAR = 365


def found(rules: Rules) -> Iterator[Problem]:
    """What the course of the contest says against itself."""
    yield from _submission(rules)
    yield from _support(rules)
    yield from _review(rules)
    yield from _extension(rules)
    yield from _after(rules)


def _submission(rules: Rules) -> Iterator[Problem]:
    asked = rules.submission
    classes = {entry.id for entry in rules.size_classes}
    most = rules.author_max_projects
    if most == 0:
        yield Problem("/author_max_projects", "limit_zero")
    for entry, limit in asked.max_per_class.items():
        path = f"/submission/max_per_class/{entry}"
        if entry not in classes:
            yield Problem(path, "unknown_class", {"class": entry})
        if limit == 0:
            yield Problem(path, "limit_zero")
        if most is not None and limit > most:
            yield Problem(path, "limit_above_overall", {"limit": limit, "overall": most})
    if most and classes and classes <= set(asked.max_per_class):
        reachable = sum(asked.max_per_class[entry] for entry in classes)
        if most > reachable:
            params = {"limit": most, "reachable": reachable}
            yield Problem("/author_max_projects", "limit_out_of_reach", params)
    if asked.max_team == 0:
        yield Problem("/submission/max_team", "limit_zero")
    if asked.reserve_share >= WHOLE:
        yield Problem("/submission/reserve_share", "reserve_takes_all")
    known = {entry.id for entry in rules.categories}
    for index, category in enumerate(asked.categories):
        if category not in known:
            path = f"/submission/categories/{index}"
            yield Problem(path, "unknown_category", {"category": category})


def _support(rules: Rules) -> Iterator[Problem]:
    support = rules.support
    if support is None:
        return
    classes = {entry.id for entry in rules.size_classes}
    for entry in support.threshold:
        if entry != "*" and entry not in classes:
            yield Problem(f"/support/threshold/{entry}", "unknown_class", {"class": entry})
    if not any(support.threshold.values()):
        yield Problem("/support/threshold", "support_of_nobody")
    else:
        for entry in sorted(classes):
            if support.needed(entry) == 0:
                yield Problem("/support/threshold", "class_without_support", {"class": entry})
    if support.author_counts and 1 in support.threshold.values():
        yield Problem("/support/author_counts", "author_alone_is_enough")
    if support.days == 0:
        needed = max(support.threshold.values(), default=0)
        yield Problem("/support/days", "no_days_for_support", {"needed": needed})
    if not support.ways:
        yield Problem("/support/ways", "no_way_to_support")
    if support.max_per_person == 0:
        yield Problem("/support/max_per_person", "limit_zero")


def _review(rules: Rules) -> Iterator[Problem]:
    for index, stage in enumerate(rules.review):
        yield from _stage(f"/review/{index}", stage)
    if rules.review and not any(REJECT in stage.outcomes for stage in rules.review):
        yield Problem("/review", "nothing_rejected")
    days = sum(stage.days or 0 for stage in rules.review)
    if days > YEAR:
        yield Problem("/review", "review_longer_than_year", {"days": days})


def _stage(path: str, stage: ReviewStage) -> Iterator[Problem]:
    outcomes = set(stage.outcomes)
    if stage.days == 0:
        yield Problem(f"{path}/days", "no_days")
    if not outcomes & {ADMIT, ADMIT_WITH_CORRECTION}:
        yield Problem(f"{path}/outcomes", "nobody_admitted", {"stage": stage.id})
    if outcomes & {RETURN, ADMIT_WITH_CORRECTION}:
        if stage.correction_days is None:
            yield Problem(f"{path}/correction_days", "correction_without_days", {"stage": stage.id})
        elif stage.correction_days == 0:
            yield Problem(f"{path}/correction_days", "no_days")
        elif stage.days and stage.correction_days >= stage.days:
            params = {"stage": stage.id, "days": stage.days, "correction": stage.correction_days}
            yield Problem(f"{path}/correction_days", "correction_longer_than_stage", params)
        if stage.reject_silent and stage.correction_days is None:
            yield Problem(f"{path}/reject_silent", "silence_without_days", {"stage": stage.id})
    else:
        for name in ("correction_days", "reject_silent", "reject_refusal"):
            if getattr(stage, name) not in (None, False):
                yield Problem(f"{path}/{name}", "nothing_to_correct", {"stage": stage.id})


def _extension(rules: Rules) -> Iterator[Problem]:
    extension = rules.extension
    if extension is None:
        return
    if extension.times == 0 and (extension.days is not None or extension.phases):
        yield Problem("/extension/times", "never_extended")
    elif extension.days == 0:
        yield Problem("/extension/days", "no_days")
    if "support" in extension.phases and rules.support is None:
        yield Problem("/extension/phases", "no_support_to_extend")


def _after(rules: Rules) -> Iterator[Problem]:
    for index, step in enumerate(rules.approval):
        if step.days == 0:
            yield Problem(f"/approval/{index}/days", "no_days")
    publication = rules.publication
    if publication is None:
        return
    if publication.years == 0:
        yield Problem("/publication/years", "published_for_no_time")
    if not publication.what:
        yield Problem("/publication/what", "nothing_published")
    elif "results" not in publication.what:
        yield Problem("/publication/what", "results_not_published")
