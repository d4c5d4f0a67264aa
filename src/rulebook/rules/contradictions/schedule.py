"""Contradictions between the rules and the schedule of a contest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rulebook.calendar import REVIEW, SUPPORT, VOTING, Window
from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import ReviewStage
from rulebook.rules.vocabulary import WORKING_DAYS

DAY = timedelta(days=1)
WORKING_WEEK, WEEKEND = 5, 2


def schedule_contradictions(rules: Rules, schedule: Sequence[Window]) -> list[Problem]:
    """What the schedule leaves no days for; paths point into the rules.

    What is wrong with the schedule itself is found by ``rulebook.calendar.schedule_problems``.
    """
    return [*_support(rules, schedule), *_review(rules, schedule), *_channels(rules, schedule)]


def _days(phase: str, schedule: Sequence[Window]) -> int | None:
    """How many days the phase has in all its windows; None where one is open-ended."""
    days = 0
    for window in schedule:
        if window.phase == phase:
            if window.ends_at is None:
                return None
            # to the nearest day: where the clocks change a day is an hour longer or shorter
            days += (window.ends_at - window.starts_at + DAY // 2) // DAY
    return days


def _support(rules: Rules, schedule: Sequence[Window]) -> Iterator[Problem]:
    available = _days(SUPPORT, schedule)
    if rules.support is None:
        if available != 0:
            yield Problem("/support", "phase_without_support")
    elif rules.support.days is None:
        if available == 0:
            yield Problem("/support", "no_phase_for_support")
    elif available and rules.support.days > available:
        params = {"days": rules.support.days, "available": available}
        yield Problem("/support/days", "support_longer_than_phase", params)


def _review(rules: Rules, schedule: Sequence[Window]) -> Iterator[Problem]:
    available = _days(REVIEW, schedule)
    if not rules.review or available is None:
        return
    needed = sum(_least_days(stage) for stage in rules.review)
    if available == 0:
        yield Problem("/review", "no_phase_for_review")
    elif needed > available:
        yield Problem("/review", "review_longer_than_phase", {"days": needed, "available": available})


def _least_days(stage: ReviewStage) -> int:
    """The fewest calendar days that the days of a stage can take, holidays left aside."""
    days = stage.days or 0
    if stage.day_kind != WORKING_DAYS or not days:
        return days
    return days + WEEKEND * ((days - 1) // WORKING_WEEK)


def _channels(rules: Rules, schedule: Sequence[Window]) -> Iterator[Problem]:
    days = _days(VOTING, schedule)
    if not days or not rules.channels:
        return
    for index, channel in enumerate(rules.channels):
        if channel.from_day > days:
            params = {"channel": channel.kind, "from_day": channel.from_day, "days": days}
            yield Problem(f"/channels/{index}/from_day", "channel_after_voting", params)
        elif channel.to_day is not None and channel.to_day > days:
            params = {"channel": channel.kind, "to_day": channel.to_day, "days": days}
            yield Problem(f"/channels/{index}/to_day", "channel_beyond_voting", params)
    if all(channel.to_day is not None and channel.to_day < days for channel in rules.channels):
        last = max(channel.to_day or 0 for channel in rules.channels)
        yield Problem("/channels", "channels_leave_days", {"day": last + 1})
