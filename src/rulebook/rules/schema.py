"""The published JSON Schema (draft 2020-12) of a rules document, and the check of a document against it.

The schema is the one description of the shape: the parser walks it, forms and other programs read it.
Only the keywords used below are understood by the walk; a test holds the schema to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rulebook.canonical import LARGEST_INTEGER
from rulebook.options import TIES
from rulebook.problem import Problem

SCHEMA_NUMBER = 1

BASES = ("registered", "declared", "displaced", "work", "study", "service", "property", "birth")
BALLOT_KINDS = ("approval", "points", "ranking", "choose-1", "plus-minus")
LIVE_RESULTS = ("none", "turnout", "totals")
IDENTITY_METHODS = ("isei", "bankid", "mobileid", "kep", "desk", "terminal")

_ID = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"}
_TEXT = {
    "type": "object",
    "properties": {"uk": {"type": "string", "maxLength": 500}, "en": {"type": "string", "maxLength": 500}},
    "required": ["uk"],
    "additionalProperties": False,
}
_COUNT = {"type": "integer", "minimum": 0, "maximum": LARGEST_INTEGER}
_OPTIONAL_COUNT = {**_COUNT, "type": ["integer", "null"]}
_OPTIONAL_ID = {**_ID, "type": ["string", "null"]}
_LIMITS = {"type": "object", "additionalProperties": _COUNT}


def _record(required: Sequence[str], **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_ELIGIBILITY = _record(
    (),
    min_age={"type": ["integer", "null"], "minimum": 0, "maximum": 150},
    age_on={"type": "string", "pattern": r"^(act|\d{4}-\d{2}-\d{2})$"},
    bases={"type": "array", "items": {"enum": list(BASES)}, "uniqueItems": True},
)

JSON_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Rules of one participatory-budgeting contest",
    "description": "Money is a whole number of minor units (kopiykas). Bounds are inclusive at both ends.",
    **_record(
        ("schema", "title", "pots", "counting"),
        schema={"const": SCHEMA_NUMBER},
        title={"$ref": "#/$defs/text"},
        size_classes={
            "type": "array",
            "items": _record(
                ("id", "name", "min_cost"),
                id=_ID,
                name={"$ref": "#/$defs/text"},
                min_cost=_COUNT,
                max_cost=_OPTIONAL_COUNT,
            ),
        },
        categories={"type": "array", "items": _record(("id", "name"), id=_ID, name={"$ref": "#/$defs/text"})},
        pots={
            "type": "array",
            "items": _record(
                ("id", "name", "amount"),
                id=_ID,
                name={"$ref": "#/$defs/text"},
                amount=_COUNT,
                size_class=_OPTIONAL_ID,
                category=_OPTIONAL_ID,
                territory=_OPTIONAL_ID,
            ),
        },
        author={"$ref": "#/$defs/eligibility"},
        author_max_projects=_OPTIONAL_COUNT,
        voter={"$ref": "#/$defs/eligibility"},
        ballot=_record(
            (),
            kind={"enum": list(BALLOT_KINDS)},
            max_choices=_OPTIONAL_COUNT,
            min_choices=_COUNT,
            max_per_class=_LIMITS,
            max_per_category=_LIMITS,
            max_per_territory=_OPTIONAL_COUNT,
            max_points=_OPTIONAL_COUNT,
            max_points_per_project=_OPTIONAL_COUNT,
            max_minus=_OPTIONAL_COUNT,
            own_project={"type": "boolean"},
            max_cost=_OPTIONAL_COUNT,
            revote={"type": "boolean"},
        ),
        counting=_record(
            ("rule",),
            rule={"type": "string", "maxLength": 64},
            options={"type": "object"},
            ties={"type": "array", "items": {"enum": list(TIES)}, "uniqueItems": True},
        ),
        live_results={"enum": list(LIVE_RESULTS)},
        identity_methods={"type": "array", "items": {"enum": list(IDENTITY_METHODS)}, "uniqueItems": True},
        source={"type": "string", "maxLength": 2000},
    ),
    "$defs": {"text": _TEXT, "eligibility": _ELIGIBILITY},
}

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list, tuple),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def shape_problems(document: object, schema: Mapping[str, Any] = JSON_SCHEMA) -> list[Problem]:
    """Every place where the document departs from the schema; paths are JSON Pointers."""
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
