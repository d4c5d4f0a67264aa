"""Every number of a voter is claimed with the vote: another record of the same person votes by none of them."""

import secrets

import pytest
from django.db import IntegrityError, connection, transaction
from tests import given
from tests.identity.test_merging import PASSPORT, number_and, told

from viche.ballots.actions import Vote, cast_ballot, cast_ballots
from viche.ballots.models import Claim, Participation
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.actions import erase_person, identify_person

VOTING = given.day(45)


def cast(contest, project, voter):
    with clock.at(VOTING):
        return cast_ballot(
            contest=contest, voter=voter, paper=given.paper(project), channel="online",
            request_key=secrets.token_bytes(32),
        )  # fmt: skip


@pytest.mark.django_db
class TestClaims:
    def test_all_numbers_of_the_voter_are_claimed(self):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park, identify_person(claims=number_and(PASSPORT)))
        assert Claim.objects.count() == 2
        assert Participation.objects.count() == 1

    def test_the_passport_of_an_erased_record_has_still_voted(self):
        contest, (park, *_) = given.voting_contest()
        voter = identify_person(claims=number_and(PASSPORT))
        cast(contest, park, voter)
        with clock.at(given.day(61)):
            erase_person(person=voter)
        token = keys.person_token(*PASSPORT)
        with clock.at(VOTING):
            vote = Vote(token, given.paper(park), secrets.token_bytes(32))
            assert cast_ballots(contest=contest, votes=[vote], channel="online") == 0
        assert Participation.objects.count() == 1

    def test_a_batch_by_a_second_number_is_left_out(self):
        contest, (park, garden, *_) = given.voting_contest()
        cast(contest, park, identify_person(claims=number_and(PASSPORT)))
        other = keys.person_token("tax", given.claims("Марія", serial=71).tax_number)
        votes = [
            Vote(token, given.paper(garden), secrets.token_bytes(32))
            for token in (keys.person_token(*PASSPORT), other)
        ]
        with clock.at(VOTING):
            assert cast_ballots(contest=contest, votes=votes, channel="online") == 1

    def test_without_the_constraint_a_number_would_be_claimed_twice(self):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park, given.person("Петро"))
        again = (
            "INSERT INTO ballots_claim (community_id, contest_id, participation_id, token)"
            " SELECT community_id, contest_id, participation_id, token FROM ballots_claim"
        )
        with (
            pytest.raises(IntegrityError, match="one_claim_a_number"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(again)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE ballots_claim DROP CONSTRAINT one_claim_a_number")
            cursor.execute(again)
        assert Claim.objects.count() == 2

    def test_a_person_known_by_a_passport_only_votes_once_with_a_number_added_later(self):
        contest, (park, *_) = given.voting_contest()
        voter = identify_person(claims=told(PASSPORT))
        given.grant(voter, contest.community, basis="registered")
        cast(contest, park, voter)
        with_number = identify_person(claims=number_and(PASSPORT, serial=9))
        with pytest.raises(Refused) as answer:
            cast(contest, park, with_number)
        assert answer.value.code == "already_voted"
