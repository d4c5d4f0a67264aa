"""The desk at which paper is entered: stacks, blind entry by two, a third who settles, the box; what everybody sees."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.paper_box import VOTING
from tests.paper_desk import PDF, PaperDesk, attach_scan, close_stack, record_machine
from tests.surfaces.ground import browser, page, prefix
from viche.channels.paper.models import Entry, Sheet, Stack
from viche.channels.paper.scanning.pages import ReadPage, Unsure
from viche.foundation import clock
from viche.identity.models import Person

pytestmark = pytest.mark.django_db


class Office(PaperDesk):
    """Halyna, Ihor and Olha in browsers of their own."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(**rules)
        self.base = f"{prefix(self.contest.community)}office/2026/papers/"

    def client(self, who: Any):
        return browser(Person.objects.get(pk=who.person_id), at=VOTING)

    def get(self, address: str, who: Any = None):
        with clock.at(VOTING):
            return self.client(who or self.halyna).get(address)

    def post(self, address: str, who: Any = None, **fields: Any):
        with clock.at(VOTING):
            return self.client(who or self.halyna).post(address, fields)

    def begun(self, **fields: Any) -> str:
        """The address of a stack that was just begun."""
        reference = "01890000-0000-7000-8000-0000000000aa"
        answer = self.post(f"{self.base}new/", reference=reference, name="ЦНАП, скринька 1", **fields)
        return answer.headers["Location"]

    def enter(self, there: str, who: Any, sheet: str, choices: str = "", **fields: Any):
        return self.post(there, who, act="entry", sheet=sheet, choices=choices, **fields)


def test_a_stack_from_its_first_sheet_into_the_box() -> None:
    office = Office()
    office.give(1, 2)
    there = office.begun(issued="3", valid="2", invalid="0", spoiled="0", unused="1")
    office.enter(there, office.halyna, "1", "1 2")
    office.enter(there, office.halyna, "2", "3")
    office.enter(there, office.ihor, "1", "1 2")
    answer = office.enter(there, office.ihor, "2", "4")
    assert answer.status_code == 302
    assert office.get(f"{there}sheets/2/", office.ihor).status_code == 409, (
        "whoever entered it does not settle it"
    )
    settling = office.get(f"{there}sheets/2/", office.olha)
    assert settling.status_code == 200
    office.post(f"{there}sheets/2/", office.olha, turn="1")
    assert Sheet.objects.get(key="2").state == "settled"
    office.post(there, office.olha, act="scan", scan=SimpleUploadedFile("скан.pdf", PDF, "application/pdf"))
    answer = office.post(there, office.olha, act="close")
    assert answer.status_code == 302
    stack = Stack.objects.get()
    assert stack.batch.counts["valid"] == 2
    assert office.get(there).status_code == 200
    assert office.get(office.base).status_code == 200


def test_the_second_reader_sees_nothing_of_the_first_reading() -> None:
    office = Office()
    office.give(1)
    there = office.begun()
    office.enter(there, office.halyna, "1", "2 3")
    for address in (there, f"{there}?sheet=1", f"{there}?correct=1", office.base):
        seen = office.get(address, office.ihor).content.decode()
        assert 'value="2 3"' not in seen
    answer = office.get(f"{there}sheets/1/", office.ihor)
    assert answer.status_code == 302
    assert 'value="2 3"' in office.get(f"{there}?correct=1", office.halyna).content.decode(), (
        "the own entry may be corrected"
    )


def test_too_many_marks_propose_the_reason_and_a_second_press_enters_the_sheet_as_invalid() -> None:
    office = Office()
    office.give(1)
    there = office.begun()
    answer = office.enter(there, office.halyna, "1", "1 2 3 4")
    assert answer.status_code == 422
    assert page(answer).wrong == ["choices"]
    assert 'value="too-many" selected' in answer.content.decode()
    assert office.enter(there, office.halyna, "1", "1 2 3 4", reason="too-many").status_code == 302
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("sheet", "choices", "field"),
    [("99", "1", "sheet"), ("1", "77", "choices"), ("", "1", "sheet"), ("a1", "1", "sheet")],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(sheet, choices, field) -> None:
    office = Office()
    there = office.begun()
    answer = office.enter(there, office.halyna, sheet, choices)
    assert answer.status_code == 422
    assert page(answer).wrong == [field]
    assert f'value="{choices}"' in answer.content.decode()


