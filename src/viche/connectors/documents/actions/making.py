"""Documents made of what was decided: one of each source, numbered without gaps."""

from collections.abc import Collection
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import override

from viche.communities.models import Community
from viche.connectors.documents.actions.setting import held_registry
from viche.connectors.documents.events import DocumentMade
from viche.connectors.documents.guards import registrar_only
from viche.connectors.documents.models import SHELF, Dispatch, Kind, Registry
from viche.connectors.documents.printing import document_pdf
from viche.connectors.documents.sources import undocumented, written_of
from viche.connectors.documents.writing import Written
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.clock import KYIV
from viche.foundation.ids import uuid7
from viche.journal import actions as journal

MOST = 200
"""Documents made in one go: a press of a button, or a round of the job."""


def make_documents(*, contest: Contest, kinds: Collection[str], by: Actor) -> int:
    """Make what is not made yet of these kinds in a contest, at most MOST; how many.

    Each in a transaction of its own with the registry locked; journal: DocumentMade. Refused: not_registrar, archived.
    """
    community = contest.community
    registrar_only(community, by)
    made = 0
    for kind in Kind.values:
        if kind in kinds and made < MOST:
            made += _made_of(community, kind, undocumented(community, kind, contest=contest), MOST - made, by)
    return made


def make_due_documents() -> int:
    """Make what the bodies have said is made by itself, of what happened since then; how many."""
    made = 0
    registries = Registry.objects.exclude(makes=[]).filter(community__archived_at__isnull=True)
    for registry in registries.select_related("community__territory"):
        for kind in registry.makes:
            rows = undocumented(registry.community, kind, since=registry.since)
            made += _made_of(registry.community, kind, rows, MOST, SYSTEM)
    return made


def _made_of(community: Community, kind: str, rows: QuerySet[Any], most: int, by: Actor) -> int:
    """Make the documents of rows, at most so many. Rows that lead to none stand in nobody's way."""
    found = islice(written_of(kind, rows.iterator(chunk_size=MOST)), most)
    return sum(_made(community, kind, source, written, by) for source, written in found)


def _made(community: Community, kind: str, source: str, written: Written, by: Actor) -> bool:
    """Make one document; False where a colleague has made it meanwhile."""
    key = uuid7()
    try:
        with transaction.atomic():
            registry = held_registry(community)
            if Dispatch.objects.filter(community=community, kind=kind, source=source).exists():
                return False
            number = _next_number(registry)
            _keep(community, kind, source, written, registry, number, key, by)
    except BaseException:
        private_files.forget(key, shelf=SHELF)
        raise
    return True


def _next_number(registry: Registry) -> int:
    year = clock.year()
    registry.last_number = registry.last_number + 1 if registry.year == year else 1
    registry.year = year
    registry.save(update_fields=["year", "last_number"])
    return registry.last_number


def _keep(
    community: Community, kind: str, source: str, written: Written, registry: Registry, number: int, key: object,
    by: Actor,
) -> None:  # fmt: skip
    now = clock.now()
    with override("uk"):
        day = date_format(now.astimezone(KYIV).date(), "j E Y")
    content, pages = document_pdf(
        written, number=f"{number}/{registry.year}", day=day, executor=registry.executor
    )
    document = Dispatch.objects.create(
        id=key, community=community, contest=written.contest, project=written.project, kind=kind, source=source,
        year=registry.year, number=number, title=written.title, addressee=written.addressee,
        text="\n".join(written.lines), made_by_id=by.person_id, made_at=now, next_at=now,
        digest=sha256(content).hexdigest(), size=len(content), pages=pages,
    )  # fmt: skip
    private_files.keep(document.pk, content, shelf=SHELF)
    journal.append(
        DocumentMade(
            document=str(document.pk), kind=kind, ours=document.our_number, digest=document.digest
        ),
        community=community.code, year=clock.year(), by=by,
    )  # fmt: skip
