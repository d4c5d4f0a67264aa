"""Whether an outcome gives every group of like-minded voters its due: EJR+ up to any project, certified.

In a pot of ``b`` money in which ``n`` voters named something, ``m`` voters can claim ``m·b/n`` of it. They are
passed over if all of them named a project that is not funded, and each of them would, even with that project
funded too, see no more than ``m·b/n`` spent on projects of their choice. An outcome without such a group
satisfies extended justified representation (EJR+) up to any project, for voters who value a project by its
cost. The Method of Equal Shares with cost utilities always does; whether another count does can be checked in
polynomial time, which is what makes it a certificate.

Sources: M. Brill and J. Peters, "Robust and Verifiable Proportionality Axioms for Multiwinner Voting" (EC
2023); D. Peters, G. Pierczyński and P. Skowron, "Proportional Participatory Budgeting with Additive
Utilities" (NeurIPS 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rulebook.counting.outcome import BELOW_THRESHOLD, ENOUGH_WINNERS, RIVAL_WON, Outcome
from rulebook.counting.tally import tally
from rulebook.dossier import BallotGroup, Dossier

BARRED = (BELOW_THRESHOLD, RIVAL_WON, ENOUGH_WINNERS)
"""Projects rejected for these the regulation itself keeps from winning: nobody can claim them."""


@dataclass(frozen=True)
class Violation:
    """A group that was passed over.

    All of ``group`` voters named ``project``; together they can claim ``claim`` (minor units, rounded down);
    none of them sees more than ``most`` spent on projects of their choice.
    """

    pot: str
    project: str
    group: int
    claim: int
    most: int


@dataclass(frozen=True)
class Certificate:
    """What the check found. ``checked`` is the number of projects looked at, ``barred`` of those left out
    because the regulation does not let them win (their threshold, a competitor, a quota)."""

    checked: int
    barred: int
    violations: tuple[Violation, ...]

    @property
    def is_satisfied(self) -> bool:
        """No group of voters was passed over."""
        return not self.violations


def certify(dossier: Dossier, outcome: Outcome, groups: Sequence[BallotGroup] | None = None) -> Certificate:
    """The certificate of an outcome; of each project passed over, the largest group that can claim it.

    ``groups`` are the valid ballots where the caller has them already. A ballot approves the projects it
    names (for which it gives points, which it ranks, which it is for). What is still undecided counts as
    not funded.
    """
    groups = tally(dossier).groups if groups is None else groups
    barred = {project for project, reason in outcome.rejected.items() if reason.code in BARRED}
    violations: list[Violation] = []
    checked = 0
    for pot in dossier.pots:
        mine = {project.id: project.cost for project in dossier.projects if project.pot == pot.id}
        open_to_claims = {
            project: cost
            for project, cost in mine.items()
            if project not in outcome.amounts and project not in barred and cost <= pot.amount
        }
        checked += len(open_to_claims)
        voters, supporters = _supporters(groups, mine, outcome, open_to_claims)
        for project, cost in open_to_claims.items():
            found = _largest_claim(sorted(supporters[project].items()), cost, pot.amount, voters)
            if found is not None:
                group, most = found
                violations.append(
                    Violation(pot.id, project, group, claim=group * pot.amount // voters, most=most)
                )
    return Certificate(checked, len(barred), tuple(violations))


def _supporters(
    groups: Iterable[BallotGroup], mine: dict[str, int], outcome: Outcome, wanted: Iterable[str]
) -> tuple[int, dict[str, dict[int, int]]]:
    """The voters who named something in the pot; for each project wanted, what its supporters got → how many."""
    supporters: dict[str, dict[int, int]] = {project: {} for project in wanted}
    amounts = outcome.amounts
    voters = 0
    for choices, count in groups:
        named = [project for project, value in choices if value > 0 and project in mine]
        if not named:
            continue
        voters += count
        got = sum([amounts.get(project, 0) for project in named])
        for project in named:
            by_money = supporters.get(project)
            if by_money is not None:
                by_money[got] = by_money.get(got, 0) + count
    return voters, supporters


def _largest_claim(
    supporters: Sequence[tuple[int, int]], cost: int, amount: int, voters: int
) -> tuple[int, int] | None:
    """Of supporters sorted by what they got: the largest group that can claim the project, and its most."""
    found = None
    group = 0
    for got, count in supporters:
        group += count
        # got + cost <= group * amount / voters, without the division
        if (got + cost) * voters <= group * amount:
            found = group, got
    return found
