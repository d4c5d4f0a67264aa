"""Who has voted, counted so that nobody is singled out: by day, hours, channel and part of the community.

What people chose is not known here. While the voting goes on, parts and channels are counted to the last midnight in
Kyiv and rounded down to fives: whoever looks twice learns of no single vote. After it a number under five is hidden,
and with it the next smallest where the hidden one could be found by subtracting.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from django.db.models import Count
from django.db.models.functions import ExtractHour

from viche.ballots.models import CarriedFigures, Participation
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV

LEAST = 5
# bands of hours: from midnight, each so many hours long
BAND_HOURS = 4
Key = TypeVar("Key")


@dataclass(frozen=True)
class Turnout:
    """is_final: whether the voting has ended. until: the moment to which parts, channels and hours are counted.

    cells: by (code of the part or "", channel); hours: by the first hour of the band. None is a hidden number.
    parts, channels: the sums of the cells by part and by channel.
    """

    is_final: bool
    until: datetime
    cells: Mapping[tuple[str, str], int | None]
    parts: Mapping[str, int | None]
    channels: Mapping[str, int | None]
    hours: Mapping[int, int | None]


def coarse_turnout(contest: Contest, areas: Mapping[str, str]) -> Turnout:
    """The contest's turnout as it may be shown. areas: code of a territory → the part it belongs to."""
    window, is_final = contest.window("voting"), contest.has_ended("voting")
    until = datetime.combine(clock.now().astimezone(KYIV).date(), time(), KYIV)
    if is_final and window is not None and window.ends_at is not None:
        until = window.ends_at
    marks = Participation.objects.filter(contest=contest, annulled_at=None)
    if not is_final:
        marks = marks.filter(cast_at__lt=until)
    cells: Counter[tuple[str, str]] = Counter()
    for territory, channel, number in marks.values_list("territory", "channel").annotate(number=Count("pk")):
        cells[areas.get(territory, ""), channel] += number
    hours = dict.fromkeys(range(0, 24, BAND_HOURS), 0)
    by_hour = marks.annotate(hour=ExtractHour("cast_at", tzinfo=KYIV)).values_list("hour")
    for hour, number in by_hour.annotate(number=Count("pk")):
        hours[hour - hour % BAND_HOURS] += number
    along = None if cells else CarriedFigures.objects.filter(contest=contest).first()
    if along is not None:
        cells = Counter({("", channel): number for channel, number in along.channels.items()})
        for each, number in along.hours.items():
            hours[int(each) - int(each) % BAND_HOURS] += number
    if not is_final:
        return Turnout(
            False, until, _rounded(cells), _rounded(_sums(cells, 0)), _rounded(_sums(cells, 1)), _rounded(hours)
        )  # fmt: skip
    hidden = hidden_of(cells)
    return Turnout(
        True, until, _without(cells, hidden.cells), _without(_sums(cells, 0), hidden.parts),
        _without(_sums(cells, 1), hidden.channels), _without(hours, hidden_in(hours)),
    )  # fmt: skip


def hidden_in(numbers: Mapping[Key, int], *, already: Collection[Key] = ()) -> set[Key]:
    """What must not be shown in one row of numbers whose sum is known: what is under LEAST, and where that is one
    number alone, or all together still under LEAST, the next smallest too. A nought says nothing of anybody.
    """
    hidden = {key for key, number in numbers.items() if 0 < number < LEAST} | set(already)
    rest = sorted(
        (key for key, number in numbers.items() if number and key not in hidden),
        key=lambda key: (numbers[key], str(key)),
    )
    while hidden and rest and (len(hidden) < 2 or sum(numbers[key] for key in hidden) < LEAST):
        hidden.add(rest.pop(0))
    return hidden


@dataclass(frozen=True)
class Hidden:
    """What is not shown of a table with its sums: cells, and sums by part and by channel."""

    cells: set[tuple[str, str]]
    parts: set[str]
    channels: set[str]


def hidden_of(cells: Mapping[tuple[str, str], int]) -> Hidden:
    """What must not be shown of a table of (part, channel) whose whole sum is known: hidden_in for every line of it,
    its sums included, until nothing hidden can be found by subtracting along any line.
    """
    found = Hidden(set(), set(), set())
    sums = (_sums(cells, 0), _sums(cells, 1))
    while True:
        before = len(found.cells) + len(found.parts) + len(found.channels)
        for side, margin in ((0, found.parts), (1, found.channels)):
            margin |= hidden_in(sums[side], already=margin)
            for name in sums[side]:
                line = {key: number for key, number in cells.items() if key[side] == name}
                if name in margin:  # a hidden sum would follow from its cells
                    found.cells.update(key for key, number in line.items() if number)
                    continue
                hidden = hidden_in(line, already=found.cells & line.keys())
                if len(hidden) == 1:  # alone in its line, it would follow from the sum
                    margin.add(name)
                found.cells.update(hidden)
        if len(found.cells) + len(found.parts) + len(found.channels) == before:
            return found


def _sums(cells: Mapping[tuple[str, str], int], side: int) -> dict[str, int]:
    found: Counter[str] = Counter()
    for key, number in cells.items():
        found[key[side]] += number
    return dict(found)


def _rounded(numbers: Mapping[Key, int]) -> dict[Key, int | None]:
    return {
        key: number - number % LEAST if number >= LEAST or not number else None
        for key, number in numbers.items()
    }


def _without(numbers: Mapping[Key, int], hidden: Collection[object]) -> dict[Key, int | None]:
    return {key: None if key in hidden else number for key, number in numbers.items()}


def together_by_day(contest: Contest, days: Mapping[int, int]) -> list[int]:
    """From votes by day of the voting (1, 2, …) the sum up to each day, to the last day that has begun."""
    window = contest.window("voting")
    if window is None:
        return []
    last = (
        clock.now()
        if window.ends_at is None
        else min(clock.now(), window.ends_at - timedelta(microseconds=1))
    )
    length = (last.astimezone(KYIV).date() - window.starts_at.astimezone(KYIV).date()).days + 1
    sums, together = [], 0
    for day in range(1, length + 1):
        together += days.get(day, 0)
        sums.append(together)
    return sums
