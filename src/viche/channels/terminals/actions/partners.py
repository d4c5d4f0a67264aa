"""A partner is connected by two administrators, stopped by one, and given its limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_network

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.channels.terminals.actions.partner_keys import add_key, confirm_keys
from viche.channels.terminals.events import (
    PartnerConnected,
    PartnerDeclined,
    PartnerEvent,
    PartnerLimited,
    PartnerProposed,
    PartnerResumed,
    PartnerStopped,
)
from viche.channels.terminals.models import Partner, PartnerState, Way
from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal

SLUG = re.compile(r"[a-z][a-z0-9-]{1,19}")
CERTIFICATE = re.compile(r"[0-9a-f]{64}|")
MOST_ADDRESSES = 50


@dataclass(frozen=True)
class Contract:
    """By what a partner is connected. person: who answers for it at the partner, with a phone or an address."""

    number: str
    day: date
    person: str


@dataclass(frozen=True)
class Limits:
    """Most requests a minute and a day; the partner's own window; where its machines are; SHA-256 (hex) of its TLS
    client certificate, "" where none is compared.
    """

    minute: int = 600
    day: int = 100_000
    from_at: datetime | None = None
    to_at: datetime | None = None
    addresses: tuple[str, ...] = ()
    certificate: str = ""


def propose_partner(
    *, community: Community, name: str, slug: str, way: str, contract: Contract, key: bytes, by: Actor,
    limits: Limits | None = None,
) -> Partner:  # fmt: skip
    """Propose to connect a partner with its first key; a second administrator confirms.

    One transaction; journal: PartnerProposed, PartnerKeyProposed. Refused: not_administrator, bad_value (name, slug,
    way, contract, key, limits), slug_taken, key_used.
    """
    _administrators_only(community, by)
    limits = limits or Limits()
    _check_words(name, slug, way, contract)
    _check_limits(limits)
    try:
        with transaction.atomic():
            made = Partner.objects.create(
                community=community, name=name.strip(), slug=slug, way=way, contract_number=contract.number.strip(),
                contract_date=contract.day, contract_person=contract.person.strip(), proposed_by_id=by.person_id,
                proposed_at=clock.now(), **_fields(limits),
            )  # fmt: skip
            event = PartnerProposed(
                partner=str(made.pk), title=made.name, contract=made.contract_number, way=way
            )
            _record(made, by, event)
            add_key(partner=made, public_key=key, by=by)
    except IntegrityError as error:
        if "one_partner_a_slug" not in str(error):
            raise
        message = _("Another partner of the community has this short name.")
        raise Refused("slug_taken", message, fields={"slug": message}, status=422) from None
    return made


def confirm_partner(*, partner: Partner, by: Actor) -> Partner:
    """A second administrator connects the partner; its first key counts from now on.

    Locks the partner; journal: PartnerConnected, PartnerKeyConfirmed. Refused: not_administrator, same_person,
    already_done.
    """
    with transaction.atomic():
        held = _deciding(partner, by)
        held.state, held.decided_by_id, held.decided_at = PartnerState.ACTIVE, by.person_id, clock.now()
        held.save(update_fields=["state", "decided_by", "decided_at"])
        _record(
            held, by,
            PartnerConnected(
                partner=str(held.pk), title=held.name, contract=held.contract_number, way=held.way
            ),
        )  # fmt: skip
        confirm_keys(partner=held, by=by)
    return held


def decline_partner(*, partner: Partner, reason: str, by: Actor) -> Partner:
    """A second administrator does not connect the partner. Locks it; journal: PartnerDeclined.

    Refused: not_administrator, same_person, already_done, bad_value (reason).
    """
    said = _said(reason)
    with transaction.atomic():
        held = _deciding(partner, by)
        held.state, held.decided_by_id, held.decided_at = PartnerState.DECLINED, by.person_id, clock.now()
        held.stop_reason = said
        held.save(update_fields=["state", "decided_by", "decided_at", "stop_reason"])
        _record(held, by, PartnerDeclined(partner=str(held.pk), title=held.name, reason=said))
    return held


def stop_partner(*, partner: Partner, reason: str, by: Actor) -> Partner:
    """The kill switch: from the next request on nothing of the partner is taken. One administrator is enough.

    Locks the partner; journal: PartnerStopped. One that is stopped stays so. Refused: not_administrator, not_connected,
    bad_value (reason).
    """
    _administrators_only(partner.community, by)
    said = _said(reason)
    with transaction.atomic():
        held = _held(partner)
        if held.state == PartnerState.STOPPED:
            return held
        if held.state != PartnerState.ACTIVE:
            raise _not_connected()
        held.state, held.stopped_at, held.stop_reason = PartnerState.STOPPED, clock.now(), said
        held.save(update_fields=["state", "stopped_at", "stop_reason"])
        _record(held, by, PartnerStopped(partner=str(held.pk), title=held.name, reason=said))
    return held


def resume_partner(*, partner: Partner, by: Actor) -> Partner:
    """A stopped partner works again. Locks it; journal: PartnerResumed. Refused: not_administrator, not_connected."""
    _administrators_only(partner.community, by)
    with transaction.atomic():
        held = _held(partner)
        if held.state == PartnerState.ACTIVE:
            return held
        if held.state != PartnerState.STOPPED:
            raise _not_connected()
        held.state, held.stopped_at, held.stop_reason = PartnerState.ACTIVE, None, ""
        held.save(update_fields=["state", "stopped_at", "stop_reason"])
        _record(held, by, PartnerResumed(partner=str(held.pk), title=held.name))
    return held


def set_limits(*, partner: Partner, limits: Limits, by: Actor) -> Partner:
    """Quotas, window, addresses and certificate of a partner. Locks it; journal: PartnerLimited.

    Refused: not_administrator, bad_value (quota_minute, quota_day, to_at, addresses, certificate).
    """
    _administrators_only(partner.community, by)
    _check_limits(limits)
    with transaction.atomic():
        held = _held(partner)
        for name, value in _fields(limits).items():
            setattr(held, name, value)
        held.save(update_fields=list(_fields(limits)))
        event = PartnerLimited(
            partner=str(held.pk), title=held.name, minute=limits.minute, day=limits.day,
            from_at=limits.from_at.isoformat() if limits.from_at else "",
            to_at=limits.to_at.isoformat() if limits.to_at else "", certificate=limits.certificate,
        )  # fmt: skip
        _record(held, by, event)
    return held


def _fields(limits: Limits) -> dict[str, object]:
    return {
        "quota_minute": limits.minute, "quota_day": limits.day, "from_at": limits.from_at, "to_at": limits.to_at,
        "addresses": list(limits.addresses), "certificate": limits.certificate,
    }  # fmt: skip


def _deciding(partner: Partner, by: Actor) -> Partner:
    """The proposed partner, held. Refused: not_administrator, same_person, already_done."""
    _administrators_only(partner.community, by)
    held = _held(partner)
    if held.state != PartnerState.PROPOSED:
        raise Refused("already_done", _("Somebody has decided about this already."), status=409)
    if held.proposed_by_id is not None and held.proposed_by_id == by.person_id:
        raise Refused(
            "same_person", _("You have proposed this yourself: another administrator decides."), status=403
        )
    return held


def _held(partner: Partner) -> Partner:
    return Partner.objects.select_for_update(of=("self",)).select_related("community").get(pk=partner.pk)


def _administrators_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator connects and stops terminals."), status=403
        )


def _not_connected() -> Refused:
    return Refused("not_connected", _("This partner was never connected."), status=409)


def _said(reason: str) -> str:
    said = reason.strip()
    if not 3 <= len(said) <= 500:
        message = _("Say why in 3 to 500 letters; the journal shows it to everybody.")
        raise Refused("bad_value", message, fields={"reason": message}, status=422)
    return said


def _check_words(name: str, slug: str, way: str, contract: Contract) -> None:
    faults: dict[str, str] = {}
    if not 2 <= len(name.strip()) <= 120:
        faults["name"] = _("A name of 2 to 120 letters.")
    if not SLUG.fullmatch(slug):
        faults["slug"] = _("2 to 20 small Latin letters, digits and dashes; a letter first.")
    if way not in Way.values:
        faults["way"] = _("Choose one of the ways.")
    if not 1 <= len(contract.number.strip()) <= 60:
        faults["contract_number"] = _("The number of the contract, up to 60 letters.")
    if not 3 <= len(contract.person.strip()) <= 200:
        faults["contract_person"] = _("Who answers for it, 3 to 200 letters.")
    if contract.day > clock.now().astimezone(clock.KYIV).date():
        faults["contract_date"] = _("This day is still to come.")
    _raise(faults)


def _check_limits(limits: Limits) -> None:
    faults: dict[str, str] = {}
    if not 1 <= limits.minute <= 100_000:
        faults["quota_minute"] = _("From 1 to 100,000 requests a minute.")
    if not 1 <= limits.day <= 10_000_000:
        faults["quota_day"] = _("From 1 to 10,000,000 requests a day.")
    if limits.from_at is not None and limits.to_at is not None and limits.to_at <= limits.from_at:
        faults["to_at"] = _("The end comes after the beginning.")
    if not CERTIFICATE.fullmatch(limits.certificate):
        faults["certificate"] = _("64 hexadecimal digits: SHA-256 of the certificate.")
    if len(limits.addresses) > MOST_ADDRESSES or not _are_networks(limits.addresses):
        faults["addresses"] = _("IP addresses or networks such as 203.0.113.0/24, up to 50.")
    _raise(faults)


def _are_networks(addresses: Sequence[str]) -> bool:
    try:
        return all(ip_network(each) for each in addresses)
    except ValueError:
        return False


def _raise(faults: dict[str, str]) -> None:
    if faults:
        raise Refused("bad_value", " ".join(faults.values()), fields=faults, status=422)


def _record(partner: Partner, by: Actor, *events: PartnerEvent) -> None:
    journal.append(*events, community=partner.community.code, year=clock.year(), by=by)
