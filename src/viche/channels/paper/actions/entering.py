"""Sheets entered: by two people who see nothing of each other, or read by the machine and confirmed; a third settles.

Every act locks the stack, so that two officials at one sheet come one after the other; the database lets nobody enter a
sheet twice.
"""

import re
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper
from rulebook.rules.vocabulary import TOTALS
from viche.ballots.models import PaperSerial
from viche.ballots.papers.guards import entering_only
from viche.channels.paper.actions.stacks import held_sheet, held_stack, is_machine_read
from viche.channels.paper.models import Entry, Scan, Sheet, Stack
from viche.channels.paper.readings import (
    Reading,
    check_valid,
    checked_reason,
    fault,
    sealed,
    typed_paper,
    typed_voter,
    unsealed,
)
from viche.channels.paper.scanning.pages import ReadPage, ReadSheet, sheets_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused

State = Sheet.State
MARK = re.compile(r"^[^\W_][\w.-]{0,11}$")


def record_entry(
    *, stack: Stack, sheet: str, choices: str = "", reason: str = "", number: str = "", by: Actor,
    is_correction: bool = False,
) -> Entry:  # fmt: skip
    """Enter a sheet as one reads it: for the first time, for the second, or, where two differ, as a third person.

    sheet: what stands on it. choices, number: as typed. A sheet that is invalid has a reason instead of choices. The
    same sent again answers the same. is_correction: of one's own entry, while nobody else has entered the sheet.
    Locks the stack; what is kept is sealed. Refused: not_entering, stack_ended, no_sheets, bad_sheet, unknown_serial,
    serial_entered, bad_choices, bad_reason, bad_number, proposes_invalid, entered_by_you, entered_twice, no_key.
    """
    entering_only(stack.contest, by)
    contest = stack.contest
    if contest.rules.paper.mode == TOTALS:
        raise Refused(
            "no_sheets", _("By the rules of this contest only the protocols of points are entered.")
        )
    key, serial = _named(contest, sheet)
    reading = _typed(contest, choices, checked_reason(reason), number)
    if serial is None and not contest.rules.paper.is_named and not reading.reason:
        message = _(
            "A ballot without a printed number is invalid: the reason is chosen below, press once more."
        )
        raise fault("proposes_invalid", "sheet", message)
    return put_reading(stack, key, serial, reading, by, is_correction=is_correction)


def confirm_sheet(*, sheet: Sheet, marked: Iterable[tuple[str, int]], reason: str = "", by: Actor) -> Entry:
    """Say what stands on a sheet that the machine has read: every box as it was confirmed or put right.

    Where it is what the machine was sure of, the sheet is settled; else a third person looks at it. Locks the stack.
    Refused: as record_entry; not_read (no machine read the sheet).
    """
    contest = sheet.contest
    entering_only(contest, by)
    if not sheet.entries.filter(is_machine=True).exists():
        raise Refused("not_read", _("No machine has read this sheet: enter it by hand."), status=409)
    paper = BallotPaper.of(contest.rules.ballot.kind, sorted(set(marked)))
    if reason := checked_reason(reason):
        reading = Reading(reason=reason)
    else:
        check_valid(contest, paper)
        reading = Reading(choices=paper.choices)
    return put_reading(sheet.stack, sheet.key, sheet.serial, reading, by)


def record_machine(*, scan: Scan, pages: Sequence[ReadPage], by: Actor) -> int:
    """Keep what the machine read in a scan as the first entry of each sheet; how many are new.

    Left to people: pages that it cannot read, sheets with a fault, of an unknown number, and those that somebody has
    begun to enter. Sheets with names are not read so: nobody would have read the voter's number twice. A scan that was
    read is not read again. Locks the stack. Refused: not_entering, stack_ended, named_papers.
    """
    contest = scan.stack.contest
    entering_only(contest, by)
    if not is_machine_read(contest):
        raise Refused(
            "named_papers", _("Only numbered ballots are read by the machine: here people type each one.")
        )
    with transaction.atomic():
        held = held_stack(scan.stack)
        kept = Scan.objects.get(pk=scan.pk)
        if kept.read_at is not None:
            return 0
        sheets = sheets_of(tuple(pages))
        new = [each for each in sheets if _is_new(contest, each)]
        for each in new:
            _keep_machine(held, kept, each)
        kept.read_at, kept.found = clock.now(), len(new)
        kept.left = len(sheets) - len(new) + sum(page.serial is None for page in pages)
        kept.save(update_fields=["read_at", "found", "left"])
    return len(new)


