"""Addresses of the API of terminals inside a community."""

import base64

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from viche.api.guards import signed
from viche.api.signatures import answers_public_key
from viche.api.terminals.views import PREFIX, api, openapi
from viche.portal.guards import public


def answers_key(request: HttpRequest) -> HttpResponse:
    """The public key that signs our answers (Ed25519), for whoever checks them."""
    community = request.place.community  # type: ignore[attr-defined]
    raw = answers_public_key(community)
    return JsonResponse(
        {"keyid": f"answers-{community.code}", "alg": "ed25519", "public_key": base64.b64encode(raw).decode()}
    )


def terminal_urls() -> list[URLPattern]:
    """Every operation behind the guard of signatures, the description and our public key before it."""
    found: list[URLPattern] = [
        path(f"{PREFIX}openapi.json", public(openapi), name="terminals-openapi"),
        path(f"{PREFIX}key.json", public(answers_key), name="terminals-key"),
    ]
    for pattern in api.urls[0]:
        if pattern.name in (None, "api-root"):
            continue
        guarded = signed(str(pattern.name))(pattern.callback)
        route = str(pattern.pattern).replace("<uuidstr:", "<uuid:")
        found.append(path(f"{PREFIX}{route}", guarded, name=f"terminals-{pattern.name}"))
    return found
