"""Where only totals come in: the signed protocol of a point, typed by one official and typed again by another."""

import pytest
from tests.paper_desk import (
    PDF,
    PaperDesk,
    attach_scan,
    close_stack,
    decide_sheet,
    record_protocol,
    withdraw_stack,
)

from viche.ballots.models import PaperBatch
from viche.channels.paper.models import Entry, Sheet, Stack

NUMBERS = {"issued": 10, "valid": 6, "invalid": 2, "spoiled": 1, "unused": 1}


@pytest.fixture
def desk(db: None) -> PaperDesk:
    return PaperDesk(mode="totals")


def votes(desk: PaperDesk, *numbers: int) -> dict[str, int]:
    return {project.code: number for project, number in zip(desk.projects, numbers, strict=False)}


def enter(desk: PaperDesk, stack: Stack, by, *numbers: int, **facts) -> Sheet:
    said = {**NUMBERS, **facts.pop("numbers", {})}
    entry = desk.do(record_protocol, by, stack=stack, votes=votes(desk, *numbers), numbers=said, **facts)
    return Sheet.objects.get(pk=entry.sheet_id)


def test_two_officials_who_type_the_same_numbers_put_the_protocol_into_the_box(desk):
    stack = desk.stack()
    enter(desk, stack, desk.halyna, 6, 3, 2, 0)
    assert enter(desk, stack, desk.ihor, 6, 3, 2, 0).state == "agreed"
    assert desk.refused(desk.do, close_stack, desk.ihor, stack=stack).code == "no_scan"
    scan = desk.do(attach_scan, stack=stack, scan=PDF)
    stack = desk.do(close_stack, desk.ihor, stack=stack)
    batch = PaperBatch.objects.get()
    assert (batch.votes, batch.scans) == (votes(desk, 6, 3, 2), [scan.digest])
    assert (batch.made_by_id, batch.closed_by_id) == (desk.halyna.person_id, desk.ihor.person_id)
    assert {bytes(each.sealed) for each in Entry.objects.all()} == {b""}


def test_the_first_official_may_press_too_for_the_second_one_typed_the_numbers(desk):
    stack = desk.stack()
    enter(desk, stack, desk.halyna, 6, 3, 2, 0)
    enter(desk, stack, desk.ihor, 6, 3, 2, 0)
    desk.do(attach_scan, stack=stack, scan=PDF)
    desk.do(close_stack, desk.halyna, stack=stack)
    batch = PaperBatch.objects.get()
    assert (batch.made_by_id, batch.closed_by_id) == (desk.ihor.person_id, desk.halyna.person_id)


def test_a_protocol_that_only_one_has_typed_does_not_go_into_the_box(desk):
    stack = desk.stack()
    enter(desk, stack, desk.halyna, 6, 3, 2, 0)
    desk.do(attach_scan, stack=stack, scan=PDF)
    assert desk.refused(desk.do, close_stack, desk.ihor, stack=stack).code == "sheets_open"


def test_where_the_two_differ_a_third_decides(desk):
    stack = desk.stack()
    enter(desk, stack, desk.halyna, 6, 3, 2, 0)
    sheet = enter(desk, stack, desk.ihor, 6, 2, 3, 0)
    assert sheet.state == "differs"
    desk.do(decide_sheet, desk.olha, sheet=sheet, turn=1)
    desk.do(attach_scan, stack=stack, scan=PDF)
    desk.do(close_stack, desk.olha, stack=stack)
    assert PaperBatch.objects.get().votes == votes(desk, 6, 3, 2)


@pytest.mark.parametrize(
    ("numbers", "said", "field"),
    [
        ((7, 0, 0, 0), {}, 0),  # more votes for one project than valid ballots
        ((-1, 0, 0, 0), {}, 0),
        ((6, 6, 6, 1), {}, "valid"),  # more than three on each
        ((1, 0, 0, 0), {"valid": 7}, "issued"),  # does not add up
        ((1, 0, 0, 0), {"spoiled": -1}, "spoiled"),
    ],
)
def test_arithmetic_is_checked_at_the_field(desk, numbers, said, field):
    refused = desk.refused(enter, desk, desk.stack(), desk.halyna, *numbers, numbers=said)
    assert refused.code == "bad_value"
    assert list(refused.fields) == [desk.projects[field].code if isinstance(field, int) else field]
    assert not PaperBatch.objects.exists(), "nothing of the trial stays"


def test_a_protocol_that_does_not_add_up_is_accepted_with_words_of_another_official(desk):
    stack = desk.stack()
    for by in (desk.ihor, desk.olha):
        enter(desk, stack, by, 6, 3, 2, 0, numbers={"unused": 0}, is_as_written=True)
    desk.do(attach_scan, stack=stack, scan=PDF)
    assert desk.refused(desk.do, close_stack, desk.olha, stack=stack).code == "totals_differ"
    desk.do(close_stack, desk.olha, stack=stack, difference="Один бюлетень забрав виборець")
    assert PaperBatch.objects.get().difference == "Один бюлетень забрав виборець"


def test_an_unknown_project_is_refused(desk):
    refused = desk.refused(
        desk.do, record_protocol, stack=desk.stack(), votes={"нема": 1}, numbers=NUMBERS
    )  # fmt: skip
    assert list(refused.fields) == ["нема"]


def test_where_totals_come_in_no_single_ballot_is_entered(desk):
    assert desk.refused(desk.type, desk.stack(), desk.halyna, "1", "1").code == "no_sheets"


def test_where_every_ballot_is_entered_no_totals_come_in(db):
    ballots = PaperDesk()
    refused = ballots.refused(ballots.do, record_protocol, stack=ballots.stack(), votes={}, numbers=NUMBERS)
    assert refused.code == "no_protocols"


def test_a_protocol_is_taken_back_and_typed_anew(desk):
    stack = desk.stack()
    for by in (desk.halyna, desk.ihor):
        enter(desk, stack, by, 6, 3, 2, 0)
    desk.do(attach_scan, stack=stack, scan=PDF)
    stack = desk.do(close_stack, desk.ihor, stack=stack)
    desk.do(withdraw_stack, stack=stack, reason="Не той протокол")
    again = desk.stack("удруге")
    for by in (desk.halyna, desk.ihor):
        enter(desk, again, by, 5, 3, 2, 0)
    desk.do(attach_scan, stack=again, scan=PDF)
    desk.do(close_stack, desk.ihor, stack=again)
    assert sorted(PaperBatch.objects.values_list("state", flat=True)) == ["closed", "undone"]
