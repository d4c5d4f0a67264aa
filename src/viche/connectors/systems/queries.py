"""Reads of connected systems: for officials, and for the rooms that use one."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from viche.communities.models import Community
from viche.connectors.systems.models import System, SystemCall
from viche.connectors.systems.sealing import opened
from viche.foundation import clock
from viche.foundation.sealing import SealBroken

RECENT = timedelta(hours=24)


def systems_of(community: Community) -> list[System]:
    """Every connected system of the body, each with last_at, last_outcome, recent (calls of a day) and failed."""
    last = SystemCall.objects.filter(system=OuterRef("pk")).order_by("-at", "-id")
    recent = Q(calls__at__gte=clock.now() - RECENT)
    return list(
        System.objects.filter(community=community).annotate(
            last_at=Subquery(last.values("at")[:1]),
            last_outcome=Subquery(last.values("outcome")[:1]),
            recent=Count("calls", filter=recent),
            failed=Count("calls", filter=recent & ~Q(calls__outcome="ok")),
        )
    )


def system_of(community: Community, reference: object) -> System | None:
    """One connected system of the body."""
    return System.objects.filter(community=community, pk=reference).select_related("community").first()


def calls_of(system: System) -> QuerySet[SystemCall]:
    """The log of its calls, the newest first."""
    return system.calls.order_by("-at", "-id")


def system_in_use(community: Community, *kinds: str) -> System | None:
    """The body's system of one of these kinds that is switched on, the earliest; None where there is none."""
    return (
        System.objects.filter(community=community, kind__in=kinds, is_on=True)
        .select_related("community")
        .order_by("made_at")
        .first()
    )


def secrets_of(system: System) -> dict[str, Any]:
    """The secrets of the system by field, for the call itself. Raises SealBroken."""
    return opened(system.secret, system.pk)


def kept_secrets(system: System) -> frozenset[str]:
    """Which of the fields hold a secret; none where the seal is broken and all must be typed again."""
    try:
        return frozenset(opened(system.secret, system.pk))
    except SealBroken:
        return frozenset()
