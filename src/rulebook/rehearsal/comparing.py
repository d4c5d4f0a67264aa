"""Two regulations on one election, side by side, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.counting import Outcome, Reason
from rulebook.counting.tally import tally
from rulebook.dossier import Dossier
from rulebook.explaining.shares import Satisfaction, satisfaction
from rulebook.rehearsal.issues import issues
from rulebook.rehearsal.notes import Note
from rulebook.rehearsal.recounting import LeftOut, Rehearsed, recount
from rulebook.rules import Rules, Text
from rulebook.rules.records import plain

WON, LOST, TIED, OUT = FATES = ("yes", "no", "tie", "out")
"""Funded; not funded; waits for the decision of a tie; left out, because the rules have no place for it."""

REHEARSAL_FORMAT = "viche/rehearsal/v1"


@dataclass(frozen=True)
class PotFigures:
    """What became of one pot; money in kopiykas. Money that moved between pots counts where it ended."""

    id: str
    name: Text
    amount: int
    spent: int
    left: int
    projects: int
    winners: int


@dataclass(frozen=True)
class Side:
    """One regulation on the election: the recount, its figures, what to know, what was out of reach.

    ``got`` says what the voters of the carried ballots got: ``got.served_share`` (voters with a winner, hundredths of
    a percent), ``got.winners_hundredths`` and ``got.money_each`` (winners and money per voter).
    """

    rehearsed: Rehearsed
    pots: tuple[PotFigures, ...]
    got: Satisfaction
    issues: tuple[Note, ...]

    @property
    def outcome(self) -> Outcome:
        """The outcome of the recount."""
        return self.rehearsed.outcome

    @property
    def dossier(self) -> Dossier:
        """The dossier that was counted."""
        return self.rehearsed.dossier

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was not carried over from the past election."""
        return self.rehearsed.notes

    @property
    def left_out(self) -> Mapping[str, LeftOut]:
        """The projects left out, by id."""
        return {entry.project.id: entry for entry in self.rehearsed.left_out}

    @property
    def spent(self) -> int:
        """Money awarded, in kopiykas."""
        return sum(self.outcome.amounts.values())

    @property
    def left(self) -> int:
        """Money left in all pots, in kopiykas."""
        return sum(self.outcome.left.values())

    def fate(self, project: str) -> str:
        """What became of a project: a word of FATES."""
        if project in self.outcome.amounts:
            return WON
        if project in self.outcome.undecided:
            return TIED
        return LOST if project in self.outcome.rejected else OUT

    def reason(self, project: str) -> Reason | Note | None:
        """Why a project did not win: the reason of the count, or why it was left out; None for all others."""
        out = self.left_out.get(project)
        return out.why if out is not None else self.outcome.rejected.get(project)

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "rule": self.outcome.rule,
            "winners": list(self.outcome.funded),
            "amounts": dict(self.outcome.amounts),
            "undecided": list(self.outcome.undecided),
            "left_out": {name: entry.why.document() for name, entry in self.left_out.items()},
            "spent": self.spent,
            "left": self.left,
            "pots": [plain(pot) for pot in self.pots],
            "voters": self.got.voters,
            "served": self.got.served,
            "served_share": self.got.served_share,
            "winners_per_voter_hundredths": self.got.winners_hundredths,
            "money_per_voter": self.got.money_each,
            "notes": [note.document() for note in self.notes],
            "issues": [note.document() for note in self.issues],
        }


@dataclass(frozen=True)
class Fate:
    """A project under both regulations; ``now`` and ``new`` are words of FATES, amounts 0 where it does not win.

    ``why_now`` and ``why_new`` say why it does not win there; ``votes`` are the ballots that name it.
    """

    project: str
    name: str
    cost: int
    votes: int
    now: str
    new: str
    now_amount: int
    new_amount: int
    why_now: Reason | Note | None
    why_new: Reason | Note | None

    @property
    def differs(self) -> bool:
        """Whether it fares otherwise under the new regulation, in whether or with how much it wins."""
        return (self.now, self.now_amount) != (self.new, self.new_amount)

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        whys = {
            name: None if why is None else why.document()
            for name, why in (("why_now", self.why_now), ("why_new", self.why_new))
        }
        return {**vars(self), **whys, "differs": self.differs}


@dataclass(frozen=True)
class Comparison:
    """Two regulations on one election. ``fates`` holds every project, the most voted first."""

    contest: str
    currency: str
    now: Side
    new: Side
    fates: tuple[Fate, ...]

    @property
    def differing(self) -> tuple[Fate, ...]:
        """The projects that fare otherwise."""
        return tuple(fate for fate in self.fates if fate.differs)

    def document(self) -> dict[str, Any]:
        """JSON-able form; canonical, so that equal rehearsals have equal bytes."""
        return {
            "format": REHEARSAL_FORMAT,
            "contest": self.contest,
            "currency": self.currency,
            "now": self.now.document(),
            "new": self.new.document(),
            "projects": [fate.document() for fate in self.fates],
        }


def side_of(rehearsed: Rehearsed) -> Side:
    """The figures of one recount."""
    dossier, outcome = rehearsed.dossier, rehearsed.outcome
    pots = []
    for pot in dossier.pots:
        mine = [project.id for project in dossier.projects if project.pot == pot.id]
        pots.append(
            PotFigures(
                id=pot.id,
                name=pot.name,
                amount=pot.amount,
                spent=outcome.spent.get(pot.id, 0),
                left=outcome.left.get(pot.id, 0),
                projects=len(mine),
                winners=sum(project in outcome.amounts for project in mine),
            )
        )
    got = satisfaction(outcome, tally(dossier).groups)
    return Side(rehearsed, tuple(pots), got, tuple(issues(dossier, outcome)))


def compare_rules(now: Rules, new: Rules, dossier: Dossier, *, scale_pots: bool = False) -> Comparison:
    """The election of the dossier under the rules of ``now`` and under ``new`` ones.

    ``scale_pots`` gives both the past contest's money. Raises what ``recount`` raises.
    """
    sides = [side_of(recount(dossier, rules, scale_pots=scale_pots)) for rules in (now, new)]
    votes = tally(dossier).votes
    ranked = sorted(dossier.projects, key=lambda project: (-votes[project.id], project.order, project.id))
    fates = tuple(_fate(project.id, project.name, votes[project.id], sides) for project in ranked)
    return Comparison(dossier.contest, dossier.currency, sides[0], sides[1], fates)


def _fate(project: str, name: str, votes: int, sides: Sequence[Side]) -> Fate:
    now, new = sides
    return Fate(
        project=project,
        name=name,
        cost=_cost(project, now),
        votes=votes,
        now=now.fate(project),
        new=new.fate(project),
        now_amount=now.outcome.amounts.get(project, 0),
        new_amount=new.outcome.amounts.get(project, 0),
        why_now=now.reason(project),
        why_new=new.reason(project),
    )


def _cost(project: str, side: Side) -> int:
    out = side.left_out.get(project)
    if out is not None:
        return out.project.cost
    return next(each.cost for each in side.dossier.projects if each.id == project)
