"""Annulment takes a reason and two officials; until decided the ballot is in quarantine, and no count begins."""

import secrets
from typing import Any
from uuid import uuid4

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.models import Annulment, Ballot, Opening, Participation
from viche.ballots.queries import mark_of, turnout
from viche.ballots.tokens import contest_tokens_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.journal.models import Entry

VOTING, AFTER = given.day(45), given.day(60)
SAID = {"why": "stolen", "text": "Виборець був за кордоном."}


def cast(contest: Contest, project: Any, voter: Person) -> Any:
    with clock.at(VOTING):
        return cast_ballot(
            contest=contest, voter=voter, paper=given.paper(project), channel="online",
            request_key=secrets.token_bytes(32),
        )  # fmt: skip


def refused(act: Any, **wanted: Any) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    return answer.value.code


@pytest.fixture
def story(db: None) -> Any:
    """Petro's ballot is in the box, and so is Maria's; Iryna and Viktor sit in the commission."""
    contest, projects = given.voting_contest()
    petro, maria = given.person("Петро"), given.person("Марія")
    receipts = [cast(contest, projects[0], petro), cast(contest, projects[1], maria)]
    iryna, viktor = (given.official(name, "commission", contest.community) for name in ("Ірина", "Віктор"))
    mark = mark_held_for(contest, petro)
    return contest, projects, petro, receipts, mark, iryna, viktor


def mark_held_for(contest: Contest, person: Person) -> Participation:
    return Participation.objects.get(contest=contest, person_token=contest_tokens_of(contest, person)[0])


def test_an_annulled_ballot_is_not_counted_and_the_journal_says_which_and_why(story):
    contest, _projects, _petro, receipts, mark, iryna, viktor = story
    found = propose_annulment(contest=contest, mark=mark.pk, by=iryna, **SAID)
    decide_annulment(annulment=found, is_confirmed=True, answer="Підтверджено банком.", by=viktor)
    with clock.at(AFTER):
        open_box(contest=contest)
    assert [bytes(each.commitment).hex() for each in Opening.objects.all()] == [receipts[1].commitment]
    found.refresh_from_db()
    assert bytes(found.commitment).hex() == receipts[0].commitment
    (said,) = Entry.objects.filter(kind="BallotExcluded")
    assert receipts[0].commitment in said.leaf
    assert '"stolen"' in said.leaf
    box_opened = Entry.objects.get(kind="BoxOpened").leaf
    assert '"annulled":1' in box_opened
    assert '"ballots":1' in box_opened
    assert Ballot.objects.count() == 2
    assert turnout(contest) == 1


def test_before_the_opening_nobody_learns_which_ballot_it_is(story):
    contest, _projects, petro, receipts, mark, iryna, viktor = story
    found = propose_annulment(contest=contest, mark=mark.pk, by=iryna, **SAID)
    decide_annulment(annulment=found, is_confirmed=True, answer="Так.", by=viktor)
    found.refresh_from_db()
    assert found.commitment is None
    for entry in Entry.objects.filter(kind__startswith="Annulment"):
        assert receipts[0].commitment not in entry.leaf
        assert str(mark.pk) not in entry.leaf
        assert str(petro.pk) not in entry.leaf


def test_the_voter_whose_vote_was_stolen_votes_while_the_voting_goes_on(story):
    contest, projects, petro, _receipts, mark, iryna, viktor = story
    assert refused(cast, contest=contest, project=projects[2], voter=petro) == "already_voted"
    found = propose_annulment(contest=contest, mark=mark.pk, by=iryna, **SAID)
    assert refused(cast, contest=contest, project=projects[2], voter=petro) == "already_voted"
    decide_annulment(annulment=found, is_confirmed=True, answer="Так.", by=viktor)
    assert mark_of(contest, petro) is None
    own = cast(contest, projects[2], petro)
    assert refused(cast, contest=contest, project=projects[2], voter=petro) == "already_voted"
    with clock.at(AFTER):
        open_box(contest=contest)
    assert own.commitment in {bytes(each.commitment).hex() for each in Opening.objects.all()}
    assert Opening.objects.count() == 2


