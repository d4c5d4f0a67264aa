"""What every counting rule starts from and ends with: the projects of a pot, and the whole outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rulebook.counting.outcome import BELOW_THRESHOLD, REJECT, RIVAL_WON, TIE, Outcome, Reason, Step, Tie
from rulebook.counting.tally import Tally, threshold_of
from rulebook.counting.ties import Met
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import Pot


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


def rival_won(project: DossierProject, funded: Iterable[DossierProject]) -> Reason | None:
    """The reason against a project of whose competitors one is funded; None where there is none."""
    if project.rivals is None:
        return None
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
    )
