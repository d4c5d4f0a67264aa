"""Official reports for the tests: built of a contest, taken apart into words and tables, and checked whole."""

import csv
import io
from typing import Any

from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import given
from tests.reports.lines import columns
from tests.reports.test_figures import refreshed

from viche.contests.models import Contest
from viche.foundation import clock
from viche.reports.document import Document, Facts, Paragraph, Signatures
from viche.reports.figure import Figure
from viche.reports.files import csv_of
from viche.reports.official.kinds import KINDS
from viche.reports.workbook import workbook_of
from viche.results.queries import publication_of

AFTER = given.day(72)
OFFICIAL = ("count-protocol", "results-statement", "reconciliation")


def fresh(contest: Contest) -> Contest:
    """The contest as it is kept by now."""
    return Contest.objects.select_related("community__territory").get(pk=contest.pk)


def built(contest: Contest, key: str, *, language: str = "en", at: Any = AFTER) -> Document:
    with clock.at(at), translation.override(language):
        kind = KINDS[key]
        assert kind.is_ready(fresh(contest)) == ""
        return kind.build(fresh(contest))


def refusal(contest: Contest, key: str) -> str:
    with translation.override("en"):
        return KINDS[key].is_ready(fresh(contest))


def tables_of(document: Document) -> dict[str, Figure]:
    found = {each.key: each for each in document.figures()}
    assert len(found) == len(list(document.figures())), "every table has a name of its own"
    return found


def told(document: Document) -> str:
    """Every word outside the tables."""
    said = []
    for part in document.parts:
        if isinstance(part, Paragraph):
            said.append(part.text)
        elif isinstance(part, Facts):
            said += [f"{name}: {value}" for name, value in part.rows]
        elif isinstance(part, Signatures):
            said += [f"{office}: {name}" for office, name in part.places]
    return "\n".join(said)


def ready_kinds(contest: Contest, *, at: Any = AFTER) -> list[str]:
    with clock.at(at):
        refreshed()
        return [key for key, kind in KINDS.items() if not kind.is_ready(fresh(contest))]


def check_sums(contest: Contest, *, at: Any = AFTER) -> None:
    """The money of every pot and the ballots of every way follow from each other, down to the outcome of the count."""
    outcome = publication_of(contest).count.outcome
    protocol = tables_of(built(contest, "count-protocol", at=at))
    pots = protocol["pots"]
    for row in pots.rows:
        line = columns(pots, row=row.key)
        assert line["amount"] + line["moved"] == line["spent"] + line["left"]
    total = columns(pots)
    assert total["moved"] == 0
    assert total["amount"] == sum(pot.amount for pot in contest.rules.pots)
    assert (total["spent"], total["left"]) == (sum(outcome["spent"].values()), sum(outcome["left"].values()))
    assert total["spent"] == sum(outcome["amounts"].values())
    assert total["winners"] == len(outcome["funded"])

    rankings = [each for key, each in protocol.items() if key.startswith("ranking-")]
    assert sum(columns(each)["amount"] for each in rankings) == total["spent"]
    places = {row.key: columns(each, row=row.key) for each in rankings for row in each.rows}
    assert {key: line["score"] for key, line in places.items()} == outcome["totals"]
    assert {key for key, line in places.items() if line["result"] == "winner"} == set(outcome["funded"])

    balance = {row.key: row.values[0] for row in protocol["ballot-balance"].rows}
    left_out = sum(balance[name] for name in ("replaced", "annulled", "withdrawn", "taken_back"))
    assert balance["box"] - left_out == balance["opened"]
    assert balance["opened"] + balance["protocols"] == balance["in_count"]
    assert balance["in_count"] - balance["invalid"] == balance["valid"] == outcome["voters"]
    if "ballots-by-channel" in protocol:
        channels = columns(protocol["ballots-by-channel"])
        assert channels["marks"] - channels["annulled"] == channels["voters"]
        assert channels["ballots"] == balance["in_count"]
    invalid = protocol.get("invalid-ballots")
    assert (columns(invalid)["number"] if invalid else 0) == balance["invalid"]

    statement = tables_of(built(contest, "results-statement", at=at))
    won = [each for key, each in statement.items() if key.startswith("winners-")]
    assert sum(columns(each)["amount"] for each in won) == total["spent"]
    losers = statement["losers"].rows if "losers" in statement else ()
    assert {row.key for each in won for row in each.rows} | {row.key for row in losers} == set(
        outcome["totals"]
    )


def check_documents(contest: Contest, *, at: Any = AFTER) -> list[str]:
    """Every kind that is ready is whole in both languages, with the same numbers in each and in every form."""
    ready = ready_kinds(contest, at=at)
    for key in ready:
        english, ukrainian = (built(contest, key, language=each, at=at) for each in ("en", "uk"))
        assert [each.digest for each in english.figures()] == [each.digest for each in ukrainian.figures()]
        assert len(english.parts) == len(ukrainian.parts)
        for language, document in (("en", english), ("uk", ukrainian)):
            assert document.title
            assert contest.name in document.subtitle or language == "en"
            assert all(line.strip() for line in told(document).splitlines())
            with translation.override(language):
                check_files(document)
    return ready


def check_files(document: Document) -> None:
    figures = list(document.figures())
    assert figures
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(figures, title=document.title)))
    for number, figure in enumerate(figures, start=1):
        lines = list(csv.reader(io.StringIO(csv_of(figure))))
        assert len(lines) == len(figure.rows) + 1
        sheet = book.get_sheet_by_index(number).to_python()
        assert len(sheet) == len(figure.rows) + 1
        for place, column in enumerate(figure.columns):
            for row, line, cells in zip(figure.rows, lines[1:], sheet[1:], strict=True):
                value, cell = row.values[place], cells[place + 1]
                if value is None:
                    assert (line[place + 2], cell) == ("", "")
                elif column.kind in ("text", "word"):
                    assert (
                        line[place + 2].lstrip("'")
                        == figure.text(column, value).lstrip("'")
                        == cell.lstrip("'")
                    )
                elif column.kind == "money":
                    assert round(float(line[place + 2]) * 100) == value == round(cell * 100)
                elif column.kind in ("count", "days") and isinstance(value, int):
                    assert int(line[place + 2]) == value == cell
