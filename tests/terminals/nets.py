"""What the tests of terminal networks stand on: a vote, a partner, a way in some dialect, voters before a terminal."""

from datetime import date, datetime
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, connections
from tests import given

from viche.ballots.models import Ballot, Participation
from viche.channels.terminals.actions import Contract, Limits, confirm_partner, propose_partner
from viche.channels.terminals.models import Partner
from viche.channels.terminals.networks.actions import open_way
from viche.channels.terminals.networks.models import NetworkWay
from viche.channels.terminals.networks.simulator import TERMINALS
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock

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


def way_in(voting: Contest, dialect: str, *, of: Partner | None = None, **facts: Any) -> NetworkWay:
    """A way of a partner that two administrators connected."""
    facts = {"contest": voting, "addresses": LOOPBACK, **facts}
    by = given.official("Віктор", "administrator", voting.community)
    return open_way(partner=of or partner(voting.community), dialect=dialect, by=by, **facts)


def address_of(way: NetworkWay) -> str:
    return f"/{way.community.slug}/terminals/{way.dialect}/{way.path}/"


def in_the_box() -> tuple[int, int]:
    """(marks, ballots)."""
    return Participation.objects.filter(annulled_at=None).count(), Ballot.objects.count()


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """A test that fails says so itself."""


class Site:
    """The whole application behind a real socket, at a moment of the test's.

    is_alone: it answers one request after another inside the test's own transaction; otherwise each request has a
    thread and a connection of its own, and what is committed is committed.
    """

    def __init__(self, moment: datetime = VOTING_DAY, *, is_alone: bool = True) -> None:
        self.moment = moment
        self.shared = connections["default"] if is_alone else None
        self.application = get_wsgi_application()
        kind = WSGIServer if is_alone else _Threads
        self.server = make_server("127.0.0.1", 0, self._answer, server_class=kind, handler_class=_Quiet)

    def __enter__(self) -> "Site":
        if self.shared is not None:
            self.shared.inc_thread_sharing()
            # as Django's own test client does: the connection is in the test's transaction and stays there
            for signal in (request_started, request_finished):
                signal.disconnect(close_old_connections)
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        if self.shared is not None:
            self.shared.dec_thread_sharing()
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if self.shared is not None:
            connections["default"] = self.shared
        try:
            with clock.at(self.moment):
                response = self.application(environ, start_response)
                try:
                    return [b"".join(response)]
                finally:
                    response.close()
        finally:
            if self.shared is None:
                connection.close()

    def address_of(self, way: NetworkWay) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{address_of(way)}"

    def terminal(self, way: NetworkWay, number: str, **facts: Any) -> Any:
        """The terminal of this way's network before a voter."""
        amount = f"{way.amount // 100}.{way.amount % 100:02d}"
        facts = {"amount": amount, "at": self.moment, **facts}
        return TERMINALS[way.dialect](self.address_of(way), number, **facts)
