"""max-satisfaction-v1: the projects that together give the voters the most, within the money of the pot.

Source: the rule that maximises utilitarian welfare with additive utilities (N. Talmon and P. Faliszewski, "A
Framework for Approval-Based Budgeting Methods", AAAI 2019, the max rules; S. Rey and J. Maly, "The
(Computational) Social Choice Take on Indivisible Participatory Budgeting", 2023, section on welfare
maximisation). It is the knapsack problem, solved exactly (``rulebook.counting.knapsack``). The prose with a
worked example is docs/counting/max-satisfaction-v1.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from rulebook.canonical import LARGEST_INTEGER
from rulebook.counting.field import (
    Field,
    PotCount,
    count_in_turn,
    fields_of,
    outcome_of,
    places_in_pots,
    rival_won,
)
from rulebook.counting.knapsack import Thing, best_choice, in_doubt
from rulebook.counting.outcome import (
    FITS,
    FUND,
    OUTWEIGHED,
    REJECT,
    Outcome,
    Reason,
)
from rulebook.counting.tally import Tally, tally
from rulebook.counting.ties import Met, TieRules
from rulebook.dossier import Dossier, DossierError, DossierProject
from rulebook.options import CARDINALITY, COST, REFUSE, UTILITIES_OF_KIND, VOTES, usual_score

RULE = "max-satisfaction-v1"


def count(dossier: Dossier) -> Outcome:
    """The outcome of max-satisfaction-v1 under the options of the dossier's rules.

    Each pot is counted by itself, in the order of the regulation: of the projects that reach their threshold
    and that somebody named, the set is funded whose total satisfaction is the greatest of all sets that cost
    at most the pot and hold at most one project of each group of competitors, none of a group of which an
    earlier pot funded one. Raises DossierError where ``utility`` cannot be read off the ballots.
    """
    kind = dossier.rules.ballot.kind
    result = tally(dossier, usual_score(kind))
    ranks = places_in_pots(dossier, result.scores)
    satisfactions = _satisfactions(dossier, result)
    counts = count_in_turn(
        fields_of(dossier, result, ranks),
        lambda one, winners, barred: _Pot(one, satisfactions, TieRules(dossier)).run(winners, barred),
    )
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

    ``satisfaction`` is what each of them gives.
    """

    satisfaction: int
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
        self.in_doubt = (
            frozenset() if self.is_one else in_doubt(self._classes(self.values), self.amount, self.most)
        )
        """All projects on which the best sets differ, and perhaps some more."""

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

    def contested(self, taken: Set[str], left_out: Set[str], names: Set[str]) -> frozenset[str]:
        """Those of the names that some but not all best sets hold, among those with ``taken`` without the others."""
        found: list[frozenset[str]] = [self.holding(taken, left_out) or frozenset()]
        open_names = (names & self.in_doubt) - taken - left_out
        for name in self.projects:
            if name not in open_names:
                continue
            if not any(name in best for best in found):
                other = self.holding(taken | {name}, left_out)
            elif all(name in best for best in found):
                other = self.holding(taken, left_out | {name})
            else:
                continue
            if other is not None:
                found.append(other)
        return (frozenset.union(*found) - frozenset.intersection(*found)) & names


@dataclass
class _Choice:
    """Going down the order of the tie rules: who is taken and who is left out so far."""

    sets: _BestSets
    rules: TieRules
    taken: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    def verdict(self, satisfaction: int) -> _Verdict:
        """The best set that comes first in the order, or what is common to those the rules leave equal."""
        contested = self.sets.contested(self.taken, self.left_out, self.sets.in_doubt)
        needed = self._settle(sorted(contested), self.rules.names)
        undecided = self.sets.contested(self.taken, self.left_out, contested)
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
        # what was decided before may have left only some of them, or one, to decide about
        contested = self.sets.contested(self.taken, self.left_out, names)
        if len(contested) == 1:
            self.taken |= contested
            return ""
        needed = self._settle(sorted(contested), rules) if contested else ""
        return None if self.sets.contested(self.taken, self.left_out, names) else needed


@dataclass
class _Pot:
    """One pot: which projects can win, which do."""

    entrants: Field
    satisfactions: Mapping[str, int]
    rules: TieRules

    def run(self, winners: Iterable[DossierProject], barred: frozenset[str]) -> PotCount:
        """The pot's count, in steps: who cannot win, who wins from the best score down, who is outweighed."""
        counted = self.entrants.count()
        candidates = self.entrants.standing(counted, winners, barred, most=counted.amount)
        verdict = self._best(candidates)
        by_score = sorted(candidates, key=lambda project: self.entrants.ranks[project.id])
        for names, decided_by in verdict.ties:
            tied = tuple(project.id for project in by_score if project.id in names)
            self.entrants.tell_tie(counted, Met(tied, "", decided_by, counted.left))
        for project in by_score:
            if project.id in verdict.certain:
                self._fund(counted, project)
        funded = [project for project in by_score if project.id in verdict.certain]
        for project in by_score:
            if project.id in verdict.undecided:
                self.entrants.leave_open(counted, project)
            elif project.id not in verdict.certain:
                reason = rival_won(project, funded) or self._outweighed(project)
                self.entrants.reject(counted, project.id, REJECT, reason, project.cost)
        counted.facts["satisfaction"] = _written(verdict.satisfaction)
        return counted

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
        params = {"satisfaction": _written(self.satisfactions[project.id])}
        counted.steps.append(
            self.entrants.step(counted, FUND, project.id, FITS, params, before=before, cost=project.cost)
        )

    def _outweighed(self, project: DossierProject) -> Reason:
        satisfaction = _written(self.satisfactions[project.id])
        return Reason(OUTWEIGHED, {"cost": project.cost, "satisfaction": satisfaction})
