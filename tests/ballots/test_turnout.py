"""How many have voted, shown so that nobody is singled out."""

from datetime import timedelta

import pytest
from hypothesis import given as any_of
from hypothesis import settings as limits
from hypothesis import strategies as st
from tests import given

from viche.ballots.actions import Vote, cast_ballots
from viche.ballots.models import CarriedFigures, Opening
from viche.ballots.queries import turnout, turnouts
from viche.ballots.turnout import LEAST, coarse_turnout, hidden_in, hidden_of, together_by_day
from viche.communities.models import Territory
from viche.foundation import clock, keys

NAMES = ("north", "south", "east", "")
WAYS = ("online", "desk", "paper")
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(WAYS)), st.integers(0, 12), max_size=12
)


def sums(cells: dict, side: int) -> dict:
    found: dict = {}
    for key, number in cells.items():
        found[key[side]] = found.get(key[side], 0) + number
    return found


def learnt(cells: dict) -> set:
    """What somebody finds who subtracts along every line as long as it gives something: hidden cells and sums."""
    hidden = hidden_of(cells)
    lines = [[("all", ""), *[("part", name) for name in sums(cells, 0)]]]
    lines += [[("all", ""), *[("way", name) for name in sums(cells, 1)]]]
    lines += [[("part", name), *[key for key in cells if key[0] == name]] for name in sums(cells, 0)]
    lines += [[("way", name), *[key for key in cells if key[1] == name]] for name in sums(cells, 1)]
    unknown: set = set(hidden.cells)
    unknown |= {("part", name) for name in hidden.parts} | {("way", name) for name in hidden.channels}
    found: set = set()
    while True:
        fresh = {
            each
            for line in lines
            for each in line
            if each in unknown and sum(other in unknown for other in line) == 1
        }
        if not fresh:
            return found
        unknown -= fresh
        found |= fresh


class TestWhatIsHidden:
    def test_under_five_is_hidden_and_with_it_the_next_smallest(self):
        assert hidden_in({"a": 3, "b": 40, "c": 7}) == {"a", "c"}

    def test_noughts_and_large_numbers_are_shown(self):
        assert hidden_in({"a": 0, "b": 5, "c": 700}) == set()

    def test_two_small_ones_that_are_five_together_hide_each_other(self):
        assert hidden_in({"a": 3, "b": 2, "c": 7}) == {"a", "b"}
        assert hidden_in({"a": 1, "b": 1, "c": 7}) == {"a", "b", "c"}

    @any_of(TABLES)
    @limits(max_examples=400, deadline=None)
    def test_no_cell_under_five_is_shown_in_any_table(self, cells):
        hidden = hidden_of(cells)
        assert not [key for key, number in cells.items() if 0 < number < LEAST and key not in hidden.cells]
        assert not [
            name for name, number in sums(cells, 0).items() if 0 < number < LEAST and name not in hidden.parts
        ]

    @any_of(TABLES)
    @limits(max_examples=400, deadline=None)
    def test_no_cell_under_five_is_found_by_subtracting(self, cells):
        small = {key for key, number in cells.items() if 0 < number < LEAST}
        # with one part or one way alone everything follows from the whole, which is public anyway
        if (
            len([n for n in sums(cells, 0).values() if n]) > 1
            and len([n for n in sums(cells, 1).values() if n]) > 1
        ):
            assert not learnt(cells) & small


def voted(contest, projects, number: int, at, *, territory: str = "", start: int = 0) -> None:
    votes = [
        Vote(
            person_token=keys.person_token("tax", f"{start + n}"), paper=given.paper(projects[0]),
            request_key=(start + n).to_bytes(32, "big"), at=at, territory=territory,
        )
        for n in range(number)
    ]  # fmt: skip
    with clock.at(given.day(50)):
        assert cast_ballots(contest=contest, channel="online", votes=votes) == number


@pytest.mark.django_db
class TestOneContest:
    def test_while_the_voting_goes_on_today_is_left_out_and_the_rest_rounded_down(self):
        contest, projects = given.voting_contest()
        voted(contest, projects, 8, given.day(45), territory=given.DISTRICT)
        voted(contest, projects, 3, given.day(45), start=100)
        voted(contest, projects, 30, given.day(50) - timedelta(hours=1), territory=given.DISTRICT, start=200)
        with clock.at(given.day(50)):
            found = coarse_turnout(contest, {given.DISTRICT: given.DISTRICT})
        assert not found.is_final
        assert found.parts == {given.DISTRICT: 5, "": None}
        assert found.channels == {"online": 10}
        # noon in Kyiv is three hours after noon UTC in summer
        assert {hour: number for hour, number in found.hours.items() if number} == {12: 10}

    def test_one_more_vote_changes_nothing_of_parts_and_channels(self):
        contest, projects = given.voting_contest()
        voted(contest, projects, 8, given.day(45), territory=given.DISTRICT)
        with clock.at(given.day(50)):
            before = coarse_turnout(contest, {})
            voted(contest, projects, 1, given.day(50), territory=given.DISTRICT, start=900)
            assert coarse_turnout(contest, {}) == before

    def test_after_the_close_the_numbers_are_whole_and_small_ones_hidden(self):
        contest, projects = given.voting_contest()
        other = Territory.objects.filter(parent=given.POLTAVA).exclude(pk=given.DISTRICT).first()
        voted(contest, projects, 23, given.day(45), territory=given.DISTRICT)
        voted(contest, projects, 12, given.day(45), territory=other.pk, start=100)
        voted(contest, projects, 3, given.day(46), start=200)
        with clock.at(given.day(61)):
            found = coarse_turnout(contest, {given.DISTRICT: given.DISTRICT, other.pk: other.pk})
        assert found.is_final
        assert found.parts == {given.DISTRICT: 23, other.pk: None, "": None}
        assert found.channels == {"online": 38}

    def test_days_are_summed_to_the_last_that_has_begun(self):
        contest, _projects = given.voting_contest()
        with clock.at(given.day(43)):
            assert together_by_day(contest, {1: 4, 3: 2}) == [4, 4, 6, 6]
        with clock.at(given.day(90)):
            assert len(together_by_day(contest, {1: 4})) == 21


@pytest.mark.django_db
def test_an_imported_election_that_moved_counts_its_openings():
    contest = given.contest()
    CarriedFigures.objects.create(contest=contest, days=[], marks=[], channels={}, hours={}, numbers={})
    Opening.objects.create(
        community=contest.community, contest=contest, commitment=b"c" * 32, nonce=b"n" * 32, choices=[1]
    )
    assert (turnout(contest), turnouts([contest])) == (1, {contest.pk: 1})
