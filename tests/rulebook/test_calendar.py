"""Phases are derived from the schedule: half-open windows, UTC, overlaps allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.calendar import PHASES, Window, phase_at, schedule_problems

KYIV = ZoneInfo("Europe/Kyiv")


def on(month, day, hour=0, **rest):
    return datetime(2026, month, day, hour, tzinfo=UTC, **rest)


YEAR = (
    Window("submission", on(2, 1), on(3, 1)),
    Window("support", on(2, 15), on(3, 10)),
    Window("review", on(3, 10), on(5, 1)),
    Window("voting", on(6, 1), on(6, 21)),
    Window("counting", on(6, 21), on(6, 25)),
    Window("results", on(6, 25)),
)


def test_the_first_instant_belongs_to_a_window_and_the_last_does_not():
    assert phase_at(YEAR, on(6, 1)).phases == {"voting"}
    assert phase_at(YEAR, on(6, 21) - timedelta(microseconds=1)).phases == {"voting"}
    assert phase_at(YEAR, on(6, 21)).phases == {"counting"}
    assert phase_at(YEAR, on(6, 21)).previous == YEAR[3]


def test_support_runs_beside_submission():
    moment = phase_at(YEAR, on(2, 20))
    assert moment.phases == {"submission", "support"}
    assert moment.is_open("support")
    assert moment.changes_at == on(3, 1)


def test_between_two_windows_nothing_is_open_and_both_neighbours_are_known():
    moment = phase_at(YEAR, on(5, 10))
    assert moment.current == ()
    assert moment.next is not None
    assert moment.next.phase == "voting"
    assert moment.previous is not None
    assert moment.previous.phase == "review"
    assert moment.changes_at == on(6, 1)


def test_before_the_first_and_in_the_open_ended_last():
    before = phase_at(YEAR, on(1, 1))
    assert (before.previous, before.next) == (None, YEAR[0])
    after = phase_at(YEAR, on(12, 31))
    assert after.phases == {"results"}
    assert (after.next, after.changes_at) == (None, None)


def test_local_midnight_in_summer_is_nine_in_the_evening_utc():
    window = Window("voting", datetime(2026, 6, 1, tzinfo=KYIV), datetime(2026, 6, 2, tzinfo=KYIV))
    assert window.starts_at == datetime(2026, 5, 31, 21, tzinfo=UTC)
    assert window.starts_at.tzinfo is UTC


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=KYIV), datetime(2026, 10, 25, tzinfo=KYIV)])
def test_a_day_on_which_the_clock_changes_is_covered_once(day):
    schedule = [Window("voting", day, day + timedelta(days=1)), Window("counting", day + timedelta(days=1))]
    instant = schedule[0].starts_at
    while instant < schedule[1].starts_at:
        assert phase_at(schedule, instant).phases == {"voting"}
        instant += timedelta(minutes=30)
    assert schedule[1].starts_at - schedule[0].starts_at != timedelta(hours=24)


def test_local_time_without_a_zone_is_refused():
    naive = datetime(2026, 6, 1)
    with pytest.raises(ValueError, match="time zone"):
        Window("voting", naive)
    with pytest.raises(ValueError, match="time zone"):
        Window("voting", on(1, 1), naive)
    with pytest.raises(ValueError, match="time zone"):
        phase_at(YEAR, naive)


@given(
    st.lists(st.integers(0, 1000), min_size=2, max_size=7, unique=True),
    st.integers(-10, 1010),
    st.integers(-12, 14),
)
def test_adjoining_windows_leave_no_instant_out_and_none_in_two(edges, minute, offset):
    start = on(1, 1)
    times = [start + timedelta(minutes=edge) for edge in sorted(edges)]
    schedule = [Window(PHASES[n], begin, end) for n, (begin, end) in enumerate(pairwise(times))]
    now = (start + timedelta(minutes=minute)).astimezone(timezone(timedelta(hours=offset)))
    assert len(phase_at(schedule, now).current) == (1 if times[0] <= now < times[-1] else 0)


def test_a_good_schedule_has_no_problems():
    assert schedule_problems(YEAR) == []


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ([Window("picnic", on(1, 1))], ("/0/phase", "unknown_phase")),
        ([Window("voting", on(6, 2), on(6, 2))], ("/0/ends_at", "ends_before_start")),
        (
            [Window("voting", on(6, 1), on(6, 9)), Window("voting", on(6, 8), on(6, 20))],
            ("/1/starts_at", "same_phase_overlaps"),
        ),
        (
            [Window("voting", on(6, 1), on(6, 9)), Window("submission", on(6, 10), on(6, 20))],
            ("/0/starts_at", "starts_before_earlier_phase"),
        ),
        (
            [Window("voting", on(6, 1), on(6, 9)), Window("counting", on(6, 8))],
            ("/1/starts_at", "overlaps_voting"),
        ),
        ([Window("voting", on(6, 1)), Window("results", on(6, 8))], ("/1/starts_at", "overlaps_voting")),
    ],
)
def test_each_fault_of_a_schedule_is_found_in_its_place(schedule, expected):
    assert expected in [(problem.path, problem.code) for problem in schedule_problems(schedule)]


def test_an_extension_after_a_break_is_a_second_window_of_the_same_phase():
    schedule = [Window("voting", on(6, 1), on(6, 9)), Window("voting", on(6, 12), on(6, 15))]
    assert schedule_problems(schedule) == []
    assert phase_at(schedule, on(6, 10)).current == ()
    assert phase_at(schedule, on(6, 13)).is_open("voting")
