"""The description of the API for programs: OpenAPI 3.1, with examples."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override

from viche.api.v1 import figures, logs, reading, works, writing
from viche.api.v1.core import PREFIX, api
from viche.api.v1.wording import OPERATIONS
from viche.connectors.clients.scopes import SCOPES

__all__ = ["api", "described", "figures", "logs", "openapi", "reading", "works", "writing"]

ABOUT = """Everything that is public can be read without a key. Programs of a body write with a key, in the name of an
official, what that official may do. Amounts are in kopiykas, moments in UTC. Refusals are problems (RFC 9457): decide
by their code, show their title. A version stays as it is; what is new is added, and what goes is announced by
Deprecation and Sunset at least a year before."""
CSV_EXAMPLE = "3141592659;м. Полтава;registered"
PATH_EXAMPLES = {"community": "poltava", "contest": "2026", "number": 17, "log": "2026", "key": "turnout-by-day",
                 "code": "UA53000000000028050"}  # fmt: skip


@lru_cache(maxsize=1)
def described() -> dict[str, Any]:
    """The document, the same for every request but for the address of the server. In English."""
    with override("en"):
        document: dict[str, Any] = api.get_openapi_schema(path_prefix=f"/{PREFIX}")
    document["info"]["description"] = " ".join(ABOUT.split())
    if settings.SOURCE_URL:
        document["info"]["contact"] = {"url": settings.SOURCE_URL}
    document["components"]["securitySchemes"] = _schemes()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["summary"] = _text(OPERATIONS[operation["operationId"]])
            for each in operation.get("parameters", []):
                if each["name"] in PATH_EXAMPLES and each["in"] == "path":
                    each["example"] = PATH_EXAMPLES[each["name"]]
            for code, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(code) >= 400 and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
            if operation["operationId"] == "put_register":
                operation["requestBody"] = {
                    "required": True, "description": "Number or token; settlement; basis.",
                    "content": {"text/csv": {"schema": {"type": "string"}, "example": CSV_EXAMPLE}},
                }  # fmt: skip
    return document


def _schemes() -> dict[str, Any]:
    return {
        "key": {"type": "http", "scheme": "bearer", "description": "The key of a program: viche_…"},
        "oauth": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": f"/{PREFIX}oauth/token",
                    "scopes": {name: _text(each.text) for name, each in SCOPES.items()},
                }
            },
        },
    }  # fmt: skip


def _text(text: Any) -> str:
    with override("en"):
        return str(text)


def openapi(request: HttpRequest) -> HttpResponse:
    """The description, with this server's address."""
    document = {**described(), "servers": [{"url": request.build_absolute_uri("/").rstrip("/")}]}
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def nothing(request: HttpRequest, path: str) -> HttpResponse:
    """Any other address below the API."""
    raise Http404(path)
