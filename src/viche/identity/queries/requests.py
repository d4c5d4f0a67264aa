"""Requests to confirm a basis: a community's queue, and what a person asked for."""

from uuid import UUID

from django.db.models import Count, QuerySet

from viche.communities.models import Community
from viche.identity.models import Person, ProofRequest, RequestFile, RequestState


def waiting_requests(community: Community, basis: str = "") -> QuerySet[ProofRequest]:
    """What waits for a decision, the oldest first."""
    found = ProofRequest.objects.filter(community=community, state=RequestState.WAITING)
    found = found.filter(basis=basis) if basis else found
    return found.select_related("person", "territory").prefetch_related("files").order_by("sent_at", "id")


def waiting_by_basis(community: Community) -> dict[str, int]:
    """How many requests of each basis wait, by the code of the basis."""
    counted = (
        ProofRequest.objects.filter(community=community, state=RequestState.WAITING)
        .values("basis")
        .annotate(number=Count("id"))
        .order_by("basis")
    )
    return {row["basis"]: row["number"] for row in counted}


def decided_requests(community: Community, number: int = 20) -> list[ProofRequest]:
    """What was decided lately, the newest first."""
    found = ProofRequest.objects.filter(community=community).exclude(state=RequestState.WAITING)
    return list(found.select_related("person", "territory", "decided_by").order_by("-decided_at")[:number])


def request_in(community: Community, reference: UUID) -> ProofRequest | None:
    """A request to this community."""
    return (
        ProofRequest.objects.filter(community=community, pk=reference)
        .select_related("person", "territory", "decided_by", "membership")
        .prefetch_related("files")
        .first()
    )


def file_in(community: Community, request: UUID, reference: UUID) -> RequestFile | None:
    """A file that is still kept, of a request to this community."""
    return RequestFile.objects.filter(
        pk=reference, request_id=request, request__community=community, deleted_at__isnull=True
    ).first()


def requests_of(person: Person, community: Community | None = None, number: int = 20) -> list[ProofRequest]:
    """What the person asked for, the newest first; in one community, or everywhere."""
    found = ProofRequest.objects.filter(person=person)
    if community is not None:
        found = found.filter(community=community)
    return list(found.select_related("community", "territory").order_by("-sent_at")[:number])


def waiting_request(person: Person, community: Community, basis: str) -> ProofRequest | None:
    """The person's request of this basis that waits."""
    return ProofRequest.objects.filter(
        person=person, community=community, basis=basis, state=RequestState.WAITING
    ).first()
