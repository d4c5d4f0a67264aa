"""The one way to call a neighbour: through its breaker, with a line in its log."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from viche.connectors.systems import breaker
from viche.connectors.systems.models import System, SystemCall
from viche.foundation import clock
from viche.foundation.outgoing import Unreachable

T = TypeVar("T")
LONGEST_OUTCOME, LONGEST_REFERENCE = 60, 120


class NeighbourDown(Exception):
    """The breaker is open, or the system is switched off: it was not asked."""


class NeighbourFault(Exception):
    """The neighbour answered, but not what was asked for. str() is a translated sentence without personal data.

    code: for the log of calls. counts: whether the breaker counts it (a neighbour that is out of order), or not (it
    works, and says no to this one question). reference: the call's number in the neighbour's own log.
    """

    def __init__(self, code: str, message: object, *, counts: bool = True, reference: str = "") -> None:
        super().__init__(str(message))
        self.code, self.counts, self.reference = code, counts, reference


def call(
    system: System, operation: str, work: Callable[[], T], *, reference: Callable[[T], str] | None = None
) -> T:
    """What work() returns; its way through the breaker and its outcome are kept.

    Outside of any transaction: a slow neighbour must hold no lock, and what is counted must not be rolled back.
    reference: takes the number of the call in the neighbour's log out of the answer. Raises NeighbourDown without
    asking; lets Unreachable, NeighbourFault and every other error of work through after counting it.
    """
    with transaction.atomic(durable=True):
        if not system.is_on or not breaker.lets_through(system):
            raise NeighbourDown(_("%(title)s does not answer at the moment.") % {"title": system.title})
    begun = time.monotonic_ns()
    outcome, number, is_down = "error", "", True
    try:
        answer = work()
        outcome, is_down = "ok", False
        number = reference(answer) if reference is not None else ""
        return answer
    except Unreachable as error:
        outcome = error.code
        raise
    except NeighbourFault as error:
        outcome, number, is_down = error.code, error.reference, error.counts
        raise
    finally:
        with transaction.atomic(durable=True):
            _write_down(system, operation, outcome, number, (time.monotonic_ns() - begun) // 1_000_000)
            (breaker.note_failure if is_down else breaker.note_success)(system)


def _write_down(system: System, operation: str, outcome: str, reference: str, milliseconds: int) -> None:
    if not System.objects.filter(pk=system.pk).exists():
        return  # removed by a colleague meanwhile
    SystemCall.objects.create(
        system_id=system.pk, operation=operation, outcome=outcome[:LONGEST_OUTCOME], milliseconds=milliseconds,
        reference=reference[:LONGEST_REFERENCE], at=clock.now(),
    )  # fmt: skip
