"""Two regulations side by side, and two officials who change one at the same time."""

from __future__ import annotations

import copy

import pytest
from documents import EVERYTHING, changed, named, well_formed
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.presets import preset, presets
from rulebook.rules import apply_changes, differences, merge, parse


def told(before, after):
    return [(change.path, change.kind, change.before, change.after) for change in differences(before, after)]


def without(document, *path):
    copied = copy.deepcopy(document)
    place = copied
    for part in path[:-1]:
        place = place[part]
    del place[path[-1]]
    return copied


def test_a_class_renamed_is_a_changed_name():
    after = changed(EVERYTHING, size_classes__1__name__uk="значні")
    assert told(EVERYTHING, after) == [("/size_classes/1/name/uk", "changed", "великі", "значні")]


def test_records_are_matched_by_their_id_wherever_they_stand():
    after = changed(EVERYTHING, categories=EVERYTHING["categories"][::-1], size_classes__0__min_cost=200_000)
    assert told(EVERYTHING, after) == [("/size_classes/0/min_cost", "changed", 100_000, 200_000)]
    after = changed(EVERYTHING, channels=copy.deepcopy(EVERYTHING["channels"][::-1]), channels__0__to_day=27)
    assert told(EVERYTHING, after) == [("/channels/0/to_day", "changed", 28, 27)]


def test_what_is_removed_is_shown_where_it_was_and_what_is_added_where_it_is():
    art = {"id": "art", "name": named("мистецтво", "art")}
    after = changed(EVERYTHING, categories=[EVERYTHING["categories"][0], art, EVERYTHING["categories"][2]])
    assert told(EVERYTHING, after) == [
        ("/categories/1", "added", None, art),
        ("/categories/1", "removed", EVERYTHING["categories"][1], None),
    ]


def test_a_default_equals_its_absence():
    assert differences(EVERYTHING, without(EVERYTHING, "review", 1, "day_kind")) == []
    plain = changed(EVERYTHING, working_calendar="ukraine")
    assert differences(plain, without(plain, "working_calendar")) == []
    assert told(without(EVERYTHING, "support"), EVERYTHING)[0][:2] == ("/support", "added")
    by_default = changed(EVERYTHING, paper={"mode": "ballots", "is_named": False, "recheck_percent": 5})
    assert differences(by_default, without(EVERYTHING, "paper")) == []


def test_another_way_of_paper_and_of_taking_back_is_shown():
    assert told(EVERYTHING, changed(EVERYTHING, paper__is_named=False)) == [
        ("/paper/is_named", "changed", True, False)
    ]
    assert told(EVERYTHING, changed(EVERYTHING, ballot__cancel=False)) == [
        ("/ballot/cancel", "removed", True, None)
    ]


def test_the_order_of_stages_steps_ties_and_pots_means_something():
    for field, keys in [("review", ["formal", "technical"]), ("pots", ["small", "large"])]:
        after = changed(EVERYTHING, **{field: EVERYTHING[field][::-1]})
        assert told(EVERYTHING, after) == [(f"/{field}", "reordered", keys, keys[::-1])]
    after = changed(EVERYTHING, counting__ties=["earlier", "support", "lot"])
    assert [each[:2] for each in told(EVERYTHING, after)] == [("/counting/ties", "changed")]
    steps = differences(EVERYTHING, changed(EVERYTHING, approval=EVERYTHING["approval"][::-1]))
    assert {change.path for change in steps} >= {"/approval/0/days", "/approval/1/days"}


def test_documents_that_do_not_parse_are_compared_as_they_stand():
    broken = changed(EVERYTHING, pots__0__share="третина", mood=[1, True])
    assert told(EVERYTHING, broken) == [
        ("/pots/0/share", "changed", 3000, "третина"),
        ("/mood", "added", None, [1, True]),
    ]
    assert told({"a/b": [1]}, {"a/b": [True]}) == [("/a~1b", "changed", [1], [True])]
    assert told({"x": {"~": 1}}, {"x": {}}) == [("/x/~0", "removed", 1, None)]


def test_a_repeated_id_is_compared_by_place():
    twins = {"pots": [{"id": "a", "n": 1}, {"id": "a", "n": 2}]}
    assert told(twins, changed(twins, pots__1__n=3)) == [("/pots/1/n", "changed", 2, 3)]
    made = apply_changes(twins, differences(twins, changed(twins, pots__1__n=3)))
    assert made["pots"] == [{"id": "a", "n": 1}, {"id": "a", "n": 3}]


DOCUMENTS = st.one_of(
    st.sampled_from([EVERYTHING, *[each.document() for each in presets()]]),
    well_formed(),
    st.dictionaries(
        st.sampled_from(["pots", "review", "title", "a/b", "channels"]),
        st.recursive(
            st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["id", "kind", "n", "~"]), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    ),
)


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS)
def test_nothing_differs_from_itself(document):
    assert differences(document, document) == []
    assert differences(document, copy.deepcopy(document)) == []
    merged, conflicts = merge(document, document, document)
    assert (differences(document, merged), conflicts) == ([], [])


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_the_differences_make_the_one_document_of_the_other(before, after):
    untouched = copy.deepcopy((before, after))
    changes = differences(before, after)
    made = apply_changes(before, changes)
    assert (before, after) == untouched
    assert differences(made, after) == []


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_where_only_one_person_changed_anything_the_changes_stand(base, changed_):
    for mine, theirs in [(changed_, base), (base, changed_), (changed_, changed_)]:
        merged, conflicts = merge(base, mine, theirs)
        assert conflicts == []
        assert differences(merged, changed_) == []


