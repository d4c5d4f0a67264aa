"""What every counting rule starts from and ends with: the projects of a pot, and the whole outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from rulebook.counting.outcome import (
    BELOW_THRESHOLD,
    DOES_NOT_FIT,
    FUND,
    NO_VOTES,
    REJECT,
    RIVAL_WON,
    TIE,
    UNDECIDED,
    Outcome,
    Reason,
    Step,
    Tie,
)
from rulebook.counting.tally import Tally, threshold_of
from rulebook.counting.ties import Met
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import Pot

MOST_OPEN_GROUPS = 4
"""With more groups of competitors open in earlier pots a pot leaves all its projects open."""


@dataclass
class PotCount:
    """What became of the projects of one pot; ``left`` and amounts in minor units."""

    pot: str
    amount: int
    left: int
    funded: list[str] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, Reason] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """The projects of one pot: those that may win, and those below their threshold, with the reason."""

    pot: Pot
    eligible: tuple[DossierProject, ...]
    below: Mapping[str, Reason]
    tally: Tally
    ranks: Mapping[str, int]

    def count(self) -> PotCount:
        """An empty count of the pot in which the projects below their threshold are rejected."""
        count = PotCount(self.pot.id, self.pot.amount, self.pot.amount)
        for project, reason in self.below.items():
            self.reject(count, project, REJECT, reason)
        return count

    def standing(
        self,
        count: PotCount,
        winners: Iterable[DossierProject],
        elsewhere: frozenset[str],
        *,
        most: int | None = None,
    ) -> list[DossierProject]:
        """The eligible projects that somebody named, of whose competitors none is funded, and that cost at
        most ``most``; the others are rejected in the count."""
        found = []
        for project in self.eligible:
            reason = rival_won(project, winners, elsewhere)
            if not self.tally.votes[project.id]:
                reason = Reason(NO_VOTES)
            elif reason is None and most is not None and project.cost > most:
                short = project.cost - self.pot.amount
                reason = Reason(DOES_NOT_FIT, {"cost": project.cost, "left": self.pot.amount, "short": short})
            if reason is None:
                found.append(project)
            else:
                self.reject(count, project.id, REJECT, reason, project.cost)
        return found

    def leave_open(self, count: PotCount, project: DossierProject) -> None:
        """Leave a project to whoever decides the tie that it hangs on, with a step that says so."""
        count.undecided.append(project.id)
        count.steps.append(
            self.step(count, TIE, project.id, UNDECIDED, {}, before=count.left, cost=project.cost)
        )

    def reject(self, count: PotCount, project: str, kind: str, reason: Reason, cost: int = 0) -> None:
        """Reject one project, with a step that says why."""
        count.rejected[project] = reason
        count.steps.append(
            self.step(count, kind, project, reason.code, dict(reason.params), before=count.left, cost=cost)
        )

    def step(
        self, count: PotCount, kind: str, project: str | None, code: str, params: Mapping[str, Any], *,
        before: int, cost: int = 0,
    ) -> Step:  # fmt: skip
        """A step of the count at its present state; ``before`` is the money before it."""
        return Step(
            kind=kind,
            pot=self.pot.id,
            project=project,
            rank=0 if project is None else self.ranks[project],
            score=0 if project is None else self.tally.scores[project],
            cost=cost,
            left_before=before,
            left_after=count.left,
            code=code,
            params=params,
        )

    def left_open(self, count: PotCount, uncertain: set[str]) -> PotCount:
        """The count with some projects left open after all; the money they had is not spent yet."""
        if not uncertain:
            return count
        steps: list[Step] = []
        left = count.amount
        for step in count.steps:
            if step.project not in uncertain:
                spent = count.amounts[step.project] if step.kind == FUND and step.project else 0
                steps.append(replace(step, left_before=left, left_after=left - spent))
                left -= spent
        kept = replace(
            count,
            left=left,
            funded=[project for project in count.funded if project not in uncertain],
            amounts={project: sum_ for project, sum_ in count.amounts.items() if project not in uncertain},
            rejected={project: why for project, why in count.rejected.items() if project not in uncertain},
            steps=steps,
            # they told of one way only
            facts={},
        )
        for project in self.eligible:
            if project.id in uncertain:
                self.leave_open(kept, project)
        return kept

    def tell_ties(self, count: PotCount, ties: list[Met], taken: str | None = None) -> None:
        """State the ties in which a project was taken (all, without one), and take them off the list."""
        for tie in [tie for tie in ties if taken in (None, tie.taken)]:
            self.tell_tie(count, tie)
            ties.remove(tie)

    def tell_tie(self, count: PotCount, tie: Met) -> None:
        """State a tie that matters, with a step."""
        count.ties.append(Tie(self.pot.id, tie.score, tie.projects, tie.left, tie.decided_by))
        params = {"projects": list(tie.projects)}
        count.steps.append(self.step(count, TIE, None, tie.decided_by, params, before=count.left))


def count_in_turn(
    fields: Sequence[Field], count_pot: Callable[[Field, Sequence[DossierProject], frozenset[str]], PotCount]
) -> list[PotCount]:
    """Count the pots one after the other, competing projects across all of them.

    ``count_pot`` gets the field, the projects funded so far, and groups of competitors of which one wins
    elsewhere. Where a tie of an earlier pot leaves open whether a competitor wins, the pot is counted either
    way, and only what comes out every time is certain.
    """
    counts: list[PotCount] = []
    winners: list[DossierProject] = []
    open_groups: set[str] = set()
    for one in fields:
        count = count_pot(one, winners, frozenset())
        groups = sorted({each.rivals for each in one.eligible if each.rivals is not None} & open_groups)
        if len(groups) > MOST_OPEN_GROUPS:
            count = one.left_open(count, {each.id for each in one.eligible} - set(count.undecided))
        elif groups:
            ways = [
                count_pot(one, winners, frozenset(gone))
                for size in range(1, len(groups) + 1)
                for gone in combinations(groups, size)
            ]
            certain = set(count.funded).intersection(*(way.funded for way in ways))
            possible = {*count.funded, *count.undecided}.union(
                *((*way.funded, *way.undecided) for way in ways)
            )
            count = one.left_open(count, possible - certain - set(count.undecided))
        counts.append(count)
        by_id = {project.id: project for project in one.eligible}
        winners += [by_id[project] for project in count.funded]
        open_groups |= {rivals for each in count.undecided if (rivals := by_id[each].rivals) is not None}
    return counts


def fields_of(dossier: Dossier, tally: Tally, ranks: Mapping[str, int]) -> list[Field]:
    """The field of each pot, in the order of the regulation."""
    options = dossier.rules.counting.options
    found = []
    for pot in dossier.pots:
        eligible: list[DossierProject] = []
        below: dict[str, Reason] = {}
        for project in dossier.projects:
            if project.pot != pot.id:
                continue
            reason = below_threshold(project, tally, options)
            if reason is None:
                eligible.append(project)
            else:
                below[project.id] = reason
        found.append(Field(pot, tuple(eligible), below, tally, ranks))
    return found


def below_threshold(project: DossierProject, tally: Tally, options: Mapping[str, Any]) -> Reason | None:
    """Why the project's score is too low to win; None where it is not."""
    score = tally.scores[project.id]
    threshold = threshold_of(options, project.size_class, tally.voters)
    if score >= threshold:
        return None
    return Reason(BELOW_THRESHOLD, {"score": score, "threshold": threshold, "missing": threshold - score})


