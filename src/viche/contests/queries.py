"""Reads of the contests room."""

from django.db.models import QuerySet

from viche.communities.models import Community
from viche.contests.models import Contest


def contests_of(community: Community) -> QuerySet[Contest]:
    """Contests of a body, newest first."""
    return (
        Contest.objects.filter(community=community)
        .select_related("community__territory")
        .prefetch_related("windows", "rules_versions")
        .order_by("-year", "-created_at")
    )


def contest_at(community: Community, slug: str) -> Contest | None:
    return contests_of(community).filter(slug=slug).first()
