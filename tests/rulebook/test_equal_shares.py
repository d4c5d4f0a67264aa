"""The method of equal shares: what the paper's definition says, computed by the letter, is what is counted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.counting import count, purchases
from rulebook.counting.equal_shares import effective_support
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import BallotShape, Counting, Pot, Rules, Text

POT = "all"


def an_election(amount, costs, ballots, *, kind="approval", ties=("earlier",), rivals=None, **options):
    """A dossier of one pot: ``costs`` by project id, ``ballots`` as (choices, count)."""
    name = Text({"uk": "Громада"})
    rules = Rules(
        title=name,
        pots=(Pot(POT, name, amount),),
        ballot=BallotShape(kind=kind, min_choices=0),
        counting=Counting("equal-shares-v1", options, ties),
    )
    projects = [
        DossierProject(id=project, cost=cost, pot=POT, order=order, rivals=(rivals or {}).get(project))
        for order, (project, cost) in enumerate(costs.items())
    ]
    return Dossier.build(contest="c", rules=rules, projects=projects, groups=ballots, scale=1)


# --- the definition, by the letter -------------------------------------------------------------------


def every_way(amount, costs, ballots, worth, share):
    """All sets that equal shares can fund, every tie taken every way; money in fractions, voter by voter."""
    voters = [choices for choices, times in ballots for _ in range(times) if choices]
    found = set()

    def go_on(money, bought):
        prices = {}
        for project, cost in costs.items():
            backers = {
                v: worth(choices, project) for v, choices in enumerate(voters) if dict(choices).get(project)
            }
            if project in bought or not backers or not cost:
                continue
            if sum(money[v] for v in backers) < cost:
                continue
            order = sorted(backers, key=lambda v: money[v] / backers[v])
            paid, weight = Fraction(0), sum(backers.values())
            for v in order:
                price = (cost - paid) / weight
                if price * backers[v] <= money[v]:
                    prices[project] = price
                    break
                paid += money[v]
                weight -= backers[v]
        if not prices:
            found.add(frozenset(bought))
            return
        lowest = min(prices.values())
        for project in [project for project, price in prices.items() if price == lowest]:
            after = list(money)
            for v, choices in enumerate(voters):
                if dict(choices).get(project):
                    after[v] -= min(after[v], lowest * worth(choices, project))
            go_on(after, (*bought, project))

    free = tuple(p for p, cost in costs.items() if not cost and any(dict(c).get(p) for c in voters))
    go_on([share] * len(voters), free)
    return found


WORTH = {
    "cost": lambda costs: lambda choices, project: Fraction(costs[project]),
    "cardinality": lambda costs: lambda choices, project: Fraction(1),
    "points": lambda costs: lambda choices, project: Fraction(dict(choices)[project]),
    "borda": lambda costs: lambda choices, project: Fraction(len(choices) + 1 - dict(choices)[project]),
}


def possible_sets(amount, costs, ballots, utility):
    voters = sum(times for choices, times in ballots if choices)
    if not voters:
        return {frozenset()}
    return every_way(amount, costs, ballots, WORTH[utility](costs), Fraction(amount, voters))


NAMES = "abcdef"
COSTS = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 12), min_size=1, max_size=6)


@st.composite
def elections(draw, utilities=("cost", "cardinality", "points", "borda")):
    costs = draw(COSTS)
    utility = draw(st.sampled_from(utilities))
    kind = {"points": "points", "borda": "ranking"}.get(utility, "approval")
    ballots = []
    for _ in range(draw(st.integers(0, 7))):
        chosen = draw(st.lists(st.sampled_from(sorted(costs)), unique=True, max_size=4))
        if kind == "ranking":
            choices = tuple((project, place) for place, project in enumerate(chosen, start=1))
        elif kind == "points":
            choices = tuple((project, draw(st.integers(1, 4))) for project in sorted(chosen))
        else:
            choices = tuple((project, 1) for project in sorted(chosen))
        ballots.append((choices, draw(st.integers(1, 4))))
    return draw(st.integers(0, 30)), costs, ballots, kind, utility


@pytest.fixture(params=["plenty", "hardly any"], ids=["fine unit", "coarse unit"])
def unit(request, monkeypatch):
    """The same answers whether the fixed-point unit is fine or so coarse that everything must be exact."""
    if request.param == "hardly any":
        monkeypatch.setattr(purchases, "SAFE_BITS", 10)
        monkeypatch.setattr(purchases, "COARSE", 4)


@pytest.mark.usefixtures("unit", "store")
@settings(max_examples=120, deadline=None)
@given(elections())
def test_what_is_funded_is_what_the_definition_funds(election):
    amount, costs, ballots, kind, utility = election
    sets = possible_sets(amount, costs, ballots, utility)
    outcome = count(an_election(amount, costs, ballots, kind=kind, utility=utility))
    assert frozenset(outcome.funded) in sets
    assert outcome.spent[POT] <= amount
    assert bool(outcome.ties) <= (len(sets) > 1)


@pytest.mark.usefixtures("unit")
@settings(max_examples=120, deadline=None)
@given(elections())
def test_an_undecided_tie_leaves_open_exactly_what_it_decides(election):
    amount, costs, ballots, kind, utility = election
    sets = possible_sets(amount, costs, ballots, utility)
    outcome = count(an_election(amount, costs, ballots, kind=kind, ties=("refuse",), utility=utility))
    certain, possible = frozenset.intersection(*sets), frozenset.union(*sets)
    assert set(outcome.funded) == certain
    assert set(outcome.undecided) == possible - certain
    assert bool(outcome.open_ties) == (len(sets) > 1)


def add1_by_the_letter(amount, costs, ballots, utility, *, stops_exhausted):
    """The completion run by run, for elections without ties; None where one is met."""
    voters = sum(times for choices, times in ballots if choices)
    named = {project for choices, _ in ballots for project, _ in choices if costs[project]}
    last, step = None, 0
    while True:
        share = Fraction(amount, voters) + step
        sets = every_way(amount, costs, ballots, WORTH[utility](costs), share)
        if len(sets) > 1:
            return None
        (funded,) = sets
        spent = sum(costs[project] for project in funded)
        if spent > amount:
            return last
        left = [
            project for project in named - funded if not stops_exhausted or spent + costs[project] <= amount
        ]
        if not left:
            return funded
        last, step = funded, step + 1


@settings(max_examples=120, deadline=None)
@given(elections(), st.sampled_from(["add1", "add1-exhaustive"]))
def test_add1_gives_each_voter_one_more_until_it_would_cost_too_much(election, completion):
    amount, costs, ballots, kind, utility = election
    if not any(choices for choices, _ in ballots):
        return
    stops = completion == "add1-exhaustive"
    expected = add1_by_the_letter(amount, costs, ballots, utility, stops_exhausted=stops)
    if expected is None:
        return
    options = {"utility": utility, "completion": completion, "increment": 1}
    outcome = count(an_election(amount, costs, ballots, kind=kind, **options))
    assert set(outcome.funded) == expected
    assert outcome.spent[POT] <= amount


@settings(max_examples=200, deadline=None)
@given(
    costs=st.lists(st.integers(1, 400), min_size=1, max_size=6),
    ballots=st.lists(
        st.tuples(st.sets(st.integers(0, 5), min_size=1), st.integers(1, 5)), min_size=1, max_size=6
    ),
    amount=st.integers(0, 500),
    rivals=st.sets(st.integers(0, 5), max_size=3),
    utility=st.sampled_from(["cost", "cardinality"]),
    completion=st.sampled_from(["add1", "add1-exhaustive"]),
)
def test_steps_that_would_buy_the_same_again_are_rightly_left_out(
    costs, ballots, amount, rivals, utility, completion
):
    names = "abcdef"[: len(costs)]
    groups = [
        (tuple((name, 1) for n, name in enumerate(names) if n in chosen), times) for chosen, times in ballots
    ]
    election = an_election(
        amount, dict(zip(names, costs, strict=True)), groups, utility=utility, completion=completion, increment=1,
        rivals={name: "x" for n, name in enumerate(names) if n in rivals},
    )  # fmt: skip
    quick = count(election)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(purchases._Run, "_room", lambda run: 0)
        assert count(election).digest == quick.digest


def test_one_voter_behind_a_hugely_expensive_project_does_not_hold_the_count_up():
    """Its supporter's share would have to grow ten million times by one."""
    costs = {"palace": 10_000_000, "bench": 50, "lamp": 70}
    ballots = [((("palace", 1),), 1), ((("bench", 1), ("lamp", 1)), 9)]
    outcome = count(an_election(1000, costs, ballots, completion="add1", increment=1))
    assert outcome.funded == ("bench", "lamp")
    assert outcome.facts[POT]["increments"] == 10_000_000 - 100 - 1


