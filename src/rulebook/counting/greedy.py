"""greedy-v1: the best-scored project first, while the money lasts.

Source: the rule written into nearly all Ukrainian and Polish regulations ("projects are ranked by votes
until the money is exhausted"); in the literature the greedy or utilitarian-greedy rule (Talmon and
Faliszewski, "A Framework for Approval-Based Budgeting Methods", AAAI 2019; Rey and Maly, "The
(Computational) Social Choice Take on Indivisible Participatory Budgeting", 2023). The prose with a worked
example is docs/counting/greedy-v1.md. All arithmetic is on integers and fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby, permutations
from typing import Any

from rulebook.counting.field import PotCount, below_threshold, outcome_of, places_in_pots, rival_won
from rulebook.counting.outcome import (
    DOES_NOT_FIT,
    ENOUGH_WINNERS,
    FITS,
    FITS_PARTLY,
    FUND,
    MOVE,
    MOVED,
    PASS_OVER,
    REJECT,
    STOP,
    STOPPED,
    TIE,
    UNDECIDED,
    Outcome,
    Reason,
    Step,
    Tie,
)
from rulebook.counting.tally import Tally, tally
from rulebook.counting.ties import TieRules
from rulebook.dossier import Dossier, DossierProject
from rulebook.options import CATEGORY, CLASS, EVERY, PARTIAL, PER_COST, POT, REFUSE, SKIP, TERRITORY
from rulebook.options import STOP as STOP_AT_MISFIT

RULE = "greedy-v1"

SUBSET_SUM_LIMIT = 4096
"""With more different sums than this a tie names all its projects, not only those that may lose by it."""

MANY_TIED = 100
"""Of more equal projects that do not all fit, every one that costs something may lose."""

MOST_IN_ORDER = 6
"""Larger ties that quotas, competitors or partial funding touch name all their projects that could win."""

Key = tuple[int, Fraction]


def count(dossier: Dossier) -> Outcome:
    """The outcome of greedy-v1 under the options of the dossier's rules.

    Each pot is counted by itself, in the order of the regulation: projects at or above their threshold
    go from the highest score down; each is funded if its cost fits into what is left of the pot and no
    quota is full and no competitor is funded. With fit "skip" one that does not fit is passed over, with
    "stop" the pot's count ends there, with "partial" it gets what is left where its author agreed. Then
    leftovers move between pots in the order stated, and each receiving pot goes on.
    """
    options = dossier.rules.counting.options
    result = tally(dossier, options.get("score", "votes"))
    keys = _keys(dossier, result.scores, options)
    ranks = places_in_pots(dossier, keys)
    contest = _Contest(dossier, result, keys, ranks, _Quotas(options))
    for pot in dossier.pots:
        projects = [project for project in dossier.projects if project.pot == pot.id]
        contest.run(PotCount(pot.id, pot.amount, pot.amount), projects)
    for move in options.get("leftovers", ()):
        contest.move(move["from"], move["to"])
    contest.name_distances()
    return outcome_of(RULE, dossier, result, ranks, list(contest.counts.values()))


def _keys(dossier: Dossier, scores: Mapping[str, int], options: Mapping[str, Any]) -> dict[str, Key]:
    """What projects are ranked by, the largest first."""
    if options.get("score") != PER_COST:
        return {project: (0, Fraction(score)) for project, score in scores.items()}
    # what costs nothing comes before any ratio
    return {
        project.id: (0, Fraction(scores[project.id], project.cost))
        if project.cost
        else (1, Fraction(scores[project.id]))
        for project in dossier.projects
    }


@dataclass
class _Quotas:
    """How many may still win, by pot, class, category and territory."""

    options: Mapping[str, Any]
    used: dict[tuple[str, str], int] = field(default_factory=dict)

    def limits(self, project: DossierProject) -> Iterable[tuple[str, str, int]]:
        """(dimension, key, limit) of every limit on the project."""
        for name, dimension, key in (
            ("winners", POT, project.pot),
            ("winners_per_class", CLASS, project.size_class),
            ("winners_per_category", CATEGORY, project.category),
            ("winners_per_territory", TERRITORY, project.territory),
        ):
            table = self.options.get(name, {})
            if key is not None and (key in table or EVERY in table):
                yield dimension, key, table.get(key, table.get(EVERY))

    def may_be_full(self, project: DossierProject, undecided: Iterable[DossierProject]) -> bool:
        """Whether the undecided, should they win, might leave no place for the project."""
        waiting = list(undecided)
        for dimension, key, limit in self.limits(project):
            used = self.used.get((dimension, key), 0)
            likely = sum(
                any((dimension, key) == (other, name) for other, name, _ in self.limits(each))
                for each in waiting
            )
            if used < limit <= used + likely:
                return True
        return False

    def full(self, project: DossierProject) -> Reason | None:
        """The first limit that leaves no place for the project."""
        for dimension, key, limit in self.limits(project):
            if self.used.get((dimension, key), 0) >= limit:
                return Reason(ENOUGH_WINNERS, {"dimension": dimension, "key": key, "limit": limit})
        return None

    def take(self, project: DossierProject) -> None:
        """Count the project among the winners."""
        for dimension, key, _ in self.limits(project):
            self.used[dimension, key] = self.used.get((dimension, key), 0) + 1


@dataclass
class _Contest:
    """All pots: what they share, and what moves between them."""

    dossier: Dossier
    tally: Tally
    keys: Mapping[str, Key]
    ranks: Mapping[str, int]
    quotas: _Quotas
    counts: dict[str, PotCount] = field(default_factory=dict)
    winners: list[DossierProject] = field(default_factory=list)
    open_pots: set[str] = field(default_factory=set)
    undecided: list[DossierProject] = field(default_factory=list)

    def run(self, count: PotCount, projects: Iterable[DossierProject]) -> None:
        """Count one pot, or go on with it."""
        self.counts[count.pot] = count
        # sorted() is stable: equal scores stay in the order of the dossier, which decides nothing but
        # the order of the steps
        ranking = sorted(projects, key=lambda project: self.keys[project.id], reverse=True)
        _PotRun(self, count).run(ranking)

    def move(self, sources: Sequence[str], to: str) -> None:
        """Move what is left of pots to another, or all into one pool, and go on down the ranking there."""
        pots = [pot.id for pot in self.dossier.pots]
        giving = [pot for pot in (pots if EVERY in sources else sources) if pot != to]
        receiving = pots if to == EVERY else [to]
        target = self.counts.setdefault(to, PotCount(to, 0, 0))
        moved = sum(self.counts[pot].left for pot in giving)
        if not moved and to != EVERY:
            return
        waiting = self._waiting(receiving)
        if self.open_pots.intersection(giving, receiving) or self.open_pots.intersection((to,)):
            self._leave_open(target, waiting, target.left + moved)
            return
        for pot in giving:
            source = self.counts[pot]
            if source.left:
                params = {"to": to, "amount": source.left}
                source.amount -= source.left
                step = Step(MOVE, pot, None, 0, 0, 0, source.left, 0, MOVED, params)
                source.left = 0
                source.steps.append(step)
        target.amount += moved
        target.left += moved
        for project in waiting:
            del self.counts[self._pot_that_rejected(project)].rejected[project.id]
        self.run(target, waiting)

    def _waiting(self, pots: Sequence[str]) -> list[DossierProject]:
        """The projects of pots that only money kept from winning."""
        found = []
        for project in self.dossier.projects:
            if project.pot in pots:
                holder = self.counts.get(self._pot_that_rejected(project))
                reason = None if holder is None else holder.rejected.get(project.id)
                if reason is not None and reason.code in (DOES_NOT_FIT, STOPPED):
                    found.append(project)
        return found

    def _pot_that_rejected(self, project: DossierProject) -> str:
        return next((pot for pot, count in self.counts.items() if project.id in count.rejected), project.pot)

    def _leave_open(self, target: PotCount, waiting: Iterable[DossierProject], possible: int) -> None:
        """An open tie decides how much moves: what the most could pay for is not lost yet."""
        for project in waiting:
            if project.cost <= possible:
                del self.counts[self._pot_that_rejected(project)].rejected[project.id]
                target.undecided.append(project.id)
                self.undecided.append(project)
        self.open_pots.add(target.pot)

    def name_distances(self) -> None:
        """Say of every loser how far behind the lowest better-placed winner of its pot it was."""
        for count in self.counts.values():
            for project, reason in count.rejected.items():
                distance = self._distance(self._project(project))
                count.rejected[project] = replace(reason, params={**reason.params, **distance})

    def _project(self, name: str) -> DossierProject:
        return next(project for project in self.dossier.projects if project.id == name)

    def _distance(self, project: DossierProject) -> dict[str, Any]:
        key = self.keys[project.id]
        ahead = [
            winner for winner in self.winners if winner.pot == project.pot and self.keys[winner.id] > key
        ]
        if not ahead:
            return {}
        nearest = min(ahead, key=lambda winner: self.keys[winner.id])
        scores = self.tally.scores
        if self.dossier.rules.counting.options.get("score") != PER_COST:
            return {"last_winner": nearest.id, "behind": scores[nearest.id] - scores[project.id]}
        # the votes it would have needed for the winner's votes per money
        needed = -(-scores[nearest.id] * project.cost // nearest.cost) if nearest.cost else 0
        return {"last_winner": nearest.id, "behind": max(needed - scores[project.id], 0)}


class _PotRun:
    """One way down the ranking of one pot."""

    def __init__(self, contest: _Contest, count: PotCount) -> None:
        self.contest = contest
        self.count = count
        options = contest.dossier.rules.counting.options
        self.fit = options.get("fit", SKIP)
        self.options = options
        self.ties = TieRules(contest.dossier)
        self.stopped_at: str | None = None
        self.is_open = False

    def run(self, ranking: Sequence[DossierProject]) -> None:
        """Fund, reject or leave open every project."""
        for _, group in groupby(ranking, key=lambda project: self.contest.keys[project.id]):
            eligible: list[DossierProject] = []
            for project in group:
                reason = below_threshold(project, self.contest.tally, self.options)
                if reason is None:
                    eligible.append(project)
                else:
                    self._reject(project, REJECT, reason)
            if eligible:
                self._settle(eligible, self.ties.names)

    def _settle(self, group: Sequence[DossierProject], tie_rules: Sequence[str]) -> None:
        """Fund what fits of projects with equal score, asking the tie rules only if their order matters."""
        if self.stopped_at is not None:
            for project in group:
                self._reject(project, REJECT, Reason(STOPPED, {"after": self.stopped_at}))
            return
        if self.is_open:
            self._leave_open(group)
            return
        if any(self._waits_for_another_pot(project) for project in group):
            self._leave_open(group)
            self.is_open = True
            self.contest.open_pots.add(self.count.pot)
            return
        contested = self._contested(group)
        if not contested:
            for project in group:
                self._take(project)
            return
        names = [project.id for project in contested]
        for position, rule in enumerate(tie_rules):
            parts = self.ties.parts(rule, group, names)
            if len(parts) > 1:
                self._note_tie(group, contested, rule)
                for part in parts:
                    self._settle(part, tie_rules[position + 1 :])
                return
        self._note_tie(group, contested, REFUSE)
        self._leave_tie(group, contested)

    def _contested(self, group: Sequence[DossierProject]) -> list[DossierProject]:
        """The projects that one order of the tie funds and another does not; none if no order matters."""
        if len(group) == 1:
            return []
        if self.fit == PARTIAL or any(self._is_bound(project) for project in group):
            return self._contested_in_order(group)
        left = self.count.left
        fitting = [project for project in group if project.cost <= left]
        if self.fit == STOP_AT_MISFIT:
            # whoever does not fit ends the count, so one misfit can shut out every other
            return fitting if sum(project.cost for project in group) > left else []
        if sum(project.cost for project in fitting) <= left:
            return []
        return [project for project in fitting if self._can_be_crowded_out(project, fitting)]

    def _waits_for_another_pot(self, project: DossierProject) -> bool:
        """Whether an open tie of another pot may yet bring a competitor of it in, or fill its quota."""
        waiting = self.contest.undecided
        has_rival = project.rivals is not None and any(each.rivals == project.rivals for each in waiting)
        return has_rival or self.contest.quotas.may_be_full(project, waiting)

    def _is_bound(self, project: DossierProject) -> bool:
        """Whether something other than money may keep the project from winning."""
        return project.rivals is not None or any(True for _ in self.contest.quotas.limits(project))

    def _can_be_crowded_out(self, project: DossierProject, fitting: Sequence[DossierProject]) -> bool:
        """Whether some of the others together leave less than the project costs."""
        if len(fitting) > MANY_TIED:
            return project.cost > 0
        sums = {0}
        for other in fitting:
            if other is not project:
                sums |= {total + other.cost for total in sums if total + other.cost <= self.count.left}
                if len(sums) > SUBSET_SUM_LIMIT:
                    return project.cost > 0
        return max(sums) > self.count.left - project.cost

    def _contested_in_order(self, group: Sequence[DossierProject]) -> list[DossierProject]:
        free = [project for project in group if self._obstacle(project) is None]
        if not free or self._is_room_for_all(group):
            return []
        if len(group) > MOST_IN_ORDER:
            return [project for project in group if self._obstacle(project) is None]
        ways = {self._taken_in(order) for order in permutations(group)}
        if len(ways) == 1:
            return []
        amounts = [dict(taken) for taken, _ in ways]
        differing = [project for project in group if len({taken.get(project.id) for taken in amounts}) > 1]
        return differing or [project for project in group if self._obstacle(project) is None]

    def _is_room_for_all(self, group: Sequence[DossierProject]) -> bool:
        """Whether all of a tie can be funded in full, whatever the order."""
        if sum(project.cost for project in group) > self.count.left:
            return False
        quotas = _Quotas(self.options, dict(self.contest.quotas.used))
        taken = list(self.contest.winners)
        for project in group:
            if rival_won(project, taken) or quotas.full(project):
                return False
            quotas.take(project)
            taken.append(project)
        return True

    def _taken_in(self, order: Sequence[DossierProject]) -> tuple[frozenset[tuple[str, int]], bool]:
        """What an order of the tie would fund, and whether the count would end with it."""
        trial = _PotRun(
            replace(
                self.contest,
                quotas=_Quotas(self.options, dict(self.contest.quotas.used)),
                winners=list(self.contest.winners),
            ),
            PotCount(self.count.pot, self.count.amount, self.count.left),
        )
        for project in order:
            trial._take(project)
        return frozenset(trial.count.amounts.items()), trial.stopped_at is not None

    def _obstacle(self, project: DossierProject) -> Reason | None:
        """What keeps the project from being funded now."""
        reason = rival_won(project, self.contest.winners) or self.contest.quotas.full(project)
        if reason is None and project.cost > self.count.left and not self._is_partly_payable(project):
            left = self.count.left
            reason = Reason(DOES_NOT_FIT, {"cost": project.cost, "left": left, "short": project.cost - left})
        return reason

    def _is_partly_payable(self, project: DossierProject) -> bool:
        return self.fit == PARTIAL and project.least is not None and project.least <= self.count.left

    def _take(self, project: DossierProject) -> None:
        if self.stopped_at is not None:
            self._reject(project, REJECT, Reason(STOPPED, {"after": self.stopped_at}))
            return
        reason = self._obstacle(project)
        if reason is None:
            before = self.count.left
            amount = min(project.cost, before)
            self.count.left -= amount
            code, params = (FITS, {}) if amount == project.cost else (FITS_PARTLY, {"amount": amount})
            self._step(FUND, project, before, code, params)
            self.count.funded.append(project.id)
            self.count.amounts[project.id] = amount
            self.contest.winners.append(project)
            self.contest.quotas.take(project)
            return
        ends = self.fit == STOP_AT_MISFIT and reason.code == DOES_NOT_FIT
        self._reject(project, STOP if ends else PASS_OVER, reason)
        if ends:
            self.stopped_at = project.id

    def _leave_tie(self, group: Sequence[DossierProject], contested: Sequence[DossierProject]) -> None:
        """Settle of an open tie what is certain, and leave the rest of the pot to whoever decides it."""
        names = {project.id for project in contested}
        certain = [project for project in group if project.id not in names]
        if self.fit == STOP_AT_MISFIT and any(self._is_bound(project) for project in group):
            # whether the count ends with the tie depends on its order
            self._leave_open(group)
        elif self.fit == STOP_AT_MISFIT:
            for project in certain:
                reason = self._obstacle(project) or Reason(STOPPED, {"after": contested[0].id})
                self._reject(project, REJECT, reason)
            self._leave_open(contested)
            # in every order somebody of the tie does not fit, so the count ends with it
            misfit = next((project.id for project in certain), contested[-1].id)
            if sum(project.cost for project in group) > self.count.left:
                self.stopped_at = misfit
        else:
            for project in certain:
                self._take(project)
            self._leave_open(contested)
        self.is_open = True
        self.contest.open_pots.add(self.count.pot)

    def _leave_open(self, group: Iterable[DossierProject]) -> None:
        for project in group:
            reason = self._obstacle(project)
            if reason is not None:
                self._reject(project, PASS_OVER, reason)
            else:
                self._step(TIE, project, self.count.left, UNDECIDED, {})
                self.count.undecided.append(project.id)
                self.contest.undecided.append(project)

    def _note_tie(
        self, group: Sequence[DossierProject], contested: Sequence[DossierProject], rule: str
    ) -> None:
        named = group if self.fit == STOP_AT_MISFIT else contested
        score = self.contest.tally.scores[named[0].id]
        tie = Tie(self.count.pot, score, tuple(project.id for project in named), self.count.left, rule)
        self.count.ties.append(tie)
        self.count.steps.append(
            Step(
                kind=TIE,
                pot=self.count.pot,
                project=None,
                rank=self.contest.ranks[named[0].id],
                score=score,
                cost=0,
                left_before=self.count.left,
                left_after=self.count.left,
                code=rule,
                params={"projects": list(tie.projects)},
            )
        )

    def _reject(self, project: DossierProject, kind: str, reason: Reason) -> None:
        self._step(kind, project, self.count.left, reason.code, dict(reason.params))
        self.count.rejected[project.id] = reason

    def _step(
        self, kind: str, project: DossierProject, before: int, code: str, params: dict[str, Any]
    ) -> None:
        self.count.steps.append(
            Step(
                kind=kind,
                pot=self.count.pot,
                project=project.id,
                rank=self.contest.ranks[project.id],
                score=self.contest.tally.scores[project.id],
                cost=project.cost,
                left_before=before,
                left_after=self.count.left,
                code=code,
                params=params,
            )
        )
