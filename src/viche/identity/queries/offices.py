"""Who holds which office."""

from django.db.models import QuerySet

from viche.communities.models import Community
from viche.foundation.actor import Actor
from viche.identity.models import Office, Person


def live_offices(person: Person) -> QuerySet[Office]:
    return Office.objects.filter(person=person, until__isnull=True).select_related("community__territory")


def roles_in(person: Person, community: Community) -> frozenset[str]:
    return frozenset(live_offices(person).filter(community=community).values_list("role", flat=True))


def actor_of(
    person: Person, community: Community | None = None, *, extra: frozenset[str] = frozenset()
) -> Actor:
    """The person as an actor in a community: official where they hold an office there."""
    roles = roles_in(person, community) if community else frozenset()
    return Actor(
        kind="official" if roles else "person", reference=str(person.id), roles=roles | extra,
        community=community.code if community else "",
    )  # fmt: skip
