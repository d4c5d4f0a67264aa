"""The clock: every decision about time asks here, once, in UTC."""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")

_set: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("viche_clock", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _set.get() or datetime.now(UTC)


def year() -> int:
    """The present year in Kyiv: the year whose log an act belongs to."""
    return now().astimezone(KYIV).year


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything inside happens at ``moment`` (aware): imports of past contests, demo data, tests."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
