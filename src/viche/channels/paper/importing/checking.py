"""The check of a file: every row read and held against the same doors as in the run, nothing written to the box."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.papers import PaperResult, judge_papers
from viche.channels.paper.importing.models import PaperFinding, PaperImport
from viche.channels.paper.importing.reading import Found, ReadRow
from viche.channels.paper.importing.sheets import Seen, box_rows, chunks_of, reader_of, rows_of, tally
from viche.channels.paper.importing.totals import read_totals
from viche.foundation import keys
from viche.foundation.refused import Refused

State = PaperImport.State
MOST_KEPT = 10_000
"""How many findings are kept to be looked at; all are counted."""


def check_file(*, reference: UUID) -> None:
    """Check the file from its beginning, chunk by chunk; a check that was killed begins anew. Locks nothing for long.

    Ends in the state "checked", or "mapping" with what stopped it. Harmless where no check was asked for.
    """
    held = PaperImport.objects.select_related("contest__community__territory").get(pk=reference)
    if held.state != State.CHECKING:
        return
    held.position, held.total = 0, 0
    held.found = {"errors": 0, "remarks": 0, "valid": 0, "invalid": {}}
    PaperFinding.objects.filter(paper_import=held).delete()
    try:
        _check_totals(held) if held.contest.rules.paper.mode == TOTALS else _check_sheets(held)
    except Refused as refused:
        _ended(held, State.MAPPING, str(refused.message))
    except keys.KeyMissing:
        raise
    else:
        _ended(held, State.CHECKED, "")


def _check_sheets(held: PaperImport) -> None:
    reader, seen = reader_of(held), Seen()
    for chunk in chunks_of(rows_of(held)):
        sheets = [reader.read(row) for row in chunk]
        sound = [sheet for sheet in sheets if not sheet.is_faulty]
        rows = box_rows(held, sound)
        judged = judge_papers(contest=held.contest, rows=rows)
        results = [
            PaperResult(row.key, seen.judged(row, each.reason))
            for row, each in zip(rows, judged, strict=True)
        ]
        for sheet, each in zip(sound, results, strict=True):
            if each.reason:
                sheet.found.append(Found(None, each.reason, is_error=False))
        held.found = tally(held.found, results)
        keep_findings(held, sheets)
        held.total += len(chunk)
        held.position = chunk[-1].number
        _save(held)


def _check_totals(held: PaperImport) -> None:
    protocols, rows = read_totals(held)
    held.found["valid"] = len(protocols)
    held.total = len(rows)
    keep_findings(held, rows)
    _save(held)


def keep_findings(held: PaperImport, rows: Iterable[ReadRow]) -> None:
    """Count what was found, and keep the first of it."""
    kept = held.found.get("kept", 0)
    made = []
    for row in rows:
        for each in row.found:
            held.found["errors" if each.is_error else "remarks"] += 1
            if kept + len(made) < MOST_KEPT:
                made.append(
                    PaperFinding(
                        paper_import=held, row=row.number, place=each.place, code=each.code, word=each.word[:40],
                        is_error=each.is_error,
                    )
                )  # fmt: skip
    held.found["kept"] = kept + len(made)
    PaperFinding.objects.bulk_create(made, batch_size=2_000)


def _save(held: PaperImport) -> None:
    """How far the check is. Refused: check_ended, where the file was put aside meanwhile."""
    with transaction.atomic():
        changed = PaperImport.objects.filter(pk=held.pk, state=State.CHECKING).update(
            position=held.position, total=held.total, found=held.found
        )
    if not changed:
        raise Refused("check_ended", "")


def _ended(held: PaperImport, state: str, stopped: str) -> None:
    PaperImport.objects.filter(pk=held.pk, state=State.CHECKING).update(
        state=state, stopped=stopped[:1000], position=0, total=held.total, found=held.found
    )
