"""What a count shows to be out of reach: classes without projects, idle money, thresholds and quotas unmet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rulebook.counting import Outcome
from rulebook.counting.tally import threshold_of
from rulebook.dossier import Dossier, DossierProject
from rulebook.options import EVERY
from rulebook.rehearsal.notes import Note
from rulebook.rehearsal.recounting import name_of

(
    CLASS_WITHOUT_PROJECTS, POT_WITHOUT_PROJECTS, POT_HALF_EMPTY, THRESHOLD_NOT_REACHED, QUOTA_UNMET, NOBODY_WINS,
) = ISSUES = (
    "class_without_projects", "pot_without_projects", "pot_half_empty", "threshold_not_reached", "quota_unmet",
    "nobody_wins",
)  # fmt: skip

QUOTAS = (
    ("winners", "pot"),
    ("winners_per_class", "class"),
    ("winners_per_category", "category"),
)
"""Options of a count that state how many may win, and the dimension of their table."""


def issues(dossier: Dossier, outcome: Outcome) -> Iterator[Note]:
    """What was out of reach in this count. ``dossier`` is the one that was counted."""
    rules = dossier.rules
    for entry in rules.size_classes:
        if not any(project.size_class == entry.id for project in dossier.projects):
            yield Note(CLASS_WITHOUT_PROJECTS, {"size_class": entry.name})
    for pot in rules.pots:
        left = outcome.left.get(pot.id, 0)
        if not any(project.pot == pot.id for project in dossier.projects):
            yield Note(POT_WITHOUT_PROJECTS, {"pot": pot.name, "amount": pot.amount})
        elif 2 * left > pot.amount:
            yield Note(POT_HALF_EMPTY, {"pot": pot.name, "left": left, "amount": pot.amount})
    yield from _thresholds(dossier, outcome)
    yield from _quotas(dossier, outcome)
    if not outcome.funded and not outcome.undecided:
        yield Note(NOBODY_WINS)


def _thresholds(dossier: Dossier, outcome: Outcome) -> Iterator[Note]:
    """Classes with projects of which none reaches the threshold."""
    by_class: dict[str | None, list[DossierProject]] = {}
    for project in dossier.projects:
        by_class.setdefault(project.size_class, []).append(project)
    for size_class, projects in by_class.items():
        threshold = threshold_of(dossier.rules.counting.options, size_class, outcome.voters)
        best = max(outcome.totals[project.id] for project in projects)
        if best < threshold:
            name = name_of(dossier.rules, "class", size_class)
            yield Note(THRESHOLD_NOT_REACHED, {"size_class": name, "threshold": threshold, "best": best})


def _quotas(dossier: Dossier, outcome: Outcome) -> Iterator[Note]:
    """Places for winners that stay empty."""
    winners = [project for project in dossier.projects if project.id in outcome.amounts]
    for option, dimension in QUOTAS:
        table = dossier.rules.counting.options.get(option)
        if isinstance(table, Mapping):
            for key, limit in _limits(table, sorted(dossier.rules.dimensions[dimension])):
                won = sum(_key(project, dimension) == key for project in winners)
                if won < limit:
                    name = name_of(dossier.rules, dimension, key)
                    params = {"dimension": dimension, "key": name, "limit": limit, "winners": won}
                    yield Note(QUOTA_UNMET, params)


def _limits(table: Mapping[str, Any], keys: Sequence[str]) -> Iterator[tuple[str, int]]:
    for key in keys:
        limit = table.get(key, table.get(EVERY))
        if isinstance(limit, int):
            yield key, limit


def _key(project: DossierProject, dimension: str) -> str | None:
    return {"pot": project.pot, "class": project.size_class, "category": project.category}[dimension]
