"""What a rehearsal has to say beside its figures, as codes with values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.rules.records import plain

(
    OTHER_CURRENCY, COSTS_ROUNDED, MONEY_DIFFERS, POTS_SCALED, CATEGORIES_UNKNOWN, PROJECTS_LEFT_OUT, CHOICES_DROPPED,
    INVALID_DROPPED, BEYOND_LIMITS, BELOW_MINIMUM, KIND_DIFFERS, THRESHOLD_UNIT, SUPPORT_UNKNOWN, SUPPORT_NOT_APPLIED,
    LEAST_UNKNOWN, TIES_OPEN, PEOPLE_UNKNOWN, PROTOCOLS_DROPPED, PROTOCOLS_AS_SUMS,
) = NOTES = (
    "other_currency", "costs_rounded", "money_differs", "pots_scaled", "categories_unknown", "projects_left_out",
    "choices_dropped", "invalid_dropped", "ballots_beyond_limits", "ballots_below_minimum", "kind_differs",
    "threshold_in_other_unit", "support_unknown", "support_not_applied", "least_unknown", "ties_open", "people_unknown",
    "protocols_dropped", "protocols_as_sums",
)  # fmt: skip
"""Codes of what was not carried over from the past election, or not as it was."""

NO_CLASS, NO_POT, NOT_ADMITTED = LEFT_OUT = ("no_class", "no_pot", "category_not_admitted")
"""Codes of why a project was left out."""


@dataclass(frozen=True)
class Note:
    """One thing to know about a rehearsal; ``params`` are what its sentence needs, money in minor units.

    - ``other_currency``: currency. ``costs_rounded``: projects. ``money_differs``, ``pots_scaled``: past, new.
    - ``categories_unknown``: names, projects. ``projects_left_out``: projects, of. ``choices_dropped``: choices,
      ballots. ``invalid_dropped``: ballots. ``ballots_beyond_limits``, ``ballots_below_minimum``: ballots, of.
    - ``kind_differs``: past_kind, new_kind, reads (the score or utility). ``threshold_in_other_unit``: reads.
    - ``support_not_applied``: projects. ``ties_open``: ties, projects. ``support_unknown``, ``least_unknown``,
      ``people_unknown``: nothing. ``protocols_dropped``: ballots, of. ``protocols_as_sums``: ballots.
    - Of a project: ``no_class``: cost. ``no_pot``: size_class, category, territory. ``category_not_admitted``:
      category.
    - ``class_without_projects``: size_class. ``pot_without_projects``: pot, amount. ``pot_half_empty``: pot, left,
      amount. ``threshold_not_reached``: size_class (None: all), threshold, best. ``quota_unmet``: dimension, key,
      limit, winners. ``nobody_wins``: nothing.

    Classes, categories and pots are given by their name (``Text``) where the rules name them.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"code": self.code, "params": plain(self.params)}
