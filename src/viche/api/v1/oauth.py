"""Access tokens for programs: OAuth 2.0 client credentials (RFC 6749, 4.4), described by RFC 8414."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from viche.api.v1.core import PREFIX
from viche.api.v1.door import basic_credentials, count_address, issuer_of
from viche.connectors.clients import tokens
from viche.connectors.clients.queries import Caller, caller_by_secret, is_from
from viche.connectors.clients.scopes import SCOPES
from viche.foundation.refused import Refused
from viche.portal.views.contact import client_address

GRANT = "client_credentials"


def token(request: HttpRequest) -> HttpResponse:
    """A token for ten minutes. Errors are those of RFC 6749, 5.2: they are for programs, not for people."""
    try:
        count_address(request)
    except Refused as refused:
        response = _error("temporarily_unavailable", 429)
        response["Retry-After"] = str(getattr(refused, "wait", 60))
        return response
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return _error("invalid_request")
    if any(len(request.POST.getlist(name)) > 1 for name in request.POST):
        return _error("invalid_request")
    if "grant_type" not in request.POST:
        return _error("invalid_request")
    if request.POST["grant_type"] != GRANT:
        return _error("unsupported_grant_type")
    basic = basic_credentials(request)
    if basic is not None and "client_secret" in request.POST:
        return _error("invalid_request")
    name, secret = basic or (request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    caller = _caller(request, name, secret)
    if caller is None:
        response = _error("invalid_client", 401)
        response["WWW-Authenticate"] = 'Basic realm="viche"'
        return response
    asked = request.POST.get("scope", "").split()
    if not set(asked) <= caller.scopes:
        return _error("invalid_scope")
    scopes = sorted(set(asked) or caller.scopes)
    made = tokens.access_token(
        issuer=issuer_of(request), client=caller.client.pk, hint=caller.secret.hint, scopes=scopes
    )
    return _answer(
        {
            "access_token": made,
            "token_type": "Bearer",
            "expires_in": tokens.LIFETIME,
            "scope": " ".join(scopes),
        }
    )


def _caller(request: HttpRequest, name: str, secret: str) -> Caller | None:
    caller = caller_by_secret(secret)
    try:
        is_same = caller is not None and caller.client.pk == UUID(name)
    except ValueError:
        is_same = False
    if caller is None or not is_same or not is_from(caller.client, client_address(request)):
        return None
    return caller


def _error(code: str, status: int = 400) -> HttpResponse:
    return _answer({"error": code}, status)


def _answer(document: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(document, status=status)
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    return response


def metadata(request: HttpRequest) -> HttpResponse:
    """How tokens are got here (RFC 8414)."""
    issuer = issuer_of(request)
    response = JsonResponse(
        {
            "issuer": issuer, "token_endpoint": f"{issuer}/{PREFIX}oauth/token", "grant_types_supported": [GRANT],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "response_types_supported": [], "scopes_supported": list(SCOPES),
            "service_documentation": f"{issuer}/api/",
        }
    )  # fmt: skip
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=3600"
    return response
