"""Every ballot on paper is entered by two people who see nothing of each other; a third settles where they differ."""

import secrets
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import given
from tests.crowd import at_once, refusals
from tests.paper_box import AFTER, VOTING
from tests.paper_desk import (
    EXPECTED,
    PDF,
    PaperDesk,
    attach_scan,
    close_stack,
    decide_sheet,
    withdraw_stack,
)

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.models import Ballot, Opening, PaperBallot, PaperBatch
from viche.channels.paper.actions import discard_stack, open_stack
from viche.channels.paper.models import Entry, Scan, Sheet, Stack
from viche.channels.paper.queries import late_stacks, operator_figures, readings_of, reconciliation
from viche.foundation import clock, private_files
from viche.identity.providers import make_tax_number
from viche.identity.queries import actor_of
from viche.journal.models import Entry as Leaf

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


# --- two readings ----------------------------------------------------------------------------------------------


def test_two_equal_readings_settle_a_sheet_and_it_is_counted(desk):
    desk.give(1, 2)
    stack = desk.stack()
    assert desk.type(stack, desk.halyna, "1", "1 2").state == State.ONCE
    assert desk.type(stack, desk.ihor, "№ 001", "2, 1").state == State.AGREED
    desk.both(stack, "2", "2")
    desk.do(close_stack, stack=stack)
    first, second = desk.projects[0].code, desk.projects[1].code
    assert opened(desk.contest) == {first: 1, second: 2}


def test_two_different_readings_wait_for_a_third_person_who_has_entered_neither(desk):
    desk.give(1)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "1", "1")
    sheet = desk.type(stack, desk.ihor, "1", "2")
    assert sheet.state == State.DIFFERS
    assert desk.refused(desk.do, close_stack, stack=stack).code == "sheets_open"
    for own in (desk.halyna, desk.ihor):
        assert desk.refused(desk.do, decide_sheet, own, sheet=sheet, turn=1).code == "entered_by_you"
    desk.do(decide_sheet, desk.olha, sheet=sheet, turn=2)
    sheet.refresh_from_db()
    assert sheet.state == State.SETTLED
    desk.do(close_stack, stack=stack)
    assert opened(desk.contest) == {desk.projects[1].code: 1}


def test_a_third_person_may_read_the_sheet_anew_where_both_are_wrong(desk):
    desk.give(1)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "1", "1")
    desk.type(stack, desk.ihor, "1", "2")
    assert desk.type(stack, desk.olha, "1", "3").state == State.SETTLED
    assert [entry.is_wrong for entry in Entry.objects.order_by("turn")] == [True, True, False]
    desk.do(close_stack, stack=stack)
    assert opened(desk.contest) == {desk.projects[2].code: 1}


def test_nobody_enters_a_sheet_twice(desk):
    desk.give(1)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "1", "1")
    said = desk.refused(desk.type, stack, desk.halyna, "1", "2")
    assert (said.code, list(said.fields)) == ("entered_by_you", ["sheet"])
    entry = Entry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(
            sheet=entry.sheet, turn=2, entered_by=entry.entered_by, entered_at=entry.entered_at, sealed=b"x"
        )


def test_a_double_press_enters_a_sheet_once(desk):
    desk.give(1)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "1", "1 3")
    assert desk.type(stack, desk.halyna, "1", "3 1").state == State.ONCE
    assert Entry.objects.count() == 1


def test_an_operator_corrects_an_entry_of_their_own_until_somebody_else_has_entered_the_sheet(desk):
    desk.give(1)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "1", "1")
    desk.type(stack, desk.halyna, "1", "2", is_correction=True)
    assert desk.type(stack, desk.ihor, "1", "2").state == State.AGREED
    said = desk.refused(desk.type, stack, desk.halyna, "1", "3", is_correction=True)
    assert said.code == "entered_twice"
    figures = {each.person.pk: each for each in operator_figures(desk.contest)}
    assert figures[desk.halyna.person_id].corrections == 1


