"""The public figures of a contest: one page, each figure as a picture, a table, a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from viche.contests.models import Contest
from viche.portal.contest_page import contest_facts
from viche.portal.figure_files import JSON, figure_answer
from viche.portal.figure_sources import sources_of
from viche.portal.figures_page import grouped_figures, shown
from viche.portal.guards import in_contest, public
from viche.reports.designing.queries import figures_on
from viche.reports.downloads import MEDIA_TYPES, file_of
from viche.reports.figure import Figure
from viche.reports.files import json_of
from viche.reports.queries import figure_of, figures_of
from viche.reports.telling import sentence_of

FIRST = ("course", "satisfaction", "rules-compared")
"""What is said in sentences at the head of the page."""


@public
@in_contest
def figures(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Everything that is counted of this contest, as far as its regulation shows it by now."""
    found = figures_of(contest)
    summary = next((each for each in found if each.key == "summary"), None)
    return render(
        request,
        "portal/reports/figures.html",
        {
            **contest_facts(contest), "groups": grouped_figures(found),
            "designed": [shown(each) for each in figures_on(contest)],
            "as_of": max((each.as_of for each in found), default=None),
            "summary": _headlines(summary) if summary else [],
            "said": [sentence for each in found if each.key in FIRST and (sentence := sentence_of(each))],
        },
    )  # fmt: skip


def _headlines(summary: Figure) -> list[tuple[str, str]]:
    """The few numbers a reader wants first, those that are known."""
    wanted = ("published", "voters", "won", "won_amount", "built")
    pairs = zip(summary.columns, summary.rows[0].values, strict=True)
    return [
        (str(column.title), summary.text(column, value))
        for column, value in pairs
        if column.key in wanted and value not in (None, 0)
    ]


@public
@in_contest
def figure(request: HttpRequest, contest: Contest, name: str) -> HttpResponse:
    """One figure by itself: large, with every number, to link to."""
    found = _found(contest, name)
    return render(
        request,
        "portal/reports/figure.html",
        {
            **contest_facts(contest), "shown": shown(found), "figure": found,
            "sources": sources_of(request, contest, found),
        },
    )  # fmt: skip


@public
@in_contest
def figure_file(request: HttpRequest, contest: Contest, name: str, kind: str) -> HttpResponse:
    """One figure as a file: CSV, JSON, a workbook, PDF/A or the picture."""
    found = _found(contest, name)
    if kind in MEDIA_TYPES:
        return _attached(contest, [found], kind, found.key)
    return figure_answer(
        found, kind, stem=f"{contest.slug}-{found.key}", title=contest.name, contest=contest.slug
    )


@public
@in_contest
def figures_document(request: HttpRequest, contest: Contest) -> HttpResponse:
    """All figures as one JSON document."""
    return HttpResponse(json_of(figures_of(contest), contest=contest.slug), content_type=JSON)


@public
@in_contest
def figures_file(request: HttpRequest, contest: Contest, kind: str) -> HttpResponse:
    """All figures as a workbook or as PDF/A."""
    found = figures_of(contest)
    if not found:
        raise Http404(kind)
    return _attached(contest, found, kind, "figures")


def _attached(contest: Contest, figures: list[Figure], kind: str, name: str) -> HttpResponse:
    response = HttpResponse(file_of(contest, figures, kind, name=name), content_type=MEDIA_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{contest.slug}-{name}.{kind}"'
    return response


def _found(contest: Contest, name: str) -> Figure:
    found = figure_of(contest, name)
    if found is None:
        raise Http404(name)
    return found
