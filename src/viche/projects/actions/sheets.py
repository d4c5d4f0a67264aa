"""Support on paper: a sheet is received with its scan, entered twice, its differences settled, and counted."""

import hashlib
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from viche.communities.models import Territory
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused
from viche.identity.actions import record_person
from viche.identity.eligibility import admitted_bases, obstacles
from viche.identity.models import Person, Role
from viche.identity.numbers import read_number
from viche.identity.providers import TaxNumberError
from viche.journal import actions as journal
from viche.projects.actions.moves import held_project
from viche.projects.actions.support import close_unsupported, put_signature
from viche.projects.events import SupportSheetClosed, SupportSheetDiscarded, SupportSheetReceived
from viche.projects.models import (
    Project,
    SheetChoice,
    SheetEntry,
    SheetRow,
    Signature,
    State,
    SupportSheet,
)
from viche.projects.models.sheets import SCANS
from viche.projects.sheet_file import read_sheet_file
from viche.projects.sheets import Line, TypedLine, compared_lines
from viche.projects.signatures import own_project, support_tokens_of, why_not_now

Outcome = SheetRow.Outcome
MAX_LINES, MAX_SCAN_BYTES, MAX_REASON = 60, 15_000_000, 500
PDF, JPEG = "application/pdf", "image/jpeg"
COUNTED_IN = (State.SIGNING, State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.ADMITTED)
"""States in which a sheet that was brought in time is still counted: its entering takes its time."""


def record_sheet(*, project: Project, lines: int, scan: bytes, by: Actor) -> SupportSheet:
    """Receive a sheet: its scan is kept privately as it came, hashed; its signatures are of this moment.

    Locks the project; journal: SupportSheetReceived. Refused: not_operator, the codes of signatures.why_not_now,
    bad_lines, not_a_scan, scan_too_large, known_scan.
    """
    _operator_only(project, by)
    if not 1 <= lines <= MAX_LINES:
        raise _fault("bad_lines", "lines", _("Between 1 and %d lines.") % MAX_LINES)
    media = _scan_type(scan)
    digest = hashlib.sha256(scan).hexdigest()
    kept = None
    try:
        with transaction.atomic():
            held = held_project(project)
            moment = clock.now()
            if fault := why_not_now(held, moment, way="paper"):
                raise fault
            sheets = SupportSheet.objects.filter(contest=held.contest)
            sheet = SupportSheet(
                contest=held.contest, project=held, lines=lines, scan_type=media, scan_size=len(scan),
                scan_digest=digest, received_at=moment, received_by_id=by.person_id,
                number=(sheets.aggregate(highest=Max("number"))["highest"] or 0) + 1,
            )  # fmt: skip
            private_files.keep(sheet.id, scan, shelf=SCANS)
            kept = sheet.id
            sheet.save(force_insert=True)
            _write(
                held, by, SupportSheetReceived(
                    project=str(held.id), number=held.number, sheet=sheet.number, lines=lines, scan=digest
                ),
            )  # fmt: skip
    except IntegrityError:
        private_files.forget(kept, shelf=SCANS) if kept else None
        if SupportSheet.objects.filter(contest=project.contest, scan_digest=digest, discarded="").exists():
            raise _fault("known_scan", "scan", _("This very scan is already here.")) from None
        raise Refused("try_again", _("Another sheet came at the same moment: send it once more.")) from None
    except BaseException:
        if kept is not None:
            private_files.forget(kept, shelf=SCANS)
        raise
    return sheet


def record_line(*, sheet: SupportSheet, line: int, typed: TypedLine, by: Actor) -> SheetEntry:
    """Enter one line, or enter it anew, in one's own turn; the number becomes a keyed token at once.

    The first operator's turn, then the second's, who is another person and sees nothing of the first; once both have
    entered every line a third person may read a line anew where they differ. Locks the sheet. Refused: not_operator,
    not_your_turn, closed, bad_line, no_name, bad_number, no_birth_date, no_territory.
    """
    _operator_only(sheet.project, by)
    if not 1 <= line <= sheet.lines:
        raise _fault("bad_line", "line", _("The sheet has lines 1 to %d.") % sheet.lines)
    facts = _facts(sheet, typed)
    with transaction.atomic():
        held = SupportSheet.objects.select_for_update().get(pk=sheet.pk)
        turn = _turn_of(held, by)
        if turn == 1 and held.first_by_id is None:
            held.first_by_id = by.person_id
            held.save(update_fields=["first_by"])
        elif turn == 2 and held.second_by_id is None:
            held.second_by_id = by.person_id
            held.save(update_fields=["second_by"])
        entry, _is_new = SheetEntry.objects.update_or_create(
            sheet=held, turn=turn, line=line,
            defaults={**facts, "entered_by_id": by.person_id, "entered_at": clock.now()},
        )  # fmt: skip
    return entry


