"""Reads of the projects room."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from viche.contests.models import Contest
from viche.identity.models import Person
from viche.projects.filters import SORTS, Filters
from viche.projects.finding import filtered, ordered
from viche.projects.models import Project, State
from viche.projects.search import question_of

__all__ = [
    "SORTS", "Filters", "admitted_projects", "figures", "found_projects", "located_projects", "numbers_of",
    "project_numbered", "projects_by", "public_projects",
]  # fmt: skip


def public_projects(contest: Contest) -> QuerySet[Project]:
    return (
        Project.objects.filter(contest=contest, published_at__isnull=False)
        .select_related("territory")
        .prefetch_related("pictures")
    )


def found_projects(contest: Contest, filters: Filters) -> QuerySet[Project]:
    """The public projects that fit the filters, in the order asked for (finding.ordered); no word is corrected."""
    projects = filtered(public_projects(contest), filters)
    question = question_of(filters.text, is_exact=filters.is_exact) if filters.text else None
    if question is not None:
        projects = projects.filter(search=question.query)
    elif filters.text:
        return projects.none()
    return ordered(projects, filters, question)


def admitted_projects(contest: Contest) -> QuerySet[Project]:
    """What a ballot may name, also after the count: admitted, and what became of them."""
    return (
        Project.objects.filter(
            contest=contest,
            state__in=VOTED_ON,
        )
        .select_related("territory")
        .prefetch_related("pictures")
        .order_by("number")
    )


def figures(contest: Contest) -> dict[str, Any]:
    """Counts and sums of the contest's public projects (kopiykas), with counts by state."""
    public = Project.objects.filter(contest=contest, published_at__isnull=False)
    totals = public.aggregate(number=Count("id"), cost=Sum("cost"))
    by_state = dict(public.values_list("state").annotate(number=Count("id")).order_by())
    return {"number": totals["number"], "cost": totals["cost"] or 0, "by_state": by_state}


WINNERS = (State.FUNDED, State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED)
VOTED_ON = (State.ADMITTED, State.NOT_FUNDED, *WINNERS)


def numbers_of(contests: Collection[Contest]) -> dict[UUID, tuple[int, int]]:
    """Of each contest: how many public projects it has, and how many of them have won. One query."""
    rows = (
        Project.objects.filter(contest__in=contests, published_at__isnull=False)
        .values_list("contest_id")
        .annotate(number=Count("id"), winners=Count("id", filter=Q(state__in=WINNERS)))
        .order_by()
    )
    return {contest: (number, winners) for contest, number, winners in rows}


def located_projects(contest: Contest) -> list[tuple[int, str, Decimal, Decimal]]:
    """(number, title, latitude, longitude) of the public projects that have a place, 600 at most."""
    return list(
        Project.objects.filter(
            contest=contest, published_at__isnull=False, latitude__isnull=False, longitude__isnull=False
        )
        .order_by("number")
        .values_list("number", "title", "latitude", "longitude")[:600]
    )


def projects_by(person: Person) -> QuerySet[Project]:
    """Everything the person has submitted, newest first."""
    return (
        Project.objects.filter(author=person)
        .select_related("contest__community__territory")
        .order_by("-submitted_at")
    )


def project_numbered(contest: Contest, number: int) -> Project | None:
    return public_projects(contest).filter(number=number).first()
