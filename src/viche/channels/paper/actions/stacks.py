"""Stacks: begun, their scans attached, put aside before they are in the box."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from rulebook.rules.vocabulary import BALLOTS
from viche.ballots.papers.guards import entering_only, held_closed_box, said
from viche.channels.paper.models import SHELF, Entry, Scan, Sheet, Stack
from viche.channels.paper.readings import bad_fields, fault
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.ids import uuid7
from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused

NUMBERS = ("issued", "valid", "invalid", "spoiled", "unused")
LARGEST = 10_000_000
MAX_SCANS, MAX_SCAN_BYTES = 500, 30_000_000
SCANS_KEPT = timedelta(days=365)
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def open_stack(
    *, contest: Contest, name: str, by: Actor, point: UUID | None = None, expected: Mapping[str, int] | None = None,
    is_as_written: bool = False, stack_id: UUID | None = None,
) -> Stack:  # fmt: skip
    """Begin a stack of sheets. stack_id: of the form; sent again it answers with the same stack.

    expected: what the point's protocol says; is_as_written: it stands there so, though it does not add up. Locks the
    box; no journal entry before the stack is in it. Refused: not_entering, channel_not_offered, bad_value (name,
    numbers), no_box, key_awaited, voting_not_begun, box_opened.
    """
    entering_only(contest, by)
    words = " ".join(name.split())
    if not 1 <= len(words) <= 200:
        raise fault("bad_value", "name", _("Give the stack a name of at most 200 letters."))
    numbers = checked_numbers(expected, is_as_written) if expected is not None else None
    with transaction.atomic():
        held_closed_box(contest)
        stack, _is_new = Stack.objects.get_or_create(
            id=stack_id or uuid7(), contest=contest, community_id=contest.community_id,
            defaults={"name": words, "point": point, "expected": numbers, "made_by_id": by.person_id,
                      "made_at": clock.now()},
        )  # fmt: skip
    return stack


def checked_numbers(expected: Mapping[str, int], is_as_written: bool) -> dict[str, int]:
    """The numbers of a protocol. Refused: bad_value at each field that is none, or where they do not add up."""
    wrong = {key: _("Write a number from 0.") for key in NUMBERS if not 0 <= expected.get(key, -1) <= LARGEST}
    if wrong:
        raise bad_fields(wrong)
    together = sum(expected[key] for key in NUMBERS[1:])
    if together != expected["issued"] and not is_as_written:
        message = _(
            "Valid, invalid, spoiled and unused are %(together)d together, received are %(issued)d. Compare with the "
            "protocol; if it says so, tick that below."
        )
        raise fault("bad_value", "issued", message % {"together": together, "issued": expected["issued"]})
    return {key: expected[key] for key in NUMBERS}


def attach_scan(*, stack: Stack, scan: bytes, name: str = "", by: Actor) -> Scan:
    """Keep a picture of sheets, or of the protocol, as it came, hashed. The same picture again answers with the first.

    Where ballots are numbered the machine reads it soon afterwards (jobs.read_paper_scan). Locks the stack. Refused:
    not_entering, stack_ended, not_a_scan, scan_too_large, too_many_scans.
    """
    entering_only(stack.contest, by)
    media = media_type(scan)
    digest = hashlib.sha256(scan).hexdigest()
    made = Scan(
        stack=stack, name=" ".join(name.split())[:120], media_type=media, size=len(scan), digest=digest,
        added_by_id=by.person_id, added_at=clock.now(), is_for_machine=is_machine_read(stack.contest),
    )  # fmt: skip
    try:
        with transaction.atomic():
            held = held_stack(stack)
            if known := held.scans.filter(digest=digest).first():
                return known
            if held.scans.count() >= MAX_SCANS:
                message = _("No more than %(most)d scans in one stack.") % {"most": MAX_SCANS}
                raise fault("too_many_scans", "scan", message)
            private_files.keep(made.id, scan, shelf=SHELF)
            made.save(force_insert=True)
            if made.is_for_machine:
                task = jobs.configure_task(
                    "viche.channels.paper.jobs.read_paper_scan", lock=f"scan:{made.pk}"
                )
                task.defer(scan_id=str(made.pk))
    except BaseException:
        private_files.forget(made.id, shelf=SHELF)
        raise
    return made


def discard_stack(*, stack: Stack, reason: str, by: Actor) -> Stack:
    """Put a stack aside that is not in the box: what was typed and the scans are deleted, its numbers are free again.

    Locks the stack. Discarding a discarded one is harmless. Refused: not_entering, bad_value (reason), stack_ended.
    """
    entering_only(stack.contest, by)
    words = said(reason)
    with transaction.atomic():
        if not Stack.objects.filter(pk=stack.pk, discarded="").exists():
            return stack
        held = held_stack(stack)
        held.discarded, held.is_live = words, False
        held.ended_by_id, held.ended_at = by.person_id, clock.now()
        held.save(update_fields=["discarded", "is_live", "ended_by", "ended_at"])
        held.sheets.update(is_live=False)
        Entry.objects.filter(sheet__stack=held).update(sealed=b"")
        scans = list(held.scans.values_list("pk", flat=True))
        transaction.on_commit(lambda: [private_files.forget(each, shelf=SHELF) for each in scans])
    return held


def delete_old_scans() -> int:
    """Delete scans a year after their stack was in the box, taken back or put aside, and files that no row knows.

    How many. The row with the scan's hash stays. Refuses nothing.
    """
    now = clock.now()
    over = Stack.objects.filter(ended_at__lt=now - SCANS_KEPT)
    old = set(Scan.objects.filter(stack__in=over).values_list("pk", flat=True))
    known = set(Scan.objects.values_list("pk", flat=True))
    gone = 0
    for reference, written_at in private_files.kept_files(shelf=SHELF):
        if reference in old or (reference not in known and written_at < now - timedelta(days=1)):
            private_files.forget(reference, shelf=SHELF)
            gone += 1
    return gone


def held_stack(stack: Stack) -> Stack:
    """The stack, locked, while it is being entered. Refused: stack_ended."""
    held = Stack.objects.select_for_update(of=("self",)).select_related("contest__community").get(pk=stack.pk)
    if not held.is_open:
        message = (
            _("This stack is in the box already: nothing more is entered.")
            if held.batch_id and held.is_live
            else _("This stack was put aside or taken back.")
        )
        raise Refused("stack_ended", message, status=409)
    return held


def held_sheet(held: Stack, **named: object) -> Sheet | None:
    """A sheet of a stack that is held."""
    return Sheet.objects.filter(stack=held, **named).first()


def is_machine_read(contest: Contest) -> bool:
    """Whether the machine reads scans first: our own numbered ballots, not those with names, nor protocols."""
    return contest.rules.paper.mode == BALLOTS and not contest.rules.paper.is_named


def media_type(scan: bytes) -> str:
    """The type of a scan by its content, never by its name. Refused: scan_too_large, not_a_scan."""
    if len(scan) > MAX_SCAN_BYTES:
        raise fault("scan_too_large", "scan", _("The scan is larger than 30 MB."))
    if scan.startswith(b"%PDF-") and b"%%EOF" in scan[-2048:]:
        return PDF
    for start, media in ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG)):
        if scan.startswith(start):
            try:
                safe_picture(scan)  # opens whole; what is kept is the scan as it came, for its hash
                return media
            except Refused:
                pass
    raise fault(
        "not_a_scan", "scan", _("Only PDF, JPEG and PNG files are taken, and this is none or is damaged.")
    )
