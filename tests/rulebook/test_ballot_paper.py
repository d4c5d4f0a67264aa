"""What a valid ballot is, said for each limit a regulation can set."""

from __future__ import annotations

import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import one_pot

from rulebook.ballot import BallotPaper, Candidate, allowance, commitment, defects
from rulebook.counting.tally import plain_check

CANDIDATES = {
    candidate.id: candidate
    for candidate in (
        Candidate("s1", 100, "small", "sport", "UA-north"),
        Candidate("s2", 200, "small", "art", "UA-north"),
        Candidate("l1", 900, "large", "sport", "UA-south"),
        Candidate("own", 50, "small", "art", "UA-south", is_own=True),
    )
}


def found(paper, **shape):
    rules = one_pot(1000, **{"min_choices": 1, **shape})
    return [(defect.code, defect.project) for defect in defects(paper, rules, CANDIDATES)]


def test_a_ballot_within_all_limits_has_no_defect():
    limits = {
        "max_choices": 2,
        "max_per_class": {"small": 1, "large": 1},
        "max_per_category": {"sport": 2},
        "max_per_territory": 1,
        "max_cost": 1000,
    }
    assert found(BallotPaper.approval(["s1", "l1"]), **limits) == []


@pytest.mark.parametrize(
    ("paper", "shape", "expected"),
    [
        (BallotPaper(), {}, [("empty", None)]),
        (BallotPaper(), {"min_choices": 0}, []),
        (BallotPaper.approval(["s1"]), {"min_choices": 2}, [("too_few", None)]),
        (BallotPaper.approval(["s1", "s2", "l1"]), {"max_choices": 2}, [("too_many", None)]),
        (BallotPaper.approval(["s1", "s2"]), {"kind": "choose-1"}, [("too_many", None)]),
        (BallotPaper.approval(["ghost"]), {}, [("unknown_project", "ghost")]),
        (BallotPaper.approval(["s1", "s1"]), {}, [("duplicate_project", "s1")]),
        (BallotPaper.approval(["own"]), {"own_project": False}, [("own_project", "own")]),
        (BallotPaper.approval(["own"]), {"own_project": True}, []),
        (BallotPaper((("s1", 2),)), {}, [("wrong_value", "s1")]),
        (BallotPaper.approval(["s1", "s2"]), {"max_per_class": {"small": 1}}, [("too_many_in_class", None)]),
        (BallotPaper.approval(["s1"]), {"max_per_class": {"small": 0}}, [("too_many_in_class", None)]),
        (
            BallotPaper.approval(["s1", "l1"]),
            {"max_per_category": {"sport": 1}},
            [("too_many_in_category", None)],
        ),
        (BallotPaper.approval(["s1", "s2"]), {"max_per_territory": 1}, [("too_many_in_territory", None)]),
        (BallotPaper.approval(["s1", "l1"]), {"max_cost": 999}, [("too_expensive", None)]),
        (BallotPaper.points({"s1": -1}), {"kind": "points"}, [("negative_points", "s1")]),
        (BallotPaper.points({"s1": 0}), {"kind": "points"}, [("no_points", "s1")]),
        (
            BallotPaper.points({"s1": 4}),
            {"kind": "points", "max_points_per_project": 3},
            [("too_many_points_for_project", "s1")],
        ),
        (
            BallotPaper.points({"s1": 2, "s2": 2}),
            {"kind": "points", "max_points": 3},
            [("too_many_points", None)],
        ),
        (BallotPaper((("s1", 1), ("s2", 3))), {"kind": "ranking"}, [("bad_ranks", None)]),
        (BallotPaper((("s1", 1), ("s2", 1))), {"kind": "ranking"}, [("bad_ranks", None)]),
    ],
)
def test_each_limit_has_its_own_defect(paper, shape, expected):
    assert found(paper, **shape) == expected


def test_all_defects_are_reported_not_only_the_first():
    paper = BallotPaper.approval(["ghost", "s1", "s1", "s2", "own"])
    codes = {code for code, _ in found(paper, max_choices=3, max_per_class={"small": 2}, own_project=False)}
    assert codes == {"unknown_project", "duplicate_project", "own_project", "too_many", "too_many_in_class"}


def test_a_defect_carries_what_its_sentence_needs():
    rules = one_pot(1000, max_per_class={"small": 1})
    [defect] = defects(BallotPaper.approval(["s1", "s2"]), rules, CANDIDATES)
    assert defect.params == {"class": "small", "used": 2, "limit": 1}


