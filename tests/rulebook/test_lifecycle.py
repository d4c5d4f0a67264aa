"""The table of moves, read cell by cell."""

from __future__ import annotations

import itertools

import pytest

from rulebook import lifecycle
from rulebook.calendar import PHASES
from rulebook.lifecycle import MOVES, ROLES, STATES, Move, Refusal, available, decide
from rulebook.rules import parse

NAMES = tuple(dict.fromkeys(move.name for move in MOVES))
EARLY = {"submission", "support", "review"}
LATE = {"results", "implementation"}
ALWAYS = set(PHASES)
EDITS = {"edit_checking", "edit_signing", "edit_in_review"}

# The regulation's own table: who may do what with a project in which state, and when, under a procedure without any of
# the steps that a regulation may add.
PLAIN = {
    ("draft", "edit", "author"): ("draft", ALWAYS),
    ("draft", "submit", "author"): ("in_review", {"submission"}),
    ("sent_back", "edit", "author"): ("sent_back", EARLY),
    ("returned", "edit", "author"): ("returned", EARLY),
    ("conditional", "edit", "author"): ("conditional", EARLY),
    ("checking", "withdraw", "author"): ("withdrawn", EARLY),
    ("sent_back", "withdraw", "author"): ("withdrawn", EARLY),
    ("signing", "withdraw", "author"): ("withdrawn", EARLY),
    ("in_review", "withdraw", "author"): ("withdrawn", EARLY),
    ("returned", "withdraw", "author"): ("withdrawn", EARLY),
    ("conditional", "withdraw", "author"): ("withdrawn", EARLY),
    ("admitted", "withdraw", "author"): ("withdrawn", {"review"}),
    ("checking", "publish", "editor"): ("in_review", EARLY),
    ("checking", "publish", "administrator"): ("in_review", EARLY),
    ("checking", "send_back", "editor"): ("sent_back", EARLY),
    ("checking", "send_back", "administrator"): ("sent_back", EARLY),
    ("checking", "refuse", "editor"): ("refused", EARLY),
    ("checking", "refuse", "administrator"): ("refused", EARLY),
    ("sent_back", "resubmit", "author"): ("checking", EARLY),
    ("signing", "reach_support", "system"): ("in_review", ALWAYS),
    ("signing", "close_unsupported", "system"): ("not_supported", ALWAYS),
    ("in_review", "return_for_changes", "reviewer"): ("returned", {"review"}),
    ("in_review", "return_for_changes", "commission"): ("returned", {"review"}),
    ("returned", "resubmit", "author"): ("in_review", EARLY),
    ("returned", "decline_changes", "author"): ("in_review", {"review"}),
    ("in_review", "admit", "commission"): ("admitted", {"review"}),
    ("in_review", "admit_conditionally", "commission"): ("conditional", {"review"}),
    ("conditional", "accept_conditions", "author"): ("admitted", {"review"}),
    ("conditional", "decline_conditions", "author"): ("in_review", {"review"}),
    ("in_review", "refuse", "commission"): ("refused", {"review"}),
    ("returned", "refuse", "commission"): ("refused", {"review"}),
    ("conditional", "refuse", "commission"): ("refused", {"review"}),
    ("signing", "merge", "author"): ("merged", EARLY),
    ("in_review", "merge", "author"): ("merged", EARLY),
    ("returned", "merge", "author"): ("merged", EARLY),
    ("conditional", "merge", "author"): ("merged", EARLY),
    ("appealed", "grant_appeal", "commission"): ("in_review", {"review"}),
    ("appealed", "grant_appeal", "administrator"): ("in_review", {"review"}),
    ("appealed", "dismiss_appeal", "commission"): ("refused", {"review"}),
    ("appealed", "dismiss_appeal", "administrator"): ("refused", {"review"}),
    ("admitted", "reopen_review", "commission"): ("in_review", {"review"}),
    ("refused", "reopen_review", "commission"): ("in_review", {"review"}),
    ("admitted", "mark_funded", "system"): ("funded", {"counting", "results"}),
    ("admitted", "mark_not_funded", "system"): ("not_funded", {"counting", "results"}),
    ("funded", "start_work", "editor"): ("in_progress", LATE),
    ("funded", "start_work", "administrator"): ("in_progress", LATE),
    ("in_progress", "implement", "editor"): ("implemented", LATE),
    ("in_progress", "implement", "administrator"): ("implemented", LATE),
    ("funded", "cancel_work", "editor"): ("cancelled", LATE),
    ("funded", "cancel_work", "administrator"): ("cancelled", LATE),
    ("in_progress", "cancel_work", "editor"): ("cancelled", LATE),
    ("in_progress", "cancel_work", "administrator"): ("cancelled", LATE),
    ("implemented", "reopen_work", "editor"): ("in_progress", LATE),
    ("implemented", "reopen_work", "administrator"): ("in_progress", LATE),
    ("cancelled", "reopen_work", "editor"): ("in_progress", LATE),
    ("cancelled", "reopen_work", "administrator"): ("in_progress", LATE),
}

