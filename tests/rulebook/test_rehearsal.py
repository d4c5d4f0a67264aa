"""Rehearsals: a past election under other rules, an invented one, two regulations side by side."""

from __future__ import annotations

import os
import string
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import pytest
from documents import EVERYTHING, changed, well_formed
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, a_name, approvals, one_pot, projects_costing

from rulebook import pabulib
from rulebook.__main__ import main
from rulebook.ballot import BallotPaper, defects
from rulebook.canonical import canonical
from rulebook.counting import RULES, UnknownRule, count
from rulebook.dossier import Dossier, DossierError, DossierProject
from rulebook.lot import Lot, lot_commitment
from rulebook.presets import preset, presets
from rulebook.rehearsal import (
    ISSUES,
    LEFT_OUT,
    NOTES,
    Comparison,
    Note,
    compare_rules,
    fate_text,
    figures,
    lines,
    note_text,
    recount,
    side_of,
    simulate,
    why,
    words_en,
    words_uk,
)
from rulebook.rehearsal.comparing import FATES, Fate
from rulebook.rules import BallotShape, Category, Counting, Pot, Rules, SizeClass, parse

PABULIB = Path(os.environ.get("PABULIB_DIR", Path(__file__).parents[3] / "shared" / "pabulib"))
ELECTIONS = [
    "Poland_Zabrze_2020_Konczyce.pb",
    "US_Stanford_Dataset_PB_Greensboro_District_4_2016_vote_approvals.pb",
    "US_Stanford_Dataset_PB_Chicago_35th_Ward_2021_vote_rankings.pb",
]


def codes(notes):
    return {note.code: note.params for note in notes}


# --- a past election under other rules, worked out by hand ---------------------------------------------


def village_of_five():
    """Money 100; a and b are cheap, c and d dear, e costs more than any class of the new rules."""
    rules = replace(
        one_pot(100),
        categories=(Category("parks", a_name("Парки")), Category("x", a_name("Школи"))),
    )
    projects = [
        DossierProject("a", 10, "all", category="x", order=0),
        DossierProject("b", 20, "all", category="parks", order=1),
        DossierProject("c", 50, "all", order=2),
        DossierProject("d", 60, "all", order=3),
        DossierProject("e", 200, "all", order=4),
    ]
    return a_dossier(rules, projects, approvals("abc", "acd", "cde", "be", "e"))


def two_classes(**changes):
    """Small to 20 with 25, large from 30 to 99 with 60; at most two choices."""
    rules = Rules(
        title=a_name("Нове положення"),
        size_classes=(
            SizeClass("small", a_name("малі"), 1, 20),
            SizeClass("large", a_name("великі"), 30, 99),
        ),
        categories=(Category("school", a_name("Школи")),),
        pots=(
            Pot("s", a_name("Малі"), 25, size_class="small"),
            Pot("l", a_name("Великі"), 60, size_class="large"),
        ),
        ballot=BallotShape(max_choices=2),
        counting=Counting("greedy-v1", {}, ("cheaper",)),
    )
    return replace(rules, **changes)


def test_a_past_election_under_classes_of_cost():
    found = recount(village_of_five(), two_classes())
    placed = {project.id: (project.pot, project.size_class) for project in found.dossier.projects}
    assert placed == {"a": ("s", "small"), "b": ("s", "small"), "c": ("l", "large"), "d": ("l", "large")}
    assert [(entry.project.id, entry.why) for entry in found.left_out] == [
        ("e", Note("no_class", {"cost": 200}))
    ]
    # a and b have two votes each, 10 fits beside 20 in 25 no more; c has three of the large
    assert found.outcome.votes == {"a": 2, "b": 2, "c": 3, "d": 2}
    assert found.outcome.funded == ("a", "c")
    assert found.outcome.left == {"s": 15, "l": 10}
    # all five voters stay, the one who named e alone with an empty ballot
    assert found.outcome.voters == 5


