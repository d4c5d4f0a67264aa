"""The queue of messages: put together, sent once, tried again with longer and longer pauses, given up with a reason."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from viche.connectors.messages.channels import CHANNELS, NotSent, Undeliverable
from viche.connectors.messages.channels.own import sent_by_own_gateway
from viche.connectors.messages.letters import message_of
from viche.connectors.messages.models import Address, Delivery, Item
from viche.foundation import clock

log = logging.getLogger("viche.messages")

# more than BURST waiting at once, or more than HOURLY in an hour, become one message
BURST, HOURLY = 3, 10
MOST_IN_ONE = 100
DIGEST_HOUR = 8
ATTEMPTS = 8
# a worker that has not said in this time what became of a message is taken for dead
LEASE = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360, 720))
# a channel that fails so often in a row is left alone until the next round
DOWN_AFTER = 3
# a round begins nothing after so long: the same worker gives receipts their place in the journal
ROUND_SECONDS = 8


def prepare_messages() -> int:
    """Messages for the notices that are told at once; how many. Locks one address after the other.

    A few get a message each; a burst becomes one message, and who has had HOURLY in the last hour gets the rest
    together when the hour has room again.
    """
    waiting = Item.objects.filter(delivery__isnull=True, is_digest=False)
    made = 0
    for address_id in list(waiting.order_by().values_list("address_id", flat=True).distinct()):
        with transaction.atomic():
            address = Address.objects.select_for_update().filter(pk=address_id).first()
            if address is None or address.is_silent or address.fault:
                continue
            hour = clock.now() - timedelta(hours=1)
            room = HOURLY - address.deliveries.filter(queued_at__gt=hour).exclude(kind="confirm").count()
            items = list(waiting.filter(address=address).order_by("pk")[:MOST_IN_ONE])
            if room <= 0 or not items:
                continue
            if len(items) > min(BURST, room):
                _queue(address, f"burst:{address.pk}:{items[0].pk}", "digest", items)
                made += 1
                continue
            for item in items:
                _queue(address, f"notice:{address.pk}:{item.notice_id}", "notice", [item])
                made += 1
    return made


def latest_boundary(moment: datetime) -> datetime:
    """The last 8:00 in Kyiv at or before the moment: a digest holds what was noticed before it."""
    local = moment.astimezone(clock.KYIV)
    at_eight = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if local < at_eight:
        at_eight = (local - timedelta(days=1)).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return at_eight


def prepare_digests() -> int:
    """One digest an address and day, of what waited for it at 8:00; how many. Late after a standstill, never twice.

    What the person has meanwhile read in their list is left out.
    """
    boundary = latest_boundary(clock.now())
    waiting = Item.objects.filter(delivery__isnull=True, is_digest=True, made_at__lt=boundary)
    made = 0
    for address_id in list(waiting.order_by().values_list("address_id", flat=True).distinct()):
        with transaction.atomic():
            address = Address.objects.select_for_update().filter(pk=address_id).first()
            key = f"digest:{address_id}:{boundary:%Y-%m-%d}"
            if address is None or address.is_silent or Delivery.objects.filter(key=key).exists():
                continue
            waiting.filter(address=address, notice__read_at__isnull=False).delete()
            items = list(waiting.filter(address=address).order_by("pk")[:MOST_IN_ONE])
            if items:
                _queue(address, key, "digest", items)
                made += 1
    return made


def _queue(address: Address, key: str, kind: str, items: list[Item]) -> None:
    delivery = Delivery.objects.create(
        key=key, address=address, kind=kind, queued_at=clock.now(), next_at=clock.now()
    )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(delivery=delivery)


def send_messages(*, most: int = 200) -> int:
    """Send what is due; how many left. Several workers share the queue.

    A message is taken by locking its row and marked before it leaves and after. Who dies between has it tried again
    later as the same message: the key makes the same Message-ID. A channel that is down is left alone for this round.
    """
    sent = 0
    faults: dict[str, int] = {}
    begun = time.monotonic()
    for _number in range(most):
        if time.monotonic() - begun > ROUND_SECONDS:
            break
        down = [name for name, number in faults.items() if number >= DOWN_AFTER]
        delivery = _taken(down)
        if delivery is None:
            break
        channel = delivery.address.channel
        try:
            is_sent = _sent(delivery)
        except NotSent as error:
            faults[channel] = faults.get(channel, 0) + 1
            _put_back(delivery, str(error), wait=error.wait)
        except Undeliverable as error:
            _give_up(delivery, str(error))
            Address.objects.filter(pk=delivery.address_id).update(fault=str(error)[:200])
        except Exception as error:  # a fault of ours must not stop the rest of the queue
            log.exception("a message could not be put together: %s", delivery.pk)
            _put_back(delivery, f"fault: {type(error).__name__}")
        else:
            faults[channel] = 0
            sent += is_sent
    return sent


def _taken(down: list[str]) -> Delivery | None:
    """The next message that is due, marked as being sent."""
    with transaction.atomic():
        due = Delivery.objects.filter(
            Q(state=Delivery.State.QUEUED) | Q(state=Delivery.State.SENDING), next_at__lte=clock.now()
        ).exclude(address__channel__in=down)
        found = (
            due.select_for_update(of=("self",), skip_locked=True)
            .select_related("address")
            .order_by("next_at", "pk")
            .first()
        )
        if found is None:
            return None
        found.attempts += 1
        found.state, found.next_at = Delivery.State.SENDING, clock.now() + LEASE
        found.save(update_fields=["attempts", "state", "next_at"])
    return found


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The row as this worker took it: another may have taken it since."""
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, attempts=delivery.attempts)


def _sent(delivery: Delivery) -> bool:
    """Send now and mark it. False where there is nothing to say any more."""
    message = message_of(delivery)
    if message is None:
        _mine(delivery).delete()
        return False
    if delivery.attempts > ATTEMPTS:
        raise NotSent(delivery.error or "it was begun too often and never finished")
    channel = delivery.address.channel
    if not sent_by_own_gateway(channel, message):
        CHANNELS[channel].send(message)
    _mine(delivery).update(state=Delivery.State.SENT, sent_at=clock.now(), error="")
    return True


def _put_back(delivery: Delivery, reason: str, *, wait: int = 0) -> None:
    if delivery.attempts >= ATTEMPTS:
        _give_up(delivery, reason)
        return
    pause = max(PAUSES[min(delivery.attempts, len(PAUSES)) - 1], timedelta(seconds=wait))
    _mine(delivery).update(state=Delivery.State.QUEUED, next_at=clock.now() + pause, error=reason[:200])


def _give_up(delivery: Delivery, reason: str) -> None:
    _mine(delivery).update(state=Delivery.State.FAILED, error=reason[:200])
