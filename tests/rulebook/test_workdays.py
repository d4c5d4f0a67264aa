"""Working days and terms, against the law's own examples and an independent list of holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from holidays.constants import PUBLIC, WORKDAY
from holidays.countries import Ukraine
from hypothesis import given
from hypothesis import strategies as st

from rulebook.workdays import (
    MARTIAL_LAW,
    UKRAINE,
    add_days,
    days_off,
    easter,
    holidays,
    is_working_day,
    next_working_day,
    working_days_between,
)

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def year_of(year):
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", range(2000, 2022))
def test_days_off_before_the_war_are_those_of_an_independent_list(year):
    """Accepted differences: single days that the government moved by a recommendation of its own (the list calls
    them substituted), and the November holidays that ended with 1999."""
    listed = Ukraine(years=year, language="uk")
    substituted = {day for day, name in listed.items() if "перенесено з" in name}
    expected = {day for day in listed if day.weekday() < 5} - substituted
    ours = {day for day in days_off(year) if day.weekday() < 5}
    assert ours - substituted == expected
    assert ours & substituted == set()


@pytest.mark.parametrize("year", range(2022, 2041))
def test_holidays_since_the_war_are_those_of_an_independent_list(year):
    """The list has them as working days, because martial law is on, and moves nothing for that reason."""
    listed = Ukraine(years=year, categories=(PUBLIC, WORKDAY), language="uk")
    expected = {
        day for day, name in listed.items() if "перенесено з" not in name and "(вихідний)" not in name
    }
    assert set(holidays(year)) == expected


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2023, date(2023, 4, 16)), (2024, date(2024, 5, 5)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 12)),
     (2027, date(2027, 5, 2)), (2028, date(2028, 4, 16))],
)  # fmt: skip
def test_easter_falls_as_the_church_has_it(year, sunday):
    assert easter(year) == sunday
    assert sunday + timedelta(days=49) in holidays(year)


def test_holidays_on_a_weekend_move_the_days_off_one_after_another():
    """In 2027 the first of May is a Saturday and Easter the Sunday after it: Monday and Tuesday are off."""
    may = [day for day in range(1, 12) if not is_working_day(date(2027, 5, day))]
    assert may == [1, 2, 3, 4, 8, 9, 10]
    assert [day for day in range(1, 12) if not is_working_day(date(2027, 5, day), calendar=MARTIAL_LAW)] == [
        1, 2, 8, 9,
    ]  # fmt: skip


def test_under_martial_law_only_weekends_are_off():
    assert is_working_day(date(2026, 8, 24), calendar=MARTIAL_LAW)
    assert not is_working_day(date(2026, 8, 24), calendar=UKRAINE)
    assert not is_working_day(date(2026, 8, 23), calendar=MARTIAL_LAW)


@pytest.mark.parametrize(
    ("start", "days", "kind", "calendar", "end"),
    [
        # the day of the event is not counted
        (date(2026, 6, 1), 1, "calendar", UKRAINE, date(2026, 6, 2)),
        (date(2026, 6, 1), 5, "working", UKRAINE, date(2026, 6, 8)),
        (date(2026, 5, 29), 1, "working", UKRAINE, date(2026, 6, 2)),  # Monday is off after Trinity Sunday
        (date(2026, 6, 5), 1, "working", UKRAINE, date(2026, 6, 8)),
        # a term that ends on a Saturday, or on a holiday, ends on the next working day
        (date(2026, 6, 1), 5, "calendar", UKRAINE, date(2026, 6, 8)),
        (date(2026, 8, 14), 10, "calendar", UKRAINE, date(2026, 8, 25)),
        (date(2026, 8, 14), 10, "calendar", MARTIAL_LAW, date(2026, 8, 24)),
        (date(2026, 12, 23), 2, "working", UKRAINE, date(2026, 12, 28)),
        (date(2026, 12, 23), 2, "working", MARTIAL_LAW, date(2026, 12, 25)),
        # over the new year, whose holiday is a Friday
        (date(2026, 12, 31), 1, "working", UKRAINE, date(2027, 1, 4)),
        (date(2026, 6, 6), 0, "working", UKRAINE, date(2026, 6, 6)),
    ],
)
def test_terms_end_where_the_civil_code_ends_them(start, days, kind, calendar, end):
    assert add_days(start, days, kind=kind, calendar=calendar) == end


@pytest.mark.parametrize(
    "wrong",
    [{"days": -1}, {"kind": "banking"}, {"calendar": "mars"}, {"calendar": "mars", "kind": "working"}],
)
def test_a_term_of_no_known_kind_is_refused(wrong):
    with pytest.raises(ValueError, match=r"known|zero or more"):
        add_days(date(2026, 6, 1), **{"days": 3, **wrong})


@given(DAYS, st.integers(1, 120), st.sampled_from([UKRAINE, MARTIAL_LAW]))
def test_a_term_of_working_days_holds_exactly_so_many(start, days, calendar):
    end = add_days(start, days, kind="working", calendar=calendar)
    assert is_working_day(end, calendar=calendar)
    assert working_days_between(start + timedelta(days=1), end, calendar=calendar) == days


@given(DAYS, st.integers(1, 120), st.sampled_from([UKRAINE, MARTIAL_LAW]))
def test_a_term_of_calendar_days_is_only_put_off_over_days_off(start, days, calendar):
    end = add_days(start, days, calendar=calendar)
    plain = start + timedelta(days=days)
    assert end == next_working_day(plain, calendar=calendar)
    assert working_days_between(plain, end - timedelta(days=1), calendar=calendar) == 0
    assert working_days_between(end, plain - timedelta(days=1), calendar=calendar) == 0


@pytest.mark.parametrize("year", [2021, 2026, 2027])
def test_a_year_has_as_many_working_days_as_are_not_off(year):
    weekends = {day for day in year_of(year) if day.weekday() >= 5}
    expected = sum(1 for _ in year_of(year)) - len(weekends | days_off(year))
    assert working_days_between(date(year, 1, 1), date(year, 12, 31)) == expected
