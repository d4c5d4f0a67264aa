"""The documentation of the API as a page: made from its description, with examples for curl and Python."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.api.v1.core import PREFIX
from viche.api.v1.openapi import CSV_EXAMPLE, PATH_EXAMPLES, described
from viche.api.v1.wording import OPERATIONS, TAGS
from viche.connectors.clients.scopes import SCOPES
from viche.portal.guards import public

HEADERS = {"Idempotency-Key": "$(uuidgen)", "If-Match": '"…"'}


@public
def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation with its scope, its fields and an example."""
    base = request.build_absolute_uri("/").rstrip("/")
    found: dict[str, list[dict[str, Any]]] = {tag: [] for tag in TAGS}
    for path, operations in described()["paths"].items():
        for method, operation in operations.items():
            found[operation["tags"][0]].append(_row(base, path, method.upper(), operation))
    return render(
        request,
        "api/documentation.html",
        {
            "groups": [{"tag": tag, "title": TAGS[tag], "rows": rows} for tag, rows in found.items()],
            "scopes": SCOPES.values(), "base": f"{base}/{PREFIX}", "site": base,
        },
    )  # fmt: skip


def _row(base: str, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = _body(operation)
    parameters = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return {
        "id": operation["operationId"], "title": OPERATIONS[operation["operationId"]], "method": method,
        "path": path.removeprefix(f"/{PREFIX}"), "scope": operation.get("x-scope", ""),
        "parameters": [
            {"name": each["name"], "type": _type(each["schema"]), "is_needed": each.get("required", False)}
            for each in parameters
        ],
        "sent": _fields(operation.get("requestBody", {})),
        "answered": _fields(operation["responses"].get(200) or operation["responses"].get(201) or _good(operation)),
        "curl": _curl(base, path, method, operation, body),
    }  # fmt: skip


def _good(operation: dict[str, Any]) -> dict[str, Any]:
    return next((each for code, each in operation["responses"].items() if int(code) < 300), {})


def _schema(holder: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is sent or answered as JSON; empty for anything else."""
    found = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return _followed(found)


def _followed(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(described()["components"]["schemas"][name]) if name else schema


def _fields(holder: dict[str, Any]) -> list[dict[str, Any]]:
    schema = _schema(holder)
    needed = set(schema.get("required", []))
    return [
        {"name": name, "type": _type(each), "is_needed": name in needed}
        for name, each in schema.get("properties", {}).items()
    ]


def _type(schema: dict[str, Any]) -> str:
    """A type in one word, or what may stand there."""
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type") or "object")


def _body(operation: dict[str, Any]) -> str:
    """An example of what is sent; "" where nothing is."""
    content = operation.get("requestBody", {}).get("content", {})
    if "text/csv" in content:
        return CSV_EXAMPLE
    if not content:
        return ""
    return json.dumps(example_of(_schema(operation["requestBody"])), ensure_ascii=False)


def example_of(schema: dict[str, Any]) -> Any:
    """A value that the schema describes, of its own examples."""
    schema = _followed(schema)
    if "examples" in schema or "enum" in schema:
        return (schema.get("examples") or schema["enum"])[0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0])
    if "properties" in schema:
        needed = schema.get("required") or list(schema["properties"])
        return {name: example_of(schema["properties"][name]) for name in needed}
    if schema.get("type") == "array":
        return [example_of(schema.get("items", {}))]
    return {"date": "2026-09-01", "uuid": "01890000-0000-7000-8000-000000000000"}.get(
        schema.get("format", ""), schema.get("default", "…" if schema.get("type") == "string" else {})
    )


def _curl(base: str, path: str, method: str, operation: dict[str, Any], body: str) -> str:
    for name, value in {**PATH_EXAMPLES, "step": "01890000-0000-7000-8000-000000000000"}.items():
        path = path.replace(f"{{{name}}}", str(value))
    lines = [f"curl {'' if method == 'GET' else f'-X {method} '}{base}{path}"]
    if operation.get("x-scope"):
        lines.append('-H "Authorization: Bearer $VICHE_KEY"')
    lines += [
        f"-H '{each['name']}: {HEADERS[each['name']]}'" if each["name"] == "If-Match"
        else f'-H "{each["name"]}: {HEADERS[each["name"]]}"'
        for each in operation.get("parameters", []) if each["name"] in HEADERS
    ]  # fmt: skip
    if body:
        kind = "text/csv" if body == CSV_EXAMPLE else "application/json"
        lines += [f'-H "Content-Type: {kind}"', f"-d '{body}'"]
    return " \\\n  ".join(lines)
