"""The journal's public page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.identity.models import PLATFORM
from viche.journal.queries import entries_of, line, logs_of
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
            "only_acts": only_acts, "query": query,
        },
    )  # fmt: skip