def test_everything_that_is_not_carried_over_is_said():
    found = codes(recount(village_of_five(), two_classes()).notes)
    assert found == {
        "categories_unknown": {"names": ("Парки",), "projects": 1},
        "projects_left_out": {"projects": 1, "of": 5},
        "choices_dropped": {"choices": 3, "ballots": 3},
        "ballots_beyond_limits": {"ballots": 2, "of": 5},
        "people_unknown": {},
    }


def test_a_category_is_known_by_its_id_or_by_its_name():
    projects = {project.id: project for project in recount(village_of_five(), two_classes()).dossier.projects}
    assert projects["a"].category == "school"
    assert projects["b"].category is None
    several = replace(village_of_five().projects[0], category="Sport, школи")
    dossier = replace(village_of_five(), projects=(several,), ballots=())
    assert recount(dossier, two_classes()).dossier.projects[0].category == "school"


def test_a_project_without_a_pot_or_of_a_category_not_admitted_is_left_out_with_its_reason():
    only = replace(two_classes().submission, categories=("other",))
    rules = two_classes(
        categories=(Category("school", a_name("Школи")), Category("other", a_name("Інше"))),
        submission=only,
        pots=two_classes().pots[:1],
    )
    found = {entry.project.id: entry.why for entry in recount(village_of_five(), rules).left_out}
    assert {name: each.code for name, each in found.items()} == {
        "a": "category_not_admitted", "c": "no_pot", "d": "no_pot", "e": "no_class",
    }  # fmt: skip
    assert found["a"].params["category"].get("uk") == "Школи"
    assert found["c"].params["size_class"].get("uk") == "великі"


def test_money_that_differs_much_is_said_and_may_be_scaled():
    rich = two_classes(pots=tuple(replace(pot, amount=pot.amount * 10) for pot in two_classes().pots))
    assert codes(recount(village_of_five(), rich).notes)["money_differs"] == {"past": 100, "new": 850}
    scaled = recount(village_of_five(), rich, scale_pots=True)
    assert codes(scaled.notes)["pots_scaled"] == {"past": 100, "new": 850}
    # 250 and 600 of 850, of 100 together: 29 and 70, the kopiyka that is left goes to the last
    assert [pot.amount for pot in scaled.dossier.pots] == [29, 71]
    assert scaled.outcome.funded == ("a", "c")
    assert scaled.rules == rich
    assert parse(scaled.dossier.rules.as_document()) == scaled.dossier.rules


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
def test_scaled_pots_hold_exactly_the_past_money(amounts):
    pots = tuple(Pot(f"p{n}", a_name("Фонд"), amount, category=f"c{n}") for n, amount in enumerate(amounts))
    found = recount(village_of_five(), two_classes(pots=pots), scale_pots=True)
    assert sum(pot.amount for pot in found.dossier.pots) == (100 if sum(amounts) else 0)


def test_points_are_read_as_points_where_the_new_rules_ask_for_marks():
    dossier = a_dossier(
        one_pot(60, kind="points"), projects_costing(a=50, b=40),
        [BallotPaper.points({"a": 1, "b": 9}), BallotPaper.points({"a": 1})],
    )  # fmt: skip
    rules = replace(one_pot(60), counting=Counting("greedy-v1", {"score": "votes", "threshold": {"*": 2}}))
    found = recount(dossier, rules)
    assert found.outcome.funded == ("b",)
    assert found.outcome.totals == {"a": 2, "b": 9}
    params = {"past_kind": "points", "new_kind": "approval", "reads": "points"}
    assert codes(found.notes)["kind_differs"] == params
    assert codes(found.notes)["threshold_in_other_unit"] == {"reads": "points"}
    per_cost = replace(rules, counting=Counting("greedy-v1", {"score": "votes-per-cost"}))
    assert recount(dossier, per_cost).outcome.totals == {"a": 2, "b": 1}


def test_a_ranking_closes_up_where_a_project_is_left_out():
    dossier = a_dossier(
        one_pot(100, kind="ranking"), projects_costing(e=200, a=10, b=20), [BallotPaper.ranking("eab")]
    )
    found = recount(dossier, two_classes())
    assert [group.choices for group in found.dossier.ballots] == [(("a", 1), ("b", 2))]
    assert not found.outcome.invalid


