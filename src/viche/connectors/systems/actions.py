"""A body's connected systems: connected, changed, tried, switched off and on, removed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.systems import events
from viche.connectors.systems.kinds import Finding, Kind, kind_named
from viche.connectors.systems.models import BreakerState, System, SystemCall
from viche.connectors.systems.sealing import opened, sealed
from viche.connectors.systems.values import read_values, require_secrets_anew
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.ids import uuid7
from viche.foundation.refused import Refused
from viche.foundation.sealing import SealBroken
from viche.identity.models import Role
from viche.journal import actions as journal

CALLS_KEPT = timedelta(days=90)
LONGEST_TITLE = 120


def connect_system(
    *, community: Community, kind: str, title: str, values: Mapping[str, Any], by: Actor
) -> System:
    """Connect a system; locks the community; journal: SystemConnected.

    values: what was typed by the names of the kind's fields. Refused: not_administrator, archived, no_kind, bad_value
    (at its fields), one_only (the kind is one a body).
    """
    _administrator_only(community, by)
    known = kind_named(kind)
    if known is None:
        raise Refused("no_kind", _("This version does not know such a system."), status=404)
    title = _titled(title, known)
    found, secrets = read_values(known, values, {})
    key, now = uuid7(), clock.now()
    system = System(
        id=key, community=community, kind=kind, title=title, settings=found, secret=sealed(secrets, key),
        made_by_id=by.person_id, made_at=now, changed_by_id=by.person_id, changed_at=now,
    )  # fmt: skip
    with transaction.atomic():
        Community.objects.select_for_update(no_key=True).get(pk=community.pk)
        _one_only(system, known)
        _saved(system)
        _record(events.SystemConnected, system, by)
    return system


def revise_system(
    *, system: System, title: str, values: Mapping[str, Any], version: int, by: Actor
) -> System:
    """Change the settings; locks the row; closes the breaker, for another address is another neighbour; journal:
    SystemChanged.

    version: that the official looked at. A secret left empty stays, but goes to no other address. Refused:
    not_administrator, archived, removed, changed_meanwhile, bad_value.
    """
    _administrator_only(system.community, by)
    with transaction.atomic():
        held = _held(system)
        if held.version != version:
            raise Refused(
                "changed_meanwhile",
                _("A colleague has changed these settings meanwhile: look at them again."),
            )
        held.title = _titled(title, held.known_kind)
        try:
            kept = opened(held.secret, held.pk)
        except SealBroken:
            kept = {}
        found, secrets = read_values(held.known_kind, values, kept)
        require_secrets_anew(held.known_kind, values, kept, held.settings, found)
        held.settings = found
        held.secret, held.version = sealed(secrets, held.pk), held.version + 1
        held.changed_by_id, held.changed_at = by.person_id, clock.now()
        _close_breaker(held)
        _saved(held)
        _record(events.SystemChanged, held, by)
    return held


def check_system(*, system: System, by: Actor) -> Finding:
    """Try the connection now and say what was found; the call stands in the log. Refused: not_administrator, archived,
    removed, seal_broken.

    Outside of a transaction: the neighbour may be slow. A pause of the breaker ends, for the official asks to try.
    """
    _administrator_only(system.community, by)
    with transaction.atomic():
        held = _held(system)
        _let_try(held)
    try:
        return held.known_kind.test(held)
    except SealBroken:
        raise Refused(
            "seal_broken",
            _("The secrets of this system cannot be opened with the key of this server: type them again."),
        ) from None


def resume_system(*, system: System, by: Actor) -> None:
    """End the pause of the breaker: the next call tries; locks the row.

    Refused: not_administrator, archived, removed.
    """
    _administrator_only(system.community, by)
    with transaction.atomic():
        _let_try(_held(system))


def stop_system(*, system: System, by: Actor) -> System:
    """Switch it off: nobody asks it; locks the row; journal: SystemStopped. Twice is once.

    Refused: not_administrator, archived, removed.
    """
    return _switch(system, is_on=False, event=events.SystemStopped, by=by)


def start_system(*, system: System, by: Actor) -> System:
    """Switch it on again; locks the row; journal: SystemStarted. Twice is once.

    Refused: not_administrator, archived, removed, one_only.
    """
    return _switch(system, is_on=True, event=events.SystemStarted, by=by)


def remove_system(*, system: System, by: Actor) -> None:
    """Forget the system with its secrets and its log; locks the row; journal: SystemRemoved. Twice is once.

    Refused: not_administrator, archived.
    """
    _administrator_only(system.community, by)
    with transaction.atomic():
        held = System.objects.select_for_update().filter(pk=system.pk).first()
        if held is None:
            return
        held.delete()
        held.pk = system.pk
        _record(events.SystemRemoved, held, by)


def delete_old_calls() -> int:
    """Delete lines of the logs of calls after CALLS_KEPT; how many."""
    number, _models = SystemCall.objects.filter(at__lt=clock.now() - CALLS_KEPT).delete()
    return number


def _switch(system: System, *, is_on: bool, event: type[events.SystemConnected], by: Actor) -> System:
    _administrator_only(system.community, by)
    with transaction.atomic():
        Community.objects.select_for_update(no_key=True).get(pk=system.community_id)
        held = _held(system)
        if held.is_on == is_on:
            return held
        held.is_on, held.version = is_on, held.version + 1
        held.changed_by_id, held.changed_at = by.person_id, clock.now()
        if is_on:
            _one_only(held, held.known_kind)
        _close_breaker(held)
        held.save()
        _record(event, held, by)
    return held


def _administrator_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    if community.archived_at is not None:
        raise Refused("archived", _("The body has left the platform: nothing is connected any more."))


def _held(system: System) -> System:
    held = System.objects.select_for_update().filter(pk=system.pk).first()
    if held is None:
        raise Refused("removed", _("A colleague has removed this system meanwhile."), status=404)
    held.community = system.community
    return held


def _titled(title: str, kind: Kind) -> str:
    title = " ".join(title.split()) or str(kind.title)
    if len(title) > LONGEST_TITLE:
        raise Refused(
            "bad_value", _("This is too long."), fields={"title": _("This is too long.")}, status=422
        )
    return title


def _one_only(system: System, kind: Kind) -> None:
    """Runs under the lock of the community."""
    others = System.objects.filter(community=system.community, kind=system.kind, is_on=True)
    if kind.is_single and system.is_on and others.exclude(pk=system.pk).exists():
        raise Refused("one_only", _("Such a system is connected already: change it, or switch it off first."))


def _saved(system: System) -> None:
    """The constraint of the database is the guard of titles. Refused: bad_value."""
    try:
        with transaction.atomic():
            system.save()
    except IntegrityError:
        message = _("Another connected system is called so.")
        raise Refused("bad_value", message, fields={"title": message}, status=422) from None


def _close_breaker(system: System) -> None:
    system.state, system.failures, system.pause = BreakerState.CLOSED, 0, 0
    system.opened_at = system.next_at = None


def _let_try(system: System) -> None:
    now = clock.now()
    System.objects.filter(pk=system.pk, state=BreakerState.OPEN, next_at__gt=now).update(next_at=now)


def _record(event: type[events.SystemConnected], system: System, by: Actor) -> None:
    journal.append(
        event(system=str(system.pk), kind=system.kind),
        community=system.community.code,
        year=clock.year(),
        by=by,
    )
