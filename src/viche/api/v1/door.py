"""Who may come in: everybody to read, programs with a live key to write; all are counted."""

import base64
import binascii
import functools
import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.api.problems import CONTENT_TYPE, problem, refusal
from viche.connectors.clients import actions, tokens
from viche.connectors.clients.queries import Caller, caller_by_secret, caller_by_token, is_from
from viche.foundation.refused import Refused
from viche.portal.views.contact import client_address

View = Callable[..., HttpResponse]
log = logging.getLogger("viche.api")

READING = frozenset({"GET", "HEAD"})
FRESH = 60
ALLOWED = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Accept-Language"
EXPOSED = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset"
# path of an operation -> (since when it is deprecated, when it goes), as RFC 9745 and RFC 8594 write them
DEPRECATED: dict[str, tuple[str, str]] = {}


def issuer_of(request: HttpRequest) -> str:
    """The address of this platform, as tokens name their issuer."""
    return request.build_absolute_uri("/").rstrip("/")


def open_to_programs(name: str, *, guard: str = "public") -> Callable[[View], View]:
    """One address of the API. guard: "client" where nothing at it is for everybody.

    request.caller tells the operation which program asks. Whatever goes wrong is a problem (RFC 9457).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_head = request.method == "HEAD"
            if is_head:  # answered as GET, without the body
                request.method = "GET"
            with translation.override(translation.get_language_from_request(request)):
                response = _answered(name, view, request, *args, **kwargs)
                response["Content-Language"] = translation.get_language() or "uk"
            response = _dressed(name, request, response)
            if is_head:
                response.content = b""
            return response

        wrapped.guard = guard  # type: ignore[attr-defined]
        wrapped.is_for_programs = True  # type: ignore[attr-defined]
        wrapped.shows = ()  # type: ignore[attr-defined]
        return csrf_exempt(wrapped)

    return decorate


def _answered(name: str, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    began, caller = time.monotonic(), None
    request.caller, request.outcome = None, ""  # type: ignore[attr-defined]
    try:
        if request.method == "OPTIONS":
            return HttpResponse(status=204)
        _check_text(request)
        caller = request.caller = _admitted(request)  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        if response.status_code == 405 and not response.headers.get("Content-Type", "").startswith(
            CONTENT_TYPE
        ):
            allow = response.headers.get("Allow", "")
            response = problem("no_such_operation", _("There is no such operation."), 405)
            response["Allow"] = allow
    except Refused as refused:
        response, request.outcome = refusal(refused), refused.code  # type: ignore[attr-defined]
        if refused.status == 401:
            is_bad = "Authorization" in request.headers
            response["WWW-Authenticate"] = 'Bearer realm="viche"' + (
                ', error="invalid_token"' if is_bad else ""
            )
    except RequestDataTooBig:
        response = problem("too_large", _("The request is too large."), 413)
    except UnreadablePostError:
        response = problem("bad_request", _("The request cannot be read."), 400)
    except OperationalError:
        log.exception("api: the database does not answer")
        response = problem(
            "try_later", _("Nothing was decided: send the same request again."), 503, retry_after=5
        )
    except Exception:
        log.exception("api: %s failed", name)
        response = problem(
            "failed", _("Something broke on our side. Send the same request again later."), 500
        )
    if caller is not None and request.method not in READING:
        _log(caller, name, request, response.status_code, time.monotonic() - began)
    return response


def _check_text(request: HttpRequest) -> None:
    """A zero byte is in no text a person types, and the database takes none."""
    if "\x00" in request.path_info or any("\x00" in value for value in request.GET.values()):
        raise Refused("bad_text", _("The address holds a sign that is no letter."), status=400)


def _admitted(request: HttpRequest) -> Caller | None:
    """The program that shows a key or a token, None for anybody else; counted either way.

    Refused: bad_credentials, address_refused, too_many_requests.
    """
    address = client_address(request)
    header = request.headers.get("Authorization", "")
    caller = None
    if header:
        kind, _space, given = header.partition(" ")
        caller = _called(given.strip(), request) if kind.lower() == "bearer" else None
        if caller is None:
            _count_address(request, address)
            raise Refused("bad_credentials", _("This key or token does not count, or no longer."), status=401)
    if caller is None:
        _count_address(request, address)
        return None
    if not is_from(caller.client, address):
        raise Refused("address_refused", _("This address is not one of the program’s."), status=403)
    _count(request, str(caller.client.pk), caller.client.quota_minute, caller.client.quota_day)
    actions.record_use(client=caller.client, secret=caller.secret)
    return caller


def _called(given: str, request: HttpRequest) -> Caller | None:
    if given.startswith("viche_"):
        return caller_by_secret(given)
    return caller_by_token(given, issuer=issuer_of(request))


def basic_credentials(request: HttpRequest) -> tuple[str, str] | None:
    """(client_id, client_secret) of HTTP Basic (RFC 6749, 2.3.1); None where there are none that can be read."""
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (unquote_plus(name), unquote_plus(secret)) if colon else None


def _count_address(request: HttpRequest, address: str) -> None:
    _count(request, tokens.address_mark(address), settings.API_READS_MINUTE, None)


def count_address(request: HttpRequest) -> None:
    """Count a request that shows its credentials elsewhere. Refused: too_many_requests."""
    _count_address(request, client_address(request))


def _count(request: HttpRequest, subject: str, minute: int, day: int | None) -> None:
    request.policy = minute, day  # type: ignore[attr-defined]
    request.left = 0, 60  # type: ignore[attr-defined]
    request.left = actions.record_request(subject=subject, minute=minute, day=day)  # type: ignore[attr-defined]


def _log(caller: Caller, name: str, request: HttpRequest, status: int, seconds: Any) -> None:
    try:
        actions.record_call(
            client=caller.client, operation=f"{(request.method or '').lower()} {name}", path=request.path,
            status=status, outcome=request.outcome if status >= 400 else "", milliseconds=int(seconds * 1000),  # type: ignore[attr-defined]
        )  # fmt: skip
    except OperationalError:
        log.exception("api: a write was not logged")


def _dressed(name: str, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its headers: version, cache, other origins, limits, links."""
    _tag(request, response)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, PATCH, OPTIONS"
        response["Access-Control-Allow-Headers"], response["Access-Control-Max-Age"] = ALLOWED, "86400"
    if (policy := getattr(request, "policy", None)) is not None:
        minute, day = policy
        left, rest = request.left  # type: ignore[attr-defined]
        response["RateLimit-Policy"] = f'"minute";q={minute};w=60' + (
            f', "day";q={day};w=86400' if day else ""
        )
        response["RateLimit"] = f'"minute";r={left};t={rest}'
    if links := getattr(request, "links", None):
        response["Link"] = ", ".join(f'<{address}>; rel="{what}"' for address, what in links)
    if name in DEPRECATED:
        response["Deprecation"], response["Sunset"] = DEPRECATED[name]
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _tag(request: HttpRequest, response: HttpResponse) -> None:
    """ETag and Cache-Control; a body that the asker has already is not sent again."""
    is_read = request.method in READING and response.status_code == 200
    is_open = is_read and getattr(request, "caller", None) is None and not request.COOKIES
    if not is_read:
        response["Cache-Control"] = "no-store"
        return
    response["Cache-Control"] = f"public, max-age={FRESH}" if is_open else "private, no-cache"
    patch_vary_headers(response, ("Accept-Language", "Authorization"))
    tag = getattr(request, "etag", "") or f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    known = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    if tag in known or "*" in known:
        response.status_code, response.content = 304, b""
        del response["Content-Type"]
