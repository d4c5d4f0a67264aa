"""Telling receivers what the journal says: at least once, in order within a contest, each receiver by itself.

One worker at a time tells one receiver: it holds a PostgreSQL lock on its own connection, so that a worker that is
killed lets go at once, and one that lost its connection can write down nothing any more. What was taken is written
down before the next event is sent: after a crash at most one event comes a second time.

A receiver is told along its cursor in each log. An entry it does not take makes a lane of its contest: the lane waits
and is tried again with growing pauses, the cursor goes on with other contests, and entries of the contest that follow
are left to the lane. A receiver that takes nothing at all for STOP_AFTER is stopped: its cursor stays where it is.
"""

import contextlib
import contextvars
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from viche.connectors.webhooks import stopping
from viche.connectors.webhooks.bodies import CONTENT_TYPE, entry_body
from viche.connectors.webhooks.lanes import Belonging, belongings_of
from viche.connectors.webhooks.models import Cursor, Endpoint, Lane, Undelivered
from viche.connectors.webhooks.queries import due_endpoints, entry_placed, told_logs, wanted_entries
from viche.connectors.webhooks.signing import opened, signed_headers
from viche.foundation import clock
from viche.foundation.outgoing import Unreachable, ask
from viche.foundation.sealing import SealBroken
from viche.journal.models import Entry, Log

log = logging.getLogger("viche.webhooks")

PAUSES = tuple(
    timedelta(seconds=each) for each in (5, 30, 120, 300, 900, 3600, 3 * 3600, 6 * 3600, *[12 * 3600] * 5)
)
STOP_AFTER = timedelta(days=3)
LONGEST_HOLD = timedelta(hours=12)
TIMEOUT, ANSWER_BYTES = 10, 2000
ROUND_SECONDS, CHUNK = 20, 100
# so many failures in a row end a round: a receiver that is down is not asked for each of its contests
FAULTS = 2
THREADS = 16
GONE = "410"
HOLDING = frozenset({"429", "503"})

# the first half of the number under which a receiver is held: "hook" in ASCII, of two numbers of 32 bits
_LOCK = 0x686F6F6B
_running: set[UUID] = set()
_guard = threading.Lock()


class _Interrupted(Exception):
    """The receiver was paused, changed or removed meanwhile, or another worker is at it: this round ends."""


@dataclass(frozen=True)
class Said:
    """What came of one attempt."""

    outcome: str
    answer: str
    milliseconds: int | None
    hold: timedelta | None

    @property
    def is_taken(self) -> bool:
        return len(self.outcome) == 3 and self.outcome.startswith("2")


def send_due(*, waits: bool = True) -> int:
    """Begin a round for every receiver that something waits for, each in a thread of its own; how many.

    waits: until all have ended. Without it a slow receiver holds nobody up: neither the others, nor whoever calls.
    """
    started = []
    for reference in due_endpoints():
        with _guard:
            if reference in _running or len(_running) >= THREADS:
                continue
            _running.add(reference)
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(_round, reference), daemon=True)
        thread.start()
        started.append(thread)
    for thread in started if waits else ():
        thread.join()
    return len(started)


def _round(reference: UUID) -> None:
    try:
        send_round(reference)
    except Exception:  # a fault of ours with one receiver must not stop the others
        log.exception("a round of webhook %s failed", reference)
    finally:
        connection.close()
        with _guard:
            _running.discard(reference)


def send_round(reference: UUID, *, seconds: int = ROUND_SECONDS) -> int:
    """Tell one receiver what waits for it, for some seconds; how many events it took.

    Holds the receiver's lock; where another worker has it, nothing is done.
    """
    with _held(reference) as is_mine:
        endpoint = Endpoint.objects.select_related("community").filter(pk=reference).first()
        if not is_mine or endpoint is None or not endpoint.is_active:
            return 0
        try:
            work = Round(endpoint, until=time.monotonic() + seconds)
        except SealBroken:
            _stop_sealed(reference)
            return 0
        with contextlib.suppress(_Interrupted):
            work.run()
        return work.taken


def _stop_sealed(reference: UUID) -> None:
    """Its secret is sealed under another key than this server's: nothing can be signed until there is a new one."""
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().filter(pk=reference).first()
        if held is not None and held.is_active:
            stopping.stop_endpoint(held, Endpoint.State.SEALED)
            held.save(update_fields=["state", "stopped_at"])


