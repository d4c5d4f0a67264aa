"""greedy-v1, clause by clause as regulations state it."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, a_name, approvals, one_pot, projects_costing, votes_for

from rulebook.ballot import BallotPaper, defects
from rulebook.counting import RULES, UnknownRule, count
from rulebook.dossier import Dossier, DossierError, DossierProject
from rulebook.options import OPTIONS
from rulebook.rules import Counting, Pot, Rules, SizeClass


def outcome_of(amount, costs, papers, **rules):
    return count(a_dossier(one_pot(amount, **rules), projects_costing(**costs), papers))


def test_the_best_scored_project_is_funded_first_while_the_money_lasts():
    outcome = outcome_of(100, {"a": 60, "b": 40, "c": 10}, votes_for(a=3, b=2, c=1))
    assert outcome.funded == ("a", "b")
    assert outcome.ranks == {"a": 1, "b": 2, "c": 3}
    assert outcome.spent == {"all": 100}
    assert outcome.left == {"all": 0}
    reason = outcome.rejected["c"]
    assert (reason.code, reason.params["left"], reason.params["short"]) == ("does_not_fit", 0, 10)
    assert (reason.params["last_winner"], reason.params["behind"]) == ("b", 1)


def test_skip_passes_over_what_does_not_fit_and_funds_what_comes_after():
    outcome = outcome_of(100, {"a": 60, "b": 50, "c": 40}, votes_for(a=3, b=2, c=1), options={"fit": "skip"})
    assert outcome.funded == ("a", "c")
    assert outcome.rejected["b"].params == {
        "cost": 50,
        "left": 40,
        "short": 10,
        "last_winner": "a",
        "behind": 1,
    }


def test_stop_ends_the_count_at_the_first_that_does_not_fit():
    outcome = outcome_of(100, {"a": 60, "b": 50, "c": 40}, votes_for(a=3, b=2, c=1), options={"fit": "stop"})
    assert outcome.funded == ("a",)
    assert outcome.rejected["b"].code == "does_not_fit"
    assert (outcome.rejected["c"].code, outcome.rejected["c"].params["after"]) == ("stopped", "b")


def test_a_project_below_its_threshold_is_not_funded_however_much_money_is_left():
    papers = votes_for(a=5, b=4)
    outcome = outcome_of(1000, {"a": 60, "b": 50}, papers, options={"threshold": {"*": 5}})
    assert outcome.funded == ("a",)
    assert outcome.rejected["b"].code == "below_threshold"
    assert outcome.rejected["b"].params["missing"] == 1


def test_each_size_class_has_its_own_threshold_and_others_take_the_general_one():
    rules = replace(
        one_pot(1000, options={"threshold": {"large": 3, "*": 2}}),
        size_classes=(SizeClass("small", a_name("Малі"), 0, 99), SizeClass("large", a_name("Великі"), 100)),
    )
    projects = [
        DossierProject("s", 50, "all", "small", order=0),
        DossierProject("l", 100, "all", "large", order=1),
        DossierProject("n", 10, "all", None, order=2),
    ]
    outcome = count(a_dossier(rules, projects, votes_for(s=2, l=2, n=1)))
    assert outcome.funded == ("s",)
    assert outcome.rejected["l"].params["threshold"] == 3
    assert outcome.rejected["n"].params["threshold"] == 2


def test_a_threshold_does_not_stop_a_count_that_stops_at_a_misfit():
    options = {"fit": "stop", "threshold": {"*": 2}}
    outcome = outcome_of(50, {"a": 40, "b": 60, "c": 10}, votes_for(a=3, b=1, c=2), options=options)
    assert outcome.funded == ("a", "c")


def test_pots_are_counted_separately_and_money_does_not_move_between_them():
    rules = Rules(
        title=a_name("Бюджет участі"),
        pots=(
            Pot("small", a_name("Малі"), 50, size_class="small"),
            Pot("large", a_name("Великі"), 200, size_class="large"),
        ),
        size_classes=(SizeClass("small", a_name("Малі"), 0, 99), SizeClass("large", a_name("Великі"), 100)),
        counting=Counting(),
    )
    projects = [
        DossierProject("s1", 40, "small", "small", order=0),
        DossierProject("s2", 40, "small", "small", order=1),
        DossierProject("l1", 120, "large", "large", order=2),
    ]
    outcome = count(a_dossier(rules, projects, votes_for(s1=9, s2=8, l1=1)))
    assert outcome.funded == ("s1", "l1")
    assert outcome.left == {"small": 10, "large": 80}
    assert outcome.ranks == {"s1": 1, "s2": 2, "l1": 1}
    assert "last_winner" in outcome.rejected["s2"].params


def test_points_are_summed():
    papers = [BallotPaper.points({"a": 1, "b": 5}), BallotPaper.points({"a": 3})]
    outcome = outcome_of(10, {"a": 10, "b": 10}, papers, kind="points", options={"score": "points"})
    assert outcome.totals == {"a": 4, "b": 5}
    assert outcome.votes == {"a": 2, "b": 1}
    assert outcome.funded == ("b",)
    twice = outcome_of(10, {"a": 10, "b": 10}, papers * 2, kind="points", options={"score": "points"})
    assert twice.totals == {"a": 8, "b": 10}


def test_borda_gives_the_last_place_of_a_ranking_one_point():
    papers = [BallotPaper.ranking("abc"), BallotPaper.ranking("cb"), BallotPaper.ranking("c")]
    outcome = outcome_of(10, {"a": 10, "b": 10, "c": 10}, papers, kind="ranking", options={"score": "borda"})
    assert outcome.totals == {"a": 3, "b": 2 + 1, "c": 1 + 2 + 1}
    assert outcome.funded == ("c",)
    twice = outcome_of(
        10, {"a": 10, "b": 10, "c": 10}, papers * 2, kind="ranking", options={"score": "borda"}
    )
    assert twice.totals == {"a": 6, "b": 6, "c": 8}


def test_a_tie_that_the_money_covers_is_no_tie():
    outcome = outcome_of(100, {"a": 50, "b": 50, "c": 10}, votes_for(a=2, b=2, c=2)[:4])
    assert outcome.is_decided
    assert outcome.ties == ()
    assert outcome.funded == ("a", "b")


def test_a_tie_of_projects_that_cannot_be_paid_anyway_is_no_tie():
    outcome = outcome_of(100, {"a": 90, "b": 50, "c": 50}, votes_for(a=3, b=2, c=2))
    assert outcome.is_decided
    assert outcome.ties == ()
    assert outcome.funded == ("a",)


def test_a_tie_that_changes_the_outcome_is_left_to_the_commission():
    outcome = outcome_of(100, {"a": 50, "b": 40, "c": 40, "d": 10}, votes_for(a=3, b=2, c=2, d=1))
    assert not outcome.is_decided
    assert outcome.funded == ("a",)
    assert [tie.projects for tie in outcome.open_ties] == [("b", "c")]
    # whoever wins the tie leaves 10, but the count does not run ahead of the decision
    assert outcome.undecided == ("b", "c", "d")
    assert outcome.rejected == {}


def test_an_open_tie_names_only_the_projects_whose_place_it_can_cost():
    outcome = outcome_of(10, {"a": 6, "b": 6, "c": 2, "d": 11}, votes_for(a=1, b=1, c=1, d=1))
    assert outcome.funded == ("c",)
    assert outcome.undecided == ("a", "b")
    assert outcome.rejected["d"].code == "does_not_fit"


def test_a_project_that_the_others_leave_just_enough_for_is_not_part_of_the_tie():
    outcome = outcome_of(8, {"a": 6, "b": 6, "c": 2}, votes_for(a=1, b=1, c=1))
    assert outcome.funded == ("c",)
    assert outcome.open_ties[0].projects == ("a", "b")


def test_an_open_tie_still_rejects_what_could_not_be_paid_in_any_case():
    outcome = outcome_of(50, {"a": 40, "b": 40, "c": 60}, votes_for(a=2, b=2, c=1))
    assert outcome.undecided == ("a", "b")
    assert outcome.rejected["c"].code == "does_not_fit"


def test_an_open_tie_under_stop_ends_the_count_in_every_order():
    outcome = outcome_of(50, {"a": 40, "b": 40, "c": 1}, votes_for(a=2, b=2, c=1), options={"fit": "stop"})
    assert outcome.undecided == ("a", "b")
    assert outcome.rejected["c"].code == "stopped"


def test_under_stop_a_misfit_ties_with_the_one_that_fits():
    outcome = outcome_of(50, {"a": 40, "b": 60}, votes_for(a=2, b=2), options={"fit": "stop"})
    assert outcome.undecided == ("a",)
    assert outcome.open_ties[0].projects == ("a", "b")
    assert outcome.rejected["b"].code == "does_not_fit"


@pytest.mark.parametrize(("rule", "winner"), [("earlier", "a"), ("file-order", "a"), ("cheaper", "b")])
def test_a_tie_rule_decides_and_is_named_in_the_outcome(rule, winner):
    outcome = outcome_of(50, {"a": 40, "b": 30}, votes_for(a=2, b=2), ties=(rule,))
    assert outcome.is_decided
    assert outcome.funded == (winner,)
    assert [(tie.projects, tie.decided_by) for tie in outcome.ties] == [(("a", "b"), rule)]


def test_a_second_tie_rule_decides_what_the_first_leaves_equal():
    projects = [DossierProject(name, 40, "all", order=order) for name, order in (("a", 2), ("b", 1))]
    rules = one_pot(50, ties=("cheaper", "earlier"))
    outcome = count(a_dossier(rules, projects, votes_for(a=2, b=2)))
    assert outcome.funded == ("b",)
    assert [tie.decided_by for tie in outcome.ties] == ["earlier"]


def test_refuse_after_other_tie_rules_still_refuses():
    projects = [DossierProject(name, 40, "all", order=1) for name in ("a", "b")]
    rules = one_pot(50, ties=("cheaper", "earlier", "refuse"))
    outcome = count(a_dossier(rules, projects, votes_for(a=2, b=2)))
    assert outcome.undecided == ("a", "b")


@pytest.mark.parametrize("fit", ["skip", "stop"])
def test_an_empty_contest_has_an_empty_outcome(fit):
    outcome = outcome_of(50, {}, [], options={"fit": fit})
    assert (outcome.funded, outcome.voters, outcome.left) == ((), 0, {"all": 50})


def test_a_project_that_costs_nothing_is_funded_even_when_the_money_is_spent():
    outcome = outcome_of(50, {"a": 50, "b": 0}, votes_for(a=2, b=1))
    assert outcome.funded == ("a", "b")


def test_a_project_nobody_named_is_funded_if_it_fits_and_the_rules_ask_for_no_threshold():
    papers = votes_for(a=1)
    assert outcome_of(50, {"a": 40, "b": 10}, papers).funded == ("a", "b")
    assert outcome_of(50, {"a": 40, "b": 10}, papers, options={"threshold": {"*": 1}}).funded == ("a",)


def test_a_budget_below_every_cost_funds_nobody():
    outcome = outcome_of(5, {"a": 40, "b": 10}, votes_for(a=1, b=1))
    assert outcome.funded == ()
    assert outcome.is_decided


INVALID = [
    (BallotPaper((("x", 1),)), "unknown_project"),
    (BallotPaper((("a", 1), ("a", 1))), "duplicate_project"),
    (BallotPaper.approval("abc"), "too_many"),
    (BallotPaper((("a", 2),)), "wrong_value"),
]


@pytest.mark.parametrize(("paper", "code"), INVALID)
def test_an_invalid_ballot_changes_nothing_and_is_reported(paper, code):
    costs, papers = {"a": 40, "b": 10, "c": 10}, votes_for(a=2, b=1)
    before = outcome_of(50, costs, papers, max_choices=2)
    after = outcome_of(50, costs, [*papers, paper], max_choices=2)
    assert after.invalid == {code: 1}
    assert after.voters == before.voters
    assert (after.funded, after.rejected, after.totals) == (before.funded, before.rejected, before.totals)


def test_negative_points_make_a_ballot_invalid():
    papers = [BallotPaper.points({"a": -5}), BallotPaper.points({"a": 1})]
    outcome = outcome_of(50, {"a": 10}, papers, kind="points", options={"score": "points"})
    assert outcome.totals == {"a": 1}
    assert outcome.invalid == {"negative_points": 1}


def test_an_unknown_rule_and_a_wrong_option_are_refused():
    dossier = a_dossier(one_pot(50), projects_costing(a=1), [])
    with pytest.raises(UnknownRule, match="greedy-v1"):
        count(dossier, "oracle-v9")
    with pytest.raises(DossierError, match="score"):
        count(a_dossier(one_pot(50, options={"score": "applause"}), projects_costing(a=1), []))


def test_every_registered_rule_has_options_and_the_other_way_round():
    assert set(RULES) == set(OPTIONS)
    assert all(rule.document()["id"] == rule_id for rule_id, rule in RULES.items())


# ---- properties ------------------------------------------------------------------------------

NAMES = "abcdefg"


@st.composite
def elections(draw, kinds=("approval", "points", "ranking")):
    kind = draw(st.sampled_from(kinds))
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    score = {"approval": "votes", "points": "points", "ranking": "borda"}[kind]
    pots = draw(st.integers(1, 2))
    rules = replace(
        one_pot(
            0,
            kind=kind,
            options={
                "score": score,
                "fit": draw(st.sampled_from(["skip", "stop"])),
                "threshold": {"*": draw(st.integers(0, 2))},
            },
            ties=draw(st.sampled_from([("refuse",), ("earlier",), ("cheaper",), ("cheaper", "earlier")])),
            max_choices=draw(st.sampled_from([None, 3])),
        ),
        pots=tuple(Pot(f"pot{n}", a_name("Гроші"), draw(st.integers(0, 30))) for n in range(pots)),
    )
    projects = [
        DossierProject(
            id=name,
            cost=draw(st.integers(0, 15)),
            pot=f"pot{draw(st.integers(0, pots - 1))}",
            order=draw(st.integers(0, 3)),
        )
        for name in names
    ]
    papers = []
    for _ in range(draw(st.integers(0, 12))):
        chosen = draw(st.lists(st.sampled_from(names + "?"), max_size=4))
        if kind == "points":
            papers.append(BallotPaper.of(kind, [(name, draw(st.integers(-1, 4))) for name in chosen]))
        elif kind == "ranking":
            papers.append(BallotPaper.ranking(chosen))
        else:
            papers.append(BallotPaper.approval(chosen))
    return rules, projects, papers


@settings(max_examples=150, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_ballot_order_batches_and_channel_never_matter(election, shuffler: random.Random):
    rules, projects, papers = election
    first = a_dossier(rules, projects, papers)
    papers, projects = list(papers), list(projects)
    shuffler.shuffle(papers)
    shuffler.shuffle(projects)
    cut = len(papers) // 2
    groups = [(paper.choices, 1) for paper in papers[cut:]]
    second = Dossier.build(
        contest="village-2026", rules=rules, projects=projects, papers=papers[:cut], groups=groups
    )
    assert second.digest == first.digest
    assert count(second).digest == count(first).digest


@settings(max_examples=150, deadline=None)
@given(elections())
def test_no_pot_is_ever_overspent_and_every_project_gets_one_answer(election):
    rules, projects, papers = election
    outcome = count(a_dossier(rules, projects, papers))
    for pot in rules.pots:
        spent = sum(
            project.cost for project in projects if project.pot == pot.id and project.id in outcome.funded
        )
        assert spent == outcome.spent[pot.id] <= pot.amount
        assert outcome.left[pot.id] == pot.amount - spent
    answers = [*outcome.funded, *outcome.rejected, *outcome.undecided]
    assert sorted(answers) == sorted(project.id for project in projects)
    assert {step.project for step in outcome.steps} - {None} == set(answers)


@settings(max_examples=150, deadline=None)
@given(elections(), st.permutations(NAMES))
def test_names_of_projects_do_not_matter(election, renamed):
    rules, projects, papers = election
    new = dict(zip(NAMES, renamed, strict=True))
    moved_projects = [replace(project, id=new[project.id]) for project in projects]
    moved_papers = [
        BallotPaper.of(rules.ballot.kind, [(new.get(name, name), value) for name, value in paper.choices])
        for paper in papers
    ]
    before = count(a_dossier(rules, projects, papers))
    after = count(a_dossier(rules, moved_projects, moved_papers))
    assert {new[name] for name in before.funded} == set(after.funded)
    assert {new[name] for name in before.undecided} == set(after.undecided)


@settings(max_examples=80, deadline=None)
@given(elections())
def test_an_open_tie_is_exactly_a_difference_between_orders(election):
    """The count is undecided if and only if two ways to order equal scores fund different projects."""
    rules, projects, papers = election
    rules = replace(rules, counting=replace(rules.counting, ties=("refuse",)))
    outcome = count(a_dossier(rules, projects, papers))
    decided = replace(rules, counting=replace(rules.counting, ties=("earlier",)))
    results = set()
    orders = itertools.islice(itertools.permutations(range(len(projects))), 120)
    for order in orders:
        ordered = [replace(project, order=place) for project, place in zip(projects, order, strict=True)]
        results.add(frozenset(count(a_dossier(decided, ordered, papers)).funded))
    if outcome.is_decided:
        assert results == {frozenset(outcome.funded)}
    elif len(projects) <= 5:
        assert len(results) > 1
    if len(projects) <= 5 and rules.counting.options["fit"] == "skip":
        for tie in outcome.open_ties:
            for project in tie.projects:
                assert any(project in result for result in results)
                assert any(project not in result for result in results)
    for result in results:
        assert set(outcome.funded) <= result
        assert not set(outcome.rejected) & result


@settings(max_examples=100, deadline=None)
@given(elections())
def test_all_invalid_ballots_together_change_nothing(election):
    rules, projects, papers = election
    candidates = {project.id: project.candidate() for project in projects}
    valid = [paper for paper in papers if not defects(paper, rules, candidates)]
    with_all, without = count(a_dossier(rules, projects, papers)), count(a_dossier(rules, projects, valid))
    assert sum(with_all.invalid.values()) == len(papers) - len(valid)
    assert without.invalid == {}
    expected = {**without.document(), "dossier": with_all.dossier, "invalid": dict(with_all.invalid)}
    assert with_all.document() == expected


@settings(max_examples=100, deadline=None)
@given(elections())
def test_counting_again_gives_the_same_hash(election):
    dossier = a_dossier(*election)
    again = Dossier.from_document(dossier.document())
    assert again.digest == dossier.digest
    assert count(again).digest == count(dossier).digest
    assert count(dossier).document()["dossier"] == dossier.digest


def test_a_known_dossier_keeps_its_hashes():
    """greedy-v1 never changes meaning: these hashes were taken when it was published."""
    dossier = a_dossier(one_pot(100), projects_costing(a=60, b=50, c=40), approvals("ab", "a", "bc", "a"))
    assert dossier.digest == "3f6ab5b2e91fb441d369be0e1ea22c94f1ab7dcd278ee9fc5fa445565c718846"
    assert count(dossier).digest == "9c0ed83bc9c6bd1773e783b23eb94dbb2827c84fb381e8e2929ba97e06925bdb"
