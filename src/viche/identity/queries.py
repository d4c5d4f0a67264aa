"""Reads of the identity room."""

from django.db.models import QuerySet

from viche.communities.models import Community, Territory
from viche.foundation.actor import Actor
from viche.identity.models import Identification, Membership, Office, Person


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


def live_offices(person: Person) -> QuerySet[Office]:
    return Office.objects.filter(person=person, until__isnull=True).select_related("community__territory")


def roles_in(person: Person, community: Community) -> frozenset[str]:
    return frozenset(live_offices(person).filter(community=community).values_list("role", flat=True))


def latest_identifications(person: Person, number: int = 5) -> list[Identification]:
    return list(person.identifications.order_by("-at")[:number])


def is_address_unknown(person: Person) -> bool:
    """Whether the latest identification gave an address that could not be placed."""
    latest = person.identifications.order_by("-at").first()
    return latest is not None and latest.is_address_unknown


def granted_memberships(community: Community, number: int = 20) -> list[Membership]:
    """What the community's operators have confirmed lately."""
    return list(
        Membership.objects.filter(granted_in=community)
        .select_related("territory", "person")
        .order_by("-since")[:number]
    )


def actor_of(
    person: Person, community: Community | None = None, *, extra: frozenset[str] = frozenset()
) -> Actor:
    """The person as an actor in a community: official where they hold an office there."""
    roles = roles_in(person, community) if community else frozenset()
    return Actor(
        kind="official" if roles else "person", reference=str(person.id), roles=roles | extra,
        community=community.code if community else "",
    )  # fmt: skip
