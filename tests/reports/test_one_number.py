"""One number everywhere: every official report, issued in both languages, says in its PDF, workbook, tables and data
what the page and the API say; its PDF is one that archives take, its workbook one that LibreOffice opens.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings as house
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from tests import given
from tests.connectors.finished import folders_in, kept_database, stirred_contest
from tests.connectors.test_pabulib_import import KATOWICE
from tests.reports import pdfa
from tests.reports.libreoffice import read_by_libreoffice
from tests.reports.lines import columns
from tests.reports.test_figures import refreshed

from viche.ballots.models import Participation
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation import clock
from viche.reports.figure import COUNT, DAYS, HUNDREDTHS, MONEY, SHARE, Figure, plain_value
from viche.reports.files import csv_of
from viche.reports.measures import MEASURES
from viche.reports.official.actions import ask_report, make_report
from viche.reports.official.kind import DATA, PDF, TABLES, WORKBOOK
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import Report
from viche.reports.official.queries import content_of
from viche.reports.queries import figures_of
from viche.reports.workbook import DIGITS

pytestmark = pytest.mark.django_db

NUMBERS = {COUNT, MONEY, SHARE, DAYS, HUNDREDTHS}
LANGUAGES = ("uk", "en")


@dataclass(frozen=True)
class Issued:
    """A contest with every report that can be made of it. files: content by kind, language and form."""

    contest: Contest
    at: Any
    reports: dict[tuple[str, str], Report]
    files: dict[tuple[str, str], dict[str, bytes]]


def issued(contest: Contest, at: Any) -> Issued:
    with clock.at(at):
        refreshed()
        by = given.official("Ірина", "commission", contest.community)
        reports, files = {}, {}
        for key, kind in KINDS.items():
            if kind.is_ready(contest):
                continue
            for asked in ask_report(contest=contest, kind=key, languages=LANGUAGES, by=by):
                made = make_report(report=asked)
                assert made.state == Report.State.MADE, (key, made.fault)
                reports[key, made.language] = made
                files[key, made.language] = {each.form: content_of(each) or b"" for each in made.files.all()}
    return Issued(contest, at, reports, files)


@pytest.fixture(scope="module", params=["finished", pytest.param("katowice", marks=pytest.mark.pabulib)])
def every(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Issued]:  # fmt: skip
    """A contest of this platform with votes replaced and annulled; and a city's of elsewhere."""
    if request.param == "katowice" and not KATOWICE.exists():
        pytest.skip(f"no {KATOWICE}: set PABULIB_DIR to a folder of Pabulib's files")
    folder = tmp_path_factory.mktemp("issued")
    former = house.MEDIA_ROOT, house.PRIVATE_ROOT
    house.MEDIA_ROOT, house.PRIVATE_ROOT = folder / "media", folder / "private"
    with folders_in(folder), kept_database(django_db_blocker):
        if request.param == "katowice":
            contest = import_election(content=KATOWICE.read_bytes(), community=given.community()).contest
            yield issued(contest, clock.now())
        else:
            yield issued(stirred_contest(), given.day(72))
    house.MEDIA_ROOT, house.PRIVATE_ROOT = former


def squeezed(text: str) -> str:
    """Without any white space, hyphens of broken lines and letters that PDF joins."""
    return "".join(text.replace("\xad", "").replace("\ufffe", "").replace("-", "").split())


def figures_in(data: bytes) -> list[dict[str, Any]]:
    return [part for part in json.loads(data)["parts"] if part["type"] == "figure"]


def rebuilt(every: Issued, key: str, language: str) -> list[Figure]:
    with clock.at(every.at), translation.override(language):
        return list(KINDS[key].build(every.contest).figures())


def test_every_kind_is_issued_in_both_languages(every: Issued):
    """Of an election that was voted in elsewhere, points and terminals have nothing to compare."""
    is_own = Participation.objects.filter(contest=every.contest).exists()
    kinds = set(KINDS) - (set() if is_own else {"reconciliation"})
    assert set(every.reports) == {(key, language) for key in kinds for language in LANGUAGES}
    numbers = [report.number for report in every.reports.values()]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_the_files_of_a_report_say_the_same_numbers(every: Issued):
    """PDF, workbook, CSV and JSON against what the figures hold."""
    for (key, language), files in every.files.items():
        figures = rebuilt(every, key, language)
        assert set(files) == set(KINDS[key].forms), key
        with translation.override(language):
            if DATA in files:
                kept = figures_in(files[DATA])
                assert [each["sha256"] for each in kept] == [each.digest for each in figures]
                assert [[row["values"] for row in each["rows"]] for each in kept] == [
                    [list(row.values) for row in each.rows] for each in figures
                ]
            if TABLES in files:
                with zipfile.ZipFile(io.BytesIO(files[TABLES])) as packed:
                    tables = [packed.read(name).decode() for name in packed.namelist()]
                assert tables == [csv_of(each) for each in figures]
            if PDF in files:
                with pypdfium2.PdfDocument(files[PDF]) as pdf:
                    said = squeezed("".join(page.get_textpage().get_text_range() for page in pdf))
                for figure in figures:
                    assert figure.digest in said, (key, language, figure.key)
                    for _label, texts, _href in figure.lines():
                        for column, text in zip(figure.columns, texts, strict=True):
                            if column.kind in NUMBERS:
                                assert squeezed(text) in said, (key, language, figure.key, text)


