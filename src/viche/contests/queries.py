"""Reads of the contests room."""

from django.db.models import Q, QuerySet

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock


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


def contests_in_phase(phase: str) -> list[Contest]:
    """All contests whose phase runs now, in every community."""
    now = clock.now()
    return list(
        Contest.objects.filter(
            Q(windows__ends_at__gt=now) | Q(windows__ends_at__isnull=True),
            windows__phase=phase,
            windows__starts_at__lte=now,
        )
        .select_related("community__territory")
        .prefetch_related("windows", "rules_versions")
        .order_by("community__territory__path")
    )
