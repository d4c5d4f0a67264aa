"""The review on the page of a project: its stages, decisions with reasons, opinions, questions and answers."""

from typing import Any

from django.http import HttpRequest

from viche.contests.models import Contest
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project, State
from viche.review import queries
from viche.review.wording import stage_name

REVIEWED = (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.APPEALED)


def review(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    decisions = list(queries.decisions_about(project))
    if not decisions and project.state not in {*REVIEWED, State.MERGED}:
        return None
    project.contest = contest
    standing = queries.standing_of(project, decisions)
    is_reviewed = project.state in REVIEWED
    person = request.visitor.person  # type: ignore[attr-defined]
    is_mine = person is not None and is_written_by(project, person.pk)
    questions = list(queries.questions_about(project))
    return {
        "stages": _stages(contest, standing, is_reviewed, has_passed=project.state == State.ADMITTED),
        "due_on": standing.due_on if project.state == State.IN_REVIEW else None,
        "decisions": decisions, "replies": list(queries.replies_to(project)),
        "opinions": queries.given_opinions(project), "questions": questions,
        "asks_me": is_mine and (
            queries.asked_of_author(project) is not None
            or any(each.answered_at is None for each in questions)
            or queries.open_correction(project) is not None
            or queries.merge_offers(project).exists()
        ),
        "into": project.merged_into,
    }  # fmt: skip


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
