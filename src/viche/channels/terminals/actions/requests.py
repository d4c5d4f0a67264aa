"""What is written of every request of a partner: its nonce, how many there are, what a write was answered."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from viche.channels.terminals import tokens
from viche.channels.terminals.holding import hold_request
from viche.channels.terminals.models import Nonce, Partner, Tally, TerminalBallot, TerminalRequest
from viche.foundation import clock
from viche.foundation.refused import Refused

# longer than any signature is young enough, twice over
NONCES_KEPT = timedelta(hours=1)
MINUTES_KEPT = timedelta(days=2)
ANSWERS_KEPT = timedelta(days=400)

_COUNT = """
INSERT INTO terminals_tally AS tally (community_id, partner_id, span, starts_at, what, number)
VALUES (%s, %s, %s, %s, %s, 1)
ON CONFLICT (community_id, partner_id, span, starts_at, what) DO UPDATE SET number = tally.number + 1
RETURNING number
"""


class TooMany(Refused):
    """More requests than the partner's quota. wait: seconds until the next are taken."""

    def __init__(self, message: str, wait: int) -> None:
        super().__init__("too_many_requests", message, status=429)
        self.wait = wait


def record_request(*, partner: Partner) -> None:
    """Count a request whose signature is good. Refused: too_many_requests (TooMany)."""
    now = clock.now()
    minute, day = now.replace(second=0, microsecond=0), _midnight(now)
    if _count(partner, "minute", minute) > partner.quota_minute:
        raise TooMany(_("More requests a minute than agreed."), 60 - now.second)
    if _count(partner, "day", day) > partner.quota_day:
        rest = day + timedelta(days=1) - now
        raise TooMany(_("More requests a day than agreed."), max(int(rest.total_seconds()), 1))


def record_outcome(*, partner: Partner, what: str) -> None:
    """Count how an operation ended, for the statistics of the day. what: "cast:201"."""
    _count(partner, "day", _midnight(clock.now()), what[:48])


def use_nonce(*, partner: Partner, nonce: str) -> None:
    """The nonce of a good signature is used, whatever becomes of the request. Refused: replayed."""
    _row, is_new = Nonce.objects.get_or_create(
        community_id=partner.community_id, partner=partner, nonce=nonce, defaults={"at": clock.now()}
    )
    if not is_new:
        raise Refused(
            "replayed", _("This request was already sent: sign it anew with another nonce."), status=401
        )


def answer_of(*, partner: Partner, request: str, what: str, body: bytes) -> TerminalRequest | None:
    """The stored answer to this idempotency key; runs in a transaction, in which the request is held.

    Refused: in_flight, bad_request_key, idempotency_reused (another body, or another operation).
    """
    mac = hold_request(partner, request)
    found = TerminalRequest.objects.select_related("ballot").filter(partner=partner, request_mac=mac).first()
    if found is not None and bytes(found.body_mac) != tokens.body_mac(partner, what, body):
        raise Refused(
            "idempotency_reused",
            _("This idempotency key was already used for another request; that one counts."),
            status=422,
        )
    return found


def record_answer(
    *, partner: Partner, request: str, what: str, body: bytes, status: int, answer: dict[str, Any],
    ballot: TerminalBallot | None = None,
) -> TerminalRequest:  # fmt: skip
    """Keep what a write was answered, in the transaction of the write. answer: without receipt and number."""
    return TerminalRequest.objects.create(
        community_id=partner.community_id, partner=partner, request_mac=tokens.request_mac(partner, request),
        body_mac=tokens.body_mac(partner, what, body), status=status, answer=answer, ballot=ballot, at=clock.now(),
    )  # fmt: skip


def delete_old_nonces() -> int:
    """Nonces of signatures that are too old to be taken again."""
    gone, _rows = Nonce.objects.filter(at__lt=clock.now() - NONCES_KEPT).delete()
    return gone


def delete_old_minutes() -> int:
    """Counts by the minute, which only the quota needs."""
    gone, _rows = Tally.objects.filter(span="minute", starts_at__lt=clock.now() - MINUTES_KEPT).delete()
    return gone


def delete_old_answers() -> int:
    """Stored answers of requests that nobody repeats any more."""
    gone, _rows = TerminalRequest.objects.filter(at__lt=clock.now() - ANSWERS_KEPT).delete()
    return gone


def _midnight(now: datetime) -> datetime:
    return now.astimezone(clock.KYIV).replace(hour=0, minute=0, second=0, microsecond=0)


def _count(partner: Partner, span: str, starts_at: datetime, what: str = "") -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [partner.community_id, partner.pk, span, starts_at, what])
        return int(cursor.fetchone()[0])
