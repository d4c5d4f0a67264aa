"""A regulation as a document: there and back, refused when malformed, searched for contradictions."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from documents import EVERYTHING, changed, well_formed
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.__main__ import main
from rulebook.canonical import canonical
from rulebook.presets import presets, rules_from
from rulebook.rules import (
    JSON_SCHEMA,
    WARNINGS,
    RulesError,
    Text,
    parse,
    problems,
    published_schema,
)
from rulebook.rules.model import amounts_by_share

CHERNIHIV = {
    "schema": 1,
    "title": {"uk": "Громадський бюджет Чернігова", "en": "Participatory budget of Chernihiv"},
    "size_classes": [
        {"id": "small", "name": {"uk": "Малі"}, "min_cost": 0, "max_cost": 40_000_000},
        {"id": "large", "name": {"uk": "Великі"}, "min_cost": 40_000_001, "max_cost": 100_000_000},
    ],
    "categories": [{"id": "sport", "name": {"uk": "Спорт"}}],
    "pots": [
        {"id": "small", "name": {"uk": "Малі"}, "amount": 220_000_000, "size_class": "small"},
        {"id": "large", "name": {"uk": "Великі"}, "amount": 1_220_000_000, "size_class": "large"},
    ],
    "author": {"min_age": 16, "bases": ["registered", "displaced"]},
    "author_max_projects": 1,
    "voter": {"min_age": 16, "age_on": "2026-06-01", "bases": ["registered"]},
    "ballot": {"kind": "approval", "max_choices": 6, "max_per_class": {"small": 3, "large": 3}},
    "counting": {"rule": "greedy-v1", "options": {"fit": "skip", "threshold": {"large": 500, "*": 300}}},
    "source": "Рішення міської ради",
}


def document(**changes):
    """The regulation with some parts replaced; a path is written with double underscores."""
    return changed(CHERNIHIV, **changes)


def codes(**changes):
    return [(problem.path, problem.code) for problem in problems(parse(document(**changes)))]


def test_the_document_comes_back_as_it_was_understood():
    rules = parse(CHERNIHIV)
    assert parse(json.loads(canonical(rules.as_document()))) == rules
    assert parse(rules.as_document()).digest == rules.digest
    assert problems(rules) == []


def test_the_order_of_keys_does_not_change_the_hash_but_any_value_does():
    rules = parse(CHERNIHIV)
    assert parse(dict(reversed(CHERNIHIV.items()))).digest == rules.digest
    assert parse(document(pots__0__amount=220_000_001)).digest != rules.digest


def test_frozen_rules_do_not_follow_the_document_they_came_from():
    source = document()
    rules = parse(source)
    before = rules.digest
    source["ballot"]["max_per_class"]["small"] = 99
    source["counting"]["options"]["threshold"]["*"] = 0
    assert rules.digest == before


def test_names_are_given_in_the_language_asked_for_or_ukrainian():
    title = parse(CHERNIHIV).title
    assert title.get("en") == "Participatory budget of Chernihiv"
    assert title.get("pl") == title["uk"]
    assert Text().get("uk", "—") == "—"


@pytest.mark.parametrize(
    ("cost", "expected"),
    [(0, "small"), (40_000_000, "small"), (40_000_001, "large"), (100_000_000, "large"), (100_000_001, None)],
)
def test_bounds_of_size_classes_are_inclusive(cost, expected):
    found = parse(CHERNIHIV).size_class_of(cost)
    assert (found.id if found else None) == expected


def test_a_project_belongs_to_the_pot_that_matches_each_dimension():
    rules = parse(CHERNIHIV)
    assert rules.pot_of(size_class="large", category="sport").id == "large"
    assert rules.pot_of(size_class=None) is None
    district = document(pots__0__territory="UA74100390010054825")
    assert parse(district).pot_of(size_class="small", territory="UA74100390010017823") is None


def test_the_age_is_looked_at_on_the_day_the_regulation_names():
    rules = parse(CHERNIHIV)
    assert rules.voter.reference_date(date(2026, 6, 20)) == date(2026, 6, 1)
    assert rules.author.reference_date(date(2026, 2, 3)) == date(2026, 2, 3)


def test_all_faults_of_shape_are_reported_at_once():
    broken = document(pots__0__amount="багато", voter__age_on="колись", ballot__kind="shouting", extra=1)
    del broken["title"]
    with pytest.raises(RulesError) as caught:
        parse(broken)
    found = {(problem.path, problem.code) for problem in caught.value.problems}
    assert found == {
        ("/title", "missing"),
        ("/pots/0/amount", "wrong_type"),
        ("/voter/age_on", "bad_format"),
        ("/ballot/kind", "not_one_of"),
        ("/extra", "unknown_field"),
    }


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"schema": 2}, "/schema", "newer_schema"),
        ({"schema": 0}, "/schema", "not_one_of"),
        ({"schema": "2"}, "/schema", "not_one_of"),
        ({"schema": True}, "/schema", "not_one_of"),
        ({"title": {"en": "no Ukrainian"}}, "/title/uk", "missing"),
        ({"pots__0__id": "тут пробіл"}, "/pots/0/id", "bad_format"),
        ({"pots__0__id": "line\n"}, "/pots/0/id", "bad_format"),
        ({"pots__0__amount": True}, "/pots/0/amount", "wrong_type"),
        ({"pots__0__amount": -1}, "/pots/0/amount", "too_small"),
        ({"pots__0__amount": 2**53}, "/pots/0/amount", "too_large"),
        ({"voter__age_on": "2026-02-30"}, "/voter/age_on", "bad_format"),
        ({"voter__bases": ["registered", "registered"]}, "/voter/bases/1", "repeated"),
        ({"voter__bases": ["friendship"]}, "/voter/bases/0", "not_one_of"),
        ({"ballot__max_per_class": {"small": None}}, "/ballot/max_per_class/small", "wrong_type"),
        ({"counting__ties": ["coin"]}, "/counting/ties/0", "not_one_of"),
        ({"counting__options": {"share": 0.5}}, "/counting/options", "no_canonical_form"),
        ({"source": "x" * 2001}, "/source", "too_long"),
    ],
)
def test_each_fault_of_shape_has_its_place_and_word(changes, path, code):
    with pytest.raises(RulesError) as caught:
        parse(document(**changes))
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, code)]


def test_a_document_of_a_later_schema_is_named_as_such_and_not_searched_for_faults():
    later = document(schema=7, quorum={"share": 3000}, pots="elsewhere", voter__bases=["fame"])
    with pytest.raises(RulesError) as caught:
        parse(later)
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == ("/schema", "newer_schema")
    assert problem.params == {"schema": 7, "known": 1}


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_preset_of_a_newer_version_of_the_program_is_refused_in_one_sentence(tmp_path, capsys, wrapped):
    later = document(schema=2, quorum=5, ballot={"kind": "liquid"})
    file = tmp_path / "later.json"
    file.write_text(json.dumps({"id": "later", "rules": later, "mood": 1} if wrapped else later))
    with pytest.raises(RulesError) as caught:
        rules_from(str(file))
    assert [problem.code for problem in caught.value.problems] == ["newer_schema"]
    assert main(["regulation", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}: /schema: newer_schema (schema=2, known=1)\n"


@pytest.mark.parametrize("nothing", [None, [], "rules", 7, {}])
def test_what_is_no_document_at_all_is_refused(nothing):
    with pytest.raises(RulesError):
        parse(nothing)


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"pots": []}, "/pots", "no_pot"),
        ({"pots__1__size_class": "small", "pots__1__category": "sport"}, "/pots/1", "pots_overlap"),
        ({"pots__1__size_class": "small"}, "/size_classes/1", "class_without_pot"),
        ({"pots__1__amount": 0}, "/pots/1/amount", "empty_pot"),
        ({"pots__1__amount": 90_000_000}, "/pots/1/amount", "class_larger_than_pot"),
        ({"pots__1__amount": 30_000_000}, "/pots/1/amount", "pot_below_smallest_project"),
        ({"pots__1__size_class": "huge"}, "/pots/1/size_class", "unknown_class"),
        ({"pots__1__category": "art"}, "/pots/1/category", "unknown_category"),
        ({"pots__1__id": "small"}, "/pots/1/id", "repeated"),
        ({"size_classes__1__min_cost": 40_000_000}, "/size_classes/1", "classes_overlap"),
        ({"size_classes__1__max_cost": 1}, "/size_classes/1/max_cost", "empty_class"),
        ({"voter__bases": []}, "/voter/bases", "nobody_eligible"),
        ({"author_max_projects": 0}, "/author_max_projects", "limit_zero"),
        ({"identity_methods": []}, "/identity_methods", "no_identity_method"),
        ({"ballot__max_choices": 0}, "/ballot/max_choices", "limit_zero"),
        ({"ballot__max_cost": 0}, "/ballot/max_cost", "limit_zero"),
        ({"ballot__min_choices": 7}, "/ballot/min_choices", "minimum_out_of_reach"),
        ({"ballot__max_choices": 7}, "/ballot/max_choices", "limit_out_of_reach"),
        ({"ballot__max_choices": 2}, "/ballot/max_per_class/small", "limit_above_overall"),
        ({"ballot__max_per_class": {"huge": 1}}, "/ballot/max_per_class/huge", "unknown_class"),
        ({"ballot__max_per_class": {"small": 0, "large": 0}}, "/ballot/max_per_class", "limit_zero"),
        ({"ballot__max_per_category": {"art": 1}}, "/ballot/max_per_category/art", "unknown_category"),
        ({"ballot__max_points": 9}, "/ballot/max_points", "points_on_other_ballot"),
        ({"ballot__kind": "choose-1"}, "/ballot/max_choices", "limit_out_of_reach"),
        ({"counting__rule": "oracle-v9"}, "/counting/rule", "unknown_rule"),
        ({"counting__options__fit": "squeeze"}, "/counting/options/fit", "not_one_of"),
        ({"counting__options__mood": "good"}, "/counting/options/mood", "unknown_option"),
        ({"counting__options__threshold": {"huge": 1}}, "/counting/options/threshold/huge", "unknown_class"),
        ({"counting__options__threshold": {"*": -1}}, "/counting/options/threshold/*", "not_a_count"),
        ({"counting__options__threshold": 5}, "/counting/options/threshold", "wrong_type"),
        ({"counting__options__score": "points"}, "/counting/options/score", "score_not_on_ballot"),
        ({"counting__ties": ["refuse", "cheaper"]}, "/counting/ties", "refuse_not_last"),
    ],
)
def test_each_contradiction_is_found_before_anybody_votes(changes, path, code):
    assert (path, code) in codes(**changes)


def test_a_class_may_cost_exactly_its_pot():
    assert codes(pots__1__amount=100_000_000) == []


def test_the_order_of_classes_does_not_hide_an_overlap():
    small, large = CHERNIHIV["size_classes"]
    assert codes(size_classes=[large, small]) == []
    assert ("/size_classes/1", "classes_overlap") in codes(
        size_classes=[{**large, "min_cost": 40_000_000}, small]
    )


def test_a_category_needs_a_pot():
    assert ("/categories/0", "category_without_pot") in codes(
        categories=[{"id": "sport", "name": {"uk": "Спорт"}}, {"id": "art", "name": {"uk": "Мистецтво"}}],
        pots__0__category="art",
        pots__1__category="art",
    )


def parsed_or_faults(candidate):
    try:
        return parse(candidate), []
    except RulesError as error:
        return None, error.problems


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*CHERNIHIV, "junk"]), junk, min_size=1))
def test_any_junk_gives_rules_or_a_list_of_faults(replaced):
    rules, faults = parsed_or_faults({**CHERNIHIV, **replaced})
    if rules is None:
        assert faults
    else:
        problems(rules)
        assert parse(rules.as_document()) == rules


# --- the whole superset ------------------------------------------------------------------------------


def test_the_regulation_that_says_everything_comes_back_field_by_field():
    rules = parse(EVERYTHING)
    assert rules.as_document() == {**EVERYTHING, "ballot": {**EVERYTHING["ballot"], "max_minus": None}}
    assert problems(rules) == [problem for problem in problems(rules) if problem.code == "revote_on_paper"]


@settings(max_examples=150, deadline=None)
@given(well_formed())
def test_whatever_the_schema_allows_comes_back_and_is_searched(candidate):
    rules, faults = parsed_or_faults(candidate)
    assert rules is not None, faults
    again = parse(json.loads(canonical(rules.as_document())))
    assert again == rules
    assert again.digest == rules.digest
    problems(rules)


def test_a_document_of_the_first_days_keeps_its_hash():
    """What the schema learnt later is left out where it says nothing."""
    rules = parse(CHERNIHIV)
    assert set(rules.as_document()) == {
        "schema", "title", "size_classes", "categories", "pots", "author", "author_max_projects", "voter", "ballot",
        "counting", "live_results", "identity_methods", "source",
    }  # fmt: skip
    assert rules.digest == "d6a2c29a9f13fdaa71c294c340ea44afcb1af31b2307506e3cad2259e862b37f"
    assert parse(document(submission={}, channels=[], review=[], total=None)).digest == rules.digest
    assert parse(document(voter__operator_grant=True)).digest == rules.digest
    assert parse(document(voter__operator_grant=False)).digest != rules.digest


def test_the_published_schema_is_the_one_that_is_used():
    """Write it anew: python -c "import rulebook.rules as r; print(r.published_schema(), end='')"."""
    published = Path(__file__).parents[2] / "docs" / "schemas" / "rules-1.json"
    assert published.read_text(encoding="utf-8") == published_schema()


def test_every_field_of_the_published_schema_has_a_description():
    def silent(schema, path):
        for name, part in schema.get("properties", {}).items():
            is_basis = path.endswith(("/channels", "/evidence"))
            if "description" not in part and "$ref" not in part and not is_basis and path != "/text":
                yield f"{path}/{name}"
            yield from silent(part, f"{path}/{name}")
        if isinstance(schema.get("items"), dict):
            yield from silent(schema["items"], path)

    assert not list(silent(JSON_SCHEMA, ""))
    for name, part in JSON_SCHEMA["$defs"].items():
        assert not list(silent(part, f"/{name}"))


@pytest.mark.parametrize(
    ("total", "shares", "amounts"),
    [
        (100_000, [3000, 7000], [30_000, 70_000]),
        (1_000_000_001, [3000, 7000], [300_000_000, 700_000_001]),
        (10, [3333, 3333, 3334], [3, 3, 4]),
        (1, [5000, 5000], [0, 1]),
        (1_000, [1_000, 1_000], [100, 100]),
        (7, [1_000, 1_000], [0, 1]),
    ],
)
def test_kopiykas_that_do_not_divide_stay_with_the_last_pot(total, shares, amounts):
    pots = [{"id": f"p{n}", "name": {"uk": "Розділ"}, "share": share} for n, share in enumerate(shares)]
    rules = parse({"schema": 1, "title": {"uk": "Положення"}, "total": total, "pots": pots,
                   "counting": {"rule": "greedy-v1"}})  # fmt: skip
    assert [pot.amount for pot in rules.pots] == amounts


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**12), st.lists(st.integers(0, 2500), min_size=1, max_size=4))
def test_shares_never_give_out_more_than_their_part_of_the_total(total, shares):
    amounts = amounts_by_share(shares, total)
    assert sum(amounts) == total * sum(shares) // 10_000
    for share, amount in zip(shares[:-1], amounts, strict=False):
        assert amount * 10_000 <= total * share < (amount + 1) * 10_000


def test_a_pot_states_an_amount_or_a_share():
    for pot, code in [({}, "missing"), ({"amount": 5, "share": 5}, "both_given")]:
        with pytest.raises(RulesError) as caught:
            parse(document(pots=[{"id": "all", "name": {"uk": "Усі"}, **pot}]))
        assert [problem.code for problem in caught.value.problems] == [code]


def test_a_basis_may_be_limited_to_some_channels():
    """Lviv: people without a registration vote at the service centre only."""
    voter = parse(EVERYTHING).voter
    assert voter.may_use("registered", "online")
    assert not voter.may_use("displaced", "online")
    assert voter.may_use("displaced", "desk")
    assert not voter.may_use("birth", "desk")


def test_supporters_are_the_voters_unless_the_regulation_says_otherwise():
    assert parse(CHERNIHIV).supporters == parse(CHERNIHIV).voter
    assert parse(EVERYTHING).supporters.min_age == 14


def test_a_channel_is_open_on_the_days_of_the_voting_that_the_regulation_names():
    online, desk, *_ = parse(EVERYTHING).channels
    assert [day for day in (1, 15, 16, 29, 30, 31) if desk.is_open(day)] == [16, 29]
    assert online.is_open(30)
    assert not online.is_open(31)


def test_support_is_asked_by_size_class():
    support = parse(changed(EVERYTHING, support__threshold={"large": 75, "*": 15})).support
    assert (support.needed("large"), support.needed("small"), support.needed(None)) == (75, 15, 15)


def test_the_page_about_the_rules_names_every_field_warning_and_preset():
    page = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w-]+)`", page))
    assert set(JSON_SCHEMA["properties"]) <= named
    assert named >= WARNINGS
    assert {each.id for each in presets()} <= named


def test_the_schema_uses_only_words_the_check_understands():
    understood = {
        "$schema", "$ref", "$defs", "title", "description", "type", "properties", "required", "items", "enum",
        "additionalProperties", "const", "pattern", "minimum", "maximum", "maxLength", "uniqueItems",
        "oneOf",
    }  # fmt: skip

    def walk(schema):
        assert set(schema) <= understood
        for part in [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]:
            walk(part)
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                walk(schema[name])

    walk(JSON_SCHEMA)
    assert set(JSON_SCHEMA["properties"]) == set(parse(EVERYTHING).as_document())
