"""What decides between equal projects, and whether it matters.

The tie rules of the regulation are asked in their order, then the commission's recorded decisions. A rule of
counting that goes from choice to choice asks a ``Chooser``; ``settle`` repeats its count with other choices
to learn which ties change who is funded, and leaves open what an undecided tie leaves open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from rulebook.dossier import Dossier, DossierProject
from rulebook.lot import lot_place
from rulebook.options import CHEAPER, DECISION, EARLIER, FILE_ORDER, LOT, REFUSE, SUPPORT

MOST_REPEATS = 64
"""With more different ways to decide its ties than this a count calls every tie it met one that matters."""


class TieRules:
    """The ways in which ties of one dossier are decided."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        listed = [rule for rule in dossier.rules.counting.ties if rule != REFUSE]
        self.names: tuple[str, ...] = tuple(listed if DECISION in listed else [*listed, DECISION])

    def parts(
        self, rule: str, group: Iterable[DossierProject], contested: Iterable[str]
    ) -> list[list[DossierProject]]:
        """The group in the rule's order, projects it cannot tell apart together; one part where it is silent.

        A recorded decision speaks only of ties all of whose ``contested`` projects it names.
        """
        key = self._key(rule, frozenset(contested))
        parts: dict[Any, list[DossierProject]] = {}
        for project in group:
            parts.setdefault(key(project), []).append(project)
        return [parts[place] for place in sorted(parts)]

    def _key(self, rule: str, contested: frozenset[str]) -> Callable[[DossierProject], Any]:
        if rule in (EARLIER, FILE_ORDER):
            return lambda project: project.order
        if rule == CHEAPER:
            return lambda project: project.cost
        if rule == SUPPORT:
            return lambda project: -project.support
        lot = self._dossier.lot
        if rule == LOT and lot is not None:
            ballots = self._dossier.ballots_digest
            return lambda project: lot_place(lot.seed, ballots, project.id)
        if rule == DECISION:
            for decision in self._dossier.decisions:
                if contested <= set(decision):
                    places = {project: place for place, project in enumerate(decision)}
                    return lambda project: places.get(project.id, len(places))
        # a lot that is not drawn yet, a decision that is not taken yet
        return lambda project: 0

    def first(self, group: Sequence[DossierProject]) -> tuple[DossierProject | None, str]:
        """The one that goes first and the rule that says so; (None, "refuse") where no rule does."""
        remaining = list(group)
        decided_by = REFUSE
        for rule in self.names:
            part = self.parts(rule, remaining, [project.id for project in remaining])[0]
            if len(part) < len(remaining):
                remaining, decided_by = part, rule
            if len(remaining) == 1:
                return remaining[0], decided_by
        return None, REFUSE


class Settled(Protocol):
    """What ``settle`` needs to know of a finished count."""

    @property
    def funded(self) -> Sequence[str]:
        """The ids of the funded projects."""


Counted = TypeVar("Counted", bound=Settled)


@dataclass(frozen=True)
class Met:
    """A tie that a count met: who was equal, who was taken, what decided it, money left, shared score."""

    projects: tuple[str, ...]
    taken: str
    decided_by: str
    left: int = 0
    score: int = 0


@dataclass
class Chooser:
    """Chooses among equal projects for one run of a count, and notes the ties that may matter.

    The same set of projects gets the same answer throughout a run. ``forced`` holds answers to try.
    """

    rules: TieRules
    forced: Mapping[frozenset[str], str] = field(default_factory=dict)
    met: dict[frozenset[str], Met] = field(default_factory=dict)
    _times: dict[frozenset[str], int] = field(default_factory=dict)

    def choose(self, group: Sequence[DossierProject], *, left: int = 0, score: int = 0) -> DossierProject:
        """The project that goes first; where nothing decides, the first of the list, and the tie is open."""
        if len(group) == 1:
            return group[0]
        names = frozenset(project.id for project in group)
        first, decided_by = self.rules.first(group)
        if names in self.forced:
            first = next(project for project in group if project.id == self.forced[names])
        elif first is None:
            first = min(group, key=lambda project: (project.order, project.id))
        ordered = sorted(group, key=lambda project: (project.order, project.id))
        self.met[names] = Met(tuple(each.id for each in ordered), first.id, decided_by, left, score)
        self._times[names] = self._times.get(names, 0) + 1
        return first

    def is_harmless(self, names: frozenset[str]) -> None:
        """Forget one meeting with a tie, the order of which turned out to change nothing there."""
        if names in self.met:
            self._times[names] -= 1
            if not self._times[names]:
                del self.met[names]


@dataclass(frozen=True)
class Settlement(Generic[Counted]):
    """A count with its ties looked at: the run itself, what is open, and the ties that matter."""

    run: Counted
    undecided: tuple[str, ...]
    ties: tuple[Met, ...]


def settle(
    rules: TieRules, count: Callable[[Chooser], Counted], standing: Iterable[str]
) -> Settlement[Counted]:
    """Count, and learn which of the ties met change who is funded; ``standing`` are all who may be.

    A tie that a rule decided is repeated with each other choice; one that nothing decides is followed to
    the end in every way. What is funded in every way is certain; what is funded in some is undecided.
    """
    chooser = Chooser(rules)
    first = count(chooser)
    met = dict(chooser.met)
    open_ties = [names for names, tie in met.items() if tie.decided_by == REFUSE]
    matters: list[frozenset[str]] = []
    repeats = 0
    for names, tie in met.items():
        if tie.decided_by == REFUSE:
            continue
        others = [project for project in tie.projects if project != tie.taken]
        repeats += len(others)
        if repeats > MOST_REPEATS or any(
            set(count(Chooser(rules, {names: other})).funded) != set(first.funded) for other in others
        ):
            matters.append(names)
    undecided: tuple[str, ...] = ()
    if open_ties:
        outcomes, is_complete = _ways(rules, count, first, chooser)
        certain = frozenset.intersection(*outcomes)
        possible = frozenset.union(*outcomes)
        if not is_complete:
            # not all ways were tried, and one of those may fund or drop anybody
            certain, possible = frozenset(), frozenset(standing)
        if certain != possible:
            matters += open_ties
            undecided = tuple(sorted(possible - certain))
    return Settlement(first, undecided, tuple(tie for names, tie in met.items() if names in matters))


def _ways(
    rules: TieRules, count: Callable[[Chooser], Counted], first: Counted, chooser: Chooser
) -> tuple[list[frozenset[str]], bool]:
    """The sets that can be funded, each way of deciding the open ties tried once; and whether all were."""
    outcomes = [frozenset(first.funded)]
    waiting = list(_other_ways({}, chooser))
    repeats = 0
    while waiting:
        repeats += 1
        if repeats > MOST_REPEATS:
            return outcomes, False
        again = Chooser(rules, waiting.pop())
        outcomes.append(frozenset(count(again).funded))
        waiting.extend(_other_ways(again.forced, again))
    return outcomes, True


def _other_ways(
    forced: Mapping[frozenset[str], str], chooser: Chooser
) -> Iterator[dict[frozenset[str], str]]:
    """The ways that part from a run at one of its open ties, those met before it decided as in the run."""
    so_far = dict(forced)
    for names, tie in chooser.met.items():
        if tie.decided_by == REFUSE and names not in so_far:
            for other in tie.projects:
                if other != tie.taken:
                    yield {**so_far, names: other}
            so_far[names] = tie.taken
