"""max-satisfaction-v1, clause by clause as docs/counting/max-satisfaction-v1.md states it, and by brute force."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, a_name, approvals, one_pot, projects_costing, votes_for

from rulebook.ballot import BallotPaper
from rulebook.counting import count
from rulebook.counting.knapsack import Thing, best_choice, in_doubt
from rulebook.dossier import DossierError, DossierProject
from rulebook.rules import Counting, Pot

RULE = "max-satisfaction-v1"


def under(rules, **options):
    return replace(rules, counting=Counting(RULE, options, rules.counting.ties))


def outcome_of(amount, costs, papers, *, kind="approval", ties=("refuse",), **options):
    rules = under(one_pot(amount, kind=kind, ties=ties), **options)
    return count(a_dossier(rules, projects_costing(**costs), papers))


# ---- the rule --------------------------------------------------------------------------------


def test_the_set_is_funded_that_gives_the_voters_the_most():
    # a alone has three votes; b and c cost as much together and have four
    outcome = outcome_of(100, {"a": 100, "b": 50, "c": 50}, votes_for(a=3, b=2, c=2))
    assert outcome.funded == ("b", "c")
    assert outcome.rejected["a"].params == {"cost": 100, "satisfaction": 3}
    assert outcome.rejected["a"].code == "outweighed"
    assert outcome.facts == {"all": {"satisfaction": 4}}
    assert outcome.ranks == {"a": 1, "b": 2, "c": 2}


def test_by_cost_a_vote_for_a_dear_project_counts_for_more():
    costs, papers = {"a": 100, "b": 50, "c": 40}, votes_for(a=3, b=3, c=3)
    assert outcome_of(100, costs, papers, utility="cardinality").funded == ("b", "c")
    by_cost = outcome_of(100, costs, papers, utility="cost")
    assert by_cost.funded == ("a",)
    assert by_cost.facts == {"all": {"satisfaction": 300}}


def test_points_are_added_up_as_given():
    papers = [BallotPaper.points({"a": 5, "b": 1}), BallotPaper.points({"b": 1})]
    costs = {"a": 50, "b": 50}
    assert outcome_of(50, costs, papers, kind="points", utility="points").funded == ("a",)
    assert outcome_of(50, costs, papers, kind="points").funded == ("b",)


def test_borda_points_are_read_off_rankings():
    papers = [BallotPaper.ranking("abc"), BallotPaper.ranking("ab"), BallotPaper.ranking("b")]
    outcome = outcome_of(50, {"a": 50, "b": 50, "c": 50}, papers, kind="ranking", utility="borda")
    # 3 + 2 for a, 2 + 1 + 1 for b
    assert outcome.funded == ("a",)
    assert outcome.facts == {"all": {"satisfaction": 5}}


@pytest.mark.parametrize(("kind", "utility"), [("approval", "points"), ("points", "borda")])
def test_a_utility_that_the_ballots_do_not_show_is_refused(kind, utility):
    with pytest.raises(DossierError, match="utility"):
        outcome_of(50, {"a": 50}, [], kind=kind, utility=utility)


def test_on_plus_minus_ballots_only_the_marks_for_a_project_satisfy():
    papers = [BallotPaper.of("plus-minus", [("a", 1), ("b", -1)]), BallotPaper.of("plus-minus", [("a", 1)])]
    outcome = outcome_of(100, {"a": 50, "b": 50}, papers, kind="plus-minus")
    assert outcome.funded == ("a",)
    assert outcome.rejected["b"].code == "no_votes"


@pytest.mark.parametrize("utility", ["cardinality", "cost"])
def test_what_costs_nothing_is_funded_and_what_nobody_named_is_not(utility):
    outcome = outcome_of(10, {"a": 0, "b": 10, "c": 0, "d": 0}, approvals("ab", "b"), utility=utility)
    assert set(outcome.funded) == {"a", "b"}
    assert {outcome.rejected[name].code for name in "cd"} == {"no_votes"}
    assert outcome.is_decided


def test_what_no_set_could_hold_does_not_fit():
    outcome = outcome_of(50, {"a": 51, "b": 10}, votes_for(a=5, b=1))
    assert outcome.funded == ("b",)
    assert outcome.rejected["a"].code == "does_not_fit"
    assert outcome.rejected["a"].params == {"cost": 51, "left": 50, "short": 1}


def test_a_project_below_its_threshold_is_not_funded():
    outcome = outcome_of(50, {"a": 10, "b": 10}, votes_for(a=5, b=1), threshold={"*": 2})
    assert outcome.funded == ("a",)
    assert outcome.rejected["b"].code == "below_threshold"


def test_an_empty_contest_has_an_empty_outcome():
    outcome = outcome_of(50, {}, [])
    assert (outcome.funded, outcome.left, outcome.facts) == ((), {"all": 50}, {"all": {"satisfaction": 0}})


def test_a_satisfaction_larger_than_a_json_number_is_written_as_text():
    outcome = outcome_of(2**52, {"a": 2**52}, votes_for(a=4), utility="cost")
    assert outcome.facts == {"all": {"satisfaction": str(2**54)}}
    assert outcome.digest


# ---- competitors and pots --------------------------------------------------------------------


def rivals(costs, groups, pots=None):
    return [
        DossierProject(
            name, cost, (pots or {}).get(name, "all"), order=place, rivals=groups.get(name)
        )
        for place, (name, cost) in enumerate(costs.items())
    ]  # fmt: skip


def test_of_competing_projects_at_most_one_is_in_the_set():
    projects = rivals({"a": 10, "b": 10, "c": 10}, {"a": "g", "b": "g"})
    outcome = count(a_dossier(under(one_pot(100)), projects, votes_for(a=3, b=2, c=1)))
    assert outcome.funded == ("a", "c")
    assert outcome.rejected["b"].params == {"rival": "a"}


def test_a_competitor_in_an_earlier_pot_keeps_a_project_out_of_a_later_one():
    pots = (Pot("first", a_name("Перша"), 10), Pot("second", a_name("Друга"), 20))
    rules = replace(under(one_pot(0)), pots=pots)
    where = {"a": "first", "b": "second", "c": "second"}
    projects = rivals({"a": 10, "b": 10, "c": 20}, {"a": "g", "b": "g"}, where)
    outcome = count(a_dossier(rules, projects, votes_for(a=1, b=5, c=1)))
    assert outcome.funded == ("a", "c")
    assert outcome.rejected["b"].params == {"rival": "a"}


def test_a_tie_left_open_leaves_open_what_its_competitors_decide():
    pots = (Pot("first", a_name("Перша"), 10), Pot("second", a_name("Друга"), 20))
    rules = replace(under(one_pot(0)), pots=pots)
    where = {"a": "first", "x": "first", "b": "second", "c": "second", "d": "second"}
    projects = rivals({"a": 10, "x": 10, "b": 10, "c": 15, "d": 5}, {"a": "g", "b": "g"}, where)
    outcome = count(a_dossier(rules, projects, votes_for(a=1, x=1, b=5, c=1, d=1)))
    # with b the second pot has b and d; without, c and d
    assert set(outcome.undecided) == {"a", "x", "b", "c"}
    assert outcome.funded == ("d",)


# ---- ties ------------------------------------------------------------------------------------


def test_several_best_sets_are_a_tie_that_names_what_they_differ_in():
    outcome = outcome_of(60, {"a": 40, "b": 40, "c": 20}, votes_for(a=2, b=2, c=5))
    assert outcome.funded == ("c",)
    assert outcome.undecided == ("a", "b")
    assert [(tie.projects, tie.decided_by) for tie in outcome.ties] == [(("a", "b"), "refuse")]
    assert outcome.left == {"all": 40}


def test_one_best_set_is_no_tie_although_scores_are_equal():
    outcome = outcome_of(40, {"a": 40, "b": 30, "c": 10}, votes_for(a=2, b=2, c=2))
    assert outcome.funded == ("b", "c")
    assert outcome.ties == ()


@pytest.mark.parametrize(("rule", "winner"), [("earlier", "a"), ("cheaper", "b")])
def test_a_tie_rule_decides_and_is_named(rule, winner):
    outcome = outcome_of(50, {"a": 40, "b": 30}, votes_for(a=2, b=2), ties=(rule,))
    assert outcome.funded == (winner,)
    assert [(tie.projects, tie.decided_by) for tie in outcome.ties] == [(("a", "b"), rule)]


def test_the_first_of_the_order_is_taken_even_if_it_takes_the_place_of_two():
    # {a} or {b, c}: a is the first in the order
    outcome = outcome_of(40, {"a": 40, "b": 20, "c": 20}, votes_for(a=2, b=1, c=1), ties=("earlier",))
    assert outcome.funded == ("a",)
    other = outcome_of(40, {"b": 20, "a": 40, "c": 20}, votes_for(a=2, b=1, c=1), ties=("earlier",))
    assert other.funded == ("b", "c")


def test_a_second_tie_rule_decides_what_the_first_leaves_equal():
    outcome = outcome_of(40, {"a": 40, "b": 40}, votes_for(a=1, b=1), ties=("cheaper", "earlier"))
    assert outcome.funded == ("a",)
    assert [tie.decided_by for tie in outcome.ties] == ["earlier"]


def test_what_a_tie_rule_decides_is_certain_although_the_rest_stays_open():
    # c is cheaper than the others, and one of a and b goes with it
    outcome = outcome_of(
        30, {"a": 20, "b": 20, "c": 10, "d": 11}, votes_for(a=1, b=1, c=1, d=1), ties=("cheaper",)
    )
    assert outcome.is_decided
    assert set(outcome.funded) == {"c", "d"}
    more = outcome_of(
        30, {"a": 20, "b": 20, "c": 10, "d": 30}, votes_for(a=2, b=2, c=1, d=3), ties=("cheaper",)
    )
    assert more.funded == ("c",)
    assert more.undecided == ("a", "b")
    assert [(tie.projects, tie.decided_by) for tie in more.ties] == [
        (("d", "c"), "cheaper"), (("a", "b"), "refuse"),
    ]  # fmt: skip


def test_a_recorded_decision_settles_the_tie():
    dossier = a_dossier(under(one_pot(50)), projects_costing(a=40, b=30), votes_for(a=2, b=2))
    assert count(dossier).undecided == ("a", "b")
    decided = count(replace(dossier, decisions=(("b", "a"),)))
    assert decided.funded == ("b",)
    assert [tie.decided_by for tie in decided.ties] == ["decision"]


# ---- against all sets ------------------------------------------------------------------------

NAMES = "abcdef"


@st.composite
def elections(draw):
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    projects = [
        DossierProject(
            name, draw(st.integers(0, 8)), "all", order=draw(st.integers(0, 3)),
            rivals=draw(st.sampled_from([None, None, None, "g", "h"])),
        )
        for name in names
    ]  # fmt: skip
    papers = [
        BallotPaper.approval(paper) for paper in draw(st.lists(st.sets(st.sampled_from(names)), max_size=6))
    ]
    return draw(st.integers(0, 20)), projects, papers, draw(st.sampled_from(["cardinality", "cost"]))


def best_sets(amount, projects, papers, utility):
    """All best sets, of which those with the most projects that cost nothing."""
    votes = {project.id: sum((project.id, 1) in paper.choices for paper in papers) for project in projects}
    found = {}
    named = [project for project in projects if votes[project.id]]
    for size in range(len(named) + 1):
        for chosen in itertools.combinations(named, size):
            groups = [project.rivals for project in chosen if project.rivals]
            if sum(project.cost for project in chosen) <= amount and len(groups) == len(set(groups)):
                gives = sum(
                    votes[project.id] * (project.cost if utility == "cost" else 1) for project in chosen
                )
                free = sum(project.cost == 0 for project in chosen)
                found.setdefault((gives, free), []).append(frozenset(project.id for project in chosen))
    most = max(found)
    return most[0], found[most]


@settings(max_examples=300, deadline=None)
@given(elections())
def test_certain_and_open_projects_are_those_of_all_best_sets(election):
    amount, projects, papers, utility = election
    outcome = count(a_dossier(under(one_pot(amount), utility=utility), projects, papers))
    most, best = best_sets(amount, projects, papers, utility)
    assert set(outcome.funded) == frozenset.intersection(*best)
    assert set(outcome.undecided) == frozenset.union(*best) - frozenset.intersection(*best)
    assert outcome.facts == {"all": {"satisfaction": most}}
    assert outcome.is_decided == (len(best) == 1)


@settings(max_examples=300, deadline=None)
@given(elections(), st.sampled_from([("earlier",), ("cheaper",), ("cheaper", "earlier")]), st.booleans())
def test_the_set_funded_is_the_best_one_that_comes_first_in_the_order(election, ties, is_strict):
    amount, projects, papers, utility = election
    if is_strict:
        projects = [replace(project, order=place) for place, project in enumerate(projects)]
    outcome = count(a_dossier(under(one_pot(amount, ties=ties), utility=utility), projects, papers))
    _, best = best_sets(amount, projects, papers, utility)
    names = {"earlier": "order", "cheaper": "cost"}
    in_order = sorted(projects, key=lambda project: [getattr(project, names[rule]) for rule in ties])
    keys = [[getattr(project, names[rule]) for rule in ties] for project in in_order]
    if all(before != after for before, after in itertools.pairwise(keys)):
        first = max(best, key=lambda each: [project.id in each for project in in_order])
        assert outcome.is_decided
        assert set(outcome.funded) == first
    assert any(
        set(outcome.funded) <= each <= {*outcome.funded, *outcome.undecided} for each in best
    )  # fmt: skip
    assert (len(best) == 1) == (outcome.ties == ())


def test_of_equal_projects_one_may_be_left_to_decide_about_by_what_was_decided_before():
    """b is cheapest and comes in; a and c cost the same, but c competes with b, so that a comes in."""
    projects = [
        replace(project, rivals="g" if project.id in "bc" else None)
        for project in projects_costing(a=2, b=1, c=2, d=3)
    ]
    rules = under(one_pot(4, ties=("cheaper",)), utility="cardinality")
    outcome = count(a_dossier(rules, projects, [BallotPaper.approval("abcd")]))
    assert set(outcome.funded) == {"a", "b"}
    assert outcome.ties[0].decided_by == "cheaper"


@st.composite
def knapsacks(draw):
    names = iter(range(100))
    high = draw(st.sampled_from([3, 12, 60, 2**70]))
    amounts = st.integers(0, high)
    classes = [
        [Thing(str(next(names)), draw(amounts), draw(amounts)) for _ in range(size)]
        for size in draw(st.lists(st.integers(1, 3), max_size=6))
    ]
    return classes, draw(st.integers(0, 4 * high))


@settings(max_examples=400, deadline=None)
@given(knapsacks())
def test_the_knapsack_is_solved_exactly(knapsack):
    classes, capacity = knapsack
    value, names = best_choice(classes, capacity)
    fitting = choices_within(classes, capacity)
    assert value == max(sum(thing.value for thing in pick) for pick in fitting)
    assert any({thing.name for thing in pick} == names for pick in fitting)
    assert sum(thing.value for entry in classes for thing in entry if thing.name in names) == value
    assert best_choice(classes, capacity, above=value) is None


def choices_within(classes, capacity):
    picks = [
        [thing for thing in pick if thing is not None]
        for pick in itertools.product(*[[None, *entry] for entry in classes])
    ]
    return [pick for pick in picks if sum(thing.weight for thing in pick) <= capacity]


@settings(max_examples=400, deadline=None)
@given(knapsacks(), st.integers(0, 5))
def test_whatever_good_choices_differ_on_is_in_doubt(knapsack, below):
    classes, capacity = knapsack
    value = best_choice(classes, capacity)[0] - below
    good = [
        frozenset(thing.name for thing in pick)
        for pick in choices_within(classes, capacity)
        if sum(thing.value for thing in pick) >= value
    ]
    assert frozenset.union(*good) - frozenset.intersection(*good) <= in_doubt(classes, capacity, value)


def test_a_tie_among_a_thousand_projects_is_settled_by_looking_at_the_few_in_doubt(monkeypatch):
    """Two projects alike at the edge of the money; of all others the prices alone tell whether they come in."""
    costs = {f"p{number}": 1_000 + number * 7 for number in range(1_000)} | {"x": 90_001, "y": 90_001}
    votes = {name: 3 if number < 500 else 1 for number, name in enumerate(costs)} | {"x": 55, "y": 55}
    amount = sum(cost for name, cost in costs.items() if votes[name] > 1) - 90_001  # for one of the two
    asked = []
    monkeypatch.setattr(
        "rulebook.counting.max_satisfaction.best_choice",
        lambda *given, **named: asked.append(1) or best_choice(*given, **named),
    )
    outcome = outcome_of(amount, costs, votes_for(**votes))
    assert outcome.undecided == ("x", "y")
    assert len(outcome.funded) == 500, "all others of three votes"
    assert len(asked) < 100