def record_lines(*, sheet: SupportSheet, content: bytes, areas: Sequence[Territory], by: Actor) -> int:
    """Enter lines of one's own turn from a table (sheet_file), all of the file or none; how many.

    The file is read in memory and not kept. Locks the sheet. Refused: as record_line, at the field "file" with the
    line; bad_rows, each with its cell; as foundation.tables.
    """
    _operator_only(sheet.project, by)
    found = read_sheet_file(content, areas)
    if found.faults:
        raise Refused("bad_rows", " ".join(found.faults), fields={"file": found.faults}, status=422)
    faults: list[str] = []
    with transaction.atomic():
        for number, typed in sorted(found.lines.items()):
            try:
                record_line(sheet=sheet, line=number, typed=typed, by=by)
            except Refused as refused:
                if refused.status != 422:
                    raise
                faults.append(_("Line %(line)d: %(fault)s") % {"line": number, "fault": refused.message})
        if faults:
            raise Refused("bad_rows", " ".join(faults), fields={"file": faults}, status=422)
    return len(found.lines)


def end_entry(*, sheet: SupportSheet, by: Actor) -> SupportSheet:
    """Say that one has entered every line of one's turn; afterwards it is not changed. Locks the sheet.

    Refused: not_operator, not_your_turn, closed, lines_missing.
    """
    _operator_only(sheet.project, by)
    with transaction.atomic():
        held = SupportSheet.objects.select_for_update().get(pk=sheet.pk)
        turn = _turn_of(held, by)
        if turn not in (1, 2):
            raise Refused("not_your_turn", _("Both operators have entered the sheet already."))
        entered = set(SheetEntry.objects.filter(sheet=held, turn=turn).values_list("line", flat=True))
        missing = [str(line) for line in range(1, held.lines + 1) if line not in entered]
        if missing:
            raise Refused(
                "lines_missing", _("These lines are not entered yet: %s.") % ", ".join(missing), status=422
            )
        name = "first_at" if turn == 1 else "second_at"
        setattr(held, name, clock.now())
        held.save(update_fields=[name])
    return held


def decide_line(*, sheet: SupportSheet, line: int, turn: int, by: Actor) -> None:
    """Hold one of two differing readings right: a third person's word decides, or that of both operators, if it is one.

    Locks the sheet. Refused: not_operator, closed, not_compared, bad_choice.
    """
    _operator_only(sheet.project, by)
    with transaction.atomic():
        held = SupportSheet.objects.select_for_update().get(pk=sheet.pk)
        _open_only(held)
        if held.second_at is None:
            raise Refused("not_compared", _("The sheet is not entered twice yet."))
        if turn not in (1, 2) or not 1 <= line <= held.lines:
            raise Refused("bad_choice", _("Choose one of the two readings."), status=422)
        SheetChoice.objects.update_or_create(
            sheet=held,
            line=line,
            chosen_by_id=by.person_id,
            defaults={"turn": turn, "chosen_at": clock.now()},
        )


def close_sheet(*, sheet: SupportSheet, by: Actor) -> SupportSheet:
    """Count a sheet whose every line is settled: signatures of the moment it was brought in, by the one door.

    Locks the people of its lines in the order of their ids, then the sheet, then the project. What was typed is
    deleted; what became of each line stays. Journal: SupportSheetClosed with the totals and the scan's hash (and
    ProjectSigned, SupportReached). Afterwards a project whose window is over may be closed. Refused: not_operator,
    closed, not_compared, not_settled.
    """
    _operator_only(sheet.project, by)
    with transaction.atomic():
        people = _people(sheet)
        held_sheet = SupportSheet.objects.select_for_update().get(pk=sheet.pk)
        _open_only(held_sheet)
        if held_sheet.second_at is None:
            raise Refused("not_compared", _("The sheet is not entered twice yet."))
        lines = compared_lines(held_sheet, held_sheet.entries.all(), list(held_sheet.choices.all()))
        if open_lines := [str(line.number) for line in lines if line.settled is None]:
            raise Refused(
                "not_settled", _("These lines differ and nobody has decided yet: %s.") % ", ".join(open_lines)
            )
        held = held_project(held_sheet.project)
        rows = [_count_line(held, held_sheet, line, people) for line in lines]
        SheetRow.objects.bulk_create(rows)
        totals = {outcome: sum(row.outcome == outcome for row in rows) for outcome in Outcome}
        held_sheet.counted, held_sheet.repeated = totals[Outcome.COUNTED], totals[Outcome.REPEATED]
        held_sheet.not_eligible, held_sheet.unreadable = (
            totals[Outcome.NOT_ELIGIBLE],
            totals[Outcome.UNREADABLE],
        )
        held_sheet.closed_at, held_sheet.closed_by_id = clock.now(), by.person_id
        held_sheet.save()
        held_sheet.entries.all().delete()
        held_sheet.choices.all().delete()
        _write(
            held, by, SupportSheetClosed(
                project=str(held.id), number=held.number, sheet=held_sheet.number, counted=held_sheet.counted,
                repeated=held_sheet.repeated, not_eligible=held_sheet.not_eligible, unreadable=held_sheet.unreadable,
                scan=held_sheet.scan_digest,
            ),
        )  # fmt: skip
    close_unsupported(project=held)
    return held_sheet


