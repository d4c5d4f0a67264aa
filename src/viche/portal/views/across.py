"""Many contests at once: Ukraine and its regions, the years of a body, a body among similar ones."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from viche.communities.models import Community, Territory
from viche.portal.across_page import asked_year, body_links, overview_facts, small_pictures, year_tabs
from viche.portal.contest_page import community_prefix
from viche.portal.figure_files import figure_answer
from viche.portal.figures_page import shown
from viche.portal.guards import public
from viche.reports.across import COUNTRY, YEARS, compared, overview, territory_shown, years_of


@public
def regions(request: HttpRequest) -> HttpResponse:
    """Ukraine in one year: a map and a table of its regions."""
    return _territory(request, None)


@public
def region(request: HttpRequest, name: str) -> HttpResponse:
    """One region or district in one year: its parts and its bodies."""
    if name == COUNTRY:
        return HttpResponseRedirect(reverse("regions"))
    return _territory(request, _shown(name))


def _shown(name: str) -> Territory:
    found = territory_shown(name)
    if found is None:
        raise Http404(name)
    return found


def _territory(request: HttpRequest, territory: Territory | None) -> HttpResponse:
    facts = overview_facts(overview(territory, year=asked_year(request)), request.GET.get("by", ""))
    return render(request, "portal/reports/regions.html", facts)


@public
def region_file(request: HttpRequest, name: str, of: str, kind: str) -> HttpResponse:
    """The parts or the bodies of a territory in a year as a file; ?by= names what the picture shows."""
    territory = None if name == COUNTRY else _shown(name)
    view = overview(territory, year=asked_year(request))
    by = request.GET.get("by", "")
    figure = view.bodies() if of == "bodies" else view.parts()
    if figure is not None and by in {column.key for column in figure.columns}:
        figure = replace(figure, drawn=(by,))
    title = territory.full_name if territory else figure.title if figure else name
    return figure_answer(
        figure, kind, stem=f"{name}-{view.year}-{of}", title=title, territory=name, year=view.year
    )


def _here(request: HttpRequest) -> Community:
    community: Community = request.place.community  # type: ignore[attr-defined]
    return community


@public
def years(request: HttpRequest) -> HttpResponse:
    """The contests of the body side by side."""
    community = _here(request)
    figure = years_of(community)
    prefix = community_prefix(community)
    table = None
    if figure is not None:
        table = shown(replace(figure, links={key: f"{prefix}{href}" for key, href in figure.links.items()}))
    return render(
        request,
        "portal/reports/years.html",
        {"community": community, "table": table, "figure": figure, "pictures": small_pictures(community)},
    )


@public
def years_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The years as a file; ?by= names what the picture shows."""
    community = _here(request)
    by = request.GET.get("by", "")
    figure = years_of(community, drawn=by if by in {column.key for column in YEARS} else "voters")
    stem = f"{community.slug}-years"
    return figure_answer(figure, kind, stem=stem, title=community.title, community=community.slug)


@public
def compared_page(request: HttpRequest) -> HttpResponse:
    """The body among similar ones."""
    community = _here(request)
    found = compared(community, year=asked_year(request))
    facts = {"community": community, "found": found}
    if found is not None:
        facts["years"] = year_tabs(found.years, found.year)
        if found.quarters is not None and found.bodies is not None:
            facts["quarters"] = shown(found.quarters)
            facts["bodies"] = shown(body_links(found.bodies, found.communities))
    return render(request, "portal/reports/compared.html", facts)


@public
def compared_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The quarters of the similar bodies as a file."""
    community = _here(request)
    found = compared(community, year=asked_year(request))
    return figure_answer(
        found.quarters if found else None, kind, stem=f"{community.slug}-{found.year if found else 0}-compared",
        title=community.title, community=community.slug,
    )  # fmt: skip
