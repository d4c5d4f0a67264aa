"""Reports that a body's officials designed and show to everybody; the link that ends an official's letters."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.communities.models import Community
from viche.foundation.refused import Refused
from viche.portal.figure_files import figure_answer
from viche.portal.figures_page import shown
from viche.portal.guards import public
from viche.reports.designing.actions import end_reading
from viche.reports.designing.queries import figure_of_report, public_figures, public_report, reader_by_token
from viche.reports.figure import Figure


@public
def designed(request: HttpRequest) -> HttpResponse:
    """The body's own reports, one under another."""
    figures = public_figures(request.place.community)  # type: ignore[attr-defined]
    return render(request, "portal/reports/designed.html", {"figures": [shown(each) for each in figures]})


@public
def designed_figure(request: HttpRequest, name: str) -> HttpResponse:
    """One report by itself."""
    figure = _found(request.place.community, name)  # type: ignore[attr-defined]
    return render(request, "portal/reports/designed_figure.html", {"shown": shown(figure), "figure": figure})


@public
def designed_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """One report as a file."""
    community = request.place.community  # type: ignore[attr-defined]
    figure = _found(community, name)
    return figure_answer(
        figure, kind, stem=f"{community.slug}-{figure.key}", title=figure.title, community=community.code
    )


def _found(community: Community, name: str) -> Figure:
    report = public_report(community, name)
    if report is None:
        raise Http404(name)
    try:
        return figure_of_report(report)
    except Refused:
        # what it was made of is gone; its officials are told on their page
        raise Http404(name) from None


@public
@csrf_exempt
def end_letters(request: HttpRequest, name: str) -> HttpResponse:
    """Ends the letters of one report to one official, without identification. Mail programs send the form themselves
    (RFC 8058), so no token of ours is in it: the link's secret is the permission.
    """
    reader = reader_by_token(name)
    if reader is None or reader.schedule.report.community_id != request.place.community.pk:  # type: ignore[attr-defined]
        raise Http404("letters")
    heading, text, button = _("No more of this report?"), reader.schedule.report.heading, _("No more letters")
    if request.method == "POST" or reader.left_at is not None:
        end_reading(reader=reader)
        heading, text, button = _("No more letters come"), _("This report is not sent to you any more."), ""
    response = render(
        request, "portal/reports/letters_end.html", {"heading": heading, "text": text, "button": button}
    )
    response["Cache-Control"] = "no-store"
    return response
