"""A voter's basket on a way: what it holds, sealed under the contest's key of marks (docs/terminals/networks.md)."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from rulebook.ballot import BallotPaper, allowance, defects
from viche.ballots.actions import candidates_of, names_in
from viche.ballots.papers import open_note, seal_note
from viche.ballots.tokens import marks_key
from viche.ballots.wording import defects_text
from viche.channels.terminals.networks.models import Basket, NetworkWay
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person

# how long a voter may stand before a terminal and think
LIFETIME = timedelta(minutes=30)
# choices of any usual ballot take the same room, so that the length of a basket tells nothing
ROOM = 1_500
# kinds of a ballot where a payment can be one choice
KINDS = ("approval", "choose-1")


@dataclass(frozen=True)
class Contents:
    """secret: 32 random bytes, the request by which the ballot is cast and can be taken back. choices: codes."""

    secret: bytes
    choices: tuple[str, ...] = ()


def bearer_of(way: NetworkWay, contest: Contest, number: str) -> bytes:
    """What a basket knows its voter by: another token than that of the mark, so that no join finds the two."""
    return hmac.digest(marks_key(contest), f"viche/basket/v1|{way.pk}|{number}".encode(), hashlib.sha256)


def digest_of(way: NetworkWay, contest: Contest, *said: str) -> bytes:
    """What a payment asked, for comparison: without the contest's key nobody tries out what it was."""
    text = "|".join((str(way.pk), *said))
    return hmac.digest(marks_key(contest), f"viche/payment/v1|{text}".encode(), hashlib.sha256)


def open_basket(basket: Basket) -> Contents:
    """What is in the basket. Raises keys.KeyMissing."""
    read = json.loads(open_note(basket.contest, bytes(basket.sealed)))
    return Contents(bytes.fromhex(read["secret"]), tuple(read["choices"]))


def seal_contents(contest: Contest, contents: Contents) -> bytes:
    """The contents as they are kept. Raises keys.KeyMissing."""
    text = json.dumps(
        {"secret": contents.secret.hex(), "choices": list(contents.choices)}, ensure_ascii=False
    )
    return seal_note(contest, text.encode().ljust(ROOM))


def seal_line(contest: Contest, *words: str) -> bytes:
    """A few words of a payment as they are kept."""
    return seal_note(contest, json.dumps(words, ensure_ascii=False).encode().ljust(ROOM))


def open_line(contest: Contest, sealed: bytes) -> tuple[str, ...]:
    """What seal_line sealed."""
    return tuple(json.loads(open_note(contest, sealed)))


def live_basket(way: NetworkWay, contest: Contest, number: str) -> Basket | None:
    """The voter's open basket that has not run out. Raises keys.KeyMissing."""
    found = Basket.objects.filter(
        way=way, contest=contest, bearer=bearer_of(way, contest, number), state=Basket.State.OPEN
    )
    return found.filter(expires_at__gt=clock.now()).first()


def held_basket(way: NetworkWay, contest: Contest, number: str) -> Basket:
    """The voter's basket, its row locked; a new one where there is none, or where it has run out.

    Raises IntegrityError where another payment makes one at this very moment, keys.KeyMissing.
    """
    bearer = bearer_of(way, contest, number)
    held = (
        Basket.objects.select_for_update()
        .filter(way=way, contest=contest, bearer=bearer, state=Basket.State.OPEN)
        .first()
    )
    now = clock.now()
    if held is not None and held.expires_at > now:
        return held
    if held is not None:
        end_basket(held, Basket.State.EXPIRED)
    return Basket.objects.create(
        community_id=way.community_id, way=way, contest=contest, bearer=bearer, made_at=now, expires_at=now + LIFETIME,
        sealed=seal_contents(contest, Contents(secrets.token_bytes(32))),
    )  # fmt: skip


def end_basket(basket: Basket, state: str, sealed: bytes = b"") -> None:
    """The basket is open no more, and nothing that was chosen stays in it or in its payments."""
    basket.state, basket.sealed = state, sealed
    basket.save(update_fields=["state", "sealed", "reference"])
    basket.payments.update(sealed=b"")


def paper_of(contest: Contest, codes: tuple[str, ...]) -> BallotPaper:
    """The ballot that a basket makes."""
    return BallotPaper.of(contest.rules.ballot.kind, ((code, 1) for code in codes))


def faults_of(contest: Contest, codes: tuple[str, ...], voter: Person | None) -> list[str]:
    """What is wrong with a basket that is still being filled, in words: too few is not yet a fault."""
    found = [
        each
        for each in defects(paper_of(contest, codes), contest.rules, candidates_of(contest, voter))
        if each.code not in ("empty", "too_few")
    ]
    return defects_text(found, names_in(contest), currency=contest.currency, kind=contest.rules.ballot.kind)


def is_full(contest: Contest, codes: tuple[str, ...]) -> bool:
    """Whether the ballot has all the choices it may have."""
    use = allowance(paper_of(contest, codes), contest.rules, candidates_of(contest))
    return use.choices.left == 0 and use.missing == 0
