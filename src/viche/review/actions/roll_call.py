"""An item of the agenda: opened, voted on by name, closed with its decision."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person, Role
from viche.journal import actions as journal
from viche.review.actions.appeals import decide_appeal
from viche.review.actions.conflicts import MAX_REASON, check_no_conflict, recuse
from viche.review.actions.deciding import decide_review
from viche.review.actions.meetings import APPEAL_VERDICTS, check_running, held_item, held_meeting
from viche.review.events import AgendaItemClosed
from viche.review.models import AgendaItem, Appeal, Choice, Decision, Meeting, RollCallRecord, RollCallVote
from viche.review.queries.conflicts import has_conflict
from viche.review.queries.meetings import RollCall, open_item_of, present_members, protocol_name, roll_call

Verdict, ItemState = AgendaItem.Verdict, AgendaItem.State
CAST = (Choice.FOR, Choice.AGAINST, Choice.ABSTAINED)


def open_item(*, item: AgendaItem, by: Actor) -> AgendaItem:
    """Begin the vote on an item, one at a time; locks the meeting. Members with a conflict are recused at once.

    Opened twice is open once. Refused: not_secretary, closed, not_opened, another_open, item_begun, no_reason.
    """
    with transaction.atomic():
        meeting = held_meeting(item.meeting)
        check_running(meeting, by)
        if meeting.opened_at is None:
            raise Refused("not_opened", _("The meeting has not begun."))
        held = held_item(meeting, item)
        if held.state == ItemState.OPEN:
            return held
        if held.state != ItemState.WAITING:
            raise Refused("item_begun", _("This item is being considered already, or is closed."))
        if open_item_of(meeting) is not None:
            raise Refused("another_open", _("Close the item that is being voted on first."))
        _check_text(held)
        held.state, held.opened_at = ItemState.OPEN, clock.now()
        held.save(update_fields=["state", "opened_at"])
        recused = [person for person in present_members(meeting) if has_conflict(held.project, person)]
        for person in Person.objects.filter(pk__in=recused):
            recuse(held, person)
    return held


def _check_text(item: AgendaItem) -> None:
    """What is voted on must say why: everybody reads it."""
    if item.verdict == Verdict.CORRECT and not item.conditions:
        message = _("Write the conditions that are voted on.")
        raise Refused("no_reason", message, fields={"conditions": message}, status=422)
    if item.verdict in (Verdict.REJECT, Verdict.RETURN, *APPEAL_VERDICTS) and not item.reason:
        message = _("Write the reason that is voted on: the author and everybody else will read it.")
        raise Refused("no_reason", message, fields={"reason": message}, status=422)


def record_vote(*, item: AgendaItem, member: Person, choice: str, by: Actor) -> RollCallVote:
    """Record a member's vote on the open item: their own, or called out and written down by chair or secretary.

    The vote can be corrected while the item is open, each recording is kept. What a member recorded themselves nobody
    else changes; against what was written down for them they object by recording their own. Locks the meeting. The
    same again changes nothing. Refused: item_not_open, bad_choice, not_present, conflict_of_interest, not_secretary,
    own_vote.
    """
    if choice not in CAST:
        raise Refused("bad_choice", _("Choose: for, against or abstained."), status=422)
    with transaction.atomic():
        meeting = held_meeting(item.meeting)
        held = held_item(meeting, item)
        if held.state != ItemState.OPEN:
            raise Refused("item_not_open", _("This item is not being voted on now."))
        is_own = by.person_id == member.pk
        if not is_own:
            check_running(meeting, by)
        if member.pk not in present_members(meeting):
            raise Refused(
                "not_present", _("Only members of the commission who take part in the meeting vote.")
            )
        if has_conflict(held.project, member.pk):
            raise Refused(
                "conflict_of_interest",
                _("%s has a conflict of interest about this project and takes no part.")
                % protocol_name(member),
                status=403,
            )
        vote = RollCallVote.objects.filter(item=held, person=member).first()
        if vote is not None and not is_own and not vote.by_voice:
            raise Refused("own_vote", _("%s has voted: nobody else changes it.") % protocol_name(member))
        if vote is not None and (vote.choice, vote.by_voice) == (choice, not is_own):
            return vote
        vote = vote or RollCallVote(item=held, person=member)
        vote.name, vote.choice, vote.by_voice = protocol_name(member), choice, not is_own
        vote.recorded_at = clock.now()
        vote.save()
        RollCallRecord.objects.create(
            vote=vote, choice=choice, by_voice=vote.by_voice, recorded_by_id=by.person_id,
            recorded_at=vote.recorded_at,
        )  # fmt: skip
    return vote


def write_notes(*, item: AgendaItem, notes: str, by: Actor) -> None:
    """Write down who spoke on the item, until the meeting is closed; locks the meeting; public with the protocol.

    Refused: not_secretary, closed, too_long.
    """
    if len(notes) > MAX_REASON:
        message = _("No more than %d characters, please.") % MAX_REASON
        raise Refused("too_long", message, fields={"notes": message}, status=422)
    with transaction.atomic():
        meeting = held_meeting(item.meeting)
        check_running(meeting, by)
        held = held_item(meeting, item)
        held.notes = notes.strip()
        held.save(update_fields=["notes"])


def close_item(*, item: AgendaItem, by: Actor) -> AgendaItem:
    """Close the vote and do what was adopted, in one transaction; locks the meeting; journal: AgendaItemClosed.

    Adopted by more than half of the members who take part; a tie adopts nothing. Those recused do not count, and
    without the quorum nothing is decided. A member of the commission without a conflict closes it. Closed twice is
    closed once. Refused: not_commission, conflict_of_interest, item_not_open, votes_missing, the codes of the decision.
    """
    with transaction.atomic():
        meeting = held_meeting(item.meeting)
        held = held_item(meeting, item)
        if held.closed_at is not None:
            return held
        if by.person_id not in present_members(meeting) or Role.COMMISSION not in by.roles_in(
            meeting.community.code
        ):
            raise Refused(
                "not_commission",
                _("An item is closed by a member of the commission who takes part."),
                status=403,
            )
        check_no_conflict(held.project, by)
        if held.state != ItemState.OPEN:
            raise Refused("item_not_open", _("This item is not being voted on now."))
        stands = roll_call(held)
        if not stands.has_quorum:
            held.state = ItemState.NO_QUORUM
        elif stands.missing:
            raise Refused("votes_missing", _("Have not voted yet: %s.") % ", ".join(stands.missing))
        else:
            held.state = ItemState.ADOPTED if stands.is_adopted else ItemState.NOT_ADOPTED
        held.closed_at, held.present = clock.now(), len(stands.present)
        held.quorum = stands.quorum
        held.recused = len(stands.present) - len(stands.able)
        if held.state == ItemState.ADOPTED:
            held.decision = _carry_out(meeting, held, by)
        held.save()
        _write(meeting, held, stands, by)
    return held


def _carry_out(meeting: Meeting, item: AgendaItem, by: Actor) -> Decision | None:
    day = date_format(clock.now().astimezone(clock.KYIV), "d.m.Y")
    protocol = _("No. %(number)s of %(day)s") % {"number": meeting.number, "day": day}
    if item.verdict in APPEAL_VERDICTS:
        appeal = Appeal.objects.get(project=item.project, state=Appeal.State.WAITING)
        decide_appeal(
            appeal=appeal, is_granted=item.verdict == Verdict.GRANT_APPEAL, answer=item.reason, protocol=protocol,
            by=by,
        )  # fmt: skip
        return None
    return decide_review(
        project=item.project, verdict=item.verdict, conditions=item.conditions,
        reason=item.reason, protocol=protocol, by=by,
    )  # fmt: skip


def _write(meeting: Meeting, item: AgendaItem, stands: RollCall, by: Actor) -> None:
    journal.append(
        AgendaItemClosed(
            contest=str(meeting.contest_id), number=meeting.number, project=item.project.number,
            votes_for=stands.number(Choice.FOR), votes_against=stands.number(Choice.AGAINST),
            abstained=stands.number(Choice.ABSTAINED), recused=item.recused or 0, result=item.state,
        ),
        community=meeting.community.code, year=clock.year(), by=by,
    )  # fmt: skip
