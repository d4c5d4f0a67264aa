"""A day is compared: what the partner says it brought, and what is here."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from viche.channels.terminals.actions.requests import answer_of, record_answer
from viche.channels.terminals.events import PartnerReconciled
from viche.channels.terminals.models import BallotState, Partner, PartnerKey, Reconciliation, TerminalBallot
from viche.channels.terminals.queries import ballots_between, day_bounds
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal import actions as journal

MOST = 200_000


@dataclass(frozen=True)
class Stated:
    """What a partner says of one ballot. state: a word of BallotState."""

    reference: UUID
    state: str


def reconcile_day(
    *, partner: Partner, day: date, totals: Mapping[str, int], ballots: Sequence[Stated], statement: bytes,
    key: PartnerKey, request: str = "",
) -> Reconciliation:  # fmt: skip
    """Compare the partner's day (of Kyiv) with ours and keep both with every difference.

    totals: ballots that stand, by the contest's address, as the partner counts them. statement: what it signed, by
    which key. request: the idempotency key; the same with the same statement answers with the comparison that was made.
    A day may be compared again by a new request; each comparison stays. One transaction; journal: PartnerReconciled.
    Refused: day_not_over (the future), bad_value (ballots), in_flight, bad_request_key, idempotency_reused.
    """
    if day > clock.now().astimezone(clock.KYIV).date():
        raise Refused("day_not_over", _("This day is still to come."), fields={"day": _("This day is still to come.")},
                      status=422)  # fmt: skip
    _check_list(ballots)
    since, until = day_bounds(day)
    with transaction.atomic():
        answered = _answered(partner, request, statement)
        if answered is not None:
            return answered
        here = {each.reference: each for each in ballots_between(partner, since, until)}
        difference = _difference(partner, here, ballots)
        ours = _totals(here.values())
        theirs = {contest: number for contest, number in sorted(totals.items()) if number}
        difference["totals"] = sorted(
            name for name in {*ours, *theirs} if ours.get(name, 0) != theirs.get(name, 0)
        )
        made = Reconciliation.objects.create(
            community_id=partner.community_id, partner=partner, day=day, theirs=theirs, ours=ours,
            difference=difference, is_equal=not any(difference.values()),
            statement=hashlib.sha256(statement).hexdigest(), key_id=key.key_id, at=clock.now(),
        )  # fmt: skip
        journal.append(
            PartnerReconciled(
                partner=str(partner.pk), title=partner.name, day=day.isoformat(), ours=sum(ours.values()),
                theirs=sum(theirs.values()), missing_here=len(difference["missing_here"]),
                missing_there=len(difference["missing_there"]), differing=len(difference["differing"]),
                statement=made.statement,
            ),
            community=partner.community.code, year=clock.year(), by=SYSTEM,
        )  # fmt: skip
        if request:
            record_answer(
                partner=partner, request=request, what="reconcile", body=statement, status=201,
                answer={"id": str(made.pk)},
            )  # fmt: skip
    return made


def _answered(partner: Partner, request: str, statement: bytes) -> Reconciliation | None:
    if not request:
        return None
    found = answer_of(partner=partner, request=request, what="reconcile", body=statement)
    return Reconciliation.objects.get(pk=found.answer["id"]) if found is not None else None


def _check_list(ballots: Sequence[Stated]) -> None:
    numbers = Counter(each.reference for each in ballots)
    message = ""
    if len(ballots) > MOST:
        message = _("At most 200,000 ballots in one list.")
    elif any(number > 1 for number in numbers.values()):
        message = _("A reference stands in the list twice.")
    elif any(each.state not in BallotState.values for each in ballots):
        message = _("A ballot is either cast or cancelled.")
    if message:
        raise Refused("bad_value", message, fields={"ballots": message}, status=422)


def _totals(ballots: Any) -> dict[str, int]:
    """Ballots that stand, by contest."""
    found = Counter(each.contest.slug for each in ballots if each.state == BallotState.CAST)
    return dict(sorted(found.items()))


def _difference(
    partner: Partner, here: Mapping[UUID, TerminalBallot], there: Sequence[Stated]
) -> dict[str, list[Any]]:
    """References missing here, missing there, and [reference, our state, theirs] of those that differ.

    A ballot that we count to a neighbouring day is not missing: clocks differ at midnight.
    """
    unknown = [each.reference for each in there if each.reference not in here]
    elsewhere = {
        each.reference: each for each in TerminalBallot.objects.filter(partner=partner, reference__in=unknown)
    }
    known = {**here, **elsewhere}
    said = {each.reference for each in there}
    return {
        "missing_here": sorted(str(each) for each in unknown if each not in elsewhere),
        "missing_there": sorted(str(each) for each in here if each not in said),
        "differing": sorted(
            [str(each.reference), known[each.reference].state, each.state]
            for each in there
            if each.reference in known and known[each.reference].state != each.state
        ),
        "other_day": sorted(str(each) for each in elsewhere),
    }
