"""What may happen to a project, as a published table: one row is one permitted move.

The same rows drive the check, the buttons and their "why not", the diagram in the documentation and
the test of every state, move, role and phase. There is no other place where a state changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rulebook.calendar import COUNTING, IMPLEMENTATION, RESULTS, REVIEW, SUBMISSION, SUPPORT

DRAFT, SUBMITTED, RETURNED, ADMITTED, REFUSED, WITHDRAWN, FUNDED, NOT_FUNDED, IN_PROGRESS, IMPLEMENTED = (
    STATES
) = (
    "draft",
    "submitted",
    "returned",
    "admitted",
    "refused",
    "withdrawn",
    "funded",
    "not_funded",
    "in_progress",
    "implemented",
)

AUTHOR, COMMISSION, SYSTEM, ADMINISTRATOR = ROLES = ("author", "commission", "system", "administrator")


@dataclass(frozen=True)
class Move:
    """One row: from ``source`` to ``target``, by one role, during one phase, some, or any (None)."""

    name: str
    source: str
    target: str
    by: str
    during: str | tuple[str, ...] | None = None

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases in which the move is permitted; empty where the phase does not matter."""
        if self.during is None:
            return ()
        return (self.during,) if isinstance(self.during, str) else self.during


@dataclass(frozen=True)
class Refusal:
    """Why a move is not permitted now; ``params`` holds what would have been needed."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


UNKNOWN_MOVE, WRONG_STATE, WRONG_ROLE, WRONG_PHASE = REFUSALS = (
    "unknown_move",
    "wrong_state",
    "wrong_role",
    "wrong_phase",
)

MOVES: tuple[Move, ...] = (
    Move("submit", DRAFT, SUBMITTED, by=AUTHOR, during=SUBMISSION),
    Move("withdraw", DRAFT, WITHDRAWN, by=AUTHOR),
    Move("withdraw", SUBMITTED, WITHDRAWN, by=AUTHOR, during=(SUBMISSION, SUPPORT, REVIEW)),
    Move("withdraw", RETURNED, WITHDRAWN, by=AUTHOR, during=(SUBMISSION, SUPPORT, REVIEW)),
    # once voting has begun ballots may name the project, so its author can no longer take it back
    Move("withdraw", ADMITTED, WITHDRAWN, by=AUTHOR, during=REVIEW),
    Move("return_for_changes", SUBMITTED, RETURNED, by=COMMISSION, during=REVIEW),
    Move("resubmit", RETURNED, SUBMITTED, by=AUTHOR, during=(SUBMISSION, REVIEW)),
    Move("admit", SUBMITTED, ADMITTED, by=COMMISSION, during=REVIEW),
    Move("refuse", SUBMITTED, REFUSED, by=COMMISSION, during=REVIEW),
    # an author who lets the correction deadline pass is refused by the commission
    Move("refuse", RETURNED, REFUSED, by=COMMISSION, during=REVIEW),
    # an appeal or a mistake: the commission takes its own decision back before voting begins
    Move("reopen_review", ADMITTED, SUBMITTED, by=COMMISSION, during=REVIEW),
    Move("reopen_review", REFUSED, SUBMITTED, by=COMMISSION, during=REVIEW),
    Move("mark_funded", ADMITTED, FUNDED, by=SYSTEM, during=(COUNTING, RESULTS)),
    Move("mark_not_funded", ADMITTED, NOT_FUNDED, by=SYSTEM, during=(COUNTING, RESULTS)),
    Move("start_work", FUNDED, IN_PROGRESS, by=ADMINISTRATOR, during=(RESULTS, IMPLEMENTATION)),
    Move("implement", IN_PROGRESS, IMPLEMENTED, by=ADMINISTRATOR, during=IMPLEMENTATION),
)


def decide(
    state: str,
    name: str,
    *,
    roles: Collection[str],
    phases: Collection[str],
    moves: Sequence[Move] = MOVES,
) -> Move | Refusal:
    """The row that permits the move, or the first thing that stands in its way.

    Looked at in this order: is there such a move at all, does it start from this state, may one of
    these roles make it, is one of its phases open.
    """
    named = [move for move in moves if move.name == name]
    if not named:
        return Refusal(UNKNOWN_MOVE, {"move": name})
    here = [move for move in named if move.source == state]
    if not here:
        return Refusal(
            WRONG_STATE, {"move": name, "state": state, "sources": _distinct(m.source for m in named)}
        )
    permitted = [move for move in here if move.by in roles]
    if not permitted:
        return Refusal(WRONG_ROLE, {"move": name, "by": _distinct(move.by for move in here)})
    for move in permitted:
        if move.during is None or any(phase in phases for phase in move.phases):
            return move
    return Refusal(
        WRONG_PHASE, {"move": name, "during": _distinct(p for move in permitted for p in move.phases)}
    )


def available(
    state: str,
    roles: Collection[str],
    phases: Collection[str],
    moves: Sequence[Move] = MOVES,
) -> list[tuple[Move, Refusal | None]]:
    """Every move that starts from the state, each with the reason it is not permitted now (or None)."""
    rows: dict[str, tuple[Move, Refusal | None]] = {}
    for move in moves:
        if move.source == state and move.name not in rows:
            answer = decide(state, move.name, roles=roles, phases=phases, moves=moves)
            rows[move.name] = (answer, None) if isinstance(answer, Move) else (move, answer)
    return list(rows.values())


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
