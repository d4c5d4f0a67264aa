"""A bank with terminals, for the tests: its partner, its key, and a terminal that speaks with the site under test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from tests import given
from tests.paper_box import paper_rules
from viche.api.signatures import answers_public_key
from viche.channels.terminals.actions import Contract, Limits, confirm_partner, propose_partner
from viche.channels.terminals.models import Partner
from viche.channels.terminals.simulator.client import Terminal
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.identity.providers import make_tax_number

VOTING = given.day(45)


def number_of(given_name: str, born: date = date(1985, 5, 5)) -> str:
    """The tax number of given.person of this name."""
    return make_tax_number(born, "female", given.serial_of(given_name) * 2).number


def administrators(body: Community) -> tuple[Actor, Actor]:
    """Two of them: one proposes, the other confirms."""
    return given.official("Віктор", "administrator", body), given.official("Надія", "administrator", body)


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def proposed(
    body: Community, key: Ed25519PrivateKey, *, by: Actor, slug: str = "bank", **facts: Any
) -> Partner:
    facts.setdefault("way", "terminal")
    facts.setdefault("limits", Limits())
    with clock.at(given.day(30)):
        return propose_partner(
            community=body, name="Банк", slug=slug, key=raw(key), by=by,
            contract=Contract("№ 17/2026", date(2026, 3, 2), "Марченко О. І., +380 44 000 00 00"), **facts,
        )  # fmt: skip


def partner(body: Community, key: Ed25519PrivateKey, **facts: Any) -> Partner:
    """A connected partner."""
    one, other = administrators(body)
    made = proposed(body, key, by=one, **facts)
    with clock.at(given.day(31)):
        return confirm_partner(partner=made, by=other)


def contest(body: Community | None = None, **rules: Any) -> tuple[Contest, list[Any]]:
    """A contest with four projects that votes at terminals too. rules: revote, cancel."""
    return given.voting_contest(body, rules=paper_rules(**rules))


def terminal(of: Partner, key: Ed25519PrivateKey, *, language: str = "uk", **headers: str) -> Terminal:
    """A terminal of the partner before the site under test. headers: as the proxy would add them."""
    browser = Client(raise_request_exception=False)

    def send(method: str, url: str, said: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        given_headers = {name: value for name, value in said.items() if name != "Content-Type"}
        answer = browser.generic(
            method, url.removeprefix("http://testserver"), body, content_type=said.get("Content-Type", ""),
            headers={**given_headers, **headers},
        )  # fmt: skip
        return answer.status_code, dict(answer.headers), answer.content

    return Terminal(
        send, f"http://testserver/{of.community.slug}/", of.keys.get().key_id, key, answers_public_key(of.community),
        language=language, clock=clock.now,
    )  # fmt: skip


@contextmanager
def voted_day(key: Ed25519PrivateKey) -> Iterator[tuple[Contest, Terminal, dict[str, str]]]:
    """The day on which three voted at a terminal, and the last of them took the ballot back: the contest, the terminal,
    and the state of each ballot by its reference.
    """
    made, (park, *_others) = contest(cancel=True)
    of = partner(made.community, key)
    voters = ("Петро", "Ганна", "Марія")
    for name in voters:
        given.person(name)
    with clock.at(VOTING):
        machine = terminal(of, key)
        references = [
            machine.cast(
                "2026", number_of(name), [park.code], request=f"request-{name.encode().hex()}"
            ).document["reference"]
            for name in voters
        ]
        machine.cancel(references[2], f"request-{voters[2].encode().hex()}")
        yield made, machine, dict(zip(references, ["cast", "cast", "cancelled"], strict=True))


def today() -> str:
    """The day in Kyiv, as banks tell it."""
    return clock.now().astimezone(clock.KYIV).date().isoformat()