def test_a_sheet_that_two_have_entered_is_not_entered_by_a_third(desk):
    desk.give(1)
    stack = desk.stack()
    desk.both(stack, "1", "1")
    said = desk.refused(desk.type, stack, desk.olha, "1", "1")
    assert said.code == "entered_twice"
    assert "однакові" in said.message or "equal" in said.message


@pytest.mark.django_db(transaction=True)
def test_two_officials_at_one_sheet_in_the_same_second_are_its_first_and_second_reader():
    desk = PaperDesk()
    desk.give(1)
    stack = desk.stack()

    def enter(place: int):
        by = (desk.halyna, desk.ihor)[place % 2]
        return desk.type(stack, by, "1", "1 2")

    results = at_once(4, enter)
    assert refusals(results) == []
    assert {each.entered_by_id for each in Entry.objects.all()} == {
        desk.halyna.person_id,
        desk.ihor.person_id,
    }
    assert sorted(Entry.objects.values_list("turn", flat=True)) == [1, 2]
    assert Sheet.objects.get().state == State.AGREED


@pytest.mark.django_db(transaction=True)
def test_one_number_in_two_stacks_in_the_same_second_is_entered_in_one_of_them():
    desk = PaperDesk()
    desk.give(1)
    stacks = [desk.stack("перша"), desk.stack("друга")]
    results = at_once(2, lambda place: desk.type(stacks[place], (desk.halyna, desk.ihor)[place], "1", "1"))
    assert refusals(results) == ["serial_entered"]
    assert Sheet.objects.count() == 1


# --- what may be wrong with a sheet -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "choices", "code", "field"),
    [
        ("1", "99", "bad_choices", "choices"),
        ("1", "1 1", "bad_choices", "choices"),
        ("1", "1 два", "bad_choices", "choices"),
        ("1", "1:3", "bad_choices", "choices"),
        ("1", "-1", "bad_choices", "choices"),
        ("11", "1", "unknown_serial", "sheet"),
        ("", "1", "bad_sheet", "sheet"),
        ("1; drop", "1", "bad_sheet", "sheet"),
        ("a1", "1", "proposes_invalid", "sheet"),
        ("1", "1 2 3 4", "proposes_invalid", "choices"),
        ("1", "", "proposes_invalid", "choices"),
    ],
)
def test_what_cannot_be_entered_is_said_at_its_field(desk, sheet, choices, code, field):
    stack = desk.stack()
    said = desk.refused(desk.type, stack, desk.halyna, sheet, choices)
    assert (said.code, list(said.fields)) == (code, [field])
    assert not Sheet.objects.exists()


def test_an_invalid_sheet_is_kept_with_its_reason_and_is_no_ballot(desk):
    desk.give(1)
    stack = desk.stack()
    desk.both(stack, "1", "1 2 3 4", "too-many")
    assert desk.refused(desk.type, stack, desk.halyna, "2", "", "because").code == "bad_reason"
    stack = desk.do(close_stack, stack=stack)
    assert stack.batch.counts == {"valid": 0, "invalid": 1, "reasons": {"too-many": 1}}
    assert not Ballot.objects.exists()


def test_the_box_says_which_sheet_was_never_given_out(desk):
    stack = desk.stack()
    desk.both(stack, "1", "1")
    stack = desk.do(close_stack, stack=stack)
    assert Sheet.objects.get().result == "not-given-out"
    assert stack.batch.counts["valid"] == 0


def test_a_number_that_is_entered_in_another_stack_is_refused_with_the_name_of_it(desk):
    desk.give(1)
    desk.both(desk.stack("Бібліотека"), "1", "1")
    other = desk.stack("ЦНАП")
    said = desk.refused(desk.type, other, desk.halyna, "1", "1")
    assert said.code == "serial_entered"
    assert "Бібліотека" in said.message
    # the second sheet of one number comes in under a mark of its own, as invalid
    desk.both(other, "a1", "", "serial-used")
    assert desk.do(close_stack, stack=other).batch.counts["reasons"] == {"serial-used": 1}


