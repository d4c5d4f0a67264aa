"""Items of an estimate: quantities with their decimals, lines rounded half up to a kopiyka, the reserve on top."""

import pytest
from django.utils.translation import override
from hypothesis import given as drawn
from hypothesis import strategies as st

from viche.projects.estimate import (
    cost_with_reserve,
    estimate_lines,
    is_complete,
    is_empty,
    line_sum,
    quantity_text,
    quantity_typed,
    total_of,
)


def item(quantity, price, name="Плитка", unit="м²"):
    return {"name": name, "unit": unit, "quantity": quantity, "price": price}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12", "12"), ("12,50", "12.5"), ("0.125", "0.125"), ("1 200,5", "1200.5"), ("1\u00a0200", "1200"),
        ("007", "7"), ("3,000", "3"), ("", None), ("-1", None), ("1,2345", None), ("два", None), ("1e5", None),
        ("1.2.3", None), ("9" * 10, None),
    ],
)  # fmt: skip
def test_a_quantity_is_kept_exactly_or_not_at_all(typed, kept):
    assert quantity_typed(typed) == kept


@pytest.mark.parametrize(
    ("quantity", "price", "total"),
    [
        ("2", 10_000, 20_000), (3, 10_000_001, 30_000_003), ("0.125", 100, 13), ("0.124", 100, 12), ("0.5", 1, 1),
        ("0.333", 1, 0), ("12.5", 99_999, 1_249_988), ("1000000", 10**12, 10**18),
    ],
)  # fmt: skip
def test_a_line_is_rounded_half_up_to_a_kopiyka(quantity, price, total):
    assert line_sum(item(quantity, price)) == total


def test_lines_are_added_as_they_are_shown():
    lines = [item("0.5", 1), item("0.5", 1)]
    assert total_of(lines) == 2 == sum(line["sum"] for line in estimate_lines(lines))


def test_an_unfinished_line_counts_nothing_and_an_empty_one_is_not_shown():
    unfinished = [item("", None), item("2", None), item("", 100), item("0", 100)]
    assert total_of(unfinished) == 0
    assert not any(is_complete(each) for each in unfinished)
    assert is_empty(item("", None, name=" ", unit=""))
    assert estimate_lines([item("", None, name="", unit="")]) == []


def test_items_of_before_stay_valid():
    assert estimate_lines([{"name": "Лава", "quantity": 2, "price": 500_000}]) == [
        {"name": "Лава", "unit": "", "quantity": "2", "price": 500_000, "sum": 1_000_000}
    ]


@pytest.mark.parametrize(("language", "shown"), [("uk", "1\u00a0200,5"), ("en", "1,200.5")])
def test_a_quantity_reads_in_the_language_of_the_page(language, shown):
    with override(language):
        assert quantity_text("1200.5") == shown


@drawn(st.integers(1, 10**12), st.integers(0, 9_999))
def test_items_and_reserve_are_the_cost_to_the_last_kopiyka(total, share):
    cost = cost_with_reserve(total, share)
    reserve = -(-cost * share // 10_000)
    assert cost - reserve == total
    assert cost == total or cost - 1 - -(-(cost - 1) * share // 10_000) < total, "the smallest such cost"
