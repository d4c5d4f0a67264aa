"""Reading connected sites and what was pushed there."""

from uuid import UUID

from django.db.models import Prefetch

from viche.communities.models import Community
from viche.connectors.website.models import Push, PushTarget
from viche.connectors.website.pushing.sealing import opened
from viche.connectors.website.pushing.sites import Site
from viche.results.models import Publication


def targets_of(community: Community) -> list[PushTarget]:
    """The connected sites of a body, each with its pushes."""
    pushes = Push.objects.select_related("contest")
    return list(
        PushTarget.objects.filter(community=community).prefetch_related(Prefetch("pushes", queryset=pushes))
    )


def target_of(community: Community, reference: UUID) -> PushTarget | None:
    return PushTarget.objects.filter(community=community, pk=reference).select_related("community").first()


def published_results(community: Community) -> list[Publication]:
    """The published results of a body, the latest first."""
    found = Publication.objects.filter(contest__community=community).select_related("contest")
    return list(found.order_by("-published_at"))


def pushes_to(target: PushTarget) -> dict[UUID, Push]:
    """What was pushed to a site, by the contest."""
    return {push.contest_id: push for push in target.pushes.all()}


def site_of(target: PushTarget, key: str = "") -> Site:
    """Where to push and as whom, with the secret opened. Raises SealBroken."""
    return Site(target.address, target.user, opened(target.secret, target.pk), key or target.pk.hex)
