"""How opinions and decisions of the review are told in templates."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template

from rulebook.rules.vocabulary import CHECKS
from viche.contests.models import Contest
from viche.review.models import Decision, Opinion, Reply
from viche.review.stages import stages_of
from viche.review.wording import CHECK_NAMES, VERDICT_KINDS, stage_name

register = template.Library()


@register.filter
def points(opinion: Opinion) -> list[tuple[Any, Any, str]]:
    """(what was looked at, the answer, the remark) in the order of the vocabulary."""
    return [
        (
            CHECK_NAMES[code],
            Opinion.Answer(said["answer"]).label if said.get("answer") else "",
            said.get("note", ""),
        )
        for code in CHECKS
        if (said := opinion.checks.get(code)) is not None
    ]


@register.filter
def in_order(
    decisions: Iterable[Decision], replies: Iterable[Reply]
) -> list[tuple[Decision | None, Reply | None]]:
    """Decisions and what the author answered to them, as they followed each other."""
    rows: list[tuple[datetime, int, Decision | None, Reply | None]] = [
        (each.decided_at, 0, each, None) for each in decisions
    ]
    rows += [(each.at, 1, None, each) for each in replies or ()]
    return [(decision, reply) for _at, _kind, decision, reply in sorted(rows, key=lambda row: row[:2])]


@register.filter
def verdict_kind(decision: Decision) -> str:
    """The kind of tag that a decision is shown as."""
    return VERDICT_KINDS.get(decision.verdict, "neutral")


@register.filter
def stage_of(decision: Decision, contest: Contest) -> str:
    """The name of the stage that decided."""
    found = next((stage for stage in stages_of(contest) if stage.id == decision.stage), None)
    return stage_name(found) if found is not None else ""
