"""The platform's start page and a community's home."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from viche.communities.models import Community, Territory
from viche.communities.queries import (
    communities_named,
    communities_of,
    connected_communities,
    territories_named,
)
from viche.contests.queries import opened_contests_of, with_opened_contests
from viche.foundation import cookies
from viche.foundation.colours import brand_stylesheet
from viche.identity.consents.wording import NAMES
from viche.portal.bodies_page import inside_facts
from viche.portal.contest_page import community_prefix, contest_facts, most_urgent, standing
from viche.portal.guards import public
from viche.portal.project_page import following
from viche.portal.themes import THEMES
from viche.portal.views import legal
from viche.reports.designing.queries import has_public_reports

PAGES = frozenset({"about", "receipt"})
# how many contests a community's home describes; each takes a handful of queries
LATEST = 8


@public
def start(request: HttpRequest) -> HttpResponse:
    """Anyone finds their community by name: the body itself, or those above the settlement they typed."""
    text = request.GET.get("q", "").strip()[:80]
    connected = with_opened_contests(connected_communities().filter(archived_at=None))
    found = []
    if text:
        for territory in territories_named(text):
            bodies = [(body, community_prefix(body)) for body in communities_of(territory)]
            found.append({"territory": territory, "where": where(territory), "bodies": bodies})
        known = {body.pk for each in found for body, _prefix in each["bodies"]}
        for body in communities_named(text):
            if body.pk not in known:
                own = {"territory": body.territory, "where": where(body.territory)}
                found.append({**own, "bodies": [(body, community_prefix(body))]})
        found.sort(key=lambda each: not each["bodies"])
    cards = [
        {"community": each, "href": community_prefix(each), "contests": _current(each)} for each in connected
    ]
    return render(request, "portal/start.html", {"text": text, "found": found, "cards": cards})


def where(territory: Territory) -> str:
    """The chain above a territory: «Полтавський район, Полтавська область»."""
    names = []
    above = territory.parent
    while above is not None:
        names.append(above.full_name)
        above = above.parent
    return ", ".join(names)


def _current(community: Community) -> list[dict[str, object]]:
    """Two contests of a body, the urgent before the new; they were read together with all others'."""
    newest = sorted(community.contests.all(), key=lambda each: (each.year, each.created_at), reverse=True)
    return most_urgent([standing(contest) for contest in newest[:LATEST]])[:2]


@public
def home(request: HttpRequest) -> HttpResponse:
    """A community's home: its contests, the running ones first; of old ones only the names."""
    community = request.place.community  # type: ignore[attr-defined]
    every = list(opened_contests_of(community))
    contests = [contest_facts(contest) for contest in every[:LATEST]]
    running = most_urgent([each for each in contests if each["is_running"]])
    past = [each for each in contests if not each["is_running"]]
    above = communities_of(community.territory).exclude(pk=community.pk)
    return render(
        request,
        "portal/home.html",
        {
            "community": community, "running": running, "past": past, "older": every[LATEST:],
            "above": [(body, community_prefix(body)) for body in above], "inside": inside_facts(community),
            "follow": following.of_body(request, community), "has_designed": has_public_reports(community),
        },
    )  # fmt: skip


@public
def theme(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the choice of light or dark in a cookie and go back."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if name in THEMES:
        cookies.keep(response, "theme", name, seconds=365 * 24 * 3600)
    return response


@public
def brand(request: HttpRequest) -> HttpResponse:
    """The community's colours as a stylesheet: the content policy allows no inline style."""
    colour = request.place.community.brand_colour  # type: ignore[attr-defined]
    text = brand_stylesheet(colour) if colour else ""
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


@public
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of text: how it works, and the legal texts."""
    if name in NAMES:
        return legal.text(request, name)
    if name not in PAGES:
        raise Http404(name)
    return render(request, f"portal/pages/{name}.html", {"page_name": name})


@public
def health(request: HttpRequest) -> HttpResponse:
    """For the proxy and the orchestrator: the process answers."""
    return HttpResponse("ok", content_type="text/plain")
