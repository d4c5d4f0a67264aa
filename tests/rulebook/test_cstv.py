"""cstv-v1, clause by clause as docs/counting/cstv-v1.md states it, and against plain fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, a_name, approvals, one_pot, projects_costing, votes_for

from rulebook.ballot import BallotPaper
from rulebook.counting import count, transfers
from rulebook.dossier import DossierProject
from rulebook.rules import Counting, Pot

RULE = "cstv-v1"


def under(rules, *, select="ratio", **options):
    return replace(rules, counting=Counting(RULE, {"select": select, **options}, rules.counting.ties))


def outcome_of(amount, costs, papers, *, kind="points", select="ratio", ties=("refuse",), **options):
    rules = under(one_pot(amount, kind=kind, ties=ties), select=select, **options)
    return count(a_dossier(rules, projects_costing(**costs), papers))


def points(*papers):
    return [BallotPaper.points(paper) for paper in papers]


def steps_of(outcome):
    return [(step.kind, step.project) for step in outcome.steps if step.project is not None]


# ---- the rule --------------------------------------------------------------------------------


def test_a_voter_spreads_an_equal_part_of_the_pot_in_proportion_to_the_points():
    # ninety for each voter: a has 60 + 30, b has 30, c has 60
    outcome = outcome_of(180, {"a": 90, "b": 100, "c": 100}, points({"a": 2, "b": 1}, {"a": 1, "c": 2}))
    first = outcome.steps[0]
    assert (first.kind, first.project, first.params) == ("fund", "a", {"round": 1, "money": 90})
    assert outcome.rejected["b"].params == {"cost": 100, "money": 30, "short": 70, "round": 2}


def test_whoever_gives_many_points_has_no_more_money_than_who_gives_few():
    few = outcome_of(100, {"a": 60, "b": 60}, points({"a": 1}, {"b": 1}, {"b": 1}))
    many = outcome_of(100, {"a": 60, "b": 60}, points({"a": 100}, {"b": 1}, {"b": 1}))
    assert few.funded == many.funded == ("b",)


def test_the_excess_goes_back_and_passes_to_the_other_projects_of_the_supporters():
    # a has 150 and needs 30; the 120 pass on to b, which has 50 of its own
    papers = points({"a": 3, "b": 1}, {"a": 3, "b": 1})
    outcome = outcome_of(200, {"a": 30, "b": 170}, papers)
    assert outcome.funded == ("a", "b")
    assert outcome.steps[1].params == {"round": 2, "money": 170}
    assert outcome.left == {"all": 0}


def test_excess_with_nowhere_to_go_is_set_aside_and_may_still_pay_for_what_comes_back():
    # b has 40 of 60 and gets nothing of a's excess; eliminated, it still fits into the 70 that is left
    outcome = outcome_of(100, {"a": 30, "b": 60}, points({"a": 1}, {"a": 1}, {"a": 1}, {"b": 1}, {"b": 1}))
    assert steps_of(outcome) == [("fund", "a"), ("eliminate", "b"), ("fund", "b")]
    assert outcome.steps[2].params == {"eliminated_in": 2, "money": 40}
    assert outcome.funded == ("a", "b")


def test_where_nothing_is_reached_the_one_with_the_least_support_for_its_cost_passes_its_support_on():
    # 30, 30 and 40 for 90 each but c costs 100: a third of the cost, a third, two fifths
    papers = points({"a": 3, "b": 3, "c": 4})
    outcome = outcome_of(100, {"a": 100, "b": 80, "c": 90}, papers)
    assert steps_of(outcome)[0] == ("eliminate", "a")
    assert outcome.rejected["a"].params == {"cost": 100, "money": 30, "short": 70, "round": 1}
    assert steps_of(outcome)[1] == ("eliminate", "b")
    assert steps_of(outcome)[2] == ("fund", "c")
    assert outcome.funded == ("c",)


def test_eliminated_projects_come_back_the_last_eliminated_first():
    costs = {"a": 40, "b": 50, "c": 60}
    papers = votes_for(a=2, b=3, c=5)
    # 20, 30 and 50: a is out, then b, then c; c comes back first and leaves enough for a
    outcome = outcome_of(100, costs, papers, kind="approval")
    assert steps_of(outcome) == [
        ("eliminate", "a"), ("eliminate", "b"), ("eliminate", "c"), ("fund", "c"), ("fund", "a"),
    ]  # fmt: skip
    assert outcome.rejected["b"].code == "eliminated"


def test_by_ratio_the_cheap_one_is_first_and_by_excess_the_one_with_most_to_spare():
    # a: 40 for 10; b: 160 for 100
    costs, papers = {"a": 10, "b": 100}, votes_for(a=1, b=4)
    assert outcome_of(200, costs, papers, kind="approval").funded == ("a", "b")
    assert outcome_of(200, costs, papers, kind="approval", select="excess").funded == ("b", "a")


def test_elimination_goes_by_the_same_measure_as_funding():
    # without c: a has 7 of 10 and is short by 2; b has 92 of 100 and is short by 7
    costs, papers = {"a": 10, "b": 100, "c": 300}, points({"a": 5, "b": 60, "c": 35})
    by_ratio = outcome_of(100, costs, papers)
    by_excess = outcome_of(100, costs, papers, select="excess")
    assert [name for _, name in steps_of(by_ratio)[:2]] == ["c", "a"]
    assert [name for _, name in steps_of(by_excess)[:2]] == ["c", "b"]


def test_support_that_reaches_the_cost_exactly_is_enough():
    outcome = outcome_of(
        100, {"a": 30, "b": 70}, points({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1})
    )
    assert [step.params for step in outcome.steps] == [{"round": 1, "money": 50}, {"round": 2, "money": 70}]


def test_other_ballots_are_read_as_equal_points_or_borda_points():
    costs = {"a": 60, "b": 40, "c": 100}
    approved = outcome_of(100, costs, approvals("ab", "ab"), kind="approval")
    assert [step.params["money"] for step in approved.steps if step.kind == "fund"] == [50, 60]
    ranked = outcome_of(90, costs, [BallotPaper.ranking("ab")], kind="ranking")
    assert ranked.steps[1].params == {"round": 1, "money": 60}


def test_on_plus_minus_ballots_only_the_marks_for_a_project_give_money():
    papers = [BallotPaper.of("plus-minus", [("a", 1), ("b", -1)]), BallotPaper.of("plus-minus", [("a", 1)])]
    outcome = outcome_of(100, {"a": 100, "b": 10}, papers, kind="plus-minus")
    assert outcome.funded == ("a",)
    assert outcome.rejected["b"].code == "no_votes"


def test_what_costs_nothing_is_funded_first_and_what_nobody_named_never():
    outcome = outcome_of(100, {"a": 0, "b": 100, "c": 0}, approvals("ab"), kind="approval")
    assert outcome.funded == ("a", "b")
    assert outcome.rejected["c"].code == "no_votes"


def test_a_project_below_its_threshold_does_not_stand_and_holds_no_money():
    costs, papers = {"a": 100, "b": 10}, approvals("ab", "ab", "a")
    outcome = outcome_of(100, costs, papers, kind="approval", threshold={"*": 3})
    assert outcome.funded == ("a",)
    assert outcome.rejected["b"].code == "below_threshold"


def test_who_named_nothing_that_stands_has_no_part_of_the_pot():
    costs, papers = {"a": 100, "b": 10}, [*approvals("a", "a", "b"), BallotPaper.approval("")]
    outcome = outcome_of(100, costs, papers, kind="approval", threshold={"*": 2})
    assert outcome.steps[-1].params == {"round": 1, "money": 100}


@pytest.mark.parametrize("papers", [[], votes_for(a=1)])
def test_an_empty_pot_funds_only_what_costs_nothing(papers):
    outcome = outcome_of(0, {"a": 10, "b": 0}, [*papers, *votes_for(b=1)], kind="approval")
    assert outcome.funded == ("b",)


def test_an_empty_contest_has_an_empty_outcome():
    outcome = outcome_of(50, {}, [])
    assert (outcome.funded, outcome.left) == ((), {"all": 50})


# ---- competitors and pots --------------------------------------------------------------------


def rivals(costs, group, pots=None):
    pots = pots or {}
    return [
        DossierProject(name, cost, pots.get(name, "all"), order=place, rivals="g" if name in group else None)
        for place, (name, cost) in enumerate(costs.items())
    ]


def test_of_competing_projects_one_wins_and_the_support_of_the_others_passes_on():
    rules = under(one_pot(100, kind="approval"))
    projects = rivals({"a": 20, "b": 30, "c": 80}, "ab")
    outcome = count(a_dossier(rules, projects, approvals("abc", "abc")))
    assert outcome.funded == ("a", "c")
    assert outcome.rejected["b"].params == {"rival": "a"}


def test_an_eliminated_project_does_not_come_back_beside_its_competitor():
    rules = under(one_pot(100, kind="approval"))
    # nothing is reached: c goes, then b, then a, which comes back; b would fit beside it
    projects = rivals({"a": 30, "b": 40, "c": 1000}, "ab")
    outcome = count(a_dossier(rules, projects, votes_for(a=1, b=1, c=8)))
    assert outcome.funded == ("a",)
    assert outcome.left == {"all": 70}
    assert outcome.rejected["b"].code == "rival_won"


def two_pots(amounts, **shape):
    pots = tuple(Pot(f"pot{n}", a_name("Гроші"), amount) for n, amount in enumerate(amounts))
    return replace(under(one_pot(0, kind="approval", **shape)), pots=pots)


def test_a_competitor_in_an_earlier_pot_keeps_a_project_out_of_a_later_one():
    projects = rivals({"a": 10, "b": 10, "c": 10}, "ab", {"a": "pot0", "b": "pot1", "c": "pot1"})
    outcome = count(a_dossier(two_pots([10, 10]), projects, approvals("abc")))
    assert outcome.funded == ("a", "c")
    assert outcome.rejected["b"].params == {"rival": "a"}


def test_a_tie_left_open_leaves_competitors_in_later_pots_open():
    projects = rivals(
        {"a": 10, "x": 10, "b": 10, "c": 10}, "ab", {"a": "pot0", "x": "pot0", "b": "pot1", "c": "pot1"}
    )
    papers = votes_for(a=1, x=1, b=2, c=1)
    outcome = count(a_dossier(two_pots([10, 10]), projects, papers))
    assert set(outcome.undecided) == {"a", "x", "b", "c"}


# ---- ties ------------------------------------------------------------------------------------


def test_a_tie_that_changes_nothing_is_not_reported():
    outcome = outcome_of(100, {"a": 50, "b": 50}, votes_for(a=1, b=1), kind="approval")
    assert outcome.funded == ("a", "b")
    assert outcome.ties == ()


def test_an_elimination_that_nothing_decides_leaves_the_outcome_open():
    outcome = outcome_of(100, {"a": 60, "b": 60}, votes_for(a=1, b=1), kind="approval")
    assert outcome.undecided == ("a", "b")
    assert outcome.funded == ()
    assert [(tie.projects, tie.decided_by) for tie in outcome.ties] == [(("a", "b"), "refuse")]


@pytest.mark.parametrize("rule", ["earlier", "file-order"])
def test_the_last_of_the_order_is_eliminated(rule):
    outcome = outcome_of(100, {"a": 60, "b": 60}, votes_for(a=1, b=1), kind="approval", ties=(rule,))
    assert outcome.funded == ("a",)
    assert [(tie.projects, tie.decided_by) for tie in outcome.ties] == [(("a", "b"), rule)]
    assert [step.project for step in outcome.steps if step.kind == "eliminate"] == ["b", "a"]


def test_a_tie_among_three_to_be_eliminated():
    costs = {"a": 60, "b": 60, "c": 60}
    outcome = outcome_of(100, costs, votes_for(a=1, b=1, c=1), kind="approval", ties=("earlier",))
    assert outcome.funded == ("a",)
    opened = outcome_of(100, costs, votes_for(a=1, b=1, c=1), kind="approval")
    assert opened.undecided == ("a", "b", "c")


# ---- exactness -------------------------------------------------------------------------------


def by_fractions(amount, costs, ballots, select, order):
    """The rule as it reads, voter by voter, in fractions; ``order`` breaks ties, the first is the best."""
    money = {
        voter: {name: Fraction(amount * weight, len(ballots) * sum(ballot.values())) for name, weight in ballot.items()}
        for voter, ballot in enumerate(ballots)
    }  # fmt: skip
    standing = {name for ballot in ballots for name in ballot}
    funded, eliminated, left = [], [], amount

    def go(name, kept):
        for held in money.values():
            back = held.pop(name, Fraction(0)) * kept
            whole = sum(held.values())
            for other in held if whole else ():
                held[other] += back * held[other] / whole
        standing.discard(name)

    while standing:
        support = {name: sum(held.get(name, Fraction(0)) for held in money.values()) for name in standing}

        def key(name, support=support):
            if costs[name] == 0:
                return (1, Fraction(0))
            measure = support[name] / costs[name] if select == "ratio" else support[name] - costs[name]
            return (0, measure)

        reached = [name for name in standing if support[name] >= costs[name]]
        if reached:
            best = max(key(name) for name in reached)
            name = min((name for name in reached if key(name) == best), key=order.index)
            funded.append(name)
            left -= costs[name]
            go(name, 1 - Fraction(costs[name]) / support[name])
        else:
            worst = min(key(name) for name in standing)
            name = max((name for name in standing if key(name) == worst), key=order.index)
            eliminated.append(name)
            go(name, Fraction(1))
    for name in reversed(eliminated):
        if costs[name] <= left:
            left -= costs[name]
            funded.append(name)
    return funded


NAMES = "abcdef"


@st.composite
def elections(draw):
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    costs = {name: draw(st.integers(1, 12)) for name in names}
    ballots = draw(
        st.lists(
            st.dictionaries(st.sampled_from(names), st.integers(1, 4), min_size=1), min_size=1, max_size=8
        )
    )
    return draw(st.integers(1, 30)), costs, ballots, draw(st.sampled_from(["ratio", "excess"]))


@pytest.mark.parametrize("fractions_up_to", [transfers.MOST_FRACTION_WORK, -1])
@settings(max_examples=250, deadline=None)
@given(election=elections())
def test_the_outcome_is_that_of_plain_fractions(fractions_up_to, election):
    amount, costs, ballots, select = election
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfers, "MOST_FRACTION_WORK", fractions_up_to)
        patch.setattr(transfers, "FIRST_BITS", 4)
        outcome = outcome_of(amount, costs, points(*ballots), select=select, ties=("file-order",))
    assert list(outcome.funded) == by_fractions(amount, costs, ballots, select, list(costs))


@settings(max_examples=150, deadline=None)
@given(election=elections(), order=st.permutations(NAMES))
def test_what_is_certain_under_refuse_is_so_in_every_order(election, order):
    amount, costs, ballots, select = election
    outcome = outcome_of(amount, costs, points(*ballots), select=select)
    funded = set(by_fractions(amount, costs, ballots, select, list(order)))
    assert set(outcome.funded) <= funded
    assert not set(outcome.rejected) & funded
    if outcome.is_decided:
        assert set(outcome.funded) == funded


@settings(max_examples=100, deadline=None)
@given(election=elections())
def test_no_pot_is_overspent_and_every_project_gets_one_answer(election):
    amount, costs, ballots, select = election
    outcome = outcome_of(amount, costs, points(*ballots), select=select, ties=("cheaper",))
    assert outcome.spent["all"] == sum(costs[name] for name in outcome.funded) <= amount
    answers = [*outcome.funded, *outcome.rejected, *outcome.undecided]
    assert sorted(answers) == sorted(costs)
    assert {step.project for step in outcome.steps} - {None} == set(answers)
    for step in outcome.steps:
        if step.kind == "fund" and "round" in step.params:
            assert step.params["money"] >= step.cost


def test_sums_that_differ_by_less_than_the_first_unit_are_told_apart():
    # 2/3 of a pot and an amount that no unit of 2**-64 tells from it
    large = 3 * 2**50
    outcome = outcome_of(large, {"a": 2**51, "b": 2**51 + 1}, votes_for(a=2, b=1), kind="approval")
    assert outcome.steps[0].params == {"round": 1, "money": 2**51}
    one_more = outcome_of(large, {"a": 2**51 + 1, "b": 5}, votes_for(a=2, b=1), kind="approval")
    assert [name for _, name in steps_of(one_more)][:1] == ["b"]
    assert one_more.rejected.get("a") or steps_of(one_more)[1] == ("eliminate", "a")


@settings(max_examples=60, deadline=None)
@given(election=elections())
def test_the_bound_on_the_error_holds_for_every_project_and_step(election):
    amount, costs, ballots, _ = election
    names = list(costs)
    groups = {}
    for ballot in ballots:
        shares = transfers.shares_of((names.index(name), weight) for name, weight in ballot.items())
        groups[shares] = groups.get(shares, 0) + 1
    electorate = transfers.Electorate(list(costs.values()), groups, amount)
    fixed, exact = transfers._Fixed(electorate, 8), transfers._Fractions(electorate)
    for place in range(len(names)):
        for other in range(place, len(names)):
            true = exact.supports[other] * 2**8
            assert abs(fixed.supports[other] - true) <= fixed.error
        is_paid = exact.supports[place] >= electorate.costs[place] > 0
        fixed.go(place, is_paid=is_paid)
        exact.go(place, is_paid=is_paid)


def test_counting_again_gives_the_same_hash():
    dossier = a_dossier(
        under(one_pot(100, kind="points")), projects_costing(a=60, b=50), points({"a": 3, "b": 2}, {"b": 1})
    )
    assert count(dossier).digest == count(dossier).digest
    assert count(dossier).document()["rule"] == RULE
