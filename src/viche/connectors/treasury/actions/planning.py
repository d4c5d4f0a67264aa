"""Plans of winners on their way to the budget system: each plan is taken over once."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault
from viche.connectors.systems.queries import system_in_use
from viche.connectors.treasury.events import PlanHandedOver
from viche.connectors.treasury.guards import treasurer_only
from viche.connectors.treasury.models import PlanHandover
from viche.connectors.treasury.plans import plan_digest, plan_document
from viche.connectors.treasury.system import NAME, hand_over_plan
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.outgoing import Unreachable
from viche.foundation.refused import Refused
from viche.journal import actions as journal

log = logging.getLogger("viche.treasury")

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))
GIVEN_UP_AFTER, LEASE = timedelta(days=14), timedelta(minutes=5)
ROUND_SECONDS = 30

State = PlanHandover.State


def submit_plan(*, contest: Contest, by: Actor) -> PlanHandover:
    """Send the winners, as they are planned now, to the budget system; locks the contest. It takes the place of a plan
    that is on its way; what was handed over last is not sent again.

    Refused: not_treasurer, archived, no_system, no_winners, no_codes (a winner has none).
    """
    treasurer_only(contest.community, by)
    if system_in_use(contest.community, NAME) is None:
        raise Refused("no_system", _("No budget system is connected: take the file instead."))
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        document = plan_document(contest)
        rows = document["winners"]
        if not rows:
            raise Refused("no_winners", _("There are no winners yet: the result comes first."))
        bare = [str(row["number"]) for row in rows if not row["programme"]]
        if bare:
            raise Refused(
                "no_codes", _("These winners have no budget codes yet: No. %s.") % ", ".join(bare[:20])
            )
        digest = plan_digest(document)
        plans = PlanHandover.objects.filter(community=contest.community, contest=contest)
        waiting = plans.select_for_update().filter(state=State.WAITING).first()
        if waiting is not None and waiting.digest == digest:
            return waiting
        if waiting is not None:
            waiting.state = State.OUTDATED
            waiting.save(update_fields=["state"])
        last = plans.filter(state=State.HANDED).order_by("-handed_at").first()
        if last is not None and last.digest == digest and not _may_be_there(plans, last):
            return last
        return PlanHandover.objects.create(
            community=contest.community, contest=contest, digest=digest, content=document,
            made_by_id=by.person_id, made_at=clock.now(), next_at=_not_before(waiting),
        )  # fmt: skip


def _may_be_there(plans: QuerySet[PlanHandover], last: PlanHandover) -> bool:
    """Whether a later plan was tried: its answer may have been lost on the way."""
    return plans.filter(made_at__gt=last.made_at, attempts__gt=0).exclude(state=State.HANDED).exists()


def _not_before(former: PlanHandover | None) -> datetime:
    """When a new plan may go: the one whose place it takes may be on the wire, and must not come in after it."""
    now = clock.now()
    if former is None or former.attempts == 0 or former.next_at is None:
        return now
    return min(max(former.next_at, now), now + LEASE)


def resend_plan(*, plan: PlanHandover, by: Actor) -> PlanHandover:
    """Send a plan that was refused once more; locks its contest and it. Refused: not_treasurer, archived, not_failed,
    outdated (there is a newer one).
    """
    treasurer_only(plan.community, by)
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=plan.contest_id)
        held = PlanHandover.objects.select_for_update().get(pk=plan.pk)
        if held.state == State.HANDED:
            raise Refused("not_failed", _("This plan has been taken over: there is nothing to send again."))
        newer = PlanHandover.objects.filter(contest=held.contest_id, made_at__gt=held.made_at)
        if held.state == State.OUTDATED or newer.exists():
            raise Refused("outdated", _("A newer plan took its place: send the plan as it stands now."))
        held.state, held.next_at, held.fault, held.attempts = State.WAITING, clock.now(), "", 0
        held.save(update_fields=["state", "next_at", "fault", "attempts"])
    return held


def send_plans(*, most: int = 20) -> int:
    """Hand over the plans that are due; how many were taken. As documents.actions.send_documents.

    A system that was out of reach rests, and a round ends after ROUND_SECONDS.
    """
    taken, resting, begun = 0, set[object](), time.monotonic()
    for _number in range(most):
        plan = None if time.monotonic() - begun > ROUND_SECONDS else _lent(resting)
        if plan is None:
            break
        system = system_in_use(plan.community, NAME)
        if system is None:
            resting.add(plan.community_id)
            continue
        try:
            reference = hand_over_plan(system, plan)
        except NeighbourDown:
            resting.add(plan.community_id)
            _put_back(plan, "down")
        except Unreachable as error:
            resting.add(plan.community_id)
            _put_back(plan, error.code)
        except NeighbourFault as error:
            _put_back(plan, error.code, is_final=not error.counts)
        except Exception:
            # a fault of ours must not stop the rest of the queue
            log.exception("a plan could not be sent: %s", plan.pk)
            _put_back(plan, "error")
        else:
            taken += _noted(plan, reference)
    return taken


def _lent(resting: set[object]) -> PlanHandover | None:
    with transaction.atomic():
        found = (
            PlanHandover.objects.filter(state=State.WAITING, next_at__lte=clock.now())
            .exclude(community__in=resting)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("community", "contest")
            .order_by("next_at", "pk")
            .first()
        )
        if found is not None:
            found.attempts, found.next_at = found.attempts + 1, clock.now() + LEASE
            found.save(update_fields=["attempts", "next_at"])
    return found


def _noted(plan: PlanHandover, reference: str) -> bool:
    with transaction.atomic():
        held = PlanHandover.objects.select_for_update().get(pk=plan.pk)
        # one that a newer plan took the place of meanwhile was taken over all the same
        if held.state not in {State.WAITING, State.OUTDATED}:
            return False
        held.state, held.foreign_id, held.handed_at = State.HANDED, reference, clock.now()
        held.next_at, held.fault = None, ""
        held.save(update_fields=["state", "foreign_id", "handed_at", "next_at", "fault"])
        journal.append(
            PlanHandedOver(
                contest=str(plan.contest_id), winners=len(plan.content["winners"]), digest=plan.digest
            ),
            community=plan.community.code, year=clock.year(), by=SYSTEM,
        )  # fmt: skip
    return True


def _put_back(plan: PlanHandover, fault: str, *, is_final: bool = False) -> None:
    is_final = is_final or plan.made_at < clock.now() - GIVEN_UP_AFTER
    pause = PAUSES[min(plan.attempts, len(PAUSES)) - 1]
    PlanHandover.objects.filter(pk=plan.pk, state=State.WAITING, attempts=plan.attempts).update(
        state=State.FAILED if is_final else State.WAITING, fault=fault,
        next_at=None if is_final else clock.now() + pause,
    )  # fmt: skip
