"""Feeds of a body and of one contest; what a site elsewhere asks before it shows a page of ours; maps of the site."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from viche.connectors.website.feeds import FEEDS, items_of
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.portal.feeds import TYPES, written
from viche.portal.framing import look_of, shared
from viche.portal.guards import in_contest, public
from viche.portal.oembed import answer
from viche.portal.sitemaps import contest_map, index_of, pages_map, platform_map, robots_text

QUARTER = 900
HOUR = 3600
XML = "application/xml; charset=utf-8"


def _feed(request: HttpRequest, name: str, kind: str, contest: Contest | None) -> HttpResponse:
    if name not in FEEDS:
        raise Http404(name)
    community = request.place.community  # type: ignore[attr-defined]
    language = look_of(request.GET).language
    with translation.override(language):
        contests = [contest] if contest else list(opened_contests_of(community)[:12])
        items = items_of(name, community, contests)
        content = written(request, kind, name, items, contest, language)
    response = HttpResponse(content, content_type=TYPES[kind])
    latest = max((each.changed_at or each.at for each in items), default=None)
    if latest is not None:
        response["Last-Modified"] = latest.strftime("%a, %d %b %Y %H:%M:%S GMT")
    response["Content-Language"] = language
    return shared(request, response, QUARTER)


@public
def feed(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """A feed over all contests of the body."""
    return _feed(request, name, kind, None)


@public
@in_contest
def contest_feed(request: HttpRequest, contest: Contest, name: str, kind: str) -> HttpResponse:
    """A feed of one contest."""
    return _feed(request, name, kind, contest)


@public
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0: what to put in the place of one of our addresses."""
    return shared(request, answer(request), HOUR) if request.GET.get("url") else answer(request)


def _xml(request: HttpRequest, content: bytes) -> HttpResponse:
    return shared(request, HttpResponse(content, content_type=XML), HOUR)


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: of the body at an address of its own, of all bodies on the platform's."""
    return _xml(request, index_of(request))


@public
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """The body's pages that belong to no contest, and each contest's own; the platform's where there is no body."""
    community = request.place.community  # type: ignore[attr-defined]
    return _xml(request, pages_map(request, community) if community else platform_map(request))


@public
@in_contest
def sitemap_contest(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Every public project of a contest."""
    return _xml(request, contest_map(request, contest))


@public
def robots(request: HttpRequest, **_: Any) -> HttpResponse:
    """What search engines leave alone, and where the map of the site is."""
    return shared(request, HttpResponse(robots_text(request), content_type="text/plain; charset=utf-8"), HOUR)
