"""A checked file goes into the box: chunk by chunk, each with the position in one transaction.

Whenever the process is killed, the next one goes on after the last chunk that is in; the chunks are the same, and so is
what the box says of every row.
"""

import time
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.models import PaperBatch
from viche.ballots.papers import put_papers, put_totals
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.reading import SheetReader
from viche.channels.paper.importing.sheets import box_rows, chunks_of, reader_of, rows_of, tally
from viche.channels.paper.importing.totals import read_totals
from viche.foundation.refused import Refused
from viche.foundation.tables import Row
from viche.identity.queries import actor_of

State = PaperImport.State


def run_file(*, reference: UUID, seconds: int | None = None) -> bool:
    """Put rows that are left into the box, for so many seconds or all; whether some are left.

    Ends in the state "entered", or stays "running" with what stopped it. Harmless where no run was asked for. Raises
    keys.KeyMissing: the job is tried again.
    """
    held, begun = _loaded(reference), time.monotonic()
    if held.state != State.RUNNING or held.stopped:
        return False
    try:
        if held.contest.rules.paper.mode == TOTALS:
            _put_protocols(held)
        else:
            reader = reader_of(held)
            chunks: Iterator[list[Row]] = chunks_of(rows_of(held))
            while put_chunk(held.pk, reader, next(chunks, [])):
                if seconds is not None and time.monotonic() - begun > seconds:
                    return True
    except Refused as refused:
        PaperImport.objects.filter(pk=held.pk, state=State.RUNNING).update(
            stopped=str(refused.message)[:1000]
        )
    return False


def put_chunk(reference: UUID, reader: SheetReader, chunk: list[Row]) -> bool:
    """Put one chunk and say how far it is, both or neither; False where nothing is left. Locks the import's row.

    Refused: as put_papers; file_differs, where a row is faulty that was not when it was checked.
    """
    with transaction.atomic():
        held = _loaded(reference, is_held=True)
        if held.state != State.RUNNING or held.stopped:
            return False
        if not chunk:
            held.state = State.ENTERED
            held.save(update_fields=["state"])
            return False
        if chunk[0].number <= held.position:
            return True
        sheets = [reader.read(row) for row in chunk]
        if faulty := [sheet.number for sheet in sheets if sheet.is_faulty]:
            message = _("Row %(row)d was sound when the file was checked and is not now: check it again.")
            raise Refused("file_differs", message % {"row": faulty[0]})
        batch = PaperBatch.objects.get(pk=held.batch_id())
        results = put_papers(batch=batch, rows=box_rows(held, sheets))
        held.counts = tally(held.counts, results)
        held.position = chunk[-1].number
        held.save(update_fields=["counts", "position"])
    return True


def _put_protocols(held: PaperImport) -> None:
    """The totals of every point, in the name of whoever brought the file. All or none."""
    person = held.uploaded_by
    if person is None:
        raise Refused("nobody", _("Whoever brought the file is not known any more: upload it again."))
    by = actor_of(person, held.community)
    protocols, _rows = read_totals(held)
    with transaction.atomic():
        held = _loaded(held.pk, is_held=True)
        batches = [
            put_totals(
                contest=held.contest, name=f"{held.name}: {each.name}"[:200], votes=each.votes, expected=each.numbers,
                point=each.point, by=by, batch_id=held.batch_id(str(each.point or "")),
            )
            for each in protocols
        ]  # fmt: skip
        held.batches = [str(batch.pk) for batch in batches]
        held.counts = {"valid": len(batches), "invalid": {}}
        held.position, held.state = held.total, State.ENTERED
        held.save(update_fields=["batches", "counts", "position", "state"])


def _loaded(reference: UUID, *, is_held: bool = False) -> PaperImport:
    found = PaperImport.objects.select_related("contest__community__territory", "uploaded_by")
    return (found.select_for_update(of=("self",)) if is_held else found).get(pk=reference)