def test_a_tie_that_a_lot_would_decide_stays_open_and_the_past_lot_is_not_used():
    seed = "ab" * 32
    lot = Lot(lot_commitment("village-2026", bytes.fromhex(seed)), seed)
    dossier = Dossier.build(
        contest="village-2026", rules=one_pot(50, ties=("lot",)), projects=projects_costing(a=50, b=50),
        papers=approvals("a", "b"), lot=lot, decisions=[["a", "b"]],
    )  # fmt: skip
    assert count(dossier).is_decided
    found = recount(dossier, one_pot(50, ties=("lot",)))
    assert set(found.outcome.undecided) == {"a", "b"}
    assert codes(found.notes)["ties_open"] == {"ties": 1, "projects": 2}


def test_support_and_least_sums_that_are_not_known_are_said():
    asked = parse(EVERYTHING).support
    rules = replace(two_classes(), support=asked, counting=Counting("greedy-v1", {"fit": "partial"}))
    assert {"support_unknown", "least_unknown"} <= set(codes(recount(village_of_five(), rules).notes))
    known = replace(
        village_of_five(),
        projects=tuple(replace(each, support=20, least=5) for each in village_of_five().projects),
    )
    found = codes(recount(known, rules).notes)
    # 15 are asked of the small, 75 of the large
    assert found["support_not_applied"] == {"projects": 2}
    assert not {"support_unknown", "least_unknown"} & set(found)


def test_ballots_invalid_in_the_past_are_not_revived():
    dossier = a_dossier(one_pot(100, max_choices=1), projects_costing(a=10, b=20), approvals("ab", "a"))
    found = recount(dossier, two_classes())
    assert codes(found.notes)["invalid_dropped"] == {"ballots": 1}
    assert found.outcome.votes == {"a": 1, "b": 0}


def test_an_amount_in_other_minor_units_is_carried_over_rounded_up():
    dossier = replace(village_of_five(), scale=1_000, currency="PLN")
    found = recount(dossier, replace(one_pot(100)))
    assert [project.cost for project in found.dossier.projects] == [1, 2, 5, 6, 20]
    assert (found.dossier.scale, codes(found.notes)["other_currency"]) == (100, {"currency": "PLN"})
    odd = replace(dossier, projects=tuple(replace(each, cost=each.cost + 1) for each in dossier.projects))
    assert codes(recount(odd, one_pot(100)).notes)["costs_rounded"] == {"projects": 5}


def test_fewer_choices_than_asked_for_are_counted_but_said():
    rules = two_classes(ballot=BallotShape(min_choices=3))
    assert codes(recount(village_of_five(), rules).notes)["ballots_below_minimum"] == {"ballots": 2, "of": 5}


def test_rules_that_cannot_be_counted_are_refused():
    with pytest.raises(UnknownRule):
        recount(village_of_five(), replace(one_pot(100), counting=Counting("oracle-v9")))
    with pytest.raises(DossierError):
        recount(village_of_five(), one_pot(100, options={"mood": "good"}))


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_the_own_rules_of_an_election_give_its_own_outcome(each):
    dossier = simulate(each.rules, projects=24, voters=200)
    own, again = count(dossier), recount(dossier, each.rules).outcome
    assert (again.funded, again.totals, again.left) == (own.funded, own.totals, own.left)
    assert set(codes(recount(dossier, each.rules).notes)) <= {"people_unknown", "ties_open"}


# --- an invented election ------------------------------------------------------------------------------


