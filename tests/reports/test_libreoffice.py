"""Workbooks are opened by LibreOffice as they are: every sheet, every number, every date."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import given
from tests.reports.libreoffice import read_by_libreoffice
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened

from viche.foundation import clock
from viche.reports.figure import HIDDEN, KINDS, Column, Figure, Row
from viche.reports.queries import figures_of
from viche.reports.workbook import workbook_of

pytestmark = pytest.mark.django_db


DATED = Figure(
    key="dated", title="Every kind of value", about="", heading="Work",
    columns=tuple(Column(kind, kind, kind) for kind in KINDS),
    rows=(
        Row("first", (7, 123_456_789_012_345, 3_333, "2026-02-28", 12, "funded", 250, "Договір № 7", "a word")),
        Row("second", (HIDDEN, None, 10_000, None, 0, "admitted", 1, None, None)),
    ),
    labels={}, total=None, chart="", as_of=given.day(72),
)  # fmt: skip


def cells(rows: list[list[Any]]) -> list[list[Any]]:
    """Cells to compare: numbers exactly, moments as days, without empty cells at the end."""
    found = []
    for row in rows:
        line = [
            each.date() if isinstance(each, datetime)
            else Decimal(str(each)) if isinstance(each, int | float) and not isinstance(each, bool)
            else each
            for each in row
        ]  # fmt: skip
        while line and line[-1] in ("", None):
            line.pop()
        found.append(line)
    while found and not found[-1]:
        found.pop()
    return found


def test_libreoffice_reads_what_was_written(tmp_path):
    contest = opened()
    published(contest)
    with clock.at(given.day(72)):
        refreshed()
        written = {}
        for language in ("uk", "en"):
            with translation.override(language):
                written[language] = workbook_of([*figures_of(contest), DATED], title=contest.name)
    read = read_by_libreoffice(written, tmp_path)
    for language, content in written.items():
        own = CalamineWorkbook.from_filelike(io.BytesIO(content))
        assert list(read[language]) == own.sheet_names
        assert len(own.sheet_names) > 10
        kinds = set()
        for sheet in own.sheet_names:
            expected = cells(own.get_sheet_by_name(sheet).to_python())
            assert cells(read[language][sheet]) == expected, sheet
            kinds |= {type(each) for row in expected for each in row}
        assert {str, Decimal, date} <= kinds
