"""Projects of which at most one can win: marked before the vote, obeyed by the count."""

import pytest
from tests import given

from viche.ballots.actions import cast_ballot, open_box
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.results.actions import run_count
from viche.review.actions import declare_conflict, mark_incompatible, withdraw_incompatible
from viche.review.models import IncompatibleGroup
from viche.review.queries import incompatibility_of, rivals_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid():
    contest, projects = given.voting_contest(projects=3)
    return contest, projects, given.official("Ірина", "commission", contest.community)


def mark(laid, *places: int, on: int = 30, reason: str = "Та сама ділянка."):
    contest, projects, iryna = laid
    with clock.at(given.day(on)):
        return mark_incompatible(
            contest=contest, projects=[projects[place] for place in places], reason=reason, by=iryna
        )


def refused(act, *args, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    return answer.value.code


def test_the_count_funds_at_most_one_of_them(laid):
    contest, projects, iryna = laid
    mark(laid, 0, 1)
    # all three fit into the money: without the mark all would win
    for name in ("Петро", "Марта"):
        with clock.at(given.day(45)):
            cast_ballot(
                contest=contest, voter=given.person(name), paper=given.paper(*projects[:2]), channel="online",
                request_key=name.encode().ljust(32, b"."),
            )  # fmt: skip
    with clock.at(given.day(62)):
        contest = type(contest).objects.get(pk=contest.pk)
        open_box(contest=contest, by=iryna)
        funded = run_count(contest=contest, by=iryna).outcome["funded"]
    assert len({projects[0].code, projects[1].code} & set(funded)) == 1
    assert rivals_of(contest) == {projects[0].code: "competing-1", projects[1].code: "competing-1"}


def test_a_mark_is_public_and_can_be_taken_back_before_the_vote(laid):
    group = mark(laid, 0, 1)
    assert incompatibility_of(laid[1][0]) == group
    with clock.at(given.day(31)):
        withdraw_incompatible(group=group, reason="Ділянки різні.", by=laid[2])
        withdraw_incompatible(group=group, reason="Ділянки різні.", by=laid[2])
    assert rivals_of(laid[0]) == {}
    assert Entry.objects.filter(kind="IncompatibilityWithdrawn").count() == 1


def test_nothing_changes_once_voting_has_begun(laid):
    group = mark(laid, 0, 1)
    assert refused(mark, laid, 1, 2, on=40) == "voting_begun"
    with clock.at(given.day(41)):
        assert refused(withdraw_incompatible, group=group, reason="Ні.", by=laid[2]) == "voting_begun"


def test_what_cannot_be_marked(laid):
    contest, projects, iryna = laid
    assert refused(mark, laid, 0) == "too_few"
    assert refused(mark, laid, 0, 0) == "too_few"
    assert refused(mark, laid, 0, 1, reason="") == "no_reason"
    mark(laid, 0, 1)
    assert refused(mark, laid, 1, 2) == "already_marked"
    with clock.at(given.day(30)):
        declare_conflict(project=projects[2], reason="Сусідка.", by=iryna)
        assert refused(
            mark_incompatible, contest=contest, projects=projects, reason="Ні.", by=given.official(
                "Віктор", "administrator", contest.community
            ),
        ) == "not_commission"  # fmt: skip
    assert refused(mark, laid, 0, 2) == "conflict_of_interest"
    assert IncompatibleGroup.objects.count() == 1
