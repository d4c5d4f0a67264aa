"""Projects that exclude each other."""

from django.db.models import QuerySet

from viche.contests.models import Contest
from viche.projects.models import Project, State
from viche.projects.queries import VOTED_ON
from viche.review.models import IncompatibleGroup, IncompatibleProject

MARKABLE = (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.ADMITTED)


def markable_projects(contest: Contest) -> list[Project]:
    """Projects that can be put into a group, by number."""
    found = Project.objects.filter(contest=contest, state__in=MARKABLE, incompatibility__isnull=True)
    return list(found.order_by("number"))


def incompatible_groups(contest: Contest) -> QuerySet[IncompatibleGroup]:
    return IncompatibleGroup.objects.filter(contest=contest).prefetch_related("members__project")


def incompatibility_of(project: Project) -> IncompatibleGroup | None:
    """The group that the project is in."""
    return (
        IncompatibleGroup.objects.filter(members__project=project)
        .prefetch_related("members__project")
        .first()
    )


def rivals_of(contest: Contest) -> dict[str, str]:
    """For the count: by a project's code, the name of its group; only groups with two projects on the ballot."""
    rows = IncompatibleProject.objects.filter(group__contest=contest, project__state__in=VOTED_ON)
    groups: dict[int, list[str]] = {}
    for number, code in rows.order_by("group__number", "project__number").values_list(
        "group__number", "project__code"
    ):
        groups.setdefault(number, []).append(code)
    return {
        code: f"competing-{number}" for number, codes in groups.items() if len(codes) > 1 for code in codes
    }
