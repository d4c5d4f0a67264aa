"""The hours of a polling point: for each day of the week from when to when, in Kyiv; typed as people write them."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.foundation import clock

WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
MAX_SPANS = 4
DAY = 24 * 60
_TIME = r"([01]?[0-9]|2[0-4])(?:[:.]([0-5][0-9]))?"
_SPAN = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}")

Span = tuple[int, int]
Week = Sequence[Sequence[Sequence[int]]]


def read_hours(text: str) -> list[Span]:
    """The spans of one day ("9:00–13:00, 14–18") as minutes of the day, in order; none where the day is off.

    Raises ValueError where the text says no hours, or hours that overlap.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    spans: list[Span] = []
    for part in parts:
        found = _SPAN.fullmatch(part)
        if found is None:
            raise ValueError(part)
        hour, minute, to_hour, to_minute = (int(each or 0) for each in found.groups())
        spans.append((hour * 60 + minute, to_hour * 60 + to_minute))
    spans.sort()
    ends = 0
    for start, end in spans:
        if not ends <= start < end <= DAY:
            raise ValueError(text)
        ends = end
    if len(spans) > MAX_SPANS:
        raise ValueError(text)
    return spans


def hours_text(spans: Sequence[Sequence[int]]) -> str:
    """The hours of a day in words: "09:00–13:00, 14:00–18:00", or that it is a day off."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans) or _("day off")


def hours_typed(spans: Sequence[Sequence[int]]) -> str:
    """The hours of a day as a form shows them: empty for a day off."""
    return hours_text(spans) if spans else ""


def week_lines(week: Week) -> list[tuple[str, str]]:
    """The week for people, days of equal hours together: ("Monday – Friday", "09:00–18:00"), …"""
    lines: list[tuple[str, str]] = []
    first = 0
    for day in range(1, len(week) + 1):
        if day < len(week) and list(week[day]) == list(week[first]):
            continue
        names = str(WEEKDAYS[first]) if first == day - 1 else f"{WEEKDAYS[first]} – {WEEKDAYS[day - 1]}"
        lines.append((names, hours_text(week[first])))
        first = day
    return lines


def spans_on(week: Week, day: date) -> list[Span]:
    """From when to when the point works on the day."""
    return [(start, end) for start, end in week[day.weekday()]] if week else []


def closes_at(week: Week, moment: datetime) -> str:
    """Until when ("18:00") the point is open at the moment; "" where it is closed."""
    local = moment.astimezone(clock.KYIV)
    minute = local.hour * 60 + local.minute
    return next((_clock(end) for start, end in spans_on(week, local.date()) if start <= minute < end), "")


def opens_next(week: Week, moment: datetime) -> str:
    """When the point opens next, in words ("today at 14:00", "Monday at 09:00"); "" where the week has no hours."""
    local = moment.astimezone(clock.KYIV)
    minute = local.hour * 60 + local.minute
    for ahead in range(8):
        weekday = (local.weekday() + ahead) % 7
        starts = [start for start, _end in week[weekday] if ahead or start > minute] if week else []
        if starts:
            said = {"day": _("today") if not ahead else str(WEEKDAYS[weekday]), "time": _clock(starts[0])}
            return _("%(day)s at %(time)s") % said
    return ""


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}"
