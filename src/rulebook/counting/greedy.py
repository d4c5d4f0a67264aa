"""greedy-v1: the best-scored project first, while the money lasts.

Source: the rule written into nearly all Ukrainian and Polish regulations ("projects are ranked by votes
until the money is exhausted"); in the literature the greedy or utilitarian-greedy rule (Talmon and
Faliszewski, "A Framework for Approval-Based Budgeting Methods", AAAI 2019; Rey and Maly, "The
(Computational) Social Choice Take on Indivisible Participatory Budgeting", 2023). The prose with a worked
example is docs/counting/greedy-v1.md. All arithmetic is on integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rulebook.counting.outcome import (
    BELOW_THRESHOLD,
    DOES_NOT_FIT,
    FITS,
    FUND,
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
from rulebook.counting.tally import tally
from rulebook.dossier import Dossier, DossierProject
from rulebook.options import CHEAPER, EVERY_CLASS, REFUSE, SKIP
from rulebook.options import STOP as STOP_AT_MISFIT
from rulebook.rules import Pot

RULE = "greedy-v1"

SUBSET_SUM_LIMIT = 4096
"""With more different sums than this a tie names all its projects, not only those that may lose by it."""


def count(dossier: Dossier) -> Outcome:
    """The outcome of greedy-v1 under the options of the dossier's rules.

    Each pot is counted by itself, in the order of the regulation: projects at or above their threshold
    go from the highest score down; each is funded if its cost fits into what is left of the pot. With
    fit "skip" one that does not fit is passed over, with "stop" the pot's count ends there.
    """
    options = dossier.rules.counting.options
    result = tally(dossier, options.get("score", "votes"))
    state = _State()
    ranks: dict[str, int] = {}
    spent: dict[str, int] = {}
    left: dict[str, int] = {}
    for pot in dossier.pots:
        projects = [project for project in dossier.projects if project.pot == pot.id]
        # sorted() is stable: equal scores stay in the order of the dossier, which decides nothing but
        # the order of the steps
        ranking = sorted(projects, key=lambda project: -result.scores[project.id])
        ranks.update(_places(ranking, result.scores))
        one = _PotCount(pot, ranking, result.scores, ranks, options, dossier.rules.counting.ties, state)
        one.run()
        left[pot.id] = one.left
        spent[pot.id] = pot.amount - one.left
    return Outcome(
        rule=RULE,
        dossier=dossier.digest,
        funded=tuple(state.funded),
        rejected=state.rejected,
        undecided=tuple(state.undecided),
        totals=dict(result.scores),
        votes=dict(result.votes),
        ranks=ranks,
        voters=result.voters,
        invalid=result.invalid,
        spent=spent,
        left=left,
        ties=tuple(state.ties),
        steps=tuple(state.steps),
    )


def _places(ranking: Sequence[DossierProject], scores: Mapping[str, int]) -> dict[str, int]:
    places: dict[str, int] = {}
    place, last = 0, None
    for number, project in enumerate(ranking, start=1):
        if scores[project.id] != last:
            place, last = number, scores[project.id]
        places[project.id] = place
    return places


@dataclass
class _State:
    """What the pots add to in turn."""

    funded: list[str] = field(default_factory=list)
    rejected: dict[str, Reason] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


class _PotCount:
    """The count of one pot."""

    def __init__(
        self,
        pot: Pot,
        ranking: Sequence[DossierProject],
        scores: Mapping[str, int],
        ranks: Mapping[str, int],
        options: Mapping[str, Any],
        ties: Sequence[str],
        state: _State,
    ) -> None:
        self.pot = pot
        self.ranking = ranking
        self.scores = scores
        self.ranks = ranks
        self.threshold: Mapping[str, int] = options.get("threshold", {})
        self.stops = options.get("fit", SKIP) == STOP_AT_MISFIT
        self.tie_rules = tuple(ties)
        self.state = state
        self.left = pot.amount
        self.stopped_at: str | None = None
        self.is_open = False
        self.winners: list[DossierProject] = []
        self.losers: list[tuple[DossierProject, str, dict[str, Any]]] = []

    def run(self) -> None:
        """Fund, reject or leave open every project of the pot."""
        for _, group in groupby(self.ranking, key=lambda project: self.scores[project.id]):
            eligible: list[DossierProject] = []
            for project in group:
                threshold = self._threshold_of(project)
                if self.scores[project.id] < threshold:
                    score = self.scores[project.id]
                    params = {"score": score, "threshold": threshold, "missing": threshold - score}
                    self._reject(project, REJECT, BELOW_THRESHOLD, params)
                else:
                    eligible.append(project)
            if eligible:
                self._settle(eligible, self.tie_rules)
        for project, code, params in self.losers:
            self.state.rejected[project.id] = Reason(code, {**params, **self._distance(project)})

    def _threshold_of(self, project: DossierProject) -> int:
        default = self.threshold.get(EVERY_CLASS, 0)
        return default if project.size_class is None else self.threshold.get(project.size_class, default)

    def _settle(self, group: Sequence[DossierProject], tie_rules: Sequence[str]) -> None:
        """Fund what fits of projects with equal score, asking the tie rules only if their order matters."""
        if self.stopped_at is not None:
            for project in group:
                self._reject(project, REJECT, STOPPED, {"after": self.stopped_at})
            return
        if self.is_open:
            self._leave_open(group)
            return
        contested = self._contested(group)
        if not contested:
            for project in group:
                self._take(project)
            return
        for position, rule in enumerate(tie_rules):
            if rule == REFUSE:
                break
            ordered = sorted(group, key=lambda project: _tie_key(rule, project))
            parts = [list(part) for _, part in groupby(ordered, key=lambda project: _tie_key(rule, project))]
            if len(parts) > 1:
                self._note_tie(group, contested, rule)
                for part in parts:
                    self._settle(part, tie_rules[position + 1 :])
                return
        self._note_tie(group, contested, REFUSE)
        self._leave_tie(group, contested)

    def _contested(self, group: Sequence[DossierProject]) -> list[DossierProject]:
        """The projects that one order of the tie funds and another does not; none if no order matters."""
        fitting = [project for project in group if project.cost <= self.left]
        if self.stops:
            # whoever does not fit ends the count, so one misfit can shut out every other
            return fitting if sum(project.cost for project in group) > self.left else []
        if sum(project.cost for project in fitting) <= self.left:
            return []
        return [project for project in fitting if self._can_be_crowded_out(project, fitting)]

    def _can_be_crowded_out(self, project: DossierProject, fitting: Sequence[DossierProject]) -> bool:
        """Whether some of the others together leave less than the project costs."""
        sums = {0}
        for other in fitting:
            if other is not project:
                sums |= {total + other.cost for total in sums if total + other.cost <= self.left}
                if len(sums) > SUBSET_SUM_LIMIT:
                    return project.cost > 0
        return max(sums) > self.left - project.cost

    def _take(self, project: DossierProject) -> None:
        if self.stopped_at is not None:
            self._reject(project, REJECT, STOPPED, {"after": self.stopped_at})
        elif project.cost <= self.left:
            before, self.left = self.left, self.left - project.cost
            self._step(FUND, project, before, FITS, {})
            self.state.funded.append(project.id)
            self.winners.append(project)
        else:
            params = {"cost": project.cost, "left": self.left, "short": project.cost - self.left}
            self._reject(project, STOP if self.stops else PASS_OVER, DOES_NOT_FIT, params)
            if self.stops:
                self.stopped_at = project.id

    def _leave_tie(self, group: Sequence[DossierProject], contested: Sequence[DossierProject]) -> None:
        """Settle of an open tie what is certain, and leave the rest of the pot to whoever decides it."""
        names = {project.id for project in contested}
        certain = [project for project in group if project.id not in names]
        before = self.left
        if self.stops:
            for project in certain:
                params = {"cost": project.cost, "left": before, "short": project.cost - before}
                self._reject(project, REJECT, DOES_NOT_FIT, params)
            self._leave_open(contested)
            # in every order somebody of the tie does not fit, so the count ends with it
            self.stopped_at = next((project.id for project in certain), contested[-1].id)
            return
        for project in certain:
            self._take(project)
        self._leave_open(contested)
        self.is_open = True

    def _leave_open(self, group: Iterable[DossierProject]) -> None:
        for project in group:
            if project.cost > self.left:
                params = {"cost": project.cost, "left": self.left, "short": project.cost - self.left}
                self._reject(project, PASS_OVER, DOES_NOT_FIT, params)
            else:
                self._step(TIE, project, self.left, UNDECIDED, {})
                self.state.undecided.append(project.id)

    def _note_tie(
        self, group: Sequence[DossierProject], contested: Sequence[DossierProject], rule: str
    ) -> None:
        named = group if self.stops else contested
        score = self.scores[group[0].id]
        tie = Tie(self.pot.id, score, tuple(project.id for project in named), self.left, rule)
        self.state.ties.append(tie)
        self.state.steps.append(
            Step(
                kind=TIE,
                pot=self.pot.id,
                project=None,
                rank=self.ranks[group[0].id],
                score=score,
                cost=0,
                left_before=self.left,
                left_after=self.left,
                code=rule,
                params={"projects": list(tie.projects)},
            )
        )

    def _reject(self, project: DossierProject, kind: str, code: str, params: dict[str, Any]) -> None:
        self._step(kind, project, self.left, code, params)
        self.losers.append((project, code, params))

    def _step(
        self, kind: str, project: DossierProject, before: int, code: str, params: dict[str, Any]
    ) -> None:
        self.state.steps.append(
            Step(
                kind=kind,
                pot=self.pot.id,
                project=project.id,
                rank=self.ranks[project.id],
                score=self.scores[project.id],
                cost=project.cost,
                left_before=before,
                left_after=self.left,
                code=code,
                params=params,
            )
        )

    def _distance(self, project: DossierProject) -> dict[str, Any]:
        ahead = [winner for winner in self.winners if self.scores[winner.id] > self.scores[project.id]]
        if not ahead:
            return {}
        nearest = min(ahead, key=lambda winner: self.scores[winner.id])
        return {
            "last_winner": nearest.id,
            "behind": self.scores[nearest.id] - self.scores[project.id],
        }


def _tie_key(rule: str, project: DossierProject) -> int:
    return project.cost if rule == CHEAPER else project.order
