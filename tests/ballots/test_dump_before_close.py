"""Somebody holds everything the platform has before the close: a dump of all tables with the place and transaction of
each row, the database's write-ahead log, its logs and ours, and the platform's own keys. The key of the box is the
commission's. They read no vote, and guess what a person chose no better than by tossing a coin.

What they can tell is whose envelope is whose (docs/security.md); so the guess is about what the envelope says.
"""

import json
import logging
import random
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection
from tests import given

from rulebook.ballot import BallotPaper, longest_document
from rulebook.canonical import canonical
from viche.ballots import sealing
from viche.ballots.actions import cast_ballot
from viche.ballots.models import Ballot, Box, Participation
from viche.contests.models import Contest
from viche.foundation import clock

VOTERS = 120
# of 60 coins 50 or more fall as foreseen once in six million tries
TOO_GOOD = 50


def commission_key(contest: Contest) -> X25519PrivateKey:
    """The key of the box is the commission's, and the platform's file holds another one."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    Box.objects.filter(contest=contest).update(public_key=public)
    return private


def position() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])


def octets(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def dump() -> bytes:
    """Every row of every table with its place on disk and the transaction that wrote it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "communities_territory":
                continue
            cursor.execute(f'SELECT ctid::text, xmin::text, line::text FROM "{table}" AS line ORDER BY ctid')
            found += ["|".join(row) for row in cursor.fetchall()]
    return "\n".join(found).encode()


def write_ahead_log(since: str, until: str) -> bytes:
    """The files of the write-ahead log between two positions, as they lie in the directory of the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()"
            " WHERE name BETWEEN pg_walfile_name(%s) AND pg_walfile_name(%s) ORDER BY name", [since, until],
        )  # fmt: skip
        return b"".join(bytes(content) for (content,) in cursor.fetchall())


Case = tuple[Contest, list[BallotPaper], list[bytes], list[int], bytes, X25519PrivateKey]


@pytest.fixture
def case(committed_db: None, caplog: pytest.LogCaptureFixture) -> Case:
    """120 people vote one after another, each for one project or for three, as a coin falls."""
    caplog.set_level(logging.DEBUG)
    contest, projects = given.voting_contest()
    private = commission_key(contest)
    chance = random.Random(2026)
    papers, requests, written = [], [], []
    voters = [given.person("Виборець", serial=place) for place in range(VOTERS)]
    since = position()
    with clock.at(given.day(45)):
        for voter in voters:
            chosen = projects[:1] if chance.random() < 0.5 else [projects[0], projects[1], projects[3]]
            papers.append(given.paper(*chosen))
            requests.append(secrets.token_bytes(32))
            before = position()
            cast_ballot(
                contest=contest, voter=voter, paper=papers[-1], channel="online", request_key=requests[-1]
            )
            written.append(octets(position()) - octets(before))
    held = dump() + write_ahead_log(since, position()) + caplog.text.encode()
    if settings.EMBEDDED_PLACE is not None:
        held += settings.EMBEDDED_PLACE.log.read_bytes()
    return contest, papers, requests, written, held, private


def test_they_read_no_vote(case):
    contest, papers, requests, _written, held, private = case
    assert bytes(Ballot.objects.all()[0].envelope) in held, "the write-ahead log is really here"
    for paper, request in zip(papers, requests, strict=True):
        for secret in (request, sealing.nonce_of(request), canonical(paper.document())):
            assert secret not in held
            assert secret.hex().encode() not in held
    # with the platform's own keys nothing opens; with the commission's everything does
    strangers = [bytes.fromhex(each) for each in _platform_keys(contest)]
    for ballot in Ballot.objects.all()[:10]:
        for stranger in strangers:
            with pytest.raises(ValueError, match="does not open"):
                _open(contest, ballot, stranger)
        assert _open(contest, ballot, private.private_bytes_raw())[0] in papers
    for mark in Participation.objects.all()[:10]:
        for stranger in strangers:
            with pytest.raises(ValueError, match="does not open"):
                sealing.open_link(contest=str(contest.id), link=bytes(mark.link), private_key=stranger)


def _platform_keys(contest: Contest) -> list[str]:
    return list(json.loads((settings.KEYS_DIR / f"{contest.id}.json").read_text()).values())


def _open(contest: Contest, ballot: Ballot, private: bytes) -> tuple[BallotPaper, bytes]:
    return sealing.open_envelope(
        contest=str(contest.id), envelope=bytes(ballot.envelope), private_key=private
    )


def hits(seen: list[Any], papers: list[BallotPaper]) -> int:
    """How often who knows the votes of the first half guesses those of the second by what looks most alike."""
    known = list(zip(seen, papers, strict=True))[: VOTERS // 2]
    right = 0
    for trait, paper in list(zip(seen, papers, strict=True))[VOTERS // 2 :]:
        nearest = min(known, key=lambda each: _distance(each[0], trait))
        right += nearest[1] == paper
    return right


def _distance(one: Any, other: Any) -> Any:
    return (
        sum(abs(a - b) for a, b in zip(one, other, strict=True))
        if isinstance(one, tuple)
        else abs(one - other)
    )


def by_envelope(trait: Callable[[bytes], Any]) -> list[Any]:
    """A trait of each voter's envelope, which the transaction that wrote both leads to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT envelope FROM ballots_participation mark JOIN ballots_ballot ballot ON ballot.xmin = mark.xmin"
            " ORDER BY mark.xmin::text::bigint"
        )
        found = [trait(bytes(envelope)) for (envelope,) in cursor.fetchall()]
    assert len(found) == VOTERS, "transactions tie marks and envelopes: the traits are the right persons’"
    return found


def test_they_guess_no_vote_better_than_by_a_coin(case):
    contest, papers, _requests, written, _held, _private = case
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT length(link) + length(body_mac) + length(request_hash), length(trace.sealed)"
            " FROM ballots_participation mark JOIN ballots_votetrace trace ON trace.participation_id = mark.id"
            " ORDER BY mark.xmin::text::bigint"
        )
        around = [tuple(row) for row in cursor.fetchall()]
    traits = {
        "length of the envelope": by_envelope(len),
        "octets of the envelope": by_envelope(tuple),
        "sum of its octets": by_envelope(sum),
        "lengths around the mark": around,
        "length written ahead": written,
    }
    for name, seen in traits.items():
        assert VOTERS // 2 - TOO_GOOD < hits(seen, papers) < TOO_GOOD, name
    # the reader is no fool: an envelope without padding gives everything away
    unpadded = [len(canonical(paper.document())) for paper in papers]
    assert hits(unpadded, papers) == VOTERS // 2
    assert longest_document(contest.rules, ["1", "2", "3", "4"]) >= max(unpadded)
