"""greedy-v1 under the rarer clauses of regulations: quotas, competitors, partial funding, leftovers, D21, ties."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, a_name, one_pot, projects_costing, votes_for

from rulebook.ballot import BallotPaper
from rulebook.counting import count
from rulebook.dossier import Dossier, DossierError, DossierProject
from rulebook.lot import Lot, lot_commitment
from rulebook.rules import BallotShape, Category, Counting, Pot, Rules, SizeClass, problems

SEED = bytes(range(32))


def counted(rules, projects, papers, **more):
    dossier = a_dossier(rules, projects, papers)
    return count(replace(dossier, **more))


# --- score -------------------------------------------------------------------------------------------


def test_votes_per_cost_rank_by_the_exact_ratio():
    """7 votes for 100 are more than 20 for 286 (0.07 against 0.0699…)."""
    rules = one_pot(300, options={"score": "votes-per-cost"})
    outcome = counted(
        rules, projects_costing(large=286, small=100, free=0), votes_for(large=20, small=7, free=1)
    )
    assert outcome.ranks == {"free": 1, "small": 2, "large": 3}
    assert outcome.funded == ("free", "small")
    # 21 votes for 286 would pass 7 for 100
    assert outcome.rejected["large"].params["behind"] == 1


def plus_minus(**marks):
    return BallotPaper.of("plus-minus", marks.items())


def test_marks_against_are_taken_from_marks_for():
    rules = one_pot(100, kind="plus-minus", max_choices=2, max_minus=1, options={"score": "net"})
    papers = [plus_minus(a=1, b=1), plus_minus(a=1, b=-1), plus_minus(b=1, c=-1), plus_minus(c=1, a=1)]
    outcome = counted(rules, projects_costing(a=50, b=50, c=50), papers)
    assert outcome.totals == {"a": 3, "b": 1, "c": 0}
    assert outcome.votes == {"a": 3, "b": 2, "c": 1}
    assert outcome.funded == ("a", "b")


def test_more_against_than_for_never_wins():
    rules = one_pot(100, kind="plus-minus", options={"score": "net"})
    outcome = counted(rules, projects_costing(a=50), [plus_minus(a=-1)])
    assert outcome.rejected["a"].params == {"score": -1, "threshold": 0, "missing": 1}


def test_too_many_marks_against_make_a_ballot_invalid():
    rules = one_pot(100, kind="plus-minus", max_minus=1, options={"score": "net"})
    outcome = counted(rules, projects_costing(a=50, b=50), [plus_minus(a=-1, b=-1), plus_minus(a=2)])
    assert outcome.invalid == {"too_many_minus": 1, "wrong_value": 1}


# --- threshold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "needed"), [(2500, 1), (2501, 2), (5000, 2), (5001, 3), (10_000, 4)])
def test_a_relative_threshold_is_a_part_of_the_valid_ballots_rounded_up(share, needed):
    """25.01 % of four ballots are more than one, so two are needed."""
    rules = one_pot(1000, options={"threshold_share": {"*": share}})
    outcome = counted(rules, projects_costing(a=1, b=1, c=1), votes_for(a=1, b=3))
    assert {name: outcome.totals[name] >= needed for name in "ab"} == {
        name: name in outcome.funded for name in "ab"
    }


# --- numbers of winners ------------------------------------------------------------------------------


def test_a_fixed_number_of_winners_then_the_rest_is_passed_over():
    """Stepanetska: one large project and eight small ones."""
    outcome = counted(
        one_pot(1000, options={"winners": {"all": 2}}),
        projects_costing(a=10, b=10, c=10),
        votes_for(a=3, b=2, c=1),
    )
    assert outcome.funded == ("a", "b")
    assert outcome.rejected["c"].code == "enough_winners"
    assert outcome.rejected["c"].params["limit"] == 2
    assert outcome.left == {"all": 980}


def test_quotas_by_category():
    """Ternopil 2025: two of education and four others."""
    rules = replace(
        one_pot(1000, options={"winners_per_category": {"education": 1, "*": 2}}),
        categories=(Category("education", a_name("Освіта")), Category("sport", a_name("Спорт"))),
    )
    categories = {"a": "education", "b": "education", "c": "sport", "d": "sport", "e": "sport"}
    projects = [replace(p, category=categories[p.id]) for p in projects_costing(a=9, b=9, c=9, d=9, e=9)]
    outcome = counted(rules, projects, votes_for(a=5, b=4, c=3, d=2, e=1))
    assert outcome.funded == ("a", "c", "d")
    assert outcome.rejected["b"].params["key"] == "education"
    assert not problems(rules)


def test_a_tie_about_the_last_place_of_a_quota_matters():
    rules = one_pot(1000, options={"winners": {"*": 1}})
    projects = projects_costing(a=10, b=10)
    outcome = counted(rules, projects, votes_for(a=1, b=1))
    assert outcome.undecided == ("a", "b")
    assert counted(replace(rules, counting=replace(rules.counting, ties=("earlier",))), projects,
                   votes_for(a=1, b=1)).funded == ("a",)  # fmt: skip


# --- competitors and partial funding -----------------------------------------------------------------


def test_of_competing_projects_the_better_scored_wins():
    projects = [replace(p, rivals="lawn" if p.id in "ab" else None) for p in projects_costing(a=9, b=9, c=9)]
    outcome = counted(one_pot(100, options={"fit": "stop"}), projects, votes_for(a=2, b=3, c=1))
    assert outcome.funded == ("b", "c")
    assert outcome.rejected["a"].params["rival"] == "b"


def test_what_is_left_goes_to_the_first_whose_author_agreed_to_so_little():
    projects = [replace(p, least={"b": 50, "c": 30}.get(p.id)) for p in projects_costing(a=60, b=70, c=80)]
    outcome = counted(one_pot(100, options={"fit": "partial"}), projects, votes_for(a=3, b=2, c=1))
    assert outcome.funded == ("a", "c")
    assert outcome.amounts == {"a": 60, "c": 40}
    assert outcome.left == {"all": 0}
    assert outcome.rejected["b"].code == "does_not_fit"


# --- pots and leftovers ------------------------------------------------------------------------------


def two_pots(moves=(), *, ties=("refuse",)):
    return Rules(
        title=a_name("Бюджет участі"),
        pots=(
            Pot("small", a_name("Малі"), 100, size_class="small"),
            Pot("large", a_name("Великі"), 200, size_class="large"),
        ),
        size_classes=(
            SizeClass("small", a_name("Малі"), 1, 60),
            SizeClass("large", a_name("Великі"), 61, None),
        ),
        ballot=BallotShape(min_choices=0),
        counting=Counting("greedy-v1", {"leftovers": list(moves)}, ties),
    )


def small_and_large(**costs):
    return [
        DossierProject(id=name, cost=cost, pot=pot, size_class=pot, order=n)
        for n, (name, cost) in enumerate(costs.items())
        for pot in ("small" if cost <= 60 else "large",)
    ]


PROJECTS = small_and_large(s1=60, s2=50, l1=170, l2=90)
VOTES = votes_for(s1=9, s2=3, l1=8, l2=5)


def test_money_stays_in_its_pot_unless_the_regulation_moves_it():
    outcome = counted(two_pots(), PROJECTS, VOTES)
    assert outcome.funded == ("s1", "l1")
    assert outcome.left == {"small": 40, "large": 30}


def test_leftovers_move_in_the_order_stated_and_the_receiver_goes_on():
    outcome = counted(two_pots([{"from": ["large"], "to": "small"}]), PROJECTS, VOTES)
    assert outcome.funded == ("s1", "s2", "l1")
    assert outcome.left == {"small": 20, "large": 0}
    assert outcome.spent == {"small": 110, "large": 170}
    move = next(step for step in outcome.steps if step.kind == "move")
    assert (move.pot, move.params) == ("large", {"to": "small", "amount": 30})
    assert set(outcome.rejected) == {"l2"}


def test_leftovers_of_all_pots_in_one_pool_go_to_the_best_ranked_of_all():
    outcome = counted(two_pots([{"from": ["*"], "to": "*"}]), PROJECTS, VOTES)
    # 70 in the pool: l2 (5 votes, 90) does not fit, s2 (3 votes, 50) does
    assert outcome.funded == ("s1", "l1", "s2")
    assert outcome.spent == {"small": 60, "large": 170, "*": 50}
    assert outcome.left == {"small": 0, "large": 0, "*": 20}


def test_what_depends_on_an_open_tie_of_another_pot_waits_with_it():
    projects = small_and_large(s1=60, s2=60, s3=50, l1=170, l2=80)
    outcome = counted(
        two_pots([{"from": ["small"], "to": "large"}]), projects, votes_for(s1=4, s2=4, s3=1, l1=8, l2=5)
    )
    assert {"s1", "s2"} <= set(outcome.undecided)
    assert "l1" in outcome.funded


def test_a_move_to_a_pot_that_does_not_exist_is_refused():
    with pytest.raises(DossierError, match="leftovers"):
        counted(two_pots([{"from": ["medium"], "to": "small"}]), PROJECTS, VOTES)


# --- ties --------------------------------------------------------------------------------------------


def tied(*ties, **more):
    rules = one_pot(50, ties=ties)
    projects = [replace(p, support={"a": 5, "b": 9}[p.id]) for p in projects_costing(a=40, b=40)]
    return counted(rules, projects, votes_for(a=2, b=2), **more)


def test_more_support_signatures_go_first():
    assert tied("support").funded == ("b",)


def test_the_commissions_recorded_decision_decides_what_the_regulation_leaves_open():
    assert tied("refuse").undecided == ("a", "b")
    decided = tied("refuse", decisions=(("b", "a"),))
    assert decided.funded == ("b",)
    assert decided.ties[0].decided_by == "decision"


def test_a_decision_that_does_not_name_all_tied_projects_decides_nothing():
    assert tied("refuse", decisions=(("b",),)).undecided == ("a", "b")


def test_a_lot_decides_once_its_seed_is_shown():
    assert tied("lot").undecided == ("a", "b")
    lot = Lot(lot_commitment("village-2026", SEED), SEED.hex())
    drawn = tied("lot", lot=lot)
    ballots = a_dossier(one_pot(50), projects_costing(a=40, b=40), votes_for(a=2, b=2)).ballots_digest

    def place(project):
        tag = b"viche/lot-order/v1\x00"
        return hashlib.sha256(tag + SEED + bytes.fromhex(ballots) + project.encode()).digest()

    assert drawn.funded == (min("ab", key=place),)
    assert drawn.ties[0].decided_by == "lot"


def test_a_seed_that_was_not_committed_to_is_refused():
    dossier = a_dossier(one_pot(50), projects_costing(a=40), [])
    other = {**dossier.document(), "lot": {"commitment": "0" * 64, "seed": SEED.hex()}}
    with pytest.raises(DossierError, match="seed is not the one"):
        Dossier.from_document(other)


@settings(max_examples=150, deadline=None)
@given(
    costs=st.lists(st.integers(1, 9), min_size=2, max_size=5),
    votes=st.lists(st.integers(0, 2), min_size=5, max_size=5),
    rivals=st.sets(st.integers(0, 4), max_size=3),
    quota=st.integers(0, 4),
    fit=st.sampled_from(["skip", "stop", "partial"]),
    least=st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=5, max_size=5),
    amount=st.integers(0, 25),
)
def test_an_open_tie_leaves_open_exactly_what_its_orders_differ_in(
    costs, votes, rivals, quota, fit, least, amount
):
    """All orders of submission tried: what is funded in each is certain, what in none is rejected."""
    names = "abcde"[: len(costs)]
    projects = [
        DossierProject(
            id=name, cost=costs[n], pot="all", order=n, rivals="x" if n in rivals else None,
            least=least[n] if least[n] is not None and least[n] <= costs[n] else None,
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    papers = votes_for(**{name: votes[n] for n, name in enumerate(names)})
    options = {"fit": fit, "winners": {"*": quota}}
    sets = set()
    for order in itertools.permutations(range(len(names))):
        ordered = [replace(project, order=order[n]) for n, project in enumerate(projects)]
        outcome = counted(one_pot(amount, options=options, ties=("earlier",)), ordered, papers)
        assert outcome.spent["all"] == sum(outcome.amounts.values()) <= amount
        sets.add(frozenset(outcome.funded))
    left_open = counted(one_pot(amount, options=options), projects, papers)
    assert set(left_open.funded) <= frozenset.intersection(*sets)
    assert frozenset.union(*sets) <= set(left_open.funded) | set(left_open.undecided)
    if len(sets) == 1:
        assert set(left_open.funded) == next(iter(sets))
