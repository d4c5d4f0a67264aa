"""The archive for researchers: one download of a contest, or of all contests of a body, and what is in it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from viche.ballots.queries import turnouts
from viche.communities.models import Community, localised
from viche.connectors.open_data.queries import is_published, licence_of
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.portal.guards import in_contest, public
from viche.portal.open_data_page import AT_ONCE
from viche.portal.views.open_data import kept_file
from viche.reports.research.actions import prepare_archive
from viche.reports.research.package import package_name, package_page, package_title
from viche.reports.research.queries import Archive, contests_in, written_archive
from viche.reports.research.tables import TABLES

ZIP = "application/zip"


@public
@in_contest
def contest_research(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What is in the archive of a contest: tables, columns, how to begin."""
    return _page(request, contest)


@public
@in_contest
def contest_archive(request: HttpRequest, contest: Contest) -> HttpResponseBase:
    """Everything about one contest as a ZIP of Parquet files."""
    return _file(request, contest)


@public
def research(request: HttpRequest) -> HttpResponse:
    """What is in the archive of all contests of a body."""
    return _page(request, _body(request))


@public
def archive(request: HttpRequest) -> HttpResponseBase:
    """Everything about all contests of a body as a ZIP of Parquet files."""
    return _file(request, _body(request))


def _body(request: HttpRequest) -> Community:
    community: Community | None = request.place.community  # type: ignore[attr-defined]
    if community is None:
        raise Http404
    return community


def _at_hand(of: Contest | Community) -> Archive:
    """The archive, written now where that is quick. Refused: being_written."""
    found = written_archive(of)
    if found is not None:
        return found
    missing = [each for each in contests_in(of) if is_published(each) and written_archive(each) is None]
    if sum(turnouts(missing).values()) > AT_ONCE:
        raise Refused(
            "being_written", _("The archive is being written: it is here in some minutes."), status=503
        )
    return prepare_archive(of=of)


def _file(request: HttpRequest, of: Contest | Community) -> HttpResponseBase:
    return kept_file(request, _at_hand(of), lambda: _at_hand(of), f"{package_name(of)}.zip", ZIP)


def _page(request: HttpRequest, of: Contest | Community) -> HttpResponse:
    found, why_waits = None, ""
    try:
        found = _at_hand(of)
    except Refused as refused:
        why_waits = refused.message
    rows: dict[str, int] = dict(found.rows) if found is not None else {}
    context: dict[str, Any] = {
        "contest": of if isinstance(of, Contest) else None, "archive": found, "why_waits": why_waits,
        "title": localised(dict(package_title(of))), "name": package_name(of), "address": package_page(of),
        "licence": licence_of(of.community if isinstance(of, Contest) else of),
        "tables": [
            {
                "name": table.name, "title": localised(dict(table.titles)), "says": localised(dict(table.says)),
                "rows": rows.get(table.name),
                "columns": [
                    {"name": each.name, "type": str(each.type), "says": localised(dict(each.says)),
                     "unit": localised(dict(each.unit)) if each.unit else ""}
                    for each in table.columns
                ],
            }
            for table in TABLES
        ],
    }  # fmt: skip
    return render(request, "portal/reports/research.html", context)