def _is_new(contest: Contest, read: ReadSheet) -> bool:
    """Whether the machine's reading can be the first one."""
    if read.faults or Sheet.objects.filter(contest=contest, serial=read.serial, is_live=True).exists():
        return False
    return PaperSerial.objects.filter(contest=contest, number=read.serial).exists()


def _keep_machine(held: Stack, scan: Scan, read: ReadSheet) -> None:
    unsure = tuple(sorted((box.code, box.value) for box in read.unsure))
    paper = BallotPaper.of(held.contest.rules.ballot.kind, read.choices)
    sheet = _made_sheet(held, str(read.serial), read.serial)
    sheet.scan = scan
    sheet.save(update_fields=["scan"])
    Entry.objects.create(
        sheet=sheet, turn=1, entered_at=clock.now(), is_machine=True,
        sealed=sealed(held.contest, Reading(choices=paper.choices, unsure=unsure)),
    )  # fmt: skip


def decide_sheet(*, sheet: Sheet, turn: int, by: Actor) -> Entry:
    """Hold one of two differing readings right, as a third person who has entered neither.

    Locks the stack. Refused: not_entering, stack_ended, not_differing, entered_by_you, bad_choice.
    """
    entering_only(sheet.contest, by)
    if turn not in (1, 2):
        raise Refused("bad_choice", _("Choose one of the two readings."), status=422)
    with transaction.atomic():
        held = held_stack(sheet.stack)
        entry = Entry.objects.get(sheet=sheet, turn=turn)
        return _settle(held, sheet.key, unsealed(sheet.contest, bytes(entry.sealed)), by)


def put_reading(
    stack: Stack, key: str, serial: int | None, reading: Reading, by: Actor, *, is_correction: bool = False
) -> Entry:
    """Keep a reading in its turn. Refused: as record_entry."""
    try:
        with transaction.atomic():
            held = held_stack(stack)
            sheet = held_sheet(held, key=key) or _made_sheet(held, key, serial)
            entries = list(sheet.entries.order_by("turn"))
            own = next((each for each in entries if each.entered_by_id == by.person_id), None)
            if own is not None:
                return _again(held.contest, sheet, own, entries, reading, is_correction)
            if len(entries) == 2:
                return _settle(held, key, reading, by)
            if len(entries) == 3:
                raise fault(
                    "entered_twice", "sheet", _("Sheet %(key)s is entered and settled.") % {"key": key}
                )
            entry = Entry.objects.create(
                sheet=sheet, turn=len(entries) + 1, entered_by_id=by.person_id, entered_at=clock.now(),
                sealed=sealed(held.contest, reading),
            )  # fmt: skip
            if entries:
                _compare(held.contest, sheet, entries[0], entry, reading)
            return entry
    except IntegrityError:  # the same number in another stack, or the same person twice, at this very moment
        raise _elsewhere(stack.contest, serial, key) from None


def _again(
    contest: Contest, sheet: Sheet, own: Entry, entries: list[Entry], reading: Reading, is_correction: bool
) -> Entry:
    """The same person at the same sheet: the same again is harmless, a correction is made while nobody compared."""
    if unsealed(contest, bytes(own.sealed)).is_same_as(reading):
        return own
    if not is_correction:
        message = _("You have entered sheet %(key)s already, and otherwise. A second person enters it now.")
        raise fault("entered_by_you", "sheet", message % {"key": sheet.key})
    if len(entries) > 1:
        message = _("Sheet %(key)s was entered by a second person meanwhile: it is not corrected any more.")
        raise fault("entered_twice", "sheet", message % {"key": sheet.key})
    own.sealed, own.corrections, own.entered_at = sealed(contest, reading), own.corrections + 1, clock.now()
    own.save(update_fields=["sealed", "corrections", "entered_at"])
    return own


