"""Ballots that must not count: proposed with a reason, in quarantine until a second official decides, left out at the
opening.

Nobody learns by it what the ballot says: until the opening the mark's link is sealed, and afterwards the excluded
ballot's envelope stays closed.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.ballots import sealing
from viche.ballots.events import AnnulmentConfirmed, AnnulmentDeclined, AnnulmentProposed
from viche.ballots.models import Annulment, Box, Claim, Participation, Replacement
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal

DECIDING = (Role.COMMISSION, Role.ADMINISTRATOR)
MAX_TEXT = 1000
State = Annulment.State


@dataclass(frozen=True)
class Excluded:
    """A ballot that is in the box and does not count. annulment: None where its voter replaced it."""

    commitment: bytes
    annulment: Annulment | None


def propose_annulment(*, contest: Contest, mark: UUID, why: str, text: str, by: Actor) -> Annulment:
    """Put a mark into quarantine: its ballot is not counted before a second official has decided.

    mark: a participation of the contest. text: the reason in words; published. Locks the box and the mark; journal:
    AnnulmentProposed. Refused: not_deciding, no_mark, bad_value (why, text), box_opened, already_proposed.
    """
    _deciding_only(contest, by)
    if why not in Annulment.Why.values:
        message = _("Choose a reason.")
        raise Refused("bad_value", message, fields={"why": message}, status=422)
    said = _said(text)
    try:
        with transaction.atomic():
            _hold_closed_box(contest)
            held = Participation.objects.select_for_update().filter(contest=contest, pk=mark).first()
            if held is None:
                raise Refused("no_mark", _("There is no such vote in this contest."), status=404)
            found = Annulment.objects.create(
                community_id=contest.community_id, contest=contest, participation=held, why=why, text=said,
                proposed_by_id=by.person_id, proposed_at=clock.now(),
            )  # fmt: skip
            _record(AnnulmentProposed, found, contest, said, by)
    except IntegrityError:
        raise Refused(
            "already_proposed", _("This vote is in quarantine or annulled already."), status=409
        ) from None
    return found


def decide_annulment(*, annulment: Annulment, is_confirmed: bool, answer: str, by: Actor) -> Annulment:
    """A second official annuls the ballot, or lets it stay valid, with words for the journal.

    A confirmed one sets the voter free: as long as the voting goes on, the person may cast a ballot of their own.
    Locks the box and the annulment; journal: AnnulmentConfirmed or AnnulmentDeclined. Refused: not_deciding,
    same_person, bad_value (answer), box_opened, already_done.
    """
    contest = annulment.contest
    _deciding_only(contest, by)
    said = _said(answer)
    with transaction.atomic():
        _hold_closed_box(contest)
        held = Annulment.objects.select_for_update(of=("self",)).get(pk=annulment.pk)
        if held.state != State.OPEN:
            raise Refused("already_done", _("Somebody has decided about this already."), status=409)
        if held.proposed_by_id == by.person_id:
            raise Refused(
                "same_person", _("You have proposed this yourself: another official decides."), status=403
            )
        held.state = State.CONFIRMED if is_confirmed else State.DECLINED
        held.decided_by_id, held.decided_at, held.answer = by.person_id, clock.now(), said
        held.save(update_fields=["state", "decided_by", "decided_at", "answer"])
        if is_confirmed:
            Claim.objects.filter(participation=held.participation_id).delete()
            # a token that is nobody's: the unique constraint stays, and the person is free to vote
            Participation.objects.filter(pk=held.participation_id).update(
                annulled_at=held.decided_at, person_token=b"annulled" + held.pk.bytes
            )
        _record(AnnulmentConfirmed if is_confirmed else AnnulmentDeclined, held, contest, said, by)
    return held


def excluded_ballots(contest: Contest, private: bytes) -> list[Excluded]:
    """The ballots that do not count, by their sealed links, in the order of their commitments.

    private: the key of the box. Refused: annulments_wait (some are undecided), broken_link.
    """
    if Annulment.objects.filter(contest=contest, state=State.OPEN).exists():
        raise Refused(
            "annulments_wait",
            _("Some ballots are in quarantine: a second official has to decide about each before the count."),
            status=409,
        )
    found = [
        Excluded(_commitment(contest, bytes(each.link), private), None)
        for each in Replacement.objects.filter(contest=contest)
    ]
    for each in Annulment.objects.filter(contest=contest, state=State.CONFIRMED).select_related(
        "participation"
    ):
        found.append(Excluded(_commitment(contest, bytes(each.participation.link), private), each))
    return sorted(found, key=lambda each: each.commitment)


def _commitment(contest: Contest, link: bytes, private: bytes) -> bytes:
    try:
        return sealing.open_link(contest=str(contest.id), link=link, private_key=private)
    except ValueError:
        raise Refused("broken_link", _("What leads from a vote to its ballot does not open.")) from None


def _deciding_only(contest: Contest, by: Actor) -> None:
    if not by.holds(*DECIDING, community=contest.community.code):
        raise Refused(
            "not_deciding", _("Only the commission or an administrator decides about this."), status=403
        )


def _hold_closed_box(contest: Contest) -> None:
    box = Box.objects.select_for_update(no_key=True).filter(contest=contest).first()
    if box is None or box.opened_at is not None:
        raise Refused(
            "box_opened", _("The box is opened: what was counted stays as it was counted."), status=409
        )


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        message = _("Give the reason in a few words: it is published.")
    elif len(said) > MAX_TEXT:
        message = _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT}
    else:
        return said
    raise Refused("bad_value", message, fields={"text": message}, status=422)


def _record(event: type[AnnulmentProposed], found: Annulment, contest: Contest, text: str, by: Actor) -> None:
    journal.append(
        event(contest=str(contest.id), annulment=str(found.pk), why=found.why, text=text),
        community=contest.community.code, year=clock.year(), by=by,
    )  # fmt: skip