def test_workbooks_are_opened_by_libreoffice_and_hold_the_numbers(every: Issued, tmp_path: Path):
    names = {f"{key}-{language}": (key, language) for key, language in every.files}
    books = {name: every.files[of][WORKBOOK] for name, of in names.items() if WORKBOOK in every.files[of]}
    assert len(books) >= 2
    read = read_by_libreoffice(books, tmp_path)
    for name in books:
        figures = rebuilt(every, *names[name])
        # the contents, and a sheet for each figure
        sheets = list(read[name].values())[1:]
        assert len(sheets) == len(figures)
        for figure, cells in zip(figures, sheets, strict=True):
            for place, column in enumerate(figure.columns, start=1):
                if column.kind not in NUMBERS:
                    continue
                for row, line in zip(figure.rows, cells[1:], strict=False):
                    value = row.values[place - 1]
                    cell = line[place] if place < len(line) else ""
                    if isinstance(value, int):
                        whole = Decimal(str(cell)).scaleb(DIGITS.get(column.kind, 0))
                        assert round(whole) == value, (name, figure.key, row.key)
                    elif value is None:
                        assert cell in ("", None), (name, figure.key, row.key)


def test_page_csv_json_and_api_say_the_same_as_the_reports(every: Issued):
    """Every public figure, by whatever way it is asked for."""
    contest, cited = every.contest, set()
    start = f"/{contest.community.slug}"
    with clock.at(every.at):
        for language in LANGUAGES:
            cache.clear()
            client = Client(headers={"accept-language": language})
            with translation.override(language):
                figures = figures_of(contest)
            prefix = f"{start}/{contest.slug}" if language == "uk" else f"{start}/{language}/{contest.slug}"
            for figure in figures:
                with translation.override(language):
                    lines, table = figure.lines(), csv_of(figure)
                page = client.get(f"{prefix}/figures/{figure.key}/").content.decode()
                flat = squeezed(page.replace("&nbsp;", " ").replace("&#x27;", "'"))
                for _label, texts, _href in lines:
                    for column, text in zip(figure.columns, texts, strict=True):
                        if column.kind in NUMBERS:
                            assert squeezed(text) in flat, (figure.key, text)
                assert client.get(f"{prefix}/figures/{figure.key}.csv").content.decode() == table
                (kept,) = json.loads(client.get(f"{prefix}/figures/{figure.key}.json").content)["figures"]
                told = client.get(
                    f"/api/v1/communities/{contest.community.code}/contests/{contest.slug}/figures/{figure.key}"
                ).json()
                assert told["sha256"] == kept["sha256"] == figure.digest
                values = [list(row.values) for row in figure.rows]
                assert [row["values"] for row in told["rows"]] == values
                assert [row["values"] for row in kept["rows"]] == values
        with translation.override("uk"):
            digests = {each.key: each.digest for each in figures_of(contest)}
    for (key, language), _files in every.files.items():
        for figure in rebuilt(every, key, language):
            if figure.key in MEASURES:
                assert figure.digest == digests[figure.key], (key, figure.key)
                cited.add(figure.key)
    assert len(cited) > 10


def test_sums_of_what_was_won_tie_out_over_the_reports(every: Issued):
    """The money of the winners is one number in the count, on the page and in every report that names it."""
    outcome = every.contest.publication.count.outcome
    won = sum(outcome["amounts"].values())
    with translation.override("uk"):
        (summary,) = (each for each in figures_of(every.contest) if each.key == "summary")
        by_category = next(each for each in figures_of(every.contest) if each.key == "money-by-category")
    assert columns(summary, summary.rows[0])["won_amount"] == won
    places = {column.key: place for place, column in enumerate(by_category.columns)}
    won_place = next(place for key, place in places.items() if key in {"won_amount", "won"} and
                     by_category.columns[place].kind == MONEY)  # fmt: skip
    assert sum(int(row.values[won_place] or 0) for row in by_category.rows) == won
    with zipfile.ZipFile(io.BytesIO(every.files["data-annex", "uk"][TABLES])) as packed:
        table = next(name for name in packed.namelist() if name.endswith("-summary.csv"))
        head, row = csv.reader(io.StringIO(packed.read(table).decode()))
    place = 2 + [column.key for column in summary.columns].index("won_amount")
    assert row[place] == plain_value(MONEY, won)
    assert len(head) == len(row)


def test_every_pdf_is_one_that_archives_take(every: Issued):
    for (key, language), files in every.files.items():
        if PDF in files:
            title = every.reports[key, language].title
            assert pdfa.missing(files[PDF], title=title, language=language) == [], (key, language)
