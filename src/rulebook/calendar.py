"""Which phase of a contest is open: derived from its schedule and the instant asked about.

Phases are never stored as a state. A window is half-open, [starts_at, ends_at): the first microsecond
of its end already belongs to what follows, so no instant falls in two adjoining windows or in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from rulebook.problem import Problem

SUBMISSION, SUPPORT, REVIEW, VOTING, COUNTING, RESULTS, IMPLEMENTATION = PHASES = (
    "submission",
    "support",
    "review",
    "voting",
    "counting",
    "results",
    "implementation",
)


@dataclass(frozen=True)
class Window:
    """When one phase is open. Both instants are kept in UTC; ``ends_at`` None means open-ended.

    Raises ValueError for a naive datetime: local time alone does not say when a phase ends.
    """

    phase: str
    starts_at: datetime
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", _in_utc(self.starts_at))
        if self.ends_at is not None:
            object.__setattr__(self, "ends_at", _in_utc(self.ends_at))

    def holds(self, now: datetime) -> bool:
        """Whether ``now`` lies in the window."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@cache
def kyiv() -> tzinfo:
    """The time zone in which the days of a schedule are counted, where no other is named."""
    return ZoneInfo("Europe/Kyiv")


def event_day(instant: datetime, zone: tzinfo | None = None) -> date:
    """The day of an event at which a term begins, of those that count from the next day (Civil Code, article 253).

    What happens at midnight ends the day before: a phase that opens at midnight has its first day for the term.
    """
    return (_in_utc(instant) - timedelta(microseconds=1)).astimezone(zone or kyiv()).date()


def first_day(window: Window, zone: tzinfo | None = None) -> date:
    """The local day on which the window opens."""
    return window.starts_at.astimezone(zone or kyiv()).date()


def last_day(window: Window, zone: tzinfo | None = None) -> date | None:
    """The last local day on which the window is open; None where it is open-ended."""
    return None if window.ends_at is None else event_day(window.ends_at, zone)


def days_of(phase: str, schedule: Sequence[Window], zone: tzinfo | None = None) -> list[date] | None:
    """The local days on which a phase is open in any of its windows, in order; None where one is open-ended."""
    found: set[int] = set()
    for window in schedule:
        if window.phase == phase:
            last = last_day(window, zone)
            if last is None:
                return None
            found.update(range(first_day(window, zone).toordinal(), last.toordinal() + 1))
    return [date.fromordinal(day) for day in sorted(found)]


@dataclass(frozen=True)
class Moment:
    """What a schedule says about one instant."""

    at: datetime
    current: tuple[Window, ...]
    next: Window | None
    previous: Window | None

    @property
    def phases(self) -> frozenset[str]:
        """The names of the open phases, as the lifecycle asks for them."""
        return frozenset(window.phase for window in self.current)

    def is_open(self, phase: str) -> bool:
        """Whether the phase is open at this instant."""
        return phase in self.phases

    @property
    def changes_at(self) -> datetime | None:
        """The next instant at which a window opens or closes; None when nothing will change."""
        edges = [window.ends_at for window in self.current if window.ends_at is not None]
        if self.next is not None:
            edges.append(self.next.starts_at)
        return min(edges, default=None)


def phase_at(schedule: Sequence[Window], now: datetime) -> Moment:
    """The windows open at ``now``, the one that opens next and the one that closed last.

    Windows may overlap (submission runs beside support). Raises ValueError for a naive ``now``.
    """
    now = _in_utc(now)
    windows = sorted(schedule, key=_by_time)
    current = tuple(window for window in windows if window.holds(now))
    upcoming = next((window for window in windows if window.starts_at > now), None)
    ended = [
        (window.ends_at, window) for window in windows if window.ends_at is not None and window.ends_at <= now
    ]
    previous = max(ended, key=lambda pair: (pair[0], _rank(pair[1].phase)))[1] if ended else None
    return Moment(at=now, current=current, next=upcoming, previous=previous)


def schedule_problems(schedule: Sequence[Window]) -> list[Problem]:
    """Everything that makes a schedule impossible to run; paths point into the sequence ("/3/ends_at")."""
    found: list[Problem] = []
    for index, window in enumerate(schedule):
        if window.phase not in PHASES:
            found.append(Problem(f"/{index}/phase", "unknown_phase", {"phase": window.phase}))
        if window.ends_at is not None and window.ends_at <= window.starts_at:
            found.append(Problem(f"/{index}/ends_at", "ends_before_start", {"phase": window.phase}))
    known = [(index, window) for index, window in enumerate(schedule) if window.phase in PHASES]
    for position, (index, window) in enumerate(known):
        for other_index, other in known[:position]:
            if window.phase == other.phase and _overlap(window, other):
                params = {"phase": window.phase, "other": other_index}
                found.append(Problem(f"/{index}/starts_at", "same_phase_overlaps", params))
    starts: dict[str, datetime] = {}
    for _, window in known:
        starts[window.phase] = min(window.starts_at, starts.get(window.phase, window.starts_at))
    for index, window in known:
        for earlier in PHASES[: _rank(window.phase)]:
            if earlier in starts and window.starts_at < starts[earlier]:
                params = {"phase": window.phase, "earlier": earlier}
                found.append(Problem(f"/{index}/starts_at", "starts_before_earlier_phase", params))
    # nobody may count, or show a result, while ballots are still being cast
    for index, window in known:
        if window.phase in (COUNTING, RESULTS, IMPLEMENTATION):
            for _, other in known:
                if other.phase == VOTING and _overlap(window, other):
                    found.append(Problem(f"/{index}/starts_at", "overlaps_voting", {"phase": window.phase}))
                    break
    return found


def _overlap(one: Window, other: Window) -> bool:
    return (one.ends_at is None or other.starts_at < one.ends_at) and (
        other.ends_at is None or one.starts_at < other.ends_at
    )


def _by_time(window: Window) -> tuple[datetime, int]:
    return window.starts_at, _rank(window.phase)


def _rank(phase: str) -> int:
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; instants here are aware")
    return instant.astimezone(UTC)