def test_nobody_but_officials_of_paper_enters(desk):
    stack = desk.stack()
    petro = given.person("Петро")
    editor = given.official("Редакторка", "editor", desk.contest.community)
    for nobody in (actor_of(petro, desk.contest.community), editor):
        assert desk.refused(desk.type, stack, nobody, "1", "1").code == "not_entering"


def test_what_is_typed_lies_sealed_and_goes_once_it_is_in_the_box(desk):
    desk.give(1)
    stack = desk.stack()
    desk.type(stack, desk.halyna, "1", "1")
    assert b"choices" not in bytes(Entry.objects.get().sealed)
    (_entry, reading), *_rest = readings_of(Sheet.objects.get())
    assert reading.choices == ((desk.projects[0].code, 1),)
    desk.type(stack, desk.ihor, "1", "1")
    desk.do(close_stack, stack=stack)
    assert {bytes(each.sealed) for each in Entry.objects.all()} == {b""}


# --- the way into the box -----------------------------------------------------------------------------------------


def test_a_stack_whose_sheets_are_what_the_protocol_says_goes_into_the_box_with_its_scans(desk):
    desk.give(1, 2, 3)
    stack = desk.stack(expected=EXPECTED)
    scan = desk.do(attach_scan, stack=stack, scan=PDF, name="скан.pdf")
    assert desk.do(attach_scan, stack=stack, scan=PDF).pk == scan.pk, "the same picture is kept once"
    desk.both(stack, "1", "1")
    desk.both(stack, "2", "2")
    desk.both(stack, "3", "", "unsigned")
    assert [(line.key, line.expected, line.entered) for line in reconciliation(stack)] == [
        ("issued", 5, 5), ("valid", 2, 2), ("invalid", 1, 1), ("spoiled", 1, None), ("unused", 1, None),
    ]  # fmt: skip
    stack = desk.do(close_stack, stack=stack)
    assert stack.batch.scans == [scan.digest]
    leaf = Leaf.objects.get(kind="PaperBatchEntered")
    assert '"valid":2' in leaf.leaf
    assert desk.do(close_stack, stack=stack).batch_id == stack.batch_id, "a double press is harmless"
    assert PaperBallot.objects.count() == 3


def test_a_stack_that_differs_from_the_protocol_is_accepted_only_with_words_of_a_second_official(desk):
    desk.give(1)
    stack = desk.stack(expected=EXPECTED)
    desk.both(stack, "1", "1")
    desk.both(stack, "2", "2")  # nobody was given No. 2
    said = desk.refused(desk.do, close_stack, desk.olha, stack=stack)
    assert said.code == "totals_differ"
    assert "2" in said.message
    assert not PaperBatch.objects.exists(), "nothing of it stays"
    said = desk.refused(desk.do, close_stack, desk.halyna, stack=stack, difference="Одного бракує")
    assert said.code == "same_person"
    stack = desk.do(
        close_stack, desk.olha, stack=stack, difference="Бюлетень № 2 не видавали; у протоколі описка"
    )
    assert stack.batch.difference.startswith("Бюлетень № 2")


def test_the_numbers_of_a_protocol_that_do_not_add_up_are_asked_about_at_the_field(desk):
    wrong = {**EXPECTED, "issued": 7}
    said = desk.refused(desk.stack, expected=wrong)
    assert list(said.fields) == ["issued"]
    assert desk.stack(expected=wrong, is_as_written=True).expected["issued"] == 7
    said = desk.refused(desk.stack, expected={**EXPECTED, "valid": -1})
    assert list(said.fields) == ["valid"]


def test_a_stack_with_nothing_in_it_does_not_go_into_the_box(desk):
    assert desk.refused(desk.do, close_stack, stack=desk.stack()).code == "empty_stack"


