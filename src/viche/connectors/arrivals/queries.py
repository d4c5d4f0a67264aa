"""Reads of arrivals."""

from uuid import UUID

from viche.communities.models import Community
from viche.connectors.arrivals.models import ArrivedContest, Bringing
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation import clock


def bringings_of(community: Community) -> list[Bringing]:
    """The files of other platforms of a body, the newest first."""
    found = Bringing.objects.filter(community=community).select_related("contest", "uploaded_by")
    return list(found.order_by("-uploaded_at")[:50])


def bringing_in(community: Community, reference: UUID) -> Bringing | None:
    """One file of the body by its id."""
    found = Bringing.objects.filter(community=community, pk=reference)
    return found.select_related("community__territory", "contest", "uploaded_by").first()


def contests_that_take(community: Community) -> list[Contest]:
    """Contests that projects may be brought into: their rules are frozen, and their voting has not begun."""
    now = clock.now()
    return [
        each
        for each in contests_of(community).filter(origin="").prefetch_related("windows")
        if each.is_frozen and not ((voting := each.window("voting")) and voting.starts_at <= now)
    ]


def platform_of(contest: Contest) -> str:
    """The platform that a contest moved here from; "" for one that was held here."""
    found = ArrivedContest.objects.filter(contest=contest).values_list("arrival__platform", flat=True).first()
    return found or ""
