"""Our printed ballots, marked by a test's pen and scanned: every mark is read or flagged, none is read wrong.

A small part of bench/scanning.py, with the limits that the large one has to keep.
"""

import pytest
from tests.paper_sheets.proof import PENS, Proof, proven

SEEDS = range(4_000_000, 4_000_014)


@pytest.fixture(scope="module")
def proof() -> Proof:
    found = Proof()
    for seed in SEEDS:
        found.add(proven(seed))
    return found


def test_no_mark_is_read_wrong(proof):
    assert proof.wrong == []


def test_every_page_is_found_whatever_way_it_lies(proof):
    assert proof.pages >= len(SEEDS)
    assert not proof.unread


def test_nearly_all_marks_are_read_without_a_person(proof):
    right = sum(proof.boxes[pen]["right"] for pen in PENS if pen in proof.boxes)
    flagged = sum(proof.boxes[pen]["flagged"] for pen in PENS if pen in proof.boxes)
    assert right + flagged > 60
    assert flagged * 100 <= 12 * (right + flagged)


def test_an_empty_box_hardly_ever_asks_for_a_person(proof):
    empty = proof.boxes["none"]
    assert empty["wrong"] == 0
    assert empty["flagged"] * 200 <= sum(empty.values())
