"""What documents are made of: decisions, requests, opinions, meetings, results, works that have no document yet."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from viche.communities.models import Community
from viche.connectors.documents import writing
from viche.connectors.documents.models import Dispatch, Kind
from viche.connectors.documents.writing import Written
from viche.contests.models import Contest
from viche.projects.models import Delivery
from viche.results.models import Publication
from viche.review.models import Assignment, Decision, Meeting, Opinion

_PROJECT = "project__contest__community__territory"
# (rows of a body, the name of their moment, the path to the contest, what is written of one)
_SOURCES: dict[str, tuple[str, Callable[[], QuerySet[Any]], str, str, Callable[[Any], Written | None]]] = {
    Kind.ANSWER: (
        "decision", lambda: Decision.objects.exclude(verdict="reopened").select_related(_PROJECT), "decided_at",
        "project__contest", writing.answer,
    ),
    Kind.REQUEST: (
        "assignment", lambda: Assignment.objects.exclude(state="ended").select_related(_PROJECT), "assigned_at",
        "project__contest", writing.request,
    ),
    Kind.OPINION: (
        "opinion",
        lambda: Opinion.objects.filter(given_at__isnull=False).select_related(f"assignment__{_PROJECT}"),
        "given_at", "assignment__project__contest", writing.opinion,
    ),
    Kind.PROTOCOL: (
        "meeting",
        lambda: Meeting.objects.filter(
            chair_approved_at__isnull=False, secretary_approved_at__isnull=False
        ).select_related("contest__community__territory"),
        "closed_at", "contest", writing.protocol,
    ),
    Kind.RESULT: (
        "publication", lambda: Publication.objects.select_related("contest__community__territory", "count"),
        "published_at", "contest", writing.result,
    ),
    Kind.ORDER: (
        "work", lambda: Delivery.objects.select_related(_PROJECT), "moved_at", "project__contest", writing.order,
    ),
}  # fmt: skip


def source_of(kind: str, reference: object) -> str:
    """What Dispatch.source says of a row."""
    return f"{_SOURCES[kind][0]}:{reference}"


def undocumented(
    community: Community, kind: str, *, contest: Contest | None = None, since: datetime | None = None
) -> QuerySet[Any]:
    """Rows of which no document of the kind is made, the oldest first. since: only what happened from then on."""
    word, rows, moment, way, _write = _SOURCES[kind]
    made = Dispatch.objects.filter(
        community=community, kind=kind,
        source=Concat(Value(f"{word}:"), Cast(OuterRef("pk"), CharField()), output_field=CharField()),
    )  # fmt: skip
    found = rows().filter(~Exists(made), **{f"{way}__community": community})
    if contest is not None:
        found = found.filter(**{way: contest})
    if since is not None:
        found = found.filter(**{f"{moment}__gte": since})
    return found.order_by(moment, "pk")


def written_of(kind: str, rows: Iterable[Any]) -> Iterator[tuple[str, Written]]:
    """(source, document) of the rows that lead to one."""
    write = _SOURCES[kind][4]
    for row in rows:
        found = write(row)
        if found is not None:
            yield source_of(kind, row.pk), found
