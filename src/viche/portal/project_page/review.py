"""The review on the page of a project: its stages, decisions with reasons, opinions, questions and answers."""

from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project, State
from viche.review import queries
from viche.review.models import Question
from viche.review.wording import stage_name

REVIEWED = (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.APPEALED)
MERGEABLE = (State.SIGNING, State.IN_REVIEW, State.RETURNED, State.CONDITIONAL)
PASSED = (
    State.ADMITTED, State.FUNDED, State.NOT_FUNDED, State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED,
)  # fmt: skip


def review(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    decisions = list(queries.decisions_about(project))
    merged = list(queries.merged_into(project))
    person = request.visitor.person  # type: ignore[attr-defined]
    is_mine = person is not None and is_written_by(project, person.pk)
    can_merge = is_mine and project.state in MERGEABLE
    if not (decisions or merged or can_merge or project.state in {*REVIEWED, State.MERGED}):
        return None
    project.contest = contest
    standing = queries.standing_of(project, decisions)
    questions = list(queries.questions_about(project))
    return {
        "stages": _stages(contest, standing, project.state in REVIEWED, has_passed=project.state in PASSED),
        "due_on": standing.due_on if project.state == State.IN_REVIEW else None,
        "decisions": decisions, "replies": list(queries.replies_to(project)),
        "opinions": queries.given_opinions(project), "questions": questions,
        "asks_me": is_mine and _asks(project, questions), "can_merge": can_merge,
        "into": project.merged_into, "merged": merged,
    }  # fmt: skip


def _asks(project: Project, questions: list[Question]) -> bool:
    """Whether the review, or another author, waits for an answer of this project's author."""
    return (
        queries.asked_of_author(project) is not None
        or any(each.answered_at is None for each in questions)
        or queries.open_corrections(project).exists()
        or any(offer.into_id == project.pk for offer in queries.merge_offers(project))
    )


def _stages(contest: Contest, standing: Any, is_reviewed: bool, *, has_passed: bool) -> list[tuple[str, str]]:
    """(name, "passed" | "current" | "ahead") of each stage where the rules have more than one."""
    stages = queries.stages_of(contest)
    if len(stages) < 2:
        return []
    found = []
    for place, stage in enumerate(stages):
        is_passed = place < standing.place or has_passed
        state = "passed" if is_passed else "current" if place == standing.place and is_reviewed else "ahead"
        found.append((stage_name(stage), state))
    return found
