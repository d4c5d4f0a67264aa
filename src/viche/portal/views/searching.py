"""Projects as a list, on a map, as a file for other programs; and the search over all contests of a body."""

import secrets
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from viche.contests.models import Contest
from viche.portal.contest_page import contest_facts, contest_url, standing
from viche.portal.guards import in_contest, public
from viche.portal.map_page import drawing
from viche.portal.project_page import following
from viche.portal.search_page import Asked, asked, findings
from viche.portal.views.projects import card
from viche.projects.finding import Scope
from viche.projects.grid import grid

PAGE = 24


def _seed(request: HttpRequest) -> str:
    return request.GET.get("seed", "").replace("\x00", "")[:16] or secrets.token_hex(4)


def _page(request: HttpRequest, search: Asked) -> Any:
    found = search.found.projects.select_related("territory", "contest__community__territory")
    return Paginator(found.prefetch_related("pictures"), PAGE).get_page(request.GET.get("page"))


@public
@in_contest
def projects(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The list: search, filters, a fair random order that stays the same while one turns pages."""
    search = asked(request, Scope(contest.community, contest), seed=_seed(request))
    page = _page(request, search)
    return render(
        request,
        "portal/projects.html",
        {
            **search.context, "contest": contest, "page": page, "facts": contest_facts(contest),
            "cards": [card(contest, project, **findings(project, search)) for project in page],
            "follow": following.of_search(request, contest), "page_href": contest_url(contest, "projects"),
        },
    )  # fmt: skip


@public
@in_contest
def projects_map(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The same projects on a schematic map, the list of those it shows beside it."""
    search = asked(request, Scope(contest.community, contest), seed=_seed(request))
    found = grid(search.found.projects, search.filters.box)
    kept = {name: value for name, value in request.GET.items() if value and name not in {"page", "box"}}
    page = _page(request, search)
    return render(
        request,
        "portal/projects_map.html",
        {
            **search.context, "contest": contest, "page": page, "facts": standing(contest),
            "map": drawing(contest, *found, kept) if found else None,
            "cards": [card(contest, project, **findings(project, search)) for project in page],
            "page_href": contest_url(contest, "projects-map"),
        },
    )  # fmt: skip


@public
@in_contest
def projects_geojson(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Located projects as GeoJSON (RFC 7946), by the same filters; for anybody's maps."""
    search = asked(request, Scope(contest.community, contest), seed="", counts=False)
    rows = search.found.projects.filter(latitude__isnull=False, longitude__isnull=False).values_list(
        "number", "title", "latitude", "longitude", "state", "category", "cost", "place_name"
    )
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(longitude), float(latitude)]},
            "properties": {
                "number": number, "title": title, "state": state, "category": category, "cost": cost,
                "currency": contest.currency, "place": place,
                "url": request.build_absolute_uri(contest_url(contest, "project", number)),
            },
        }
        for number, title, latitude, longitude, state, category, cost, place in rows
    ]  # fmt: skip
    response = JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
def search(request: HttpRequest) -> HttpResponse:
    """Over all contests of the body: what was proposed, won and built in former years too."""
    community = request.place.community  # type: ignore[attr-defined]
    if community is None:
        raise Http404
    search = asked(request, Scope(community), seed=_seed(request))
    page = _page(request, search)
    cards = [
        {**card(each.contest, each, **findings(each, search)), "contest_name": each.contest.name}
        for each in page
    ]
    return render(
        request, "portal/search.html", {**search.context, "page": page, "cards": cards, "page_href": ""}
    )
