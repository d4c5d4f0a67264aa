"""Many presses at the same moment on the commission's desk."""

from tests import given
from tests.crowd import at_once, refusals
from tests.review import commission
from tests.review.commission import IRYNA, NINA, SERHII, VIKTOR, actor, begun, called, opened, vote

from viche.foundation import clock
from viche.journal.models import Entry
from viche.review.actions import close_item, mark_incompatible, record_vote
from viche.review.models import Decision, IncompatibleGroup, RollCallVote


def test_ten_presses_at_once_are_one_vote_and_one_decision(committed_db):
    contest = commission.contest()
    project = given.submitted_project(contest)
    meeting = called(contest, (project, "admit"))
    with clock.at(given.day(25)):
        item = opened(begun(meeting).items.get())
        vote(item, iryna="for", serhii="for")
        nina, viktor = given.person(NINA), actor(VIKTOR, contest)
        own = actor(NINA, contest)
        answers = at_once(
            10,
            lambda place: record_vote(item=item, member=nina, choice="for", by=own if place % 2 else viktor),
        )
        assert set(refusals(answers)) <= {"own_vote"}
        assert RollCallVote.objects.filter(person=nina).count() == 1
        assert not RollCallVote.objects.get(person=nina).by_voice
        members = [actor(name, contest) for name in (IRYNA, SERHII)]
        assert refusals(at_once(8, lambda place: close_item(item=item, by=members[place % 2]))) == []
    assert Decision.objects.count() == 1
    assert Entry.objects.filter(kind="AgendaItemClosed").count() == 1


def test_two_members_at_once_put_a_project_into_one_group(committed_db):
    contest, projects = given.voting_contest(projects=3)
    iryna = given.official("Ірина", "commission", contest.community)
    with clock.at(given.day(30)):
        answers = at_once(
            4,
            lambda place: mark_incompatible(
                contest=contest, projects=[projects[1], projects[2 * (place % 2)]], reason="Місце.", by=iryna
            ),
        )
    assert refusals(answers) == ["already_marked"] * 3
    assert IncompatibleGroup.objects.count() == 1
