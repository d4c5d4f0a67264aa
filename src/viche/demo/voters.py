"""A seeded model of voters: what they like, where they live, when they come.

All weights are integers. A voter draws projects without repeating one, each with a chance in proportion to
its popularity, higher in the voter's own district and in the voter's favourite category.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Protocol

# a project next door, and one in a beloved category, against the same project elsewhere
HOME, TASTE = 7, 4

# of a hundred voters: how many use one choice, half of them, all but one, all
_EFFORT = ("one",) * 24 + ("half",) * 22 + ("most",) * 16 + ("all",) * 38

# by hour of the local day: night, morning commute, lunch, the evening peak
_DAY_WAVE = (3, 1, 1, 1, 1, 3, 9, 24, 44, 58, 66, 62, 64, 68, 60, 54, 56, 64, 78, 96, 104, 88, 52, 18)


class Votable(Protocol):
    """What the model must know of a project."""

    @property
    def popularity(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def territory_code(self) -> str: ...


def voter_ballots(
    projects: Sequence[Votable],
    *,
    voters: int,
    seed: int,
    max_choices: int,
    classes: Sequence[str] | None = None,
    max_per_class: Mapping[str, int] | None = None,
) -> Iterator[list[int]]:
    """One ballot a voter: indices into `projects`, 1 to `max_choices` of them, none twice.

    `classes` names the class of each project (say small and large) and `max_per_class` how many choices a
    class allows; a class missing there takes any number. Raises ValueError where the two lists differ in
    length or nobody could choose.
    """
    if classes is not None and len(classes) != len(projects):
        raise ValueError("one class for each project")
    if not projects or max_choices < 1:
        raise ValueError("nothing to choose")
    caps = max_per_class or {}
    names = classes or ("",) * len(projects)
    members: dict[str, list[int]] = {}
    for n, name in enumerate(names):
        if caps.get(name, max_choices) > 0:
            members.setdefault(name, []).append(n)
    if not members:
        raise ValueError("nothing to choose")
    room = {name: min(caps.get(name, max_choices), len(among)) for name, among in members.items()}
    most = min(max_choices, sum(room.values()))
    open_to = [n for among in members.values() for n in among]
    territories = sorted({project.territory_code for project in projects})
    tastes = sorted({project.category for project in projects})
    rng = random.Random(f"ballots/{seed}")
    tables: dict[tuple[str, str], list[int]] = {}
    for home in territories:
        for taste in tastes:
            tables[home, taste] = list(accumulate(_weight(projects[n], home, taste) for n in open_to))
    # more people live where more projects come from
    homes = [projects[rng.randrange(len(projects))].territory_code for _ in range(997)] + territories
    for _ in range(voters):
        table = tables[homes[rng.randrange(len(homes))], tastes[rng.randrange(len(tastes))]]
        yield _choose(rng, table, open_to, names, dict(room), _ballot_size(rng, most))


def _weight(project: Votable, home: str, taste: str) -> int:
    weight = project.popularity
    if project.territory_code == home:
        weight *= HOME
    if project.category == taste:
        weight *= TASTE
    return weight


def _ballot_size(rng: random.Random, most: int) -> int:
    effort = _EFFORT[rng.randrange(100)]
    size = {"one": 1, "half": (most + 1) // 2, "most": most - 1, "all": most}[effort]
    return max(1, size)


def _choose(
    rng: random.Random,
    table: list[int],
    open_to: list[int],
    names: Sequence[str],
    room: dict[str, int],
    size: int,
) -> list[int]:
    chosen: list[int] = []
    misses = 0
    while len(chosen) < size:
        n = open_to[bisect_right(table, rng.randrange(table[-1]))]
        if n not in chosen and room[names[n]] > 0:
            room[names[n]] -= 1
            chosen.append(n)
            continue
        misses += 1
        if misses > 40:
            # the favourites are taken: the rest of the list, as the voter reads it
            left = [m for m in open_to if m not in chosen and room[names[m]] > 0]
            if not left:
                break
            n = left[rng.randrange(len(left))]
            room[names[n]] -= 1
            chosen.append(n)
    return chosen


def turnout_times(
    *, opens: datetime, closes: datetime, voters: int, seed: int, local_offset_hours: int = 3
) -> list[datetime]:
    """Sorted moments of voting in [opens, closes), to the second.

    People come in daily waves by local time, most on the first and the last day, fewer at weekends.
    Raises ValueError unless `closes` is later than `opens`.
    """
    if closes <= opens:
        raise ValueError("voting must close after it opens")
    hour = timedelta(hours=1)
    local = timedelta(hours=local_offset_hours)
    first, last = (opens + local).date(), (closes + local - timedelta(seconds=1)).date()
    starts: list[datetime] = []
    weights: list[int] = []
    start = opens
    while start < closes:
        here = start + local
        day = {first: 30, first + timedelta(days=1): 17, last - timedelta(days=1): 16, last: 34}.get(
            here.date(), 10
        )
        if here.weekday() >= 5:
            day = day * 8 // 10
        starts.append(start)
        weights.append(day * _DAY_WAVE[here.hour])
        start += hour
    table = list(accumulate(weights))
    rng = random.Random(f"turnout/{seed}")
    length = (closes - opens) // timedelta(seconds=1)
    moments = []
    for _ in range(voters):
        n = bisect_right(table, rng.randrange(table[-1]))
        moments.append(min(n * 3600 + rng.randrange(3600), length - 1))
    moments.sort()
    return [opens + timedelta(seconds=second) for second in moments]
