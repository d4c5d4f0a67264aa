"""Whatever comes in, a parser returns what it read or says in its own words what is wrong."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from village import a_dossier, approvals, one_pot, projects_costing

from rulebook.counting import count
from rulebook.dossier import Dossier, DossierError
from rulebook.pabulib import Election, PabulibError, read, write
from rulebook.rules import RulesError, parse

HEAD = """META
key;value
description;Бюджет участі
unit;Тестівка
num_projects;3
num_votes;3
budget;100.50
vote_type;{vote_type}
rule;greedy
PROJECTS
project_id;cost;votes;name;selected
P/1;60;2;"Наш ""сквер""; парк";1
2;50.5;2;Світло;0
A-3;40;1;Лавки;0
VOTES
"""
APPROVAL = HEAD.format(vote_type="approval") + "voter_id;vote;age\n1;P/1,2;30\n2;P/1;\n3;A-3,2;41\n"
POINTS = HEAD.format(vote_type="cumulative") + 'voter_id;vote;points\n1;P/1,2;3,2\n"2";P/1;5\n3;A-3,2;4,1\n'
RANKING = HEAD.format(vote_type="ordinal") + "voter_id;vote\r\n1;P/1,2\r\n2;P/1\r\n3;2,A-3\r\n"
CHOOSE_ONE = HEAD.format(vote_type="choose-1") + "voter_id;vote\n1;P/1\n2;P/1\n3;2\n"
FILES = [APPROVAL, POINTS, RANKING, CHOOSE_ONE]

PIECES = [
    b"", b";", b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"0", b"-1", b".", b"9" * 5000, b"META\n", b"VOTES\n",
    b"PROJECTS\n", b"\x00", b"\xef\xbb\xbf", b"\xc2\xa0", b" ", b"\xff", b"\xd0", "١".encode(), b"P/1", b"1e9", b"vote",
]  # fmt: skip

A_MOMENT = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ROW_FAULTS = {
    "unknown_project", "bad_points", "points_do_not_match", "points_without_projects", "wrong_number_of_fields",
    "bad_amount", "bad_number", "too_large", "empty_id", "bad_id", "repeated_project", "repeated_key",
    "repeated_column", "count_differs", "unknown_vote_type",
}  # fmt: skip


def looked_at(data: bytes) -> Election | None:
    """The election of the bytes; None where they are refused, as they must be: with a code, words, a line."""
    refusal = None
    try:
        return read(data)
    except PabulibError as error:
        refusal = error
    assert refusal.code
    assert refusal.message
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    assert 0 <= refusal.line <= lines
    if refusal.code in ROW_FAULTS:
        assert refusal.line > 0
        assert refusal.column > 0
        assert str(refusal).startswith(f"line {refusal.line}, column {refusal.column}")
    return None


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 0, 1, 1, 2, 7, 60]))
        piece = chance.choice(PIECES) if chance.random() < 0.8 else data[end : end + chance.randrange(90)]
        data = data[:start] + piece + data[end:]
    return data


@pytest.mark.parametrize("text", FILES)
def test_the_undamaged_files_are_read(text):
    assert looked_at(text.encode()).voters == 3


@A_MOMENT
@given(st.binary(max_size=400))
def test_any_bytes_are_an_election_or_refused(data):
    looked_at(data)
    looked_at(b"META\n" + data + b"\nVOTES\nvoter_id;vote\n" + data)


@settings(A_MOMENT, max_examples=1200)
@given(st.sampled_from(FILES), st.integers(0, 2**32))
def test_a_damaged_file_is_counted_or_refused(text, seed):
    election = looked_at(damaged(text.encode(), random.Random(seed)))
    if election is not None:
        dossier = election.dossier()
        assert dossier.voters == election.voters == sum(election.groups.values())
        assert all(len(column) == election.voters for column in election.columns.values())
        assert all(remark.message for remark in election.remarks)
        assert count(dossier).spent["all"] <= election.budget


@A_MOMENT
@given(st.sampled_from(FILES), st.integers(0, 2**32))
def test_what_was_read_from_a_damaged_file_is_written_and_read_the_same(text, seed):
    election = looked_at(damaged(text.encode(), random.Random(seed)))
    if election is not None:
        again = read(write(election))
        assert again.groups == election.groups
        assert again.columns == election.columns
        assert (again.meta, again.budget, again.official) == (
            election.meta,
            election.budget,
            election.official,
        )


@pytest.mark.parametrize(
    "flood",
    [
        HEAD.format(vote_type="approval").replace("Світло", '"Світло')
        + "voter_id;vote\n"
        + "1;2\n" * 100_000,
        HEAD.format(vote_type="approval") + "voter_id;vote\n" + '1;"2' * 100_000,
        HEAD.format(vote_type="approval") + 'voter_id;vote\n"' + '""' * 200_000,
        HEAD.format(vote_type="approval") + 'voter_id;vote\n"1;' + '""2;' * 100_000,
        HEAD.format(vote_type="approval") + "voter_id;vote\n" + "\n" * 300_000,
        HEAD.format(vote_type="approval") + "voter_id;vote\n1;" + "2," * 200_000 + "2\n",
        "META\n" + '"\n' * 200_001,
        "META\n" + ";" * 500_000,
    ],
    ids=range(8),
)
def test_no_file_makes_the_reader_go_over_it_again_and_again(flood):
    # a reader that starts over for each line would take hours; the suite's own time limit says so
    looked_at(flood.encode())


DOSSIER = a_dossier(
    one_pot(100, options={"fit": "stop"}), projects_costing(a=60, b=50), approvals("ab", "a", "b")
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def bent(document, value, chance: random.Random):
    """A copy of the document with one of its parts, however deep, replaced, removed or doubled."""
    document = copy.deepcopy(document)
    part = document
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            return document
        key = chance.choice(keys)
        if isinstance(part[key], (dict, list)) and chance.random() < 0.75:
            part = part[key]
            continue
        blow = chance.randrange(4)
        if blow == 0:
            del part[key]
        elif blow == 1 and isinstance(part, list):
            part.append(copy.deepcopy(part[key]))
        elif blow == 2 and isinstance(part, dict):
            part[str(value)] = part.pop(key)
        else:
            part[key] = value
        return document


def dossier_or_refused(text: str | bytes) -> Dossier | None:
    refusal = None
    try:
        return Dossier.from_json(text)
    except DossierError as error:
        refusal = error
    assert str(refusal)
    return None


@A_MOMENT
@given(st.binary(max_size=60) | st.text(max_size=60) | json_values.map(json.dumps))
def test_any_text_is_a_dossier_or_refused(text):
    assert dossier_or_refused(text) is None


@settings(A_MOMENT, max_examples=600)
@given(json_values, st.integers(0, 2**32))
def test_a_bent_dossier_is_read_with_a_hash_or_refused(value, seed):
    dossier = dossier_or_refused(json.dumps(bent(DOSSIER.document(), value, random.Random(seed))))
    if dossier is not None:
        assert Dossier.from_json(dossier.canonical()).digest == dossier.digest


@A_MOMENT
@given(st.integers(0, 2**32))
def test_a_damaged_dossier_is_read_or_refused(seed):
    dossier_or_refused(damaged(DOSSIER.canonical(), random.Random(seed)))


def rules_or_refused(document) -> None:
    try:
        rules = parse(document)
    except RulesError as error:
        refusal = error
    else:
        assert parse(rules.as_document()).digest == rules.digest
        return
    assert str(refusal)


@settings(A_MOMENT, max_examples=600)
@given(json_values, st.integers(0, 2**32), st.booleans())
def test_bent_rules_are_read_or_refused(value, seed, twice):
    chance = random.Random(seed)
    document = bent(json.loads(json.dumps(DOSSIER.rules.as_document())), value, chance)
    rules_or_refused(bent(document, value, chance) if twice else document)


@A_MOMENT
@given(json_values)
def test_any_json_is_rules_or_refused(value):
    rules_or_refused(value)
    rules_or_refused({"schema": 1, "title": value, "pots": value, "counting": value})
