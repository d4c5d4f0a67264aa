"""Addresses of the API on the platform's own host."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.api.problems import problem
from viche.api.v1 import oauth
from viche.api.v1.core import PREFIX
from viche.api.v1.door import open_to_programs
from viche.api.v1.openapi import api, nothing, openapi
from viche.portal.guards import public


def _unknown(request: HttpRequest, path: str) -> HttpResponse:
    try:
        return nothing(request, path)
    except Http404:
        return problem("not_found", _("There is nothing at this address."), 404)


def api_urls() -> list[URLPattern]:
    """Every operation behind the door, the description, the tokens; last whatever is none of them."""
    found: list[URLPattern] = [
        path(f"{PREFIX}openapi.json", open_to_programs("openapi")(openapi), name="api-openapi"),
        path(f"{PREFIX}oauth/token", csrf_exempt(public(oauth.token)), name="api-token"),
        path(".well-known/oauth-authorization-server", public(oauth.metadata), name="api-metadata"),
    ]
    closed, seen = _closed(), set()
    for pattern in api.urls[0]:
        route = _route(str(pattern.pattern))
        if pattern.name in (None, "api-root") or route in seen:
            continue
        seen.add(route)
        guard = "client" if route in closed else "public"
        view = open_to_programs(str(pattern.name), guard=guard)(pattern.callback)
        found.append(path(f"{PREFIX}{route}", view, name=f"api-{pattern.name}"))
    found.append(path(f"{PREFIX}<path:path>", open_to_programs("unknown")(_unknown), name="api-unknown"))
    return found


def _route(text: str) -> str:
    """A route as Django's own converters write it, also where ninja has one of its own."""
    return re.sub(r"[{<](\w+):(\w+)[}>]", r"<\1:\2>", text).replace("<uuidstr:", "<uuid:")


def _closed() -> set[str]:
    """Routes at which nothing can be done without a key."""
    return {
        _route(route)
        for _prefix, router in api._routers
        for route, view in router.path_operations.items()
        if all("x-scope" in (each.openapi_extra or {}) for each in view.operations)
    }
