"""Ballots from a file: the same doors as at the desk, every row answered, the file once and back again whole."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from tests import given
from tests.paper_box import AFTER, VOTING, given_out, paper_contest, printed
from tests.paper_files import HEADING, checked, confirmed, csv_of, entered, findings, jobs_waiting, uploaded

from viche.ballots.actions import open_box
from viche.ballots.models import Opening, PaperBallot, PaperBatch
from viche.channels.paper.importing.actions import (
    check_import,
    choose_sheet,
    discard_import,
    run_import,
    undo_import,
    upload_import,
)
from viche.channels.paper.importing.models import SHELF, PaperImport
from viche.channels.paper.importing.retention import delete_waiting_files
from viche.channels.paper.importing.running import run_file
from viche.foundation import clock, private_files
from viche.foundation.refused import Refused
from viche.identity.providers.tax_number import make_tax_number
from viche.journal.models import Entry

State = PaperImport.State


def refused(act: Any, **wanted: Any) -> Refused:
    with clock.at(VOTING), pytest.raises(Refused) as answer:
        act(**wanted)
    return answer.value


@pytest.fixture
def numbered(db: None) -> Any:
    """Ten numbered sheets are printed; three people have got the first three. Oksana brings files, Iryna confirms."""
    contest, projects = paper_contest()
    printed(contest)
    oksana = given.official("Оксана", "operator", contest.community)
    iryna = given.official("Ірина", "commission", contest.community)
    for serial, name in enumerate(("Петро", "Марія", "Олена"), start=1):
        given_out(contest, given.person(name), serial, oksana)
    return contest, [each.number for each in projects], oksana, iryna


def results(paper_import: PaperImport) -> list[tuple[str, str]]:
    return list(
        PaperBallot.objects.filter(batch__in=paper_import.batches)
        .order_by("key")
        .values_list("key", "reason")
    )


def counted(contest: Any) -> list[Any]:
    with clock.at(AFTER):
        open_box(contest=contest)
    return sorted(
        each["choices"] for each in Opening.objects.filter(contest=contest).values_list("choices", flat=True)
    )


def test_a_file_of_ballots_is_guessed_checked_run_and_confirmed_by_a_second_official(numbered):
    contest, (first, second, *_), oksana, iryna = numbered
    content = csv_of(
        (1, f"{first}, {second}", ""), (2, second, ""), (3, "", "не підписаний"), heading=HEADING
    )
    content = content.replace("не підписаний".encode(), b"unsigned")
    brought = checked(contest, content, oksana)
    assert brought.columns == {"0": "serial", "1": "choices", "2": "reason"}
    assert (brought.state, brought.total) == (State.CHECKED, 3)
    assert (brought.found["errors"], brought.found["valid"], brought.found["invalid"]) == (
        0,
        2,
        {"unsigned": 1},
    )
    assert not PaperBallot.objects.exists()
    with clock.at(VOTING):
        run_import(paper_import=brought, by=oksana)
        run_file(reference=brought.pk)
    brought.refresh_from_db()
    assert (brought.state, brought.counts) == (State.ENTERED, {"valid": 2, "invalid": {"unsigned": 1}})
    assert results(brought) == [("0000002", ""), ("0000003", ""), ("0000004", "unsigned")]
    assert refused(lambda: confirmed(brought, oksana)).code == "same_person"
    assert confirmed(brought, iryna).state == State.CLOSED
    leaf = Entry.objects.get(kind="PaperBatchEntered").leaf
    assert brought.digest in leaf
    assert '"valid":2' in leaf
    assert counted(contest) == [[[str(first), 1], [str(second), 1]], [[str(second), 1]]]


def test_the_check_and_the_run_are_jobs_and_pressing_twice_is_one(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    brought = uploaded(contest, csv_of((1, first, "")), oksana)
    with clock.at(VOTING):
        for _twice in range(2):
            check_import(paper_import=brought, columns=brought.columns, heading=1, by=oksana)
    assert jobs_waiting() == ["viche.channels.paper.jobs.check_import_file"]


def test_the_same_file_again_is_the_import_that_is_there(numbered):
    contest, (first, *_), oksana, iryna = numbered
    content = csv_of((1, first, ""))
    brought = entered(contest, content, oksana)
    confirmed(brought, iryna)
    with clock.at(VOTING):
        again, is_known = upload_import(contest=contest, content=content, name="інша назва.csv", by=iryna)
    assert (again.pk, is_known) == (brought.pk, True)
    assert PaperBallot.objects.count() == 1


def test_of_two_files_that_overlap_the_second_brings_in_what_is_new_and_names_the_rest(numbered):
    contest, (first, second, *_), oksana, _iryna = numbered
    entered(contest, csv_of((1, first, ""), (2, first, "")), oksana)
    brought = checked(contest, csv_of((2, second, ""), (3, second, "")), oksana)
    assert findings(brought) == [(2, None, "serial-used")]
    with clock.at(VOTING):
        run_import(paper_import=brought, by=oksana)
        run_file(reference=brought.pk)
    assert results(PaperImport.objects.get(pk=brought.pk)) == [("0000002", "serial-used"), ("0000003", "")]


def test_the_check_foretells_what_the_run_says_of_every_row(numbered):
    contest, numbers, oksana, _iryna = numbered
    rows = [
        (1, numbers[0], ""), (1, numbers[1], ""), (2, ", ".join(map(str, numbers)), ""), (3, "", ""),
        (9, numbers[0], ""), (77, numbers[0], ""),
    ]  # fmt: skip
    brought = checked(contest, csv_of(*rows), oksana)
    foretold = dict(brought.found["invalid"])
    with clock.at(VOTING):
        run_import(paper_import=brought, by=oksana)
        run_file(reference=brought.pk)
    brought.refresh_from_db()
    assert brought.counts["invalid"] == foretold
    assert [reason for _key, reason in results(brought)] == [
        "", "serial-used", "too-many", "blank", "not-given-out", "unknown-serial",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "place", "code"),
    [
        (("", "{0}", ""), 0, "empty"),
        (("2,98765E+09", "{0}", ""), 0, "scientific"),
        (("один", "{0}", ""), 0, "not_a_number"),
        (("1,5", "{0}", ""), 0, "fraction"),
        (("1", "999", ""), 1, "unknown_project"),
        (("1", "{0} і {1}", ""), 1, "bad_choice"),
        (("1", "{0}, {0}", ""), 1, "project_twice"),
        (("1", "{0}", "пляма"), 2, "bad_reason"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_cell_and_nothing_of_the_file_goes_in(
    numbered, row, place, code
):
    contest, numbers, oksana, _iryna = numbered
    brought = checked(
        contest, csv_of((2, numbers[0], ""), tuple(each.format(*numbers) for each in row)), oksana
    )
    assert findings(brought) == [(3, place, code)]
    assert refused(run_import, paper_import=brought, by=oksana).code == "has_errors"
    assert not PaperBatch.objects.exists()


def test_one_column_a_project_with_crosses_is_read_like_numbers_in_one_cell(numbered):
    contest, numbers, oksana, _iryna = numbered
    heading = ("№", *(f"Проєкт № {each}" for each in numbers))
    content = csv_of((1, "x", "", "Х", ""), (2, "", "+", "-", "0"), heading=heading)
    assert entered(contest, content, oksana).counts == {"valid": 2, "invalid": {}}


def test_a_workbook_says_which_of_its_sheets_it_needs(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name in ("Звіт", "Бюлетені"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, [1.0, first])
    book.close()
    brought = uploaded(contest, out.getvalue(), oksana, name="файл.csv")
    assert (brought.kind, brought.sheets, brought.sheet) == ("xlsx", ["Звіт", "Бюлетені"], "")
    assert brought.name == "файл.xlsx"
    said = refused(check_import, paper_import=brought, columns=brought.columns, heading=1, by=oksana)
    assert said.fields["sheet"]
    with clock.at(VOTING):
        choose_sheet(paper_import=brought, sheet="Бюлетені", by=oksana)
    assert entered(contest, out.getvalue(), oksana).counts["valid"] == 1


def test_names_of_columns_in_a_lower_row_are_found_and_the_rows_keep_their_numbers(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    content = "Результати голосування;;\n;;\n".encode() + csv_of((1, first, ""))
    brought = entered(contest, content, oksana)
    assert brought.heading == 3
    assert results(brought) == [("0000004", "")]


def test_columns_are_remembered_for_files_with_the_same_names(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    heading = ("Ключ", "Обрано", "Чому недійсний")
    brought = uploaded(contest, csv_of((1, first, ""), heading=heading), oksana)
    with clock.at(VOTING):
        check_import(
            paper_import=brought, columns={"0": "serial", "1": "choices", "2": "reason"}, heading=1, by=oksana
        )
    later = uploaded(contest, csv_of((2, first, ""), heading=heading), oksana)
    assert later.columns == {"0": "serial", "1": "choices", "2": "reason"}


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"0": "serial"}, "columns"),
        ({"0": "serial", "1": "serial"}, "column_0"),
        ({"0": "serial", "1": "чужий"}, "column_1"),
        ({"1": "choices"}, "columns"),
    ],
)
def test_columns_that_do_not_suffice_are_refused_at_their_place(numbered, columns, field):
    contest, (first, *_), oksana, _iryna = numbered
    brought = uploaded(contest, csv_of((1, first, "")), oksana)
    said = refused(check_import, paper_import=brought, columns=columns, heading=1, by=oksana)
    assert (said.code, field in said.fields) == ("bad_columns", True)


def test_a_file_taken_back_frees_its_numbers_and_may_come_again(numbered):
    contest, (first, *_), oksana, iryna = numbered
    content = csv_of((1, first, ""), (2, first, ""))
    brought = entered(contest, content, oksana)
    confirmed(brought, iryna)
    with clock.at(VOTING):
        undo_import(paper_import=brought, reason="Не той файл", by=iryna)
        undo_import(paper_import=brought, reason="Не той файл", by=iryna)
    again = entered(contest, content, oksana)
    assert (again.pk != brought.pk, again.attempt, again.counts["valid"]) == (True, 2, 2)
    confirmed(again, iryna)
    assert len(counted(contest)) == 2


def test_nothing_is_taken_back_and_nothing_goes_in_once_the_box_is_open(numbered):
    contest, (first, *_), oksana, iryna = numbered
    brought = entered(contest, csv_of((1, first, "")), oksana)
    confirmed(brought, iryna)
    waiting = checked(contest, csv_of((2, first, "")), oksana)
    counted(contest)
    assert refused(undo_import, paper_import=brought, reason="Пізно", by=iryna).code == "box_opened"
    assert refused(run_import, paper_import=waiting, by=oksana).code == "box_opened"


def test_a_run_that_is_stopped_says_why_and_goes_on_when_it_is_asked_again(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    brought = checked(contest, csv_of((1, first, "")), oksana)
    with clock.at(VOTING):
        run_import(paper_import=brought, by=oksana)
        kept = private_files.content_of(brought.pk, shelf=SHELF)
        private_files.forget(brought.pk, shelf=SHELF)
        run_file(reference=brought.pk)
        brought.refresh_from_db()
        assert (brought.state, bool(brought.stopped), brought.position) == (State.RUNNING, True, 0)
        private_files.keep(brought.pk, kept, shelf=SHELF)
        run_import(paper_import=brought, by=oksana)
        run_file(reference=brought.pk)
    brought.refresh_from_db()
    assert (brought.state, brought.counts["valid"]) == (State.ENTERED, 1)


def test_the_file_is_kept_sealed_and_only_until_it_is_confirmed(numbered):
    contest, (first, *_), oksana, iryna = numbered
    content = csv_of((1, first, ""), *((number, "", "blank") for number in range(100, 400)))
    brought = entered(contest, content, oksana)
    kept = private_files.content_of(brought.pk, shelf=SHELF)
    assert b"blank" not in kept
    confirmed(brought, iryna)
    with clock.at(VOTING):
        delete_waiting_files()
    assert not brought.findings.exists()


def test_a_file_put_aside_is_deleted_and_may_come_again(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    content = csv_of((1, first, ""))
    brought = checked(contest, content, oksana)
    with clock.at(VOTING):
        discard_import(paper_import=brought, by=oksana)
    assert refused(run_import, paper_import=brought, by=oksana).code == "import_moved_on"
    assert uploaded(contest, content, oksana).pk != brought.pk


def test_files_nobody_ran_are_put_aside_after_two_weeks(numbered):
    contest, (first, *_), oksana, _iryna = numbered
    brought = checked(contest, csv_of((1, first, "")), oksana)
    with clock.at(given.day(59)):
        delete_waiting_files()
    brought.refresh_from_db()
    assert brought.state == State.CHECKED
    with clock.at(given.day(60)):
        delete_waiting_files()
    brought.refresh_from_db()
    assert brought.state == State.DISCARDED


@pytest.fixture
def named(db: None) -> Any:
    contest, projects = paper_contest(is_named=True)
    oksana = given.official("Оксана", "operator", contest.community)
    return contest, [each.number for each in projects], oksana


NAMED = ("РНОКПП", "Проєкти")


def number_of(name: str) -> str:
    return str(given.claims(name, serial=given.serial_of(name)).tax_number)


def test_a_named_ballot_counts_for_whoever_may_vote_and_once(named):
    contest, (first, second, *_), oksana = named
    given.person("Петро")
    given.person("Тарас", region="Львівська", locality="м. Львів")
    rows = [(number_of("Петро"), first), (number_of("Тарас"), first), (number_of("Петро"), second)]
    brought = entered(contest, csv_of(*rows, heading=NAMED), oksana)
    assert [reason for _key, reason in results(brought)] == ["", "not-member", "already-voted"]


def test_a_tax_number_whose_zero_excel_has_eaten_gets_it_back_where_the_check_digit_fits(named):
    contest, (first, *_), oksana = named
    whole = make_tax_number(date(1926, 5, 5), "female", 1234).number
    assert whole.startswith("0")
    sound = checked(contest, csv_of((f"{whole[1:]}.0", first), heading=NAMED), oksana)
    assert (2, 0, "zero_restored") in findings(sound)
    wrong = f"{whole[1:9]}{(int(whole[9]) + 1) % 10}"
    assert findings(checked(contest, csv_of((wrong, first), heading=NAMED), oksana)) == [(2, 0, "zero_lost")]


def test_a_wrong_tax_number_is_an_error_at_its_cell_and_is_not_repeated(named):
    contest, (first, *_), oksana = named
    brought = checked(contest, csv_of(("1234567890", first), ("", first), heading=NAMED), oksana)
    assert findings(brought) == [(2, 0, "bad_number"), (3, 0, "no_number")]
    assert not brought.findings.exclude(word="").exists()
