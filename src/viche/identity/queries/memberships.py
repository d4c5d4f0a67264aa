"""Who belongs where."""

from django.db.models import QuerySet

from viche.communities.models import Community, Territory
from viche.identity.models import Membership, Person


def live_memberships(person: Person) -> QuerySet[Membership]:
    return Membership.objects.filter(person=person, until__isnull=True).select_related("territory")


def memberships_in(person: Person, territory: Territory) -> list[Membership]:
    """The person's live memberships that make them a member of this territory.

    A grant of an operator counts for the granting body and those above it, not for those below.
    """
    return [
        member
        for member in live_memberships(person).select_related("granted_in__territory")
        if member.territory.is_inside(territory)
        and (member.granted_in is None or member.granted_in.territory.is_inside(territory))
    ]


def granted_memberships(community: Community, number: int = 20) -> list[Membership]:
    """What the community's operators have confirmed lately."""
    return list(
        Membership.objects.filter(granted_in=community)
        .select_related("territory", "person")
        .order_by("-since")[:number]
    )