@contextlib.contextmanager
def _held(reference: UUID) -> Iterator[bool]:
    number = int.from_bytes(reference.bytes[-4:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, number])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, number])


class Round:
    """One round with one receiver, its lock held. taken: how many events it took."""

    def __init__(self, endpoint: Endpoint, *, until: float) -> None:
        self.endpoint, self.until = endpoint, until
        self.taken = self._faults = 0
        moment = clock.now()
        self._secrets = [opened(bytes(endpoint.secret), endpoint.pk)]
        if endpoint.former is not None and endpoint.former_until and endpoint.former_until > moment:
            self._secrets.append(opened(bytes(endpoint.former), endpoint.pk))

    def run(self) -> None:
        """First what an official asked for, then lanes that are due, then the logs; again until nothing moves."""
        for each in self.endpoint.undelivered.filter(asked_at__isnull=False).select_related("log"):
            self._resend(each)
        moved = True
        while moved and not self._is_over():
            moved = self._lanes()
            for cursor in self._cursors():
                moved = self._follow(cursor) or moved
                # an earlier year first: a contest may run over the New Year
                if self._is_over() or cursor.position < cursor.log.size:
                    break

    def _is_over(self) -> bool:
        return time.monotonic() > self.until or self._faults >= FAULTS

    def _cursors(self) -> list[Cursor]:
        """The cursors of the body's logs, the earliest year first; a log that was opened since is told whole."""
        logs = {each.pk: each for each in told_logs(self.endpoint.community)}
        known = set(self.endpoint.cursors.values_list("log_id", flat=True))
        Cursor.objects.bulk_create(
            [Cursor(endpoint=self.endpoint, log=each, position=0) for pk, each in logs.items() if pk not in known],
            ignore_conflicts=True,
        )  # fmt: skip
        return sorted(self.endpoint.cursors.select_related("log"), key=lambda each: each.log.year)

    # --- along a log --------------------------------------------------------------------------------------------

    def _follow(self, cursor: Cursor) -> bool:
        """Tell the next entries of a log. Whether there were any."""
        end, start = cursor.log.size, cursor.position
        if start >= end or self._is_over():
            return False
        entries = wanted_entries(self.endpoint, cursor.log, start, end, CHUNK)
        behind = set(self.endpoint.lanes.values_list("key", flat=True))
        here = set(self.endpoint.lanes.filter(log=cursor.log).values_list("key", flat=True))
        for entry, belonging in self._mine(entries):
            if self._is_over():
                return False
            assert entry.index is not None
            if belonging.key in behind:
                # its contest is behind: it is left to the lane, which begins here in this log
                if belonging.key not in here:
                    self._to_lane(cursor, entry, belonging, None)
                    here.add(belonging.key)
                continue
            said = self._attempt(cursor.log, entry, belonging)
            if said.is_taken:
                self._note(said, lambda at=entry.index: self._move(cursor, at + 1))
            else:
                self._note(
                    said, lambda one=entry, its=belonging, why=said: self._to_lane(cursor, one, its, why)
                )
                behind.add(belonging.key)
                here.add(belonging.key)
        self._move(cursor, (entries[-1].index or 0) + 1 if len(entries) == CHUNK else end)
        return True

    def _mine(self, entries: list[Entry]) -> Iterator[tuple[Entry, Belonging]]:
        contest = self.endpoint.contest_id
        for entry, belonging in belongings_of(entries):
            if contest is None or belonging.key == str(contest):
                yield entry, belonging

    def _move(self, cursor: Cursor, position: int) -> None:
        moved = Cursor.objects.filter(pk=cursor.pk, position=cursor.position).update(position=position)
        if not moved:
            raise _Interrupted
        cursor.position = position

    def _to_lane(self, cursor: Cursor, entry: Entry, belonging: Belonging, said: Said | None) -> None:
        """The contest of an entry is behind from this entry on. said: what the receiver answered; None where the entry
        was not tried because the contest is behind in an earlier log.
        """
        moment = clock.now()
        Lane.objects.create(
            endpoint=self.endpoint, log=cursor.log, key=belonging.key, position=entry.index,
            attempts=1 if said else 0, first_failed_at=moment if said else None,
            next_at=moment + pause_after(1) if said else moment, last_at=moment if said else None,
            **(_last(said) if said else {}),
        )  # fmt: skip
        self._move(cursor, (entry.index or 0) + 1)

    # --- what is behind -----------------------------------------------------------------------------------------

    def _lanes(self) -> bool:
        """Tell lanes that are due what waits in them. Whether something moved."""
        moved = False
        seen: set[str] = set()
        ends = {each.log_id: each.position for each in self.endpoint.cursors.all()}
        lanes = sorted(self.endpoint.lanes.select_related("log"), key=lambda each: (each.log.year, each.key))
        for lane in lanes:
            # the same contest in a later log waits for the earlier one
            if lane.key not in seen and lane.next_at <= clock.now() and not self._is_over():
                moved = self._catch_up(lane, ends.get(lane.log_id, 0)) or moved
            seen.add(lane.key)
        return moved

    def _catch_up(self, lane: Lane, end: int) -> bool:
        entries = wanted_entries(self.endpoint, lane.log, lane.position, end, CHUNK)
        for entry, belonging in self._mine(entries):
            if belonging.key != lane.key:
                continue
            if self._is_over():
                return False
            said = self._attempt(lane.log, entry, belonging)
            if not said.is_taken:
                self._note(said, lambda one=entry, why=said: self._put_off(lane, one, why))
                return False
            self._note(said, lambda at=entry.index: self._advance(lane, (at or 0) + 1))
        if len(entries) == CHUNK:
            self._advance(lane, (entries[-1].index or 0) + 1)
        elif not Lane.objects.filter(pk=lane.pk, position=lane.position).delete()[0]:
            raise _Interrupted
        return True

    def _advance(self, lane: Lane, position: int) -> None:
        moved = Lane.objects.filter(pk=lane.pk, position=lane.position).update(
            position=position, attempts=0, first_failed_at=None, outcome="", answer=""
        )
        if not moved:
            raise _Interrupted
        lane.position, lane.attempts, lane.first_failed_at = position, 0, None

    def _put_off(self, lane: Lane, entry: Entry, said: Said) -> None:
        """Wait longer for this entry; after the last pause give it up, where the receiver takes others."""
        moment, attempts = clock.now(), lane.attempts + 1
        if attempts > len(PAUSES) and self._takes_others(lane):
            give_up(lane, entry, attempts, **_last(said))
            lane.position, lane.attempts = (entry.index or 0) + 1, 0
            return
        moved = Lane.objects.filter(pk=lane.pk, position=lane.position).update(
            position=entry.index, attempts=attempts, next_at=moment + pause_after(attempts), last_at=moment,
            first_failed_at=lane.first_failed_at or moment, **_last(said),
        )  # fmt: skip
        if not moved:
            raise _Interrupted

    def _takes_others(self, lane: Lane) -> bool:
        """Whether the receiver took anything since the lane stands still: then it is the event, not the receiver."""
        found = Endpoint.objects.filter(pk=self.endpoint.pk, succeeded_at__gt=lane.first_failed_at)
        return lane.first_failed_at is not None and found.exists()

    def _resend(self, letter: Undelivered) -> None:
        """An entry that was given up, once more, because an official asked for it; out of order by its nature."""
        entry = entry_placed(letter.log, letter.index)
        if entry is None or self._is_over():
            return
        [(_entry, belonging)] = belongings_of([entry])
        said = self._attempt(letter.log, entry, belonging)
        mine = Undelivered.objects.filter(pk=letter.pk)
        if said.is_taken:
            self._note(said, mine.delete)
        else:
            self._note(said, lambda: mine.update(
                asked_at=None, attempts=F("attempts") + 1, last_at=clock.now(), **_last(said),
            ), counts=False)  # fmt: skip

    # --- one attempt --------------------------------------------------------------------------------------------

    def _attempt(self, of: Log, entry: Entry, belonging: Belonging) -> Said:
        reference, body = entry_body(self.endpoint, of, entry, belonging)
        return deliver(self.endpoint.url, reference, body, self._secrets)

    def _note(self, said: Said, mark: Callable[[], object], *, counts: bool = True) -> None:
        """Write down what came of an attempt, the place in the log and the receiver's state at once. counts: whether a
        failure begins or ends the days after which the receiver is stopped.
        """
        moment = clock.now()
        with transaction.atomic():
            held = Endpoint.objects.select_for_update().filter(pk=self.endpoint.pk).first()
            if held is None or not held.is_active or held.url != self.endpoint.url:
                raise _Interrupted
            held.outcome, held.answer, held.milliseconds = said.outcome, said.answer, said.milliseconds
            held.last_at = moment
            if said.outcome == GONE or (counts and _is_given_up(held, said, moment)):
                stopping.stop_endpoint(
                    held, Endpoint.State.GONE if said.outcome == GONE else Endpoint.State.STOPPED
                )
            elif said.is_taken:
                recovered, held.failing_since = held.failing_since is not None, None
                held.succeeded_at, held.hold_until, held.told = moment, None, held.told + 1
                mark()
                if recovered:
                    _wake(held)
            else:
                held.failing_since = (held.failing_since or moment) if counts else held.failing_since
                held.hold_until = moment + said.hold if said.hold else held.hold_until
                mark()
            held.save(update_fields=[
                "outcome", "answer", "milliseconds", "last_at", "state", "stopped_at", "failing_since",
                "succeeded_at", "hold_until", "told",
            ])  # fmt: skip
        if not held.is_active or (held.hold_until and held.hold_until > moment):
            raise _Interrupted
        self.taken += said.is_taken
        self._faults = 0 if said.is_taken else self._faults + 1


