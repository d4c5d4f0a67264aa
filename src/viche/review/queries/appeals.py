"""Appeals, and until when one can be filed."""

from datetime import date, datetime

from django.db.models import QuerySet

from rulebook.calendar import event_day
from viche.contests.models import Contest
from viche.projects.models import Project, State
from viche.review.models import Appeal


def appeals_in(contest: Contest) -> QuerySet[Appeal]:
    """All appeals of the contest: waiting ones first, the nearest deadline on top."""
    return (
        Appeal.objects.filter(project__contest=contest)
        .select_related("project__contest")
        .prefetch_related("documents")
        .order_by("decided_at", "decide_by", "filed_at")
    )


def waiting_appeals(contest: Contest) -> QuerySet[Appeal]:
    return appeals_in(contest).filter(state=Appeal.State.WAITING).order_by("decide_by", "filed_at")


def appeals_about(project: Project) -> QuerySet[Appeal]:
    return Appeal.objects.filter(project=project).prefetch_related("documents")


def last_appeal_day(project: Project) -> date | None:
    """The last day on which the refusal can be appealed against; None where there is none, or no appeal.

    The refusal of an appeal is final here: it opens no new term.
    """
    rule = project.contest.rules.appeal
    if (
        rule is None
        or project.state != State.REFUSED
        or project.published_at is None
        or project.state_at is None
    ):
        return None
    if was_appealed(project, project.state_at):
        return None
    return rule.deadline(event_day(project.state_at), project.contest.rules.working_calendar)


def was_appealed(project: Project, refused_at: datetime) -> bool:
    """Whether the refusal that stands is the answer to an appeal."""
    return Appeal.objects.filter(
        project=project, state=Appeal.State.DISMISSED, decided_at__gte=refused_at
    ).exists()
