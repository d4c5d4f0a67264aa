"""Writes about the ways of terminal networks; what a terminal does goes through door.py."""

import secrets
from collections.abc import Iterable
from ipaddress import ip_network

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TERMINAL
from viche.ballots.channels import channel_of
from viche.channels.terminals.models import Partner
from viche.channels.terminals.networks.baskets import KINDS
from viche.channels.terminals.networks.dialects import DIALECTS
from viche.channels.terminals.networks.events import WayChanged, WayEvent, WayOpened, WayResumed, WayStopped
from viche.channels.terminals.networks.models import NetworkWay
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal

# hryvnias are typed by people: a nominal sum is a few of them at most
MOST_AMOUNT = 100_000
PATH_OCTETS = 24


def open_way(
    *, partner: Partner, dialect: str, addresses: Iterable[str], by: Actor, contest: Contest | None = None,
    amount: int = 0, basket: str = NetworkWay.Basket.CONFIRM, service_apart: bool = False,
) -> NetworkWay:  # fmt: skip
    """Open a way for a partner's network, with a secret address of its own; journal: WayOpened.

    addresses: networks it comes from; at least one, for these protocols sign nothing. contest: None for whichever
    votes at terminals. Refused: not_administrator, no_contest, channel_not_offered, bad_value (dialect, addresses,
    amount, basket, contest).
    """
    _administrator_only(partner, by)
    if dialect not in DIALECTS:
        raise _wrong("dialect", _("Choose the protocol of the network."))
    if contest is not None:
        _check_contest(partner, contest, basket)
    with transaction.atomic():
        way = NetworkWay.objects.create(
            community_id=partner.community_id, partner=partner, contest=contest, dialect=dialect,
            path=secrets.token_urlsafe(PATH_OCTETS), addresses=_read_addresses(addresses), amount=_read_amount(amount),
            basket=_read_basket(basket), service_apart=service_apart, opened_by_id=by.person_id, opened_at=clock.now(),
        )  # fmt: skip
        _record(way, by, WayOpened(**_facts(way)))
    return way


def set_way(*, way: NetworkWay, addresses: Iterable[str], amount: int, basket: str, by: Actor) -> NetworkWay:
    """Set where the network comes from, what it pays and when its baskets are cast; journal: WayChanged, where
    something changed. Locks the way. Refused: not_administrator, bad_value (addresses, amount, basket).
    """
    _administrator_only(way.partner, by)
    with transaction.atomic():
        held = _held(way)
        if held.contest is not None:
            _check_contest(held.partner, held.contest, basket)
        before = _facts(held)
        held.addresses, held.amount = _read_addresses(addresses), _read_amount(amount)
        held.basket = _read_basket(basket)
        if _facts(held) != before:
            held.save(update_fields=["addresses", "amount", "basket"])
            _record(held, by, WayChanged(**_facts(held)))
    return held


def stop_way(*, way: NetworkWay, by: Actor) -> NetworkWay:
    """Take nothing more from this way, at once; baskets that are not cast are no ballots. Stopping a stopped one is
    harmless. Locks the way; journal: WayStopped. Refused: not_administrator.
    """
    return _turned(way, NetworkWay.State.STOPPED, WayStopped, by)


def resume_way(*, way: NetworkWay, by: Actor) -> NetworkWay:
    """Take from a stopped way again. Locks the way; journal: WayResumed. Refused: not_administrator."""
    return _turned(way, NetworkWay.State.OPEN, WayResumed, by)


def _turned(way: NetworkWay, state: str, event: type[WayEvent], by: Actor) -> NetworkWay:
    _administrator_only(way.partner, by)
    with transaction.atomic():
        held = _held(way)
        if held.state != state:
            held.state = state
            held.save(update_fields=["state"])
            _record(held, by, event(way=str(held.pk), name=held.partner.name, dialect=held.dialect))
    return held


def _held(way: NetworkWay) -> NetworkWay:
    found = NetworkWay.objects.select_for_update(of=("self",)).select_related("partner__community", "contest")
    return found.get(pk=way.pk)


def _facts(way: NetworkWay) -> dict[str, str | int]:
    return {
        "way": str(way.pk), "name": way.partner.name, "dialect": way.dialect, "amount": way.amount,
        "basket": str(way.basket), "addresses": ", ".join(way.addresses),
    }  # fmt: skip


def _record(way: NetworkWay, by: Actor, event: WayEvent) -> None:
    journal.append(event, community=way.partner.community.code, year=clock.year(), by=by)


def _administrator_only(partner: Partner, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=partner.community.code):
        raise Refused("not_administrator", _("Only an administrator decides about terminals."), status=403)


def _wrong(name: str, message: str) -> Refused:
    return Refused("bad_value", message, fields={name: message}, status=422)


def _check_contest(partner: Partner, contest: Contest, basket: str) -> None:
    if contest.community_id != partner.community_id:
        raise Refused("no_contest", _("There is no such contest in this community."), status=404)
    channel_of(contest.rules, TERMINAL)
    shape = contest.rules.ballot
    if shape.kind not in KINDS:
        raise _wrong(
            "contest", _("Points and places cannot be given by payments: this ballot needs our own protocol.")
        )
    if basket == NetworkWay.Basket.FULL and shape.choice_limit is None:
        raise _wrong("basket", _("The rules set no number of choices that would fill a ballot."))
    if basket == NetworkWay.Basket.SINGLE and shape.min_choices > 1:
        raise _wrong("basket", _("By the rules one project is not a whole ballot."))


def _read_addresses(addresses: Iterable[str]) -> list[str]:
    read = []
    for each in addresses:
        try:
            read.append(str(ip_network(each.strip())))
        except ValueError:
            raise _wrong("addresses", _("“%s” is no address and no network.") % each.strip()) from None
    if not read:
        raise _wrong("addresses", _("Name the addresses of the network: its protocol is not signed."))
    if any(ip_network(each).prefixlen == 0 for each in read):
        raise _wrong("addresses", _("A network of all addresses lets everybody in."))
    return sorted(set(read))


def _read_amount(amount: int) -> int:
    if not 0 <= amount <= MOST_AMOUNT:
        raise _wrong("amount", _("The sum is between nothing and a thousand hryvnias."))
    return amount


def _read_basket(basket: str) -> str:
    if basket not in NetworkWay.Basket.values:
        raise _wrong("basket", _("Choose when a basket becomes a ballot."))
    return basket
