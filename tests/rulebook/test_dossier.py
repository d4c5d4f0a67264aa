"""The dossier: one document, one hash, nothing accepted that could not be counted."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, approvals, one_pot, projects_costing

from rulebook.ballot import BallotPaper
from rulebook.canonical import canonical, digest
from rulebook.dossier import BallotGroup, Dossier, DossierError, DossierProject


def the_dossier():
    return a_dossier(one_pot(100), projects_costing(a=60, b=50), approvals("ab", "a", "ba", "b", "a"))


def test_identical_ballots_are_one_group_in_canonical_order():
    dossier = the_dossier()
    assert dossier.ballots == (
        BallotGroup((("a", 1),), 2),
        BallotGroup((("a", 1), ("b", 1)), 2),
        BallotGroup((("b", 1),), 1),
    )
    assert dossier.voters == 5


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", 'ї"\\', "\U0001f600"]), unique=True), max_size=6))
def test_the_hash_is_that_of_the_canonical_document(ballots):
    dossier = a_dossier(
        one_pot(100), projects_costing(a=1, b=2), [BallotPaper.approval(ids) for ids in ballots]
    )
    assert dossier.canonical() == canonical(dossier.document())
    assert dossier.digest == digest(dossier.document())
    assert Dossier.from_json(canonical(dossier.document())) == dossier


def test_nothing_in_the_document_says_who_voted_or_when():
    document = the_dossier().document()
    assert set(document) == {
        "format", "contest", "currency", "scale", "rules", "projects", "ballots", "lot", "decisions",
    }  # fmt: skip
    assert all(set(group) == {"choices", "count"} for group in document["ballots"])


@pytest.mark.parametrize(
    ("projects", "message"),
    [
        ([DossierProject("a", 1, "all"), DossierProject("a", 2, "all")], "twice"),
        ([DossierProject("a", -1, "all")], "cost"),
        ([DossierProject("a", 2**53, "all")], "cost"),
        ([DossierProject("a", 1, "elsewhere")], "no pot 'elsewhere'"),
    ],
)
def test_projects_that_cannot_be_counted_are_refused(projects, message):
    with pytest.raises(DossierError, match=message):
        a_dossier(one_pot(100), projects, [])


def broken_documents():
    whole = the_dossier().document()
    for path, value, place in (
        (("format",), "other/v7", "/format"),
        (("scale",), "100", "/scale"),
        (("scale",), 0, "/scale"),
        (("contest",), 5, "/contest"),
        (("rules",), [], "/rules"),
        (("rules", "pots", 0, "amount"), -1, "/rules"),
        (("projects",), {}, "/projects"),
        (("projects", 0), "a", "/projects/0"),
        (("projects", 0, "cost"), 1.5, "/projects/0/cost"),
        (("projects", 0, "cost"), True, "/projects/0/cost"),
        (("projects", 1, "voters"), 3, "/projects/1"),
        (("projects", 1, "category"), 3, "/projects/1/category"),
        (("ballots", 0, "count"), 0, "count 0 is not positive"),
        (("ballots", 1, "count"), "2", "/ballots/1/count"),
        (("ballots", 1, "choices", 0), ["a"], "/ballots/1/choices"),
        (("ballots", 1, "choices", 0), ["a", 2**53], "/ballots/1/choices"),
        (("projects", 0, "least"), 10**6, "least amount"),
        (("projects", 0, "support"), -1, "support signatures"),
        (("decisions",), [["a", "a"]], "/decisions/0"),
        (("decisions",), [["nobody"]], "/decisions/0"),
        (("lot",), {"seed": "00"}, "/lot"),
        (("lot",), {"seed": "zz", "commitment": "00"}, "/lot: seed and commitment"),
        (("voter",), "Петро", "unknown"),
    ):
        changed = copy.deepcopy(whole)
        target = changed
        for part in path[:-1]:
            target = target[part]
        target[path[-1]] = value
        yield pytest.param(changed, place, id=f"{'.'.join(map(str, path))}={value!r}")


@pytest.mark.parametrize(("document", "place"), list(broken_documents()))
def test_a_broken_document_is_refused_with_its_place(document, place):
    with pytest.raises(DossierError, match=place):
        Dossier.from_document(document)


@pytest.mark.parametrize("text", ["", "{", "[1, 2", b"\xff\xfe", "null", "[" * 100_000, "9" * 5000])
def test_what_is_not_json_is_refused_with_line_and_column(text):
    with pytest.raises(DossierError):
        Dossier.from_json(text)
    with pytest.raises(DossierError, match="line 2, column 3"):
        Dossier.from_json("{\n  broken")


def test_the_document_is_plain_json():
    document = the_dossier().document()
    assert json.loads(json.dumps(document)) == document
