"""Where the regulation lets a ballot be replaced: the last one online counts, and one on paper is final."""

import secrets
from typing import Any

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.models import Ballot, Claim, Opening, Participation, Replacement
from viche.ballots.queries import turnout
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.journal.models import Entry

VOTING, AFTER = given.day(45), given.day(60)
RULES = {
    **given.RULES,
    "ballot": {**given.RULES["ballot"], "revote": True},
    "channels": [{"kind": "online"}, {"kind": "paper"}],
    "identity_methods": ["isei", "desk"],
}


@pytest.fixture
def contest(db: None) -> Contest:
    made = given.contest(rules=RULES)
    for number in range(1, 4):
        given.admitted_project(made, f"Проєкт {number}", cost=10_000_000 * number)
    return made


def projects(contest: Contest) -> list[Any]:
    return list(contest.projects.order_by("number"))


def cast(
    contest: Contest, *chosen: Any, voter: Person, key: bytes | None = None, channel: str = "online"
) -> Any:
    with clock.at(VOTING):
        return cast_ballot(
            contest=contest, voter=voter, paper=given.paper(*chosen), channel=channel,
            request_key=key or secrets.token_bytes(32), method="isei:bank_id" if channel == "online" else "",
        )  # fmt: skip


def opened(contest: Contest) -> set[str]:
    with clock.at(AFTER):
        open_box(contest=Contest.objects.get(pk=contest.pk))
    return {bytes(each.commitment).hex() for each in Opening.objects.all()}


def test_the_last_ballot_counts_and_the_earlier_stays_closed(contest):
    park, garden, *_ = projects(contest)
    petro = given.person("Петро")
    receipts = [cast(contest, choice, voter=petro) for choice in (park, garden, park)]
    assert (Participation.objects.count(), Ballot.objects.count(), Replacement.objects.count()) == (1, 3, 2)
    assert turnout(contest) == 1
    assert opened(contest) == {receipts[2].commitment}
    said = Entry.objects.filter(kind="BallotExcluded")
    assert {receipts[place].commitment in each.leaf for place in (0, 1) for each in said} == {True, False}
    assert said.count() == 2
    assert '"replaced":2' in Entry.objects.get(kind="BoxOpened").leaf


def test_a_repeated_request_is_the_same_ballot_and_an_old_one_never_comes_back(contest):
    park, garden, *_ = projects(contest)
    petro = given.person("Петро")
    keys = [secrets.token_bytes(32), secrets.token_bytes(32)]
    cast(contest, park, voter=petro, key=keys[0])
    last = cast(contest, garden, voter=petro, key=keys[1])
    assert cast(contest, garden, voter=petro, key=keys[1]).is_repeat
    with pytest.raises(Refused) as answer:
        cast(contest, park, voter=petro, key=keys[0])
    assert answer.value.code == "request_replaced"
    assert opened(contest) == {last.commitment}


def test_a_ballot_on_paper_takes_the_place_of_one_online_and_is_final(contest):
    park, garden, *_ = projects(contest)
    petro = given.person("Петро")
    cast(contest, park, voter=petro)
    paper = cast(contest, garden, voter=petro, channel="paper")
    with pytest.raises(Refused) as answer:
        cast(contest, park, voter=petro)
    assert answer.value.code == "already_voted"
    assert opened(contest) == {paper.commitment}


def test_after_the_close_nothing_is_replaced(contest):
    park, garden, *_ = projects(contest)
    petro = given.person("Петро")
    first = cast(contest, park, voter=petro)
    with clock.at(AFTER), pytest.raises(Refused) as answer:
        cast_ballot(
            contest=Contest.objects.get(pk=contest.pk), voter=petro, paper=given.paper(garden), channel="online",
            request_key=bytes(32), method="isei:bank_id",
        )  # fmt: skip
    assert answer.value.code == "voting_closed"
    assert opened(contest) == {first.commitment}


def test_eight_windows_at_once_leave_one_ballot_that_counts(contest, transactional_db):
    park, *_ = projects(contest)
    petro = given.person("Петро")
    results = at_once(8, lambda _place: cast(contest, park, voter=petro))
    assert set(refusals(results)) <= {"try_again"}
    assert Participation.objects.count() == Claim.objects.count() == 1
    assert Ballot.objects.count() == 1 + Replacement.objects.count()
    assert Ballot.objects.count() == Entry.objects.filter(kind="BallotSealed").count()
    assert len(opened(contest)) == 1


def test_where_the_rules_are_silent_a_ballot_is_final(db):
    made, (park, garden, *_) = given.voting_contest()
    petro = given.person("Петро")
    cast(made, park, voter=petro)
    with pytest.raises(Refused) as answer:
        cast(made, garden, voter=petro)
    assert answer.value.code == "already_voted"
