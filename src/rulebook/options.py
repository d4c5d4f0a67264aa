"""What a regulation may tell each counting rule: the names, values and meaning of its options.

Kept apart from the rules' code so that a document can be checked, and a form drawn, before anything is
counted. A test keeps this table and the registry of counting rules equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rulebook.problem import Problem

REFUSE, EARLIER, CHEAPER, FILE_ORDER = TIES = ("refuse", "earlier", "cheaper", "file-order")
"""Ways to decide a tie. ``refuse``: the count stops there and names the tied projects; ``earlier``: the
project submitted first; ``cheaper``: the lower cost; ``file-order``: the place in the list of projects
that was published, for elections counted elsewhere whose submission times are not known."""

VOTES, POINTS, BORDA = SCORES = ("votes", "points", "borda")
SKIP, STOP = FITS = ("skip", "stop")

EVERY_CLASS = "*"
"""The key of a threshold that holds for projects of every size class without one of their own."""


@dataclass(frozen=True)
class Option:
    """One option of a counting rule: either one word of ``values`` (the first is the default), or a
    table of whole numbers, at least zero, by size class (or "*")."""

    name: str
    values: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether the option is a table by size class rather than one word."""
        return not self.values


OPTIONS: Mapping[str, tuple[Option, ...]] = {
    "greedy-v1": (Option("score", SCORES), Option("fit", FITS), Option("threshold")),
}
"""The counting rules by id, each with its options. An id never changes meaning."""


def option_problems(rule: str, options: Mapping[str, object], classes: frozenset[str]) -> list[Problem]:
    """Faults of the options named for a rule; paths start at the options. An unknown rule has none."""
    known = {option.name: option for option in OPTIONS.get(rule, ())}
    if rule not in OPTIONS:
        return []
    found: list[Problem] = []
    for name, value in options.items():
        option = known.get(name)
        if option is None:
            found.append(Problem(f"/{name}", "unknown_option", {"option": name, "rule": rule}))
        elif not option.is_table:
            if value not in option.values:
                found.append(Problem(f"/{name}", "not_one_of", {"value": value, "allowed": option.values}))
        elif not isinstance(value, Mapping):
            found.append(Problem(f"/{name}", "wrong_type", {"expected": "object"}))
        else:
            for class_id, amount in value.items():
                if class_id != EVERY_CLASS and class_id not in classes:
                    found.append(Problem(f"/{name}/{class_id}", "unknown_class", {"class": class_id}))
                if type(amount) is not int or amount < 0:
                    found.append(Problem(f"/{name}/{class_id}", "not_a_count", {"value": amount}))
    return found
