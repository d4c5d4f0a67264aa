"""Regulations of real communities as data: what a new contest may start from.

Each is one JSON file beside this module: where it comes from, which default was taken where the source is silent, and
the rules themselves. A preset is a beginning, not the regulation: that is the council's own decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rulebook.problem import Problem
from rulebook.rules import Rules, RulesError, Text, parse

__all__ = ["Preset", "UnknownPreset", "preset", "presets", "rules_from"]


class UnknownPreset(KeyError):
    """No preset has this id."""

    def __init__(self, preset_id: str) -> None:
        super().__init__(preset_id)
        self.id = preset_id

    def __str__(self) -> str:
        return f"there is no preset {self.id!r}; known: {', '.join(entry.id for entry in presets())}"


@dataclass(frozen=True)
class Preset:
    """The regulation of a community in one year (None where the source does not say which).

    ``source`` names the publications it was read from; each of ``notes`` says which default was taken where they are
    silent. ``rules`` is the parsed regulation.
    """

    id: str
    title: Text
    community: Text
    year: int | None
    source: str
    notes: tuple[Text, ...]
    rules: Rules

    def document(self) -> dict[str, Any]:
        """A fresh rules document to start a contest from."""
        return self.rules.as_document()


@cache
def _all() -> Mapping[str, Preset]:
    found = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".json"):
            made = _preset(json.loads(entry.read_text(encoding="utf-8")))
            found[made.id] = made
    return found


def _preset(document: Mapping[str, Any]) -> Preset:
    return Preset(
        id=document["id"],
        title=Text(document["title"]),
        community=Text(document["community"]),
        year=document["year"],
        source=document["source"],
        notes=tuple(Text(note) for note in document["notes"]),
        rules=parse(document["rules"]),
    )


def presets() -> list[Preset]:
    """All presets, by id."""
    return list(_all().values())


def preset(preset_id: str) -> Preset:
    """The preset with this id. Raises UnknownPreset."""
    if preset_id not in _all():
        raise UnknownPreset(preset_id)
    return _all()[preset_id]


def rules_from(source: str) -> Rules:
    """The rules of a file (a rules document, or a contest's document that holds one) or of a preset by its id.

    Raises OSError, RulesError naming all that is wrong, UnknownPreset.
    """
    path = Path(source)
    if path.suffix != ".json" and not path.exists():
        return preset(source).rules
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise RulesError([Problem("", "not_json", {"detail": str(error)})]) from error
    return parse(document["rules"] if isinstance(document, dict) and "rules" in document else document)
