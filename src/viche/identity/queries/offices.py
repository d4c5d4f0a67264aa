"""Who holds which office."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from viche.communities.models import Community
from viche.communities.queries import codes_above
from viche.foundation.actor import Actor
from viche.identity.models import INHERITED_ROLES, PLATFORM, Office, Person, Role


def live_offices(person: Person) -> QuerySet[Office]:
    """The offices a person holds in communities; the platform's own are asked for by roles_in(person, None)."""
    return Office.objects.filter(person=person, until__isnull=True, community__isnull=False).select_related(
        "community__territory"
    )


def doors_above(community: Community) -> list[Community]:
    """The bodies whose staff have their rights here too, the nearest first.

    A body that has closed its door (inherits_staff) keeps out all above it, for itself and for those below it. An
    archived body has no staff to send.
    """
    if not community.inherits_staff:
        return []
    found = []
    above = Community.objects.filter(territory__in=codes_above(community.territory)).exclude(pk=community.pk)
    for body in above.select_related("territory").order_by("-territory__path"):
        if body.archived_at is None:
            found.append(body)
        if not body.inherits_staff:
            break
    return found


def roles_in(person: Person, community: Community | None) -> frozenset[str]:
    """The roles a person has in a community: their own and those of bodies above it (INHERITED_ROLES).

    Without a community: the roles on the platform itself.
    """
    if community is None:
        held = Office.objects.filter(person=person, until__isnull=True, community__isnull=True)
        return frozenset(held.values_list("role", flat=True))
    above = Q(community__territory__in=codes_above(community.territory), role__in=INHERITED_ROLES)
    held = Office.objects.filter(Q(community=community) | above, person=person, until__isnull=True)
    rows = list(held.values_list("role", "community"))
    own = {role for role, place in rows if place == community.pk}
    if any(place != community.pk for _role, place in rows):
        doors = {body.pk for body in doors_above(community)}
        own |= {role for role, place in rows if place in doors}
    return frozenset(own)


def actor_of(
    person: Person, community: Community | None = None, *, extra: frozenset[str] = frozenset()
) -> Actor:
    """The person as an actor in a community, or on the platform: official where they hold an office there."""
    roles = roles_in(person, community)
    place = community.code if community else PLATFORM if roles else ""
    return Actor(
        kind="official" if roles else "person", reference=str(person.id), roles=roles | extra, community=place
    )


@dataclass(frozen=True)
class Holder:
    """One line of the list of staff. origin: the body above where the office is held, None for an own one."""

    office: Office
    origin: Community | None


def staff_of(community: Community) -> list[Holder]:
    """Who holds what here, the own first, then those who have rights here from above."""
    doors = doors_above(community)
    order = {role.value: place for place, role in enumerate(Role)}
    held = Office.objects.filter(
        Q(community=community) | Q(community__in=doors, role__in=INHERITED_ROLES), until__isnull=True
    ).select_related("person", "granted_by", "community__territory")
    near = {body.pk: place for place, body in enumerate(doors, start=1)}
    rows = sorted(held, key=lambda each: (near.get(each.community_id, 0), order[each.role], each.since))
    return [Holder(each, each.community if each.community_id in near else None) for each in rows]


def administrators_of(community: Community) -> list[Office]:
    """The community's own administrators, the eldest in office first."""
    held = Office.objects.filter(community=community, role=Role.ADMINISTRATOR, until__isnull=True)
    return list(held.select_related("person").order_by("since"))


def office_in(community: Community, reference: str) -> Office | None:
    """An office of the community by its id, also one that has ended; None for anything else."""
    held = Office.objects.filter(community=community).select_related("person", "community__territory")
    return held.filter(pk=reference).first() if is_uuid(reference) else None


def is_uuid(text: str) -> bool:
    """Whether the text could be an id of ours."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