def _is_given_up(held: Endpoint, said: Said, moment: datetime) -> bool:
    return not said.is_taken and held.failing_since is not None and moment - held.failing_since >= STOP_AFTER


def _wake(endpoint: Endpoint) -> None:
    """The receiver is back: lanes that could not reach it are tried at once. One whose event it rejects waits on."""
    unreached = ~Q(outcome__regex=r"^\d") | Q(outcome__in=["502", "503", "504", "429"])
    endpoint.lanes.filter(unreached).update(next_at=clock.now())


def give_up(
    lane: Lane, entry: Entry, attempts: int, *, outcome: str, answer: str, milliseconds: int | None
) -> None:
    """An entry is laid aside and its lane goes on with the next one; inside a transaction that holds the receiver."""
    moment = clock.now()
    Undelivered.objects.get_or_create(
        endpoint_id=lane.endpoint_id, log=lane.log, index=entry.index,
        defaults={
            "kind": entry.kind, "attempts": attempts, "given_up_at": moment, "last_at": moment, "outcome": outcome,
            "answer": answer, "milliseconds": milliseconds,
        },
    )  # fmt: skip
    moved = Lane.objects.filter(pk=lane.pk, position=lane.position).update(
        position=(entry.index or 0) + 1,
        attempts=0,
        next_at=moment,
        first_failed_at=None,
        outcome="",
        answer="",
    )
    if not moved:
        raise _Interrupted


