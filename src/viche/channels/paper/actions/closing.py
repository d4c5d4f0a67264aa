"""A stack into the box, and back out of it while the box is closed."""

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper
from rulebook.rules.vocabulary import PAPER, TOTALS
from viche.ballots.models import PaperBatch
from viche.ballots.papers import (
    PaperResult,
    PaperRow,
    close_batch,
    draw_recheck,
    open_batch,
    put_papers,
    put_totals,
    undo_batch,
)
from viche.ballots.papers.guards import entering_only
from viche.channels.paper.actions.stacks import held_stack
from viche.channels.paper.models import Entry, Sheet, Stack
from viche.channels.paper.readings import Reading, no_key, sealed, unsealed
from viche.channels.paper.wording import already_voted_text, reason_text
from viche.foundation import clock, keys
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.models import Person
from viche.identity.queries import actor_of, memberships_in, number_tokens, person_of_token

State = Sheet.State
LISTED = 10


def close_stack(*, stack: Stack, by: Actor, difference: str = "") -> Stack:
    """Put every sheet of a stack into the box, as one batch, and say so in the journal: all of it or nothing.

    difference: published words of a second official, who did not begin the stack, where the sheets are not what the
    point's protocol says. What was typed is deleted; of the sheets that are drawn for a second look what stands on them
    stays, sealed. Closing a closed one is harmless. Locks the stack, then the batch and the box; journal:
    PaperBatchEntered. Refused: not_entering, stack_ended, empty_stack, sheets_open, no_scan (a protocol without one),
    totals_differ (with each sheet that the box holds invalid), same_person, box_opened, try_again, no_key.
    """
    contest = stack.contest
    entering_only(contest, by)
    try:
        with transaction.atomic():
            locked = Stack.objects.select_for_update(of=("self",)).get(pk=stack.pk)
            if locked.batch_id is not None and locked.is_live:
                return locked
            held = held_stack(stack)
            readings = _settled(held)
            if difference.strip() and held.made_by_id == by.person_id and by.person_id is not None:
                raise Refused(
                    "same_person",
                    _("You have begun this stack yourself: another official accepts the difference."),
                    status=403,
                )
            scans = list(held.scans.values_list("digest", flat=True))
            if contest.rules.paper.mode == TOTALS:
                batch, results = _put_protocol(held, readings, scans, by), []
            else:
                batch, results = _put_sheets(held, readings, scans, by)
            batch = _closed(batch, by, difference, readings, results)
            _keep_outcome(held, batch, readings, results, by)
    except keys.KeyMissing:
        raise no_key() from None
    return held


def withdraw_stack(*, stack: Stack, reason: str, by: Actor) -> Stack:
    """Take a stack back out of the box while it is closed; its sheets can be entered anew, in another stack.

    reason: published. Withdrawing a withdrawn one is harmless. Locks the stack, then the batch and the box; journal:
    PaperBatchUndone. Refused: not_entering, not_in_box, bad_value (reason), annulment_there, box_opened.
    """
    entering_only(stack.contest, by)
    with transaction.atomic():
        held = Stack.objects.select_for_update(of=("self",)).get(pk=stack.pk)
        if held.batch is None:
            raise Refused("not_in_box", _("This stack is not in the box: put it aside instead."), status=409)
        undo_batch(batch=held.batch, reason=reason, by=by)
        if held.is_live:
            held.is_live, held.ended_by_id, held.ended_at = False, by.person_id, clock.now()
            held.save(update_fields=["is_live", "ended_by", "ended_at"])
            held.sheets.update(is_live=False, kept=b"")
    return held


def _settled(held: Stack) -> dict[str, tuple[Sheet, Reading]]:
    """The reading that holds of every sheet, by what is written on it. Refused: empty_stack, sheets_open."""
    sheets = list(held.sheets.order_by("serial", "key"))
    if not sheets:
        raise Refused("empty_stack", _("Nothing is entered in this stack yet."), status=409)
    if waiting := [each.key for each in sheets if not each.is_settled]:
        listed = ", ".join(waiting[:LISTED]) + (" …" if len(waiting) > LISTED else "")
        message = _("These sheets are not settled yet: %s. Each is entered by two people.") % listed
        raise Refused("sheets_open", message, status=409)
    last = {each.sheet_id: each for each in Entry.objects.filter(sheet__stack=held).order_by("turn")}
    return {each.key: (each, unsealed(held.contest, bytes(last[each.pk].sealed))) for each in sheets}


def _put_sheets(
    held: Stack, readings: dict[str, tuple[Sheet, Reading]], scans: list[str], by: Actor
) -> tuple[PaperBatch, list[PaperResult]]:
    batch = open_batch(
        contest=held.contest, kind=PaperBatch.Kind.ENTRY, name=held.name, by=by, point=held.point,
        expected=held.expected, scans=scans, batch_id=held.pk,
    )  # fmt: skip
    rows = [_row(held, sheet, reading) for sheet, reading in readings.values()]
    return batch, put_papers(batch=batch, rows=rows)


