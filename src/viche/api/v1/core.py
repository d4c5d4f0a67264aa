"""The API itself: its operations register here, with what each needs; refusals become problems."""

import functools
import hashlib
import inspect
import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Status
from ninja.errors import HttpError, ValidationError

from viche.api.problems import problem, refusal
from viche.api.v1 import schemas
from viche.api.v1.finding import community_of
from viche.communities.models import Community
from viche.connectors.clients import actions
from viche.connectors.clients.queries import Caller
from viche.connectors.clients.scopes import SCOPES
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused

VERSION = "1.0"
PREFIX = "api/v1/"

api = NinjaAPI(title="Viche", version=VERSION, urls_namespace="api-v1", docs_url=None, openapi_url=None)

Said = dict[Any, Any]
READ_REFUSALS: Said = dict.fromkeys((400, 401, 403, 404, 405, 422, 429, 500, 503), schemas.Problem)
WRITE_REFUSALS: Said = dict.fromkeys(
    (400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 503), schemas.Problem
)
KEY_HEADER = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "description": "Random, made anew for each act. A repeated request sends it again and is done once.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,64}$"}, "example": "7f9c24e5-2b3a-4b5e-9d5a",
}  # fmt: skip
MATCH_HEADER = {
    "name": "If-Match", "in": "header", "required": True,
    "description": "The ETag of what was read: another change in between is not overwritten.",
    "schema": {"type": "string", "maxLength": 80}, "example": '"0b6d5e0f7c0a4bb0a8d1"',
}  # fmt: skip


def caller_of(request: HttpRequest) -> Caller | None:
    """The program that asks; None for anybody else."""
    return getattr(request, "caller", None)


def secured(scope: str) -> dict[str, Any]:
    """What OpenAPI says of an operation that needs a scope."""
    return {"security": [{"key": [scope]}, {"oauth": [scope]}], "x-scope": scope}


def _shown(scope: str) -> Callable[[HttpRequest], Any]:
    """What is asked before anything of a request is read: request.auth is then the body and the acting official."""

    def shown(request: HttpRequest) -> Any:
        assert request.resolver_match is not None
        return acting_of(request, str(request.resolver_match.kwargs["community"]), scope)

    return shown


def reads(path: str, response: Any, *, scope: str = "", name: str, tag: str) -> Callable[[Any], Any]:
    """A GET operation; with a scope for programs that have it, else for everybody."""
    return api.get(
        path, response={200: response, **READ_REFUSALS}, url_name=name, tags=[tag],
        auth=_shown(scope) if scope else None, openapi_extra=secured(scope) if scope else {"security": []},
        operation_id=name.replace("-", "_"),
    )  # fmt: skip


def writes(
    method: str,
    path: str,
    response: Any,
    *,
    scope: str,
    name: str,
    tag: str,
    status: int = 201,
    before: Callable[..., None] | None = None,
) -> Callable[[Any], Any]:
    """An operation that changes something, for programs with the scope.

    The view takes (request, community, by, …): the body and the acting official. A POST asks for an Idempotency-Key
    and is done once for each; PUT and PATCH ask for If-Match, which the view compares (check_match). before: called
    like the view before the transaction of a POST; what it writes stays, even where the view refuses.
    """

    def decorate(view: Any) -> Any:
        def wrapped(request: HttpRequest, community: str, *args: Any, **kwargs: Any) -> Any:
            body, actor = request.auth  # type: ignore[attr-defined]

            def act() -> Any:
                return view(request, body, actor, *args, **kwargs)

            def prepare() -> None:
                if before is not None:
                    before(request, body, actor, *args, **kwargs)

            return _once(request, act, status, prepare) if method == "POST" else Status(status, act())

        functools.update_wrapper(wrapped, view)
        del wrapped.__wrapped__  # type: ignore[attr-defined]
        wrapped.__signature__ = _signature(view)  # type: ignore[attr-defined]
        header = KEY_HEADER if method == "POST" else MATCH_HEADER
        return api.api_operation(
            [method], path, response={status: response, **WRITE_REFUSALS}, url_name=name, tags=[tag],
            auth=_shown(scope), openapi_extra={**secured(scope), "parameters": [header]},
            operation_id=f"{method.lower()}_{name}".replace("-", "_"),
        )(wrapped)  # fmt: skip

    return decorate


