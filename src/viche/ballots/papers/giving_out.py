"""Numbered paper ballots: printed in a row, given out one by one to people who then have voted, spoiled, left over.

The voter is marked when the sheet is given out, and its number is claimed in the same transaction; the sheet itself
names nobody. Which number a voter got is stored nowhere: the mark holds an HMAC over token and number under the
contest's key, by which the desk tells whether a spoiled sheet that is brought back was this voter's.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.rules.vocabulary import PAPER
from viche.ballots.channels import channel_of, why_closed, why_method_refused
from viche.ballots.events import PaperBallotsPrinted
from viche.ballots.models import (
    Annulment,
    Claim,
    PaperBallot,
    PaperSerial,
    Participation,
    Replacement,
    VoteTrace,
)
from viche.ballots.papers.guards import entering_only, held_closed_box
from viche.ballots.tokens import contest_tokens_of, held_tokens_of, marks_key
from viche.ballots.traces import UNKNOWN, Circumstances, seal_trace, trace_key
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.models import Person, Role
from viche.identity.queries import memberships_in
from viche.journal import actions as journal

State = PaperSerial.State
MOST_AT_ONCE = 200_000


@dataclass(frozen=True)
class IssuedPaper:
    """A sheet given out. at: when; is_repeat: whether this very request had been served before."""

    serial: int
    at: datetime
    is_repeat: bool


def print_papers(*, contest: Contest, number: int, point: UUID | None = None, by: Actor) -> list[int]:
    """Take the next numbers for sheets to be printed. point: where they are for.

    Locks the contest; journal: PaperBallotsPrinted. Refused: not_administrator, channel_not_offered, rules_not_frozen,
    bad_value (number).
    """
    if not by.holds(Role.ADMINISTRATOR, Role.COMMISSION, community=contest.community.code):
        raise Refused(
            "not_administrator", _("Only the commission or an administrator prints ballots."), status=403
        )
    channel_of(contest.rules, PAPER)
    if not contest.is_frozen:
        raise Refused("rules_not_frozen", _("Freeze the rules before ballots are printed."))
    if not 1 <= number <= MOST_AT_ONCE:
        message = _("From 1 to %(most)d sheets at once.") % {"most": MOST_AT_ONCE}
        raise Refused("bad_value", message, fields={"number": message}, status=422)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        last = PaperSerial.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0
        numbers = list(range(last + 1, last + 1 + number))
        PaperSerial.objects.bulk_create(
            (
                PaperSerial(community_id=contest.community_id, contest=contest, number=each, point=point)
                for each in numbers
            ),
            batch_size=5_000,
        )
        journal.append(
            PaperBallotsPrinted(
                contest=str(contest.id), first=numbers[0], last=numbers[-1], point=str(point or "")
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return numbers


def issue_paper(
    *, contest: Contest, voter: Person, serial: int, request_key: bytes, by: Actor, method: str = "desk",
    circumstances: Circumstances = UNKNOWN,
) -> IssuedPaper:  # fmt: skip
    """Give a numbered sheet to a voter, who has then voted: mark, claims and number in one transaction.

    request_key: 16 to 64 secret bytes of the form; sent again it answers the same. Where the rules let a ballot be
    replaced, the sheet takes the place of one cast on a screen, and is final. No journal entry: as with every mark.
    Refused: not_entering, named_papers, channel_not_offered, voting_closed, channel_closed, not_eligible,
    method_not_accepted, already_voted, request_reused, unknown_serial, serial_taken, bad_request_key, try_again.
    """
    entering_only(contest, by)
    if contest.rules.paper.is_named:
        raise Refused(
            "named_papers",
            _(
                "In this contest the voter’s name stands on the ballot: it is claimed when the ballot is entered."
            ),
        )
    if not 16 <= len(request_key) <= 64:
        raise Refused("bad_request_key", _("The form is damaged. Open it again."), status=400)
    try:
        tokens = contest_tokens_of(contest, voter)
        request = hashlib.sha256(request_key).digest()
        if tokens and (prior := _served(contest, request, tokens, serial)):
            return prior
    except keys.KeyMissing:
        said = _("Voting is interrupted: the keys of this contest are not in reach. Try again later.")
        raise Refused("no_key", said, status=503) from None
    if refusal := why_closed(contest, PAPER):
        raise refusal
    found = obstacles(
        person=voter, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now(),
        channel=PAPER,
    )  # fmt: skip
    if found or not tokens:
        reasons = " ".join(each.message for each in found) or _("The tax number is not confirmed.")
        raise Refused("not_eligible", reasons, status=403)
    if refusal := why_method_refused(contest.rules, PAPER, method):
        raise refusal
    try:
        with transaction.atomic():
            held_closed_box(contest)
            if held_tokens_of(contest, voter) != tokens:
                raise Refused("try_again", _("Something of theirs has just changed: try once more."))
            sheet = _held_sheet(contest, serial)
            if sheet.state != State.PRINTED:
                raise _taken(sheet)
            sheet.state, sheet.issued_on = State.ISSUED, clock.now().astimezone(clock.KYIV).date()
            sheet.save(update_fields=["state", "issued_on"])
            around = replace(circumstances, method=method, born=voter.birth_date)
            at = _mark(contest, voter, tokens, request, serial, around)
    except IntegrityError:  # the same person, or this very request, at this very moment elsewhere
        if prior := _served(contest, request, tokens, serial):
            return prior
        raise _voted(contest, tokens) from None
    return IssuedPaper(serial, at, is_repeat=False)


def replace_spoiled(*, contest: Contest, voter: Person, old: int, new: int, by: Actor) -> IssuedPaper:
    """Give a fresh sheet for a spoiled one that the voter brings back. Both numbers are held.

    Sent again it answers the same. Refused: not_entering, not_theirs (the old number is not the voter's),
    unknown_serial, serial_taken, sheet_entered, box_opened, and as the hours of the channel say.
    """
    entering_only(contest, by)
    if refusal := why_closed(contest, PAPER):
        raise refusal
    tokens = contest_tokens_of(contest, voter)
    with transaction.atomic():
        held_closed_box(contest)
        mark = (
            Participation.objects.select_for_update(of=("self",))
            .filter(contest=contest, channel=PAPER, annulled_at=None, person_token__in=tokens)
            .first()
        )
        if mark is not None and bytes(mark.body_mac) == _sheet_mac(contest, tokens, new):
            return IssuedPaper(new, mark.cast_at, is_repeat=True)
        if mark is None or bytes(mark.body_mac) != _sheet_mac(contest, tokens, old):
            message = _("Ballot No. %(number)s was not given to this voter.") % {"number": old}
            raise Refused("not_theirs", message, fields={"old": message}, status=409)
        first, fresh = _held_sheets(contest, old, new)
        if PaperBallot.objects.filter(serial=first, undone_at=None).exists():
            message = _("Ballot No. %(number)s is entered already.") % {"number": old}
            raise Refused("sheet_entered", message, fields={"old": message}, status=409)
        if fresh.state != State.PRINTED:
            raise _taken(fresh, "new")
        first.state, fresh.state = State.SPOILED, State.ISSUED
        fresh.issued_on = clock.now().astimezone(clock.KYIV).date()
        first.save(update_fields=["state"])
        fresh.save(update_fields=["state", "issued_on"])
        mark.body_mac = _sheet_mac(contest, tokens, new)
        mark.save(update_fields=["body_mac"])
    return IssuedPaper(new, mark.cast_at, is_repeat=False)


def mark_papers(*, contest: Contest, serials: Sequence[int], state: str, by: Actor) -> int:
    """Say of sheets that were never given out that they are spoiled (in print, say) or left over; how many are new.

    All or none. Locks the sheets. Refused: not_entering, bad_value (state), unknown_serial, serial_taken (given out),
    box_opened.
    """
    entering_only(contest, by)
    if state not in (State.SPOILED, State.UNUSED):
        message = _("Choose what became of the ballots.")
        raise Refused("bad_value", message, fields={"state": message}, status=422)
    wanted = sorted(set(serials))
    with transaction.atomic():
        held_closed_box(contest)
        rows = PaperSerial.objects.select_for_update().filter(contest=contest, number__in=wanted)
        sheets = list(rows.order_by("number"))
        if missing := sorted(set(wanted) - {each.number for each in sheets}):
            raise _unknown(*missing)
        if given := [each for each in sheets if each.state not in (State.PRINTED, state)]:
            raise _taken(given[0], "serials")
        changed = [each.pk for each in sheets if each.state != state]
        PaperSerial.objects.filter(pk__in=changed).update(state=state)
    return len(changed)


def _mark(
    contest: Contest, voter: Person, tokens: list[bytes], request: bytes, serial: int, around: Circumstances
) -> datetime:
    """The voter's mark; in the place of a ballot cast on a screen where the rules let it be replaced."""
    place = next(iter(memberships_in(voter, contest.community.territory)), None)
    now, mac = clock.now(), _sheet_mac(contest, tokens, serial)
    earlier = (
        Participation.objects.select_for_update(of=("self",))
        .filter(contest=contest, claims__token__in=tokens, annulled_at=None)
        .first()
    )
    if earlier is not None:
        if not contest.rules.ballot.revote or earlier.channel == PAPER:
            raise _voted(contest, tokens)
        if Annulment.objects.filter(participation=earlier, state=Annulment.State.OPEN).exists():
            raise Refused(
                "in_quarantine",
                _("A vote in this person’s name is in quarantine: the commission decides about it first."),
                status=409,
            )
        Replacement.objects.create(
            community_id=contest.community_id, contest=contest, request_hash=earlier.request_hash, link=earlier.link,
            by_channel=PAPER,
        )  # fmt: skip
        VoteTrace.objects.filter(participation=earlier).delete()
        earlier.channel, earlier.request_hash, earlier.link = PAPER, request, b""
        earlier.body_mac, earlier.cast_at = mac, now
        earlier.save(update_fields=["channel", "request_hash", "link", "body_mac", "cast_at"])
        mark = earlier
    else:
        mark = Participation.objects.create(
            community_id=contest.community_id, contest=contest, person_token=tokens[0], channel=PAPER,
            request_hash=request, body_mac=mac, cast_at=now, territory_id=place.territory_id if place else None,
        )  # fmt: skip
        Claim.objects.bulk_create(
            Claim(community_id=contest.community_id, contest=contest, participation=mark, token=token)
            for token in tokens
        )
    around = replace(
        around, grantor=str(place.granted_by_id or "") if place else "", born=voter.birth_date, sex=voter.sex
    )
    VoteTrace.objects.create(
        participation=mark, community_id=contest.community_id, contest=contest,
        sealed=seal_trace(trace_key(contest), contest=str(contest.id), request=request, around=around),
    )  # fmt: skip
    return now


def _served(contest: Contest, request: bytes, tokens: list[bytes], serial: int) -> IssuedPaper | None:
    mark = Participation.objects.filter(contest=contest, request_hash=request).first()
    if mark is None:
        return None
    if bytes(mark.body_mac) != _sheet_mac(contest, tokens, serial):
        raise Refused("request_reused", _("This form was already sent for another ballot."), status=422)
    return IssuedPaper(serial, mark.cast_at, is_repeat=True)


def _sheet_mac(contest: Contest, tokens: Sequence[bytes], serial: int) -> bytes:
    """Ties a voter to the number of their sheet; nobody without the contest's key makes or reads it."""
    said = b"viche/sheet/v1|" + tokens[0] + serial.to_bytes(8, "big") if tokens else b""
    return hmac.digest(marks_key(contest), said, hashlib.sha256)


def _held_sheet(contest: Contest, number: int, field: str = "serial") -> PaperSerial:
    found = PaperSerial.objects.select_for_update().filter(contest=contest, number=number).first()
    if found is None:
        raise _unknown(number, field=field)
    return found


def _held_sheets(contest: Contest, old: int, new: int) -> tuple[PaperSerial, PaperSerial]:
    """Both, held in the order of their numbers, so that two desks never wait for each other."""
    held = {each: _held_sheet(contest, each, "old" if each == old else "new") for each in sorted({old, new})}
    return held[old], held[new]


def _unknown(*numbers: int, field: str = "serial") -> Refused:
    listed = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    message = ngettext(
        "No ballot was printed under No. %(numbers)s in this contest.",
        "No ballots were printed under No. %(numbers)s in this contest.",
        len(numbers),
    ) % {"numbers": listed}
    return Refused("unknown_serial", message, fields={field: message}, status=422)


def _taken(sheet: PaperSerial, field: str = "serial") -> Refused:
    message = _("Ballot No. %(number)s: %(state)s already. Take another one.") % {
        "number": sheet.number, "state": sheet.get_state_display(),
    }  # fmt: skip
    return Refused("serial_taken", message, fields={field: message}, status=409)


def _voted(contest: Contest, tokens: list[bytes]) -> Refused:
    mark = Participation.objects.filter(Q(claims__token__in=tokens), contest=contest).first()
    if mark is None:
        return Refused("try_again", _("Something of theirs has just changed: try once more."), status=409)
    day = mark.cast_at.astimezone(clock.KYIV)
    message = _(
        "This person has already voted in this contest, on %(day)s at %(time)s. One person votes once."
    )
    return Refused(
        "already_voted",
        message % {"day": day.strftime("%d.%m.%Y"), "time": day.strftime("%H:%M")},
        status=409,
    )
