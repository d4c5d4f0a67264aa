"""Who is invited."""

import hashlib

from viche.communities.models import Community
from viche.identity.models import Invitation
from viche.identity.queries.offices import is_uuid


def invitation_of(token: str, community: Community) -> Invitation | None:
    """The invitation a link's token opens in this community; None for anything else."""
    found = Invitation.objects.select_related("community__territory", "invited_by", "accepted_by", "office")
    return found.filter(token_hash=hashlib.sha256(token.encode()).digest(), community=community).first()


def invitation_in(community: Community, reference: str) -> Invitation | None:
    """An invitation of the community by its id; None for anything else."""
    found = Invitation.objects.select_related("community__territory").filter(community=community)
    return found.filter(pk=reference).first() if is_uuid(reference) else None


def invitations_of(community: Community, number: int = 30) -> list[Invitation]:
    """The latest invitations, the open ones first."""
    latest = Invitation.objects.filter(community=community).select_related("invited_by", "accepted_by")
    rows = list(latest.order_by("-invited_at")[:number])
    return sorted(rows, key=lambda each: not each.is_open)
