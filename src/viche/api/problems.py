"""Refusals as machines read them: problem details (RFC 9457), application/problem+json."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from viche.foundation.refused import Refused

CONTENT_TYPE = "application/problem+json"
RETRY = {"in_flight": 1, "try_again": 1, "no_key": 30, "try_later": 5}


def problem(
    code: str, message: str, status: int, *, errors: Mapping[str, Any] | None = None, retry_after: int | None = None,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """One answer that says no. code: stable, for the program; title: in the language that was asked for."""
    document: dict[str, Any] = {
        "type": f"urn:viche:problem:{code}", "title": message, "status": status, "code": code, **more,
    }  # fmt: skip
    if errors:
        document["errors"] = dict(errors)
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False, default=str), content_type=CONTENT_TYPE, status=status
    )
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def refusal(refused: Refused, **more: Any) -> HttpResponse:
    """What an action refused."""
    wait = getattr(refused, "wait", None) or RETRY.get(refused.code)
    return problem(
        refused.code, str(refused.message), refused.status, errors=refused.fields, retry_after=wait, **more
    )
