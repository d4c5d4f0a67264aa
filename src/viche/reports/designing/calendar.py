"""When a report is sent next: by the calendar and the clock of Kyiv."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from viche.foundation.clock import KYIV

WEEK, MONTH = "week", "month"


def next_moment(after: datetime, *, every: str, day: int, hour: int) -> datetime:
    """The first moment after ``after`` that the schedule names, UTC.

    every: WEEK or MONTH. day: of the week (1 is Monday) or of the month; a shorter month has it on its last day. hour:
    of Kyiv. An hour that the summer time leaves out is the one after it; of an hour that comes twice, the first.
    """
    on = after.astimezone(KYIV).date()
    while True:
        if is_day(on, every=every, day=day):
            moment = datetime.combine(on, time(hour), KYIV).astimezone(UTC)
            if moment > after:
                return moment
        on += timedelta(days=1)


def is_day(on: date, *, every: str, day: int) -> bool:
    """Whether the schedule names this day."""
    if every == WEEK:
        return on.isoweekday() == day
    return on.day == min(day, monthrange(on.year, on.month)[1])
