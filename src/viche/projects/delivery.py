"""Reads about how the winners are built: one project, one contest, and everything a body has built over the years."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.identity.models import Person
from viche.projects.models import Delivery, Milestone, Project, Rating, State

WON = (State.FUNDED, State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED)


@dataclass(frozen=True)
class Standing:
    """How one work stands today. late_days: past its term, 0 where it is not; still_days: since something moved.

    is_stalled: nothing has moved for as many days as the rules name (implementation.stall_days).
    """

    done: int
    planned: int
    late_days: int
    still_days: int
    is_stalled: bool

    @property
    def percent(self) -> int:
        """The part of the planned steps that is done, in whole percent."""
        return self.done * 100 // self.planned if self.planned else 0


def delivery_of(project: Project) -> Delivery | None:
    """The implementation of a project with all its parts; None before it began."""
    return (
        Delivery.objects.filter(project=project)
        .prefetch_related("contracts", "milestones", "photographs", "delays")
        .first()
    )


def standing_of(
    delivery: Delivery, *, state: str, stall_days: int | None, moment: datetime | None = None
) -> Standing:
    """How the work stands at the moment (now). milestones are read along where they were prefetched."""
    today = (moment or clock.now()).astimezone(KYIV).date()
    steps = list(delivery.milestones.all())
    is_open = state == State.IN_PROGRESS
    still = max((today - delivery.moved_at.astimezone(KYIV).date()).days, 0)
    return Standing(
        done=sum(step.done_on is not None for step in steps),
        planned=len(steps),
        late_days=max((today - delivery.due_on).days, 0) if is_open else 0,
        still_days=still if is_open else 0,
        is_stalled=is_open and stall_days is not None and still >= stall_days,
    )


def works_of(contest: Contest) -> QuerySet[Project]:
    """The winners of a contest with their implementation read along, by number."""
    return (
        Project.objects.filter(contest=contest, state__in=WON, published_at__isnull=False)
        .select_related("territory", "delivery")
        .prefetch_related("pictures", "delivery__milestones")
        .order_by("number")
    )


def built_by(community: Community, *, year: int | None = None, state: str = "") -> QuerySet[Project]:
    """The winners of all contests of a body, the newest contest first, with contest and implementation read along."""
    found = Project.objects.filter(contest__community=community, state__in=WON, published_at__isnull=False)
    if year is not None:
        found = found.filter(contest__year=year)
    if state in WON:
        found = found.filter(state=state)
    return (
        found.select_related("territory", "delivery", "contest__community__territory")
        .prefetch_related("pictures", "delivery__milestones")
        .order_by("-contest__year", "contest__slug", "number")
    )


def sums_of(works: QuerySet[Project]) -> dict[str, Any]:
    """Counts by state and sums in kopiykas of these works: what won, what was planned and what was paid.

    plan: the costs of the winners; paid: the actual costs of those that are built.
    """
    rows = works.order_by().aggregate(
        number=Count("id"),
        plan=Coalesce(Sum("cost"), 0),
        paid=Coalesce(Sum("delivery__actual_cost", filter=Q(state=State.IMPLEMENTED)), 0),
        **{state.value: Count("id", filter=Q(state=state)) for state in WON},
    )
    return dict(rows)


def built_years(community: Community) -> list[int]:
    """The years of this body's contests that have winners, the newest first."""
    years = Project.objects.filter(contest__community=community, state__in=WON, published_at__isnull=False)
    return list(years.order_by("-contest__year").values_list("contest__year", flat=True).distinct())


def stalled_works(moment: datetime) -> list[Project]:
    """Works in which nothing has moved for as long as their rules name, at the moment; the stillest first."""
    open_works = (
        Project.objects.filter(state=State.IN_PROGRESS, delivery__isnull=False)
        .select_related("contest__community__territory", "delivery")
        .prefetch_related("delivery__milestones")
        .order_by("delivery__moved_at")
    )
    return [project for project in open_works if _is_stalled(project, moment)]


def _is_stalled(project: Project, moment: datetime) -> bool:
    plan = project.contest.rules.implementation
    if plan is None or plan.stall_days is None:
        return False
    return project.delivery.moved_at <= moment - timedelta(days=plan.stall_days)


@dataclass(frozen=True)
class Ratings:
    """What residents think: how many rated, the mean in tenths of a star (rounded half up), how many gave each."""

    number: int
    tenths: int
    by_stars: dict[int, int]
    by_promise: dict[str, int]

    @property
    def mean(self) -> str:
        """«4,6»."""
        return f"{self.tenths // 10},{self.tenths % 10}"


def ratings_of(project: Project) -> Ratings | None:
    """The ratings of a project; None where nobody has rated it."""
    rows = list(Rating.objects.filter(project=project).values_list("stars", "promise"))
    if not rows:
        return None
    total = sum(stars for stars, _promise in rows)
    return Ratings(
        number=len(rows),
        tenths=(total * 20 + len(rows)) // (2 * len(rows)),
        by_stars={stars: sum(each == stars for each, _ in rows) for stars in (5, 4, 3, 2, 1)},
        by_promise={promise: sum(each == promise for _, each in rows) for promise in Rating.Promise.values},
    )


def rating_by(project: Project, person: Person) -> Rating | None:
    return Rating.objects.filter(project=project, person=person).first()


def next_step(delivery: Delivery) -> Milestone | None:
    """The first planned step that is not done."""
    return next((step for step in delivery.milestones.all() if step.done_on is None), None)