EDITS = {
    "title": {"title__uk": "Нове положення"},
    "total": {"total": 5_000_000},
    "class": {"size_classes__0__min_cost": 150_000},
    "class name": {"size_classes__0__name__uk": "невеликі"},
    "other class": {"size_classes__1__max_cost": 150_000_000},
    "review days": {"review__0__days": 9},
    "review body": {"review__0__body__en": "another body"},
    "voter": {"voter__min_age": 14},
    "ballot": {"ballot__max_choices": 4},
    "ties": {"counting__ties": ["lot"]},
    "threshold": {"counting__options__threshold__small": 301},
    "approval": {"approval__1__days": 20},
}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted(EDITS)), unique=True, min_size=2), st.data())
def test_changes_that_do_not_touch_are_both_made(names, data):
    cut = data.draw(st.integers(1, len(names) - 1))
    mine = changed(EVERYTHING, **{path: value for name in names[:cut] for path, value in EDITS[name].items()})
    theirs = changed(
        EVERYTHING, **{path: value for name in names[cut:] for path, value in EDITS[name].items()}
    )
    merged, conflicts = merge(EVERYTHING, mine, theirs)
    assert conflicts == []
    both = apply_changes(mine, differences(EVERYTHING, theirs))
    assert merged == both == apply_changes(theirs, differences(EVERYTHING, mine))
    parse(merged)


def test_records_added_and_removed_by_two_people_come_together():
    small, large = EVERYTHING["size_classes"]
    parks, art = EVERYTHING["categories"][1], {"id": "art", "name": named("мистецтво", "art")}
    mine = changed(EVERYTHING, categories=[art, *EVERYTHING["categories"]], size_classes=[large, small])
    theirs = changed(EVERYTHING, categories=[parks], size_classes__0__max_cost=29_000_000)
    merged, conflicts = merge(EVERYTHING, mine, theirs)
    assert conflicts == []
    assert [entry["id"] for entry in merged["categories"]] == ["art", "parks"]
    assert {entry["id"]: entry["max_cost"] for entry in merged["size_classes"]} == {
        "small": 29_000_000,
        "large": 145_000_000,
    }


def test_stages_turned_round_by_one_and_changed_by_the_other():
    mine = changed(EVERYTHING, review__1__days=31)
    theirs = changed(EVERYTHING, review=EVERYTHING["review"][::-1])
    for one, other in [(mine, theirs), (theirs, mine)]:
        merged, conflicts = merge(EVERYTHING, one, other)
        assert conflicts == []
        assert [(stage["id"], stage["days"]) for stage in merged["review"]] == [
            ("technical", 31),
            ("formal", 5),
        ]


def test_the_same_field_changed_in_two_ways_is_a_conflict_and_mine_stands():
    mine = changed(EVERYTHING, voter__min_age=14, pots__1__share=6000, title__en="Mine")
    theirs = changed(EVERYTHING, voter__min_age=16, pots__1__share=6500, title__en="Mine")
    merged, conflicts = merge(EVERYTHING, mine, theirs)
    assert conflicts == ["/pots/1/share", "/voter/min_age"] or conflicts == [
        "/voter/min_age",
        "/pots/1/share",
    ]
    assert (merged["voter"]["min_age"], merged["pots"][1]["share"], merged["title"]["en"]) == (
        14,
        6000,
        "Mine",
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_what_one_removed_and_the_other_changed_the_change_is_kept(turned):
    less = changed(EVERYTHING, categories=EVERYTHING["categories"][1:])
    more = changed(EVERYTHING, categories__0__name__uk="школи")
    mine, theirs = (more, less) if turned else (less, more)
    merged, conflicts = merge(EVERYTHING, mine, theirs)
    [path] = conflicts
    entry = merged["categories"][int(path.removeprefix("/categories/"))]
    assert entry == {"id": "education", "name": named("школи", "education")}


def test_two_orders_of_the_stages_are_a_conflict():
    third = {**EVERYTHING["review"][0], "id": "third"}
    base = changed(EVERYTHING, review=[*EVERYTHING["review"], third])
    first, second, third = base["review"]
    merged, conflicts = merge(
        base, changed(base, review=[second, first, third]), changed(base, review=[first, third, second])
    )
    assert conflicts == ["/review"]
    assert [stage["id"] for stage in merged["review"]] == ["technical", "formal", "third"]


def test_a_default_equals_its_absence_even_beside_something_broken():
    broken = changed(EVERYTHING, total="мільйон", review__0__days="тиждень")
    less = without(without(broken, "review", 1, "day_kind"), "live_results")
    assert differences(broken, less) == []


def test_this_years_regulation_beside_the_last():
    changes = differences(preset("ternopil-2021").document(), preset("ternopil-2025").document())
    assert ("/counting/options/threshold", "removed") not in [(each.path, each.kind) for each in changes]
    assert [each.path for each in changes if each.kind == "removed" and each.path.startswith("/size")]
    assert apply_changes(preset("ternopil-2021").document(), changes) == preset("ternopil-2025").document()
