"""Reads of outgoing documents."""

from collections import Counter

from django.db.models import Q, QuerySet

from viche.communities.models import Community
from viche.connectors.documents.models import MOST_IN_PACKAGE, SHELF, Dispatch, Kind, Registry
from viche.connectors.documents.sources import undocumented
from viche.contests.models import Contest
from viche.foundation import private_files
from viche.projects.models import Project


def registry_of(community: Community) -> Registry | None:
    return Registry.objects.filter(community=community).first()


def documents_of(
    community: Community, *, kind: str = "", state: str = "", contest: str = "", text: str = ""
) -> QuerySet[Dispatch]:
    """The documents of the body, the newest first.

    contest: an address; text: of a title, or a number of either side.
    """
    found = Dispatch.objects.filter(community=community).select_related("contest", "project")
    if kind in Kind.values:
        found = found.filter(kind=kind)
    if state in Dispatch.State.values:
        found = found.filter(state=state)
    if contest:
        found = found.filter(contest__slug=contest)
    if text:
        named = Q(title__icontains=text) | Q(register_number__icontains=text)
        if text.isdecimal() and len(text) < 9:
            named |= Q(number=int(text)) | Q(project__number=int(text))
        found = found.filter(named)
    return found


def waiting_documents(community: Community) -> list[Dispatch]:
    """What has not left yet, the oldest first, as many as a package takes."""
    states = [Dispatch.State.WAITING, Dispatch.State.FAILED]
    found = Dispatch.objects.filter(community=community, state__in=states).order_by("year", "number")
    return list(found.only("pk", "community")[:MOST_IN_PACKAGE])


def counts_of(community: Community) -> Counter[str]:
    """How many documents stand in which state."""
    rows = Dispatch.objects.filter(community=community).order_by().values_list("state", flat=True)
    return Counter(rows)


def document_of(community: Community, reference: object) -> Dispatch | None:
    return (
        Dispatch.objects.filter(community=community, pk=reference)
        .select_related("community__territory", "contest", "project")
        .first()
    )


def content_of(document: Dispatch) -> bytes | None:
    """The PDF."""
    return private_files.content_of(document.pk, shelf=SHELF)


def not_made(contest: Contest) -> dict[str, int]:
    """How many rows of each kind have no document; kinds with none are left out. Some may lead to none."""
    counts = {kind: undocumented(contest.community, kind, contest=contest).count() for kind in Kind.values}
    return {kind: number for kind, number in counts.items() if number}


def registered_about(project: Project) -> list[Dispatch]:
    """The registered documents about a project, for everybody: their kinds, numbers and days."""
    return list(
        Dispatch.objects.filter(project=project, state=Dispatch.State.REGISTERED)
        .only("kind", "register_number", "register_date", "project")
        .order_by("register_date", "number")
    )