def valid(dossier):
    candidates = {project.id: project.candidate() for project in dossier.projects}
    return all(
        not defects(BallotPaper(group.choices), dossier.rules, candidates) for group in dossier.ballots
    )


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_an_invented_election_obeys_every_preset(each):
    rules = each.rules
    dossier = simulate(rules, voters=300)
    assert (len(dossier.projects), dossier.voters) == (60, 300)
    assert valid(dossier)
    for project in dossier.projects:
        size_class = rules.size_class_of(project.cost)
        assert (size_class.id if size_class else None) == project.size_class
        pot = rules.pot_of(
            size_class=project.size_class, category=project.category, territory=project.territory
        )
        assert pot.id == project.pot
        assert project.cost % 100_000 == 0
        if rules.support is not None:
            assert project.support >= rules.support.needed(project.size_class)
        if rules.submission.categories:
            assert project.category in rules.submission.categories
    assert count(dossier).invalid == {}
    assert {project.pot for project in dossier.projects} == {pot.id for pot in rules.pots}


def test_the_same_seed_gives_the_same_election_and_another_one_another():
    rules = preset("chernihiv").rules
    assert simulate(rules, voters=50).digest == simulate(rules, voters=50).digest
    assert simulate(rules, voters=50).digest != simulate(rules, voters=50, seed=2).digest


def test_the_invented_election_of_a_seed_is_the_same_everywhere():
    """Whatever the version of Python: what an office shows today it shows next year."""
    assert simulate(preset("chernihiv").rules, projects=12, voters=40, seed=7).ballots_digest == DIGEST


DIGEST = "5c52483f08e0ac6d962742627c670ebab7836d823ee82f16f12c4ea60642cc66"