# What each step of a procedure adds to the table, or says otherwise.
WITH_STEP = {
    "formal_check": {("draft", "submit", "author"): ("checking", {"submission"})},
    "support": {
        ("draft", "submit", "author"): ("signing", {"submission"}),
        ("checking", "publish", "editor"): ("signing", EARLY),
        ("checking", "publish", "administrator"): ("signing", EARLY),
    },
    "silence_publishes": {("checking", "publish_unchecked", "system"): ("in_review", ALWAYS)},
    "appeal": {("refused", "appeal", "author"): ("appealed", EARLY)},
    "silence_rejects": {
        ("returned", "lapse", "system"): ("refused", {"review"}),
        ("conditional", "lapse", "system"): ("refused", {"review"}),
    },
    "disagreeing_rejects": {
        ("returned", "decline_changes", "author"): ("refused", {"review"}),
        ("conditional", "decline_conditions", "author"): ("refused", {"review"}),
    },
    "edit_checking": {("checking", "edit", "author"): ("checking", EARLY)},
    "edit_signing": {("signing", "edit", "author"): ("signing", EARLY)},
    "edit_in_review": {("in_review", "edit", "author"): ("in_review", EARLY)},
}

PROCEDURES = [
    (),
    *((step,) for step in lifecycle.STEPS),
    ("formal_check", "support", "silence_publishes"),
    lifecycle.STEPS,
]


def table(steps):
    """The table under a procedure with these steps."""
    permitted = dict(PLAIN)
    # a project with a check of form is checked first, whatever else the procedure has
    for step in sorted(steps, key=lambda step: step == "formal_check"):
        permitted |= WITH_STEP[step]
    if {"support", "silence_publishes"} <= set(steps):
        permitted["checking", "publish_unchecked", "system"] = ("signing", ALWAYS)
    return permitted


@pytest.mark.parametrize("steps", PROCEDURES, ids=lambda steps: "+".join(steps) or "plain")
@pytest.mark.parametrize(("state", "name"), list(itertools.product(STATES, NAMES)))
def test_every_state_and_move_for_every_role_and_phase(state, name, steps):
    permitted = table(steps)
    named_from = {move.source for move in MOVES if move.name == name}
    for role, phase in itertools.product(ROLES, PHASES):
        answer = decide(state, name, roles={role}, phases={phase}, steps=steps)
        target, phases = permitted.get((state, name, role), (None, set()))
        if phase in phases:
            assert isinstance(answer, Move), (role, phase)
            assert (answer.source, answer.target) == (state, target), (role, phase)
            assert role in answer.roles
        else:
            roles = {cell[2] for cell in permitted if cell[:2] == (state, name)}
            if state not in named_from:
                code = "wrong_state"
            elif not roles:
                code = "wrong_procedure"
            else:
                code = "wrong_role" if role not in roles else "wrong_phase"
            assert isinstance(answer, Refusal), (role, phase)
            assert answer.code == code, (role, phase)


