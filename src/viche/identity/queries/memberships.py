"""Who belongs where."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from viche.communities.models import Community, Territory
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.identity.models import Citizenship, Membership, Person


def day_of(moment: datetime) -> date:
    """The day it is in Kyiv."""
    return moment.astimezone(KYIV).date()


def counting_on(day: date) -> Q:
    """Memberships that were not ended and whose last day is none before this one."""
    return Q(until__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def live_memberships(person: Person, moment: datetime | None = None) -> QuerySet[Membership]:
    """The person's memberships that count at the moment (now)."""
    day = day_of(moment or clock.now())
    return Membership.objects.filter(counting_on(day), person=person).select_related("territory")


def memberships_in(person: Person, territory: Territory, moment: datetime | None = None) -> list[Membership]:
    """The person's live memberships that make them a member of this territory.

    What a body says (a grant of its operator, its register) counts for it and those above it, not for those below.
    """
    return [
        member
        for member in live_memberships(person, moment).select_related("granted_in__territory")
        if member.territory.is_inside(territory)
        and (member.granted_in is None or member.granted_in.territory.is_inside(territory))
    ]


def granted_memberships(community: Community, number: int = 20) -> list[Membership]:
    """What the community's operators have confirmed lately, by whom, and whether it still counts."""
    return list(
        Membership.objects.filter(granted_in=community, source="operator")
        .select_related("territory", "person", "granted_by", "ended_by")
        .order_by("-since")[:number]
    )


def granted_membership(community: Community, reference: str) -> Membership | None:
    """One membership that this community's operators granted."""
    return (
        Membership.objects.filter(granted_in=community, source="operator", pk=reference)
        .select_related("territory", "person")
        .first()
    )


def citizenship_in(person: Person, territory: Territory) -> str:
    """The person's citizenship as it counts in this territory; empty where nobody proved it.

    The latest record decides, of a provider or of an operator whose body lies in the territory.
    """
    records = Citizenship.objects.filter(person=person, until__isnull=True)
    for record in records.select_related("granted_in__territory").order_by("-since"):
        if record.granted_in is None or record.granted_in.territory.is_inside(territory):
            return record.status
    return ""
