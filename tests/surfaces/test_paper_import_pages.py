"""Officials bring paper results in a file: what they see at each step, without a script."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import load_workbook

from tests import given
from tests.paper_box import given_out, paper_contest, printed
from tests.paper_files import csv_of
from tests.surfaces.ground import browser, holder, page, prefix
from viche.channels.paper.importing.checking import check_file
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.running import run_file
from viche.contests.models import Contest
from viche.identity.queries import actor_of


@pytest.fixture
def desk(db: None, voting_day: None) -> Any:
    """Three numbered ballots in voters' hands; Halyna brings files, Iryna confirms."""
    contest, projects = paper_contest()
    printed(contest)
    halyna = holder("Галина", "operator", contest.community)
    iryna = holder("Ірина", "commission", contest.community)
    for serial, name in enumerate(("Петро", "Марія", "Олена"), start=1):
        given_out(contest, given.person(name), serial, actor_of(halyna, contest.community))
    return contest, [each.number for each in projects], browser(halyna), browser(iryna)


def place(contest: Contest) -> str:
    return f"{prefix(contest.community)}office/{contest.slug}/papers/imports/"


def bring(client: Client, contest: Contest, content: bytes, name: str = "дільниця.csv") -> Any:
    return client.post(place(contest), {"file": SimpleUploadedFile(name, content)})


def name_columns(client: Client, address: str, **columns: str) -> Any:
    return client.post(address, {"act": "check", "heading": "1", **columns})


NAMED = {"column_0": "serial", "column_1": "choices", "column_2": "reason"}


def test_a_file_goes_all_the_way_and_another_official_confirms_it(desk: Any) -> None:
    contest, (first, *_), halyna, iryna = desk
    address = bring(halyna, contest, csv_of((1, first, ""), (2, first, ""), (7, first, "")))["Location"]
    shown = halyna.get(address).content.decode()
    assert '<option value="serial" selected>' in shown
    assert name_columns(halyna, address, **NAMED).status_code == 302
    found = PaperImport.objects.get()
    waiting = halyna.get(address).content.decode()
    assert 'hx-trigger="every 3s"' in waiting
    check_file(reference=found.pk)
    shown = page(halyna.get(address)).text
    assert "нікому не видавали" in shown or "nobody was given this ballot" in shown
    assert halyna.post(address, {"act": "run"})["Location"] == address
    run_file(reference=found.pk)
    assert 'value="close"' not in halyna.get(address).content.decode()
    assert 'value="close"' in iryna.get(address).content.decode()
    assert iryna.post(address, {"act": "close", "difference": ""})["Location"] == address
    found.refresh_from_db()
    assert found.state == "closed"
    report = b"".join(iryna.get(f"{address}report.csv")).decode("utf-8-sig").splitlines()
    assert [line.split(";")[:2] for line in report[1:]] == [["2", "1"], ["3", "2"], ["4", "7"]]


def test_rows_with_errors_are_listed_and_the_button_is_not_there(desk: Any) -> None:
    contest, (first, *_), halyna, _iryna = desk
    address = bring(halyna, contest, csv_of((1, first, ""), ("2,98E+09", first, "")))["Location"]
    name_columns(halyna, address, **NAMED)
    check_file(reference=PaperImport.objects.get().pk)
    shown = halyna.get(address).content.decode()
    assert 'value="run"' not in shown
    assert "скоротила число" in shown
    found = halyna.get(f"{address}findings.csv").content.decode("utf-8-sig").splitlines()
    assert found[1].startswith("3;A;")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "порожній.csv"),
        (b"%PDF-1.7 x", "звіт.csv"),
        (b"1;\x00", "нуль.csv"),
        (b"PK\x03\x04 x", "книга.xlsx"),
    ],
)
def test_a_file_that_is_no_table_is_refused_at_its_field(desk: Any, content: bytes, name: str) -> None:
    contest, _numbers, halyna, _iryna = desk
    answer = bring(halyna, contest, content, name)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not PaperImport.objects.exists()


def test_columns_that_do_not_suffice_are_asked_for_again_and_what_was_chosen_stays(desk: Any) -> None:
    contest, (first, *_), halyna, _iryna = desk
    address = bring(halyna, contest, csv_of((1, first, "")))["Location"]
    answer = name_columns(halyna, address, column_0="serial", column_1="", column_2="reason")
    assert answer.status_code == 422
    assert '<option value="reason" selected>' in answer.content.decode()


def test_the_same_file_again_leads_to_the_import_that_is_there(desk: Any) -> None:
    contest, (first, *_), halyna, iryna = desk
    content = csv_of((1, first, ""))
    assert bring(halyna, contest, content)["Location"] == bring(iryna, contest, content)["Location"]


def test_long_numbers_of_a_file_are_hidden_on_the_page(desk: Any) -> None:
    contest, (first, *_), halyna, _iryna = desk
    address = bring(halyna, contest, csv_of(("2987654321", first, "")))["Location"]
    shown = halyna.get(address).content.decode()
    assert "2987654321" not in shown
    assert "29…" in shown


def test_a_file_is_taken_back_with_a_published_reason(desk: Any) -> None:
    contest, (first, *_), halyna, iryna = desk
    address = bring(halyna, contest, csv_of((1, first, "")))["Location"]
    name_columns(halyna, address, **NAMED)
    found = PaperImport.objects.get()
    check_file(reference=found.pk)
    halyna.post(address, {"act": "run"})
    run_file(reference=found.pk)
    assert iryna.post(address, {"act": "undo", "reason": ""}).status_code == 422
    assert iryna.post(address, {"act": "undo", "reason": "Не та дільниця"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "undone"


@pytest.mark.parametrize("shape", ["cell", "columns"])
def test_a_template_that_is_filled_is_understood_without_naming_a_column(desk: Any, shape: str) -> None:
    contest, numbers, halyna, _iryna = desk
    answer = halyna.get(f"{place(contest)}template.xlsx", {"shape": shape})
    (heading,) = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(heading) == (3 if shape == "cell" else 2 + len(numbers))
    row = (1, numbers[0], "") if shape == "cell" else (1, "x", *[""] * len(numbers))
    bring(halyna, contest, csv_of(row, heading=tuple(heading)))
    held = PaperImport.objects.get().columns
    assert len(held) == len(heading)
    plain = halyna.get(f"{place(contest)}template.csv", {"shape": shape}).content.decode("utf-8-sig")
    assert plain.strip().split(";") == heading
