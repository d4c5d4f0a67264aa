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
    """Notices older than a year, the record of what was sent after 90 days, addresses nobody confirmed in a week."""
    now = clock.now()
    gone, _rows = Notice.objects.filter(at__lt=now - timedelta(days=NOTICE_DAYS)).delete()
    done = [Delivery.State.SENT, Delivery.State.FAILED]
    Delivery.objects.filter(state__in=done, queued_at__lt=now - timedelta(days=DELIVERY_DAYS)).delete()
    unused_addresses().filter(asked_at__lt=now - timedelta(days=ASKED_DAYS)).delete()
    return gone


def delete_messages_of(*, person: Person) -> None:
    """Erase all this room holds of a person: addresses with what was queued for them, wishes, follows, notices."""
    Address.objects.filter(person=person).delete()
    Wish.objects.filter(person=person).delete()
    Follow.objects.filter(person=person).delete()
    Notice.objects.filter(person=person).delete()
