"""The table of moves, read cell by cell."""

from __future__ import annotations

import itertools

import pytest

from rulebook import lifecycle
from rulebook.calendar import PHASES
from rulebook.lifecycle import MOVES, ROLES, STATES, Move, Refusal, available, decide

NAMES = tuple(dict.fromkeys(move.name for move in MOVES))

# The regulation's own table: who may do what with a project in which state, and when.
PERMITTED = {
    ("draft", "submit", "author"): ("submitted", {"submission"}),
    ("draft", "withdraw", "author"): ("withdrawn", set(PHASES)),
    ("submitted", "withdraw", "author"): ("withdrawn", {"submission", "support", "review"}),
    ("returned", "withdraw", "author"): ("withdrawn", {"submission", "support", "review"}),
    ("admitted", "withdraw", "author"): ("withdrawn", {"review"}),
    ("submitted", "return_for_changes", "commission"): ("returned", {"review"}),
    ("returned", "resubmit", "author"): ("submitted", {"submission", "review"}),
    ("submitted", "admit", "commission"): ("admitted", {"review"}),
    ("submitted", "refuse", "commission"): ("refused", {"review"}),
    ("returned", "refuse", "commission"): ("refused", {"review"}),
    ("admitted", "reopen_review", "commission"): ("submitted", {"review"}),
    ("refused", "reopen_review", "commission"): ("submitted", {"review"}),
    ("admitted", "mark_funded", "system"): ("funded", {"counting", "results"}),
    ("admitted", "mark_not_funded", "system"): ("not_funded", {"counting", "results"}),
    ("funded", "start_work", "administrator"): ("in_progress", {"results", "implementation"}),
    ("in_progress", "implement", "administrator"): ("implemented", {"implementation"}),
}


@pytest.mark.parametrize(("state", "name"), list(itertools.product(STATES, NAMES)))
def test_every_state_and_move_for_every_role_and_phase(state, name):
    for role, phase in itertools.product(ROLES, PHASES):
        answer = decide(state, name, roles={role}, phases={phase})
        target, phases = PERMITTED.get((state, name, role), (None, set()))
        if phase in phases:
            assert isinstance(answer, Move), (role, phase)
            assert (answer.source, answer.target, answer.by) == (state, target, role)
        else:
            starts = {cell[0] for cell in PERMITTED if cell[1] == name}
            roles = {cell[2] for cell in PERMITTED if cell[:2] == (state, name)}
            code = (
                "wrong_state" if state not in starts else "wrong_role" if role not in roles else "wrong_phase"
            )
            assert isinstance(answer, Refusal), (role, phase)
            assert answer.code == code, (role, phase)


def test_a_refusal_says_what_would_have_been_needed():
    late = decide("draft", "submit", roles={"author"}, phases={"voting"})
    assert late == Refusal("wrong_phase", {"move": "submit", "during": ("submission",)})
    wrong = decide("draft", "admit", roles={"commission"}, phases={"review"})
    assert wrong == Refusal("wrong_state", {"move": "admit", "state": "draft", "sources": ("submitted",)})
    nobody = decide("draft", "submit", roles=set(), phases={"submission"})
    assert nobody == Refusal("wrong_role", {"move": "submit", "by": ("author",)})
    assert decide("draft", "fly", roles={"author"}, phases=PHASES) == Refusal("unknown_move", {"move": "fly"})


def test_no_phase_open_refuses_all_but_moves_that_need_none():
    assert isinstance(decide("draft", "withdraw", roles={"author"}, phases=()), Move)
    assert isinstance(decide("submitted", "admit", roles={"commission"}, phases=()), Refusal)


def test_buttons_show_each_move_once_with_the_reason_it_is_closed():
    shown = {move.name: refusal for move, refusal in available("submitted", {"author"}, {"review"})}
    assert set(shown) == {"withdraw", "return_for_changes", "admit", "refuse"}
    assert shown["withdraw"] is None
    assert shown["admit"] is not None
    assert shown["admit"].code == "wrong_role"
    assert available("implemented", ROLES, PHASES) == []


def test_two_rows_of_one_move_serve_two_roles():
    moves = (
        Move("close", "open", "closed", by="author", during="review"),
        Move("close", "open", "closed", by="system"),
    )
    answer = decide("open", "close", roles={"author", "system"}, phases={"voting"}, moves=moves)
    assert answer == moves[1]
    assert available("open", {"system"}, (), moves=moves) == [(moves[1], None)]


def test_the_table_is_closed_over_its_words():
    for move in MOVES:
        assert move.source in STATES
        assert move.target in STATES
        assert move.by in ROLES
        assert set(move.phases) <= set(PHASES)
    reachable = {"draft"}
    for _ in STATES:
        reachable |= {move.target for move in MOVES if move.source in reachable}
    assert reachable == set(STATES)
    assert len({(move.name, move.source, move.by) for move in lifecycle.MOVES}) == len(MOVES)
