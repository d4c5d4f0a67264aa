"""The office page that prints ballots: numbers are taken once, files are for those who may print."""

import re

import pytest
from tests import given
from tests.paper_box import paper_contest, paper_rules, printed
from tests.surfaces.ground import browser, holder, prefix

from viche.ballots.papers import mark_papers, paper_figures
from viche.channels.paper.sheets.printing import MOST_SHEETS
from viche.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return paper_contest()[0]


@pytest.fixture
def administrator(contest):
    return browser(holder("Олег", "administrator", contest.community))


def address(contest, name: str = "print/") -> str:
    return f"{prefix(contest.community)}office/{contest.slug}/papers/{name}"


def sent(**facts) -> dict[str, str]:
    return {
        "number": "5",
        "point": "",
        "print": "normal",
        "languages": "uk",
        "order": "fixed",
        "after": "0",
        **facts,
    }


def test_numbers_are_taken_and_the_file_is_offered(contest, administrator):
    done = administrator.post(address(contest), sent(number="12"), follow=True)
    assert paper_figures(contest).printed == 12
    [href] = set(re.findall(r'href="([^"]*ballots.pdf[^"]*first=1&amp;last=12)"', done.content.decode()))
    file = administrator.get(href.replace("&amp;", "&"))
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    assert "no-store" in file["Cache-Control"]


def test_a_second_click_takes_no_second_numbers(contest, administrator):
    administrator.post(address(contest), sent())
    again = administrator.post(address(contest), sent())
    assert again.status_code == 422
    assert paper_figures(contest).printed == 5
    assert 'name="after" value="5"' in again.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "", "abc", "99999999"])
def test_a_number_that_cannot_be_is_refused_at_its_field(contest, administrator, number):
    refused = administrator.post(address(contest), sent(number=number))
    assert refused.status_code == 422
    assert "field-error" in refused.content.decode()
    assert paper_figures(contest).printed == 0


def test_many_ballots_come_in_several_files(contest, administrator):
    printed(contest, MOST_SHEETS + 1)
    shown = administrator.get(address(contest)).content.decode()
    assert f"first=1&amp;last={MOST_SHEETS}" in shown
    assert f"first={MOST_SHEETS + 1}&amp;last={MOST_SHEETS + 1}" in shown


def test_what_is_not_at_hand_any_more_is_not_printed_again(contest, administrator):
    printed(contest, 2)
    mark_papers(contest=contest, serials=[1, 2], state="unused", by=SYSTEM)
    assert administrator.get(address(contest, "ballots.pdf?first=1&last=2")).status_code == 409


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?first=2&last=1",
        f"?first=1&last={MOST_SHEETS + 1}",
        "?first=1&last=1&order=mine",
        "?first=x&last=1",
    ],
)
def test_a_range_that_no_file_has_is_not_found(contest, administrator, asked):
    assert administrator.get(address(contest, f"ballots.pdf{asked}")).status_code == 404


def test_an_auditor_sees_the_numbers_and_prints_nothing(contest):
    printed(contest, 3)
    auditor = browser(holder("Ганна", "auditor", contest.community))
    shown = auditor.get(address(contest))
    assert shown.status_code == 200
    assert "ballots.pdf" not in shown.content.decode()
    assert auditor.get(address(contest, "ballots.pdf?first=1&last=3")).status_code == 403
    assert auditor.get(address(contest, "specimen.pdf")).status_code == 200


def test_forms_and_specimens_can_be_had_before_anything_is_printed(contest, administrator):
    for name in ("specimen.pdf", "specimen.pdf?print=large&languages=uk-en", "protocol.pdf", "sign-in.pdf"):
        assert administrator.get(address(contest, name)).content.startswith(b"%PDF")
    assert administrator.get(address(contest, "protocol.pdf?point=none")).status_code == 404


def test_before_any_project_is_admitted_nothing_is_taken():
    empty = given.contest(rules=paper_rules())
    office = browser(holder("Олег", "administrator", empty.community))
    assert office.post(address(empty), sent()).status_code == 422
    assert paper_figures(empty).printed == 0


def test_where_the_rules_know_no_paper_the_page_says_so():
    without = given.voting_contest()[0]
    office = browser(holder("Олег", "administrator", without.community))
    shown = office.get(address(without)).content.decode()
    assert (
        "<form method=" not in shown.split("<main", 1)[1].split('name="number"')[0]
        or 'name="number"' not in shown
    )


@pytest.mark.parametrize("role", ["operator", "editor"])
def test_other_officials_print_no_ballots(contest, role):
    office = browser(holder("Ніна", role, contest.community))
    assert office.post(address(contest), sent()).status_code == 403
    assert office.get(address(contest, "specimen.pdf")).status_code == 403
    assert paper_figures(contest).printed == 0
