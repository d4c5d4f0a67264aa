"""The dates that follow from the rules and the schedule of a contest: what a timeline shows under its phases.

Days are local days (of Kyiv, where no other zone is named). Terms are counted by ``rulebook.workdays``: a phase that
opens at midnight is the first day of a term, one that opens later in a day is the day of the event before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from rulebook.calendar import (
    REVIEW,
    SUBMISSION,
    SUPPORT,
    VOTING,
    Window,
    days_of,
    event_day,
    first_day,
    kyiv,
    last_day,
)
from rulebook.rules import Rules
from rulebook.workdays import add_days

FORMAL_CHECK, SUPPORT_DEADLINE, REVIEW_STAGE, CORRECTION, APPEAL, CHANNEL, APPROVAL, BUILDING = MILESTONES = (
    "formal_check",
    "support",
    "review_stage",
    "correction",
    "appeal",
    "channel",
    "approval",
    "implementation",
)


@dataclass(frozen=True)
class Milestone:
    """A stretch of days, both counted; ``ends_on`` None where the rules state no term. ``params`` by code:

    - ``formal_check``: body, days, day_kind; ends on the last day to check the project submitted last.
    - ``support``: days, counted_from; ends on the last day on which the project submitted last is supported.
    - ``review_stage``: index, stage (its id), name, body, days, day_kind; ends on the latest day of the stage.
    - ``correction``: index, stage, name, days, day_kind; for an author whose project is returned on that day.
    - ``appeal``: body, days, day_kind, decision_days; ends on the last day to appeal against a refusal of the last day
      of the review's last stage (of the review itself where its stages have no term).
    - ``channel``: index, channel, from_day, to_day; its days within the voting.
    - ``approval``: index, body, days, day_kind; after the voting, or after the step before.
    - ``implementation``: year, year_offset, responsible (None unstated); the calendar year.

    Names are ``Text``; days are numbers, None where unstated.
    """

    code: str
    params: Mapping[str, object]
    starts_on: date
    ends_on: date | None


def milestones(rules: Rules, schedule: Sequence[Window], zone: tzinfo | None = None) -> list[Milestone]:
    """All dates that follow from the rules in this schedule, in the order of a contest.

    What has no phase in the schedule to run from is left out; a stage without a term takes no days from the next.
    """
    zone = zone or kyiv()
    return [
        *_check(rules, schedule, zone),
        *_support(rules, schedule, zone),
        *_review(rules, schedule, zone),
        *_channels(rules, schedule, zone),
        *_after_voting(rules, schedule, zone),
    ]


def _after(day: date, days: int = 1) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _first(phase: str, schedule: Sequence[Window]) -> Window | None:
    return min(
        (window for window in schedule if window.phase == phase),
        key=lambda each: each.starts_at,
        default=None,
    )


def _end(phase: str, schedule: Sequence[Window], zone: tzinfo) -> date | None:
    """The last day of the last window of a phase; None where there is no phase, or it is open-ended."""
    days = days_of(phase, schedule, zone)
    return days[-1] if days else None


def _check(rules: Rules, schedule: Sequence[Window], zone: tzinfo) -> Iterator[Milestone]:
    check, first, last = (
        rules.submission.check,
        _first(SUBMISSION, schedule),
        _end(SUBMISSION, schedule, zone),
    )
    if check is None or first is None or last is None:
        return
    end = check.deadline(last, rules.working_calendar)
    if end is not None:
        params = {"body": check.body, "days": check.days, "day_kind": check.day_kind}
        yield Milestone(FORMAL_CHECK, params, first_day(first, zone), end)


def _support(rules: Rules, schedule: Sequence[Window], zone: tzinfo) -> Iterator[Milestone]:
    support = rules.support
    if support is None:
        return
    params = {"days": support.days, "counted_from": support.counted_from}
    if support.days is None:
        own = _first(SUPPORT, schedule)
        if own is not None:
            end = _end(SUPPORT, schedule, zone)
            yield Milestone(SUPPORT_DEADLINE, params, first_day(own, zone), end)
        return
    first, last = _first(SUBMISSION, schedule), _end(SUBMISSION, schedule, zone)
    if first is not None and last is not None:
        check = rules.submission.check
        if check is not None and support.counted_from == "publication":
            last = check.deadline(last, rules.working_calendar) or last
        end = add_days(last, support.days, calendar=rules.working_calendar)
        yield Milestone(SUPPORT_DEADLINE, params, first_day(first, zone), end)


def _review(rules: Rules, schedule: Sequence[Window], zone: tzinfo) -> Iterator[Milestone]:
    review = _first(REVIEW, schedule)
    if review is None:
        return
    event = event_day(review.starts_at, zone)
    for index, stage in enumerate(rules.review):
        end = stage.deadline(event, rules.working_calendar)
        said = {"index": index, "stage": stage.id, "name": stage.name, "day_kind": stage.day_kind}
        yield Milestone(REVIEW_STAGE, {**said, "body": stage.body, "days": stage.days}, _after(event), end)
        event = end or event
        corrected = stage.correction_deadline(event, rules.working_calendar)
        if corrected is not None and end is not None:
            yield Milestone(CORRECTION, {**said, "days": stage.correction_days}, _after(event), corrected)
    appeal = rules.appeal
    if any(stage.days is not None for stage in rules.review):
        refused: date | None = event
    else:
        refused = _end(REVIEW, schedule, zone)
    if appeal is not None and refused is not None:
        params = {"body": appeal.body, "days": appeal.days, "day_kind": appeal.day_kind}
        end = appeal.deadline(refused, rules.working_calendar)
        yield Milestone(APPEAL, {**params, "decision_days": appeal.decision_days}, _after(refused), end)


def _channels(rules: Rules, schedule: Sequence[Window], zone: tzinfo) -> Iterator[Milestone]:
    first = _first(VOTING, schedule)
    if first is None:
        return
    # the days of a voting that has no end yet run on from its first
    days = days_of(VOTING, schedule, zone)
    for index, channel in enumerate(rules.channels):
        params = {
            "index": index,
            "channel": channel.kind,
            "from_day": channel.from_day,
            "to_day": channel.to_day,
        }
        start: date | None
        end: date | None
        if days is None:
            start = _after(first_day(first, zone), channel.from_day - 1)
            end = None if channel.to_day is None else _after(first_day(first, zone), channel.to_day - 1)
        else:
            start = days[channel.from_day - 1] if channel.from_day <= len(days) else None
            end = days[min(channel.to_day or len(days), len(days)) - 1]
        if start is not None and (end is None or start <= end):
            yield Milestone(CHANNEL, params, start, end)


def _after_voting(rules: Rules, schedule: Sequence[Window], zone: tzinfo) -> Iterator[Milestone]:
    voting = [window for window in schedule if window.phase == VOTING]
    ends = [last_day(window, zone) for window in voting]
    event = max((day for day in ends if day is not None), default=None)
    if event is None or None in ends:
        return
    year = event.year
    for index, step in enumerate(rules.approval):
        end = step.deadline(event, rules.working_calendar)
        params = {"index": index, "body": step.body, "days": step.days, "day_kind": step.day_kind}
        yield Milestone(APPROVAL, params, _after(event), end)
        event = end or event
    plan = rules.implementation
    if plan is not None:
        year = min(year + plan.year_offset, date.max.year)
        said = {"year": year, "year_offset": plan.year_offset, "responsible": plan.responsible}
        yield Milestone(BUILDING, said, date(year, 1, 1), date(year, 12, 31))
