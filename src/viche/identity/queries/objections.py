"""Reads of what people say was not done by them."""

from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from viche.communities.models import Community
from viche.identity.models import Objection, Person


def objections_by(person: Person) -> QuerySet[Objection]:
    """What the person denied, newest first."""
    return Objection.objects.filter(person=person).select_related("community__territory")


def objections_to(community: Community | None) -> QuerySet[Objection]:
    """What the body's officials (the platform's, for None) look into: open ones first, the longest open at the top."""
    is_open = ExpressionWrapper(Q(state=Objection.State.OPEN), BooleanField())
    found = Objection.objects.filter(community=community).select_related("person", "decided_by")
    return found.order_by(is_open.desc(), "filed_at")


def objection_in(community: Community | None, reference: UUID) -> Objection | None:
    """One of them."""
    return objections_to(community).filter(pk=reference).first()


def open_objections(community: Community | None) -> int:
    """How many wait for a decision."""
    return Objection.objects.filter(community=community, state=Objection.State.OPEN).count()
