"""What is written of requests: how many there are, what a write was answered, which writes there were."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from viche.connectors.clients import tokens
from viche.connectors.clients.models import Call, Client, Secret, Spending, WrittenRequest
from viche.foundation import clock
from viche.foundation.refused import Refused

WRITES_KEPT = timedelta(days=7)
CALLS_KEPT = timedelta(days=400)
SPENDINGS_KEPT = timedelta(days=2)
USED_EVERY = timedelta(minutes=1)

_COUNT = """
INSERT INTO clients_spending AS spent (subject, span, starts_at, number) VALUES (%s, %s, %s, 1)
ON CONFLICT (subject, span, starts_at) DO UPDATE SET number = spent.number + 1 RETURNING number
"""


class TooMany(Refused):
    """More requests than are agreed. wait: seconds until the next are taken."""

    def __init__(self, wait: int) -> None:
        super().__init__("too_many_requests", _("Too many requests: wait, then go on."), status=429)
        self.wait = wait


def record_request(*, subject: str, minute: int, day: int | None = None) -> tuple[int, int]:
    """Count a request of a program or an address; (how many are left in this minute, seconds until it is over).

    minute, day: how many are agreed. Refused: too_many_requests (TooMany).
    """
    now = clock.now()
    number, rest = _count(subject, "minute", now.replace(second=0, microsecond=0)), 60 - now.second
    if number > minute:
        raise TooMany(rest)
    if day is not None:
        midnight = now.astimezone(clock.KYIV).replace(hour=0, minute=0, second=0, microsecond=0)
        if _count(subject, "day", midnight) > day:
            raise TooMany(max(int((midnight + timedelta(days=1) - now).total_seconds()), 1))
    return minute - number, rest


def _count(subject: str, span: str, starts_at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [subject, span, starts_at])
        return int(cursor.fetchone()[0])


def record_use(*, client: Client, secret: Secret) -> None:
    """When the program and its key were last used, to the minute. No journal entry."""
    now = clock.now()
    if client.last_used_at is None or client.last_used_at < now - USED_EVERY:
        Client.objects.filter(pk=client.pk).update(last_used_at=now)
    if secret.last_used_at is None or secret.last_used_at < now - USED_EVERY:
        Secret.objects.filter(pk=secret.pk).update(last_used_at=now)


def record_write(
    *, client: Client, key: str, said: bytes, write: Callable[[], tuple[int, str, str]]
) -> tuple[int, str, str, bool]:
    """Do a write once, however often its request comes: (status, answer, location, whether it was done before).

    said: operation, address and body. One transaction holds the key and whatever write does; where write raises, the
    key stays free. Refused: request_reused (the key was used for another request), and what write refuses.
    """
    key_mac, body_mac = (
        tokens.request_mac(client.pk, "key", key.encode()), tokens.request_mac(client.pk, "body", said),
    )  # fmt: skip
    with transaction.atomic():
        # a second request with this key waits here until the first is done or undone
        WrittenRequest.objects.bulk_create(
            [WrittenRequest(community_id=client.community_id, client=client, key_mac=key_mac, body_mac=body_mac,
                            at=clock.now())],
            ignore_conflicts=True,
        )  # fmt: skip
        row = WrittenRequest.objects.get(client=client, key_mac=key_mac)
        if bytes(row.body_mac) != body_mac:
            raise Refused(
                "request_reused",
                _("This Idempotency-Key was already used for another request; that one counts."),
                status=422,
            )
        if row.status:
            return row.status, row.answer, row.location, True
        row.status, row.answer, row.location = write()
        row.save(update_fields=["status", "answer", "location"])
    return row.status, row.answer, row.location, False


def record_call(
    *, client: Client, operation: str, path: str, status: int, outcome: str, milliseconds: int
) -> None:
    """A line of the log of writes, done or refused; in no transaction of the write. No journal entry."""
    Call.objects.create(
        community_id=client.community_id, client=client, official_id=client.official_id, operation=operation[:60],
        path=path[:300], status=status, outcome=outcome[:60], milliseconds=milliseconds, at=clock.now(),
    )  # fmt: skip


def delete_old_writes() -> int:
    """Answers of requests that nobody repeats any more."""
    return WrittenRequest.objects.filter(at__lt=clock.now() - WRITES_KEPT).delete()[0]


def delete_old_calls() -> int:
    """Lines of the log of writes that are over their term."""
    return Call.objects.filter(at__lt=clock.now() - CALLS_KEPT).delete()[0]


def delete_old_spendings() -> int:
    """Counts of requests that no quota needs."""
    return Spending.objects.filter(starts_at__lt=clock.now() - SPENDINGS_KEPT).delete()[0]
