"""What a document system tells us: the number under which a document of ours is registered there."""

import json
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.api.problems import problem, refusal
from viche.connectors.documents.actions import record_told_number
from viche.foundation.refused import Refused
from viche.portal.guards import public

MOST_BYTES = 10_000


@csrf_exempt
@public
def registered(request: HttpRequest) -> HttpResponse:
    """POST {"key", "registrationNumber", "registrationDate"} with the body's token.

    The same once more changes nothing.
    """
    if request.method != "POST":
        response = problem("no_such_operation", _("There is no such operation."), 405)
        response["Allow"] = "POST"
        return response
    try:
        key, number, day = _said(request)
        found = record_told_number(
            community=request.place.community, key=key, number=number, day=day,  # type: ignore[attr-defined]
            token=request.headers.get("Authorization", "").removeprefix("Bearer ").strip(),
        )  # fmt: skip
    except Refused as refused:
        response = refusal(refused)
        if refused.status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response
    return JsonResponse({"key": str(found.pk), "number": found.our_number, "status": found.state})


def _said(request: HttpRequest) -> tuple[UUID, str, date]:
    """Refused: bad_text."""
    try:
        if len(request.body) > MOST_BYTES:
            raise ValueError("too long")
        said = json.loads(request.body)
        number = str(said["registrationNumber"])
        return UUID(str(said["key"])), number, date.fromisoformat(str(said["registrationDate"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(
            "bad_text",
            _("Send JSON with key, registrationNumber and registrationDate (2026-12-31)."),
            status=422,
        ) from None