def discard_sheet(*, sheet: SupportSheet, reason: str, by: Actor) -> SupportSheet:
    """Put a sheet aside that was received by mistake, with a reason; what was typed and the scan are deleted.

    Locks the sheet; journal: SupportSheetDiscarded. Refused: not_operator, closed, no_reason, bad_reason.
    """
    _operator_only(sheet.project, by)
    if not reason.strip():
        raise _fault("no_reason", "reason", _("Say why, in a few words."))
    if len(reason.strip()) > MAX_REASON:
        raise _fault(
            "bad_reason", "reason", _("No more than %(limit)d letters, please.") % {"limit": MAX_REASON}
        )
    with transaction.atomic():
        held = SupportSheet.objects.select_for_update().get(pk=sheet.pk)
        _open_only(held)
        held.discarded, held.closed_at, held.closed_by_id = reason.strip(), clock.now(), by.person_id
        held.save(update_fields=["discarded", "closed_at", "closed_by"])
        held.entries.all().delete()
        held.choices.all().delete()
        _write(
            sheet.project, by,
            SupportSheetDiscarded(
                project=str(sheet.project_id), number=sheet.project.number, sheet=held.number, scan=held.scan_digest
            ),
        )  # fmt: skip
        transaction.on_commit(lambda: private_files.forget(held.id, shelf=SCANS))
    close_unsupported(project=sheet.project)
    return held


def _people(sheet: SupportSheet) -> dict[tuple[str, bytes], Person]:
    """The people whom the lines name, made where nobody knew them, locked in the order of their ids."""
    found: dict[tuple[str, bytes], Person] = {}
    for entry in sheet.entries.exclude(token=None).order_by("line", "-turn"):
        key = (entry.number_kind, bytes(entry.token))
        if key not in found:
            found[key] = record_person(
                kind=entry.number_kind, token=key[1], family_name=entry.family_name, given_name=entry.given_name,
                birth_date=entry.birth_date,
            )  # fmt: skip
    wanted = sorted({person.pk for person in found.values()})
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    return found


def _count_line(
    held: Project, sheet: SupportSheet, line: Line, people: dict[tuple[str, bytes], Person]
) -> SheetRow:
    entry = line.settled
    row = SheetRow(sheet=sheet, line=line.number)
    if entry is None or entry.is_unreadable or entry.token is None:
        row.outcome = Outcome.UNREADABLE
        return row
    person = people.get((entry.number_kind, bytes(entry.token)))
    if person is None:
        raise Refused("try_again", _("A line was entered anew at this moment: press once more."))
    if why := _why_not(held, sheet, person, entry):
        row.outcome, row.reason = Outcome.NOT_ELIGIBLE, why[:MAX_REASON]
        return row
    tokens = support_tokens_of(held.contest, person)
    try:
        row.signature = put_signature(
            held, person=person, tokens=tokens, way=Signature.Way.PAPER, moment=sheet.received_at
        )
        row.outcome = Outcome.COUNTED
    except Refused as refused:
        is_repeat = refused.code == "already_signed"
        row.outcome = Outcome.REPEATED if is_repeat else Outcome.NOT_ELIGIBLE
        row.reason = str(refused.message)[:MAX_REASON]
    return row


