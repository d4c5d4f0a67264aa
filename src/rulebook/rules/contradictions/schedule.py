"""Contradictions between the rules and the schedule of a contest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rulebook.calendar import REVIEW, SUBMISSION, SUPPORT, VOTING, Window, days_of, event_day
from rulebook.problem import Problem
from rulebook.rules.model import Rules


def schedule_contradictions(rules: Rules, schedule: Sequence[Window]) -> list[Problem]:
    """What the schedule leaves no days for; paths point into the rules.

    What is wrong with the schedule itself is found by ``rulebook.calendar.schedule_problems``.
    """
    return [
        *_check(rules, schedule),
        *_support(rules, schedule),
        *_review(rules, schedule),
        *_channels(rules, schedule),
    ]


def _days(phase: str, schedule: Sequence[Window]) -> int | None:
    """On how many days of Kyiv the phase is open in all its windows; None where one is open-ended."""
    days = days_of(phase, schedule)
    return None if days is None else len(days)


def _check(rules: Rules, schedule: Sequence[Window]) -> Iterator[Problem]:
    """A project submitted on the last day is published in time to be supported, or reviewed."""
    check, submitted = rules.submission.check, days_of(SUBMISSION, schedule)
    phase = SUPPORT if rules.support is not None and rules.support.days is None else REVIEW
    before = days_of(phase, schedule)
    if check is None or not submitted or not before:
        return
    checked = check.deadline(submitted[-1], rules.working_calendar)
    if checked is not None and checked >= before[-1]:
        params = {
            "days": (checked - submitted[-1]).days,
            "available": max((before[-1] - submitted[-1]).days - 1, 0),
        }
        yield Problem("/submission/check/days", "check_longer_than_phase", params)


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
    days = days_of(REVIEW, schedule)
    if not rules.review or days is None:
        return
    if not days:
        yield Problem("/review", "no_phase_for_review")
        return
    # a term runs on while the phase is shut between two of its windows
    start = event_day(min(window.starts_at for window in schedule if window.phase == REVIEW))
    last = start
    for stage in rules.review:
        last = stage.deadline(last, rules.working_calendar) or last
    if last > days[-1]:
        params = {"days": (last - start).days, "available": (days[-1] - start).days}
        yield Problem("/review", "review_longer_than_phase", params)
    elif rules.appeal is not None:
        # an appeal that is granted brings the project back into the review, so it is decided while that lasts
        end = rules.appeal.deadline(last, rules.working_calendar)
        end = rules.appeal.decision_deadline(end, rules.working_calendar) or end
        if end > days[-1]:
            params = {"days": (end - last).days, "available": (days[-1] - last).days}
            yield Problem("/appeal", "appeal_beyond_review", params)


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
