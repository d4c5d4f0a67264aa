"""What a person does with their notices."""

from datetime import timedelta
from uuid import UUID

from viche.connectors.messages.models import Address, Delivery, Follow, Notice, Wish
from viche.connectors.messages.queries import unused_addresses
from viche.foundation import clock
from viche.identity.models import Person

NOTICE_DAYS, DELIVERY_DAYS, ASKED_DAYS = 365, 90, 7


def mark_read(*, person: Person, notice: UUID | None = None) -> int:
    """Mark one notice of the person as read, or all of them; how many were not yet."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice)
    return unread.update(read_at=clock.now())


def delete_old_notices() -> int:
    """Delete notices older than a year, with what was queued of them; how many."""
    gone, _rows = Notice.objects.filter(at__lt=clock.now() - timedelta(days=NOTICE_DAYS)).delete()
    return gone


def delete_old_deliveries() -> int:
    """Delete the record of what was sent, or given up, after 90 days; how many."""
    done = [Delivery.State.SENT, Delivery.State.FAILED]
    limit = clock.now() - timedelta(days=DELIVERY_DAYS)
    gone, _rows = Delivery.objects.filter(state__in=done, queued_at__lt=limit).delete()
    return gone


def delete_unused_addresses() -> int:
    """Delete addresses that nobody confirmed in a week; how many."""
    limit = clock.now() - timedelta(days=ASKED_DAYS)
    gone, _rows = unused_addresses().filter(asked_at__lt=limit).delete()
    return gone


def delete_messages_of(*, person: Person) -> None:
    """Erase all this room holds of a person: addresses with what was queued for them, wishes, follows, notices."""
    Address.objects.filter(person=person).delete()
    Wish.objects.filter(person=person).delete()
    Follow.objects.filter(person=person).delete()
    Notice.objects.filter(person=person).delete()
