"""A community's register: the version in force, the draft, those before."""

from viche.communities.models import Community
from viche.identity.models import Membership, Register, RegisterState


def current_register(community: Community) -> Register | None:
    return Register.objects.filter(community=community, state=RegisterState.CURRENT).first()


def draft_register(community: Community) -> Register | None:
    """The version that was uploaded and waits for confirmation."""
    found = Register.objects.filter(community=community, state=RegisterState.DRAFT)
    return found.select_related("uploaded_by", "based_on").first()


def register_versions(community: Community, number: int = 20) -> list[Register]:
    """What was imported, the newest first."""
    found = Register.objects.filter(community=community).exclude(state=RegisterState.DRAFT)
    return list(found.select_related("imported_by").order_by("-number")[:number])


def register_members(community: Community) -> int:
    """How many live memberships the register gave so far: rows whose person has identified."""
    return Membership.objects.filter(granted_in=community, source="register", until__isnull=True).count()
