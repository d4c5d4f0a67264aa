"""The greedy count of one pot as a bare run down a ranking, so that it can be repeated with other money.

Only for the plain regulation: nothing but score, threshold and money decides (``plain_pots``). The count
itself is ``rulebook.counting.greedy``; tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any

from rulebook.counting.outcome import BELOW_THRESHOLD, Outcome
from rulebook.counting.ties import TieRules
from rulebook.dossier import Dossier, DossierProject
from rulebook.options import DECISION, LOT, PARTIAL, PER_COST, SKIP, STOP

QUOTAS = ("winners", "winners_per_class", "winners_per_category", "winners_per_territory", "leftovers")

Key = tuple[int, Fraction]
Part = tuple[DossierProject, ...]
"""Projects of equal score that nothing orders among each other; nearly always one alone."""


def key_of(project: DossierProject, score: int, per_cost: bool) -> Key:
    """What greedy-v1 ranks by, the largest first; with votes per cost, what costs nothing comes first."""
    if not per_cost:
        return 0, Fraction(score)
    return (0, Fraction(score, project.cost)) if project.cost else (1, Fraction(score))


def plain_pots(dossier: Dossier) -> list[str]:
    """The pots of a greedy count in which nothing but score, threshold, money and tie rules decides."""
    options = dossier.rules.counting.options
    if options.get("fit", SKIP) == PARTIAL or any(options.get(name) for name in QUOTAS):
        return []
    bound = {project.pot for project in dossier.projects if project.rivals is not None}
    return [pot.id for pot in dossier.pots if pot.id not in bound]


@dataclass(frozen=True)
class Run:
    """What an amount of money funds. ``open_from`` is the place of the first part whose order matters and is
    not decided: from there on nothing is certain. ``next_amount`` is the least larger amount with which
    something before that place changes; None where nothing can."""

    funded: frozenset[str]
    open_from: int | None
    next_amount: int | None

    def surely_funds(self, project: str, place: int) -> bool:
        """Whether the project at this place wins, whatever decides the open ties."""
        return project in self.funded and (self.open_from is None or place < self.open_from)


@dataclass(frozen=True)
class Ranking:
    """The eligible projects of a pot, the best first, in parts; ``stops`` at the first that does not fit.

    ``keys`` are what the parts are ranked by.
    """

    parts: tuple[Part, ...]
    keys: tuple[Key, ...]
    stops: bool

    @cached_property
    def places(self) -> dict[str, int]:
        """Which part each project is in."""
        return {project.id: place for place, part in enumerate(self.parts) for project in part}

    def down_to(self, key: Key, project: DossierProject, dossier: Dossier) -> Ranking:
        """The ranking as far as this key, with a project that stood lower among those that have it.

        A public lot orders nothing there: with other ballots it would fall another way.
        """
        above = [place for place, each in enumerate(self.keys) if each > key]
        equal = [one for place, part in enumerate(self.parts) if self.keys[place] == key for one in part]
        tied = parts_of(dossier, sorted([*equal, project], key=_in_list), with_lot=False)
        parts = (*(self.parts[place] for place in above), *tied)
        return Ranking(parts, (*(self.keys[place] for place in above), *[key] * len(tied)), self.stops)

    @cached_property
    def _costs(self) -> list[int | None]:
        """The cost of a part that is one project; None of a larger one."""
        return [part[0].cost if len(part) == 1 else None for part in self.parts]

    def run(self, amount: int, without: Container[str] = (), upto: int | None = None) -> Run:
        """Go down the ranking with this much money (minor units), ``without`` some projects, ``upto`` a place."""
        left = amount
        least_change = 0
        funded: list[str] = []
        open_from = None
        costs = self._costs if upto is None else self._costs[: upto + 1]
        for place, cost in enumerate(costs):
            whole = self.parts[place]
            if cost is not None:
                # nearly every part: what follows, for one project
                if without and whole[0].id in without:
                    continue
                if cost <= left:
                    left -= cost
                    funded.append(whole[0].id)
                    continue
                change = cost - left
                taken = 0
            else:
                part = [project for project in whole if project.id not in without] if without else whole
                total = sum([project.cost for project in part])
                if total <= left:
                    left -= total
                    funded += [project.id for project in part]
                    continue
                fitting = [project for project in part if project.cost <= left]
                taken = sum([project.cost for project in fitting])
                if fitting and (self.stops or taken > left):
                    open_from = place
                    break
                change = min(project.cost for project in part if project.cost > left) - left
                funded += [project.id for project in fitting]
            least_change = min(change, least_change) if least_change else change
            if self.stops:
                break
            left -= taken
        return Run(frozenset(funded), open_from, amount + least_change if least_change else None)


def _in_list(project: DossierProject) -> tuple[int, str]:
    return project.order, project.id


def ranking_of(dossier: Dossier, outcome: Outcome, pot: str) -> Ranking:
    """The ranking of a plain pot, by the scores of its outcome; ties in the order of the tie rules."""
    options: dict[str, Any] = dict(dossier.rules.counting.options)
    per_cost = options.get("score") == PER_COST
    eligible = [
        project
        for project in dossier.projects
        if project.pot == pot
        and not (project.id in outcome.rejected and outcome.rejected[project.id].code == BELOW_THRESHOLD)
    ]
    keys = {project.id: key_of(project, outcome.totals[project.id], per_cost) for project in eligible}
    parts: list[Part] = []
    part_keys: list[Key] = []
    ranked = sorted(eligible, key=lambda project: keys[project.id], reverse=True)
    for key, equal in groupby(ranked, key=lambda project: keys[project.id]):
        ordered = parts_of(dossier, list(equal))
        parts += ordered
        part_keys += [key] * len(ordered)
    return Ranking(tuple(parts), tuple(part_keys), options.get("fit", SKIP) == STOP)


def parts_of(dossier: Dossier, equal: list[DossierProject], *, with_lot: bool = True) -> list[Part]:
    """Projects of one score in the order of the tie rules; those that no rule tells apart together."""
    if len(equal) == 1:
        return [tuple(equal)]
    rules = TieRules(dossier)
    groups = [equal]
    for name in rules.names:
        # which of several recorded decisions speaks depends on the course of the count
        if (name == DECISION and len(dossier.decisions) > 1) or (name == LOT and not with_lot):
            continue
        groups = [
            finer for group in groups for finer in rules.parts(name, group, [project.id for project in group])
        ]
    return [tuple(group) for group in groups]
