"""The queue of letters about messages: sent once, tried again with the pauses of notices, given up with a reason."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from viche.connectors.contact.letters import letter_of
from viche.connectors.contact.models import ContactLetter
from viche.connectors.messages.actions.delivering import (
    ATTEMPTS,
    DOWN_AFTER,
    LEASE,
    PAUSES,
    ROUND_SECONDS,
)
from viche.connectors.messages.channels import CHANNELS, NotSent, Undeliverable
from viche.foundation import clock

log = logging.getLogger("viche.contact")

State = ContactLetter.State


def send_letters(*, most: int = 100) -> int:
    """Send what is due; how many left. Several workers share the queue: a letter is taken by locking its row.

    A mail server that fails DOWN_AFTER times in a row is left alone for this round.
    """
    sent = faults = 0
    begun = time.monotonic()
    for _number in range(most):
        letter = None if faults >= DOWN_AFTER or time.monotonic() - begun > ROUND_SECONDS else _taken()
        if letter is None:
            break
        try:
            sent += _sent(letter)
            faults = 0
        except NotSent as error:
            faults += 1
            _put_back(letter, str(error), wait=error.wait)
        except Undeliverable as error:
            _mine(letter).update(state=State.FAILED, error=str(error)[:200])
        except Exception as error:  # a fault of ours must not stop the rest of the queue
            log.exception("a letter could not be put together: %s", letter.pk)
            _put_back(letter, f"fault: {type(error).__name__}")
    return sent


def _taken() -> ContactLetter | None:
    """The next letter that is due, marked as being sent."""
    with transaction.atomic():
        found = (
            ContactLetter.objects.filter(state__in=[State.QUEUED, State.SENDING], next_at__lte=clock.now())
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("message__community__territory")
            .order_by("next_at", "pk")
            .first()
        )
        if found is None:
            return None
        found.attempts += 1
        found.state, found.next_at = State.SENDING, clock.now() + LEASE
        found.save(update_fields=["attempts", "state", "next_at"])
    return found


def _mine(letter: ContactLetter) -> QuerySet[ContactLetter]:
    """The row as this worker took it: another may have taken it since."""
    return ContactLetter.objects.filter(pk=letter.pk, state=State.SENDING, attempts=letter.attempts)


def _sent(letter: ContactLetter) -> bool:
    """Send now and mark it. False where there is nothing to say any more."""
    message = letter_of(letter)
    if message is None:
        _mine(letter).delete()
        return False
    if letter.attempts > ATTEMPTS:
        raise NotSent(letter.error or "it was begun too often and never finished")
    CHANNELS["email"].send(message)
    _mine(letter).update(state=State.SENT, sent_at=clock.now(), error="")
    return True


def _put_back(letter: ContactLetter, reason: str, *, wait: int = 0) -> None:
    if letter.attempts >= ATTEMPTS:
        _mine(letter).update(state=State.FAILED, error=reason[:200])
        return
    pause = max(PAUSES[min(letter.attempts, len(PAUSES)) - 1], timedelta(seconds=wait))
    _mine(letter).update(state=State.QUEUED, next_at=clock.now() + pause, error=reason[:200])
