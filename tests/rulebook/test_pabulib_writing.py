"""A contest of our own as a .pb file: Pabulib's checker accepts it, and the same ballots are read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.rulebook.pabulib_checker import errors_of
from village import a_dossier, a_name, approvals, one_pot, projects_costing

from rulebook.ballot import BallotPaper
from rulebook.counting import count
from rulebook.pabulib import Heading, PabulibError, read, write, write_contest
from rulebook.rules import Pot

HEADING = Heading(
    country="Ukraine",
    unit="Тестівка",
    instance="2026",
    begins=date(2026, 9, 1),
    ends=date(2026, 9, 14),
    language="uk",
)
PROJECTS = projects_costing(a=60_00, b=50_50, c=40_00, d=90_05)
MARKS = approvals("ab", "a", "ac", "abc", "bd", "ab")

CONTESTS = {
    "approval": a_dossier(one_pot(150_75), PROJECTS, MARKS),
    "approval with limits": a_dossier(
        one_pot(150_75, max_choices=3, min_choices=1, max_cost=200_00), PROJECTS, MARKS
    ),
    "approval, stop": a_dossier(one_pot(150_75, options={"fit": "stop"}), PROJECTS, MARKS),
    "approval, threshold": a_dossier(one_pot(150_75, options={"threshold": {"*": 3}}), PROJECTS, MARKS),
    "choose-1": a_dossier(
        one_pot(150_75, kind="choose-1", min_choices=1),
        PROJECTS,
        approvals("a", "b", "a", "c", "d", "a", "b"),
    ),
    "cumulative": a_dossier(
        one_pot(150_75, kind="points", max_points=10, options={"score": "points"}),
        PROJECTS,
        [BallotPaper.points({"a": 3, "b": 7}), BallotPaper.points({"c": 10}), BallotPaper.points({"b": 1})],
    ),
    "scoring": a_dossier(
        one_pot(150_75, kind="points", max_points_per_project=5, options={"score": "points"}),
        PROJECTS,
        [BallotPaper.points({"a": 3, "b": 5}), BallotPaper.points({"c": 5}), BallotPaper.points({"b": 1})],
    ),
    "ranking": a_dossier(
        one_pot(150_75, kind="ranking", max_choices=3, options={"score": "borda"}),
        PROJECTS,
        [BallotPaper.ranking("abc"), BallotPaper.ranking("bd"), BallotPaper.ranking("a")],
    ),
    "everything funded": a_dossier(one_pot(900_00), PROJECTS, MARKS),
    "equal shares": a_dossier(
        replace(one_pot(150_75), counting=replace(one_pot(1).counting, rule="equal-shares-v1")),
        PROJECTS,
        MARKS,
    ),
}


@pytest.mark.parametrize("name", CONTESTS)
def test_the_checker_accepts_a_contest_with_and_without_its_outcome(name):
    dossier = CONTESTS[name]
    assert errors_of(write_contest(dossier, HEADING)) == {}
    outcome = count(dossier)
    text = write_contest(dossier, HEADING, outcome)
    assert errors_of(text) == {}
    assert read(text).official == set(outcome.funded)


@pytest.mark.parametrize("name", CONTESTS)
def test_the_same_ballots_projects_and_money_are_read_back(name):
    dossier = CONTESTS[name]
    election = read(write_contest(dossier, HEADING))
    assert election.groups == dict(dossier.ballots)
    assert (election.budget, election.scale) == (dossier.pots[0].amount, dossier.scale)
    assert {p.id: (p.cost, p.name) for p in election.projects} == {
        p.id: (p.cost, p.name or p.id) for p in dossier.projects
    }
    assert [remark for remark in election.remarks if remark.code != "rule_not_available"] == []
    assert read(write(election)).groups == election.groups


@pytest.mark.parametrize(
    ("name", "vote_type", "rule"),
    [
        ("approval", "approval", "greedy"),
        ("approval, stop", "approval", "greedy-no-skip"),
        ("approval, threshold", "approval", "greedy-threshold"),
        ("choose-1", "choose-1", "greedy"),
        ("cumulative", "cumulative", "greedy"),
        ("scoring", "scoring", "greedy"),
        ("ranking", "ordinal", "greedy"),
    ],
)
def test_the_rule_is_named_as_pabulib_names_it_and_counts_the_same(name, vote_type, rule):
    dossier = CONTESTS[name]
    election = read(write_contest(dossier, HEADING))
    assert (election.meta["vote_type"], election.meta["rule"]) == (vote_type, rule)
    assert count(election.dossier()).funded == count(dossier).funded


def test_a_rule_that_pabulib_has_no_name_for_is_unknown_and_the_comment_names_it():
    rules = one_pot(150_75, options={"winners": {"all": 1}})
    meta = read(write_contest(a_dossier(rules, PROJECTS, MARKS), HEADING)).meta
    assert (meta["rule"], meta["comment"]) == ("unknown", "#1: counted by greedy-v1")


def test_several_pots_are_one_budget_and_the_comment_says_so():
    rules = one_pot(100_00)
    rules = replace(rules, pots=(*rules.pots, Pot("more", a_name("Ще"), 50_50)))
    text = write_contest(a_dossier(rules, PROJECTS, MARKS), HEADING)
    assert errors_of(text) == {}
    meta = read(text).meta
    assert meta["budget"] == "150.50"
    assert meta["comment"].startswith("#1: the budget is the sum of 2 pots: all 100, more 50.50")


def test_empty_and_invalid_ballots_are_left_out_and_the_comment_counts_them():
    rules = one_pot(150_75, max_choices=2)
    text = write_contest(a_dossier(rules, PROJECTS, [*MARKS, BallotPaper()]), HEADING)
    assert errors_of(text) == {}
    election = read(text)
    assert election.voters == 5
    assert election.meta["comment"] == "#1: 2 empty or invalid ballots are not listed"


def test_an_outcome_that_waits_for_a_decision_selects_nothing_yet():
    dossier = a_dossier(one_pot(60_00), projects_costing(a=60_00, b=60_00), approvals("a", "b"))
    outcome = count(dossier)
    assert not outcome.is_decided
    assert read(write_contest(dossier, HEADING, outcome)).official is None


def test_voters_are_running_numbers_whoever_voted_first():
    text = write_contest(CONTESTS["approval"], HEADING)
    again = write_contest(a_dossier(one_pot(150_75), PROJECTS, MARKS[::-1]), HEADING)
    assert again == text
    assert read(text).columns["voter_id"] == [str(number) for number in range(1, 7)]


def test_names_may_hold_what_separates_fields():
    projects = [replace(PROJECTS[0], name='Сквер; "дитячий"\nмайданчик'), *PROJECTS[1:]]
    text = write_contest(a_dossier(one_pot(150_75), projects, MARKS), HEADING)
    assert errors_of(text) == {}
    assert read(text).projects[0].name == 'Сквер; "дитячий" майданчик'


@pytest.mark.parametrize("name", ["a,b", " a", "", "Votes", 'a"b', "a\nb"])
def test_what_would_not_be_an_id_in_the_file_is_refused(name):
    dossier = a_dossier(one_pot(100), [replace(PROJECTS[0], id=name)], [])
    with pytest.raises(PabulibError) as caught:
        write_contest(dossier, HEADING)
    assert caught.value.code == "bad_id"


@pytest.mark.parametrize("scale", [60, 12])
def test_money_without_decimals_is_refused(scale):
    with pytest.raises(PabulibError) as caught:
        write_contest(replace(CONTESTS["approval"], scale=scale), HEADING)
    assert caught.value.code == "bad_scale"
