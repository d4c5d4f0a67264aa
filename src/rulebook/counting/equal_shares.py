"""equal-shares-v1: the method of equal shares.

Every voter gets an equal part of the pot, which pays only for projects the voter named. Source: Peters,
Pierczyński and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021);
equalshares.net for the completions used by cities. The prose with a worked example is
docs/counting/equal-shares-v1.md; how the arithmetic stays exact is docs/decisions/0011-exact-counts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any

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
    SUPPORTERS_CANNOT_PAY,
    Outcome,
    Reason,
)
from rulebook.counting.purchases import Market, Ware
from rulebook.counting.tally import Tally, tally
from rulebook.counting.ties import Chooser, Met, TieRules, settle
from rulebook.dossier import BallotGroup, Dossier, DossierProject
from rulebook.options import (
    ADD1,
    ADD1_EXHAUSTIVE,
    ADD1_TOP_UP,
    BORDA,
    CARDINALITY,
    COST,
    NO_COMPLETION,
    POINTS,
    TOP_UP,
    VOTES,
    WITH_GREEDY,
)

RULE = "equal-shares-v1"

SCORE_OF_UTILITY = {COST: VOTES, CARDINALITY: VOTES, POINTS: POINTS, BORDA: BORDA}

PAID, TOPPED_UP, GREEDY = "paid_by_supporters", "topped_up", "greedy_preferred"


def count(dossier: Dossier) -> Outcome:
    """The outcome of equal-shares-v1 under the options of the dossier's rules, each pot by itself.

    The pot's money is divided equally among the voters who named one of its projects. Again and again the
    project with the lowest price per utility that its supporters can pay is funded; each of them pays the
    same price per utility, or all that is left to them.
    """
    options = dossier.rules.counting.options
    utility = options.get("utility", COST)
    result = tally(dossier, SCORE_OF_UTILITY[utility])
    ranks = places_in_pots(dossier, result.scores)
    counts = count_in_turn(
        fields_of(dossier, result, ranks),
        lambda one, winners, barred: _PotShares(dossier, one, utility, winners, barred).count(),
    )
    return outcome_of(RULE, dossier, result, ranks, counts)


def effective_support(dossier: Dossier, outcome: Outcome) -> dict[str, int]:
    """For each project that lost: the largest part of its cost, in whole percent, that its supporters would
    have paid in some round at the price then reached (the measure of pabutools and of equalshares.net)."""
    utility = dossier.rules.counting.options.get("utility", COST)
    result = tally(dossier, SCORE_OF_UTILITY[utility])
    found: dict[str, int] = {}
    for one in fields_of(dossier, result, outcome.ranks):
        shares = _PotShares(dossier, one, utility, ())
        bought = [step.project for step in outcome.steps if step.pot == one.pot.id and step.code == PAID]
        increments = outcome.facts.get(one.pot.id, {}).get("increments", 0)
        found |= shares.effective_support(bought, increments)
    return {
        project: percent
        for project, percent in found.items()
        if project in outcome.rejected and outcome.rejected[project].code == SUPPORTERS_CANNOT_PAY
    }


@dataclass(frozen=True)
class _Result:
    """One way a pot's count can end."""

    bought: tuple[int, ...]
    topped_up: tuple[DossierProject, ...]
    increments: int
    funded: tuple[str, ...]
    comparison: Mapping[str, Any] | None = None


