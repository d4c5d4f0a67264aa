"""Reads of leaving."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.export.models import Export, Leaving
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import PLATFORM, Role


def open_leaving(community: Community) -> Leaving | None:
    """The request to leave that waits for the second official."""
    return (
        Leaving.objects.filter(community=community, confirmed_at__isnull=True, cancelled_at__isnull=True)
        .select_related("asked_by", "community__territory")
        .first()
    )


def waiting_leavings() -> list[Leaving]:
    """What waits for a second official on the whole platform, the oldest first."""
    waiting = Leaving.objects.filter(confirmed_at__isnull=True, cancelled_at__isnull=True)
    return list(waiting.select_related("asked_by", "community__territory").order_by("asked_at"))


def last_leaving(community: Community) -> Leaving | None:
    """The confirmed act by which an archived body left."""
    done = Leaving.objects.filter(community=community, confirmed_at__isnull=False)
    return done.select_related("asked_by", "confirmed_by").order_by("-confirmed_at").first()


def running_contests(community: Community) -> list[Contest]:
    """Contests between the beginning of their first phase and the publication of their result, if the rules are
    frozen: citizens rely on them.
    """
    now = clock.now()
    return [
        contest
        for contest in contests_of(community).filter(publication__isnull=True)
        if contest.is_frozen and contest.schedule and contest.schedule[0].starts_at <= now
    ]


def latest_export(community: Community) -> Export | None:
    """The newest archive, made or being made."""
    return Export.objects.filter(community=community).order_by("-asked_at").first()


def may_download(community: Community, by: Actor) -> bool:
    """Whether the actor may have the archive: the body's administrators and the platform's."""
    return by.holds(Role.ADMINISTRATOR, community=community.code) or by.holds(
        Role.PLATFORM, community=PLATFORM
    )


def needs_second(export: Export | None) -> bool:
    """Whether the archive waits for a second official before it may be taken."""
    return export is not None and export.agreed_at is None


def file_of(export: Export) -> Path | None:
    """The archive on disk; None while it is being made and after it has expired."""
    if export.made_at is None or export.expires_at is None or export.expires_at <= clock.now():
        return None
    path = Path(settings.EXPORTS_DIR) / export.name
    return path if path.exists() else None


def file_to_take(community: Community) -> Path | None:
    """The newest archive on disk, once a second official has agreed to it. Refused: second_needed."""
    export = latest_export(community)
    path = file_of(export) if export else None
    if path is not None and needs_second(export):
        raise Refused(
            "second_needed",
            _("The archive holds personal data: another administrator, or the platform, has to agree first."),
            status=409,
        )
    return path


def archived_communities() -> list[Community]:
    """Bodies that have left, the latest first."""
    gone = Community.objects.filter(archived_at__isnull=False).select_related("territory")
    return list(gone.order_by("-archived_at"))
