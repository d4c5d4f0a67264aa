"""Ties, competitors and quotas where pots, free projects and large numbers meet."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.counting import RULES, columns, count
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import BallotShape, Counting, Pot, Rules, Text

NAME = Text({"uk": "Громада"})


def an_election(rule, pots, projects, ballots, *, kind="approval", ties=("refuse",), **options):
    """``pots``: amount by id; ``projects``: (id, pot, cost, rivals); ballots as (choices, count)."""
    rules = Rules(
        title=NAME,
        pots=tuple(Pot(pot, NAME, amount) for pot, amount in pots.items()),
        ballot=BallotShape(kind=kind, min_choices=0),
        counting=Counting(rule, options, ties),
    )
    made = [
        DossierProject(id=name, cost=cost, pot=pot, order=order, rivals=rivals)
        for order, (name, pot, cost, rivals) in enumerate(projects)
    ]
    return Dossier.build(contest="c", rules=rules, projects=made, groups=ballots, scale=1)


def marks(*names):
    return tuple((name, 1) for name in sorted(names))


def test_of_competitors_one_that_is_free_keeps_the_other_out():
    projects = [("free", "all", 0, "r"), ("paid", "all", 4, "r")]
    outcome = count(an_election("equal-shares-v1", {"all": 10}, projects, [(marks("free", "paid"), 2)]))
    assert outcome.funded == ("free",)
    assert outcome.rejected["paid"].code == "rival_won"


RULES_WITH_CHOICES = sorted(RULES)


@pytest.mark.parametrize("rule", RULES_WITH_CHOICES)
def test_what_competes_with_an_open_tie_of_an_earlier_pot_is_not_certain(rule):
    projects = [("a", "A", 4, "r"), ("b", "A", 4, None), ("c", "B", 4, "r")]
    outcome = count(an_election(rule, {"A": 4, "B": 4}, projects, [(marks("a", "b", "c"), 2)]))
    assert set(outcome.undecided) == {"a", "b", "c"}


def test_a_quota_that_an_open_tie_of_an_earlier_pot_may_fill_is_not_certain():
    dossier = an_election(
        "greedy-v1", {"A": 4, "B": 4}, [("a", "A", 4, None), ("b", "A", 4, None), ("c", "B", 4, None)],
        [(marks("a", "b", "c"), 2)], winners_per_category={"*": 1},
    )  # fmt: skip
    projects = [replace(each, category={"a": "x", "b": "y", "c": "x"}[each.id]) for each in dossier.projects]
    assert "c" in count(replace(dossier, projects=tuple(projects))).undecided


def test_under_stop_competitors_may_keep_an_open_tie_from_ending_the_count():
    projects = [("p0", "all", 2, "y"), ("p1", "all", 3, "y"), ("p2", "all", 0, None)]
    ballots = [(marks("p0", "p1", "p2"), 3), (marks("p0", "p1"), 1)]
    outcome = count(an_election("greedy-v1", {"all": 2}, projects, ballots, fit="stop"))
    assert "p2" not in outcome.rejected


@pytest.mark.parametrize("options", [{"winners": {"*": 100}}, {"fit": "partial"}])
def test_a_long_tie_of_which_all_can_win_is_none(options):
    names = [f"p{n}" for n in range(9)]
    projects = [(name, "all", 1, None) for name in names]
    outcome = count(an_election("greedy-v1", {"all": 100}, projects, [(marks(*names), 3)], **options))
    assert set(outcome.funded) == set(names)
    assert not outcome.ties


def test_with_more_ways_than_are_tried_nothing_is_called_certain():
    """Twelve pairs of equal projects, each pair with its own voters and money for one of the two."""
    projects, ballots = [], []
    for pair in range(12):
        one, other = f"a{pair:02}", f"b{pair:02}"
        projects += [(one, "all", 10, None), (other, "all", 10, None)]
        ballots.append((marks(one, other), 10))
    outcome = count(an_election("equal-shares-v1", {"all": 120}, projects, ballots))
    assert outcome.funded == ()
    assert len(outcome.undecided) == 24


def test_a_share_smaller_than_any_unit_is_still_a_share():
    outcome = count(
        an_election("equal-shares-v1", {"all": 1}, [("a", "all", 1, None)], [(marks("a"), 2**40)])
    )
    assert outcome.funded == ("a",)


@settings(max_examples=40, deadline=None)
@given(
    points=st.lists(st.lists(st.integers(0, 10**9), min_size=4, max_size=4), min_size=1, max_size=30),
    costs=st.lists(st.integers(0, 2**53 - 1), min_size=4, max_size=4),
    amount=st.integers(2**50, 2**53 - 1),
)
def test_the_largest_numbers_count_alike_in_lists_and_arrays(points, costs, amount):
    pytest.importorskip("numpy")
    names = "abcd"
    ballots = [
        (tuple((name, given) for name, given in zip(names, row, strict=True) if given), 1) for row in points
    ]
    projects = [(name, "all", cost, None) for name, cost in zip(names, costs, strict=True)]
    dossier = an_election(
        "equal-shares-v1",
        {"all": amount},
        projects,
        ballots,
        kind="points",
        ties=("earlier",),
        utility="points",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RULEBOOK_PLAIN", "1")
        plain = count(dossier)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "ENOUGH_FOR_ARRAYS", 0)
        assert count(dossier).funded == plain.funded


@pytest.mark.parametrize("rule", RULES_WITH_CHOICES)
@settings(max_examples=60, deadline=None)
@given(
    costs=st.lists(st.integers(0, 5), min_size=4, max_size=4),
    homes=st.lists(st.sampled_from("AB"), min_size=4, max_size=4),
    rivals=st.lists(st.sampled_from([None, "r"]), min_size=4, max_size=4),
    ballots=st.lists(st.tuples(st.sets(st.sampled_from("abcd"), min_size=1), st.integers(1, 3)), max_size=4),
    amounts=st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
def test_what_is_certain_holds_for_every_order_of_submission(rule, costs, homes, rivals, ballots, amounts):
    names = "abcd"
    groups = [(marks(*chosen), times) for chosen, times in ballots]
    pots = dict(zip("AB", amounts, strict=True))
    projects = list(zip(names, homes, costs, rivals, strict=True))
    left_open = count(an_election(rule, pots, projects, groups))
    for order in itertools.permutations(range(4)):
        dossier = an_election(rule, pots, projects, groups, ties=("earlier",))
        shuffled = [replace(each, order=order[n]) for n, each in enumerate(dossier.projects)]
        funded = set(count(replace(dossier, projects=tuple(sorted(shuffled, key=lambda p: p.order)))).funded)
        assert set(left_open.funded) <= funded
        assert funded <= {*left_open.funded, *left_open.undecided}