def _row(held: Stack, sheet: Sheet, reading: Reading) -> PaperRow:
    """A sheet as the box takes it. Whoever is named on it has to be known here and to have the right to vote."""
    tokens: tuple[bytes, ...] = ()
    reason, territory = reading.reason, ""
    if reading.voter is not None:
        person = person_of_token(reading.voter[0], bytes.fromhex(reading.voter[1]))
        tokens = tuple(number_tokens(person)) if person else (bytes.fromhex(reading.voter[1]),)
        if not reason and (person is None or _why_not(held, person)):
            reason = "not-member"
        places = memberships_in(person, held.contest.community.territory) if person else []
        territory = places[0].territory_id if places else ""
    paper = None if reason else BallotPaper.of(held.contest.rules.ballot.kind, reading.choices)
    return PaperRow(sheet.key, paper, reason, sheet.serial, () if reason else tokens, territory)


def _why_not(held: Stack, person: Person) -> str:
    contest = held.contest
    found = obstacles(
        person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=held.made_at,
        channel=PAPER,
    )  # fmt: skip
    return " ".join(each.message for each in found)


def _put_protocol(
    held: Stack, readings: dict[str, tuple[Sheet, Reading]], scans: list[str], by: Actor
) -> PaperBatch:
    """The totals of a protocol, in the name of one who typed them and is not the one who confirms them now."""
    if not scans:
        raise Refused("no_scan", _("Attach the scan of the signed protocol first."), status=409)
    (sheet, reading), *_rest = readings.values()
    typed = [each.entered_by for each in sheet.entries.select_related("entered_by").order_by("turn")]
    others = [actor_of(each, held.contest.community) for each in typed if each and each.pk != by.person_id]
    maker = next((each for each in others if each.kind == "official"), None)
    if maker is None:
        raise Refused(
            "same_person", _("Another official who typed the numbers has to be in office."), status=403
        )
    return put_totals(
        contest=held.contest, name=held.name, votes=dict(reading.choices), expected=dict(reading.numbers), by=maker,
        point=held.point, scans=scans, batch_id=held.pk,
    )  # fmt: skip


def _closed(
    batch: PaperBatch, by: Actor, difference: str, readings: dict[str, tuple[Sheet, Reading]],
    results: list[PaperResult],
) -> PaperBatch:  # fmt: skip
    """The batch in the journal; where its numbers differ, the refusal names sheets that only the box holds invalid."""
    try:
        return close_batch(batch=batch, by=by, difference=difference)
    except Refused as refused:
        if refused.code != "totals_differ":
            raise
        lines = [
            _("Sheet %(key)s: %(reason)s.") % {"key": each.key, "reason": reason_text(each.reason)}
            for each in results
            if each.reason and not readings[each.key][1].reason
        ]
        told = " ".join([refused.message, *lines[:LISTED]])
        raise Refused(
            "totals_differ", told, fields={"difference": [refused.message, *lines[:LISTED]]}, status=422
        ) from None


def _keep_outcome(
    held: Stack, batch: PaperBatch, readings: dict[str, tuple[Sheet, Reading]], results: list[PaperResult],
    by: Actor,
) -> None:  # fmt: skip
    """What became of each sheet; the readings go, but for those that a second look is drawn for."""
    contest, drawn = held.contest, set(draw_recheck(held.contest, batch))
    found = {each.key: each.reason for each in results}
    for key, (sheet, reading) in readings.items():
        sheet.result = found.get(key, "")
        sheet.words = _words(held, sheet, reading)
        sheet.is_drawn = key in drawn
        if sheet.is_drawn:
            sheet.kept = sealed(contest, Reading(choices=reading.choices, reason=reading.reason))
    Sheet.objects.bulk_update(
        [sheet for sheet, _reading in readings.values()],
        ["result", "words", "is_drawn", "kept"],
        batch_size=1_000,
    )
    Entry.objects.filter(sheet__stack=held).update(sealed=b"")
    held.batch, held.ended_by_id, held.ended_at = batch, by.person_id, clock.now()
    held.save(update_fields=["batch", "ended_by", "ended_at"])


def _words(held: Stack, sheet: Sheet, reading: Reading) -> str:
    """For the operators: why the box holds a sheet invalid that they did not; nothing of who the voter is."""
    if not sheet.result or reading.reason or reading.voter is None:
        return ""
    person = person_of_token(reading.voter[0], bytes.fromhex(reading.voter[1]))
    if sheet.result == "already-voted" and person is not None:
        return already_voted_text(held.contest, person)
    if sheet.result == "not-member":
        return (_why_not(held, person) if person else _("Nobody of this number is known here."))[:500]
    return ""
