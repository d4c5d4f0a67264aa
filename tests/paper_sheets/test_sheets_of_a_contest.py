"""From the frozen rules and the admitted projects to the sheet, and back from its scan."""

import re

import cv2
import numpy as np
import pypdfium2
import pytest
from tests import given
from tests.paper_box import paper_contest, paper_rules

from viche.ballots.papers import mark_papers, print_papers
from viche.channels.paper.scanning.reading import read_scan
from viche.channels.paper.sheets.book import LANGUAGES, layout_of, most_of, paper_key, sheet_layout
from viche.channels.paper.sheets.forms import Place, protocol_pdf, sign_in_pdf
from viche.channels.paper.sheets.layout import ORDERS
from viche.channels.paper.sheets.printed import last_number, printable, runs_of
from viche.channels.paper.sheets.printing import ballots_pdf
from viche.contests.models import Contest
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    said = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return re.sub(r"\s+", " ", said)


def scan_of(content: bytes, dpi: int = 200) -> bytes:
    page = pypdfium2.PdfDocument(content)[0].render(scale=dpi / 72).to_pil().convert("L")
    return bytes(cv2.imencode(".png", np.array(page))[1])


def test_a_sheet_names_the_body_the_contest_each_project_and_what_the_rules_allow():
    contest, projects = paper_contest()
    text = text_of(ballots_pdf(sheet_layout(contest), [12], key=paper_key(contest)))
    for project in projects:
        assert f"{project.number}. {project.title}" in text
    assert contest.community.title in text
    assert "Громадський бюджет 2026" in text
    assert "№ 000012" in text
    assert "Малі" in text
    assert "Великі" in text


def test_a_sheet_in_two_languages_says_everything_in_both():
    contest, _ = paper_contest()
    text = text_of(ballots_pdf(sheet_layout(contest, languages="uk-en"), [1], key=paper_key(contest)))
    assert "Громадський бюджет 2026 / Participatory budget 2026" in text
    assert "Put a mark, such as a tick or a cross" in text
    assert "On one ballot:" in text


@pytest.mark.parametrize("is_named", [False, True])
def test_numbered_sheets_have_a_stub_and_no_name_and_named_sheets_the_contrary(is_named):
    contest, _ = paper_contest(is_named=is_named)
    text = text_of(ballots_pdf(sheet_layout(contest, languages="en"), [1], key=paper_key(contest)))
    assert ("Tax number" in text) is is_named
    assert ("Control stub" in text) is not is_named
    assert ("Do not write your name" in text) is not is_named


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("languages", LANGUAGES)
@pytest.mark.parametrize("is_large", [False, True])
def test_whatever_way_a_sheet_is_printed_its_scan_is_known(is_large, languages, order):
    contest, _ = paper_contest()
    layout = sheet_layout(contest, is_large=is_large, languages=languages, order=order)
    [page] = read_scan(
        scan_of(ballots_pdf(layout, [31], key=paper_key(contest))), layouts=layout_of(contest)
    ).pages
    assert (page.serial, page.page, page.faults, page.choices, page.unsure) == (31, 1, (), (), ())


def test_a_sheet_of_one_contest_is_no_sheet_of_another():
    contest, _ = paper_contest()
    other, _ = given.voting_contest(contest.community, slug="2027", rules=paper_rules())
    data = scan_of(ballots_pdf(sheet_layout(contest), [1], key=paper_key(contest)))
    [page] = read_scan(data, layouts=layout_of(other)).pages
    assert page.serial is None
    assert page.faults in {("other-contest",), ("forged",)}


def test_a_contest_without_projects_has_nothing_to_print():
    with pytest.raises(Refused) as refused:
        sheet_layout(given.contest(rules=paper_rules()))
    assert refused.value.code == "nothing_to_print"


@pytest.mark.parametrize(
    ("ballot", "projects", "most"),
    [
        ({"kind": "points", "max_points": 10, "max_points_per_project": 5}, 8, 5),
        ({"kind": "points", "max_points": 20}, 8, 20),
        ({"kind": "points"}, 8, 99),
        ({"kind": "ranking", "max_choices": 5}, 8, 5),
        ({"kind": "ranking", "max_choices": 5}, 3, 3),
        ({"kind": "ranking"}, 8, 8),
        ({"kind": "plus-minus"}, 8, 1),
    ],
)
def test_there_are_boxes_for_every_value_that_the_rules_allow(ballot, projects, most):
    contest = given.contest(rules=paper_rules())
    rules = type(contest.rules)
    shape = type(contest.rules.ballot)(**ballot)
    facts = {name: getattr(contest.rules, name) for name in contest.rules.__dataclass_fields__}
    assert most_of(rules(**{**facts, "ballot": shape}), projects) == most


class TestNumbers:
    def taken(self) -> Contest:
        contest, _ = paper_contest()
        assert print_papers(contest=contest, number=10, by=SYSTEM) == list(range(1, 11))
        return contest

    def test_what_is_printed_is_seen_by_point(self):
        [run] = runs_of(self.taken())
        assert (run.point, run.first, run.last, run.count, run.waiting) == (None, 1, 10, 10, 10)

    def test_a_sheet_that_is_not_at_hand_any_more_is_not_printed_again(self):
        contest = self.taken()
        mark_papers(contest=contest, serials=[2, 3], state="unused", by=SYSTEM)
        assert printable(contest, 1, 4) == [1, 4]
        assert last_number(contest) == 10


def test_the_forms_of_a_point_name_it_and_leave_room_for_figures():
    contest, projects = paper_contest()
    place = Place("Бібліотека-філія № 3", "вул. Соборності, 12")
    protocol, signing = text_of(protocol_pdf(contest, place)), text_of(sign_in_pdf(contest, place, lines=45))
    assert "Бібліотека-філія № 3, вул. Соборності, 12" in protocol
    assert all(project.title in protocol for project in projects)
    assert "Бібліотека-філія № 3" in signing
    assert " 45 " in f"{signing} "
    assert b"pdfuaid" in protocol_pdf(contest, place)
