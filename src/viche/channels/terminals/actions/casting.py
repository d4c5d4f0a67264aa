"""A ballot comes from a terminal, and is taken back."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rulebook.ballot import BallotPaper
from rulebook.rules.vocabulary import TERMINAL
from viche.ballots.actions import cast_ballot
from viche.ballots.annulling import withdraw_ballot
from viche.ballots.traces import Circumstances
from viche.channels.terminals import tokens
from viche.channels.terminals.actions.requests import answer_of, record_answer
from viche.channels.terminals.clients import checked_number, not_on_register
from viche.channels.terminals.holding import checked_request, hold_request
from viche.channels.terminals.models import BallotState, Partner, TerminalBallot
from viche.channels.terminals.partners import why_partner_refused
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.actions import identify_client
from viche.identity.models import Person


@dataclass(frozen=True)
class TerminalReceipt:
    """What the terminal prints on the voter's slip. commitment and nonce: hex; they are kept nowhere here."""

    reference: UUID
    commitment: str = field(repr=False)
    nonce: str = field(repr=False)
    at: datetime
    is_repeat: bool


@sensitive_variables("number")
def identify_voter(*, partner: Partner, number: str) -> Person | None:
    """The person of a tax number that the partner's client gave; None where nobody knows it.

    Somebody whom only a register of members knows is put on record. Refused: bad_number, and as why_partner_refused.
    """
    if refused := why_partner_refused(partner):
        raise refused
    return identify_client(tax_number=checked_number(number), asked_in=partner.community)


@sensitive_variables("number", "paper", "request_key", "body")
def cast_at_terminal(
    *, partner: Partner, contest: Contest, number: str, paper: BallotPaper, request: str, terminal: str = "",
    payment: str = "", body: bytes = b"",
) -> TerminalReceipt:  # fmt: skip
    """Cast a whole ballot of a partner's client: the mark, the sealed ballot and the reference in one transaction.

    number: the tax number that the partner vouches for, or that the client typed where it proves none. request: the
    partner's idempotency key, never sent for anything else; sent again with the same ballot it answers with the same
    receipt. payment: the network's own number of the payment. body: what arrived, where a repeated request has to be
    the same to the letter; its MAC is kept. Holds an advisory lock on the request: of two at once
    the second is told to wait. Journal: as cast_ballot. Refused: bad_request_key, bad_number, not_on_register,
    no_contest, in_flight, no_key, request_cancelled, request_reused, idempotency_reused, payment_reused, and as
    why_partner_refused and cast_ballot.
    """
    key_of_request = checked_request(request)
    if contest.community_id != partner.community_id:
        raise Refused("no_contest", _("There is no such contest in this community."), status=404)
    voter = identify_voter(partner=partner, number=number)
    if voter is None:
        raise not_on_register(contest.community)
    try:
        request_key = tokens.request_key_of(contest, partner, key_of_request)
    except keys.KeyMissing:
        raise _keyless() from None
    around = Circumstances(
        terminal=f"{partner.slug}/{terminal}" if terminal else partner.slug, device=f"{partner.id}/{terminal}",
        issuer=partner.slug,
    )  # fmt: skip
    try:
        with transaction.atomic():
            mac = hold_request(partner, request)
            answered = answer_of(partner=partner, request=request, what="cast", body=body) if body else None
            _check_state(partner, mac, contest)
            receipt = cast_ballot(
                contest=contest, voter=voter, paper=paper, channel=TERMINAL, request_key=request_key,
                method=partner.method, circumstances=around,
            )  # fmt: skip
            ballot, _is_new = TerminalBallot.objects.get_or_create(
                community_id=partner.community_id, partner=partner, request_mac=mac,
                defaults={
                    "contest": contest, "payment": payment, "terminal": terminal, "at": clock.now(),
                },
            )  # fmt: skip
            if body and answered is None:
                record_answer(
                    partner=partner, request=request, what="cast", body=body, status=201,
                    answer={"reference": str(ballot.reference)}, ballot=ballot,
                )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "payment_reused", _("This payment has already brought another ballot."), status=409
        ) from None
    return TerminalReceipt(
        ballot.reference, receipt.commitment, receipt.nonce, ballot.at, is_repeat=receipt.is_repeat
    )


def cancel_at_terminal(
    *, partner: Partner, reference: UUID, request: str, key: str = "", body: bytes = b""
) -> TerminalBallot:
    """The voter takes the ballot back at the terminal, where the rules let them, before the channel closes.

    request: the idempotency key of the cast; without it nobody can. key, body: the idempotency key of this request and
    what arrived, where a repeated one has to be the same to the letter. A ballot that is cancelled already is answered
    as it is. Locks the reference; journal: as withdraw_ballot. Refused: no_ballot, in_flight, no_key,
    idempotency_reused, and as why_partner_refused and withdraw_ballot.
    """
    if refused := why_partner_refused(partner):
        raise refused
    with transaction.atomic():
        answered = answer_of(partner=partner, request=key, what="cancel", body=body) if body else None
        mac = hold_request(partner, request)
        held = TerminalBallot.objects.select_for_update(of=("self",)).select_related("contest__community")
        ballot = held.filter(partner=partner, reference=reference, request_mac=mac).first()
        if ballot is None:
            raise Refused(
                "no_ballot", _("No ballot with this reference was cast by this request."), status=404
            )
        if body and answered is None:
            record_answer(
                partner=partner, request=key, what="cancel", body=body, status=200,
                answer={"reference": str(reference)}, ballot=ballot,
            )  # fmt: skip
        if ballot.state == BallotState.CANCELLED:
            return ballot
        try:
            request_key = tokens.request_key_of(ballot.contest, partner, request)
        except keys.KeyMissing:
            raise _keyless() from None
        withdraw_ballot(contest=ballot.contest, request_key=request_key, channel=TERMINAL)
        ballot.state, ballot.cancelled_at = BallotState.CANCELLED, clock.now()
        ballot.save(update_fields=["state", "cancelled_at"])
    return ballot


def _check_state(partner: Partner, mac: bytes, contest: Contest) -> None:
    """Refused: request_cancelled, request_reused."""
    earlier = TerminalBallot.objects.filter(partner=partner, request_mac=mac).first()
    if earlier is None:
        return
    if earlier.contest_id != contest.pk:
        raise Refused(
            "request_reused",
            _("This request was already sent with another ballot; that one counts."),
            status=422,
        )
    if earlier.state == BallotState.CANCELLED:
        raise Refused(
            "request_cancelled",
            _("The ballot of this request was taken back. Vote again by a new request."),
            status=409,
        )


def _keyless() -> Refused:
    said = _("Voting is interrupted: the keys of this contest are not in reach. Try again later.")
    return Refused("no_key", said, status=503)
