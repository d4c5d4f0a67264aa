"""phragmen-v1: Phragmén's sequential rule for projects with costs.

Every voter earns money at the same steady rate; as soon as the supporters of a project together have its
cost, they buy it and have nothing again. Source: Los, Christoff and Grossi, "Proportional Budget Allocations:
Towards a Systematization" (IJCAI 2022), after Phragmén (1894) and Brill, Freeman, Janson and Lackner
(AAAI 2017). The prose with a worked example is docs/counting/phragmen-v1.md; how the arithmetic stays exact
is docs/decisions/0011-exact-counts.md.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rulebook.counting.columns import SAFE_BITS, columns
from rulebook.counting.field import (
    Field,
    PotCount,
    count_in_turn,
    fields_of,
    outcome_of,
    places_in_pots,
    rival_won,
)
from rulebook.counting.outcome import (
    DOES_NOT_FIT,
    FITS,
    FUND,
    PASS_OVER,
    STOP,
    STOPPED,
    Outcome,
    Reason,
)
from rulebook.counting.tally import tally
from rulebook.counting.ties import Chooser, TieRules, settle
from rulebook.dossier import Dossier, DossierProject

RULE = "phragmen-v1"


def count(dossier: Dossier) -> Outcome:
    """The outcome of phragmen-v1, each pot by itself.

    The load of a voter is what the voter has paid so far. In each round the project is funded whose
    supporters' load, spread equally over them together with its cost, comes out lowest. The count of a pot
    stops as soon as a project of lowest load does not fit into the money left.
    """
    result = tally(dossier)
    ranks = places_in_pots(dossier, result.scores)
    counts = count_in_turn(
        fields_of(dossier, result, ranks),
        lambda one, winners, barred: _count_pot(dossier, one, winners, barred),
    )
    return outcome_of(RULE, dossier, result, ranks, counts)


def _count_pot(
    dossier: Dossier, one: Field, winners: Iterable[DossierProject], barred: frozenset[str]
) -> PotCount:
    count = one.count()
    standing = one.standing(count, winners, barred, most=one.pot.amount)
    if not standing:
        return count
    bearers = _Bearers(standing, one)
    settled = settle(
        TieRules(dossier),
        lambda chooser: _Run(bearers, one.pot.amount, chooser).run(),
        [project.id for project in standing],
    )
    ties = list(settled.ties)
    undecided = set(settled.undecided)
    run = settled.run
    by_id = {project.id: project for project in standing}
    for number, (name, load) in enumerate(zip(run.funded, run.loads, strict=True), start=1):
        one.tell_ties(count, ties, name)
        if name in undecided:
            continue
        before = count.left
        count.left -= by_id[name].cost
        count.funded.append(name)
        count.amounts[name] = by_id[name].cost
        params = {"round": number, "supporters": one.tally.votes[name]}
        if not undecided:
            params["load"] = load
        cost = by_id[name].cost
        count.steps.append(one.step(count, FUND, name, FITS, params, before=before, cost=cost))
    one.tell_ties(count, ties)
    funded = [by_id[name] for name in count.funded]
    for project in standing:
        if project.id in undecided:
            one.leave_open(count, project)
        elif project.id not in count.amounts:
            reason = rival_won(project, funded)
            if reason is None and project.cost > count.left:
                short = project.cost - count.left
                reason = Reason(DOES_NOT_FIT, {"cost": project.cost, "left": count.left, "short": short})
            kind = STOP if project.id in run.stopped_at else PASS_OVER
            if reason is None:
                reason = Reason(STOPPED, {"after": run.stopped_at[0] if run.stopped_at else ""})
            one.reject(count, project.id, kind, reason, project.cost)
    return count


class _Bearers:
    """The voters of a pot, grouped, and the projects they bear the cost of."""

    def __init__(self, projects: Sequence[DossierProject], one: Field) -> None:
        self.projects = projects
        place = {project.id: number for number, project in enumerate(projects)}
        self.supporters: list[list[int]] = [[] for _ in projects]
        self.counts: list[int] = []
        for group, (choices, count) in enumerate(one.tally.groups):
            self.counts.append(count)
            for project, value in choices:
                if value > 0 and project in place:
                    self.supporters[place[project]].append(group)
        self.voters = [one.tally.votes[project.id] for project in projects]
        self.columns = columns(self.counts, self.supporters, None)


@dataclass(frozen=True)
class _Result:
    """The funded projects, the load of their supporters after each (minor units, rounded up), and who would
    not have fitted."""

    funded: tuple[str, ...]
    loads: tuple[int, ...]
    stopped_at: tuple[str, ...]


class _Run:
    """One run: loads in a fixed-point unit, each at most ``error`` from the true one."""

    def __init__(self, bearers: _Bearers, amount: int, chooser: Chooser) -> None:
        self.bearers = bearers
        self.columns = bearers.columns
        self.columns.fill(0)
        self.left = amount
        self.chooser = chooser
        # no voter ever bears more than the whole pot
        largest = amount * max(sum(bearers.counts), 1)
        self.one = 1 << max(SAFE_BITS - largest.bit_length(), 0)
        self.error = 1
        self.loads: list[Fraction] = []
        self.bought: list[int] = []
        self.near: list[int] = []
        self.last = [-1] * len(bearers.counts)

    def run(self) -> _Result:
        """Fund until a project of lowest load does not fit, or none is left."""
        projects = self.bearers.projects
        # a load never falls, so an old one is a lower bound
        heap = [
            (project.cost * self.one // voters, place)
            for place, (project, voters) in enumerate(zip(projects, self.bearers.voters, strict=True))
        ]
        heapq.heapify(heap)
        pending: list[tuple[frozenset[str], set[int], Fraction]] = []
        stopped_at: tuple[str, ...] = ()
        while heap:
            tied = self._lowest(self._contenders(heap))
            stopped_at = tuple(
                sorted(projects[place].id for place in tied if projects[place].cost > self.left)
            )
            if stopped_at:
                break
            chosen = tied[0]
            if len(tied) > 1:
                by_project = {projects[place]: place for place in tied}
                chosen = by_project[self.chooser.choose(list(by_project), left=self.left)]
            if pending or len(tied) > 1:
                load = self._load(chosen)
                pending = self._harmless(pending, chosen, load)
            if len(tied) > 1:
                names = frozenset(projects[place].id for place in tied)
                if self._all_fit(place for _, place in heap):
                    self.chooser.is_harmless(names)
                else:
                    pending.append((names, {*tied} - {chosen}, load))
            rivals = projects[chosen].rivals
            heap = [
                entry
                for entry in heap
                if entry[1] != chosen and (rivals is None or projects[entry[1]].rivals != rivals)
            ]
            heapq.heapify(heap)
            self.left -= projects[chosen].cost
            load_now = self._near_load(chosen)
            self.bought.append(chosen)
            self.near.append(load_now)
            self.columns.assign(chosen, load_now)
            self.error += 1
        names_bought = tuple(projects[place].id for place in self.bought)
        rounded = tuple(self._rounded(number) for number in range(len(self.bought)))
        return _Result(names_bought, rounded, stopped_at)

    def _lowest(self, contenders: Sequence[int]) -> list[int]:
        """Those of the contenders whose exact load is lowest."""
        if len(contenders) < 2:
            return list(contenders)
        exact = {place: self._load(place) for place in contenders}
        lowest = min(exact.values())
        return [place for place, load in exact.items() if load == lowest]

    def _all_fit(self, places: Iterable[int]) -> bool:
        """Whether all these are funded in whatever order: together they fit, and none shuts another out."""
        remaining = [self.bearers.projects[place] for place in places]
        rivals = [project.rivals for project in remaining if project.rivals is not None]
        return len(rivals) == len(set(rivals)) and sum(each.cost for each in remaining) <= self.left

    def _near_load(self, place: int) -> int:
        """The load in units, rounded down; at most ``error`` from the exact one."""
        cost = self.bearers.projects[place].cost * self.one
        return (cost + self.columns.total(place)) // self.bearers.voters[place]

    def _rounded(self, number: int) -> int:
        """The load of a round in minor units, rounded up."""
        low, high = self.near[number] - number - 2, self.near[number] + number + 2
        if -(-low // self.one) == -(-high // self.one):
            return -(-high // self.one)
        self._enter(number + 1)
        return -(-self.loads[number].numerator // self.loads[number].denominator)

    def _contenders(self, heap: list[tuple[int, int]]) -> list[int]:
        """The projects whose load may be the lowest; the heap gets their bounds of now."""
        best: int | None = None
        seen: list[tuple[int, int]] = []
        while heap and (best is None or heap[0][0] <= best):
            _, place = heapq.heappop(heap)
            load = self._near_load(place)
            seen.append((max(load - self.error, 0), place))
            high = load + self.error + 1
            best = high if best is None else min(best, high)
        for entry in seen:
            heapq.heappush(heap, entry)
        return [place for low, place in seen if best is not None and low <= best]

    def _load(self, place: int) -> Fraction:
        """The exact load of the project's supporters if it is funded now."""
        self._enter(len(self.bought))
        return self._exact(place)

    def _enter(self, rounds: int) -> None:
        """Compute the exact loads of the first so many rounds."""
        for number in range(len(self.loads), rounds):
            self.loads.append(self._exact(self.bought[number]))
            for group in self.bearers.supporters[self.bought[number]]:
                self.last[group] = number

    def _exact(self, place: int) -> Fraction:
        """The load after the rounds entered so far."""
        found: dict[int, int] = {}
        counts, last = self.bearers.counts, self.last
        for group in self.bearers.supporters[place]:
            found[last[group]] = found.get(last[group], 0) + counts[group]
        found.pop(-1, None)
        total = Fraction(self.bearers.projects[place].cost)
        for number, voters in found.items():
            total += self.loads[number] * voters
        return total * Fraction(1, self.bearers.voters[place])

    def _harmless(
        self, pending: Sequence[tuple[frozenset[str], set[int], Fraction]], chosen: int, load: Fraction
    ) -> list[tuple[frozenset[str], set[int], Fraction]]:
        """Forget the ties of which all is bought one after the other at the same load: none stood in
        another's way."""
        going_on = []
        for names, left, at in pending:
            if chosen in left and at == load:
                if left == {chosen}:
                    self.chooser.is_harmless(names)
                else:
                    going_on.append((names, left - {chosen}, at))
        return going_on
