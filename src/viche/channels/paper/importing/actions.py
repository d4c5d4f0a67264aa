"""What officials do with a file: bring it, name its columns, have it checked and run, confirm it, take it back."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.models import PaperBatch
from viche.ballots.papers import close_batch, open_batch, undo_batch
from viche.ballots.papers.guards import entering_only, held_closed_box
from viche.channels.paper.importing.columns import checked_columns, fields_of, guessed
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.queries import batches_of
from viche.channels.paper.importing.shelf import KeptFile, forget_file, keep_file
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.documents import shown_name
from viche.foundation.ids import uuid7
from viche.foundation.refused import Refused
from viche.foundation.tables import Row, Stored, Table, open_table
from viche.points.queries import point_named

State = PaperImport.State
ENDED = (State.UNDONE, State.DISCARDED)
NAMING = (State.MAPPING, State.CHECKED)


def upload_import(
    *, contest: Contest, content: bytes, name: str, by: Actor, point: UUID | None = None
) -> tuple[PaperImport, bool]:
    """Keep a file, sealed, with a guess of its columns; (the import, whether the same file is here already).

    point: whose ballots these are. Nothing goes into the box and no journal entry is made before it is run. Refused:
    not_entering, channel_not_offered, no_box, key_awaited, voting_not_begun, box_opened, unknown_point, no_rows, and
    as foundation.tables says at the field "file".
    """
    entering_only(contest, by)
    digest = hashlib.sha256(content).hexdigest()
    if point is not None and point_named(contest.community, point) is None:
        message = _("Choose a point from the list.")
        raise Refused("unknown_point", message, fields={"point": message}, status=422)
    if (known := _earlier(contest, digest)) is not None:
        return known, True
    table = open_table(Stored(content))
    made = PaperImport(
        id=uuid7(), community_id=contest.community_id, contest=contest, digest=digest, size=len(content), point=point,
        kind=table.kind, name=shown_name(name, table.kind), encoding=table.encoding, separator=table.separator,
        sheets=list(table.sheets), sheet=table.sheet, uploaded_by_id=by.person_id, uploaded_at=clock.now(),
    )  # fmt: skip
    _guess(made, table)
    try:
        with transaction.atomic():
            held_closed_box(contest)
            made.attempt = PaperImport.objects.filter(contest=contest, digest=digest).count() + 1
            made.save(force_insert=True)
            keep_file(contest, made.pk, content)
    except IntegrityError:
        forget_file(made.pk)
        known = _earlier(contest, digest)
        if known is None:
            raise
        return known, True
    except BaseException:
        forget_file(made.pk)
        raise
    return made, False


def _earlier(contest: Contest, digest: str) -> PaperImport | None:
    """The import of the very file that is not taken back."""
    found = PaperImport.objects.filter(contest=contest, digest=digest).exclude(state__in=ENDED).first()
    if found is not None and found.batches:
        undone = PaperBatch.objects.filter(pk__in=found.batches, state=PaperBatch.State.UNDONE)
        if undone.count() == len(found.batches):  # taken back on the page of batches
            PaperImport.objects.filter(pk=found.pk).update(state=State.UNDONE)
            return None
    return found


def _guess(made: PaperImport, table: Table) -> None:
    """Where the names of the columns are and what they hold; as an earlier file with the same names was understood."""
    made.heading, made.headings, made.columns = guessed(made.contest, table.rows())
    if not made.headings:
        made.headings = [cell[:100] for cell in (next(table.rows(), None) or _no_rows()).cells]
        return
    alike = PaperImport.objects.filter(community_id=made.community_id, headings=made.headings)
    known = set(fields_of(made.contest))
    for earlier in alike.exclude(state=State.MAPPING).order_by("-uploaded_at")[:1]:
        if set(earlier.columns.values()) <= known:
            made.columns = earlier.columns


def _no_rows() -> Row:
    message = _("There is no row in the file.")
    raise Refused("no_rows", message, fields={"file": message}, status=422)


def choose_sheet(*, paper_import: PaperImport, sheet: str, by: Actor) -> PaperImport:
    """Read another sheet of the file; its columns are guessed anew. Locks the import. Refused: not_entering,
    import_moved_on, unknown_sheet, file_gone.
    """
    with transaction.atomic():
        held = _held(paper_import, by, *NAMING)
        table = open_table(KeptFile(held.contest, held.pk), sheet=sheet)
        held.sheet, held.state, held.found = sheet, State.MAPPING, {}
        _guess(held, table)
        held.save()
    return held


def check_import(
    *, paper_import: PaperImport, columns: Mapping[str, str], heading: int, by: Actor
) -> PaperImport:
    """Say what the columns hold and have the whole file checked by a job. heading: the row with their names, or 0.

    Locks the import. Asked again while it is checked, it stays as it is. Refused: not_entering, import_moved_on,
    no_sheet, bad_columns.
    """
    with transaction.atomic():
        held = _held(paper_import, by, *NAMING, State.CHECKING)
        if held.state == State.CHECKING:
            return held
        if held.sheets and not held.sheet:
            message = _("Choose the sheet of the file first.")
            raise Refused("no_sheet", message, fields={"sheet": message}, status=422)
        held.columns, held.heading = checked_columns(held.contest, columns), max(0, heading)
        held.state, held.stopped, held.position, held.total = State.CHECKING, "", 0, 0
        held.found = {}
        held.findings.all().delete()
        held.save()
        _defer("check_import_file", held)
    return held


def run_import(
    *, paper_import: PaperImport, by: Actor, expected: Mapping[str, int] | None = None
) -> PaperImport:
    """Have a checked file put into the box by a job; also one that was stopped on its way.

    expected: the numbers of the point's protocol, which are compared when the batch is confirmed. Locks the import.
    Asked again while it runs, it stays as it is. Refused: not_entering, import_moved_on, has_errors, no_rows, and as
    open_batch.
    """
    with transaction.atomic():
        held = _held(paper_import, by, State.CHECKED, State.RUNNING)
        if held.state == State.RUNNING and not held.stopped:
            return held
        if held.found.get("errors"):
            raise Refused(
                "has_errors",
                _(
                    "Rows have errors: correct them in the file and upload it again. Nothing was put into the box."
                ),
            )
        if not held.total:
            raise Refused("no_rows", _("There is no row in the file."), status=422)
        if held.contest.rules.paper.mode != TOTALS:
            batch = open_batch(
                contest=held.contest, kind=PaperBatch.Kind.IMPORT, name=held.name, by=by, point=held.point,
                source=held.digest, expected=expected, batch_id=held.batch_id(),
            )  # fmt: skip
            held.batches = [str(batch.pk)]
        held.state, held.stopped = State.RUNNING, ""
        held.save()
        _defer("run_import_file", held)
    return held


def close_import(*, paper_import: PaperImport, by: Actor, difference: str = "") -> PaperImport:
    """A second official confirms: every batch of the file is closed into the journal, and the file is deleted.

    Locks the import. Closing a closed one is harmless. Refused: import_moved_on, and as close_batch (same_person,
    totals_differ).
    """
    with transaction.atomic():
        held = _held(paper_import, by, State.ENTERED, State.CLOSED)
        if held.state == State.CLOSED:
            return held
        for batch in batches_of(held):
            close_batch(batch=batch, by=by, difference=difference)
        _end(held, State.CLOSED, by)
    return held


def undo_import(*, paper_import: PaperImport, reason: str, by: Actor) -> PaperImport:
    """Take the whole file back while the box is closed, also one that was stopped on its way.

    Locks the import. Undoing an undone one is harmless. Refused: import_moved_on, and as undo_batch.
    """
    with transaction.atomic():
        held = _held(paper_import, by, State.RUNNING, State.ENTERED, State.CLOSED, State.UNDONE)
        if held.state == State.UNDONE:
            return held
        for batch in batches_of(held):
            undo_batch(batch=batch, reason=reason, by=by)
        _end(held, State.UNDONE, by)
    return held


def discard_import(*, paper_import: PaperImport, by: Actor) -> PaperImport:
    """Put a file aside that never ran: it is deleted. Locks the import. Refused: not_entering, import_moved_on."""
    with transaction.atomic():
        held = _held(paper_import, by, *NAMING, State.CHECKING, State.DISCARDED)
        if held.state != State.DISCARDED:
            _end(held, State.DISCARDED, by)
    return held


def _held(paper_import: PaperImport, by: Actor, *states: str) -> PaperImport:
    """The import, locked, in one of the states. Refused: not_entering, import_moved_on."""
    entering_only(paper_import.contest, by)
    held = (
        PaperImport.objects.select_for_update(of=("self",))
        .select_related("contest__community__territory")
        .get(pk=paper_import.pk)
    )
    if held.state not in states:
        raise Refused(
            "import_moved_on",
            _("A colleague was faster: this file is now in the state “%s”. Look again.")
            % held.get_state_display(),
        )
    return held


def _end(held: PaperImport, state: str, by: Actor) -> None:
    held.state, held.ended_by_id, held.ended_at = state, by.person_id, clock.now()
    held.save(update_fields=["state", "ended_by", "ended_at"])
    held.findings.all().delete()
    transaction.on_commit(lambda: forget_file(held.pk))


def _defer(task: str, held: PaperImport) -> None:
    name = f"paper-import:{held.pk}"
    jobs.configure_task(f"viche.channels.paper.jobs.{task}", lock=name).defer(reference=str(held.pk))
