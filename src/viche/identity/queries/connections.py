"""Requests to connect a body, and how far the first steps have come."""

from dataclasses import dataclass

from viche.communities.actions import RESERVED_SLUGS
from viche.communities.latin import slug_of
from viche.communities.models import Community, Territory
from viche.identity.models import OPEN_STATES, ConnectionRequest, Person, SetupStep
from viche.identity.queries.offices import is_uuid

_WHOLE = ("territory__parent__parent__parent__parent", "applicant", "decided_by", "community")


@dataclass(frozen=True)
class Check:
    """One thing the platform looks at before it decides. is_good: None where only a person can tell."""

    code: str
    is_good: bool | None
    value: str = ""


def open_connections() -> list[ConnectionRequest]:
    """What waits for the platform, the oldest first."""
    waiting = ConnectionRequest.objects.filter(state__in=OPEN_STATES).select_related(*_WHOLE)
    return list(waiting.order_by("asked_at"))


def decided_connections(number: int = 20) -> list[ConnectionRequest]:
    """What was decided lately."""
    done = ConnectionRequest.objects.exclude(state__in=OPEN_STATES).select_related(*_WHOLE)
    return list(done.order_by("-decided_at")[:number])


def connections_by(person: Person) -> list[ConnectionRequest]:
    """The person's own requests, the newest first."""
    return list(
        ConnectionRequest.objects.filter(applicant=person).select_related(*_WHOLE).order_by("-asked_at")
    )


def connection_request(reference: str) -> ConnectionRequest | None:
    """A request by its id; None for anything else."""
    found = ConnectionRequest.objects.select_related(*_WHOLE)
    return found.filter(pk=reference).first() if is_uuid(reference) else None


def checks_of(request: ConnectionRequest) -> list[Check]:
    """What can be seen without asking anybody: is the territory free, whose is the e-mail, how was the applicant
    identified, does the applicant live there.
    """
    body = Community.objects.filter(territory=request.territory_id).exclude(pk=request.community_id).first()
    domain = request.email.rpartition("@")[2].lower()
    is_state = domain == "gov.ua" or domain.endswith(".gov.ua")
    homes = request.applicant.memberships.filter(until__isnull=True).select_related("territory")
    is_local = any(home.territory.is_inside(request.territory) for home in homes)
    return [
        Check("free", body is None, str(body or "")),
        Check("state_mail", is_state, domain),
        Check("identified", bool(request.method) or None, request.method),
        Check("local", is_local or None, ""),
    ]


def free_slug(territory: Territory) -> str:
    """An address nobody has yet, from the name of the territory and, where it is taken, of those above it."""
    names, above = [], territory
    while above is not None:
        names.append(slug_of(above.name))
        slug = "-".join(names)[:40].strip("-")
        if slug not in RESERVED_SLUGS and not Community.objects.filter(slug=slug).exists():
            return slug
        above = above.parent
    return ""


def done_steps(community: Community) -> set[str]:
    """The first steps that an official has finished."""
    return set(SetupStep.objects.filter(community=community).values_list("name", flat=True))


def territory_coded(code: str) -> Territory | None:
    """The territory of a КАТОТТГ code with all above it; None for anything else."""
    whole = Territory.objects.select_related("parent__parent__parent__parent")
    return whole.filter(pk=code.strip().upper()[:19]).first()