def test_a_tie_that_matters_in_one_repetition_and_not_in_another_is_reported():
    """Where the shares are large enough for both the order is nothing; where the count ends it is all."""
    costs = {"stadium": 500, "rink": 500, "school": 500}
    ballots = [((("rink", 1), ("stadium", 1)), 3), ((("school", 1),), 2)]
    outcome = count(an_election(1000, costs, ballots, completion="add1", increment=1))
    assert outcome.funded == ("stadium", "school")
    (tie,) = outcome.ties
    assert (tie.projects, tie.decided_by) == (("stadium", "rink"), "earlier")
    left_open = count(an_election(1000, costs, ballots, ties=("refuse",), completion="add1", increment=1))
    assert left_open.funded == ("school",)
    assert left_open.undecided == ("stadium", "rink")


# --- what the outcome says ---------------------------------------------------------------------------


def a_square_and_a_library(**options):
    """Six voters with 20 each: four want the square, two the library."""
    costs = {"square": 60, "library": 30, "road": 90}
    ballots = [(("road", 1), ("square", 1)), (("square", 1),), (("library", 1),)]
    return an_election(120, costs, [(ballots[0], 2), (ballots[1], 2), (ballots[2], 2)], **options)


def test_each_group_pays_for_its_own():
    outcome = count(a_square_and_a_library())
    assert outcome.funded == ("square", "library")
    first, second = (step.params for step in outcome.steps if step.kind == "fund")
    assert first == {"round": 1, "supporters": 4, "payers": 4, "in_full": 4, "price": 15}
    assert second == {"round": 2, "supporters": 2, "payers": 2, "in_full": 2, "price": 15}
    assert outcome.facts[POT] == {
        "voters": 6, "share": 20, "final_share": 20, "increments": 0, "topped_up": [],
    }  # fmt: skip
    reason = outcome.rejected["road"]
    assert (reason.code, reason.params) == ("supporters_cannot_pay", {"cost": 90, "money": 10, "short": 80})


