"""Dates of a new contest: suggested from its rules or from an earlier contest, for people to change."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from rulebook import calendar
from rulebook.calendar import Window
from rulebook.rules import Rules
from rulebook.workdays import add_days
from viche.foundation.clock import KYIV

SUBMISSION_DAYS, REVIEW_DAYS, VOTING_DAYS, COUNTING_DAYS, SLACK = 30, 30, 15, 7, 5


def midnight(day: date) -> datetime:
    """The beginning of a day in Kyiv, in UTC."""
    return datetime.combine(day, time(), tzinfo=KYIV).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """The day in Kyiv that a moment belongs to."""
    return moment.astimezone(KYIV).date()


def last_day_of(window: Window) -> date | None:
    """The last day of a phase, counted in; None where it has no end."""
    return day_of(window.ends_at - timedelta(microseconds=1)) if window.ends_at is not None else None


def span(phase: str, first: date, last: date | None) -> Window:
    """The window of a phase from its first day to its last, both counted in."""
    return Window(phase, midnight(first), midnight(last + timedelta(days=1)) if last is not None else None)


def suggested_schedule(rules: Rules, first_day: date) -> list[Window]:
    """A schedule that the terms of the rules fit into, from the first day of submission on."""

    def after(last: date, days: int) -> date:
        return last + timedelta(days=days)

    submitted = after(first_day, SUBMISSION_DAYS - 1)
    windows = [span(calendar.SUBMISSION, first_day, submitted)]
    check = rules.submission.check
    published = (check and check.deadline(submitted, rules.working_calendar)) or submitted
    reviewed_from = after(published, 1)
    if rules.support is not None:
        supported = after(published, rules.support.days or 21)
        windows.append(span(calendar.SUPPORT, first_day, supported))
        reviewed_from = after(supported, 1)
    reviewed = after(reviewed_from, -1)
    for stage in rules.review:
        if stage.days:
            reviewed = add_days(reviewed, stage.days, kind=stage.day_kind, calendar=rules.working_calendar)
    if rules.appeal is not None and reviewed >= reviewed_from:
        reviewed = rules.appeal.deadline(reviewed, rules.working_calendar)
        reviewed = rules.appeal.decision_deadline(reviewed, rules.working_calendar) or reviewed
    reviewed = max(after(reviewed, SLACK), after(reviewed_from, REVIEW_DAYS - 1))
    windows.append(span(calendar.REVIEW, reviewed_from, reviewed))
    # a way to vote that opens later and has no last day of its own gets as long as a whole voting
    days = max(
        (channel.to_day or channel.from_day + VOTING_DAYS - 1 for channel in rules.channels), default=0
    )
    voted = after(reviewed, SLACK + max(days, VOTING_DAYS))
    windows.append(span(calendar.VOTING, after(reviewed, SLACK + 1), voted))
    counted = after(voted, COUNTING_DAYS)
    windows += [
        span(calendar.COUNTING, after(voted, 1), counted),
        span(calendar.RESULTS, after(counted, 1), None),
    ]
    if rules.implementation is not None:
        year = voted.year + rules.implementation.year_offset
        windows.append(span(calendar.IMPLEMENTATION, max(date(year, 1, 1), after(counted, 1)), None))
    return windows


def moved_schedule(schedule: Sequence[Window], first_day: date) -> list[Window]:
    """An earlier contest's schedule with the same lengths and gaps, from another first day on."""
    shift = first_day - min(day_of(window.starts_at) for window in schedule)
    moved = []
    for window in schedule:
        last = last_day_of(window)
        moved.append(
            span(window.phase, day_of(window.starts_at) + shift, last + shift if last is not None else None)
        )
    return moved
