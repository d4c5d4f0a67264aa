"""Signatures on paper from a table: one operator's reading of a sheet, as if typed line by line."""

from datetime import date
from typing import Any

import pytest
from tests import given
from tests.paper_files import csv_of

from viche.communities.queries import areas_of
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.providers import make_tax_number
from viche.projects.actions import close_sheet, end_entry, record_lines, record_sheet
from viche.projects.models import SheetEntry, SheetRow

HEADING = ("Рядок", "Прізвище", "Ім’я", "РНОКПП або паспорт", "Дата народження", "Місце проживання")
PDF = b"%PDF-1.4\nsigned by hand\n%%EOF\n"
NUMBER = make_tax_number(date(1970, 1, 2), "female", 2).number


@pytest.fixture
def desk(db: None) -> Any:
    project = given.submitted_project(given.supported_contest())
    body = project.contest.community
    operators = [given.official(name, "operator", body) for name in ("Галина", "Ігор")]
    with clock.at(given.day(7)):
        sheet = record_sheet(project=project, lines=2, scan=PDF, by=operators[0])
    return sheet, areas_of(body.territory), operators


def read(desk: Any, *rows: tuple[object, ...], turn: int = 0, heading: tuple[str, ...] = HEADING) -> int:
    sheet, areas, operators = desk
    with clock.at(given.day(7)):
        return record_lines(
            sheet=sheet, content=csv_of(*rows, heading=heading), areas=areas, by=operators[turn]
        )


ROWS = ((1, "Коваленко", "Мешканка", NUMBER, "", "Полтава"), (2, "", "", "", "", ""))


def test_two_operators_files_make_a_sheet_that_is_counted(desk):
    sheet, _areas, operators = desk
    for turn in (0, 1):
        assert read(desk, *ROWS, turn=turn) == 2
        with clock.at(given.day(7)):
            end_entry(sheet=sheet, by=operators[turn])
    with clock.at(given.day(7)):
        close_sheet(sheet=sheet, by=operators[0])
    assert list(SheetRow.objects.order_by("line").values_list("outcome", flat=True)) == [
        "counted",
        "unreadable",
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("два", "Коваленко", "Мешканка", NUMBER, "", "Полтава"), "A"),
        ((1, "Коваленко", "Мешканка", NUMBER, "", "Полтава"), "A"),
        ((2, "Коваленко", "Мешканка", "2,98E+09", "", "Полтава"), "D"),
        ((2, "Коваленко", "Мешканка", "АБ123456", "учора", "Полтава"), "E"),
        ((2, "Коваленко", "Мешканка", NUMBER, "", "Атлантида"), "F"),
    ],
)
def test_a_faulty_cell_is_named_and_no_line_is_entered(desk, row, column):
    with pytest.raises(Refused) as answer:
        read(desk, ROWS[0], row)
    (fault,) = answer.value.fields["file"]
    assert "3" in fault.partition(":")[0]
    assert column in fault.partition(":")[0]
    assert not SheetEntry.objects.exists()


def test_what_a_line_by_itself_would_be_refused_for_is_refused_with_its_line(desk):
    with pytest.raises(Refused) as answer:
        read(desk, ROWS[0], (2, "", "Мешканка", NUMBER, "", "Полтава"))
    assert "2" in answer.value.fields["file"][0]
    assert not SheetEntry.objects.exists()


def test_a_zero_that_was_eaten_is_given_back(desk):
    old = make_tax_number(date(1926, 5, 5), "male", 7).number
    assert read(desk, (1, "Коваленко", "Дід", old[1:], "", "деінде")) == 1
    entry = SheetEntry.objects.get()
    assert (entry.number_kind, entry.birth_date) == ("tax", date(1926, 5, 5))


def test_columns_that_are_not_named_are_asked_for(desk):
    with pytest.raises(Refused) as answer:
        read(desk, *ROWS, heading=("а", "б", "в", "г", "д", "е"))
    assert answer.value.code == "no_heading"
