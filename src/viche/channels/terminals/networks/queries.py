"""Reads of the ways of terminal networks."""

from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db.models import QuerySet

from viche.channels.terminals.models import Partner
from viche.channels.terminals.networks.models import Basket, NetworkWay, Payment
from viche.communities.models import Community

_WAYS = NetworkWay.objects.select_related(
    "partner__community__territory", "contest__community__territory", "community"
)


def way_at(community: Community, dialect: str, path: str) -> NetworkWay | None:
    """The way of this secret address; None for every other, whatever is wrong with it."""
    return _WAYS.filter(community=community, dialect=dialect, path=path).first()


def way_with_id(community: Community, reference: UUID) -> NetworkWay | None:
    """A way by its id, for officials."""
    return _WAYS.filter(community=community, pk=reference).first()


def ways_of(partner: Partner) -> QuerySet[NetworkWay]:
    """The ways of a partner, the oldest first."""
    return _WAYS.filter(partner=partner)


def is_from(way: NetworkWay, address: str) -> bool:
    """Whether the network may come from this IP address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ip_network(each) for each in way.addresses)


def way_figures(way: NetworkWay) -> dict[str, int]:
    """What came by a way, in numbers: payments done and cancelled, ballots cast, baskets that ran out or are open."""
    payments = Payment.objects.filter(way=way)
    baskets = Basket.objects.filter(way=way)
    return {
        "done": payments.filter(state=Payment.State.DONE).count(),
        "cancelled": payments.filter(state=Payment.State.CANCELLED).exclude(digest=b"").count(),
        "cast": baskets.filter(state=Basket.State.CAST).count(),
        "expired": baskets.filter(state=Basket.State.EXPIRED).count(),
        "open": baskets.filter(state=Basket.State.OPEN).count(),
    }
