"""The signed protocol of a point, where only totals come in: typed by one, typed again by another, scan attached."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.papers import put_totals
from viche.ballots.papers.guards import entering_only
from viche.channels.paper.actions.entering import put_reading
from viche.channels.paper.actions.stacks import checked_numbers
from viche.channels.paper.models import Entry, Stack
from viche.channels.paper.readings import Reading
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused

PROTOCOL = "protocol"
"""The one sheet of such a stack."""


def record_protocol(
    *, stack: Stack, votes: Mapping[str, int], numbers: Mapping[str, int], by: Actor, is_as_written: bool = False,
    is_correction: bool = False,
) -> Entry:  # fmt: skip
    """Enter the numbers of a protocol as one reads them: first, second, or as a third person where two differ.

    votes: by project code. numbers: issued, valid, invalid, spoiled, unused; is_as_written: it says so, though they do
    not add up. Locks the stack. Refused: not_entering, stack_ended, no_protocols, bad_value (at each number, and what
    the box refuses of totals: put_totals), entered_by_you, entered_twice, no_key.
    """
    entering_only(stack.contest, by)
    if stack.contest.rules.paper.mode != TOTALS:
        raise Refused("no_protocols", _("By the rules of this contest every ballot is entered."))
    said = checked_numbers(numbers, is_as_written)
    _check_totals(stack, votes, said, by)
    reading = Reading(
        choices=tuple(sorted((code, value) for code, value in votes.items() if value)),
        numbers=tuple(sorted(said.items())),
    )
    return put_reading(stack, PROTOCOL, None, reading, by, is_correction=is_correction)


def _check_totals(stack: Stack, votes: Mapping[str, int], numbers: Mapping[str, int], by: Actor) -> None:
    """What the box itself has against these totals; nothing of the trial stays. Refused: as put_totals."""
    with transaction.atomic():
        put_totals(
            contest=stack.contest, name=stack.name, votes=votes, expected=numbers, by=by, point=stack.point
        )
        transaction.set_rollback(True)
