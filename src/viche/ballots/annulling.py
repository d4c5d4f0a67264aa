"""Ballots that must not count: proposed with a reason, in quarantine until a second official decides, left out at the
opening.

Nobody learns by it what the ballot says: until the opening the mark's link is sealed, and afterwards the excluded
ballot's envelope stays closed.
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import PAPER
from viche.ballots import sealing
from viche.ballots.channels import why_closed
from viche.ballots.events import AnnulmentConfirmed, AnnulmentDeclined, AnnulmentProposed, BallotWithdrawn
from viche.ballots.models import Annulment, Box, Claim, PaperBallot, Participation, Replacement
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal

DECIDING = (Role.COMMISSION, Role.ADMINISTRATOR)
MAX_TEXT = 1000
State = Annulment.State
# a voter takes their own ballot back; officials have other reasons
PROPOSED = [each for each in Annulment.Why if each is not Annulment.Why.WITHDRAWN]


def reasons_to_annul() -> list[tuple[str, str]]:
    """The reasons officials may give: (word, name)."""
    return [(each.value, str(each.label)) for each in PROPOSED]


@dataclass(frozen=True)
class Excluded:
    """A ballot that is in the box and does not count. why: "replaced", "taken-back" or a word of Annulment.Why.

    reference: of the annulment or of the batch that was taken back, "" of a replaced ballot.
    """

    commitment: bytes
    why: str
    reference: str = ""


def propose_annulment(*, contest: Contest, mark: UUID, why: str, text: str, by: Actor) -> Annulment:
    """Put a mark into quarantine: its ballot is not counted before a second official has decided.

    mark: a participation of the contest. text: the reason in words; published. Locks the box and the mark; journal:
    AnnulmentProposed. Refused: not_deciding, no_mark, bad_value (why, text), box_opened, already_proposed,
    nameless_paper (nothing leads from the mark to its sheet).
    """
    _deciding_only(contest, by)
    if why not in PROPOSED:
        message = _("Choose a reason.")
        raise Refused("bad_value", message, fields={"why": message}, status=422)
    said = _said(text)
    try:
        with transaction.atomic():
            _hold_closed_box(contest)
            held = Participation.objects.select_for_update().filter(contest=contest, pk=mark).first()
            if held is None:
                raise Refused("no_mark", _("There is no such vote in this contest."), status=404)
            if held.channel == PAPER and not held.link:
                raise Refused(
                    "nameless_paper",
                    _("A numbered paper ballot was given out for this vote: nothing tells which one it is."),
                    status=409,
                )
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
            _set_free(held.participation_id, held)
        _record(AnnulmentConfirmed if is_confirmed else AnnulmentDeclined, held, contest, said, by)
    return held


def withdraw_ballot(*, contest: Contest, request_key: bytes, channel: str) -> Annulment:
    """A voter takes back the ballot that this request cast, while the voting goes on, where the rules let them.

    The voter is free to cast another. Sent again it answers the same. Locks the box and the mark; journal:
    BallotWithdrawn. Refused: not_withdrawable, voting_closed, channel_closed, no_ballot, already_annulled.
    """
    if not contest.rules.ballot.cancel:
        raise Refused(
            "not_withdrawable", _("By the rules of this contest a ballot cannot be taken back."), status=409
        )
    with transaction.atomic():
        _hold_closed_box(contest)
        request = hashlib.sha256(request_key).digest()
        mark = Participation.objects.select_for_update().filter(contest=contest, request_hash=request).first()
        if mark is None:
            raise Refused("no_ballot", _("No ballot was cast by this request."), status=404)
        prior = Annulment.objects.filter(participation=mark).exclude(state=State.DECLINED).first()
        if prior is not None and prior.why == Annulment.Why.WITHDRAWN:
            return prior
        if prior is not None or mark.annulled_at is not None:
            raise Refused("already_annulled", _("This ballot is in quarantine or annulled."), status=409)
        if refusal := why_closed(contest, channel):
            raise refusal
        now = clock.now()
        made = Annulment.objects.create(
            community_id=contest.community_id, contest=contest, participation=mark, why=Annulment.Why.WITHDRAWN,
            text="", state=State.CONFIRMED, proposed_at=now, decided_at=now,
        )  # fmt: skip
        _set_free(mark.pk, made)
        journal.append(
            BallotWithdrawn(contest=str(contest.id), annulment=str(made.pk)),
            community=contest.community.code, year=clock.year(), by=SYSTEM,
        )  # fmt: skip
    return made


def _set_free(mark: UUID, annulment: Annulment) -> None:
    """The mark counts no more, and its voter's numbers are theirs again."""
    Claim.objects.filter(participation=mark).delete()
    # a token that is nobody's: the unique constraint stays, and the person is free to vote
    Participation.objects.filter(pk=mark).update(
        annulled_at=annulment.decided_at, person_token=b"annulled" + annulment.pk.bytes
    )


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
        Excluded(_commitment(contest, bytes(each.link), private), "replaced")
        for each in Replacement.objects.filter(contest=contest)
    ]
    for each in Annulment.objects.filter(contest=contest, state=State.CONFIRMED).select_related(
        "participation"
    ):
        commitment = _commitment(contest, bytes(each.participation.link), private)
        found.append(Excluded(commitment, each.why, str(each.pk)))
    for sheet in PaperBallot.objects.filter(contest=contest, undone_at__isnull=False, reason="").iterator(
        2_000
    ):
        commitment = _commitment(contest, bytes(sheet.link), private)
        found.append(Excluded(commitment, "taken-back", str(sheet.batch_id)))
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
