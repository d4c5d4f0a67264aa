"""Which public pages are read, for a body that has connected analytics: no cookie, no address, nobody.

Only what is named here counts: never a page of officials, of voting, of identification, of anybody's own.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from viche.connectors.systems.kinds.analytics.seeing import record_page

COUNTED = frozenset(
    f"viche.portal.views.{name}" for name in ("contests", "meetings", "projects", "results", "texts", "works")
)
COUNTED_NAMES = frozenset({"home"})


class SeenPageMiddleware:
    """Keeps a look at a page after it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_counted(request, response):
            record_page(
                community=request.place.community,  # type: ignore[attr-defined]
                host=request.get_host().partition(":")[0],
                path=request.path,
                referrer=_referrer_host(request),
            )
        return response


def is_counted(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this look may be told: a public page, by somebody who has not identified and did not say no."""
    match = request.resolver_match
    place = getattr(request, "place", None)
    if (
        request.method != "GET"
        or response.status_code != 200
        or not response.get("Content-Type", "").startswith("text/html")
        or place is None
        or place.community is None
        or match is None
    ):
        return False
    if request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1":
        return False
    is_public = getattr(match.func, "guard", "") == "public"
    is_named = match.func.__module__ in COUNTED or match.url_name in COUNTED_NAMES
    return is_public and is_named and request.visitor.person is None  # type: ignore[attr-defined]


def _referrer_host(request: HttpRequest) -> str:
    """The host of the page one came from; nothing of its path, and not our own."""
    try:
        host = urlsplit(request.headers.get("Referer", "")).hostname or ""
    except ValueError:
        return ""
    return "" if host == request.get_host().partition(":")[0] else host
