"""What may happen to a project, as a published table: one row is one permitted move.

The same rows drive the check, the buttons and their "why not", the diagram in the documentation and
the test of every state, move, role and phase. There is no other place where a state changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rulebook.calendar import COUNTING, IMPLEMENTATION, RESULTS, REVIEW, SUBMISSION, SUPPORT
from rulebook.rules import Rules
from rulebook.rules.vocabulary import UNTIL_DECIDED, UNTIL_PUBLISHED, UNTIL_SUPPORTED

(
    DRAFT, CHECKING, SENT_BACK, SIGNING, NOT_SUPPORTED, IN_REVIEW, RETURNED, CONDITIONAL, ADMITTED, REFUSED, APPEALED,
    MERGED, WITHDRAWN, FUNDED, NOT_FUNDED, IN_PROGRESS, IMPLEMENTED, CANCELLED,
) = STATES = (
    "draft", "checking", "sent_back", "signing", "not_supported", "in_review", "returned", "conditional", "admitted",
    "refused", "appealed", "merged", "withdrawn", "funded", "not_funded", "in_progress", "implemented", "cancelled",
)  # fmt: skip
"""What a project can be: written; checked in form before publication; sent back by that check; collecting support;
closed for want of it; under review; returned to its author for changes; admitted if the author agrees to conditions;
admitted to voting; refused; refused and appealed against; merged into another; taken back; won; not won; being built;
built; given up after it had won."""

AUTHOR, EDITOR, REVIEWER, COMMISSION, ADMINISTRATOR, SYSTEM = ROLES = (
    "author",
    "editor",
    "reviewer",
    "commission",
    "administrator",
    "system",
)

CHECKED, SUPPORTED, APPEALABLE, SILENCE_PUBLISHES, SILENCE_REJECTS, DISAGREEING_REJECTS = (
    "formal_check",
    "support",
    "appeal",
    "silence_publishes",
    "silence_rejects",
    "disagreeing_rejects",
)
EDITED_CHECKING, EDITED_SIGNING, EDITED_IN_REVIEW = "edit_checking", "edit_signing", "edit_in_review"
STEPS = (
    CHECKED, SUPPORTED, APPEALABLE, SILENCE_PUBLISHES, SILENCE_REJECTS, DISAGREEING_REJECTS, EDITED_CHECKING,
    EDITED_SIGNING, EDITED_IN_REVIEW,
)  # fmt: skip
"""What a body's procedure may have or not have: a check of form, collection of support, appeals; silence that
publishes an unchecked project or rejects an uncorrected one; disagreement that rejects; editing in a state."""

_EDITABLE = {
    UNTIL_PUBLISHED: (EDITED_CHECKING,),
    UNTIL_SUPPORTED: (EDITED_CHECKING, EDITED_SIGNING),
    UNTIL_DECIDED: (EDITED_CHECKING, EDITED_SIGNING, EDITED_IN_REVIEW),
}


def steps_of(rules: Rules, stage: str | None = None) -> frozenset[str]:
    """The steps (STEPS) that the procedure of these rules has.

    ``stage``: the id of the review's stage a project stands in, which says what silence and disagreement mean; None
    where it stands in none.
    """
    found = set(_EDITABLE.get(rules.submission.edits, ()))
    check = rules.submission.check
    if check is not None:
        found |= {CHECKED, SILENCE_PUBLISHES} if check.publish_silent else {CHECKED}
    if rules.support is not None:
        found.add(SUPPORTED)
    if rules.appeal is not None:
        found.add(APPEALABLE)
    for each in rules.review:
        if each.id == stage:
            found |= {SILENCE_REJECTS} if each.reject_silent else set()
            found |= {DISAGREEING_REJECTS} if each.reject_refusal else set()
    return frozenset(found)


@dataclass(frozen=True)
class Move:
    """One row: from ``source`` to ``target``, by one role or several, during one phase, some, or any (None).

    ``asks``: the steps (STEPS) that the procedure must have; the first row that fits is the one made, so a row that
    asks stands before the one that serves every other procedure.
    """

    name: str
    source: str
    target: str
    by: str | tuple[str, ...]
    during: str | tuple[str, ...] | None = None
    asks: str | tuple[str, ...] = ()

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases in which the move is permitted; empty where the phase does not matter."""
        if self.during is None:
            return ()
        return (self.during,) if isinstance(self.during, str) else self.during

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that may make the move."""
        return (self.by,) if isinstance(self.by, str) else self.by

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that the procedure must have, all of them."""
        return (self.asks,) if isinstance(self.asks, str) else self.asks