def test_when_the_box_was_opened_meanwhile_nothing_more_comes_in_and_it_is_said(desk):
    desk.give(1)
    stack = desk.stack()
    desk.both(stack, "1", "1")
    opened(desk.contest)
    said = desk.refused(desk.do, close_stack, stack=stack, at=AFTER)
    assert said.code == "box_opened"
    assert Stack.objects.get().batch is None
    assert desk.refused(open_stack, contest=desk.contest, name="нова", by=desk.halyna).code == "box_opened"


@pytest.mark.django_db(transaction=True)
def test_two_officials_close_one_stack_in_the_same_second():
    desk = PaperDesk()
    desk.give(1)
    stack = desk.stack()
    desk.both(stack, "1", "1")
    results = at_once(4, lambda place: desk.do(close_stack, (desk.halyna, desk.olha)[place % 2], stack=stack))
    assert refusals(results) == []
    assert (PaperBatch.objects.count(), Ballot.objects.count()) == (1, 1)
    assert Leaf.objects.filter(kind="PaperBatchEntered").count() == 1


def test_the_form_of_a_new_stack_sent_twice_makes_one_stack(desk):
    reference = "01890000-0000-7000-8000-00000000000a"
    first = desk.stack(stack_id=reference)
    assert str(desk.stack(stack_id=reference).pk) == str(first.pk)
    assert Stack.objects.count() == 1


def test_a_stack_that_waits_for_longer_than_a_day_is_late(desk):
    stack = desk.stack()
    with clock.at(VOTING + timedelta(hours=23)):
        assert late_stacks(desk.contest) == []
    with clock.at(given.day(46, hour=13)):
        assert [each.pk for each in late_stacks(desk.contest)] == [stack.pk]


# --- taken back, put aside ----------------------------------------------------------------------------------------


def test_a_stack_is_taken_back_with_a_published_reason_and_entered_anew(desk):
    desk.give(1)
    stack = desk.stack()
    desk.both(stack, "1", "1")
    stack = desk.do(close_stack, stack=stack)
    assert desk.refused(desk.do, withdraw_stack, stack=stack, reason=" ").code == "bad_value"
    desk.do(withdraw_stack, stack=stack, reason="Переплутано пункти")
    assert "Переплутано пункти" in Leaf.objects.get(kind="PaperBatchUndone").leaf
    again = desk.stack("ЦНАП, удруге")
    desk.both(again, "1", "2")
    desk.do(close_stack, stack=again)
    assert opened(desk.contest) == {desk.projects[1].code: 1}


def test_a_stack_is_not_taken_back_after_the_box_was_opened(desk):
    desk.give(1)
    stack = desk.stack()
    desk.both(stack, "1", "1")
    stack = desk.do(close_stack, stack=stack)
    opened(desk.contest)
    assert desk.refused(desk.do, withdraw_stack, stack=stack, reason="пізно", at=AFTER).code == "box_opened"
    assert Stack.objects.get().is_live


def test_a_stack_that_is_put_aside_frees_its_numbers_and_loses_its_scans(
    desk, django_capture_on_commit_callbacks
):
    desk.give(1)
    stack = desk.stack()
    scan = desk.do(attach_scan, stack=stack, scan=PDF)
    desk.type(stack, desk.halyna, "1", "1")
    assert private_files.content_of(scan.pk, shelf="paper") == PDF
    with django_capture_on_commit_callbacks(execute=True):
        desk.do(discard_stack, stack=stack, reason="Почато двічі")
    assert private_files.content_of(scan.pk, shelf="paper") is None
    assert bytes(Entry.objects.get().sealed) == b""
    assert desk.refused(desk.type, stack, desk.ihor, "1", "1").code == "stack_ended"
    assert desk.type(desk.stack("друга"), desk.halyna, "1", "1").state == State.ONCE


