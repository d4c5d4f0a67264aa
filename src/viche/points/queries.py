"""What is asked about polling points."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock
from viche.points.models import Duty, Point, Screen, Shift, Visit


def points_in(community: Community) -> QuerySet[Point]:
    """All points of a body, the open ones first."""
    return Point.objects.filter(community=community).select_related("territory").order_by("-state", "name")


def point_named(community: Community, reference: UUID) -> Point | None:
    """The body's point of this reference."""
    found = Point.objects.filter(community=community, pk=reference)
    return found.select_related("community__territory", "territory").first()


def points_of(contest: Contest) -> QuerySet[Point]:
    """Open points that serve the contest, by their territory and name."""
    found = Point.objects.filter(contests=contest, state=Point.State.OPEN)
    return found.select_related("territory").order_by("territory__name", "name")


def contests_at(point: Point) -> list[Contest]:
    """The contests that the point serves, the newest first."""
    return list(
        point.contests.select_related("community__territory").order_by("-year", "-created_at", "-slug")
    )


def shifts_of(point: Point, *, since: datetime) -> QuerySet[Shift]:
    """Shifts of the point that are not over at the moment, with those who work in them."""
    found = Shift.objects.filter(point=point, cancelled_at=None, ends_at__gt=since)
    return found.prefetch_related("duties__person").order_by("starts_at")


def shift_now(point: Point, person: UUID) -> Shift | None:
    """The shift in which the person works at the point at this moment."""
    now = clock.now()
    return Shift.objects.filter(
        point=point, duties__person=person, cancelled_at=None, starts_at__lte=now, ends_at__gt=now
    ).first()


def is_on_duty(point: Point, person: UUID) -> bool:
    """Whether the person works at the point at this moment."""
    return shift_now(point, person) is not None


def duties_of(community: Community, person: UUID) -> list[Shift]:
    """The person's shifts in the body that run now or come, the next first."""
    found = Shift.objects.filter(
        point__community=community, point__state=Point.State.OPEN, duties__person=person, cancelled_at=None,
        ends_at__gt=clock.now(),
    )  # fmt: skip
    return list(found.select_related("point__territory").order_by("starts_at")[:20])


def duties_now(community: Community, person: UUID) -> list[Shift]:
    """The shift in which the person works at this moment, with its point."""
    now = clock.now()
    found = Shift.objects.filter(
        point__community=community,
        duties__person=person,
        cancelled_at=None,
        starts_at__lte=now,
        ends_at__gt=now,
    )
    return list(found.select_related("point"))


def duties_between(people: Collection[UUID], starts_at: datetime, ends_at: datetime) -> Duty | None:
    """A duty of one of the people that overlaps the time."""
    found = Duty.objects.filter(
        person__in=people,
        shift__cancelled_at=None,
        shift__starts_at__lt=ends_at,
        shift__ends_at__gt=starts_at,
    )
    return found.select_related("person", "shift__point").first()


def screens_of(point: Point) -> Sequence[Screen]:
    """The point's screens that are not shut out."""
    return list(Screen.objects.filter(point=point, revoked_at=None).order_by("name", "added_at"))


def screen_named(point: Point, reference: str) -> Screen | None:
    """The point's screen of this reference, as a form sends it."""
    try:
        UUID(reference)
    except ValueError:
        return None
    return Screen.objects.filter(point=point, pk=reference).select_related("point__community").first()


def screen_of_code(community: Community, code_hash: bytes) -> Screen | None:
    """The screen that waits for this code, locked; inside a transaction."""
    found = Screen.objects.select_for_update(of=("self",)).filter(
        community=community, code_hash=code_hash, code_ends_at__gt=clock.now(), point__state=Point.State.OPEN
    )
    return found.select_related("point").first()


def screen_of_token(community: Community, token_hash: bytes) -> Screen | None:
    """The paired screen of this token, with its point."""
    found = Screen.objects.filter(community=community, token_hash=token_hash, revoked_at=None)
    return found.select_related("point__territory").first()


def visit_at(screen: Screen, *, since: datetime) -> Visit | None:
    """Whoever stands at the screen, if a page of theirs was asked for since the moment."""
    found = Visit.objects.filter(screen=screen, seen_at__gte=since)
    return found.select_related("contest", "person").first()


def visit_named(community: Community, reference: UUID, *, since: datetime) -> Visit | None:
    found = Visit.objects.filter(community=community, pk=reference, begun_at__gte=since)
    return found.select_related("contest", "screen__point", "person").first()
