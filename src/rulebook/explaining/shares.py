"""Whose choices the money followed: by category and territory, by groups of voters, over all.

Every voter who named something in a pot stands for an equal part of its money, spread over the projects on
the ballot: equally, on points ballots by points. What a category would have got if each voter had spent that
part is set against what was spent there.

A dossier says nothing of voters, on purpose. Groups of voters can be looked at only where the source tells
them apart, as some Pabulib files do (``voter_groups``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from rulebook.counting.outcome import Outcome
from rulebook.counting.tally import tally
from rulebook.dossier import BallotGroup, Choices, Dossier, DossierProject

AGES = ((0, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 150))
"""Both bounds inclusive."""

DIMENSIONS = ("age", "sex", "district", "neighborhood", "education", "voting_method")
"""The columns of a .pb file by which voters can be grouped."""


@dataclass(frozen=True)
class Share:
    """A category or territory: its projects, how many are funded, the money that votes gave it, the money
    spent there (minor units; a project of several categories counts in equal parts).

    ``voted_share`` and ``spent_share`` are the parts of all such money, in hundredths of a percent, rounded.
    """

    key: str
    projects: int
    funded: int
    voted: Fraction
    spent: Fraction
    voted_share: int
    spent_share: int


@dataclass(frozen=True)
class Satisfaction:
    """What voters got: how many have at least one funded choice, and the sums over all of them of the
    funded choices and of the money in them (minor units)."""

    voters: int
    served: int
    winners: int
    money: int

    @property
    def served_share(self) -> int:
        """Voters with a funded choice, in hundredths of a percent, rounded."""
        return basis_points(self.served, self.voters)

    @property
    def winners_hundredths(self) -> int:
        """Funded choices per voter, in hundredths, rounded."""
        return rounded(Fraction(self.winners * 100, self.voters)) if self.voters else 0

    @property
    def money_each(self) -> int:
        """Money in funded choices per voter, in minor units, rounded."""
        return rounded(Fraction(self.money, self.voters)) if self.voters else 0


class Ballots(Protocol):
    """What is read of an election: its columns of VOTES by name, each with one text a ballot."""

    @property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """The raw text of every column."""


def rounded(value: Fraction) -> int:
    """The nearest whole number, a half going up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def basis_points(part: int | Fraction, whole: int | Fraction) -> int:
    """A part in hundredths of a percent of the whole, rounded; 0 of nothing."""
    return rounded(Fraction(part * 10_000, whole)) if whole else 0


def votes_money(dossier: Dossier, groups: Iterable[BallotGroup] | None = None) -> dict[str, Fraction]:
    """What each project would get if every voter spent an equal part of the pot on the projects named."""
    pot_of = {project.id: project.pot for project in dossier.projects}
    by_points = dossier.rules.ballot.kind == "points"
    several = len(dossier.pots) > 1
    # by project and by what it is divided by, so that fractions are added only once for each divisor
    parts: dict[str, dict[int, int]] = {project.id: {} for project in dossier.projects}
    voters = {pot.id: 0 for pot in dossier.pots}
    for choices, count in tally(dossier).groups if groups is None else groups:
        by_pot: dict[str, list[tuple[str, int]]] = {}
        for project, value in choices:
            if value > 0:
                pot = pot_of[project] if several else ""
                by_pot.setdefault(pot, []).append((project, value if by_points else 1))
        for named in by_pot.values():
            voters[pot_of[named[0][0]]] += count
            total = sum([weight for _, weight in named])
            for project, weight in named:
                part = parts[project]
                part[total] = part.get(total, 0) + weight * count
    amounts = {pot.id: pot.amount for pot in dossier.pots}
    found = {}
    for project, part in parts.items():
        given = sum((Fraction(weight, total) for total, weight in part.items()), Fraction())
        pot = pot_of[project]
        found[project] = given * Fraction(amounts[pot], voters[pot]) if voters[pot] else Fraction()
    return found