def test_effective_support_is_the_part_of_the_cost_its_supporters_would_have_paid():
    dossier = a_square_and_a_library()
    # at the square's price of 1/4 per unit of utility the road's two voters would pay 20 each of 90
    assert effective_support(dossier, count(dossier)) == {"road": 44}


def test_a_topping_up_spends_the_rest_by_votes():
    costs = {"square": 60, "library": 30, "road": 50}
    ballots = [
        ((("square", 1),), 3),
        ((("library", 1),), 2),
        ((("road", 1),), 1),
    ]
    plain = count(an_election(120, costs, ballots))
    assert plain.funded == ("square", "library")
    topped = count(an_election(140, costs, ballots, completion="greedy"))
    assert topped.funded == ("square", "library", "road")
    assert topped.facts[POT]["topped_up"] == ["road"]


def test_the_comparison_takes_what_more_voters_prefer():
    """Two of three voters would rather have the one large project; equal shares alone cannot pay it."""
    costs = {"park": 90, "bench": 30}
    ballots = [((("park", 1),), 2), ((("bench", 1),), 1)]
    plain = count(an_election(90, costs, ballots))
    assert plain.funded == ("bench",)
    compared = count(an_election(90, costs, ballots, comparison="greedy"))
    assert compared.funded == ("park",)
    assert compared.facts[POT]["comparison"] == {
        "chosen": "greedy", "prefer_equal_shares": 1, "prefer_greedy": 2,
    }  # fmt: skip


def test_of_competing_projects_one_is_bought():
    costs = {"a": 10, "b": 10, "c": 10}
    ballots = [((("a", 1), ("b", 1)), 3), ((("b", 1), ("c", 1)), 1)]
    outcome = count(an_election(60, costs, ballots, rivals={"a": "lawn", "b": "lawn"}))
    assert outcome.funded == ("b", "c")
    assert outcome.rejected["a"].code == "rival_won"


def test_who_named_nothing_has_no_share():
    with_empty = count(an_election(100, {"a": 100}, [((("a", 1),), 2), ((), 5)]))
    assert with_empty.funded == ("a",)
    assert with_empty.facts[POT]["voters"] == 2
    assert with_empty.voters == 7


def test_nobody_voted():
    outcome = count(an_election(100, {"a": 10}, []))
    assert outcome.funded == ()
    assert outcome.rejected["a"].code == "no_votes"


@settings(max_examples=60, deadline=None)
@given(elections(), st.randoms())
def test_order_and_batches_of_ballots_never_matter(election, random):
    amount, costs, ballots, kind, utility = election
    single = [(choices, 1) for choices, times in ballots for _ in range(times)]
    random.shuffle(single)
    options = {"kind": kind, "utility": utility, "ties": ("refuse",)}
    assert count(an_election(amount, costs, single, **options)).digest == (
        count(an_election(amount, costs, ballots, **options)).digest
    )
