"""The journal's public page."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from viche.identity.models import PLATFORM
from viche.journal.queries import entries_of, line, logs_of, stamp_in, stamps_of
from viche.portal.guards import public


@public
def journal(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, in sentences; each line with its hash; the log's size and root.

    On the platform's own pages: the log of the platform, of acts that concern no single body.
    """
    community = request.place.community  # type: ignore[attr-defined]
    logs = list(logs_of(community.code if community else PLATFORM))
    year = request.GET.get("year", "")
    log = next((each for each in logs if str(each.year) == year), logs[0] if logs else None)
    only_acts = request.GET.get("all") is None
    page = None
    if log is not None:
        entries = entries_of(log)
        if only_acts:
            entries = entries.exclude(kind="BallotSealed")
        page = Paginator(entries, 50).get_page(request.GET.get("page"))
    query = "&".join([f"year={log.year}" if log else "", "" if only_acts else "all=1"]).strip("&")
    return render(
        request,
        "portal/journal.html",
        {
            "log": log, "logs": logs, "page": page, "lines": [line(entry) for entry in page] if page else [],
            "only_acts": only_acts, "query": query, "stamps": stamps_of(log) if log is not None else [],
        },
    )  # fmt: skip


@public
def stamp(request: HttpRequest, reference: UUID, kind: str) -> HttpResponse:
    """A time stamp as the authority gave it ("tsr"), or the very bytes it is of ("json")."""
    community = request.place.community  # type: ignore[attr-defined]
    found = stamp_in(community.code if community else PLATFORM, reference)
    if found is None:
        raise Http404(reference)
    is_token = kind == "tsr"
    response = HttpResponse(
        bytes(found.token) if is_token else found.document,
        content_type="application/timestamp-reply" if is_token else "application/json",
    )
    response["Content-Disposition"] = f'attachment; filename="journal-{found.day:%Y-%m-%d}.{kind}"'
    return response
