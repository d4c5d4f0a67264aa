"""cstv-v1: every voter spreads an equal part of the pot over projects; what is not needed passes on.

Source: cumulative support transfer voting, of P. Skowron, A. Slinko, S. Szufa and N. Talmon, "Participatory
Budgeting with Cumulative Votes" (arXiv 2009.02690), with elimination with transfers and reverse eliminations:
there called EwTC (support over cost) and EwT (excess). The prose with a worked example is
docs/counting/cstv-v1.md; how it is computed exactly is in ``rulebook.counting.transfers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rulebook.counting.field import Field, PotCount, count_in_turn, fields_of, outcome_of, places_in_pots
from rulebook.counting.outcome import (
    ELIMINATE,
    ELIMINATED,
    FITS,
    FUND,
    REJECT,
    RIVAL_WON,
    Outcome,
    Reason,
)
from rulebook.counting.tally import tally
from rulebook.counting.ties import Chooser, Met, TieRules, settle
from rulebook.counting.transfers import Electorate, Shares, Supports, shares_of
from rulebook.dossier import Choices, Dossier, DossierProject
from rulebook.options import RATIO, usual_score

RULE = "cstv-v1"


def count(dossier: Dossier) -> Outcome:
    """The outcome of cstv-v1 under the options of the dossier's rules.

    Each pot is counted by itself, in the order of the regulation. Every voter who named one of its projects
    has an equal part of the pot, which lies on the projects named in proportion to the ballot. The project
    with the most support for its cost of those whose support reaches it is funded, and the excess passes on;
    where none is reached, the one with the least is eliminated and its support passes on. At the end the
    eliminated projects that fit into what is left are funded after all, the last eliminated first.
    """
    result = tally(dossier, usual_score(dossier.rules.ballot.kind))
    ranks = places_in_pots(dossier, result.scores)
    counts = count_in_turn(
        fields_of(dossier, result, ranks),
        lambda one, winners, barred: _Pot(dossier, one).run(winners, barred),
    )
    return outcome_of(RULE, dossier, result, ranks, counts)


class _LastFirst(TieRules):
    """The tie rules from the end: who is eliminated first of equals."""

    def parts(
        self, rule: str, group: Iterable[DossierProject], contested: Iterable[str]
    ) -> list[list[DossierProject]]:
        """As the rule orders them, the last first."""
        return super().parts(rule, group, contested)[::-1]


@dataclass(frozen=True)
class _Event:
    """One thing a run did; ``support`` in minor units, rounded down; ``rival`` the winner that shut it out."""

    kind: str
    project: str
    round: int
    support: int
    left: int
    is_after_all: bool = False
    rival: str = ""


@dataclass
class _Run:
    """One way through the count of a pot."""

    projects: Sequence[DossierProject]
    scores: Mapping[str, int]
    supports: Supports
    select: str
    chooser: Chooser
    out: Chooser
    left: int
    funded: list[str] = field(default_factory=list)
    events: list[_Event | frozenset[str]] = field(default_factory=list)
    round: int = 0

    def finish(self) -> _Run:
        """Go on until no project stands, then take back what fits."""
        standing = dict.fromkeys(range(len(self.projects)))
        self._take_free(standing)
        while standing:
            self.round += 1
            reached = [place for place in standing if self.supports.is_enough(place)]
            place = self._select(reached or list(standing), self.chooser if reached else self.out)
            if reached:
                self._fund(place, standing)
            else:
                self._leave(ELIMINATE, place, standing)
        self._take_back()
        return self

    def _take_free(self, standing: dict[int, None]) -> None:
        """Fund what costs nothing, of competitors the best-scored."""
        free = [place for place in standing if not self.projects[place].cost]
        free.sort(key=lambda place: -self.scores[self.projects[place].id])
        for place in free:
            if place not in standing:
                continue
            project = self.projects[place]
            equals = [
                self.projects[other]
                for other in free
                if other == place
                or (
                    project.rivals is not None
                    and self.projects[other].rivals == project.rivals
                    and self.scores[self.projects[other].id] == self.scores[project.id]
                )
            ]
            first = self._choose(equals, self.chooser)
            self._fund(self.projects.index(first), standing)

    def _select(self, places: Sequence[int], chooser: Chooser) -> int:
        """The one with the most support for its cost, or the least where one must go."""
        is_most = chooser is self.chooser
        tied = self.supports.foremost(places, by_ratio=self.select == RATIO, most=is_most)
        return self.projects.index(self._choose([self.projects[place] for place in tied], chooser))

    def _choose(self, group: Sequence[DossierProject], chooser: Chooser) -> DossierProject:
        if len(group) > 1:
            self.events.append(frozenset(project.id for project in group))
        return chooser.choose(group, left=self.left)

    def _fund(self, place: int, standing: dict[int, None]) -> None:
        project = self.projects[place]
        self.left -= project.cost
        self.funded.append(project.id)
        self._leave(FUND, place, standing)
        if project.rivals is not None:
            for other in [other for other in standing if self.projects[other].rivals == project.rivals]:
                self._leave(REJECT, other, standing, rival=project.id)

    def _leave(self, kind: str, place: int, standing: dict[int, None], rival: str = "") -> None:
        support = self.supports.whole(place)
        name = self.projects[place].id
        self.events.append(_Event(kind, name, self.round, support, self.left, rival=rival))
        self.supports.go(place, is_paid=kind == FUND)
        del standing[place]

    def _take_back(self) -> None:
        """Fund the eliminated projects that fit into what is left, the last eliminated first."""
        projects = {project.id: project for project in self.projects}
        won = {projects[name].rivals: name for name in self.funded}
        gone = [event for event in self.events if isinstance(event, _Event) and event.kind == ELIMINATE]
        for event in reversed(gone):
            project = projects[event.project]
            if project.cost > self.left:
                continue
            rival = won.get(project.rivals, "") if project.rivals is not None else ""
            if not rival:
                self.left -= project.cost
                self.funded.append(project.id)
                won[project.rivals] = project.id
            kind = REJECT if rival else FUND
            self.events.append(
                _Event(kind, project.id, event.round, event.support, self.left, not rival, rival)
            )


@dataclass(frozen=True)
class _Result:
    """What came of a pot: a run to tell of, what its open ties leave open, the ties that matter."""

    run: _Run
    undecided: frozenset[str]
    ties: tuple[Met, ...]


@dataclass
class _Pot:
    """One pot: which projects stand, what becomes of them."""

    dossier: Dossier
    entrants: Field

    def run(self, winners: Iterable[DossierProject], barred: frozenset[str]) -> PotCount:
        """The pot's count in steps."""
        counted = self.entrants.count()
        # with no money at all a part of it is nothing that could be compared
        candidates = self.entrants.standing(counted, winners, barred, most=None if counted.amount else 0)
        if candidates:
            self._tell(counted, self._settled(candidates), {project.id: project for project in candidates})
        return counted

    def _settled(self, projects: Sequence[DossierProject]) -> _Result:
        electorate = self._electorate(projects)
        upwards, downwards = TieRules(self.dossier), _LastFirst(self.dossier)
        select = self.dossier.rules.counting.options.get("select", RATIO)

        def once(chooser: Chooser) -> _Run:
            return _Run(
                projects,
                self.entrants.tally.scores,
                Supports(electorate),
                select,
                chooser,
                Chooser(downwards, chooser.forced, chooser.met),
                self.entrants.pot.amount,
            ).finish()

        settlement = settle(upwards, once, [project.id for project in projects])
        return _Result(settlement.run, frozenset(settlement.undecided), settlement.ties)

    def _electorate(self, projects: Sequence[DossierProject]) -> Electorate:
        places = {project.id: place for place, project in enumerate(projects)}
        groups: dict[Shares, int] = {}
        for choices, voters in self.entrants.tally.groups:
            named = [(places[name], weight) for name, weight in self._weights(choices) if name in places]
            if named:
                shares = shares_of(named)
                groups[shares] = groups.get(shares, 0) + voters
        return Electorate([project.cost for project in projects], groups, self.entrants.pot.amount)

    def _weights(self, choices: Choices) -> Iterator[tuple[str, int]]:
        """The parts in which a ballot spreads its voter's money."""
        kind = self.dossier.rules.ballot.kind
        above = len(choices) + 1
        for name, value in choices:
            if kind == "ranking":
                yield name, above - value
            elif kind == "points":
                yield name, value
            elif value > 0:
                yield name, 1

    def _tell(self, counted: PotCount, result: _Result, projects: Mapping[str, DossierProject]) -> None:
        """The steps of the run, as far as they are certain; then what is open."""
        ties = {frozenset(met.projects): met for met in result.ties}
        for event in result.run.events:
            if isinstance(event, frozenset):
                if event in ties:
                    self.entrants.tell_tie(counted, ties.pop(event))
            elif event.project not in result.undecided:
                self._tell_event(counted, event, projects[event.project])
        for met in ties.values():
            self.entrants.tell_tie(counted, met)
        for name, project in projects.items():
            if name in result.undecided:
                counted.rejected.pop(name, None)
                self.entrants.leave_open(counted, project)

    def _tell_event(self, counted: PotCount, event: _Event, project: DossierProject) -> None:
        before = counted.left
        if event.kind == FUND:
            counted.left -= project.cost
            counted.rejected.pop(project.id, None)
            counted.funded.append(project.id)
            counted.amounts[project.id] = project.cost
            key = "eliminated_in" if event.is_after_all else "round"
            params = {key: event.round, "money": event.support}
            self._step(counted, FUND, project, FITS, params, before)
        elif event.rival in counted.amounts:
            reason = Reason(RIVAL_WON, {"rival": event.rival})
            self.entrants.reject(counted, project.id, REJECT, reason, project.cost)
        elif project.id not in counted.rejected:
            params = {
                "cost": project.cost,
                "money": event.support,
                "short": max(project.cost - event.support, 0),
                "round": event.round,
            }
            self.entrants.reject(counted, project.id, ELIMINATE, Reason(ELIMINATED, params), project.cost)

    def _step(
        self, counted: PotCount, kind: str, project: DossierProject, code: str,
        params: Mapping[str, int], before: int,
    ) -> None:  # fmt: skip
        counted.steps.append(
            self.entrants.step(counted, kind, project.id, code, params, before=before, cost=project.cost)
        )
