"""Addresses that other sites frame, read or copy from: nobody is recognised there, and no answer sets a cookie.

A widget on the community's own site may share its cookies (one is a subdomain of the other). A request to one of these
addresses is therefore read as if it carried none, so that its answer is the same for everybody and may be cached.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

ADDRESSES = re.compile(r"/(?:widgets/|feeds/|oembed$|robots\.txt$|sitemap[a-z0-9.-]*$)")


class CookielessMiddleware:
    """Stands after the place is known and before the session is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not ADDRESSES.match(request.path_info):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        _forget_cookie(response)
        return response


def _forget_cookie(response: HttpResponse) -> None:
    """The answer varies with no cookie: the session was looked at, and there was none."""
    others = [each.strip() for each in response.get("Vary", "").split(",")]
    del response["Vary"]
    if kept := [each for each in others if each and each.lower() not in {"cookie", "accept-language"}]:
        patch_vary_headers(response, kept)
