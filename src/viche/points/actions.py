"""What officials do with polling points, their shifts and their screens."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person, Role
from viche.identity.queries import roles_in
from viche.journal import actions as journal
from viche.journal.events import Event
from viche.points.events import (
    PointAdded,
    PointChanged,
    PointClosed,
    ScreenPaired,
    ScreenRevoked,
    ShiftCancelled,
    ShiftPlanned,
)
from viche.points.models import Duty, Point, Screen, Shift
from viche.points.queries import duties_between, is_on_duty, screen_of_code
from viche.points.tokens import hash_of

LONGEST_SHIFT = timedelta(hours=16)
CODE_LENGTH, CODE_LASTS = 8, timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class PointFacts:
    """What an official says of a point. hours: seven lists of (from, to) in minutes, Monday first."""

    name: str
    kind: str
    address: str
    territory: Territory
    hours: Sequence[Sequence[tuple[int, int]]]
    access_note: str = ""


def add_point(*, community: Community, facts: PointFacts, contests: Collection[Contest], by: Actor) -> Point:
    """A new polling point that serves the contests. Journal: PointAdded.

    Refused: not_administrator, bad_value (name, address, territory, contests), name_taken.
    """
    _administrators_only(by, community)
    _check(community, facts, contests)
    try:
        with transaction.atomic():
            point = Point.objects.create(community=community, added_at=clock.now(), **_columns(facts))
            point.contests.set(contests)
            _note(
                PointAdded(
                    point=str(point.pk), title=point.name, place=point.address, contests=_named(contests)
                ),
                community, by,
            )  # fmt: skip
    except IntegrityError:
        raise _name_taken() from None
    return point


def revise_point(*, point: Point, facts: PointFacts, contests: Collection[Contest], by: Actor) -> Point:
    """Change what is said of a point and which contests it serves. Locks the point; journal: PointChanged.

    Nothing is written where nothing changed. Refused: not_administrator, point_closed, bad_value, name_taken.
    """
    _administrators_only(by, point.community)
    _check(point.community, facts, contests)
    try:
        with transaction.atomic():
            held = _held(point)
            columns = _columns(facts)
            changed = [name for name, value in columns.items() if getattr(held, name) != value]
            served = _named(held.contests.all())
            if served != _named(contests):
                changed.append("contests")
            if not changed:
                return held
            for name, value in columns.items():
                setattr(held, name, value)
            held.save()
            held.contests.set(contests)
            _note(
                PointChanged(
                    point=str(held.pk), title=held.name, place=held.address, contests=_named(contests),
                    changed=sorted(changed),
                ),
                point.community, by,
            )  # fmt: skip
    except IntegrityError:
        raise _name_taken() from None
    return held


def close_point(*, point: Point, by: Actor) -> Point:
    """Close a point for good: its coming shifts are cancelled and its screens shut out.

    Locks the point; journal: ShiftCancelled and ScreenRevoked of each, PointClosed. Refused: not_administrator,
    point_closed.
    """
    _administrators_only(by, point.community)
    with transaction.atomic():
        held = _held(point)
        for shift in Shift.objects.filter(point=held, cancelled_at=None, ends_at__gt=clock.now()):
            cancel_shift(shift=shift, by=by)
        for screen in Screen.objects.filter(point=held, revoked_at=None):
            revoke_screen(screen=screen, by=by)
        held.state, held.closed_at = Point.State.CLOSED, clock.now()
        held.save(update_fields=["state", "closed_at"])
        _note(PointClosed(point=str(held.pk), title=held.name), point.community, by)
    return held


def plan_shift(
    *, point: Point, starts_at: datetime, ends_at: datetime, operators: Collection[Person], by: Actor
) -> Shift:
    """Plan who works at the desk of a point and when. Locks the point and the operators; journal: ShiftPlanned.

    Refused: not_administrator, point_closed, bad_value (starts_at, ends_at, operators), not_operator (somebody who
    does not hold the office), operator_busy (somebody who works in another shift then).
    """
    _administrators_only(by, point.community)
    if ends_at <= starts_at or ends_at - starts_at > LONGEST_SHIFT:
        raise _bad("ends_at", _("A shift ends after its beginning, at most 16 hours later."))
    if ends_at <= clock.now():
        raise _bad("ends_at", _("This shift would be over already."))
    if not operators:
        raise _bad("operators", _("Choose who works in the shift."))
    with transaction.atomic():
        held = _held(point)
        people = list(
            Person.objects.select_for_update(no_key=True)
            .filter(pk__in=[each.pk for each in operators])
            .order_by("pk")
        )
        _check_operators(point.community, people, starts_at, ends_at)
        shift = Shift.objects.create(
            point=held,
            starts_at=starts_at,
            ends_at=ends_at,
            planned_by_id=by.person_id,
            planned_at=clock.now(),
        )
        Duty.objects.bulk_create(Duty(shift=shift, person=each) for each in people)
        _note(
            ShiftPlanned(
                point=str(held.pk), title=held.name, shift=str(shift.pk), starts_at=starts_at.isoformat(),
                ends_at=ends_at.isoformat(), operators=len(people),
            ),
            point.community, by,
        )  # fmt: skip
    return shift


def cancel_shift(*, shift: Shift, by: Actor) -> Shift:
    """Cancel a shift that is not over. Locks it; journal: ShiftCancelled. Refused: not_administrator, shift_over,
    already_done.
    """
    point = shift.point
    _administrators_only(by, point.community)
    with transaction.atomic():
        held = Shift.objects.select_for_update().get(pk=shift.pk)
        if held.cancelled_at is not None:
            raise Refused("already_done", _("This shift is cancelled already."))
        if held.ends_at <= clock.now():
            raise Refused("shift_over", _("This shift is over: what was done in it stays."))
        held.cancelled_at = clock.now()
        held.save(update_fields=["cancelled_at"])
        _note(
            ShiftCancelled(
                point=str(point.pk), title=point.name, shift=str(held.pk), starts_at=held.starts_at.isoformat(),
                ends_at=held.ends_at.isoformat(),
            ),
            point.community, by,
        )  # fmt: skip
    return held


def add_screen(*, point: Point, name: str, by: Actor) -> tuple[Screen, str]:
    """Prepare a screen of the point; returns it with the code to type at it, shown once and valid for 15 minutes.

    An administrator, or an operator within a shift of the point. Locks the point; no journal entry before the screen
    is paired. Refused: not_on_duty, point_closed, bad_value (name).
    """
    _screens_only(by, point)
    called = " ".join(name.split())
    if not 0 < len(called) <= 60:
        raise _bad("name", _("Give the screen a short name, for example “Screen at the entrance”."))
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_LENGTH))
    with transaction.atomic():
        held = _held(point)
        screen = Screen.objects.create(
            community=held.community, point=held, name=called, code_hash=hash_of(code),
            code_ends_at=clock.now() + CODE_LASTS, added_by_id=by.person_id, added_at=clock.now(),
        )  # fmt: skip
    return screen, code


def pair_screen(*, community: Community, code: str) -> tuple[Screen, str]:
    """Tie the computer at which the code was typed to its point; returns the screen and the secret of its cookie.

    The code works once. Locks the screen; journal: ScreenPaired, by whoever made the code. Refused: bad_code.
    """
    digits = "".join(each for each in code if each.isdigit())
    with transaction.atomic():
        screen = screen_of_code(community, hash_of(digits))
        if screen is None:
            message = _("There is no such code, or it is too old: an official makes a new one.")
            raise Refused("bad_code", message, fields={"code": [message]}, status=422)
        token = secrets.token_urlsafe(32)
        screen.code_hash, screen.code_ends_at = None, None
        screen.token_hash, screen.paired_at = hash_of(token), clock.now()
        screen.seen_at = screen.paired_at
        screen.save()
        by = SYSTEM if screen.added_by_id is None else Actor("official", str(screen.added_by_id))
        _note(
            ScreenPaired(point=str(screen.point_id), title=screen.point.name, screen=str(screen.pk)),
            community, by,
        )  # fmt: skip
    return screen, token


def revoke_screen(*, screen: Screen, by: Actor) -> Screen:
    """Shut a screen out: its cookie leads nowhere from now on. Locks it; journal: ScreenRevoked where it was paired.

    Refused: not_on_duty, already_done.
    """
    _screens_only(by, screen.point)
    with transaction.atomic():
        held = Screen.objects.select_for_update().get(pk=screen.pk)
        if held.revoked_at is not None:
            raise Refused("already_done", _("This screen is shut out already."))
        held.code_hash, held.code_ends_at, held.token_hash = None, None, None
        held.revoked_at = clock.now()
        held.save()
        if held.paired_at is not None:
            _note(
                ScreenRevoked(point=str(held.point_id), title=screen.point.name, screen=str(held.pk)),
                screen.point.community, by,
            )  # fmt: skip
    return held


def mark_screen_seen(*, screen: Screen) -> None:
    """Note that the screen is alive, once a minute at most. No lock, no journal entry: it is no act."""
    now = clock.now()
    if screen.seen_at is None or now - screen.seen_at >= SEEN_EVERY:
        Screen.objects.filter(pk=screen.pk).update(seen_at=now)


def _columns(facts: PointFacts) -> dict[str, object]:
    return {
        "name": " ".join(facts.name.split()), "kind": facts.kind, "address": " ".join(facts.address.split()),
        "territory": facts.territory, "hours": [[list(span) for span in day] for day in facts.hours],
        "access_note": " ".join(facts.access_note.split()),
    }  # fmt: skip


def _check(community: Community, facts: PointFacts, contests: Collection[Contest]) -> None:
    if not 0 < len(" ".join(facts.name.split())) <= 120:
        raise _bad("name", _("Give the point a name."))
    if facts.kind not in Point.Kind.values:
        raise _bad("kind", _("Choose what kind of place it is."))
    if not 0 < len(" ".join(facts.address.split())) <= 200:
        raise _bad("address", _("Give the address as people find it."))
    if not facts.territory.path.startswith(community.territory.path):
        raise _bad("territory", _("This place does not lie in the community."))
    if len(facts.hours) != 7:
        raise _bad("hours", _("Give the hours of each day of the week."))
    if any(each.community_id != community.pk for each in contests):
        raise _bad("contests", _("This contest belongs to another body."))


def _check_operators(
    community: Community, people: list[Person], starts_at: datetime, ends_at: datetime
) -> None:
    for person in people:
        if Role.OPERATOR not in roles_in(person, community):
            message = _("%s is not an operator here: grant the office first.") % person.display_name
            raise Refused("not_operator", message, fields={"operators": [message]}, status=422)
    busy = duties_between([each.pk for each in people], starts_at, ends_at)
    if busy is not None:
        message = _("%(name)s works at that time already: %(point)s.") % {
            "name": busy.person.display_name, "point": busy.shift.point.name,
        }  # fmt: skip
        raise Refused("operator_busy", message, fields={"operators": [message]}, status=409)


def _held(point: Point) -> Point:
    """The point, locked. Refused: point_closed."""
    held = Point.objects.select_for_update(of=("self",)).select_related("community").get(pk=point.pk)
    if not held.is_open:
        raise Refused("point_closed", _("This polling point is closed."))
    return held


def _administrators_only(by: Actor, community: Community) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator plans polling points."), status=403)


def _screens_only(by: Actor, point: Point) -> None:
    is_operator = by.holds(Role.OPERATOR, community=point.community.code)
    if by.holds(Role.ADMINISTRATOR, community=point.community.code):
        return
    if not is_operator or by.person_id is None or not is_on_duty(point, by.person_id):
        raise Refused(
            "not_on_duty",
            _("Only an operator whose shift at this polling point runs now may do this."),
            status=403,
        )


def _named(contests: Collection[Contest]) -> list[str]:
    return sorted(str(each.pk) for each in contests)


def _note(event: Event, community: Community, by: Actor) -> None:
    journal.append(event, community=community.code, year=clock.year(), by=by)


def _name_taken() -> Refused:
    message = _("There is a polling point of this name already.")
    return Refused("name_taken", message, fields={"name": [message]}, status=422)


def _bad(place: str, message: str) -> Refused:
    return Refused("bad_value", message, fields={place: [message]}, status=422)