@dataclass(frozen=True)
class Refusal:
    """Why a move is not permitted now; ``params`` holds what would have been needed."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


UNKNOWN_MOVE, WRONG_STATE, WRONG_PROCEDURE, WRONG_ROLE, WRONG_PHASE = REFUSALS = (
    "unknown_move",
    "wrong_state",
    "wrong_procedure",
    "wrong_role",
    "wrong_phase",
)

BEFORE_VOTING = (SUBMISSION, SUPPORT, REVIEW)
BUILDING = (RESULTS, IMPLEMENTATION)
OFFICE = (EDITOR, ADMINISTRATOR)

MOVES: tuple[Move, ...] = (
    # an author writes, submits, edits as the procedure lets them, and may take a project back
    Move("edit", DRAFT, DRAFT, by=AUTHOR),
    Move("edit", CHECKING, CHECKING, by=AUTHOR, during=BEFORE_VOTING, asks=EDITED_CHECKING),
    Move("edit", SENT_BACK, SENT_BACK, by=AUTHOR, during=BEFORE_VOTING),
    Move("edit", SIGNING, SIGNING, by=AUTHOR, during=BEFORE_VOTING, asks=EDITED_SIGNING),
    Move("edit", IN_REVIEW, IN_REVIEW, by=AUTHOR, during=BEFORE_VOTING, asks=EDITED_IN_REVIEW),
    Move("edit", RETURNED, RETURNED, by=AUTHOR, during=BEFORE_VOTING),
    Move("edit", CONDITIONAL, CONDITIONAL, by=AUTHOR, during=BEFORE_VOTING),
    Move("submit", DRAFT, CHECKING, by=AUTHOR, during=SUBMISSION, asks=CHECKED),
    Move("submit", DRAFT, SIGNING, by=AUTHOR, during=SUBMISSION, asks=SUPPORTED),
    Move("submit", DRAFT, IN_REVIEW, by=AUTHOR, during=SUBMISSION),
    Move("withdraw", CHECKING, WITHDRAWN, by=AUTHOR, during=BEFORE_VOTING),
    Move("withdraw", SENT_BACK, WITHDRAWN, by=AUTHOR, during=BEFORE_VOTING),
    Move("withdraw", SIGNING, WITHDRAWN, by=AUTHOR, during=BEFORE_VOTING),
    Move("withdraw", IN_REVIEW, WITHDRAWN, by=AUTHOR, during=BEFORE_VOTING),
    Move("withdraw", RETURNED, WITHDRAWN, by=AUTHOR, during=BEFORE_VOTING),
    Move("withdraw", CONDITIONAL, WITHDRAWN, by=AUTHOR, during=BEFORE_VOTING),
    # once voting has begun ballots may name the project, so its author can no longer take it back
    Move("withdraw", ADMITTED, WITHDRAWN, by=AUTHOR, during=REVIEW),
    # the check of form before publication
    Move("publish", CHECKING, SIGNING, by=OFFICE, during=BEFORE_VOTING, asks=SUPPORTED),
    Move("publish", CHECKING, IN_REVIEW, by=OFFICE, during=BEFORE_VOTING),
    Move("publish_unchecked", CHECKING, SIGNING, by=SYSTEM, asks=(SILENCE_PUBLISHES, SUPPORTED)),
    Move("publish_unchecked", CHECKING, IN_REVIEW, by=SYSTEM, asks=SILENCE_PUBLISHES),
    Move("send_back", CHECKING, SENT_BACK, by=OFFICE, during=BEFORE_VOTING),
    Move("resubmit", SENT_BACK, CHECKING, by=AUTHOR, during=BEFORE_VOTING),
    Move("refuse", CHECKING, REFUSED, by=OFFICE, during=BEFORE_VOTING),
    # support: the window of each project is its own, so no phase is asked
    Move("reach_support", SIGNING, IN_REVIEW, by=SYSTEM),
    Move("close_unsupported", SIGNING, NOT_SUPPORTED, by=SYSTEM),
    # the review
    Move("return_for_changes", IN_REVIEW, RETURNED, by=(REVIEWER, COMMISSION), during=REVIEW),
    Move("resubmit", RETURNED, IN_REVIEW, by=AUTHOR, during=BEFORE_VOTING),
    Move("decline_changes", RETURNED, REFUSED, by=AUTHOR, during=REVIEW, asks=DISAGREEING_REJECTS),
    Move("decline_changes", RETURNED, IN_REVIEW, by=AUTHOR, during=REVIEW),
    Move("admit", IN_REVIEW, ADMITTED, by=COMMISSION, during=REVIEW),
    Move("admit_conditionally", IN_REVIEW, CONDITIONAL, by=COMMISSION, during=REVIEW),
    Move("accept_conditions", CONDITIONAL, ADMITTED, by=AUTHOR, during=REVIEW),
    Move("decline_conditions", CONDITIONAL, REFUSED, by=AUTHOR, during=REVIEW, asks=DISAGREEING_REJECTS),
    Move("decline_conditions", CONDITIONAL, IN_REVIEW, by=AUTHOR, during=REVIEW),
    Move("refuse", IN_REVIEW, REFUSED, by=COMMISSION, during=REVIEW),
    # an author who lets the term for changes pass is refused: by the rules, or by the commission
    Move("refuse", RETURNED, REFUSED, by=COMMISSION, during=REVIEW),
    Move("refuse", CONDITIONAL, REFUSED, by=COMMISSION, during=REVIEW),
    Move("lapse", RETURNED, REFUSED, by=SYSTEM, during=REVIEW, asks=SILENCE_REJECTS),
    Move("lapse", CONDITIONAL, REFUSED, by=SYSTEM, during=REVIEW, asks=SILENCE_REJECTS),
    Move("merge", SIGNING, MERGED, by=AUTHOR, during=BEFORE_VOTING),
    Move("merge", IN_REVIEW, MERGED, by=AUTHOR, during=BEFORE_VOTING),
    Move("merge", RETURNED, MERGED, by=AUTHOR, during=BEFORE_VOTING),
    Move("merge", CONDITIONAL, MERGED, by=AUTHOR, during=BEFORE_VOTING),
    Move("appeal", REFUSED, APPEALED, by=AUTHOR, during=BEFORE_VOTING, asks=APPEALABLE),
    Move("grant_appeal", APPEALED, IN_REVIEW, by=(COMMISSION, ADMINISTRATOR), during=REVIEW),
    Move("dismiss_appeal", APPEALED, REFUSED, by=(COMMISSION, ADMINISTRATOR), during=REVIEW),
    # a mistake: the commission takes its own decision back before voting begins
    Move("reopen_review", ADMITTED, IN_REVIEW, by=COMMISSION, during=REVIEW),
    Move("reopen_review", REFUSED, IN_REVIEW, by=COMMISSION, during=REVIEW),
    # the count
    Move("mark_funded", ADMITTED, FUNDED, by=SYSTEM, during=(COUNTING, RESULTS)),
    Move("mark_not_funded", ADMITTED, NOT_FUNDED, by=SYSTEM, during=(COUNTING, RESULTS)),
    # what is built, or given up with a reason
    Move("start_work", FUNDED, IN_PROGRESS, by=OFFICE, during=BUILDING),
    Move("implement", IN_PROGRESS, IMPLEMENTED, by=OFFICE, during=BUILDING),
    Move("cancel_work", FUNDED, CANCELLED, by=OFFICE, during=BUILDING),
    Move("cancel_work", IN_PROGRESS, CANCELLED, by=OFFICE, during=BUILDING),
    Move("reopen_work", IMPLEMENTED, IN_PROGRESS, by=OFFICE, during=BUILDING),
    Move("reopen_work", CANCELLED, IN_PROGRESS, by=OFFICE, during=BUILDING),
)


def decide(
    state: str,
    name: str,
    *,
    roles: Collection[str],
    phases: Collection[str],
    steps: Collection[str] = (),
    moves: Sequence[Move] = MOVES,
) -> Move | Refusal:
    """The row that permits the move, or the first thing that stands in its way.

    ``steps``: those of the procedure (steps_of). Looked at in this order: is there such a move at all, does it start
    from this state, does the procedure have it, may one of these roles make it, is one of its phases open.
    """
    named = [move for move in moves if move.name == name]
    if not named:
        return Refusal(UNKNOWN_MOVE, {"move": name})
    here = [move for move in named if move.source == state]
    if not here:
        return Refusal(
            WRONG_STATE, {"move": name, "state": state, "sources": _distinct(m.source for m in named)}
        )
    foreseen = [move for move in here if set(move.steps) <= set(steps)]
    if not foreseen:
        return Refusal(
            WRONG_PROCEDURE, {"move": name, "asks": _distinct(step for move in here for step in move.steps)}
        )
    permitted = [move for move in foreseen if set(move.roles) & set(roles)]
    if not permitted:
        return Refusal(
            WRONG_ROLE, {"move": name, "by": _distinct(r for move in foreseen for r in move.roles)}
        )
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
    steps: Collection[str] = (),
    moves: Sequence[Move] = MOVES,
) -> list[tuple[Move, Refusal | None]]:
    """Every move that the procedure has from the state, each with the reason it is not permitted now (or None)."""
    rows: dict[str, tuple[Move, Refusal | None]] = {}
    for move in moves:
        if move.source == state and move.name not in rows:
            answer = decide(state, move.name, roles=roles, phases=phases, steps=steps, moves=moves)
            if isinstance(answer, Refusal) and answer.code == WRONG_PROCEDURE:
                continue
            rows[move.name] = (answer, None) if isinstance(answer, Move) else (move, answer)
    return list(rows.values())


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
