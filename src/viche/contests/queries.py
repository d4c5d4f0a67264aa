"""Reads of the contests room."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.contests.models import Contest, PhaseWindow, RulesVersion
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


def pots_naming(codes: Collection[str]) -> dict[str, list[str]]:
    """Pots that name one of the territories, in words by its code: of frozen rules, and of drafts not frozen yet."""
    frozen = RulesVersion.objects.filter(contest=OuterRef("contest"), frozen_at__isnull=False)
    found: dict[str, list[str]] = {}
    for code in codes:
        versions = RulesVersion.objects.filter(document__pots__contains=[{"territory": code}])
        in_force = versions.filter(Q(frozen_at__isnull=False) | ~Exists(frozen)).select_related("contest")
        if named := sorted({version.contest.name for version in in_force}):
            found[code] = [_("a pot of the contest “%s”") % name for name in named]
    return found
