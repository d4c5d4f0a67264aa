"""Which events there are: kinds by groups, with a JSON Schema of what a receiver gets."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, get_origin, get_type_hints

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from viche.journal.events import REGISTRY, Event

TYPE = "ua.viche.{kind}.v1"
PING = "Ping"
# entries of their kind carry no time and come by the thousand: only for who asks for them by their kind
BALLOT = "BallotSealed"

# the rooms whose events make up a group, in the order of a contest's life
GROUPS: Mapping[str, tuple[Any, frozenset[str]]] = MappingProxyType(
    {
        "contests": (_("Contests: rules, calendar, phases"), frozenset({"contests"})),
        "projects": (_("Projects: from submission to implementation"), frozenset({"projects"})),
        "review": (_("Review and the commission"), frozenset({"review"})),
        "voting": (_("Voting: the box, paper, annulments"), frozenset({"ballots", "channels", "points", "integrity"})),
        "results": (_("Results"), frozenset({"results"})),
        "people": (_("Members, staff and objections, without names"), frozenset({"identity"})),
        "body": (
            pgettext_lazy("events", "The body, its connections and its log"),
            frozenset({"communities", "connectors", "journal", "talk", "reports", "api"}),
        ),
    }
)  # fmt: skip

_FIELD = re.compile(r"%\((\w+)\)[sd]")
_SCALARS = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object", Mapping: "object"}


@dataclass(frozen=True)
class Kind:
    """One kind of event. type: of its CloudEvents. sentence: with the names of fields in braces."""

    code: str
    group: str
    type: str
    sentence: str
    fields: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    """Group by kind, of every kind that can be written: those only derived from are left out."""
    found = {}
    for code, event in sorted(REGISTRY.items()):
        room = event.__module__.split(".")[1]
        group = next((name for name, (_title, rooms) in GROUPS.items() if room in rooms), "body")
        if not code.endswith("Event") and is_dataclass(event) and event.__module__.startswith("viche."):
            found[code] = group
    return found


def kind_named(code: str) -> Kind | None:
    """A kind by its code; None where there is none."""
    group = _kinds().get(code)
    if group is None:
        return None
    event = REGISTRY[code]
    names = tuple((each.name, _json_type(event, each.name)) for each in fields(event))
    sentence = _FIELD.sub(r"{\1}", translated(event.sentence)).replace("%%", "%")
    return Kind(code, group, TYPE.format(kind=code), sentence, names)


def kinds_in(group: str) -> list[Kind]:
    """The kinds of a group by their code."""
    found = [kind_named(code) for code, each in _kinds().items() if each == group]
    return [each for each in found if each is not None]


def is_wanted_word(word: str) -> bool:
    """Whether it is a kind or a group of this catalogue."""
    return word in GROUPS or word in _kinds()


def chosen_kinds(words: Collection[str]) -> set[str]:
    """The kinds that kinds and groups name. A group has everything but sealed ballots; nothing named is every group."""
    named = {code for code, group in _kinds().items() if code != BALLOT and (not words or group in words)}
    return named | {word for word in words if word in _kinds()}


def _json_type(event: type[Event], name: str) -> str:
    hint = get_type_hints(event)[name]
    return _SCALARS.get(get_origin(hint) or hint, "string")


def schema_of(kind: Kind, address: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of the data of an event of this kind. address: where it stands."""
    text = {"type": "string"}
    facts = {name: {"type": sort} for name, sort in kind.fields}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": kind.code,
        "description": kind.sentence,
        "type": "object",
        "required": ["facts", "sentence", "links", "log"],
        "properties": {
            "facts": {"type": "object", "properties": facts, "required": sorted(facts)},
            "by": {"type": ["object", "null"], "properties": {"kind": text, "reference": text}},
            "sentence": {"type": "object", "properties": {"uk": text, "en": text}, "required": ["uk", "en"]},
            "links": {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
            "log": {
                "type": "object",
                "properties": {"name": text, "index": {"type": "integer", "minimum": 0}, "leaf_hash": text},
                "required": ["name", "index", "leaf_hash"],
            },
            "contest": {
                "type": ["object", "null"],
                "properties": {"id": {"type": "string", "format": "uuid"}, "slug": text},
            },
            "project": {
                "type": ["object", "null"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"}, "number": {"type": ["integer", "null"]},
                },
            },
        },
    }  # fmt: skip