def deliver(url: str, reference: str, body: bytes, held: list[str], *, timeout: int = TIMEOUT) -> Said:
    """Send one event, signed, and say what came of it."""
    headers = signed_headers(reference, body, clock.now(), held)
    try:
        answer = ask(
            "POST", url, headers={**headers, "content-type": CONTENT_TYPE}, content=body, timeout=timeout,
            most_bytes=ANSWER_BYTES, cuts=True,
        )  # fmt: skip
    except Unreachable as error:
        return Said(error.code, "", None, None)
    text = answer.body.decode("utf-8", "replace")
    said = "".join(each if each.isprintable() else " " for each in text).strip()[:500]
    outcome = str(answer.status)
    hold = _hold(answer.headers.get("retry-after", "")) if outcome in HOLDING else None
    return Said(outcome, said, answer.milliseconds, hold)


def _hold(text: str) -> timedelta | None:
    """Retry-After: seconds, or a moment; not longer than LONGEST_HOLD."""
    if text.isascii() and text.isdecimal() and len(text) < 9:
        return min(timedelta(seconds=int(text)), LONGEST_HOLD)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        return None
    return max(min(moment - clock.now(), LONGEST_HOLD), timedelta())


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures, a fifth longer or shorter: receivers are not asked all at once."""
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    return pause * (80 + secrets.randbelow(41)) // 100


def _last(said: Said) -> dict[str, object]:
    return {"outcome": said.outcome, "answer": said.answer, "milliseconds": said.milliseconds}
