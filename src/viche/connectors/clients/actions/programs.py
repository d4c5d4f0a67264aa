"""Programs: proposed by an administrator, agreed to by the official in whose name they act, revoked by either."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.clients import tokens
from viche.connectors.clients.events import (
    ClientChanged,
    ClientConnected,
    ClientEvent,
    ClientKeyMade,
    ClientKeyRevoked,
    ClientProposed,
    ClientRevoked,
)
from viche.connectors.clients.models import Client, ClientState, Secret
from viche.connectors.clients.scopes import SCOPES, is_held
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person, Role
from viche.identity.queries import roles_in
from viche.journal import actions as journal

OVERLAPS = (0, 1, 24, 168)
"""For how many hours the old key may still count when a new one is made."""


@dataclass(frozen=True)
class Limits:
    """How often a program may ask, and from where; no network: from anywhere."""

    minute: int = 120
    day: int = 20_000
    networks: Sequence[str] = ()


def propose_client(
    *, community: Community, title: str, official: Person, scopes: Sequence[str], limits: Limits, purpose: str = "",
    by: Actor,
) -> Client:  # fmt: skip
    """Describe a program to be connected. It works once the official has agreed; at once, where they propose it.

    Journal: ClientProposed, and ClientConnected where the official is the actor. Refused: not_administrator, bad_value
    (fields), office_missing (the official holds no office that a scope needs), title_used.
    """
    _administrators_only(community, by)
    wanted = [name for name in SCOPES if name in scopes]
    _check(title, wanted, limits)
    _check_offices(community, official, wanted)
    is_own = by.person_id == official.pk
    try:
        with transaction.atomic():
            made = Client.objects.create(
                community=community, title=title.strip(), purpose=purpose.strip()[:300], official=official,
                scopes=wanted, state=ClientState.ACTIVE if is_own else ClientState.WAITING,
                quota_minute=limits.minute, quota_day=limits.day, networks=list(limits.networks),
                made_by_id=by.person_id, made_at=clock.now(), confirmed_at=clock.now() if is_own else None,
            )  # fmt: skip
            _record(made, by, ClientProposed, scopes=", ".join(wanted))
            if is_own:
                _record(made, by, ClientConnected)
    except IntegrityError:
        message = _("There is a program of this name already.")
        raise Refused("title_used", message, fields={"title": message}, status=422) from None
    return made


def confirm_client(*, client: Client, by: Actor) -> Client:
    """The official agrees that the program acts in their name. Locks the row; journal: ClientConnected.

    Refused: not_official (another person), already_done, office_missing.
    """
    with transaction.atomic():
        held = _held(client)
        if by.person_id != held.official_id:
            raise Refused(
                "not_official", _("Only the official in whose name the program acts may agree."), status=403
            )
        if held.state != ClientState.WAITING:
            raise Refused("already_done", _("This is decided already."))
        _check_offices(held.community, held.official, held.scopes)
        held.state, held.confirmed_at = ClientState.ACTIVE, clock.now()
        held.save(update_fields=["state", "confirmed_at"])
        _record(held, by, ClientConnected)
    return held


def revise_client(*, client: Client, limits: Limits, by: Actor) -> Client:
    """Other quotas or networks, from the next request on. Locks the row; journal: ClientChanged.

    Refused: not_administrator, already_done (revoked), bad_value (fields).
    """
    _administrators_only(client.community, by)
    _check(client.title, client.scopes, limits)
    with transaction.atomic():
        held = _not_revoked(client)
        held.quota_minute, held.quota_day, held.networks = limits.minute, limits.day, list(limits.networks)
        held.save(update_fields=["quota_minute", "quota_day", "networks"])
        _record(held, by, ClientChanged)
    return held


def make_secret(*, client: Client, overlap: int = 0, by: Actor) -> str:
    """A new key of the program: the whole of it, which nobody sees again. overlap: hours for which the old one counts.

    Locks the client; journal: ClientKeyMade with the hint. Refused: not_administrator, already_done (revoked),
    bad_value.
    """
    _administrators_only(client.community, by)
    if overlap not in OVERLAPS:
        message = _("Choose one of the terms.")
        raise Refused("bad_value", message, fields={"overlap": message}, status=422)
    hint, secret = tokens.new_secret()
    with transaction.atomic():
        held, now = _not_revoked(client), clock.now()
        ends_at = now + timedelta(hours=overlap)
        Secret.objects.filter(client=held, ends_at__isnull=True, revoked_at__isnull=True).update(
            ends_at=ends_at
        )
        if not overlap:
            Secret.objects.filter(client=held, ends_at__gt=now).update(ends_at=now)
        Secret.objects.create(
            community_id=held.community_id, client=held, hint=hint, mark=tokens.mark_of(secret),
            made_by_id=by.person_id, made_at=now,
        )  # fmt: skip
        _record(held, by, ClientKeyMade, hint=hint)
    return secret


def revoke_secret(*, secret: Secret, by: Actor) -> Secret:
    """The key counts no more, for good. Locks the row; journal: ClientKeyRevoked. Refused: not_allowed."""
    _administrator_or_official(secret.client, by)
    with transaction.atomic():
        held = (
            Secret.objects.select_for_update(of=("self",))
            .select_related("client__community")
            .get(pk=secret.pk)
        )
        if held.revoked_at is None:
            held.revoked_at = clock.now()
            held.save(update_fields=["revoked_at"])
            _record(held.client, by, ClientKeyRevoked, hint=held.hint)
    return held


def revoke_client(*, client: Client, by: Actor) -> Client:
    """The program is disconnected for good: by an administrator, or by the official in whose name it acts.

    Locks the row; journal: ClientRevoked. Refused: not_allowed.
    """
    _administrator_or_official(client, by)
    with transaction.atomic():
        held = _held(client)
        if held.state != ClientState.REVOKED:
            held.state, held.revoked_at = ClientState.REVOKED, clock.now()
            held.save(update_fields=["state", "revoked_at"])
            _record(held, by, ClientRevoked)
    return held


def _held(client: Client) -> Client:
    found = Client.objects.select_for_update(of=("self",)).select_related("community__territory", "official")
    return found.get(pk=client.pk)


def _not_revoked(client: Client) -> Client:
    held = _held(client)
    if held.state == ClientState.REVOKED:
        raise Refused("already_done", _("This program is disconnected."))
    return held


def _administrators_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator connects programs."), status=403)


def _administrator_or_official(client: Client, by: Actor) -> None:
    if by.person_id == client.official_id or by.holds(Role.ADMINISTRATOR, community=client.community.code):
        return
    raise Refused(
        "not_allowed",
        _("Only an administrator or the official in whose name the program acts may stop it."),
        status=403,
    )


def _check(title: str, scopes: Sequence[str], limits: Limits) -> None:
    faults: dict[str, str] = {}
    if not 2 <= len(title.strip()) <= 120:
        faults["title"] = _("A name of 2 to 120 letters.")
    if not scopes:
        faults["scopes"] = _("Choose what the program may do.")
    if not 1 <= limits.minute <= 10_000:
        faults["quota_minute"] = _("From 1 to 10,000 requests a minute.")
    if not 1 <= limits.day <= 1_000_000:
        faults["quota_day"] = _("From 1 to 1,000,000 requests a day.")
    if len(limits.networks) > 50 or not _are_networks(limits.networks):
        faults["networks"] = _("IP addresses or networks such as 203.0.113.0/24, up to 50.")
    if faults:
        raise Refused("bad_value", _("Some fields need your attention."), fields=faults, status=422)


def _are_networks(networks: Sequence[str]) -> bool:
    try:
        return all(ip_network(each) for each in networks)
    except ValueError:
        return False


def _check_offices(community: Community, official: Person, scopes: Sequence[str]) -> None:
    held = roles_in(official, community)
    missing = [str(SCOPES[name].title) for name in scopes if not is_held(name, held)]
    if missing:
        message = _("This official holds no office by which a program may do this: %s.") % ", ".join(missing)
        raise Refused("office_missing", message, fields={"official": message}, status=422)


def _record(client: Client, by: Actor, kind: type[ClientEvent], **data: str) -> None:
    event = kind(client=str(client.pk), title=client.title, **data)
    journal.append(event, community=client.community.code, year=clock.year(), by=by)