def rival_won(
    project: DossierProject, funded: Iterable[DossierProject], elsewhere: frozenset[str] = frozenset()
) -> Reason | None:
    """The reason against a project of whose competitors one is funded; None where there is none.

    ``elsewhere`` are groups of competitors of which one wins that cannot be named.
    """
    if project.rivals is None:
        return None
    if project.rivals in elsewhere:
        return Reason(RIVAL_WON, {})
    for winner in funded:
        if winner.rivals == project.rivals and winner.id != project.id:
            return Reason(RIVAL_WON, {"rival": winner.id})
    return None


def places(projects: Sequence[DossierProject], keys: Mapping[str, Any]) -> dict[str, int]:
    """The place of each project by its key, the largest first; equal keys share a place."""
    found: dict[str, int] = {}
    place, last = 0, None
    ranking = sorted(projects, key=lambda project: keys[project.id], reverse=True)
    for number, project in enumerate(ranking, start=1):
        if place == 0 or keys[project.id] != last:
            place, last = number, keys[project.id]
        found[project.id] = place
    return found


def places_in_pots(dossier: Dossier, keys: Mapping[str, Any]) -> dict[str, int]:
    """The place of each project within its pot."""
    found: dict[str, int] = {}
    for pot in dossier.pots:
        found |= places([project for project in dossier.projects if project.pot == pot.id], keys)
    return found


def outcome_of(
    rule: str, dossier: Dossier, tally: Tally, ranks: Mapping[str, int], counts: Sequence[PotCount]
) -> Outcome:
    """The whole outcome, from the counts of all pots."""
    return Outcome(
        rule=rule,
        dossier=dossier.digest,
        funded=tuple(project for count in counts for project in count.funded),
        amounts={project: amount for count in counts for project, amount in count.amounts.items()},
        rejected={project: reason for count in counts for project, reason in count.rejected.items()},
        undecided=tuple(project for count in counts for project in count.undecided),
        totals=dict(tally.scores),
        votes=dict(tally.votes),
        ranks=dict(ranks),
        voters=tally.voters,
        invalid=tally.invalid,
        spent={count.pot: count.amount - count.left for count in counts},
        left={count.pot: count.left for count in counts},
        ties=tuple(tie for count in counts for tie in count.ties),
        steps=tuple(step for count in counts for step in count.steps),
        facts={count.pot: count.facts for count in counts if count.facts},
        on_protocols=tally.on_protocols,
    )
