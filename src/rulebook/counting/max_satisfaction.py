"""max-satisfaction-v1: the projects that together give the voters the most, within the money of the pot.

Source: the rule that maximises utilitarian welfare with additive utilities (N. Talmon and P. Faliszewski, "A
Framework for Approval-Based Budgeting Methods", AAAI 2019, the max rules; S. Rey and J. Maly, "The
(Computational) Social Choice Take on Indivisible Participatory Budgeting", 2023, section on welfare
maximisation). It is the knapsack problem, solved exactly (``rulebook.counting.knapsack``). The prose with a
worked example is docs/counting/max-satisfaction-v1.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

from rulebook.canonical import LARGEST_INTEGER
from rulebook.counting.field import Field, PotCount, fields_of, outcome_of, places_in_pots
from rulebook.counting.knapsack import Thing, best_choice
from rulebook.counting.outcome import (
    DOES_NOT_FIT,
    FITS,
    FUND,
    NO_VOTES,
    OUTWEIGHED,
    REJECT,
    RIVAL_WON,
    TIE,
    UNDECIDED,
    Outcome,
    Reason,
    Tie,
)
from rulebook.counting.tally import Tally, tally
from rulebook.counting.ties import TieRules
from rulebook.dossier import Dossier, DossierError, DossierProject
from rulebook.options import BORDA, CARDINALITY, COST, POINTS, REFUSE, UTILITIES_OF_KIND, VOTES

RULE = "max-satisfaction-v1"

SCORE_OF_KIND = {"points": POINTS, "ranking": BORDA}
"""The score that ranks, thresholds and totals speak of; votes on all other ballots."""

MOST_OPEN_GROUPS = 6
"""With more open groups of competing projects than this in earlier pots a later pot is left open."""


def count(dossier: Dossier) -> Outcome:
    """The outcome of max-satisfaction-v1 under the options of the dossier's rules.

    Each pot is counted by itself, in the order of the regulation: of the projects that reach their threshold
    and that somebody named, the set is funded whose total satisfaction is the greatest of all sets that cost
    at most the pot and hold at most one project of each group of competitors, none of a group of which an
    earlier pot funded one. Raises DossierError where ``utility`` cannot be read off the ballots.
    """
    kind = dossier.rules.ballot.kind
    result = tally(dossier, SCORE_OF_KIND.get(kind, VOTES))
    ranks = places_in_pots(dossier, result.scores)
    satisfactions = _satisfactions(dossier, result)
    winners: list[DossierProject] = []
    open_groups: set[str] = set()
    counts = []
    for each in fields_of(dossier, result, ranks):
        pot = _Pot(each, satisfactions, TieRules(dossier), tuple(winners), frozenset(open_groups))
        counts.append(pot.run())
        winners += pot.winners
        open_groups |= pot.open_groups
    return outcome_of(RULE, dossier, result, ranks, counts)


def _satisfactions(dossier: Dossier, result: Tally) -> dict[str, int]:
    """What each project gives all voters together; minor units times votes under "cost"."""
    kind = dossier.rules.ballot.kind
    utility = dossier.rules.counting.options.get("utility", CARDINALITY)
    if utility not in UTILITIES_OF_KIND[kind]:
        raise DossierError(f"/rules/counting/options/utility: {utility!r} cannot be read off {kind} ballots")
    if utility == COST:
        return {project.id: result.votes[project.id] * project.cost for project in dossier.projects}
    score = VOTES if utility == CARDINALITY else utility
    return dict(tally(dossier, score).scores)


def _written(satisfaction: int) -> int | str:
    # a canonical document holds no greater number
    return satisfaction if satisfaction <= LARGEST_INTEGER else str(satisfaction)


@dataclass(frozen=True)
class _Verdict:
    """What is known of the best sets: in all of them, in some but not all; the ties met on the way.

    ``satisfaction`` is what each of them gives at least; None where that was not looked at.
    """

    satisfaction: int | None
    certain: frozenset[str]
    undecided: frozenset[str] = frozenset()
    ties: tuple[tuple[frozenset[str], str], ...] = ()


class _BestSets:
    """All sets of greatest satisfaction of some projects within an amount, none of them listed.

    Of two sets with the same satisfaction the one with more projects that cost nothing is better.
    """

    def __init__(
        self, projects: Sequence[DossierProject], satisfactions: Mapping[str, int], amount: int
    ) -> None:
        self.amount = amount
        self.projects = {project.id: project for project in projects}
        scale = len(projects) + 1
        self.values = {
            project.id: satisfactions[project.id] * scale + (project.cost == 0) for project in projects
        }
        # a value that tells all sets apart, by the earliest project in which they differ, either way round
        places = {name: 1 << place for place, name in enumerate(reversed(self.projects))}
        bits = len(projects)
        first = self._solve({name: (value << bits) + places[name] for name, value in self.values.items()})
        last = self._solve({name: (value << bits) - places[name] for name, value in self.values.items()})
        self.sample = first
        self.most = sum(self.values[name] for name in first)
        self.is_one = first == last

    def _solve(self, values: Mapping[str, int]) -> frozenset[str]:
        found = best_choice(self._classes(values), self.amount)
        return frozenset() if found is None else found[1]

    def _classes(
        self, values: Mapping[str, int], taken: Iterable[str] = (), left_out: Set[str] = frozenset()
    ) -> list[list[Thing]]:
        """The projects that may join those taken, competitors together."""
        taken = frozenset(taken)
        groups = {self.projects[name].rivals for name in taken} - {None}
        classes: dict[tuple[str, str], list[Thing]] = {}
        for name, project in self.projects.items():
            if name not in taken and name not in left_out and project.rivals not in groups:
                key = ("alone", name) if project.rivals is None else ("group", project.rivals)
                classes.setdefault(key, []).append(Thing(name, project.cost, values[name]))
        return list(classes.values())

    def holding(self, taken: Set[str], left_out: Set[str]) -> frozenset[str] | None:
        """Some best set that holds all of ``taken`` and none of ``left_out``; None where there is none."""
        cost = sum(self.projects[name].cost for name in taken)
        value = sum(self.values[name] for name in taken)
        groups = [self.projects[name].rivals for name in taken if self.projects[name].rivals is not None]
        if cost > self.amount or len(groups) > len(set(groups)):
            return None
        classes = self._classes(self.values, taken, left_out)
        found = best_choice(classes, self.amount - cost, above=self.most - value - 1)
        return None if found is None else found[1] | taken

    def contested(self, taken: Set[str], left_out: Set[str]) -> frozenset[str]:
        """The projects that some but not all best sets hold, among those with ``taken`` without the others."""
        found: list[frozenset[str]] = [self.holding(taken, left_out) or frozenset()]
        for name in self.projects:
            if name in taken or name in left_out:
                continue
            if not any(name in best for best in found):
                other = self.holding(taken | {name}, left_out)
            elif all(name in best for best in found):
                other = self.holding(taken, left_out | {name})
            else:
                continue
            if other is not None:
                found.append(other)
        return frozenset.union(*found) - frozenset.intersection(*found)


@dataclass
class _Choice:
    """Going down the order of the tie rules: who is taken and who is left out so far."""

    sets: _BestSets
    rules: TieRules
    taken: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    def verdict(self, satisfaction: int) -> _Verdict:
        """The best set that comes first in the order, or what is common to those the rules leave equal."""
        contested = self.sets.contested(self.taken, self.left_out)
        needed = self._settle(sorted(contested), self.rules.names)
        undecided = self.sets.contested(self.taken, self.left_out)
        best = self.sets.holding(self.taken, self.left_out) or frozenset()
        ties = [(contested - undecided, needed), (undecided, REFUSE)]
        return _Verdict(satisfaction, best - undecided, undecided, tuple(tie for tie in ties if tie[0]))

    def _settle(self, names: Sequence[str], rules: Sequence[str]) -> str:
        """Take or leave the contested projects in the order of the rules; the last rule that was needed.

        Stops at projects that no rule tells apart while the best sets still differ on them.
        """
        group = [self.sets.projects[name] for name in names]
        for position, rule in enumerate(rules):
            parts = self.rules.parts(rule, group, names)
            if len(parts) > 1:
                needed = rule
                for part in parts:
                    deeper = self._decide(part, rules[position + 1 :])
                    if deeper is None:
                        return needed
                    needed = max(needed, deeper or rule, key=self.rules.names.index)
                return needed
        return ""

    def _decide(self, part: Sequence[DossierProject], rules: Sequence[str]) -> str | None:
        """Decide about projects of one place in the order; None where they stay open, else the rule needed."""
        names = {project.id for project in part}
        if len(part) == 1:
            (name,) = names
            if self.sets.holding(self.taken | names, self.left_out) is not None:
                self.taken |= {name}
            else:
                self.left_out |= {name}
            return ""
        contested = self.sets.contested(self.taken, self.left_out)
        needed = self._settle(sorted(names & contested), rules) if names & contested else ""
        return None if names & self.sets.contested(self.taken, self.left_out) else needed


@dataclass
class _Pot:
    """One pot: which projects can win, which do."""

    entrants: Field
    satisfactions: Mapping[str, int]
    rules: TieRules
    earlier: tuple[DossierProject, ...]
    open_before: frozenset[str]
    winners: list[DossierProject] = field(default_factory=list)
    open_groups: frozenset[str] = frozenset()

    def run(self) -> PotCount:
        """The pot's count, in steps: who cannot win, who wins from the best score down, who is outweighed."""
        counted = self.entrants.count()
        candidates = self._candidates(counted)
        verdict = self._verdict(candidates)
        by_score = sorted(candidates, key=lambda project: self.entrants.ranks[project.id])
        for names, decided_by in verdict.ties:
            tied = tuple(project.id for project in by_score if project.id in names)
            counted.ties.append(Tie(counted.pot, 0, tied, counted.left, decided_by))
            params = {"projects": list(tied)}
            counted.steps.append(
                self.entrants.step(counted, TIE, None, decided_by, params, before=counted.left)
            )
        for project in by_score:
            if project.id in verdict.certain:
                self._fund(counted, project)
        for project in by_score:
            if project.id in verdict.undecided:
                counted.undecided.append(project.id)
                step = self.entrants.step(
                    counted, TIE, project.id, UNDECIDED, {}, before=counted.left, cost=project.cost
                )
                counted.steps.append(step)
            elif project.id not in verdict.certain:
                self.entrants.reject(counted, project.id, REJECT, self._why_not(project), project.cost)
        if verdict.satisfaction is not None:
            counted.facts["satisfaction"] = _written(verdict.satisfaction)
        self.open_groups = frozenset(
            project.rivals
            for project in candidates
            if project.rivals is not None and project.id in verdict.undecided
        )
        return counted

    def _candidates(self, counted: PotCount) -> list[DossierProject]:
        """Those that could win by themselves; the others are rejected."""
        taken = {winner.rivals: winner.id for winner in self.earlier if winner.rivals is not None}
        found = []
        for project in self.entrants.eligible:
            if not self.entrants.tally.votes[project.id]:
                reason = Reason(NO_VOTES, {})
            elif project.rivals in taken:
                reason = Reason(RIVAL_WON, {"rival": taken[project.rivals]})
            elif project.cost > counted.amount:
                short = project.cost - counted.amount
                params = {"cost": project.cost, "left": counted.amount, "short": short}
                reason = Reason(DOES_NOT_FIT, params)
            else:
                found.append(project)
                continue
            self.entrants.reject(counted, project.id, REJECT, reason, project.cost)
        return found

    def _verdict(self, candidates: Sequence[DossierProject]) -> _Verdict:
        """What is certain whichever of the competitors still open in earlier pots win there."""
        groups = sorted(
            {project.rivals for project in candidates if project.rivals is not None} & self.open_before
        )
        if not groups:
            return self._best(candidates)
        if len(groups) > MOST_OPEN_GROUPS:
            return _Verdict(None, frozenset(), frozenset(project.id for project in candidates))
        verdicts = [
            self._best([project for project in candidates if project.rivals not in gone])
            for size in range(len(groups) + 1)
            for gone in combinations(groups, size)
        ]
        certain = frozenset.intersection(*(verdict.certain for verdict in verdicts))
        possible = frozenset.union(*(verdict.certain | verdict.undecided for verdict in verdicts))
        least = min(verdict.satisfaction or 0 for verdict in verdicts)
        ties = tuple(dict.fromkeys(tie for verdict in verdicts for tie in verdict.ties))
        return _Verdict(least, certain, possible - certain, ties)

    def _best(self, candidates: Sequence[DossierProject]) -> _Verdict:
        sets = _BestSets(candidates, self.satisfactions, self.entrants.pot.amount)
        satisfaction = sum(self.satisfactions[name] for name in sets.sample)
        if sets.is_one:
            return _Verdict(satisfaction, sets.sample)
        return _Choice(sets, self.rules).verdict(satisfaction)

    def _fund(self, counted: PotCount, project: DossierProject) -> None:
        before = counted.left
        counted.left -= project.cost
        counted.funded.append(project.id)
        counted.amounts[project.id] = project.cost
        self.winners.append(project)
        params = {"satisfaction": _written(self.satisfactions[project.id])}
        counted.steps.append(
            self.entrants.step(counted, FUND, project.id, FITS, params, before=before, cost=project.cost)
        )

    def _why_not(self, project: DossierProject) -> Reason:
        if project.rivals is not None:
            for winner in self.winners:
                if winner.rivals == project.rivals:
                    return Reason(RIVAL_WON, {"rival": winner.id})
        satisfaction = _written(self.satisfactions[project.id])
        return Reason(OUTWEIGHED, {"cost": project.cost, "satisfaction": satisfaction})