def test_a_difference_from_the_protocol_is_shown_and_asks_a_second_official_for_words() -> None:
    office = Office()
    office.give(1)
    there = office.begun(issued="2", valid="2", invalid="0", spoiled="0", unused="0")
    for who in (office.halyna, office.ihor):
        office.enter(there, who, "1", "1")
    answer = office.post(there, office.ihor, act="close", difference="")
    assert answer.status_code == 422
    assert page(answer).wrong == ["difference"]
    assert (
        office.post(there, office.ihor, act="close", difference="Один бюлетень не повернули").status_code
        == 302
    )
    assert (
        "Один бюлетень не повернули"
        in page(office.get(f"{prefix(office.contest.community)}2026/paper/")).text
    )


def test_five_numbers_of_a_protocol_or_none() -> None:
    office = Office()
    answer = office.post(
        f"{office.base}new/", reference="01890000-0000-7000-8000-0000000000aa", name="х", issued="2"
    )
    assert answer.status_code == 422
    assert page(answer).wrong == ["valid", "invalid", "spoiled", "unused"]


def test_the_machine_s_reading_is_confirmed_box_by_box_and_what_it_was_unsure_of_must_be_answered() -> None:
    office = Office()
    office.give(1)
    there = office.begun()
    first, second = office.projects[0].code, office.projects[1].code
    scan = office.do(attach_scan, stack=Stack.objects.get(), scan=PDF)
    read = ReadPage(1, 1, 1, 1, choices=((first, 1),), unsure=(Unsure(second, 1, "faint", 90),))
    office.do(record_machine, scan=scan, pages=[read])
    sheet = f"{there}sheets/1/"
    assert 'name="box-0"' in office.get(sheet, office.ihor).content.decode()
    answer = office.post(sheet, office.ihor, marked=[f"{first}|1"])
    assert set(page(answer).wrong) == {"box-0"}
    assert office.post(sheet, office.ihor, marked=[f"{first}|1"], **{"box-0": "no"}).status_code == 302
    assert Sheet.objects.get().state == "agreed"


def test_a_protocol_is_typed_by_one_and_typed_again_by_another() -> None:
    office = Office(mode="totals")
    there = office.begun()
    said = {"act": "entry", "issued": 9, "valid": 6, "invalid": 1, "spoiled": 1, "unused": 1}
    votes = {f"votes-{number}": value for number, value in ((1, 6), (2, 4), (3, 2), (4, 0))}
    wrong = office.post(there, office.halyna, **{**said, **votes, "votes-1": 7})
    assert page(wrong).wrong == ["votes-1"]
    assert office.post(there, office.halyna, **said, **votes).status_code == 302
    blind = office.get(there, office.ihor).content.decode()
    assert 'value="4"' not in blind
    office.post(there, office.ihor, **said, **votes)
    office.post(
        there, office.ihor, act="scan", scan=SimpleUploadedFile("протокол.pdf", PDF, "application/pdf")
    )
    assert office.post(there, office.ihor, act="close").status_code == 302
    everybody = office.get(f"{prefix(office.contest.community)}2026/paper/")
    assert everybody.status_code == 200
    assert office.projects[0].title not in page(everybody).text, "nothing of votes before the box is opened"


