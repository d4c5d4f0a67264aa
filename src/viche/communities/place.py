"""Where a request is: the community from the exact host or from the first part of the path.

The part of the path is taken off and becomes the script prefix, so that one URL table serves both kinds of
address and every reversed URL leads back to the same community.
"""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port, validate_host
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


# asked by the proxy before it has a certificate for a host, under whatever name it reaches us
ASKED_BY_PROXIES = "/health/domain"


class HostMiddleware:
    """Answers only under names that are ours: those of the settings, and the own domains of connected bodies.

    Whose a domain is, nobody can tell by a form: one that the operator has not listed answers only where the setting
    OWN_DOMAINS_AT_ONCE trusts the administrators of bodies. Then it is looked up with each request, so that it works
    from the moment it is entered and no longer than it is. ALLOWED_HOSTS lets every well-formed name through to here;
    everything else comes after.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name, _port = split_domain_port(request.get_host())
        if not validate_host(name, settings.KNOWN_HOSTS) and request.path_info != ASKED_BY_PROXIES:
            if not settings.OWN_DOMAINS_AT_ONCE:
                raise DisallowedHost(f"Invalid HTTP_HOST header: {name!r} is no host of ours.")
            # out of reach: PlaceMiddleware finds that out too, where the answer is a page
            with contextlib.suppress(OperationalError, InterfaceError):
                request.owner = queries.community_by_host(name)  # type: ignore[attr-defined]
                if request.owner is None:  # type: ignore[attr-defined]
                    raise DisallowedHost(f"Invalid HTTP_HOST header: {name!r} is no host of ours.")
        return self.get_response(request)


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
            owner = getattr(request, "owner", None)
            place.community = owner or queries.community_by_host(host)
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
