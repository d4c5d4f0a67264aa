"""The check of a document against the schema: every place where it departs from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rulebook.problem import Problem

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list, tuple),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def departures(document: object, schema: Mapping[str, Any]) -> list[Problem]:
    """Every place where the document departs from the schema; paths are JSON Pointers.

    Of JSON Schema it understands what our schema uses; of ``oneOf`` only alternatives of one required field.
    """
    found: list[Problem] = []
    _walk(document, schema, "", found, schema.get("$defs", {}))
    return found


def _walk(
    value: Any, schema: Mapping[str, Any], path: str, found: list[Problem], defs: Mapping[str, Any]
) -> None:
    if "$ref" in schema:
        schema = defs[schema["$ref"].removeprefix("#/$defs/")]
    if "const" in schema and (value != schema["const"] or isinstance(value, bool)):
        found.append(Problem(path, "not_one_of", {"value": _shown(value), "allowed": (schema["const"],)}))
        return
    if "enum" in schema and not (isinstance(value, str) and value in schema["enum"]):
        found.append(Problem(path, "not_one_of", {"value": _shown(value), "allowed": tuple(schema["enum"])}))
        return
    if "type" in schema:
        expected = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(_is_of_type(value, name) for name in expected):
            found.append(Problem(path, "wrong_type", {"expected": expected[0], "value": _shown(value)}))
            return
    if isinstance(value, Mapping):
        _walk_object(value, schema, path, found, defs)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _walk(item, schema.get("items", {}), f"{path}/{index}", found, defs)
            if schema.get("uniqueItems") and item in value[:index]:
                found.append(Problem(f"{path}/{index}", "repeated", {"value": _shown(item)}))
    elif isinstance(value, str):
        if len(value) > schema.get("maxLength", len(value)):
            found.append(Problem(path, "too_long", {"limit": schema["maxLength"]}))
        if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
            found.append(Problem(path, "bad_format", {"value": _shown(value)}))
    elif isinstance(value, int) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            found.append(Problem(path, "too_small", {"value": value, "limit": schema["minimum"]}))
        if value > schema.get("maximum", value):
            found.append(Problem(path, "too_large", {"value": value, "limit": schema["maximum"]}))


def _walk_object(
    value: Mapping[Any, Any],
    schema: Mapping[str, Any],
    path: str,
    found: list[Problem],
    defs: Mapping[str, Any],
) -> None:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            found.append(Problem(f"{path}/{name}", "missing"))
    choice = [alternative["required"][0] for alternative in schema.get("oneOf", ())]
    given = [name for name in choice if name in value]
    if choice and not given:
        found.append(Problem(f"{path}/{choice[0]}", "missing"))
    if len(given) > 1:
        found.append(Problem(f"{path}/{given[-1]}", "both_given", {"one": given[0], "other": given[-1]}))
    for name, item in value.items():
        place = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
        if name in properties:
            _walk(item, properties[name], place, found, defs)
        elif others is False or not isinstance(name, str):
            found.append(Problem(place, "unknown_field", {"field": str(name)}))
        elif others is not True:
            _walk(item, others, place, found, defs)


def _is_of_type(value: object, name: str) -> bool:
    # in JSON true is not a number, in Python it is
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _shown(value: object) -> object:
    return value if isinstance(value, (str, int, bool, type(None))) else type(value).__name__