def _compare(contest: Contest, sheet: Sheet, first: Entry, second: Entry, reading: Reading) -> None:
    if unsealed(contest, bytes(first.sealed)).is_same_as(reading):
        sheet.state = State.AGREED
    else:
        sheet.state = State.DIFFERS
        sheet.entries.update(is_differing=True)
        second.is_differing = True
    sheet.save(update_fields=["state"])


def _settle(held: Stack, key: str, reading: Reading, by: Actor) -> Entry:
    """A third person's word. Refused: entered_twice (nothing to settle), entered_by_you."""
    contest, sheet = held.contest, Sheet.objects.get(stack=held, key=key)
    entries = list(sheet.entries.order_by("turn"))
    if any(each.entered_by_id == by.person_id for each in entries):
        message = _("You have entered sheet %(key)s yourself: somebody else settles the difference.")
        raise fault("entered_by_you", "sheet", message % {"key": key})
    if sheet.state != State.DIFFERS:
        message = _("Sheet %(key)s is entered twice already and both entries are equal.")
        if sheet.state == State.SETTLED:
            message = _("Sheet %(key)s is entered and settled.")
        raise fault("entered_twice", "sheet", message % {"key": key})
    for each in entries:
        each.is_wrong = not unsealed(contest, bytes(each.sealed)).is_same_as(reading)
        each.save(update_fields=["is_wrong"])
    sheet.state = State.SETTLED
    sheet.save(update_fields=["state"])
    return Entry.objects.create(
        sheet=sheet, turn=3, entered_by_id=by.person_id, entered_at=clock.now(),
        sealed=sealed(contest, Reading(**{**vars(reading), "unsure": ()})),
    )  # fmt: skip


def _typed(contest: Contest, choices: str, reason: str, number: str) -> Reading:
    """What was typed; a voter's number is asked for on every sheet with a name that is valid."""
    voter = None
    if contest.rules.paper.is_named and (number.strip() or not reason):
        read = typed_voter(number)
        voter = (read.kind, read.token.hex())
    if reason:
        return Reading(reason=reason, voter=voter)
    paper = typed_paper(contest, choices)
    check_valid(contest, paper)
    return Reading(choices=paper.choices, voter=voter)


def _named(contest: Contest, text: str) -> tuple[str, int | None]:
    """How a sheet is called, and its number where the ballots are numbered. Refused: bad_sheet, unknown_serial."""
    key = text.strip().lower().removeprefix("№").strip()
    if not MARK.match(key):
        message = _("Type the number that stands on the sheet, or the mark that you wrote on it, such as a1.")
        raise fault("bad_sheet", "sheet", message)
    if not key.isdecimal() or contest.rules.paper.is_named:
        return key.lstrip("0") or "0", None
    number = int(key)
    if not PaperSerial.objects.filter(contest=contest, number=number).exists():
        message = _(
            "No ballot was printed under No. %(number)s. Look at the digits; if it stands so, write a mark such as a1 "
            "on the sheet, enter it by that and as invalid."
        )
        raise fault("unknown_serial", "sheet", message % {"number": number})
    return str(number), number


def _made_sheet(held: Stack, key: str, serial: int | None) -> Sheet:
    """A sheet that nobody has entered. Refused: serial_entered."""
    if (
        serial is not None
        and Sheet.objects.filter(contest=held.contest, serial=serial, is_live=True).exists()
    ):
        raise _elsewhere(held.contest, serial, key)
    return Sheet.objects.create(
        community_id=held.community_id, contest=held.contest, stack=held, key=key, serial=serial
    )


def _elsewhere(contest: Contest, serial: int | None, key: str) -> Refused:
    other = Sheet.objects.filter(contest=contest, serial=serial, is_live=True).select_related("stack").first()
    if serial is None or other is None:
        return Refused(
            "try_again", _("Somebody entered this sheet at this very moment: send it once more."), status=409
        )
    message = _(
        "Ballot No. %(number)s is entered already, in the stack “%(stack)s”. If there are two of this number, write a "
        "mark such as a1 on this one, enter it by that and as invalid: the number was used before."
    )
    return fault("serial_entered", "sheet", message % {"number": key, "stack": other.stack.name})