@pytest.mark.parametrize("scan", [b"", b"GIF89a", b"%PDF-1.4 broken", b"\xff\xd8\xff broken", b"PK\x03\x04"])
def test_a_file_that_is_no_scan_is_not_kept(desk, scan):
    said = desk.refused(desk.do, attach_scan, stack=desk.stack(), scan=scan)
    assert (said.code, list(said.fields)) == ("not_a_scan", ["scan"])
    assert not Scan.objects.exists()


# --- names on the ballots -----------------------------------------------------------------------------------------


@pytest.fixture
def named(db: None) -> PaperDesk:
    return PaperDesk(is_named=True)


def number_of(serial: int) -> str:
    """The tax number of given.resident(serial)."""
    return make_tax_number(date(1970, 1, 2), "female", serial * 2).number


def test_a_ballot_with_a_name_marks_its_voter_when_it_is_in_the_box(named):
    given.resident(1)
    stack = named.stack()
    number = number_of(1)
    named.both(stack, "1", "1", number=number)
    stack = named.do(close_stack, stack=stack)
    assert stack.batch.counts["valid"] == 1
    assert number.encode() not in b"".join(bytes(each.sealed) for each in Entry.objects.all())


def test_two_different_numbers_of_a_voter_are_a_difference(named):
    given.resident(1)
    given.resident(2)
    stack = named.stack()
    named.type(stack, named.halyna, "1", "1", number=number_of(1))
    assert named.type(stack, named.ihor, "1", "1", number=number_of(2)).state == State.DIFFERS


def test_a_number_with_a_wrong_digit_is_refused_at_its_field(named):
    said = named.refused(named.type, named.stack(), named.halyna, "1", "1", number="1234567890")
    assert (said.code, list(said.fields)) == ("bad_number", ["number"])


def test_who_has_voted_on_the_web_is_told_to_the_operators_and_the_sheet_is_no_ballot(named):
    voter = given.resident(1)
    with clock.at(VOTING):
        cast_ballot(
            contest=named.contest, voter=voter, paper=given.paper(named.projects[0]), channel="online",
            request_key=secrets.token_bytes(32),
        )  # fmt: skip
    stack = named.stack()
    named.both(stack, "1", "2", number=number_of(1))
    stack = named.do(close_stack, stack=stack)
    sheet = Sheet.objects.get()
    assert sheet.result == "already-voted"
    assert VOTING.astimezone(clock.KYIV).strftime("%d.%m.%Y") in sheet.words
    assert opened(named.contest) == {named.projects[0].code: 1}


def test_a_voter_who_lives_elsewhere_or_is_not_known_has_no_ballot(named):
    given.person("Тарас", serial=77, region="Львівська", locality="м. Львів")
    stack = named.stack()
    named.both(stack, "1", "1", number=given.claims("Тарас", serial=77).tax_number)
    named.both(stack, "2", "1", number=number_of(3))
    named.do(close_stack, stack=stack)
    assert [(each.key, each.result) for each in Sheet.objects.order_by("key")] == [
        ("1", "not-member"), ("2", "not-member"),
    ]  # fmt: skip
    assert all(each.words for each in Sheet.objects.all())


# --- who enters how -----------------------------------------------------------------------------------------------


def test_how_often_each_operator_differed_is_counted(desk):
    desk.give(1, 2)
    stack = desk.stack()
    desk.both(stack, "1", "1")
    desk.type(stack, desk.halyna, "2", "1")
    sheet = desk.type(stack, desk.ihor, "2", "2")
    desk.do(decide_sheet, desk.olha, sheet=sheet, turn=1)
    figures = {each.person.pk: each for each in operator_figures(desk.contest)}
    halyna, ihor = figures[desk.halyna.person_id], figures[desk.ihor.person_id]
    assert (halyna.entries, halyna.differing, halyna.wrong, halyna.share) == (2, 1, 0, 5000)
    assert (ihor.entries, ihor.differing, ihor.wrong) == (2, 1, 1)
