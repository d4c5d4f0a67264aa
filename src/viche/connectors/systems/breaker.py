"""The breaker of a neighbour: after some failures in a row nobody asks it for a while, then one call tries.

Its state stands in the system's row, so that every process of every machine sees the same. Each step is one UPDATE
with its condition in it; of two processes that try at once, one wins.
"""

from datetime import timedelta

from django.db.models import F

from viche.connectors.systems.models import BreakerState, System
from viche.foundation import clock


def lets_through(system: System) -> bool:
    """Whether a call may be made now; where the pause is over, the caller that hears yes makes the trial."""
    now = clock.now()
    row = System.objects.filter(pk=system.pk)
    if row.filter(state=BreakerState.CLOSED).exists():
        return True
    trial_ends = now + timedelta(seconds=system.known_kind.thresholds.trial)
    waiting = row.exclude(state=BreakerState.CLOSED).filter(next_at__lte=now)
    return waiting.update(state=BreakerState.HALF_OPEN, next_at=trial_ends) == 1


def note_success(system: System) -> None:
    """It answered: close the breaker. A neighbour that is well costs no write."""
    row = System.objects.filter(pk=system.pk)
    row.exclude(state=BreakerState.CLOSED, failures=0).update(
        state=BreakerState.CLOSED, failures=0, pause=0, opened_at=None, next_at=None
    )


def note_failure(system: System) -> None:
    """It did not answer: count, and open where it is enough. A trial in vain doubles the pause.

    A call that was under way when the breaker opened only counts: it says nothing new.
    """
    limits, now = system.known_kind.thresholds, clock.now()
    row = System.objects.filter(pk=system.pk)
    row.update(failures=F("failures") + 1)
    tried = row.filter(state=BreakerState.HALF_OPEN).values_list("pause", flat=True).first()
    if tried is not None:
        pause = min(max(tried, limits.pause) * 2, limits.longest)
        row.filter(state=BreakerState.HALF_OPEN).update(
            state=BreakerState.OPEN, pause=pause, next_at=now + timedelta(seconds=pause)
        )
        return
    row.filter(state=BreakerState.CLOSED, failures__gte=limits.failures).update(
        state=BreakerState.OPEN,
        pause=limits.pause,
        opened_at=now,
        next_at=now + timedelta(seconds=limits.pause),
    )
