"""A scan of our own numbered ballots: the machine reads first, a person confirms every box, a third settles."""

import pytest
from tests.paper_box import AFTER
from tests.paper_desk import (
    PDF,
    PaperDesk,
    attach_scan,
    close_stack,
    confirm_sheet,
    decide_sheet,
    record_machine,
)

from viche.ballots.actions import open_box
from viche.ballots.models import Opening
from viche.channels.paper.models import Entry, Scan, Sheet, Stack
from viche.channels.paper.scanning.pages import ReadPage, Unsure
from viche.foundation import clock

State = Sheet.State


@pytest.fixture
def desk(db: None) -> PaperDesk:
    return PaperDesk()


def opened(contest) -> dict[str, int]:
    with clock.at(AFTER):
        open_box(contest=contest)
    votes: dict[str, int] = {}
    for opening in Opening.objects.filter(contest=contest):
        for code, _value in opening.choices["choices"]:
            votes[code] = votes.get(code, 0) + 1
    return votes


def machine(desk: PaperDesk, stack: Stack, *pages: ReadPage) -> int:
    scan = desk.do(attach_scan, stack=stack, scan=PDF)
    return desk.do(record_machine, scan=scan, pages=pages)


def read(desk: PaperDesk, serial: int, *numbers: int, unsure: tuple[int, ...] = (), faults=()) -> ReadPage:
    codes = [project.code for project in desk.projects]
    boxes = tuple(Unsure(codes[number - 1], 1, "faint", 80) for number in unsure)
    chosen = tuple((codes[number - 1], 1) for number in numbers)
    return ReadPage(1, serial, 1, 1, choices=chosen, unsure=boxes, faults=tuple(faults))


def marked(desk: PaperDesk, *numbers: int) -> list[tuple[str, int]]:
    return [(desk.projects[number - 1].code, 1) for number in numbers]


def test_what_the_machine_was_sure_of_and_a_person_confirms_is_settled(desk):
    desk.give(1)
    stack = desk.stack()
    assert machine(desk, stack, read(desk, 1, 1, 2)) == 1
    desk.do(confirm_sheet, desk.ihor, sheet=Sheet.objects.get(), marked=marked(desk, 1, 2))
    assert Sheet.objects.get().state == State.AGREED
    desk.do(close_stack, stack=stack)
    assert opened(desk.contest) == {desk.projects[0].code: 1, desk.projects[1].code: 1}


def test_a_box_that_the_machine_was_unsure_of_is_what_the_person_says(desk):
    desk.give(1)
    stack = desk.stack()
    machine(desk, stack, read(desk, 1, 1, unsure=(2,)))
    desk.do(confirm_sheet, desk.ihor, sheet=Sheet.objects.get(), marked=marked(desk, 1, 2))
    assert Sheet.objects.get().state == State.AGREED
    desk.do(close_stack, stack=stack)
    assert opened(desk.contest) == {desk.projects[0].code: 1, desk.projects[1].code: 1}


def test_a_person_who_overrules_the_machine_waits_for_a_third(desk):
    desk.give(1)
    stack = desk.stack()
    machine(desk, stack, read(desk, 1, 1))
    desk.do(confirm_sheet, desk.ihor, sheet=Sheet.objects.get(), marked=marked(desk, 3))
    assert Sheet.objects.get().state == State.DIFFERS
    assert (
        desk.refused(desk.do, decide_sheet, desk.ihor, sheet=Sheet.objects.get(), turn=2).code
        == "entered_by_you"
    )
    desk.do(decide_sheet, desk.olha, sheet=Sheet.objects.get(), turn=1)
    desk.do(close_stack, stack=stack)
    assert opened(desk.contest) == {desk.projects[0].code: 1}


def test_sheets_with_a_fault_of_no_known_number_or_already_entered_are_left_to_people(desk):
    desk.give(1, 2)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "2", "4")
    new = machine(
        desk, stack, read(desk, 1, 1, faults=("missing-page",)), read(desk, 99, 1), read(desk, 2, 1)
    )  # fmt: skip
    assert new == 0
    assert (Scan.objects.get().found, Scan.objects.get().left) == (0, 3)
    assert Sheet.objects.get().entries.get().is_machine is False


def test_a_scan_is_read_once(desk):
    desk.give(1)
    stack = desk.stack()
    assert [machine(desk, stack, read(desk, 1, 1)), machine(desk, stack, read(desk, 1, 1))] == [1, 0]
    assert Entry.objects.count() == 1


def test_ballots_with_names_are_not_read_by_the_machine(db):
    named = PaperDesk(is_named=True)
    assert named.refused(machine, named, named.stack(), ReadPage(1, 1)).code == "named_papers"


def test_a_sheet_that_no_machine_has_read_is_not_confirmed(desk):
    desk.give(1)
    sheet = desk.type(desk.stack(), desk.halyna, "1", "1")
    assert desk.refused(desk.do, confirm_sheet, desk.ihor, sheet=sheet, marked=[]).code == "not_read"
