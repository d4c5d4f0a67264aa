"""Money, numbers and lengths of time in words, without a float on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from viche.foundation.money import machine_money, money_text
from viche.foundation.numbers import grouped, share_of, time_left

NOON = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
GAP = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "ukrainian", "english"),
    [
        (0, "0 ₴", "₴0"),
        (5, "0,05 ₴", "₴0.05"),
        (125_000_000, "1 250 000 ₴", "₴1,250,000"),
        (125_000_050, "1 250 000,50 ₴", "₴1,250,000.50"),
        (-990_00, "\u2212990 ₴", "\u2212₴990"),
        (9_007_199_254_740_993_01, "9 007 199 254 740 993,01 ₴", "₴9,007,199,254,740,993.01"),
    ],
)
def test_an_amount_is_written_out_to_the_last_kopiyka(amount: int, ukrainian: str, english: str) -> None:
    with translation.override("uk"):
        assert money_text(amount) == ukrainian.replace(" ", GAP)
    with translation.override("en"):
        assert money_text(amount) == english


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (999_900, "₴9,999"),
        (1_000_000, "₴10k"),
        (38_549_999, "₴385.5k"),
        (99_999_499, "₴1m"),
        (99_994_999, "₴999.9k"),
        (125_000_000, "₴1.3m"),
        (1_250_000_000, "₴12.5m"),
        (250_000_000_000, "₴2.5bn"),
        (-1_250_000_000, "\u2212₴12.5m"),
    ],
)
def test_a_short_amount_is_rounded_half_up_to_tenths(amount: int, words: str) -> None:
    with translation.override("en"):
        assert money_text(amount, short=True) == words


def test_a_currency_without_a_sign_is_named_by_its_code() -> None:
    with translation.override("uk"):
        assert money_text(500_00, "SEK") == f"500{GAP}SEK"
        assert money_text(500_00, "PLN") == f"500{GAP}zł"
    with translation.override("en"):
        assert money_text(500_00, "PLN") == f"zł{GAP}500"


@pytest.mark.parametrize("wrong", [1.5, "100", None, True])
def test_money_that_is_no_integer_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="minor units"):
        money_text(wrong)  # type: ignore[arg-type]


def test_machines_get_a_plain_decimal() -> None:
    assert [machine_money(amount) for amount in (0, 7, 123456, -50)] == ["0.00", "0.07", "1234.56", "-0.50"]


def test_thousands_stand_apart() -> None:
    with translation.override("uk"):
        assert grouped(38_903) == f"38{GAP}903"
    with translation.override("en"):
        assert grouped(-38_903) == "\u221238,903"


def test_a_share_stays_within_its_whole_and_something_is_never_nothing() -> None:
    assert [share_of(part, 3, 1000) for part in (0, 1, 2, 3, 4)] == [0, 333, 667, 1000, 1000]
    assert share_of(1, 10**9, 1000) == 1
    assert share_of(5, 0, 1000) == 0


@pytest.mark.parametrize(
    ("left", "ukrainian"),
    [
        ({"days": 3, "hours": 4, "minutes": 59}, "3 дні 4 години"),
        ({"days": 1}, "1 день"),
        ({"days": 5, "minutes": 30}, "5 днів"),
        ({"hours": 21, "minutes": 1}, "21 година 1 хвилина"),
        ({"seconds": 20}, "1 хвилина"),
        ({"seconds": 0}, ""),
    ],
)
def test_what_is_left_is_said_in_its_two_largest_units(left: dict[str, int], ukrainian: str) -> None:
    with translation.override("uk"):
        assert time_left(NOON + timedelta(**left), NOON) == ukrainian
