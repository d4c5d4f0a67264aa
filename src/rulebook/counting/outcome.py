"""What a count returns: not only who is funded, but why, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.canonical import digest

OUTCOME_FORMAT = "viche/outcome/v1"

# kinds of steps
FUND, PASS_OVER, REJECT, STOP, TIE, MOVE, ELIMINATE = STEP_KINDS = (
    "fund",
    "pass_over",
    "reject",
    "stop",
    "tie",
    "move",
    "eliminate",
)

# reasons
FITS = "fits"
FITS_PARTLY = "fits_partly"
UNDECIDED = "undecided"
MOVED = "moved"
BELOW_THRESHOLD = "below_threshold"
DOES_NOT_FIT = "does_not_fit"
STOPPED = "stopped"
RIVAL_WON = "rival_won"
ENOUGH_WINNERS = "enough_winners"
NO_VOTES = "no_votes"
SUPPORTERS_CANNOT_PAY = "supporters_cannot_pay"
OUTWEIGHED = "outweighed"
ELIMINATED = "eliminated"
REJECTIONS = (
    BELOW_THRESHOLD,
    DOES_NOT_FIT,
    STOPPED,
    RIVAL_WON,
    ENOUGH_WINNERS,
    NO_VOTES,
    SUPPORTERS_CANNOT_PAY,
    OUTWEIGHED,
    ELIMINATED,
)


@dataclass(frozen=True)
class Reason:
    """Why a project is not funded; ``params`` by code, money in minor units:

    - ``below_threshold``: score, threshold, missing.
    - ``does_not_fit``: cost, left, short.
    - ``stopped``: after, the project at which the count stopped.
    - ``rival_won``: rival, the competing project that was funded.
    - ``enough_winners``: dimension ("pot", "class", "category", "territory"), key, limit.
    - ``no_votes``: nobody named it.
    - ``supporters_cannot_pay`` (equal shares): cost; money, what its supporters together still had at the
      end, rounded down; short.
    - ``outweighed`` (most satisfaction): cost, satisfaction; the funded set gives more without it.
    - ``eliminated`` (support transfer): cost; money, the support it had when it was eliminated, rounded
      down; short; round.

    Under a greedy count, where a project of the same pot won with a higher score, ``last_winner`` names the
    lowest such winner and ``behind`` by how much it led.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True)
class Step:
    """One thing the count did, in order. Money in minor units; for a tie or a move ``project`` is None.

    ``params`` of a funded project say who paid where the rule has payers; see the page of each rule.
    """

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
    """Equal projects of which not all win: the order among them decides.

    ``score`` is the score they share, 0 where the rule compares something else. ``decided_by`` is the
    entry of the rules' ``ties`` that ordered them; "refuse" where none did, and then the outcome is
    undecided.
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

    ``funded`` is in the order of funding; ``amounts`` says what each of them gets. ``totals`` is the score,
    ``votes`` the number of valid ballots that name the project, ``ranks`` the place by score within its pot
    (equal scores share a place). ``voters`` counts valid ballots, ``invalid`` the ballots set aside, by the
    code of their first defect. ``spent`` and ``left`` are by pot, money that moved counted where it ended;
    ``facts`` holds by pot what only this rule knows. ``on_protocols``: how many of the voters' ballots came in on
    protocols; the document says it only where there are some. Of points on protocols ``votes`` knows nothing.
    """

    rule: str
    dossier: str
    funded: tuple[str, ...]
    amounts: Mapping[str, int]
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
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    on_protocols: int = 0

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
            "amounts": dict(self.amounts),
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
            "facts": {pot: dict(facts) for pot, facts in self.facts.items()},
            **({"on_protocols": self.on_protocols} if self.on_protocols else {}),
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document."""
        return digest(self.document())
