"""Numbers in hidden fields and addresses of the rules' pages may be anything: a page answers, nothing is lost."""

from typing import Any

import pytest
from tests import given
from tests.contests.test_contests import draft
from tests.surfaces.ground import browser, holder

NUMBERS = ["9" * 5000, "٣", "²", "-1", "", "x", "999999999", "1" * 10]


@pytest.fixture
def editor(db: None) -> Any:
    with given.clock.at(given.day(-10)):
        contest = draft()
        yield browser(holder("Юлія", "editor", contest.community), at=given.day(-10))


@pytest.mark.parametrize("number", NUMBERS)
def test_any_number_of_a_version_or_of_records_is_answered(editor: Any, number: str) -> None:
    office = f"/{given.community().slug}/office/2026/rules/"
    for address in (f"history/?from={number}&to={number}", f"text/?version={number}"):
        assert editor.get(f"{office}{address}").status_code == 200
    sent = {"base": number, "pots-total": number}
    checked = editor.post(f"{office}money/?check=1", sent, headers={"HX-Request": "true"})
    assert checked.status_code == 200
    assert editor.post(f"{office}money/", sent).status_code in {302, 409, 422}
    rehearsed = editor.post(
        f"{office[:-6]}rehearsal/", {"against": f"version:{number}", "election": "invented"}
    )
    assert rehearsed.status_code in {200, 422}
