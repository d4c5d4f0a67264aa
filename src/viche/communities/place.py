"""Where a request is: the community from the exact host or from the first part of the path.

The part of the path is taken off and becomes the script prefix, so that one URL table serves both kinds of
address and every reversed URL leads back to the same community.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import get_script_prefix, set_script_prefix

from viche.communities import queries
from viche.communities.actions import RESERVED_SLUGS
from viche.communities.models import Community

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")


@dataclass
class Place:
    """community: None on the platform's own pages. contest: set by the views that are inside one.

    prefix: the script prefix of the community, "/" at its own host.
    """

    community: Community | None = None
    contest: Any = None
    prefix: str = "/"


class PlaceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.place = place = Place()
        before = get_script_prefix()
        try:
            host = (
                request.get_host().rsplit(":", 1)[0]
                if not request.get_host().endswith("]")
                else request.get_host()
            )
        except DisallowedHost:
            return self.get_response(request)
        if host not in settings.PLATFORM_HOSTS:
            place.community = queries.community_by_host(host)
        else:
            slug, slash, rest = request.path_info.lstrip("/").partition("/")
            # what cannot be an address is not looked up (a zero byte would not reach the database)
            if (
                _SLUG.fullmatch(slug)
                and slug not in RESERVED_SLUGS
                and (found := queries.community_by_slug(slug))
            ):
                if not slash:
                    return HttpResponsePermanentRedirect(f"{request.path}/")
                place.community = found
                place.prefix = f"{before}{slug}/"
                request.path_info = f"/{rest}"
                set_script_prefix(place.prefix)
        if place.community is not None:
            request.urlconf = settings.COMMUNITY_URLCONF
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)