class _PotShares:
    """Equal shares in one pot."""

    def __init__(
        self,
        dossier: Dossier,
        one: Field,
        utility: str,
        winners: Iterable[DossierProject],
        barred: frozenset[str] = frozenset(),
    ) -> None:
        self.field = one
        self.pot = one.pot
        self.utility = utility
        self.options = dossier.rules.counting.options
        self.ties = TieRules(dossier)
        self.increment: int = self.options.get("increment", dossier.scale)
        self.tally: Tally = one.tally
        self.counted = one.count()
        self.standing = tuple(one.standing(self.counted, winners, barred))
        self.free = tuple(project for project in self.standing if project.cost == 0)
        named = {project.id for project in dossier.projects if project.pot == self.pot.id}
        self.groups = [
            group
            for group in self.tally.groups
            if any(project in named for project, value in group.choices if value > 0)
        ]
        self.voters = sum(group.count for group in self.groups)

    @property
    def share(self) -> Fraction:
        """The money of each voter at the beginning."""
        return Fraction(self.pot.amount, self.voters)

    @cached_property
    def market(self) -> Market:
        """The projects that cost something, with their supporters."""
        return _market([project for project in self.standing if project.cost > 0], self.groups, self.utility)

    def count(self) -> PotCount:
        """The count of the pot."""
        count = self.counted
        if not self.standing:
            return count
        settled = settle(self.ties, self._one_way, [project.id for project in self.standing])
        self._write(count, settled.run, set(settled.undecided), list(settled.ties))
        return count

    def _one_way(self, chooser: Chooser) -> _Result:
        """The count with one way of deciding its ties."""
        free = self._free(chooser)
        completion = self.options.get("completion", NO_COMPLETION)
        if completion in (ADD1, ADD1_EXHAUSTIVE, ADD1_TOP_UP):
            bought, increments = self._add1(chooser, free, stops_exhausted=completion == ADD1_EXHAUSTIVE)
        else:
            barred = _groups_of(free)
            bought, increments = self.market.run(self.share, chooser, self.pot.amount, barred).bought, 0
        chosen = [*free, *(self.market.wares[ware].project for ware in bought)]
        topped_up: list[DossierProject] = []
        if completion in (TOP_UP, ADD1_TOP_UP):
            topped_up = self._spend(chooser, self._by_utility_per_cost(), chosen)
        chosen += topped_up
        comparison = None
        if self.options.get("comparison") == WITH_GREEDY:
            greedy = self._spend(chooser, self._by_votes(), [])
            ours, theirs = self._preferences(chosen, greedy)
            comparison = {
                "chosen": "greedy" if theirs > ours else "equal-shares",
                "prefer_equal_shares": ours,
                "prefer_greedy": theirs,
            }
            if theirs > ours:
                names = tuple(project.id for project in greedy)
                return _Result((), tuple(greedy), 0, names, comparison)
        names = tuple(project.id for project in chosen)
        return _Result(bought, tuple(topped_up), increments, names, comparison)

    def _free(self, chooser: Chooser) -> list[DossierProject]:
        """What costs nothing and somebody named; of competitors the one that the tie rules choose."""
        taken: list[DossierProject] = []
        for project in self.free:
            rivals = [each for each in self.free if project.rivals and each.rivals == project.rivals]
            if not rivals or chooser.choose(rivals) is project:
                taken.append(project)
        return taken

    def _add1(
        self, chooser: Chooser, free: Sequence[DossierProject], *, stops_exhausted: bool
    ) -> tuple[tuple[int, ...], int]:
        """The last affordable purchases when the shares grow step by step; and after how many steps.

        The growth ends where the purchases would cost more than the pot, or nothing is left to buy; or,
        if asked, already where nothing more fits into the pot.
        """
        last: tuple[int, ...] = ()
        increments = 0
        while True:
            share = self.share + increments * self.increment
            run = self.market.run(share, chooser, self.pot.amount, _groups_of(free))
            if run.is_over:
                return last, increments - 1
            last = run.bought
            if self._is_exhausted(last, free, by_cost=stops_exhausted):
                return last, increments
            # steps that would certainly buy the same again
            increments += 1 + run.room // self.increment

    def _is_exhausted(self, bought: Sequence[int], free: Sequence[DossierProject], *, by_cost: bool) -> bool:
        wares = self.market.wares
        left = self.pot.amount - sum(wares[ware].cost for ware in bought)
        chosen = [*free, *(wares[ware].project for ware in bought)]
        return all(
            ware in bought or (by_cost and entry.cost > left) or rival_won(entry.project, chosen) is not None
            for ware, entry in enumerate(wares)
        )

    def _by_utility_per_cost(self) -> dict[str, Fraction]:
        scores = self.tally.scores
        if self.utility == COST:
            return {project.id: Fraction(scores[project.id]) for project in self.standing}
        return {
            project.id: Fraction(scores[project.id], project.cost)
            for project in self.standing
            if project.cost
        }

    def _by_votes(self) -> dict[str, Fraction]:
        return {project.id: Fraction(self.tally.scores[project.id]) for project in self.standing}

    def _spend(
        self, chooser: Chooser, keys: Mapping[str, Fraction], chosen: Sequence[DossierProject]
    ) -> list[DossierProject]:
        """Greedily, by the largest key, what fits the money that the chosen projects leave."""
        left = self.pot.amount - sum(project.cost for project in chosen)
        taken: list[DossierProject] = []
        names = {project.id for project in chosen}
        ranking = [project for project in self.standing if project.id in keys and project.id not in names]
        ranking.sort(key=lambda project: keys[project.id], reverse=True)
        for _, group in groupby(ranking, key=lambda project: keys[project.id]):
            waiting = list(group)
            while True:
                waiting = [
                    project
                    for project in waiting
                    if project.cost <= left and rival_won(project, [*chosen, *taken]) is None
                ]
                if not waiting:
                    break
                has_room = sum(project.cost for project in waiting) <= left
                is_free = has_room and all(project.rivals is None for project in waiting)
                first = waiting[0] if is_free else chooser.choose(waiting, left=left)
                waiting.remove(first)
                taken.append(first)
                left -= first.cost
        return taken

    def _preferences(
        self, ours: Sequence[DossierProject], theirs: Sequence[DossierProject]
    ) -> tuple[int, int]:
        """How many voters get more utility from the one set, and how many from the other."""
        costs = {project.id: project.cost for project in self.standing}
        mine = {project.id for project in ours}
        greedy = {project.id for project in theirs}
        prefer_ours = prefer_theirs = 0
        for choices, count in self.groups:
            difference = 0
            for project, value in choices:
                if (project in mine) != (project in greedy):
                    worth = _utility(self.utility, value, costs.get(project, 0), len(choices))
                    difference += worth if project in mine else -worth
            if difference > 0:
                prefer_ours += count
            elif difference < 0:
                prefer_theirs += count
        return prefer_ours, prefer_theirs

    def _write(self, count: PotCount, result: _Result, undecided: set[str], ties: list[Met]) -> None:
        """The steps, payments and reasons of the count."""
        by_id = {project.id: project for project in self.standing}
        wares = self.market.wares
        share = self.share + result.increments * self.increment
        ledger = self.market.ledger(share)
        bought = {wares[ware].project.id: ware for ware in result.bought}
        topped_up = {project.id for project in result.topped_up}
        is_greedy = result.comparison is not None and result.comparison["chosen"] == "greedy"
        for number, name in enumerate(result.funded, start=1):
            project = by_id[name]
            self.field.tell_ties(count, ties, name)
            params: dict[str, Any] = {"round": number, "supporters": self.tally.votes[name]}
            if name in bought:
                payment = ledger.buy(wares[bought[name]])
                params |= {
                    "payers": payment.payers,
                    "in_full": payment.in_full,
                    "price": -(-payment.most.numerator // payment.most.denominator),
                }
            if name in undecided:
                self.field.leave_open(count, project)
                continue
            if undecided:
                # who pays what depends on the open tie
                params = {"supporters": self.tally.votes[name]}
            extra = GREEDY if is_greedy else TOPPED_UP
            code = PAID if name in bought else extra if name in topped_up else FITS
            before = count.left
            count.left -= project.cost
            count.funded.append(name)
            count.amounts[name] = project.cost
            count.steps.append(
                self.field.step(count, FUND, name, code, params, before=before, cost=project.cost)
            )
        self.field.tell_ties(count, ties)
        winners = [by_id[name] for name in result.funded if name not in undecided]
        for project in self.standing:
            if project.id in count.amounts or project.id in count.undecided:
                continue
            if project.id in undecided:
                self.field.leave_open(count, project)
                continue
            reason = rival_won(project, winners)
            if reason is None and not is_greedy and project.cost:
                reason = _unpaid(project, ledger.money_of(self._ware(project)), count.left)
            if reason is None:
                short = project.cost - count.left
                reason = Reason(DOES_NOT_FIT, {"cost": project.cost, "left": count.left, "short": short})
            self.field.reject(count, project.id, PASS_OVER, reason, project.cost)
        count.facts |= {
            "voters": self.voters,
            "share": _down(self.share),
            "final_share": _down(share),
            "increments": result.increments,
            "topped_up": [name for name in result.funded if name in topped_up and not is_greedy],
        }
        if result.comparison is not None:
            count.facts["comparison"] = dict(result.comparison)

    def _ware(self, project: DossierProject) -> Ware:
        return next(ware for ware in self.market.wares if ware.project.id == project.id)

    def effective_support(self, bought: Sequence[str | None], increments: int) -> dict[str, int]:
        """See the function of the same name; ``bought`` are the ids that supporters paid for, in order."""
        if not self.standing:
            return {}
        wares = self.market.wares
        place = {ware.project.id: number for number, ware in enumerate(wares)}
        ledger = self.market.ledger(self.share + increments * self.increment)
        found = {ware.project.id: 0 for ware in wares if ware.project.id not in bought}
        for name in bought:
            if name is None:
                continue
            paid = wares[place[name]]
            price = ledger.price(paid)
            if price is not None:
                each = price * Fraction(1, paid.worth)
                for loser in found:
                    ware = wares[place[loser]]
                    given = ledger.offered(ware, each * ware.worth)
                    found[loser] = max(found[loser], _percent(given, ware.cost))
                ledger.buy(paid)
        for loser in found:
            ware = wares[place[loser]]
            found[loser] = max(found[loser], _percent(ledger.money_of(ware), ware.cost))
        return found


def _groups_of(projects: Iterable[DossierProject]) -> frozenset[str]:
    """The groups of competing projects that these belong to."""
    return frozenset(project.rivals for project in projects if project.rivals is not None)


def _unpaid(project: DossierProject, money: Fraction, left: int) -> Reason | None:
    """The reason against a project whose supporters had too little, rounded down to whole minor units."""
    if money >= project.cost:
        return None
    has = _down(money)
    return Reason(SUPPORTERS_CANNOT_PAY, {"cost": project.cost, "money": has, "short": project.cost - has})


def _down(amount: Fraction) -> int:
    return amount.numerator // amount.denominator


def _percent(amount: Fraction, cost: int) -> int:
    return 100 * amount.numerator // (amount.denominator * cost)


def _utility(utility: str, value: int, cost: int, size: int) -> int:
    """What one funded choice is worth to the voter who made it."""
    if utility == COST:
        return cost
    if utility == POINTS:
        return value
    return size + 1 - value if utility == BORDA else 1


def _market(projects: Sequence[DossierProject], groups: Sequence[BallotGroup], utility: str) -> Market:
    """The market of the projects; points and places are weights, so that a price is per unit of them."""
    place = {project.id: number for number, project in enumerate(projects)}
    supporters: list[list[int]] = [[] for _ in projects]
    weights: list[list[int]] | None = [[] for _ in projects] if utility in (POINTS, BORDA) else None
    counts: list[int] = []
    for group, (choices, count) in enumerate(groups):
        counts.append(count)
        for project, value in choices:
            number = place.get(project)
            if number is not None and value > 0:
                supporters[number].append(group)
                if weights is not None:
                    weights[number].append(_utility(utility, value, 0, len(choices)))
    wares = [
        Ware(
            project=project,
            worth=project.cost if utility == COST else 1,
            groups=supporters[number],
            weights=None if weights is None else weights[number],
        )
        for number, project in enumerate(projects)
    ]
    return Market(wares, counts)
