"""What a project that lost would have needed: proved by counting again with it, and with one less."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, approvals, one_pot, projects_costing, votes_for

from rulebook import pabulib
from rulebook.ballot import BallotPaper
from rulebook.counting import RULES, count
from rulebook.dossier import Dossier, DossierProject
from rulebook.explaining import losers
from rulebook.explaining.losers import (
    EXACT,
    NEVER,
    NOT_COMPUTED,
    RECOUNTED,
    losses,
    with_ballots,
    with_money,
)
from rulebook.lot import Lot, lot_commitment

NAMES = "abcdefg"
PABULIB = Path(os.environ.get("PABULIB_DIR", Path(__file__).parents[3] / "shared" / "pabulib"))


def won(dossier: Dossier, project: str) -> bool:
    return project in count(dossier).amounts


def lost(dossier: Dossier):
    return losses(dossier, count(dossier))


@st.composite
def elections(draw, *, kinds=("approval",), scores=("votes", "votes-per-cost"), fits=("skip", "stop")):
    """Small elections in which nearly everything is equal to something else."""
    costs = draw(st.lists(st.integers(0, 12), min_size=1, max_size=len(NAMES)))
    kind = draw(st.sampled_from(kinds))
    values = {"approval": st.just(1), "points": st.integers(1, 3), "plus-minus": st.sampled_from((1, -1))}[
        kind
    ]
    papers = draw(
        st.lists(
            st.dictionaries(st.sampled_from(NAMES[: len(costs)]), values, max_size=4).map(
                lambda choices: BallotPaper.of(kind, choices.items())
            ),
            max_size=9,
        )
    )
    options = {"score": draw(st.sampled_from(scores)), "fit": draw(st.sampled_from(fits))}
    if draw(st.booleans()):
        options["threshold"] = {"*": draw(st.integers(0, 5))}
    ties = draw(
        st.sampled_from((("refuse",), ("file-order",), ("cheaper",), ("support", "cheaper"), ("lot",)))
    )
    rules = one_pot(draw(st.integers(0, 25)), kind=kind, options=options, ties=ties)
    orders = draw(st.lists(st.integers(0, 3), min_size=len(costs), max_size=len(costs)))
    projects = [
        DossierProject(id=name, cost=cost, pot="all", order=order, support=order % 2)
        for name, cost, order in zip(NAMES, costs, orders, strict=False)
    ]
    seed = bytes(range(32))
    dossier = a_dossier(rules, projects, papers)
    if "lot" in ties:
        dossier = replace(dossier, lot=Lot(lot_commitment(dossier.contest, seed), seed.hex()))
    return dossier


def surely_won(dossier: Dossier, project: str) -> bool:
    """Won, and not by lot: with other ballots the lot would fall another way."""
    counting = dossier.rules.counting
    if "lot" in counting.ties:
        dossier = replace(dossier, rules=replace(dossier.rules, counting=replace(counting, ties=("refuse",))))
    return won(dossier, project)


@settings(max_examples=150, deadline=None)
@given(elections())
def test_with_the_missing_votes_it_wins_and_with_fewer_it_does_not(dossier):
    for project, loss in lost(dossier).items():
        if loss.votes_are == EXACT:
            assert surely_won(with_ballots(dossier, project, loss.missing_votes), project)
            for fewer in range(1, loss.missing_votes):
                assert not surely_won(with_ballots(dossier, project, fewer), project)
        else:
            assert loss.votes_are == NEVER
            assert not any(surely_won(with_ballots(dossier, project, more), project) for more in range(1, 25))


def test_projects_equal_in_votes_per_cost_share_a_score_whatever_their_votes_are():
    """A tie of «b» and «c» (7 votes for 7) that «d» (5 for 5) shares but cannot lose by."""
    rules = one_pot(12, options={"score": "votes-per-cost", "fit": "skip"}, ties=("refuse",))
    projects = projects_costing(a=8, d=5, b=7, c=7)
    dossier = a_dossier(rules, projects, votes_for(a=4, d=5, b=7, c=7))
    assert count(dossier).ties[0].projects == ("b", "c")
    assert count(dossier).ties[0].score == 7
    loss = lost(dossier)["a"]
    assert (loss.votes_are, loss.missing_votes) == (EXACT, 5)


@settings(max_examples=100, deadline=None)
@given(elections(kinds=("points", "plus-minus"), scores=("points", "net", "votes")))
def test_points_and_net_votes_are_missing_in_the_same_way(dossier):
    score = dossier.rules.counting.options["score"]
    kind = dossier.rules.ballot.kind
    if (kind, score) in (("points", "net"), ("plus-minus", "points")):
        return
    for project, loss in lost(dossier).items():
        if loss.votes_are == EXACT:
            assert surely_won(with_ballots(dossier, project, loss.missing_votes), project)
            assert not any(
                surely_won(with_ballots(dossier, project, fewer), project)
                for fewer in range(1, loss.missing_votes)
            )


@settings(max_examples=150, deadline=None)
@given(elections())
def test_with_the_needed_money_it_wins_and_with_less_it_does_not(dossier):
    outcome = count(dossier)
    for project, loss in losses(dossier, outcome).items():
        if loss.budget_is == EXACT:
            assert won(with_money(dossier, "all", loss.needed_budget), project)
            for less in range(1, loss.needed_budget):
                assert not won(with_money(dossier, "all", less), project)
        elif loss.budget_is == NEVER:
            assert outcome.rejected[project].code == "below_threshold"
        else:
            # only a tie that nothing decides keeps it from being known
            assert dossier.rules.counting.ties in (
                ("refuse",),
                ("file-order",),
                ("cheaper",),
                ("support", "cheaper"),
            )


@settings(max_examples=150, deadline=None)
@given(elections())
def test_without_those_who_displaced_it_it_wins(dossier):
    for project, loss in lost(dossier).items():
        if not loss.displaced_by:
            continue
        outcome = count(dossier)
        assert set(loss.displaced_by) <= set(outcome.funded)
        left_out = replace(
            dossier, projects=tuple(p for p in dossier.projects if p.id not in loss.displaced_by),
            rules=replace(dossier.rules, ballot=replace(dossier.rules.ballot, kind="approval")),
            ballots=with_scores(dossier, outcome, loss.displaced_by),
        )  # fmt: skip
        if "lot" not in dossier.rules.counting.ties:
            assert won(left_out, project)


def with_scores(dossier, outcome, without):
    """Ballots of one project each that give the same scores, without some projects."""
    papers = votes_for(**{p: n for p, n in outcome.totals.items() if p not in without})
    return Dossier.build(contest="", rules=dossier.rules, projects=dossier.projects, papers=papers).ballots


def test_a_village_where_every_figure_can_be_followed_by_hand():
    # a takes 60 of 100; b does not fit into 40; c takes 30; d has 2 votes less than c
    dossier = a_dossier(
        one_pot(100, ties=("file-order",)),
        projects_costing(a=60, b=45, c=30, d=30),
        votes_for(a=9, b=7, c=5, d=3),
    )
    found = lost(dossier)
    assert list(found) == ["b", "d"]
    b, d = found["b"], found["d"]
    assert (b.missing_votes, b.needed_budget, b.displaced_by) == (3, 5, ("a",))
    # with equal votes c, first in the list, still goes before d; and further money goes to b first: of 20
    # more, which d lacks, 5 let b win, and then c does not; only with 65 more do all four fit
    assert (d.missing_votes, d.needed_budget, d.displaced_by) == (3, 65, ("c",))


def test_more_money_may_first_go_to_somebody_else():
    # 10 more would pay for c, but the first 5 more already pay for b, and then c lacks 40
    dossier = a_dossier(
        one_pot(100, ties=("file-order",)), projects_costing(a=60, b=45, c=50), votes_for(a=9, b=7, c=5)
    )
    assert lost(dossier)["c"].needed_budget == 55


def test_what_costs_more_than_the_pot_is_helped_by_no_votes():
    dossier = a_dossier(one_pot(100), projects_costing(a=60, b=101), votes_for(a=1, b=9))
    assert (lost(dossier)["b"].missing_votes, lost(dossier)["b"].votes_are) == (None, NEVER)
    assert lost(dossier)["b"].needed_budget == 1


def test_a_ballot_that_must_name_two_projects_cannot_name_one_alone():
    rules = one_pot(10, min_choices=2, ties=("file-order",))
    dossier = a_dossier(rules, projects_costing(a=10, b=10), approvals("ab"))
    assert (lost(dossier)["b"].missing_votes, lost(dossier)["b"].votes_are) == (None, NOT_COMPUTED)


@pytest.mark.parametrize(
    ("options", "by"),
    [({"winners": {"all": 1}}, ("a",)), ({"threshold_share": {"*": 3000}}, ()), ({"fit": "partial"}, ())],
)
def test_where_more_than_money_decides_the_count_itself_is_asked(options, by):
    dossier = a_dossier(
        one_pot(100, options=options, ties=("file-order",)),
        projects_costing(a=60, b=50, c=30),
        votes_for(a=9, b=4, c=2),
    )
    outcome = count(dossier)
    for project, loss in losses(dossier, outcome).items():
        if loss.votes_are in (EXACT, RECOUNTED):
            assert won(with_ballots(dossier, project, loss.missing_votes), project)
            assert not won(with_ballots(dossier, project, loss.missing_votes - 1), project)
        if loss.budget_is == RECOUNTED:
            assert won(with_money(dossier, "all", loss.needed_budget), project)
            assert not won(with_money(dossier, "all", loss.needed_budget - 1), project)
        if outcome.rejected[project].code == "enough_winners":
            assert loss.displaced_by == by
    assert any(loss.votes_are in (EXACT, RECOUNTED) for loss in losses(dossier, outcome).values())


def test_a_dear_count_is_not_repeated_unless_asked(monkeypatch):
    monkeypatch.setattr(losers, "WORK_LIMIT", 1000)
    rules = one_pot(100_000, ties=("file-order",))
    options = {"completion": "add1", "increment": 1}
    rules = replace(rules, counting=replace(rules.counting, rule="equal-shares-v1", options=options))
    dossier = a_dossier(
        rules, projects_costing(a=60_000, b=99_000), approvals(*["a"] * 30, *["b"] * 20, *["ab"] * 5)
    )
    outcome = count(dossier)
    [quick] = losses(dossier, outcome).values()
    assert outcome.facts["all"]["increments"] > 0
    assert (quick.missing_votes, quick.votes_are) == (None, NOT_COMPUTED)
    [thorough] = losses(dossier, outcome, is_thorough=True).values()
    assert thorough.votes_are == RECOUNTED
    assert won(with_ballots(dossier, thorough.project, thorough.missing_votes), thorough.project)


def test_a_competitor_that_won_is_named():
    projects = [replace(project, rivals="site") for project in projects_costing(a=10, b=10)]
    dossier = a_dossier(one_pot(100), projects, votes_for(a=3, b=1))
    loss = lost(dossier)["b"]
    assert (loss.displaced_by, loss.missing_votes, loss.votes_are) == (("a",), 3, RECOUNTED)


def test_without_recounts_nothing_is_claimed():
    projects = [replace(project, rivals="site") for project in projects_costing(a=10, b=10)]
    dossier = a_dossier(one_pot(100), projects, votes_for(a=3, b=1))
    loss = losses(dossier, count(dossier), recounts=0)["b"]
    assert (loss.missing_votes, loss.votes_are) == (None, NOT_COMPUTED)


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"greedy-v1"}))
def test_under_other_rules_the_figures_are_proved_by_recounting(rule):
    dossier = a_dossier(
        one_pot(100, ties=("file-order",)),
        projects_costing(a=60, b=45, c=30, d=30),
        approvals("a", "a", "ab", "ab", "b", "bc", "c", "cd", "d"),
    )
    dossier = replace(
        dossier, rules=replace(dossier.rules, counting=replace(dossier.rules.counting, rule=rule))
    )
    found = lost(dossier)
    assert found
    for project, loss in found.items():
        if loss.missing_votes is not None:
            assert won(with_ballots(dossier, project, loss.missing_votes), project)
            assert not won(with_ballots(dossier, project, loss.missing_votes - 1), project)
        if loss.needed_budget is not None:
            assert won(with_money(dossier, "all", loss.needed_budget), project)
            assert not won(with_money(dossier, "all", loss.needed_budget - 1), project)
    assert any(loss.missing_votes for loss in found.values())


@pytest.mark.pabulib
@pytest.mark.skipif(not PABULIB.is_dir(), reason="no real elections in PABULIB_DIR")
@pytest.mark.parametrize(
    "name", ["Poland_Katowice_2020_Osiedle_Tysiaclecia.pb", "France_Toulouse_2019.pb", "Netherlands_Amsterdam_212.pb"]
)  # fmt: skip
def test_the_figures_of_real_elections_are_proved_by_recounting_them(name):
    dossier = pabulib.read(PABULIB / name).dossier()
    for project, loss in list(lost(dossier).items())[:8]:
        if loss.votes_are == EXACT:
            assert won(with_ballots(dossier, project, loss.missing_votes), project)
            assert not won(with_ballots(dossier, project, loss.missing_votes - 1), project)
        if loss.budget_is == EXACT:
            assert won(with_money(dossier, "all", loss.needed_budget), project)
            assert not won(with_money(dossier, "all", loss.needed_budget - 1), project)