def _signature(view: Any) -> Any:
    """The view's arguments as ninja reads them: the community stands as a path argument, the actor falls away."""
    given = inspect.signature(view)
    kept = []
    for each in given.parameters.values():
        if each.name == "community":
            each = each.replace(annotation=str)
        if each.name != "by":
            kept.append(each)
    return given.replace(parameters=kept)


def acting_of(request: HttpRequest, community: str, scope: str) -> tuple[Community, Actor]:
    """The body and the official in whose name the program acts there.

    Refused: unauthorized, insufficient_scope, wrong_community, archived, office_ended.
    """
    caller = caller_of(request)
    if caller is None:
        raise Refused("unauthorized", _("This needs the key of a program."), status=401)
    if scope not in caller.scopes:
        raise Refused("insufficient_scope", _("This program may not do this: %s.") % scope, status=403)
    body = community_of(community)
    if body.pk != caller.client.community_id:
        raise Refused("wrong_community", _("This program belongs to another body."), status=403)
    if body.archived_at is not None and SCOPES[scope].writes:
        raise Refused("archived", _("This body has left the platform."))
    return body, caller.actor(scope)


def _once(
    request: HttpRequest, act: Callable[[], Any], status: int, prepare: Callable[[], None]
) -> HttpResponse:
    """Do a POST once for its Idempotency-Key; prepare: outside its transaction. Refused: request_reused,
    no_request_key.
    """
    caller, key = caller_of(request), request.headers.get("Idempotency-Key", "")
    if not schemas.REQUEST_KEY.fullmatch(key):
        raise Refused(
            "no_request_key",
            _("Send an Idempotency-Key of 8 to 64 letters, digits, dots, colons or dashes."),
            status=400,
        )
    assert caller is not None
    prepare()
    said = (
        f"{request.method} {request.path}\n{request.META.get('CONTENT_TYPE', '')}\n".encode() + request.body
    )

    def write() -> tuple[int, str, str]:
        document = act()
        return status, json.dumps(document, ensure_ascii=False, default=str), str(document.get("href", ""))

    done, answer, location, is_repeat = actions.record_write(
        client=caller.client, key=key, said=said, write=write
    )
    response = HttpResponse(answer, content_type="application/json", status=done)
    response["Idempotency-Replayed"] = "true" if is_repeat else "false"
    if location:
        response["Location"] = location
    return response


# --- versions of what is read ---------------------------------------------------------------------------------


def etag_of(document: Any) -> str:
    """The strong ETag of a document."""
    text = json.dumps(document, ensure_ascii=False, default=str, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(request: HttpRequest, document: Any) -> Any:
    """The document; its ETag is told to the door (guards), so that a change can name what it changes."""
    request.etag = etag_of(document)  # type: ignore[attr-defined]
    return document


def check_match(request: HttpRequest, document: Any) -> None:
    """Whether the program has seen this document. Refused: no_match_header (428), changed_meanwhile (412)."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise Refused("no_match_header", _("Send If-Match with the ETag of what you have read."), status=428)
    if etag_of(document) not in {each.strip() for each in given.split(",")}:
        raise Refused(
            "changed_meanwhile", _("It was changed meanwhile: read it again, then change it."), status=412
        )


# --- what goes wrong ------------------------------------------------------------------------------------------


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Whatever an action refuses."""
    response = refusal(error)
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="viche"'
    elif error.code == "insufficient_scope":
        response["WWW-Authenticate"] = 'Bearer realm="viche", error="insufficient_scope"'
    request.outcome = error.code  # type: ignore[attr-defined]
    return response


@api.exception_handler(ValidationError)
def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request that is not what OpenAPI describes. What was sent is not repeated: it may name somebody."""
    errors = {".".join(str(part) for part in each["loc"][1:]): each["msg"] for each in error.errors}
    request.outcome = "bad_request"  # type: ignore[attr-defined]
    return problem(
        "bad_request", _("The request is not what the description of the API says."), 422, errors=errors
    )


@api.exception_handler(HttpError)
def broken(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    request.outcome = "bad_request"  # type: ignore[attr-defined]
    return problem("bad_request", _("The request cannot be read."), error.status_code)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    request.outcome = "not_found"  # type: ignore[attr-defined]
    return problem("not_found", _("There is nothing at this address."), 404)


@api.exception_handler(Exception)
def fallen(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing of ours: the door says what it is (door.answered)."""
    raise error
