"""The same numbers as a workbook and as PDF/A, and side by side over years and bodies."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import given
from tests.reports.lines import columns
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened
from tests.surfaces.ground import prefix

from viche.foundation import clock
from viche.foundation.kept_files import made_once
from viche.journal.queries import history_of
from viche.reports.across import bodies_of, years_of
from viche.reports.actions import count_tallies
from viche.reports.figure import MONEY, Row
from viche.reports.models import Tally
from viche.reports.printing import pdf_of_figures
from viche.reports.queries import figure_of, figures_of
from viche.reports.telling import sentence_of
from viche.reports.workbook import workbook_of

pytestmark = pytest.mark.django_db


def test_everybody_takes_the_figures_away_and_the_same_numbers_are_made_once(client, monkeypatch):
    made = []

    def counting(figures, **facts):
        made.append([figure.key for figure in figures])
        return pdf_of_figures(figures, **facts)

    monkeypatch.setattr("viche.reports.downloads.pdf_of_figures", counting)
    contest = opened()
    published(contest)
    with clock.at(given.day(72)):
        refreshed()
        address = f"{prefix(contest.community)}{contest.slug}/figures"
        first = client.get(f"{address}.pdf")
        assert first["Content-Type"] == "application/pdf"
        assert first["Content-Disposition"] == f'attachment; filename="{contest.slug}-figures.pdf"'
        book = client.get(f"{address}/winners.xlsx").content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(1).to_python()
        figure = figure_of(contest, "winners")
        assert [row[0] for row in rows[1:]] == [figure.label(row) for row in figure.rows]
    with clock.at(given.day(73)):
        # counted again on another day, to the same numbers
        count_tallies(contest=contest)
        assert client.get(f"{address}.pdf").content == first.content
        assert len(made) == 1
        client.get(f"{address}/winners.pdf")
        assert made[1:] == [["winners"]]
        # a new number is a new file, in the place of the former
        Tally.objects.filter(contest=contest, measure="course").update(rows=[["submitted", 7, 100]])
        assert client.get(f"{address}.pdf").content != first.content
        kept = [path.name for path in (Path(settings.FIGURES_DIR) / str(contest.pk)).glob("figures-*.pdf")]
        assert len(kept) == 1


def test_of_many_who_ask_at_once_one_makes_the_file(tmp_path):
    made = []

    def slowly():
        made.append(1)
        time.sleep(0.2)
        return b"a document"

    with ThreadPoolExecutor(8) as people:
        got = list(people.map(lambda _: made_once(tmp_path, "figures-uk.pdf", "abc", slowly), range(8)))
    assert got == [b"a document"] * 8
    assert made == [1]


def test_a_figure_names_what_it_is_computed_from(client):
    contest = opened()
    published(contest)
    with clock.at(given.day(72)):
        refreshed()
        count = contest.publication.count
        address = f"{prefix(contest.community)}{contest.slug}/figures"
        result = client.get(f"{address}/satisfaction/").content.decode()
        voters = client.get(f"{address}/turnout-by-day/").content.decode()
    figure = figure_of(contest, "satisfaction")
    record = f"http://testserver{prefix(contest.community)}{contest.slug}/record/"
    hashes = (figure.digest, count.dossier_digest, count.outcome_digest, contest.rules_version.digest)
    for said in (*hashes, f"python -m rulebook verify {record}"):
        assert said in result
    (opening,) = [line for line in history_of(f"contest:{contest.id}") if line.kind == "BoxOpened"]
    assert opening.leaf_hash in voters
    assert f"/entries/2026/{opening.index}/" in voters
    assert count.outcome_digest not in voters


@pytest.mark.parametrize(
    ("voters", "served", "said"),
    [
        (4, 3, "3 of 4 voters got"),
        (1000, 734, "Out of every 100 voters 73 got"),
        (1000, 735, "100 voters 74 got"),
    ],
)
def test_what_voters_got_is_said_in_words(voters, served, said):
    contest = opened()
    published(contest)
    with clock.at(given.day(72)), translation.override("en"):
        refreshed()
        figure = figure_of(contest, "satisfaction")
        (row,) = figure.rows
        changed = replace(figure, rows=(Row("all", (voters, served, *row.values[2:])),))
        assert said in sentence_of(changed)


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
    line = columns(summary, summary.rows[0])
    years = years_of(contest.community)
    assert [row.key for row in years.rows] == [contest.slug]
    told = columns(years, contest.slug)
    assert told == {key: line[key] for key in told}
    (body,) = bodies_of().rows
    assert body.key == contest.community.slug
    assert bodies_of(contest.community.territory).rows == (body,)
    assert bodies_of(year=1999) is None
