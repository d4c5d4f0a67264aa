"""What the identity room deletes when its term is over, beside attempts, files of requests and drafts of registers."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q

from viche.foundation import clock
from viche.identity.models import (
    OPEN_STATES,
    Citizenship,
    ConnectionRequest,
    ConnectionState,
    Consent,
    Identification,
    Invitation,
    Letter,
    Membership,
    Objection,
    ProofRequest,
)

YEAR = timedelta(days=365)
LETTERS = timedelta(days=90)
LIMITATION = 3 * YEAR
"""The general limitation of actions: Civil Code of Ukraine, article 257."""


def delete_old_sessions() -> int:
    """Delete sessions that are over: they name people; how many."""
    number, _models = Session.objects.filter(expire_date__lt=clock.now()).delete()
    return number


def delete_old_identifications() -> int:
    """Delete identifications of more than a year ago, but for the last of each person by each way; how many."""
    same = Identification.objects.filter(
        person=OuterRef("person"),
        provider=OuterRef("provider"),
        method=OuterRef("method"),
        at__gt=OuterRef("at"),
    )
    old = Identification.objects.filter(Exists(same), at__lt=clock.now() - YEAR)
    number, _models = Identification.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return number


def delete_old_invitations() -> int:
    """Delete invitations that were answered, withdrawn or over a year ago: they hold an e-mail address; how many."""
    limit = clock.now() - YEAR
    is_open = Q(accepted_at=None, withdrawn_at=None, declined_at=None)
    old = (
        Q(accepted_at__lt=limit)
        | Q(withdrawn_at__lt=limit)
        | Q(declined_at__lt=limit)
        | is_open & Q(expires_at__lt=limit)
    )
    number, _models = Invitation.objects.filter(old).delete()
    return number


def delete_old_letters() -> int:
    """Delete letters sent 90 days ago, and those queued then that never left; how many."""
    number, _models = Letter.objects.filter(queued_at__lt=clock.now() - LETTERS).delete()
    return number


def delete_old_connections() -> int:
    """A year after the decision about a body's request: delete one that came to nothing, and take e-mail address and
    telephone number off one that was approved; how many.
    """
    old = ConnectionRequest.objects.filter(decided_at__lt=clock.now() - YEAR).exclude(state__in=OPEN_STATES)
    approved = old.filter(state=ConnectionState.APPROVED).exclude(email="", phone="")
    number = approved.update(email="", phone="")
    gone, _models = old.exclude(state=ConnectionState.APPROVED).delete()
    return number + gone


def delete_old_requests() -> int:
    """Delete requests to be a member three years after their decision; how many."""
    old = list(
        ProofRequest.objects.filter(decided_at__lt=clock.now() - LIMITATION).values_list("pk", flat=True)
    )
    ProofRequest.objects.filter(pk__in=old).delete()
    return len(old)


def delete_old_memberships() -> int:
    """Delete memberships and citizenships three years after they ended; how many."""
    moment = clock.now() - LIMITATION
    ended = Q(until__lt=moment) | Q(until=None, ends_on__lt=moment.astimezone(clock.KYIV).date())
    number, _models = Membership.objects.filter(ended).delete()
    gone, _models = Citizenship.objects.filter(until__lt=moment).delete()
    return number + gone


def delete_old_consents() -> int:
    """Delete consents three years after they were taken back; how many."""
    number, _models = Consent.objects.filter(withdrawn_at__lt=clock.now() - LIMITATION).delete()
    return number


def delete_old_objections() -> int:
    """Delete what people denied to have done three years after the decision about it; how many."""
    number, _models = Objection.objects.filter(decided_at__lt=clock.now() - LIMITATION).delete()
    return number