def shares_by(
    dossier: Dossier, outcome: Outcome, keys_of: Callable[[DossierProject], Sequence[str]],
    voted: Mapping[str, Fraction] | None = None,
) -> list[Share]:  # fmt: skip
    """The shares of each key (a category, a territory), the most voted first; empty where no project has one.

    A project with several keys counts in equal parts; one without any stands under "".
    """
    voted = votes_money(dossier) if voted is None else voted
    mine: dict[str, list[tuple[DossierProject, int]]] = {}
    for project in dossier.projects:
        keys = list(dict.fromkeys(keys_of(project))) or [""]
        for key in keys:
            mine.setdefault(key, []).append((project, len(keys)))
    if set(mine) <= {""}:
        return []
    all_voted = sum(voted.values(), Fraction())
    all_spent = sum(outcome.amounts.values())
    found = []
    for key, projects in mine.items():
        given = sum((Fraction(voted[project.id], parts) for project, parts in projects), Fraction())
        spent = sum(
            (Fraction(outcome.amounts.get(project.id, 0), parts) for project, parts in projects), Fraction()
        )
        found.append(
            Share(
                key=key,
                projects=len(projects),
                funded=sum(1 for project, _ in projects if project.id in outcome.amounts),
                voted=given,
                spent=spent,
                voted_share=basis_points(given, all_voted),
                spent_share=basis_points(spent, all_spent),
            )
        )
    return sorted(found, key=lambda share: (-share.voted, -share.spent, share.key))


def categories_of(dossier: Dossier) -> Callable[[DossierProject], list[str]]:
    """The categories of a project. Pabulib lists several in one field; an id of the regulation is one."""
    known = {category.id for category in dossier.rules.categories}

    def keys(project: DossierProject) -> list[str]:
        if not project.category:
            return []
        if project.category in known:
            return [project.category]
        return [part.strip() for part in project.category.split(",") if part.strip()]

    return keys


def territories_of(project: DossierProject) -> list[str]:
    """The territory of a project."""
    return [project.territory] if project.territory else []


def satisfaction(outcome: Outcome, ballots: Iterable[tuple[Choices, int]]) -> Satisfaction:
    """What the voters of these ballots got; a choice is what a ballot names and is for."""
    voters = served = winners = money = 0
    amounts = outcome.amounts
    for choices, count in ballots:
        won = [amounts[project] for project, value in choices if value > 0 and project in amounts]
        voters += count
        if won:
            served += count
            winners += count * len(won)
            money += count * sum(won)
    return Satisfaction(voters, served, winners, money)


def voter_groups(election: Ballots) -> dict[str, dict[str, dict[Choices, int]]]:
    """By dimension ("age", "sex", …), by group: the ballots of a .pb file, identical ones together.

    Ages are grouped as in ``AGES`` ("25-34"; the last "65+"); who left the field empty is in the group "".
    Dimensions with one group only are left out.
    """
    columns = election.columns
    votes = columns["vote"]
    points = columns.get("points")
    texts = list(zip(votes, points, strict=True)) if points is not None else [(vote, "") for vote in votes]
    read = {text: _choices(*text) for text in set(texts)}
    found: dict[str, dict[str, dict[Choices, int]]] = {}
    for dimension in DIMENSIONS:
        if dimension not in columns:
            continue
        groups: dict[str, dict[Choices, int]] = {}
        # a hundred thousand voters, far fewer different ballots in a group
        for (value, text), count in Counter(zip(columns[dimension], texts, strict=True)).items():
            ballots = groups.setdefault(group_of(dimension, value), {})
            choices = read[text]
            ballots[choices] = ballots.get(choices, 0) + count
        if len(groups) > 1:
            found[dimension] = {key: groups[key] for key in sorted(groups, key=lambda key: (not key, key))}
    return found


def _choices(vote: str, points: str) -> Choices:
    ids = [entry.strip() for entry in vote.split(",") if entry.strip()]
    given = [entry.strip() for entry in points.split(",")] if points.strip() else []
    named = {
        project for place, project in enumerate(ids) if place >= len(given) or int(given[place] or 0) > 0
    }
    return tuple((project, 1) for project in sorted(named))


def group_of(dimension: str, value: str) -> str:
    """The group in which a file's field puts a voter: "25-34" of an age; "" where it says nothing."""
    value = value.strip().strip("-")
    if dimension != "age" or not value:
        return value
    years, _, rest = value.partition(".")
    if not years.isdecimal() or rest.strip("0"):
        # some cities give groups of ages of their own
        return value
    for low, high in AGES:
        if low <= int(years) <= high:
            return f"{low}+" if high == AGES[-1][1] else f"{low}-{high}"
    return ""
