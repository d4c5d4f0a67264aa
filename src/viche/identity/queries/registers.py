"""A community's register: the version in force, the draft, those before."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from viche.communities.models import Community
from viche.identity.models import Membership, Register, RegisterRow, RegisterState


def current_register(community: Community) -> Register | None:
    return Register.objects.filter(community=community, state=RegisterState.CURRENT).first()


def register_at(community: Community, moment: datetime) -> Register | None:
    """The version that was in force at the moment."""
    found = Register.objects.filter(community=community, imported_at__lte=moment)
    return found.exclude(state=RegisterState.DRAFT).order_by("-number").first()


def register_parts(register: Register, bases: Collection[str]) -> dict[str, int]:
    """Members of the register by code of their territory; only the version in force still has its rows."""
    rows = RegisterRow.objects.filter(register=register, basis__in=bases).order_by()
    return dict(rows.values_list("territory").annotate(number=Count("mark", distinct=True)))


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
