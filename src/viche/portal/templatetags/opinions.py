"""How opinions and decisions of the review are told in templates."""

from typing import Any

from django import template

from rulebook.rules.vocabulary import CHECKS
from viche.contests.models import Contest
from viche.review.models import Decision, Opinion
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
def verdict_kind(decision: Decision) -> str:
    """The kind of tag that a decision is shown as."""
    return VERDICT_KINDS.get(decision.verdict, "neutral")


@register.filter
def stage_of(decision: Decision, contest: Contest) -> str:
    """The name of the stage that decided."""
    found = next((stage for stage in stages_of(contest) if stage.id == decision.stage), None)
    return stage_name(found) if found is not None else ""
