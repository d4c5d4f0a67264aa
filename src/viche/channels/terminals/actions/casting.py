"""A ballot comes from a terminal, and is taken back."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rulebook.ballot import BallotPaper
from rulebook.rules.vocabulary import TERMINAL
from viche.ballots.actions import cast_ballot
from viche.ballots.annulling import withdraw_ballot
from viche.ballots.traces import Circumstances
from viche.channels.terminals import tokens
from viche.channels.terminals.models import BallotState, Partner, TerminalBallot
from viche.channels.terminals.partners import why_partner_refused
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.actions import identify_client
from viche.identity.models import Person
from viche.identity.providers import TaxNumberError, parse_tax_number

REQUEST = re.compile(r"[A-Za-z0-9._:-]{8,64}")


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


@sensitive_variables("number")
def checked_number(number: str) -> str:
    """The ten digits of a tax number. Refused: bad_number."""
    try:
        return parse_tax_number(number, today=clock.now().astimezone(clock.KYIV).date()).number
    except TaxNumberError:
        message = _("This is no tax number: ten digits, the last of which is a check digit.")
        raise Refused("bad_number", message, fields={"number": message}, status=422) from None


def not_on_register(contest_or_partner: Contest | Partner) -> Refused:
    """Nobody of this number is known."""
    return Refused(
        "not_on_register",
        _(
            "Nobody with this tax number is on the register of %s. Identify once on the site of the community or come "
            "to the service centre with your passport."
        )
        % contest_or_partner.community.title,
        status=403,
    )


@sensitive_variables("number", "paper", "request_key")
def cast_at_terminal(
    *, partner: Partner, contest: Contest, number: str, paper: BallotPaper, request: str, terminal: str = "",
    payment: str = "",
) -> TerminalReceipt:  # fmt: skip
    """Cast a whole ballot of a partner's client: the mark, the sealed ballot and the reference in one transaction.

    number: the tax number that the partner vouches for, or that the client typed where it proves none. request: the
    partner's idempotency key, never sent for anything else; sent again with the same ballot it answers with the same
    receipt. payment: the network's own number of the payment. Holds an advisory lock on the request: of two at once
    the second is told to wait. Journal: as cast_ballot. Refused: bad_request_key, bad_number, not_on_register,
    no_contest, in_flight, no_key, request_cancelled, request_reused, payment_reused, and as why_partner_refused and
    cast_ballot.
    """
    key_of_request = _checked_request(request)
    if contest.community_id != partner.community_id:
        raise Refused("no_contest", _("There is no such contest in this community."), status=404)
    voter = identify_voter(partner=partner, number=number)
    if voter is None:
        raise not_on_register(contest)
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
    except IntegrityError:
        raise Refused(
            "payment_reused", _("This payment has already brought another ballot."), status=409
        ) from None
    return TerminalReceipt(
        ballot.reference, receipt.commitment, receipt.nonce, ballot.at, is_repeat=receipt.is_repeat
    )


def cancel_at_terminal(*, partner: Partner, reference: UUID, request: str) -> TerminalBallot:
    """The voter takes the ballot back at the terminal, where the rules let them, before the channel closes.

    request: the idempotency key of the cast; without it nobody can. A ballot that is cancelled already is answered as
    it is. Locks the reference; journal: as withdraw_ballot. Refused: no_ballot, in_flight, no_key, and as
    why_partner_refused and withdraw_ballot.
    """
    if refused := why_partner_refused(partner):
        raise refused
    with transaction.atomic():
        mac = hold_request(partner, request)
        held = TerminalBallot.objects.select_for_update(of=("self",)).select_related("contest__community")
        ballot = held.filter(partner=partner, reference=reference, request_mac=mac).first()
        if ballot is None:
            raise Refused(
                "no_ballot", _("No ballot with this reference was cast by this request."), status=404
            )
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


def hold_request(partner: Partner, request: str) -> bytes:
    """The request's MAC, held until the end of the transaction. Refused: in_flight, bad_request_key."""
    mac = tokens.request_mac(partner, _checked_request(request))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(mac[:8], "big", signed=True)])
        if not cursor.fetchone()[0]:
            raise Refused(
                "in_flight", _("This request is being served at this moment: send it again."), status=409
            )
    return mac


def _checked_request(request: str) -> str:
    if not REQUEST.fullmatch(request):
        message = _("The idempotency key is 8 to 64 letters, digits and signs . _ : -")
        raise Refused("bad_request_key", message, fields={"idempotency_key": message}, status=400)
    return request


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
