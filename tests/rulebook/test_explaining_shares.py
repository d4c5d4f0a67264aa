"""Whose choices the money followed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, a_name, approvals, one_pot, projects_costing

from rulebook import pabulib
from rulebook.ballot import BallotPaper
from rulebook.counting import count
from rulebook.explaining.shares import (
    Satisfaction,
    basis_points,
    categories_of,
    rounded,
    satisfaction,
    shares_by,
    voter_groups,
    votes_money,
)
from rulebook.rules import Pot


def test_every_voter_spends_an_equal_part_on_the_projects_named():
    dossier = a_dossier(
        one_pot(120), projects_costing(a=60, b=50, c=40), approvals("a", "ab", "abc", "", "b")
    )
    # four voters named something: 30 each
    assert votes_money(dossier) == {"a": 30 + 15 + 10, "b": 15 + 10 + 30, "c": 10}


def test_points_spread_the_part_by_points():
    papers = [BallotPaper.points({"a": 3, "b": 1}), BallotPaper.points({"b": 2})]
    dossier = a_dossier(one_pot(80, kind="points"), projects_costing(a=60, b=50), papers)
    assert votes_money(dossier) == {"a": 30, "b": 50}


def test_marks_against_are_no_choice():
    papers = [BallotPaper.of("plus-minus", [("a", 1), ("b", -1)])]
    dossier = a_dossier(one_pot(80, kind="plus-minus"), projects_costing(a=60, b=50), papers)
    assert votes_money(dossier) == {"a": 80, "b": 0}


def test_each_pot_is_spent_by_those_who_named_something_in_it():
    rules = replace(one_pot(0), pots=(Pot("x", a_name("X"), 100), Pot("y", a_name("Y"), 60)))
    projects = [replace(p, pot="x" if p.id in "ab" else "y") for p in projects_costing(a=1, b=1, c=1)]
    dossier = a_dossier(rules, projects, approvals("ac", "ab", "b"))
    assert votes_money(dossier) == {"a": Fraction(50), "b": Fraction(50), "c": 60}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abcd")), max_size=8), st.integers(0, 1000))
def test_all_of_the_pot_is_spent_where_anybody_named_anything(ballots, amount):
    dossier = a_dossier(
        one_pot(amount), projects_costing(a=1, b=2, c=3, d=4), map(BallotPaper.approval, ballots)
    )
    assert sum(votes_money(dossier).values()) == (amount if any(ballots) else 0)


def test_shares_of_categories_against_what_was_spent_there():
    projects = [
        replace(project, category=category)
        for project, category in zip(
            projects_costing(a=60, b=50, c=40), ("sport", "sport,green", None), strict=True
        )
    ]
    dossier = a_dossier(one_pot(120), projects, approvals("a", "a", "b", "c"))
    outcome = count(dossier)
    assert set(outcome.funded) == {"a", "b"} or outcome.undecided
    found = {share.key: share for share in shares_by(dossier, outcome, categories_of(dossier))}
    assert list(found) == ["sport", "", "green"]
    # a: 60 of the voters' money, b: 30 in two halves, c: 30
    assert [(s.voted, s.voted_share) for s in found.values()] == [(75, 6250), (30, 2500), (15, 1250)]
    assert found["sport"].projects == 2
    assert sum(share.spent for share in found.values()) == sum(outcome.amounts.values())


def test_without_categories_there_are_no_shares():
    dossier = a_dossier(one_pot(120), projects_costing(a=60), approvals("a"))
    assert shares_by(dossier, count(dossier), categories_of(dossier)) == []


def test_what_voters_got():
    dossier = a_dossier(one_pot(110), projects_costing(a=60, b=50, c=40), approvals("a", "ab", "ab", "c", ""))
    outcome = count(dossier)
    assert outcome.funded == ("a", "b")
    got = satisfaction(outcome, dossier.ballots)
    assert got == Satisfaction(voters=5, served=3, winners=5, money=60 + 110 + 110)
    assert (got.served_share, got.winners_hundredths, got.money_each) == (6000, 100, 56)
    assert satisfaction(outcome, []).served_share == 0


def test_rounding_is_exact():
    assert [rounded(Fraction(n, 2)) for n in (1, 2, 3, -1)] == [1, 1, 2, 0]
    assert basis_points(1, 3) == 3333
    assert basis_points(2, 3) == 6667
    assert basis_points(1, 0) == 0


PEOPLE = """META
key;value
num_projects;2
num_votes;5
budget;100
vote_type;{kind}
PROJECTS
project_id;cost
p1;60
p2;70
VOTES
voter_id;vote;{points}age;sex
1;p1;{0}17;F
2;p2,p1;{1}18;F
3;p2;{0}64;M
4;p2;{0}91;
5;p1;{0};M
"""


def test_voters_are_grouped_where_the_file_tells_them_apart():
    election = pabulib.read(PEOPLE.format("", "", kind="approval", points=""))
    found = voter_groups(election)
    both = (("p1", 1), ("p2", 1))
    assert found["sex"] == {
        "F": {(("p1", 1),): 1, both: 1},
        "M": {(("p2", 1),): 1, (("p1", 1),): 1},
        "": {(("p2", 1),): 1},
    }
    assert list(found["age"]) == ["0-17", "18-24", "55-64", "65+", ""]
    outcome = count(election.dossier())
    women = satisfaction(outcome, found["sex"]["F"].items())
    men = satisfaction(outcome, found["sex"]["M"].items())
    assert outcome.funded == ("p1",)
    assert [(group.voters, group.served) for group in (women, men)] == [(2, 2), (2, 1)]


def test_a_project_that_got_no_points_is_no_choice():
    election = pabulib.read(PEOPLE.format("2;", "0,2;", kind="cumulative", points="points;"))
    assert voter_groups(election)["age"]["18-24"] == {(("p1", 1),): 1}
