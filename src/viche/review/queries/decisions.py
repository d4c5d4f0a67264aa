"""What waits for a decision, and what was decided."""

from django.db.models import QuerySet

from viche.contests.models import Contest
from viche.projects.models import Project, State
from viche.review.models import Decision, Reply


def waiting_projects(contest: Contest) -> QuerySet[Project]:
    """Projects that wait for a decision, the oldest first."""
    return (
        Project.objects.filter(contest=contest, state=State.IN_REVIEW)
        .select_related("territory")
        .order_by("number")
    )


def projects_under_review(contest: Contest) -> list[Project]:
    """Everything about which the review has still to say something, by number."""
    states = (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.APPEALED)
    return list(Project.objects.filter(contest=contest, state__in=states).order_by("number"))


def decisions_about(project: Project) -> QuerySet[Decision]:
    return Decision.objects.filter(project=project)


def replies_to(project: Project) -> QuerySet[Reply]:
    """What the author answered to the decisions."""
    return Reply.objects.filter(project=project)


def asked_of_author(project: Project) -> Decision | None:
    """The decision that waits for the author's answer: a return, or conditions; None where none does."""
    if project.state not in {State.RETURNED, State.CONDITIONAL}:
        return None
    return decisions_about(project).last()