def test_tastes_differ_and_some_projects_are_liked_more():
    votes = count(simulate(preset("chernihiv").rules)).votes
    assert max(votes.values()) > 3 * (sum(votes.values()) // len(votes))
    assert len(set(votes.values())) > 20


def test_people_like_what_is_at_home():
    pots = tuple(Pot(f"t{n}", a_name("Район"), 10**9, territory=f"UA{n}") for n in range(3))
    dossier = simulate(replace(one_pot(1, max_choices=3), pots=pots))
    territory = {project.id: project.territory for project in dossier.projects}
    shared = Counter()
    for choices, ballots in dossier.ballots:
        of_one = max(Counter(territory[project] for project, _ in choices).values(), default=0)
        shared[of_one >= 2] += ballots
    assert shared[True] > 2 * shared[False]


LIMITS = st.one_of(st.none(), st.integers(0, 6))
TABLES = st.dictionaries(st.sampled_from(["k0", "k1"]), st.integers(0, 3), max_size=2)


@st.composite
def shapes(draw):
    kind = draw(st.sampled_from(["approval", "points", "ranking", "choose-1", "plus-minus"]))
    return BallotShape(
        kind=kind, max_choices=draw(LIMITS), min_choices=draw(st.integers(0, 4)), max_per_class=draw(TABLES),
        max_per_category=draw(TABLES), max_per_territory=draw(st.one_of(st.none(), st.integers(1, 3))),
        max_points=draw(st.one_of(st.none(), st.integers(0, 12))),
        max_points_per_project=draw(st.one_of(st.none(), st.integers(0, 5))), max_minus=draw(LIMITS),
        own_project=draw(st.booleans()), max_cost=draw(st.one_of(st.none(), st.integers(0, 60_000_000))),
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    shapes(), st.integers(0, 3), st.integers(0, 2), st.integers(1, 3), st.integers(0, 12), st.integers(0, 99)
)
def test_every_ballot_of_any_shape_is_valid(shape, classes, categories, territories, projects, seed):
    rules = Rules(
        title=a_name("Будь-яке"),
        size_classes=tuple(
            SizeClass(f"k{n}", a_name("Клас"), n * 10_000_000 + 1, (n + 1) * 10_000_000)
            for n in range(classes)
        ),
        categories=tuple(Category(f"k{n}", a_name("Тема")) for n in range(categories)),
        pots=tuple(Pot(f"p{n}", a_name("Фонд"), 90_000_000, territory=f"UA{n}") for n in range(territories)),
        ballot=shape,
        counting=Counting(),
    )
    dossier = simulate(rules, projects=projects, voters=15, seed=seed)
    assert valid(dossier)
    assert len(dossier.projects) == projects
    if projects and not shape.min_choices:
        assert dossier.voters == 15


@pytest.mark.parametrize(
    "shape",
    [
        {"max_choices": 3, "min_choices": 3},
        {"kind": "points", "max_choices": 3, "min_choices": 3, "max_points": 10, "max_points_per_project": 5},
        {"kind": "ranking", "max_choices": 4, "min_choices": 2},
        {"kind": "choose-1"},
        {"kind": "plus-minus", "max_choices": 2, "max_minus": 2, "min_choices": 4},
        {"min_choices": 2, "max_cost": 30_000_000},
    ],
)
def test_where_the_limits_let_a_ballot_through_everybody_votes(shape):
    dossier = simulate(replace(one_pot(100_000_000), ballot=BallotShape(**shape)), voters=100)
    assert dossier.voters == 100
    assert valid(dossier)


def test_rules_without_a_pot_give_an_election_without_projects():
    dossier = simulate(replace(one_pot(100), pots=()))
    assert (dossier.projects, dossier.voters) == ((), 0)


@pytest.mark.parametrize("amount", [0, 1, 99_999])
def test_a_pot_of_next_to_nothing_breaks_nothing(amount):
    assert valid(simulate(one_pot(amount), projects=5, voters=5))


# --- two regulations side by side ----------------------------------------------------------------------


def compared(**changes):
    return compare_rules(one_pot(100, ties=("cheaper",)), two_classes(**changes), village_of_five())


def test_winners_money_and_voters_of_both_sides():
    found = compared()
    # before: c (3 votes) 50, then e (3 votes) does not fit, a (2) 10, b (2) 20, d no more
    assert found.now.outcome.funded == ("c", "a", "b")
    assert (found.now.spent, found.now.left, found.new.spent, found.new.left) == (80, 20, 60, 25)
    assert [(pot.id, pot.spent, pot.left, pot.projects, pot.winners) for pot in found.new.pots] == [
        ("s", 10, 15, 2, 1), ("l", 50, 10, 2, 1),
    ]  # fmt: skip
    # abc acd cde be e: four of five have a winner now, three under the new rules
    assert (found.now.got.served, found.new.got.served, found.new.got.served_share) == (4, 3, 6000)
    assert (found.now.got.winners_hundredths, found.new.got.winners_hundredths) == (140, 100)
    assert found.now.got.money_each == (80 + 60 + 50 + 20) // 5


def test_projects_that_fare_otherwise_are_named_with_the_reason():
    found = compared()
    assert [(fate.project, fate.now, fate.new) for fate in found.fates] == [
        ("c", "yes", "yes"), ("e", "no", "out"), ("a", "yes", "yes"), ("b", "yes", "no"), ("d", "no", "no"),
    ]  # fmt: skip
    assert [fate.project for fate in found.differing] == ["e", "b"]
    e, b = found.differing
    assert (e.cost, e.votes, e.why_new.code, b.why_new.code, b.why_now) == (
        200,
        3,
        "no_class",
        "does_not_fit",
        None,
    )
    assert why(found.new, "e", "en").replace("\u00a0", " ") == "The cost 2 UAH belongs to no class"
    assert why(found.new, "b", "en") == "Did not fit: 0.15 UAH was left, 0.05 UAH short".replace(
        " UAH", "\u00a0UAH"
    )
    assert why(found.new, "a", "uk") == ""


def test_what_is_out_of_reach_is_found():
    options = {"threshold": {"small": 3}, "winners": {"l": 3}}
    found = codes(compared(counting=Counting("greedy-v1", options, ("cheaper",))).new.issues)
    assert found["threshold_not_reached"] == {"size_class": a_name("малі"), "threshold": 3, "best": 2}
    assert found["pot_half_empty"] == {"pot": a_name("Малі"), "left": 25, "amount": 25}
    assert found["quota_unmet"] == {"dimension": "pot", "key": a_name("Великі"), "limit": 3, "winners": 1}
    assert set(found) == {"threshold_not_reached", "pot_half_empty", "quota_unmet"}
    more = (*two_classes().size_classes, SizeClass("huge", a_name("величезні"), 500, None))
    huge = Pot("h", a_name("Величезні"), 900, size_class="huge")
    found = codes(compared(size_classes=more, pots=(*two_classes().pots, huge)).new.issues)
    assert found["class_without_projects"] == {"size_class": a_name("величезні")}
    assert found["pot_without_projects"] == {"pot": a_name("Величезні"), "amount": 900}
    nobody = compared(counting=Counting("greedy-v1", {"threshold": {"*": 9}}))
    assert "nobody_wins" in codes(nobody.new.issues)


def test_a_comparison_is_a_document_that_can_be_kept():
    document = compared().document()
    assert canonical(document) == canonical(compared().document())
    assert document["new"]["winners"] == ["a", "c"]
    assert document["new"]["left_out"]["e"] == {"code": "no_class", "params": {"cost": 200}}
    assert [each["project"] for each in document["projects"] if each["differs"]] == ["e", "b"]
    assert set(document["projects"][0]) == {field.name for field in fields(Fate)} | {"differs"}


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_every_preset_is_rehearsed_on_an_invented_election_against_another(each):
    dossier = simulate(each.rules, projects=30, voters=200)
    for language in ("uk", "en"):
        found = compare_rules(preset("ternopil-2021").rules, each.rules, dossier, scale_pots=True)
        assert list(lines(found, language))
        assert canonical(found.document())


@pytest.mark.parametrize("file", ELECTIONS)
@pytest.mark.parametrize("scaled", [False, True])
def test_every_preset_is_rehearsed_on_real_elections(file, scaled):
    if not (PABULIB / file).exists():
        pytest.skip("the shared elections are not here")
    dossier = pabulib.read(PABULIB / file).dossier()
    own = count(dossier).funded
    for each in presets():
        found = compare_rules(dossier.rules, each.rules, dossier, scale_pots=scaled)
        assert len(found.fates) == len(dossier.projects)
        out = {fate.project for fate in found.fates if fate.new == "out"}
        assert out == set(found.new.left_out)
        assert found.now.outcome.funded == own
        assert found.new.spent + found.new.left == sum(pot.amount for pot in found.new.dossier.pots)
        assert list(lines(found, "uk"))


@settings(max_examples=150, deadline=None)
@given(well_formed(), st.sampled_from(["own", "points", "ranking"]), st.sampled_from(sorted(RULES)))
def test_whatever_the_schema_allows_is_rehearsed_or_refused_by_the_count(document, kind, rule):
    rules = parse({**document, "counting": {"rule": rule}})
    if kind != "own":
        dossier = a_dossier(
            one_pot(100, kind=kind), projects_costing(a=10, b=20, c=120),
            [BallotPaper.ranking("ab"), BallotPaper.ranking("cba")],
        )  # fmt: skip
    try:
        dossier = simulate(rules, projects=7, voters=9) if kind == "own" else dossier
        found = compare_rules(rules, rules, dossier, scale_pots=True)
    except DossierError:
        ids = [pot.id for pot in rules.pots]
        assert len(set(ids)) < len(ids)
        return
    assert valid(dossier)
    assert not found.differing
    for language in ("uk", "en"):
        assert list(lines(found, language))
    canonical(found.document())


# --- in words ------------------------------------------------------------------------------------------


def test_every_code_has_words_in_both_languages_with_the_same_places():
    def places(texts):
        parsed = {key: string.Formatter().parse(text) for key, text in texts.items()}
        return {key: {name for _, name, _, _ in parts if name} for key, parts in parsed.items()}

    assert places(words_uk.TEXTS) == places(words_en.TEXTS)
    named = {key.removeprefix("note.") for key in words_uk.TEXTS if key.startswith("note.")}
    assert named == {*NOTES, *LEFT_OUT, *ISSUES}
    for fate in FATES:
        assert fate_text(fate, "uk") != fate_text(fate, "en")
    with pytest.raises(ValueError, match="pl"):
        note_text(Note("nobody_wins"), "pl")


def test_every_note_that_a_rehearsal_gives_can_be_said():
    said = set()
    rich = two_classes(pots=tuple(replace(pot, amount=pot.amount * 10) for pot in two_classes().pots))
    for rules in (rich, two_classes(), *(each.rules for each in presets())):
        for scaled in (False, True):
            found = recount(village_of_five(), rules, scale_pots=scaled)
            side = side_of(found)
            for note in [*found.notes, *side.issues, *(entry.why for entry in found.left_out)]:
                said.add(note.code)
                for language in ("uk", "en"):
                    text = note_text(note, language)
                    assert note.code not in text
                    assert "{" not in text
    assert {"no_class", "no_pot", "money_differs", "pots_scaled", "quota_unmet"} <= said


def test_a_note_is_said_in_the_language_asked_for():
    note = Note("pot_half_empty", {"pot": {"uk": "Малі", "en": "Small"}, "left": 250_000, "amount": 300_050})
    spoken = note_text(note, "uk").replace("\u00a0", " ")
    assert spoken == "У фонді «Малі» залишилося більше половини: 2 500 грн із 3 000,50 грн."
    spoken = note_text(note, "en").replace("\u00a0", " ")
    assert spoken == "More than half of the pot “Small” is left: 2 500 UAH of 3 000.50 UAH."


def test_the_figures_stand_side_by_side():
    rows = dict(figures(compared(), "en"))
    assert rows["Winners"] == ("3", "2")
    assert rows["Voters with a winner"] == ("80.0%", "60.0%")
    assert rows["Projects without a place"] == ("0", "1")
    assert len(next(iter(figures([compared().new], "uk")))[1]) == 1


# --- on the command line -------------------------------------------------------------------------------


def test_rules_are_rehearsed_on_the_command_line(tmp_path, capsys):
    assert main(["rehearse", "chernihiv"]) == 0
    assert "Вигаданий конкурс: 60 проєктів, 2 000 бюлетенів" in capsys.readouterr().out
    past = tmp_path / "past.json"
    past.write_bytes(village_of_five().canonical())
    assert main(["rehearse", "chernihiv", "--on", str(past), "--scale", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "The contest “village-2026”: 5 projects, 5 ballots" in out
    assert "Current rules" in out
    assert main(["rehearse", "lutsk", "--against", "kharkiv", "--seed", "3", "--lang", "en"]) == 0
    assert "Projects that fare otherwise:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["atlantis"], ["lutsk", "--against", "atlantis"], ["lutsk", "--on", "nothing.pb"]]
)
def test_what_cannot_be_rehearsed_is_said(arguments, capsys):
    assert main(["rehearse", *arguments]) == 2
    assert capsys.readouterr().err


def test_rules_that_contradict_the_count_are_refused_on_the_command_line(tmp_path, capsys):
    file = tmp_path / "rules.json"
    file.write_bytes(canonical(changed(EVERYTHING, counting__rule="oracle-v9")))
    assert main(["rehearse", str(file)]) == 2
    assert "oracle-v9" in capsys.readouterr().err


def test_a_fault_is_told_of_the_file_it_is_in(tmp_path, capsys):
    good, bad, past = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "past.json"
    good.write_bytes(canonical(EVERYTHING))
    bad.write_bytes(canonical(changed(EVERYTHING, schema=2)))
    past.write_text("{}")
    for arguments, file in [([bad], bad), ([good, "--against", bad], bad), ([good, "--on", past], past)]:
        assert main(["rehearse", *map(str, arguments)]) == 2
        assert capsys.readouterr().err.startswith(f"{file}: ")


def test_the_rehearsal_of_one_regulation_names_its_winners():
    side = side_of(recount(village_of_five(), two_classes()))
    spoken = list(lines(side, "en"))
    assert spoken[0] == "The contest “village-2026”: 5 projects, 5 ballots"
    assert "  a : 0.10 UAH" in spoken or "  a: 0.10 UAH" in spoken
    assert not isinstance(side, Comparison)
