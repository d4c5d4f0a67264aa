"""What pages ask about files of paper results."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.models import PaperBallot, PaperBatch
from viche.ballots.papers import votes_of
from viche.channels.paper.importing.columns import NUMBERS
from viche.channels.paper.importing.models import PaperFinding, PaperImport
from viche.channels.paper.importing.shelf import KeptFile
from viche.channels.paper.importing.wording import FIELDS, finding_text, place_text
from viche.channels.paper.readings import ballot_lines
from viche.channels.paper.wording import REASONS
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.foundation.tables import letter_of, open_table

FIRST_ROWS, SHOWN_FINDINGS = 8, 200
BOM = "\ufeff"
_LONG_NUMBER = re.compile(r"\d{6,}")


def imports_of(contest: Contest) -> QuerySet[PaperImport]:
    """The files of a contest, the latest first."""
    return PaperImport.objects.filter(contest=contest).select_related("uploaded_by", "ended_by")


def import_in(contest: Contest, reference: UUID) -> PaperImport | None:
    """The contest's file of this reference."""
    found = imports_of(contest).filter(pk=reference).first()
    if found is not None:
        found.contest = contest
    return found


def batches_of(paper_import: PaperImport) -> list[PaperBatch]:
    """The box's batches of the file, in its order."""
    found = PaperBatch.objects.select_related("contest__community__territory").in_bulk(paper_import.batches)
    return [found[UUID(each)] for each in paper_import.batches if UUID(each) in found]


@dataclass(frozen=True)
class FirstRows:
    """The beginning of a file. columns: letters. rows: number and cells, long numbers hidden: they may be a voter's."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]


def first_rows(paper_import: PaperImport) -> FirstRows:
    """The beginning of a file that is still kept; nothing of one that is not."""
    try:
        table = open_table(KeptFile(paper_import.contest, paper_import.pk), sheet=paper_import.sheet)
        taken = [row for row, _place in zip(table.rows(), range(FIRST_ROWS), strict=False)]
    except Refused:
        return FirstRows([], [])
    width = max((len(row.cells) for row in taken), default=0)
    rows = [(row.number, [_hidden(row.cell(place)) for place in range(width)]) for row in taken]
    return FirstRows([letter_of(place) for place in range(width)], rows)


def _hidden(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: f"{found[0][:2]}…", text[:60])


def findings_of(paper_import: PaperImport, *, is_error: bool) -> list[PaperFinding]:
    """The first of what was found, in the order of the rows."""
    return list(paper_import.findings.filter(is_error=is_error).order_by("row", "id")[:SHOWN_FINDINGS])


def findings_file(paper_import: PaperImport) -> Iterator[str]:
    """Everything that was found and kept, as a CSV, line by line."""
    kinds = {True: _("error"), False: _("remark")}
    yield BOM + _line(_("Row"), _("Column"), _("Kind"), _("What was found"))
    found = paper_import.findings.order_by("row", "id")
    lines = [
        _line(each.row, place_text(each), kinds[each.is_error], finding_text(each))
        for each in found.iterator()
    ]
    yield from lines


def report_file(paper_import: PaperImport) -> Iterator[str]:
    """What became of every row, as a CSV, line by line; the same however often the run was interrupted."""
    if paper_import.contest.rules.paper.mode == TOTALS:
        return _report_of_totals(paper_import)
    words = {reason: str(text) for reason, text in REASONS.items()}
    heading = BOM + _line(_("Row"), _("Ballot number"), _("Result"), _("Why invalid"))
    results = {True: _("valid"), False: _("invalid")}
    sheets = PaperBallot.objects.filter(batch__in=paper_import.batches).order_by("key")
    found = sheets.values_list("key", "serial__number", "reason")

    def lines() -> Iterator[str]:
        yield heading
        for key, number, reason in found.iterator(chunk_size=5_000):
            yield _line(int(key), number or "", results[not reason], words.get(reason, ""))

    return lines()


def _report_of_totals(paper_import: PaperImport) -> Iterator[str]:
    numbers = {code: number for number, (code, _title) in ballot_lines(paper_import.contest).items()}
    yield BOM + _line(
        _("Protocol"), *(str(FIELDS[each]) for each in NUMBERS), _("Project number"), _("Votes")
    )
    for batch in batches_of(paper_import):
        told = [(batch.expected or {}).get(each, 0) for each in NUMBERS]
        for code, votes in sorted(votes_of(batch).items(), key=lambda vote: numbers.get(vote[0], 0)):
            yield _line(batch.name, *told, numbers.get(code, code), votes)


def _line(*cells: object) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([_safe(str(cell)) for cell in cells])
    return out.getvalue()


def _safe(text: str) -> str:
    """No text becomes a formula in the program that opens the file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
