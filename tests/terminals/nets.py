"""What the tests of terminal networks stand on: a vote, a partner, a way in some dialect, voters before a terminal."""

from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests import given

from viche.ballots.models import Ballot, Participation
from viche.channels.terminals.actions import Contract, Limits, confirm_partner, propose_partner
from viche.channels.terminals.models import Partner
from viche.channels.terminals.networks.actions import open_way
from viche.channels.terminals.networks.models import NetworkWay
from viche.communities.models import Community
from viche.contests.models import Contest

VOTING_DAY = given.day(45)
LOOPBACK = ("127.0.0.1/32",)
RULES = {**given.RULES, "identity_methods": ["isei", "terminal"]}


def number_of(name: str, **facts: Any) -> str:
    """The tax number of somebody of the cast."""
    facts.setdefault("serial", given.serial_of(name))
    return str(given.claims(name, **facts).tax_number)


def voter(name: str = "Петро", **facts: Any) -> str:
    """Somebody on record who may vote; the tax number they type."""
    given.person(name, **facts)
    return number_of(name, **facts)


def partner(
    body: Community, *, slug: str = "privat", way: str = "terminal", limits: Limits | None = None
) -> Partner:
    """A partner that two administrators connected."""
    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    first, second = (given.official(name, "administrator", body) for name in ("Віктор", "Лариса"))
    proposed = propose_partner(
        community=body, name="ПриватБанк", slug=slug, way=way, key=key, by=first, limits=limits,
        contract=Contract("12/2026", date(2026, 2, 1), "Іваненко І. І., +380 44 000 00 00"),
    )  # fmt: skip
    return confirm_partner(partner=proposed, by=second)


def vote(**ballot: Any) -> Contest:
    """A contest that is voting; four projects, numbered from 1."""
    rules = {**RULES, "ballot": {**given.RULES["ballot"], **ballot}}
    made, _projects = given.voting_contest(rules=rules)
    return made


def way_in(contest: Contest, dialect: str, *, of: Partner | None = None, **facts: Any) -> NetworkWay:
    """A way of a partner that two administrators connected."""
    facts = {"contest": contest, "addresses": LOOPBACK, **facts}
    by = given.official("Віктор", "administrator", contest.community)
    return open_way(partner=of or partner(contest.community), dialect=dialect, by=by, **facts)


def address_of(way: NetworkWay) -> str:
    return f"/{way.community.slug}/terminals/{way.dialect}/{way.path}/"


def in_the_box() -> tuple[int, int]:
    """(marks, ballots)."""
    return Participation.objects.filter(annulled_at=None).count(), Ballot.objects.count()
