"""The published schema of the archive is the one that the tables give."""

import json
from pathlib import Path

import pytest

from viche.connectors.export.schema import check, document, file_schemas, row_schema
from viche.foundation.refused import Refused

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas" / "export-2.json"


def test_the_published_schema_is_the_one_of_the_tables():
    """Write it anew: viche archive schema > docs/schemas/export-2.json."""
    assert json.loads(PUBLISHED.read_text()) == json.loads(json.dumps(document()))


def test_no_column_of_a_person_or_of_a_token_is_in_it():
    text = PUBLISHED.read_text()
    for word in (
        "person_id",
        "token_hash",
        "code_hash",
        "author_id",
        "decided_by_id",
        '"nonce"',
        '"contact"',
        '"email"',
    ):
        assert word not in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("starts_at", 5), ("phase", "p" * 17), ("ends_at", True), ("contest_id", None), ("other", "x")],
)
def test_a_row_of_another_shape_is_refused_with_its_place(field, value):
    row = {"contest_id": "x", "phase": "voting", "starts_at": "2026-01-01T00:00:00Z", "ends_at": None}
    schema = row_schema("contests.phasewindow")
    check(row, schema, "here:1")
    with pytest.raises(Refused) as answer:
        check({**row, field: value}, schema, "here:1")
    assert answer.value.code == "bad_row"
    assert f"here:1: {field}" in str(answer.value.message)


FIGURES = {
    "days": [["2026-05-01", 3]], "marks": [["2026-05-01", "online", 3]], "channels": {"online": 3}, "hours": {"9": 3},
    "numbers": dict.fromkeys(
        (
            "replaced", "annulled", "withdrawn", "taken_back", "envelopes", "given_out", "numbered", "numbered_all",
            "paper",
        ),
        0,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("days", [["2026-05-01", -3]]),
        ("days", [["2026-05-01"]]),
        ("days", [["1 May", 3]]),
        ("days", ["2026-05-01"]),
        ("marks", [["2026-05-01", 3, 3]]),
        ("channels", {"online": "3"}),
        ("hours", {"24": 3}),
        ("hours", {"9": True}),
        ("numbers", {}),
        ("numbers", {**FIGURES["numbers"], "paper": -1}),
        ("numbers", {**FIGURES["numbers"], "other": 1}),
    ],
)
def test_figures_of_another_shape_are_refused(name, value):
    schema = file_schemas()["contests/<contest>/turnout.json"]
    check(FIGURES, schema, "turnout.json")
    with pytest.raises(Refused) as answer:
        check({**FIGURES, name: value}, schema, "turnout.json")
    assert answer.value.code == "bad_row"
