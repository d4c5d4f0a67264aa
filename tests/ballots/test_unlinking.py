"""After the opening nothing in the live tables leads from a mark to its ballot."""

import secrets
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from tests import given
from tests.results.counted import certify, commission, counted, publish

from viche.ballots.actions import Vote, cast_ballots, open_box
from viche.ballots.models import Ballot, Participation
from viche.ballots.queries import mark_of
from viche.ballots.unlinking import delete_keys
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.journal.models import Entry
from viche.results.actions import delete_old_keys

VOTING, AFTER = given.day(45), given.day(60)
VOTERS = 60


def cast_one_by_one(contest: Contest, project) -> list[tuple[bytes, bytes]]:
    """(token of the mark, commitment) of voters who came one after another, each in a transaction of their own."""
    pairs, known = [], set()
    for _place in range(VOTERS):
        vote = Vote(secrets.token_bytes(32), given.paper(project), secrets.token_bytes(32))
        with clock.at(VOTING):
            assert cast_ballots(contest=contest, votes=[vote], channel="online") == 1
        (commitment,) = {bytes(each) for each in Ballot.objects.values_list("commitment", flat=True)} - known
        known.add(commitment)
        mark = Participation.objects.order_by("cast_at", "id").exclude(
            person_token__in=[token for token, _commitment in pairs]
        )
        pairs.append((bytes(mark.get().person_token), commitment))
    return pairs


def joined(sql: str) -> set[tuple[bytes, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {(bytes(token), bytes(commitment)) for token, commitment in cursor.fetchall()}


BY_TRANSACTION = (
    "SELECT person_token, commitment FROM ballots_participation p JOIN ballots_ballot b ON p.xmin = b.xmin"
)
BY_PLACE_ON_DISK = (
    "SELECT person_token, commitment"
    " FROM (SELECT person_token, row_number() OVER (ORDER BY ctid) AS place FROM ballots_participation) p"
    " JOIN (SELECT commitment, row_number() OVER (ORDER BY ctid) AS place FROM ballots_ballot) b USING (place)"
)


def neighbours_kept(truth: set[tuple[bytes, bytes]]) -> int:
    """How many ballots lie on disk right after the ballot of the voter whose mark lies right before theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_token FROM ballots_participation ORDER BY ctid")
        tokens = [bytes(token) for (token,) in cursor.fetchall()]
        cursor.execute("SELECT commitment FROM ballots_ballot ORDER BY ctid")
        ballots = [bytes(commitment) for (commitment,) in cursor.fetchall()]
    own = dict(truth)
    expected = set(pairwise(own[token] for token in tokens))
    return len(expected & set(pairwise(ballots)))


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_the_live_tables_does_no_better_than_chance_after_the_opening():
    contest, (park, *_) = given.voting_contest()
    truth = set(cast_one_by_one(contest, park))
    # the danger is real: while ballots are sealed, transaction and place tie mark and envelope
    first = joined(BY_TRANSACTION)
    assert (len(first), len(truth), len(first & truth)) == (VOTERS, VOTERS, VOTERS)
    # a row may lie out of turn, so neighbours are compared; of a random order one such pair is expected by chance
    assert neighbours_kept(truth) > VOTERS // 2
    with clock.at(AFTER):
        open_box(contest=Contest.objects.get(pk=contest.pk))
    tied = joined(BY_TRANSACTION)
    assert tied == set() or len(tied) == VOTERS * VOTERS
    # of a random order one is expected to be right, and one pair of neighbours to be kept; the chance of more than
    # nine is 1.1e-7 (a Poisson number with mean 1)
    assert len(joined(BY_PLACE_ON_DISK) & truth) <= 9
    assert neighbours_kept(truth) <= 9
    assert set(Participation.objects.values_list("link", flat=True)) == {b""}


@pytest.mark.django_db
def test_no_two_links_look_alike_and_none_holds_its_commitment():
    contest, (park, *_) = given.voting_contest()
    votes = [Vote(secrets.token_bytes(32), given.paper(park), secrets.token_bytes(32)) for _ in range(20)]
    with clock.at(VOTING):
        cast_ballots(contest=contest, votes=votes, channel="online")
    links = [bytes(each) for each in Participation.objects.values_list("link", flat=True)]
    assert len(set(links)) == 20
    assert len({len(link) for link in links}) == 1
    for commitment in Ballot.objects.values_list("commitment", flat=True):
        assert not [link for link in links if bytes(commitment) in link]


@pytest.mark.django_db
class TestKeysGo:
    def test_after_the_time_for_appeals_nobody_tells_who_voted(self, settings):
        count = counted()
        for member in commission(count.contest):
            certify(count, member)
        publication = publish(count)
        contest, moment = publication.contest, publication.published_at
        with clock.at(moment + timedelta(days=settings.KEYS_KEPT_DAYS) - timedelta(hours=1)):
            assert delete_old_keys() == 0
        assert keys.has_contest_keys(str(contest.id))
        with clock.at(moment + timedelta(days=settings.KEYS_KEPT_DAYS)):
            assert delete_old_keys() == 1
            assert delete_old_keys() == 0
        assert not keys.has_contest_keys(str(contest.id))
        assert mark_of(contest, given.person("Петро")) is None
        assert Entry.objects.filter(kind="KeysDestroyed").count() == 1

    def test_a_crash_between_word_and_deed_is_mended_and_said_once(self, monkeypatch):
        contest, _projects = given.voting_contest()
        with monkeypatch.context() as patch:
            patch.setattr("viche.ballots.unlinking.keys.destroy_contest_keys", _fails)
            with pytest.raises(OSError, match="disk"):
                delete_keys(contest=contest)
        assert delete_keys(contest=contest)
        assert not delete_keys(contest=contest)
        assert Entry.objects.filter(kind="KeysDestroyed").count() == 1


def _fails(_contest: str) -> None:
    raise OSError("disk")
