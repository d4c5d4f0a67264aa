"""Looks at public pages, kept until they are sent to the body's analytics; sent in batches by a job."""

import time
from datetime import timedelta
from uuid import UUID

from viche.communities.models import Community
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds.analytics.kinds import KINDS, sender_of
from viche.connectors.systems.models import SeenPage, System
from viche.foundation import clock
from viche.foundation.outgoing import Unreachable
from viche.foundation.sealing import SealBroken

WAITS = timedelta(days=1)
MOST_WAITING, BATCH, BATCHES = 20_000, 100, 10
KNOWN_SECONDS, ROUND_SECONDS = 60, 30
_known: dict[str, tuple[int, dict[UUID, UUID]]] = {}


def forget_known() -> None:
    """Look at the database again: tests, and whoever has just connected a system."""
    _known.clear()


def _connected() -> dict[UUID, UUID]:
    """Systems of analytics by body; looked up once a minute in a process, so that no page costs a query for it."""
    now = time.monotonic_ns() // 1_000_000_000
    found = _known.get("")
    if found is None or now - found[0] >= KNOWN_SECONDS:
        rows = System.objects.filter(
            kind__in=[kind.name for kind in KINDS], is_on=True, community__archived_at__isnull=True
        )
        found = _known[""] = (now, dict(rows.values_list("community_id", "pk")))
    return found[1]


def record_page(*, community: Community, host: str, path: str, referrer: str) -> bool:
    """Keep one look at a page, where the body has connected analytics; whether it was kept.

    No lock, no journal: nothing of a person is in it. A system that was removed meanwhile is forgotten.
    """
    system = _connected().get(community.pk)
    if system is None or not System.objects.filter(pk=system, is_on=True).exists():
        return False
    SeenPage.objects.create(
        system_id=system, host=host[:120], path=path[:300], referrer=referrer[:120], at=clock.now()
    )
    return True


def send_pages() -> int:
    """Send what waits, in batches, oldest first; how many pages left. What was sent is deleted at once.

    A neighbour that does not answer keeps its own pages waiting; beyond MOST_WAITING the oldest are dropped. A round
    ends after ROUND_SECONDS, and begins with another neighbour each time: slow ones keep nobody else from its pages.
    """
    sent, begun = 0, time.monotonic()
    waiting = System.objects.filter(pk__in=SeenPage.objects.values("system")).select_related("community")
    for system in waiting.order_by("?"):
        for _number in range(BATCHES):
            if time.monotonic() - begun > ROUND_SECONDS:
                break
            batch = list(system.seen_pages.all()[:BATCH])
            if not batch or not system.is_on:
                break
            gone: list[UUID] = []
            try:
                call(
                    system,
                    "pages",
                    lambda each=system, pages=batch, done=gone: sender_of(each)(each, pages, done),
                )
            except (NeighbourDown, NeighbourFault, Unreachable, SealBroken):
                batch = []
            SeenPage.objects.filter(pk__in=gone).delete()
            sent += len(gone)
            if not batch:
                break
        _drop_beyond(system)
    return sent


def _drop_beyond(system: System) -> None:
    first_kept = system.seen_pages.order_by("-at", "-id").values_list("at", flat=True)[MOST_WAITING:]
    if (moment := next(iter(first_kept[:1]), None)) is not None:
        system.seen_pages.filter(at__lte=moment).delete()


def delete_old_pages() -> int:
    """Delete what could not be sent within WAITS; how many."""
    number, _models = SeenPage.objects.filter(at__lt=clock.now() - WAITS).delete()
    return number
