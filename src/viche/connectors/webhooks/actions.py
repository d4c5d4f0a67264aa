"""Webhooks set up, changed, paused and removed by officials; what a receiver did not take, sent again or passed over.

What a receiver answered and how far it has heard is written by delivering.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.webhooks import delivering, events
from viche.connectors.webhooks.bodies import ping_body
from viche.connectors.webhooks.catalogue import is_wanted_word
from viche.connectors.webhooks.models import Cursor, Endpoint, Lane, Undelivered
from viche.connectors.webhooks.queries import entry_placed, told_logs
from viche.connectors.webhooks.signing import new_secret, opened, sealed
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.ids import uuid7
from viche.foundation.outgoing import Unreachable, examine
from viche.foundation.refused import Refused
from viche.foundation.sealing import SealBroken
from viche.identity.models import Role
from viche.journal import actions as journal

MOST, MAX_TITLE, MAX_URL, MAX_KINDS = 20, 80, 1000, 200
OVERLAP = timedelta(hours=24)
PING_SECONDS = 5

State = Endpoint.State


def connect_endpoint(
    *, community: Community, title: str, url: str, kinds: Collection[str], contest: Contest | None, base: str,
    from_start: bool = False, by: Actor,
) -> tuple[Endpoint, str]:  # fmt: skip
    """Tell another system of events from now on; returns it with its secret, shown this once. Locks the body's row;
    journal: WebhookConnected.

    kinds: kinds or groups; none is everything but sealed ballots. base: the absolute address of the body's pages.
    from_start: what the body's own logs hold already is told too. Refused: not_administrator, archived, bad_value (its
    fields), too_many_webhooks.
    """
    _administrator_only(community, by)
    said = _checked(community, title=title, url=url, kinds=kinds, contest=contest)
    reference, secret = uuid7(), new_secret()
    with transaction.atomic():
        Community.objects.select_for_update().get(pk=community.pk)
        if Endpoint.objects.filter(community=community).count() >= MOST:
            raise Refused(
                "too_many_webhooks",
                _("No more than %(limit)d webhooks, please: remove one that is not needed.")
                % {"limit": MOST},
            )
        made = Endpoint.objects.create(
            id=reference, community=community, contest=contest, base=base, secret=sealed(secret, reference),
            created_at=clock.now(), **said,
        )  # fmt: skip
        Cursor.objects.bulk_create(
            Cursor(endpoint=made, log=each, position=0 if from_start else each.size)
            for each in told_logs(community)
        )
        _record(events.WebhookConnected, made, by, kinds=list(made.kinds))
    return made, secret


def change_endpoint(
    *, endpoint: Endpoint, title: str, url: str, kinds: Collection[str], contest: Contest | None, by: Actor
) -> Endpoint:
    """Another address, title or choice of events, from the next event on; locks the webhook; journal: WebhookChanged.

    Refused: not_administrator, archived, removed, bad_value (its fields).
    """
    _administrator_only(endpoint.community, by)
    said = _checked(endpoint.community, title=title, url=url, kinds=kinds, contest=contest)
    with transaction.atomic():
        held = _held(endpoint)
        for name, value in {**said, "contest": contest}.items():
            setattr(held, name, value)
        held.save(update_fields=["contest", *said])
        _record(events.WebhookChanged, held, by, kinds=list(held.kinds))
    return held


def rotate_secret(*, endpoint: Endpoint, by: Actor) -> str:
    """A new secret, shown this once; for OVERLAP the former signs too. Locks the webhook; journal:
    WebhookSecretChanged. Refused: not_administrator, archived, removed, still_two (the last change is not over: a
    third secret would cut off a receiver that has not taken over the second).
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held, moment = _held(endpoint), clock.now()
        if held.former_until is not None and held.former_until > moment:
            raise Refused("still_two", _("Two secrets are in force already: wait until the former one ends."))
        secret = new_secret()
        if held.state != State.SEALED:  # what cannot be opened signs nothing
            held.former, held.former_until = bytes(held.secret), moment + OVERLAP
        held.secret = sealed(secret, held.pk)
        held.save(update_fields=["former", "former_until", "secret"])
        _record(events.WebhookSecretChanged, held, by)
    return secret


def end_former_secret(*, endpoint: Endpoint, by: Actor) -> None:
    """The former secret signs no more, for example because somebody has it; locks the webhook; journal:
    WebhookSecretChanged. Refused: not_administrator, archived, removed, nothing_to_do.
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held = _held(endpoint)
        if held.former is None:
            raise Refused("nothing_to_do", _("There is nothing to do here now."))
        held.former, held.former_until = None, None
        held.save(update_fields=["former", "former_until"])
        _record(events.WebhookSecretChanged, held, by)


def pause_endpoint(*, endpoint: Endpoint, by: Actor) -> None:
    """Tell nothing until resumed: what happens meanwhile waits. Locks the webhook; journal: WebhookPaused.

    Refused: not_administrator, archived, removed, already_done.
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held = _held(endpoint, State.ACTIVE)
        held.state, held.stopped_at = State.PAUSED, clock.now()
        held.save(update_fields=["state", "stopped_at"])
        _record(events.WebhookPaused, held, by)


def resume_endpoint(*, endpoint: Endpoint, by: Actor) -> None:
    """Go on where it stood; locks the webhook; journal: WebhookResumed.

    Refused: not_administrator, archived, removed, already_done.
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held = _held(endpoint, State.PAUSED, State.STOPPED, State.GONE, State.SEALED)
        held.state, held.stopped_at, held.failing_since, held.hold_until = State.ACTIVE, None, None, None
        held.save(update_fields=["state", "stopped_at", "failing_since", "hold_until"])
        held.lanes.update(next_at=clock.now())
        _record(events.WebhookResumed, held, by)


def remove_endpoint(*, endpoint: Endpoint, by: Actor) -> None:
    """Forget the webhook, its secret and what it was not told; locks it; journal: WebhookRemoved.

    Refused: not_administrator, archived, removed.
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held = _held(endpoint)
        _record(events.WebhookRemoved, held, by)
        held.delete()


