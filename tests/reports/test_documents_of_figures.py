"""The same numbers as a workbook and as PDF/A, and side by side over years and bodies."""

import io
from decimal import Decimal

import pypdfium2
import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import given
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened

from viche.foundation import clock
from viche.reports.across import bodies_of, years_of
from viche.reports.figure import MONEY
from viche.reports.printing import pdf_of_figures
from viche.reports.queries import figure_of, figures_of
from viche.reports.workbook import workbook_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_workbook_and_a_pdf_hold_the_numbers_of_the_page(language: str):
    contest = opened()
    published(contest)
    with clock.at(given.day(72)), translation.override(language):
        refreshed()
        figures = figures_of(contest)
        book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(figures, title=contest.name)))
        for number, figure in enumerate(figures, start=1):
            sheet = book.get_sheet_by_index(number).to_python()
            assert [row[0] for row in sheet[1:]] == [figure.label(row) for row in figure.rows]
            for place, column in enumerate(figure.columns, start=1):
                if column.kind == MONEY:
                    kept = [row.values[place - 1] for row in figure.rows]
                    read = [
                        None if row[place] == "" else int(Decimal(str(row[place])) * 100) for row in sheet[1:]
                    ]
                    assert read == kept
        with pypdfium2.PdfDocument(pdf_of_figures(figures, title=contest.name)) as pdf:
            said = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        flat = "".join(said.split())
        for figure in figures:
            assert figure.digest in flat
            assert all(
                "".join(text.split()) in flat for _label, texts, _href in figure.lines() for text in texts
            )


def test_years_and_bodies_are_put_together_from_the_same_counts():
    contest = opened()
    published(contest)
    with clock.at(given.day(72)):
        refreshed()
    summary = figure_of(contest, "summary")
    line = dict(zip([column.key for column in summary.columns], summary.rows[0].values, strict=True))
    (year,) = years_of(contest.community).rows
    assert year.key == contest.slug
    told = dict(zip([column.key for column in years_of(contest.community).columns], year.values, strict=True))
    assert told == {key: line[key] for key in told}
    (body,) = bodies_of().rows
    assert body.key == contest.community.slug
    assert bodies_of(contest.community.territory).rows == (body,)
    assert bodies_of(year=1999) is None
