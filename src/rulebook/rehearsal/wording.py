"""A rehearsal in words, in Ukrainian ("uk") and English ("en")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rulebook.counting import Reason
from rulebook.explaining.page_projects import reason_text
from rulebook.explaining.view import View
from rulebook.explaining.wording import LANGUAGES, Words
from rulebook.rehearsal import words_en, words_uk
from rulebook.rehearsal.comparing import WON, Comparison, Fate, Side
from rulebook.rehearsal.notes import Note

TEXTS: Mapping[str, Mapping[str, str]] = {"uk": words_uk.TEXTS, "en": words_en.TEXTS}

MONEY = frozenset({"past", "new", "left", "amount", "cost"})
"""Values of notes that are amounts."""

CODES = {"past_kind": "kind", "new_kind": "kind", "reads": "reads"}
"""Values of notes that are codes with words of their own."""


def said(language: str, key: str, /, **values: object) -> str:
    """A sentence by its key. Raises ValueError for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"no words for the language {language!r}; there are {', '.join(LANGUAGES)}")
    return TEXTS[language][key].format(**values)


def note_text(note: Note, language: str = "uk", *, scale: int = 100, currency: str = "UAH") -> str:
    """A note as a sentence; amounts have ``scale`` minor units in a unit of ``currency``."""
    words = Words(language, scale, currency)
    values = {name: _value(name, value, words) for name, value in note.params.items()}
    return said(language, f"note.{note.code}", **values)


def _value(name: str, value: Any, words: Words) -> str:
    if name in CODES:
        return said(words.language, f"{CODES[name]}.{value}")
    if isinstance(value, int):
        return words.money(value) if name in MONEY else words.number(value)
    if isinstance(value, dict):
        return words.quoted(value.get(words.language, ""))
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return said(words.language, "none") if value is None else str(value)


def fate_text(fate: str, language: str = "uk", *, in_part: bool = False) -> str:
    """A word for what became of a project (a word of FATES)."""
    return said(language, "fate.part" if in_part and fate == WON else f"fate.{fate}")


def words_of(side: Side, language: str) -> Words:
    """Words with the currency of the election."""
    return Words(language, side.dossier.scale, side.dossier.currency)


def why(side: Side, project: str, language: str = "uk") -> str:
    """Why a project did not win under these rules; empty for one that did, or whose tie is open."""
    reason = side.reason(project)
    words = words_of(side, language)
    if isinstance(reason, Reason):
        return reason_text(View(side.dossier, side.outcome, words), reason)
    if reason is None:
        return ""
    return note_text(reason, language, scale=words.scale, currency=words.currency)


def figures(sides: Comparison | Iterable[Side], language: str = "uk") -> list[tuple[str, tuple[str, ...]]]:
    """Each measure with its value under every regulation: winners, money, voters."""
    each = [sides.now, sides.new] if isinstance(sides, Comparison) else list(sides)
    words = words_of(each[0], language)
    number, money = words.number, words.money
    rows: list[tuple[str, list[str]]] = [
        (words("compare.funded"), [number(len(side.outcome.funded)) for side in each]),
        (words("compare.spent"), [money(side.spent) for side in each]),
        (words("compare.left"), [money(side.left) for side in each]),
        (words("compare.served"), [words.percent(side.got.served_share) for side in each]),
        (words("compare.average"), [words.hundredths(side.got.winners_hundredths) for side in each]),
        (words("compare.money"), [words.round_money(side.got.money_each) for side in each]),
    ]
    if any(side.outcome.undecided for side in each):
        rows.append((words("compare.undecided"), [number(len(side.outcome.undecided)) for side in each]))
    if any(side.left_out for side in each):
        rows.append((said(language, "left_out"), [number(len(side.left_out)) for side in each]))
    return [(label, tuple(values)) for label, values in rows]


def fate_cells(fate: Fate, language: str) -> tuple[str, str]:
    """What became of a project under both regulations."""
    return (
        fate_text(fate.now, language, in_part=0 < fate.now_amount < fate.cost),
        fate_text(fate.new, language, in_part=0 < fate.new_amount < fate.cost),
    )


__all__ = ["LANGUAGES", "fate_cells", "fate_text", "figures", "note_text", "said", "why", "words_of"]