def _why_not(held: Project, sheet: SupportSheet, person: Person, entry: SheetEntry) -> str:
    """Why a line cannot count, in words; empty where it can.

    An address on a signed sheet stands for a confirmed one, where the rules ask for no other evidence and nothing
    proved says otherwise: regulations check these lists so. It makes nobody a member for anything else.
    """
    if held.state not in COUNTED_IN:
        return _("The project collects no signatures now: %s.") % held.get_state_display()
    if held.author_id == person.pk:
        return str(own_project(held).message)
    contest = held.contest
    rule, territory = contest.rules.supporters, contest.community.territory
    declared = (
        "registered" in admitted_bases(rule)
        and rule.operator_grant
        and "registered" not in rule.evidence
        and entry.territory is not None
        and entry.territory.is_inside(territory)
    )
    found = [
        each
        for each in obstacles(
            person=person, territory=territory, rule=rule, moment=sheet.received_at, channel="paper"
        )
        if not (declared and each.is_unknown and each.code in ("not_member", "address_unknown"))
    ]
    return " ".join(each.message for each in found)


def _turn_of(held: SupportSheet, by: Actor) -> int:
    """Whose turn it is, if it is the actor's. Refused: closed, not_your_turn."""
    _open_only(held)
    if held.first_at is None:
        if held.first_by_id in (None, by.person_id):
            return 1
        raise Refused("not_your_turn", _("Another operator is entering this sheet for the first time."))
    if by.person_id == held.first_by_id:
        raise Refused("not_your_turn", _("You have entered this sheet: another operator enters it again."))
    if held.second_at is None:
        if held.second_by_id in (None, by.person_id):
            return 2
        raise Refused("not_your_turn", _("Another operator is entering this sheet for the second time."))
    if by.person_id == held.second_by_id:
        raise Refused(
            "not_your_turn", _("You have entered this sheet: a third person settles the differences.")
        )
    return 3


def _open_only(held: SupportSheet) -> None:
    if held.closed_at is not None:
        raise Refused("closed", _("The sheet is closed already."))


def _facts(sheet: SupportSheet, typed: TypedLine) -> dict[str, object]:
    """The columns of an entry. Refused: no_name, bad_number, no_birth_date, no_territory."""
    empty: dict[str, object] = {
        "is_unreadable": True, "family_name": "", "given_name": "", "number_kind": "", "token": None,
        "birth_date": None, "territory": None,
    }  # fmt: skip
    if typed.is_unreadable:
        return empty
    if not (typed.family_name.strip() and typed.given_name.strip()):
        raise _fault(
            "no_name",
            "family_name",
            _("Write the family name and the given name, or mark the line unreadable."),
        )
    try:
        number = read_number(typed.number, today=sheet.received_at.astimezone(clock.KYIV).date())
    except TaxNumberError:
        message = _("This is neither a valid tax number nor a passport’s: check the digits.")
        raise _fault("bad_number", "number", message) from None
    born = number.birth_date or typed.birth_date
    if born is None:
        raise _fault(
            "no_birth_date", "birth_date", _("A passport’s number does not tell the day of birth: write it.")
        )
    if typed.territory is None and not typed.is_elsewhere:
        raise _fault("no_territory", "territory", _("Choose where the person lives."))
    return {
        "is_unreadable": False,
        "family_name": typed.family_name.strip()[:80], "given_name": typed.given_name.strip()[:80],
        "number_kind": number.kind, "token": number.token, "birth_date": born, "territory": typed.territory,
    }  # fmt: skip


def _scan_type(scan: bytes) -> str:
    """The type of a scan by its content, never by its name. Refused: scan_too_large, not_a_scan."""
    if len(scan) > MAX_SCAN_BYTES:
        raise _fault("scan_too_large", "scan", _("The scan is larger than 15 MB."))
    if scan.startswith(b"%PDF-") and b"%%EOF" in scan[-2048:]:
        return PDF
    if scan.startswith(b"\xff\xd8\xff"):
        try:
            safe_picture(scan)  # opens whole; what is kept is the scan as it came, for its hash
            return JPEG
        except Refused:
            pass
    raise _fault(
        "not_a_scan", "scan", _("Only PDF and JPEG files are taken, and this is neither or is damaged.")
    )


def _operator_only(project: Project, by: Actor) -> None:
    if (
        not by.holds(Role.OPERATOR, Role.ADMINISTRATOR, community=project.contest.community.code)
        or by.kind == "system"
    ):
        raise Refused(
            "not_operator", _("Only an operator or an administrator enters support sheets."), status=403
        )


def _fault(code: str, name: str, message: str) -> Refused:
    return Refused(code, message, fields={name: message}, status=422)


def _write(project: Project, by: Actor, event: SupportSheetReceived) -> None:
    journal.append(event, community=project.contest.community.code, year=clock.year(), by=by)