def ping_endpoint(*, endpoint: Endpoint, by: Actor) -> delivering.Said:
    """Send a signed test event now and say what came of it; writes nothing down: it is in no log, and says nothing of
    how the receiver takes events. Refused: not_administrator, archived, seal_broken.
    """
    _administrator_only(endpoint.community, by)
    reference, body = ping_body(endpoint)
    try:
        held = [opened(bytes(endpoint.secret), endpoint.pk)]
    except SealBroken:
        raise Refused(
            "seal_broken",
            _("The secret of this webhook cannot be opened with the key of this server: make a new one."),
        ) from None
    return delivering.deliver(endpoint.url, reference, body, held, timeout=PING_SECONDS)


def retry_lanes(*, endpoint: Endpoint, by: Actor) -> int:
    """Try what is behind now and not after its pause; how many lanes. Locks the webhook; no journal entry.

    Refused: not_administrator, archived, removed, already_done (it is paused).
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held = _held(endpoint, State.ACTIVE)
        held.hold_until = None
        held.save(update_fields=["hold_until"])
        return held.lanes.update(next_at=clock.now())


def skip_entry(*, lane: Lane, position: int, by: Actor) -> None:
    """Lay the entry that holds a contest up aside, so that the next ones are told; locks the webhook; no journal entry.

    position: of the entry that the official saw. Refused: not_administrator, archived, removed, already_done (the lane
    has moved since).
    """
    _administrator_only(lane.endpoint.community, by)
    with transaction.atomic():
        _held(lane.endpoint)
        held = Lane.objects.select_for_update(of=("self",)).select_related("log").filter(pk=lane.pk).first()
        entry = entry_placed(held.log, held.position) if held is not None else None
        if held is None or entry is None or held.position != position:
            raise Refused("already_done", _("This has been done already, or it has changed meanwhile."))
        delivering.give_up(
            held,
            entry,
            held.attempts,
            outcome=held.outcome,
            answer=held.answer,
            milliseconds=held.milliseconds,
        )


def resend_entries(*, endpoint: Endpoint, references: Collection[UUID], by: Actor) -> int:
    """Have entries that were given up sent once more, all where none is named; how many. The sender does it within
    seconds. No journal entry. Refused: not_administrator, archived, not_found, already_done (it is paused).
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        held = _held(endpoint, State.ACTIVE)
        return _undelivered(held, references).update(asked_at=clock.now())


def drop_entries(*, endpoint: Endpoint, references: Collection[UUID], by: Actor) -> int:
    """Strike entries that were given up off the list, all where none is named; how many. The journal holds them still.

    No journal entry. Refused: not_administrator, archived, not_found.
    """
    _administrator_only(endpoint.community, by)
    with transaction.atomic():
        number, _models = _undelivered(_held(endpoint), references).delete()
    return number


def _undelivered(endpoint: Endpoint, references: Collection[UUID]):  # type: ignore[no-untyped-def]
    found = Undelivered.objects.filter(endpoint=endpoint)
    if references:
        found = found.filter(pk__in=references)
    if not found.exists():
        raise Refused("not_found", _("There is no such event any more."), status=404)
    return found


def _administrator_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator of the body may do this."), status=403)
    if community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform."))


def _held(endpoint: Endpoint, *states: str) -> Endpoint:
    """The webhook, its row locked, in one of the states. Refused: removed, already_done."""
    held = (
        Endpoint.objects.select_for_update(of=("self",))
        .select_related("community__territory")
        .filter(pk=endpoint.pk)
        .first()
    )
    if held is None:
        raise Refused("removed", _("A colleague has removed this webhook."), status=404)
    if states and held.state not in states:
        raise Refused("already_done", _("This has been done already, or it has changed meanwhile."))
    return held


def _checked(
    community: Community, *, title: str, url: str, kinds: Collection[str], contest: Contest | None
) -> dict[str, object]:
    """The fields as they are kept. Refused: bad_value, with every field that has a fault."""
    said = {"title": " ".join(title.split()), "url": url.strip(), "kinds": sorted(set(kinds))}
    faults: dict[str, str] = {}
    if not said["title"]:
        faults["title"] = _("This field is needed.")
    elif len(str(said["title"])) > MAX_TITLE or not str(said["title"]).isprintable():
        faults["title"] = _("No more than %(limit)d letters, please.") % {"limit": MAX_TITLE}
    try:
        examine(str(said["url"])[: MAX_URL + 1])
    except Unreachable as error:
        faults["url"] = str(error)
    if len(str(said["url"])) > MAX_URL:
        faults["url"] = _("No more than %(limit)d letters, please.") % {"limit": MAX_URL}
    if len(said["kinds"]) > MAX_KINDS or not all(is_wanted_word(each) for each in said["kinds"]):
        faults["kinds"] = _("Choose events from the list.")
    if contest is not None and contest.community_id != community.pk:
        faults["contest"] = _("Choose a contest of this body.")
    if faults:
        raise Refused("bad_value", next(iter(faults.values())), fields=faults, status=422)
    return said


def _record(event: type[events.WebhookEvent], endpoint: Endpoint, by: Actor, **facts: object) -> None:
    entry = event(webhook=str(endpoint.pk), title=endpoint.title, **facts)  # type: ignore[arg-type]
    journal.append(entry, community=endpoint.community.code, year=clock.year(), by=by)
