"""What a row of every file of the archive looks like: JSON Schema, made from the tables themselves."""

import re
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from viche.connectors.export import archive, life
from viche.connectors.export.reading import refused

TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
_DAY: dict[str, Any] = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WORDS: dict[str, Any] = {"type": "object", "additionalProperties": TEXT}
_NUMBERS = (
    "replaced", "annulled", "withdrawn", "taken_back", "envelopes", "given_out", "numbered", "numbered_all", "paper",
)  # fmt: skip


def _shapes() -> dict[str, dict[str, Any]]:
    """Of documents in columns that pages read without asking, by table and column."""
    lines = {"type": "array", "items": TEXT}
    letterhead = {
        "lines": lines, "place": TEXT, "closing": lines, "signatories": _list_of(TEXT, TEXT),
    }  # fmt: skip
    said = {"type": "object", "properties": letterhead, "additionalProperties": False}
    return {
        "reports.letterhead.texts": {
            "type": "object", "properties": dict.fromkeys(("uk", "en"), said), "additionalProperties": False,
        },
        "reports.designedreport.title": closed(dict.fromkeys(("uk", "en"), TEXT)),
        "reports.designedreport.definition": {"type": "object"},
    }  # fmt: skip


def row_schema(label: str) -> dict[str, Any]:
    """The schema of a row of a table that leaves."""
    model = apps.get_model(label)
    octets = life.BYTES.get(label, ())
    properties = {
        field.attname: _MAYBE if field.name in octets else _of(field) for field in life.columns(model)
    }
    shapes = _shapes()
    properties |= {name: shapes[f"{label}.{name}"] for name in properties if f"{label}.{name}" in shapes}
    if label in life.NAMED:
        properties["person_name"] = TEXT
    return closed(properties)


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these properties."""
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _list_of(*places: dict[str, Any]) -> dict[str, Any]:
    """A list of lists that have exactly these places."""
    each = {"type": "array", "prefixItems": list(places), "items": False, "minItems": len(places)}
    return {"type": "array", "items": each}


def _figures() -> dict[str, Any]:
    """CarriedFigures: who took part, in numbers only."""
    hours = {"type": "object", "properties": {str(hour): _WHOLE for hour in range(24)}}
    return closed(
        {
            "days": _list_of(_DAY, _WHOLE), "marks": _list_of(_DAY, TEXT, _WHOLE),
            "channels": {"type": "object", "additionalProperties": _WHOLE},
            "hours": {**hours, "additionalProperties": False},
            "numbers": closed(dict.fromkeys(_NUMBERS, _WHOLE)),
        }
    )  # fmt: skip


def _told() -> dict[str, dict[str, Any]]:
    """What is told of the old platform and read, though it is not taken over."""
    place = _columns(
        "communities.community", ("slug", "host", "connected_at", "inherits_staff", "archived_at")
    )
    office = _columns("identity.office", ("role", "unit", "since", "until"))
    return {
        "place.json": closed({"territory": TEXT, "platform": TEXT, **place}),
        "offices.jsonl": closed({"given_name": TEXT, "family_name": TEXT, **office}),
    }


def _of(field: Any) -> dict[str, Any]:
    if isinstance(field, models.ForeignKey):
        is_place = life.is_numbered(field.related_model)
        found: dict[str, Any] = {"type": "integer"} if is_place else TEXT
    elif isinstance(field, models.ImageField):
        found = {"type": "string", "pattern": r"^[0-9a-f-]*(\.(webp|png|jpg|jpeg))?$"}
    elif isinstance(field, models.JSONField):
        return {}
    elif isinstance(field, models.BooleanField):
        found = {"type": "boolean"}
    elif isinstance(field, models.IntegerField):
        found = {"type": "integer"}
    elif isinstance(field, models.CharField) and field.max_length:
        found = {"type": "string", "maxLength": field.max_length}
        if isinstance(field, models.SlugField):
            found["pattern"] = "^[-a-zA-Z0-9_]+$"
        if field.choices:
            found["enum"] = [str(each) for each, _name in field.flatchoices] + ([""] if field.blank else [])
    else:
        found = TEXT
    return {**found, "type": [found["type"], "null"]} if field.null else found


def _columns(label: str, names: tuple[str, ...]) -> dict[str, Any]:
    fields = {each.attname: each for each in apps.get_model(label)._meta.concrete_fields}
    return {name: _of(fields[name]) for name in names}


def file_schemas() -> dict[str, dict[str, Any]]:
    """Of every kind of file that is taken over, by its path: the schema of a row, or of the whole document."""
    log = {
        "name": TEXT, "year": _WHOLE, "origin": {"type": "string", "maxLength": 200}, "size": _WHOLE, "root": TEXT,
        "peaks": {"type": "array"}, "opened_at": TEXT, "sequenced_at": _MAYBE,
        "public_key": {"type": "string", "pattern": "^([0-9a-f]{64})?$"}, "key": TEXT, "published_size": _WHOLE,
        "published_at": _MAYBE,
    }  # fmt: skip
    entry = {"index": _WHOLE, "at": _MAYBE, "leaf": TEXT, "sort_key": _MAYBE, "leaf_hash": TEXT}
    stamp = {
        "id": TEXT, "day": TEXT, "size": _WHOLE, "root": TEXT, "authority": TEXT, "stamped_at": TEXT, "token": TEXT,
    }  # fmt: skip
    face = {
        "code": TEXT,
        **_columns("communities.community", archive.FACE),
        "name": _WORDS,
        "short_name": _WORDS,
    }
    schemas = {
        "community.json": closed(face),
        "districts.jsonl": closed(_columns("communities.territory", archive.DISTRICT)),
        "points.jsonl": closed(_columns("points.point", archive.POINT) | {"contests": {"type": "array"}}),
        "contests/<contest>/contest.json": closed(
            _columns("contests.contest", archive.CONTEST) | {"schedule": {"type": "array"}}
        ),
        "contests/<contest>/turnout.json": _figures(),
        "journal/<log>/about.json": closed(log),
        "journal/<log>/entries.jsonl": closed(entry),
        "journal/<log>/stamps.jsonl": closed(stamp),
    }  # fmt: skip
    tables = {f"contests/<contest>/{life.path_of(label)}": row_schema(label) for label in life.tables()}
    body = {name: row_schema(label) for name, label in life.BODY.items()}
    return schemas | _told() | body | tables


def document() -> dict[str, Any]:
    """The whole schema as it is published (docs/schemas/export-2.json)."""
    manifest = closed(
        {
            "format": {"const": archive.FORMAT}, "community": TEXT, "made_at": TEXT, "version": TEXT,
            "files": {"type": "array", "items": closed({"path": TEXT, "sha256": TEXT, "size": _WHOLE})},
        }
    )  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Archive of a body, " + archive.FORMAT,
        "description": "By the path of a file: what the document, or each line of a .jsonl file, looks like.",
        "$defs": {"manifest.json": manifest, **file_schemas()},
    }


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None),
}  # fmt: skip


def check(value: Any, schema: dict[str, Any], place: str) -> None:
    """The value fits the schema (type, maxLength, enum, pattern, minimum, properties, items). Refused: bad_row."""
    fault = _fault(value, schema)
    if fault:
        raise refused(
            "bad_row", _("%(place)s: %(field)s is not as the format says.") % {"place": place, "field": fault}
        )


def _fault(value: Any, schema: dict[str, Any]) -> str:
    """The name of what does not fit, "" where all does."""
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        is_truth = isinstance(value, bool)
        if not any(isinstance(value, _TYPES[kind]) and (kind == "boolean") == is_truth for kind in kinds):
            return "?"
    if isinstance(value, str):
        if len(value) > schema.get("maxLength", len(value)) or "\0" in value:
            return "?"
        if value not in schema.get("enum", (value,)):
            return "?"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return "?"
    if type(value) is int and not schema.get("minimum", value) <= value < 2**63:
        return "?"
    if isinstance(value, list) and not _are_right(value, schema):
        return "?"
    for name in schema.get("required", ()):
        if name not in value:
            return str(name)
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, each in value.items() if isinstance(value, dict) else ():
        shape = properties.get(name, others)
        if shape is False or (shape is not True and _fault(each, shape)):
            return str(name)
    return ""


def _are_right(values: list[Any], schema: dict[str, Any]) -> bool:
    """Whether the items of a list fit: each place its own shape, or all of them one."""
    places, items = schema.get("prefixItems"), schema.get("items")
    if places is not None:
        return len(values) == len(places) and not any(map(_fault, values, places))
    return items is None or not any(_fault(each, items) for each in values)