def test_two_protocols_that_differ_are_settled_by_a_third() -> None:
    office = Office(mode="totals")
    there = office.begun()
    said = {"act": "entry", "issued": 9, "valid": 6, "invalid": 1, "spoiled": 1, "unused": 1}
    votes = {f"votes-{number}": 1 for number in (1, 2, 3, 4)}
    office.post(there, office.halyna, **said, **votes)
    office.post(there, office.ihor, **said, **{**votes, "votes-4": 2})
    seen = page(office.get(f"{there}sheets/protocol/", office.olha)).text
    assert "№ 4" in seen
    assert office.post(f"{there}sheets/protocol/", office.olha, turn="2").status_code == 302
    assert Sheet.objects.get().state == "settled"


def test_a_drawn_sheet_is_read_anew_and_the_outcome_is_public_in_numbers() -> None:
    office = Office(recheck_percent=100)
    office.give(1, 2)
    stack = office.stack()
    office.both(stack, "1", "1")
    office.both(stack, "2", "2")
    stack = office.do(close_stack, stack=stack)
    there = f"{office.base}{stack.pk}/recheck/"
    seen = office.get(there, office.olha).content.decode()
    assert office.projects[0].title not in seen
    assert office.post(there, office.olha, sheet="1", choices="1").status_code == 302
    differs = office.post(there, office.olha, sheet="2", choices="3")
    assert page(differs).wrong == ["words"]
    office.post(there, office.olha, sheet="2", choices="3", words="Введено сусідній")
    public = office.get(f"{prefix(office.contest.community)}2026/paper/")
    assert "Введено сусідній" not in page(public).text
    document = json.loads(
        office.get(f"{prefix(office.contest.community)}2026/paper/{stack.batch_id}.json").content
    )
    assert document["drawn"] == ["1", "2"]


def test_a_stack_is_taken_back_with_a_reason_that_everybody_reads() -> None:
    office = Office()
    office.give(1)
    stack = office.stack()
    office.both(stack, "1", "1")
    office.do(close_stack, stack=stack)
    there = f"{office.base}{stack.pk}/"
    assert page(office.post(there, act="withdraw", **{"withdraw-reason": ""})).wrong == ["withdraw-reason"]
    assert office.post(there, act="withdraw", **{"withdraw-reason": "Переплутано пункти"}).status_code == 302
    assert "Переплутано пункти" in page(office.get(f"{prefix(office.contest.community)}2026/paper/")).text


def test_only_administrators_see_who_entered_how_well() -> None:
    office = Office()
    office.give(1)
    office.type(office.stack(), office.halyna, "1", "1")
    chief = given.official("Керівниця", "administrator", office.contest.community)
    assert "Галина" not in page(office.get(office.base, office.ihor)).text
    assert "Галина" in page(office.get(office.base, chief)).text


def test_the_scan_is_for_officials_and_comes_as_it_was() -> None:
    office = Office()
    stack = office.stack()
    scan = office.do(attach_scan, stack=stack, scan=PDF)
    address = f"{office.base}{stack.pk}/scans/{scan.pk}/"
    answer = office.get(address)
    assert (answer.content, answer["X-Content-Type-Options"]) == (PDF, "nosniff")
    with clock.at(VOTING):
        assert browser(given.person("Петро"), at=VOTING).get(address).status_code == 403


def test_an_auditor_reads_and_finds_no_form() -> None:
    office = Office()
    office.give(1)
    stack = office.stack()
    office.type(stack, office.halyna, "1", "1")
    auditor = given.official("Аудитор", "auditor", office.contest.community)
    seen = office.get(f"{office.base}{stack.pk}/", auditor)
    assert seen.status_code == 200
    assert "<textarea" not in seen.content.decode()
    assert office.post(f"{office.base}{stack.pk}/", auditor, act="close").status_code == 403


def test_the_contest_leads_everybody_to_its_paper() -> None:
    office = Office()
    here = f"{prefix(office.contest.community)}2026/"
    assert f'href="{here}paper/"' in office.get(here, office.olha).content.decode()


def test_a_contest_without_paper_has_no_such_page() -> None:
    contest, _projects = given.voting_contest()
    with clock.at(VOTING):
        assert browser().get(f"{prefix(contest.community)}2026/paper/").status_code == 404