def test_the_box_waits_for_every_quarantine(story):
    contest, _projects, _petro, _receipts, mark, iryna, viktor = story
    found = propose_annulment(contest=contest, mark=mark.pk, by=iryna, **SAID)
    with clock.at(AFTER):
        assert refused(open_box, contest=contest) == "annulments_wait"
        decide_annulment(annulment=found, is_confirmed=False, answer="Ознак немає.", by=viktor)
        open_box(contest=contest)
    assert Opening.objects.count() == 2
    assert not Entry.objects.filter(kind="BallotExcluded").exists()


def test_nobody_annuls_alone_and_nobody_without_the_office(story):
    contest, _projects, _petro, _receipts, mark, iryna, viktor = story
    operator = given.official("Галина", "operator", contest.community)
    wanted = {"contest": contest, "mark": mark.pk, **SAID}
    assert refused(propose_annulment, by=operator, **wanted) == "not_deciding"
    found = propose_annulment(by=iryna, **wanted)
    decision = {"annulment": found, "is_confirmed": True, "answer": "Так."}
    assert refused(decide_annulment, by=iryna, **decision) == "same_person"
    assert refused(decide_annulment, by=operator, **decision) == "not_deciding"
    assert refused(propose_annulment, by=viktor, **wanted) == "already_proposed"
    foreign = given.official("Степан", "commission", given.community(given.LVIV), serial=31)
    assert refused(decide_annulment, by=foreign, **decision) == "not_deciding"


def test_an_opened_box_stays_as_it_was_counted(story):
    contest, _projects, _petro, _receipts, mark, iryna, _viktor = story
    with clock.at(AFTER):
        open_box(contest=contest)
        assert refused(propose_annulment, contest=contest, mark=mark.pk, by=iryna, **SAID) == "box_opened"


@pytest.mark.parametrize(("change", "code"), [
    ({"why": "dislike"}, "bad_value"), ({"text": "  "}, "bad_value"), ({"text": "а" * 1001}, "bad_value"),
    ({"mark": uuid4()}, "no_mark"),
])  # fmt: skip
def test_what_is_said_badly_is_refused(story, change, code):
    contest, _projects, _petro, _receipts, mark, iryna, _viktor = story
    wanted = {"contest": contest, "mark": mark.pk, "by": iryna, **SAID, **change}
    assert refused(propose_annulment, **wanted) == code


def test_two_officials_at_once_decide_once(story, transactional_db):
    contest, _projects, _petro, _receipts, mark, iryna, viktor = story
    third = given.official("Олег", "commission", contest.community, serial=17)
    found = propose_annulment(contest=contest, mark=mark.pk, by=iryna, **SAID)
    officials = [viktor, third]
    results = at_once(
        2,
        lambda place: decide_annulment(
            annulment=found, is_confirmed=bool(place), answer="Так.", by=officials[place]
        ),
    )
    assert refusals(results) == ["already_done"]


def test_an_annulment_and_the_opening_at_once_never_count_an_annulled_ballot(story, transactional_db):
    contest, _projects, _petro, receipts, mark, iryna, viktor = story
    found = propose_annulment(contest=contest, mark=mark.pk, by=iryna, **SAID)

    def act(place: int) -> Any:
        with clock.at(AFTER):
            if place:
                return open_box(contest=Contest.objects.get(pk=contest.pk))
            return decide_annulment(annulment=found, is_confirmed=True, answer="Так.", by=viktor)

    results = at_once(2, act)
    assert set(refusals(results)) <= {"annulments_wait"}
    opened = {bytes(each.commitment).hex() for each in Opening.objects.all()}
    assert receipts[0].commitment not in opened
    assert Annulment.objects.get().state == "confirmed"
