"""Working days of Ukraine, and terms counted in calendar or working days. Pure functions of dates.

Sources: Labour Code, article 73 (holidays), article 67 part 3 (a day off that falls on a holiday moves to the next
day after it); Law 2136-IX, article 6 part 6 (neither applies under martial law, so holidays are working days and
nothing moves); Civil Code, article 253 (a term begins on the day after its event) and article 254 part 5 (a term
that ends on a day off ends on the next working day). The week has five working days. Single days that the
government moves by a recommendation of its own, as it did every year until 2022, are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

CALENDAR_DAYS, WORKING_DAYS = DAY_KINDS = ("calendar", "working")

UKRAINE, MARTIAL_LAW = CALENDARS = ("ukraine", "ukraine-martial-law")
"""Holidays are days off; under martial law they are working days."""

FIRST_YEAR = 2000
"""Before it the article named other holidays."""

DAY = timedelta(days=1)
SATURDAY = 5

HOLIDAYS: tuple[tuple[int, int, int, int | None], ...] = (
    (1, 1, FIRST_YEAR, None),
    (1, 7, FIRST_YEAR, 2023),  # Christmas by the old calendar, until law 3107-IX of 14 July 2023
    (3, 8, FIRST_YEAR, None),
    (5, 1, FIRST_YEAR, None),
    (5, 2, FIRST_YEAR, 2017),  # law 2211-VIII of 2017 gave 25 December in its place
    (5, 8, 2024, None),  # law 3107-IX
    (5, 9, FIRST_YEAR, 2023),
    (6, 28, FIRST_YEAR, None),
    (7, 15, 2024, None),  # law 3107-IX, in force from the end of July 2023
    (7, 28, 2022, 2023),
    (8, 24, FIRST_YEAR, None),
    (10, 1, 2023, None),  # law 3107-IX
    (10, 14, 2015, 2022),
    (12, 25, 2017, None),
)
"""Month, day, first and last year in which the article named the day (None: it still does)."""


def easter(year: int) -> date:
    """The Easter Sunday of the Orthodox church (the Julian computus), by the civil calendar."""
    moon = (19 * (year % 19) + 15) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + sunday + 114, 31)
    return date(year, month, day + 1) + DAY * (year // 100 - year // 400 - 2)


def holidays(year: int) -> list[date]:
    """The holidays of the article in a year, in order; Easter and Trinity, seven weeks later, among them."""
    named = {
        date(year, month, day)
        for month, day, first, last in HOLIDAYS
        if max(year, FIRST_YEAR) >= first and (last is None or year <= last)
    }
    return sorted(named | {easter(year), easter(year) + 49 * DAY})


@cache
def days_off(year: int) -> frozenset[date]:
    """Holidays of a year and the days off moved by those that fall on a weekend; other weekends aside."""
    named = holidays(year)
    off = set(named)
    for holiday in named:
        if holiday.weekday() >= SATURDAY:
            moved = holiday
            while moved.weekday() >= SATURDAY or moved in off:
                moved += DAY
            off.add(moved)
    return frozenset(off)


def is_working_day(day: date, *, calendar: str = UKRAINE) -> bool:
    """Whether the day is a working day by a calendar of CALENDARS. Raises ValueError for another calendar."""
    if calendar not in CALENDARS:
        raise ValueError(f"no calendar of working days is called {calendar!r}; known: {', '.join(CALENDARS)}")
    return day.weekday() < SATURDAY and (calendar == MARTIAL_LAW or day not in days_off(day.year))


def next_working_day(day: date, *, calendar: str = UKRAINE) -> date:
    """The day itself where it is a working day, else the first one after it."""
    while day < date.max and not is_working_day(day, calendar=calendar):
        day += DAY
    return day


def add_days(start: date, days: int, *, kind: str = CALENDAR_DAYS, calendar: str = UKRAINE) -> date:
    """The last day of a term of so many days of a kind ("calendar" or "working"), ``start`` the day of its event.

    The term begins on the next day; one of calendar days that ends on a day off ends on the working day after it.
    A term of no days is over on the day of its event; none goes beyond the last day there is. Raises ValueError for
    another kind, another calendar and for fewer days than none.
    """
    if kind not in DAY_KINDS or days < 0:
        raise ValueError(f"a term has zero or more days, {' or '.join(DAY_KINDS)}, not {days} {kind!r}")
    if days == 0:
        return start
    if kind == CALENDAR_DAYS:
        last = date.fromordinal(min(start.toordinal() + days, date.max.toordinal()))
        return next_working_day(last, calendar=calendar)
    day = start
    while days and day < date.max:
        day += DAY
        days -= is_working_day(day, calendar=calendar)
    return day


def working_days_between(first: date, last: date, *, calendar: str = UKRAINE) -> int:
    """How many working days there are from ``first`` to ``last``, both counted; 0 where they are turned round."""
    return sum(is_working_day(day, calendar=calendar) for day in _days(first, last))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