def test_the_order_of_marking_leaves_no_trace():
    assert BallotPaper.approval(["b", "a"]) == BallotPaper.approval(["a", "b"])
    assert BallotPaper.points({"b": 1, "a": 2}).choices == (("a", 2), ("b", 1))
    assert BallotPaper.of("ranking", [("a", 2), ("b", 1)]) == BallotPaper.ranking(["b", "a"])
    assert BallotPaper.ranking(["b", "a"]).projects == ("b", "a")


def test_what_is_left_of_the_allowance():
    rules = one_pot(1000, max_choices=3, max_per_class={"small": 2, "large": 1}, min_choices=2, max_cost=1000)
    left = allowance(BallotPaper.approval(["s1"]), rules, CANDIDATES)
    assert (left.choices.used, left.choices.left, left.missing) == (1, 2, 1)
    assert {key: use.left for key, use in left.by_class.items()} == {"small": 1, "large": 1}
    assert (left.cost.used, left.cost.left) == (100, 900)
    assert left.by_category["sport"].left is None
    over = allowance(BallotPaper.approval(["s1", "s2", "own"]), rules, CANDIDATES)
    assert over.by_class["small"].is_exceeded
    assert over.by_class["small"].left == 0


def test_a_ballot_document_comes_back_and_other_shapes_are_refused():
    paper = BallotPaper.ranking(["s2", "s1"])
    assert BallotPaper.from_document(paper.document()) == paper
    for broken in (
        None,
        [],
        {"choices": 1},
        {"choices": [["a"]]},
        {"choices": [["a", "1"]]},
        {"choices": [[1, 1]]},
    ):
        with pytest.raises(ValueError, match=r"ballot document|choice is a pair"):
            BallotPaper.from_document(broken)
    with pytest.raises(ValueError, match="ballot document"):
        BallotPaper.from_document({**paper.document(), "voter": "Петро"})


def test_the_commitment_is_the_published_formula():
    paper, nonce = BallotPaper.approval(["b", "a"]), bytes(range(32))
    contest, body = "вінниця-2026".encode(), b'{"choices":[["a",1],["b",1]]}'
    framed = b"viche/ballot/v1\x00" + len(contest).to_bytes(8, "big") + contest
    framed += len(body).to_bytes(8, "big") + body + nonce
    assert commitment("вінниця-2026", paper, nonce) == hashlib.sha256(framed).digest()


def test_the_commitment_changes_with_every_part_of_it():
    paper, nonce = BallotPaper.approval(["a"]), b"\x00" * 32
    base = commitment("c", paper, nonce)
    assert base != commitment("c2", paper, nonce)
    assert base != commitment("c", BallotPaper.approval(["b"]), nonce)
    assert base != commitment("c", paper, b"\x01" * 32)
    for wrong in (b"", b"\x00" * 31, b"\x00" * 33):
        with pytest.raises(ValueError, match="nonce"):
            commitment("c", paper, wrong)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["approval", "points", "ranking", "choose-1"]),
    st.lists(st.tuples(st.sampled_from([*CANDIDATES, "ghost"]), st.integers(-1, 4)), max_size=5),
    st.tuples(*[st.sampled_from([None, 1, 3])] * 4),
    st.integers(0, 2),
    st.booleans(),
)
def test_the_quick_check_of_the_count_never_passes_a_ballot_with_defects(kind, pairs, limits, least, own):
    rules = one_pot(
        1000,
        kind=kind,
        max_choices=limits[0],
        max_points=limits[1],
        max_points_per_project=limits[2],
        max_per_territory=limits[3],
        min_choices=least,
        own_project=own,
    )
    if kind in ("approval", "choose-1"):
        pairs = [(project, 1 if value else 2) for project, value in pairs]
    paper = BallotPaper.of(kind, pairs)
    found_defects = defects(paper, rules, CANDIDATES)
    is_plainly_valid = plain_check(rules, CANDIDATES)(paper.choices)
    assert not (is_plainly_valid and found_defects)
    if limits[3] is None and own:
        assert is_plainly_valid is (not found_defects)


@given(st.lists(st.sampled_from(list(CANDIDATES)), unique=True), st.randoms(use_true_random=False))
def test_the_commitment_does_not_depend_on_the_order_of_marking(ids, shuffler: random.Random):
    mixed = list(ids)
    shuffler.shuffle(mixed)
    nonce = b"\x07" * 32
    assert commitment("c", BallotPaper.approval(ids), nonce) == commitment(
        "c", BallotPaper.approval(mixed), nonce
    )
