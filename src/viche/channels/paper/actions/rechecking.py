"""A second look at the sheets that were drawn: the paper is read anew, without what had been entered."""

from django.db import transaction
from django.utils.translation import gettext as _

from viche.ballots.papers.guards import entering_only, said
from viche.channels.paper.events import PaperRechecked
from viche.channels.paper.models import Recheck, Sheet, Stack
from viche.channels.paper.readings import Reading, checked_reason, fault, typed_paper, unsealed
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal


def record_recheck(
    *, sheet: Sheet, choices: str = "", reason: str = "", words: str = "", by: Actor
) -> Recheck:
    """Say what stands on a drawn sheet, without seeing what was entered; the two are compared.

    words: what differs, asked for once it does; the box is not changed by it. The reading that was kept is deleted.
    Locks the stack; journal: PaperRechecked, after the last drawn sheet. Refused: not_entering, not_drawn,
    entered_by_you, checked_already, bad_choices, bad_reason, recheck_differs (words are asked for), no_key.
    """
    contest = sheet.contest
    entering_only(contest, by)
    checked_reason(reason)
    read = Reading(reason=reason) if reason else Reading(choices=typed_paper(contest, choices).choices)
    with transaction.atomic():
        stack = Stack.objects.select_for_update(of=("self",)).get(pk=sheet.stack_id)
        held = Sheet.objects.get(pk=sheet.pk)
        if not (held.is_drawn and held.is_live):
            raise Refused("not_drawn", _("This sheet was not drawn for a second look."), status=409)
        if Recheck.objects.filter(sheet=held).exists():
            raise Refused("checked_already", _("Somebody has looked at this sheet already."), status=409)
        if by.person_id is not None and held.entries.filter(entered_by=by.person_id).exists():
            raise Refused(
                "entered_by_you", _("You have entered this sheet: somebody else looks at it."), status=403
            )
        is_same = unsealed(contest, bytes(held.kept)).is_same_as(read)
        if not is_same and not words.strip():
            message = _(
                "What was entered is not what you read. Look at the paper once more; if it is so, say in a few words "
                "what may have happened."
            )
            raise fault("recheck_differs", "words", message)
        made = Recheck.objects.create(
            sheet=held, is_same=is_same, words="" if is_same else said(words, "words"), checked_by_id=by.person_id,
            checked_at=clock.now(),
        )  # fmt: skip
        held.kept = b""
        held.save(update_fields=["kept"])
        _say_when_done(stack, by)
    return made


def _say_when_done(stack: Stack, by: Actor) -> None:
    drawn = stack.sheets.filter(is_drawn=True).count()
    done = Recheck.objects.filter(sheet__stack=stack)
    if done.count() == drawn:
        event = PaperRechecked(
            contest=str(stack.contest_id), batch=str(stack.batch_id), drawn=drawn,
            same=done.filter(is_same=True).count(), different=done.filter(is_same=False).count(),
        )  # fmt: skip
        journal.append(event, community=stack.contest.community.code, year=clock.year(), by=by)
