"""Reads of the contact form's messages: for the officials whom they were sent to."""

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from viche.communities.models import Community
from viche.connectors.contact.models import ContactMessage
from viche.connectors.messages.models import Address
from viche.identity.models import Person


def messages_to(community: Community | None) -> QuerySet[ContactMessage]:
    """Messages to the body, or to the platform (None): those that wait first, each half with the newest first."""
    is_waiting = ExpressionWrapper(Q(state=ContactMessage.State.NEW), BooleanField())
    return ContactMessage.objects.filter(community=community).order_by(is_waiting.desc(), "-received_at")


def message_to(community: Community | None, reference: object) -> ContactMessage | None:
    """One message to the body, or to the platform, with its letters."""
    found = ContactMessage.objects.filter(community=community, pk=reference)
    return found.select_related("closed_by").prefetch_related("letters").first()


def waiting_number(community: Community | None) -> int:
    """How many messages wait for an answer."""
    return ContactMessage.objects.filter(community=community, state=ContactMessage.State.NEW).count()


def mailbox_of(community: Community | None) -> str:
    """Where a message is sent on to: the body's e-mail for citizens, else the platform's; empty where none is set."""
    return (community.contact_email if community is not None else "") or settings.CONTACT_EMAIL


def confirmed_email(person: Person | None) -> str:
    """The e-mail address that the person has confirmed for notices; empty where there is none."""
    if person is None:
        return ""
    found = Address.objects.filter(person=person, channel="email", confirmed_at__isnull=False).first()
    return found.target if found is not None else ""
