"""Copies kept fresh on the server: the read-only site that the proxy shows when the live one is down."""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.communities.queries import connected_communities
from viche.connectors.record.queries import record_archive
from viche.connectors.website.copies.writing import Report, write_copy
from viche.connectors.website.models import SiteCopy
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal.queries import logs_of

log = logging.getLogger("viche.website")

# a copy of a large city takes minutes; a worker that died is not waited for longer
LEASE = timedelta(hours=2)
OLDEST = timedelta(days=1)


def want_copy(*, community: Community, by: Actor) -> None:
    """Have the body's copy made anew in the next minute; no journal entry: what a copy holds is all public.

    Refused: not_administrator, no_copies (the installation keeps none).
    """
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    if not settings.STATIC_COPIES_DIR:
        raise Refused("no_copies", _("This server keeps no copies: its operator names a folder for them."))
    SiteCopy.objects.update_or_create(community=community, defaults={"wanted_at": clock.now()})


def copy_of(community: Community) -> SiteCopy | None:
    """How the body's copy stands; None where none was ever made."""
    return SiteCopy.objects.filter(community=community).first()


def mark_of(community: Community, contests: list[Contest]) -> str:
    """How far the published journal and the records of a body are: the cursor of its copy."""
    logs = [f"{log.address}:{log.published_size}" for log in logs_of(community.code)]
    return f"{','.join(logs)};{sum(record_archive(each) is not None for each in contests)}"[:500]


def refresh_copies() -> int:
    """Make the copy of every body whose journal moved on since, at most every COPIES_MINUTES; how many were made.

    Two workers never write one body's copy: its row is taken first. One that fails stops no other, and is tried again
    after the same pause.
    """
    made = 0
    if not settings.STATIC_COPIES_DIR:
        return made
    for community in connected_communities():
        contests = list(opened_contests_of(community))
        mark = mark_of(community, contests)
        if contests and _taken(community, mark):
            made += _made(community, contests, mark)
    return made


def _taken(community: Community, mark: str) -> bool:
    now = clock.now()
    pause = now - timedelta(minutes=settings.STATIC_COPIES_MINUTES)
    SiteCopy.objects.get_or_create(community=community)
    idle = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    rested = (Q(made_at__isnull=True) | Q(made_at__lte=pause)) & (
        Q(fault_at__isnull=True) | Q(fault_at__lte=pause)
    )
    # what is erased or taken back moves no journal of the body: no copy is older than a day
    is_old = Q(made_at__lte=now - OLDEST)
    due = Q(wanted_at__isnull=False) | ((~Q(mark=mark) | is_old) & rested)
    return bool(SiteCopy.objects.filter(idle, due, community=community).update(taken_until=now + LEASE))


def _made(community: Community, contests: list[Contest], mark: str) -> bool:
    """Write the copy; only then the mark moves on, so that a worker that is killed leaves it due."""
    mine, begun = SiteCopy.objects.filter(community=community), clock.now()
    try:
        report: Report = write_copy(
            folder=Path(settings.STATIC_COPIES_DIR), contests=contests, keeps_others=True
        )
    except (Refused, OSError) as fault:
        code = fault.code if isinstance(fault, Refused) else "disk"
        log.warning("no copy of %s: %s", community.slug, fault)
        mine.update(taken_until=None, fault=code, fault_at=clock.now(), mark="", wanted_at=None)
        return False
    except Exception:  # a fault of ours must not stop the copies of others
        log.exception("no copy of %s", community.slug)
        mine.update(taken_until=None, fault="fault", fault_at=clock.now(), mark="", wanted_at=None)
        return False
    with transaction.atomic():
        mine.update(
            taken_until=None, made_at=clock.now(), files=report.files, size=report.size, written=report.written,
            fault="", fault_at=None, mark=mark,
        )  # fmt: skip
        # asked for again meanwhile: made again
        mine.filter(wanted_at__lte=begun).update(wanted_at=None)
    return True
