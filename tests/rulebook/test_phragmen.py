"""Phragmén's sequential rule: what its definition says, voter by voter, is what is counted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.counting import count, phragmen
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import BallotShape, Counting, Pot, Rules, Text

POT = "all"


def an_election(amount, costs, ballots, *, ties=("earlier",), rivals=None):
    name = Text({"uk": "Громада"})
    rules = Rules(
        title=name,
        pots=(Pot(POT, name, amount),),
        ballot=BallotShape(min_choices=0),
        counting=Counting("phragmen-v1", {}, ties),
    )
    projects = [
        DossierProject(id=project, cost=cost, pot=POT, order=order, rivals=(rivals or {}).get(project))
        for order, (project, cost) in enumerate(costs.items())
    ]
    groups = [(tuple((project, 1) for project in sorted(names)), times) for names, times in ballots]
    return Dossier.build(contest="c", rules=rules, projects=projects, groups=groups, scale=1)


def every_way(amount, costs, ballots):
    """All sets the rule can fund, every tie taken every way."""
    voters = [set(names) for names, times in ballots for _ in range(times)]
    backers = {p: [v for v, names in enumerate(voters) if p in names] for p in costs}
    standing = [p for p in costs if backers[p] and costs[p] <= amount]
    found = set()

    def go_on(loads, funded):
        left = amount - sum(costs[p] for p in funded)
        after = {
            p: (costs[p] + sum(loads[v] for v in backers[p])) / Fraction(len(backers[p]))
            for p in standing
            if p not in funded
        }
        lowest = min(after.values(), default=None)
        tied = [p for p, load in after.items() if load == lowest]
        if not tied or any(costs[p] > left for p in tied):
            found.add(frozenset(funded))
            return
        for project in tied:
            go_on(
                [lowest if v in backers[project] else load for v, load in enumerate(loads)],
                (*funded, project),
            )

    go_on([Fraction(0)] * len(voters), ())
    return found


NAMES = "abcde"


@st.composite
def elections(draw):
    costs = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 12), min_size=1))
    names = st.lists(st.sampled_from(sorted(costs)), unique=True)
    ballots = draw(st.lists(st.tuples(names, st.integers(1, 4)), max_size=6))
    return draw(st.integers(0, 30)), costs, ballots


@pytest.fixture(params=["fine", "coarse"])
def unit(request, monkeypatch):
    """The same answers however coarse the unit of the whole numbers that prune."""
    if request.param == "coarse":
        monkeypatch.setattr(phragmen, "SAFE_BITS", 8)


@pytest.mark.usefixtures("unit", "store")
@settings(max_examples=120, deadline=None)
@given(elections())
def test_what_is_funded_is_what_the_definition_funds(election):
    amount, costs, ballots = election
    outcome = count(an_election(amount, costs, ballots))
    assert frozenset(outcome.funded) in every_way(amount, costs, ballots)
    assert outcome.spent[POT] <= amount


@pytest.mark.usefixtures("unit")
@settings(max_examples=120, deadline=None)
@given(elections())
def test_an_undecided_tie_leaves_open_exactly_what_it_decides(election):
    amount, costs, ballots = election
    sets = every_way(amount, costs, ballots)
    outcome = count(an_election(amount, costs, ballots, ties=("refuse",)))
    certain, possible = frozenset.intersection(*sets), frozenset.union(*sets)
    assert set(outcome.funded) == certain
    assert set(outcome.undecided) == possible - certain
    assert bool(outcome.open_ties) == (len(sets) > 1)


def test_however_many_are_equal_nothing_is_open_where_all_of_them_fit():
    costs = dict.fromkeys("abcdefgh", 1)
    outcome = count(an_election(8, costs, [("abcdefgh", 1)], ties=("refuse",)))
    assert set(outcome.funded) == set(costs)
    assert not outcome.undecided
    assert not outcome.ties


def test_a_minority_gets_its_turn_once_the_majority_has_paid():
    """Twenty voters want parks a, b and c, ten want the pool; all cost the same."""
    costs = {"a": 60, "b": 60, "c": 60, "pool": 60}
    outcome = count(an_election(180, costs, [("abc", 20), (["pool"], 10)]))
    # after 3 for each of the twenty a second park would bring them to 6, and the pool its ten to 6 as well
    assert outcome.funded == ("a", "b", "pool")
    loads = [step.params["load"] for step in outcome.steps if step.kind == "fund"]
    assert loads == [3, 6, 6]


def test_the_count_stops_at_the_first_that_does_not_fit():
    outcome = count(an_election(100, {"a": 60, "b": 50, "c": 40}, [("a", 9), ("b", 6), ("c", 1)]))
    assert outcome.funded == ("a",)
    assert (outcome.rejected["b"].code, outcome.rejected["b"].params["short"]) == ("does_not_fit", 10)
    assert (outcome.rejected["c"].code, outcome.rejected["c"].params["after"]) == ("stopped", "b")


def test_what_costs_more_than_the_pot_does_not_take_part():
    outcome = count(an_election(100, {"huge": 101, "a": 60}, [(["huge"], 50), ("a", 1)]))
    assert outcome.funded == ("a",)
    assert outcome.rejected["huge"].code == "does_not_fit"


def test_of_competing_projects_one_is_funded():
    outcome = count(an_election(100, {"a": 10, "b": 10}, [("ab", 3), ("b", 1)], rivals={"a": "x", "b": "x"}))
    assert outcome.funded == ("b",)
    assert outcome.rejected["a"].params == {"rival": "b"}