def test_every_step_of_a_procedure_comes_from_a_regulation():
    """The steps are read off the rules: of the contest, and of the stage a project stands in."""
    document = {
        "schema": 1,
        "title": {"uk": "Бюджет участі"},
        "pots": [{"id": "all", "name": {"uk": "Усі"}, "amount": 100}],
        "counting": {"rule": "greedy-v1"},
    }
    assert lifecycle.steps_of(parse(document)) == frozenset()
    document["submission"] = {
        "check": {"body": {"uk": "Відділ"}, "days": 3, "publish_silent": True},
        "edits": "until-decided",
    }
    document["support"] = {"threshold": {"*": 10}, "days": 14}
    document["appeal"] = {"body": {"uk": "Комісія"}, "days": 5}
    document["review"] = [
        {"id": "form", "name": {"uk": "Форма"}, "body": {"uk": "Відділ"}, "outcomes": ["admit", "return"],
         "correction_days": 5, "reject_silent": True},
        {"id": "merits", "name": {"uk": "Суть"}, "body": {"uk": "Комісія"}, "outcomes": ["admit", "reject"],
         "reject_refusal": True},
    ]  # fmt: skip
    rules = parse(document)
    everywhere = {"formal_check", "silence_publishes", "support", "appeal", *EDITS}
    assert lifecycle.steps_of(rules) == everywhere
    assert lifecycle.steps_of(rules, "form") == everywhere | {"silence_rejects"}
    assert lifecycle.steps_of(rules, "merits") == everywhere | {"disagreeing_rejects"}


def test_a_refusal_says_what_would_have_been_needed():
    late = decide("draft", "submit", roles={"author"}, phases={"voting"})
    assert late == Refusal("wrong_phase", {"move": "submit", "during": ("submission",)})
    wrong = decide("draft", "admit", roles={"commission"}, phases={"review"})
    assert wrong == Refusal("wrong_state", {"move": "admit", "state": "draft", "sources": ("in_review",)})
    nobody = decide("draft", "submit", roles=set(), phases={"submission"})
    assert nobody == Refusal("wrong_role", {"move": "submit", "by": ("author",)})
    assert decide("draft", "fly", roles={"author"}, phases=PHASES) == Refusal("unknown_move", {"move": "fly"})


def test_a_move_that_the_procedure_does_not_have_says_what_it_lacks():
    answer = decide("refused", "appeal", roles={"author"}, phases={"review"})
    assert answer == Refusal("wrong_procedure", {"move": "appeal", "asks": ("appeal",)})


def test_no_phase_open_refuses_all_but_moves_that_need_none():
    assert isinstance(decide("draft", "edit", roles={"author"}, phases=()), Move)
    assert isinstance(decide("in_review", "admit", roles={"commission"}, phases=()), Refusal)


def test_buttons_show_each_move_of_the_procedure_once_with_the_reason_it_is_closed():
    shown = {move.name: refusal for move, refusal in available("in_review", {"author"}, {"review"})}
    assert set(shown) == {"withdraw", "return_for_changes", "admit", "admit_conditionally", "refuse", "merge"}
    assert shown["withdraw"] is None
    assert shown["admit"] is not None
    assert shown["admit"].code == "wrong_role"
    assert "edit" in {
        move.name for move, _ in available("in_review", {"author"}, {"review"}, {"edit_in_review"})
    }
    assert available("merged", ROLES, PHASES, lifecycle.STEPS) == []


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
        assert set(move.roles) <= set(ROLES)
        assert set(move.steps) <= set(lifecycle.STEPS)
        assert set(move.phases) <= set(PHASES)
    reachable = {"draft"}
    for _ in STATES:
        reachable |= {move.target for move in MOVES if move.source in reachable}
    assert reachable == set(STATES)
    assert len({(move.name, move.source, move.by, move.asks) for move in lifecycle.MOVES}) == len(MOVES)
