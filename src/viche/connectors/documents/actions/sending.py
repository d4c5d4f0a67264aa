"""The queue of documents to the document system: each registered once, however often it had to be sent."""

import logging
import time
from datetime import timedelta

from django.db import transaction

from viche.connectors.documents.actions.registering import note_registered, write_entry
from viche.connectors.documents.events import DocumentHandedOver
from viche.connectors.documents.models import SHELF, Dispatch, Registry
from viche.connectors.documents.system import NAME, Registered, asked_about, hand_over
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault
from viche.connectors.systems.models import System
from viche.connectors.systems.queries import system_in_use
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM
from viche.foundation.outgoing import Unreachable

log = logging.getLogger("viche.documents")

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))
"""Between attempts; the last one stays. A system may be down for days: a document waits for it."""
GIVEN_UP_AFTER = timedelta(days=14)
ASKED_EVERY, ASKED_LONG = timedelta(minutes=10), timedelta(hours=6)
LEASE = timedelta(minutes=5)
ROUND_SECONDS = 20

State = Dispatch.State


def send_documents(*, most: int = 50) -> int:
    """Hand over what is due and ask about what has no number yet; how many got on.

    A document is taken by locking its row and lent for LEASE: several workers share the queue. Between them it is
    called without any lock. Journal: DocumentHandedOver, DocumentRegistered.
    """
    moved, begun = 0, time.monotonic()
    resting: set[object] = set()
    for _number in range(most):
        document = _taken(resting) if time.monotonic() - begun < ROUND_SECONDS else None
        if document is None:
            break
        system = system_in_use(document.community, NAME)
        if system is None:
            resting.add(document.community_id)
            _put_back(document, "")
            continue
        try:
            moved += _sent(system, document)
        except NeighbourDown:
            resting.add(document.community_id)
            _put_back(document, "down")
        except Unreachable as error:
            resting.add(document.community_id)
            _put_back(document, error.code)
        except NeighbourFault as error:
            _put_back(document, error.code, is_final=not error.counts)
        except Exception:
            # a fault of ours must not stop the rest of the queue
            log.exception("a document could not be sent: %s", document.pk)
            _put_back(document, "error")
    return moved


def _taken(resting: set[object]) -> Dispatch | None:
    """The next document that is due, of a body whose system is not resting in this round."""
    with transaction.atomic():
        found = (
            Dispatch.objects.filter(
                state__in=[State.WAITING, State.HANDED], next_at__lte=clock.now(),
                community__systems__kind=NAME, community__systems__is_on=True,
            )
            .exclude(community__in=resting)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("community__territory", "contest", "project")
            .order_by("next_at", "pk")
            .first()
        )  # fmt: skip
        if found is not None:
            found.attempts, found.next_at = found.attempts + 1, clock.now() + LEASE
            found.save(update_fields=["attempts", "next_at"])
    return found


def _sent(system: System, document: Dispatch) -> bool:
    if document.state == State.HANDED and document.foreign_id:
        return _noted(document, asked_about(system, document))
    content = private_files.content_of(document.pk, shelf=SHELF)
    if content is None:
        raise NeighbourFault("no_file", "", counts=False)
    registry = Registry.objects.get(community=document.community)
    return _noted(document, hand_over(system, document, content, registry))


def _noted(document: Dispatch, said: Registered) -> bool:
    """Write down what the system said; False where nothing has changed."""
    with transaction.atomic():
        held = Dispatch.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if held.state not in {State.WAITING, State.HANDED}:
            return False
        is_new = held.state == State.WAITING
        if is_new:
            held.state, held.way, held.handed_at = State.HANDED, Dispatch.Way.SYSTEM, clock.now()
            write_entry(held, DocumentHandedOver, SYSTEM, way=held.way)
        held.foreign_id, held.fault = said.foreign_id, ""
        pause = ASKED_EVERY if held.attempts < 12 else ASKED_LONG
        held.next_at = clock.now() + pause
        held.save()
        if said.number and said.day is not None:
            note_registered(held, said.number, said.day, SYSTEM)
            return True
    return is_new


def _put_back(document: Dispatch, fault: str, *, is_final: bool = False) -> None:
    """Try again later; given up for good where the system says no, or after GIVEN_UP_AFTER."""
    is_old = document.made_at < clock.now() - GIVEN_UP_AFTER and bool(fault)
    state = State.FAILED if is_final or is_old else document.state
    pause = PAUSES[min(document.attempts, len(PAUSES)) - 1]
    Dispatch.objects.filter(
        pk=document.pk, state__in=[State.WAITING, State.HANDED], attempts=document.attempts
    ).update(
        state=state, fault=fault, next_at=None if state == State.FAILED else clock.now() + pause
    )  # fmt: skip
