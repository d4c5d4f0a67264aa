"""What a count returns: not only who is funded, but why, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.canonical import digest

OUTCOME_FORMAT = "viche/outcome/v1"

# kinds of steps
FUND, PASS_OVER, REJECT, STOP, TIE = STEP_KINDS = ("fund", "pass_over", "reject", "stop", "tie")

# reasons
FITS = "fits"
BELOW_THRESHOLD = "below_threshold"
DOES_NOT_FIT = "does_not_fit"
STOPPED = "stopped"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Reason:
    """Why a project is not funded.

    ``below_threshold``: score, threshold, missing. ``does_not_fit``: cost, left, short (minor units).
    ``stopped``: after, the project at which the count stopped. Where a project of the same pot won with
    a higher score, ``last_winner`` names the lowest such winner and ``behind`` by how much it led.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True)
class Step:
    """One thing the count did, in order. Money in minor units; for a tie ``project`` is None."""

    kind: str
    pot: str
    project: str | None
    rank: int
    score: int
    cost: int
    left_before: int
    left_after: int
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {**vars(self), "params": dict(self.params)}


@dataclass(frozen=True)
class Tie:
    """Projects of equal score of which the money cannot fund all: the order among them decides.

    ``decided_by`` is the entry of the rules' ``ties`` that ordered them; "refuse" where none did, and
    then the outcome is undecided.
    """

    pot: str
    score: int
    projects: tuple[str, ...]
    left: int
    decided_by: str

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {**vars(self), "projects": list(self.projects)}


@dataclass(frozen=True)
class Outcome:
    """The result of one count. Every project is in exactly one of funded, rejected and undecided.

    ``totals`` is the score, ``votes`` the number of valid ballots that name the project, ``ranks`` the
    place within its pot (equal scores share a place). ``voters`` counts valid ballots, ``invalid`` the
    ballots set aside, by the code of their first defect.
    """

    rule: str
    dossier: str
    funded: tuple[str, ...]
    rejected: Mapping[str, Reason]
    undecided: tuple[str, ...]
    totals: Mapping[str, int]
    votes: Mapping[str, int]
    ranks: Mapping[str, int]
    voters: int
    invalid: Mapping[str, int]
    spent: Mapping[str, int]
    left: Mapping[str, int]
    ties: tuple[Tie, ...]
    steps: tuple[Step, ...]

    @property
    def is_decided(self) -> bool:
        """False where a tie that changes the outcome was left to somebody else."""
        return not self.undecided

    @property
    def open_ties(self) -> tuple[Tie, ...]:
        """The ties that nothing in the rules decided."""
        return tuple(tie for tie in self.ties if tie.decided_by == "refuse")

    def document(self) -> dict[str, Any]:
        """The JSON document that is published; hashes are taken over it."""
        return {
            "format": OUTCOME_FORMAT,
            "rule": self.rule,
            "dossier": self.dossier,
            "funded": list(self.funded),
            "rejected": {project: reason.document() for project, reason in self.rejected.items()},
            "undecided": list(self.undecided),
            "totals": dict(self.totals),
            "votes": dict(self.votes),
            "ranks": dict(self.ranks),
            "voters": self.voters,
            "invalid": dict(self.invalid),
            "spent": dict(self.spent),
            "left": dict(self.left),
            "ties": [tie.document() for tie in self.ties],
            "steps": [step.document() for step in self.steps],
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document."""
        return digest(self.document())
