"""Writing the journal."""

import logging
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from rulebook.canonical import canonical
from rulebook.merkle import Tree, leaf_hash
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.journal.events import Event, LogOpened
from viche.journal.models import Entry, Log, Stamp
from viche.journal.stamping import StampError, ask_stamp, stamped_document

logger = logging.getLogger(__name__)

BATCH = 20_000
CROWD = 50

# For the one statement of cast_ballot: the columns of an entry without time and actor, in this order.
INSERT_LEAVES = "INSERT INTO journal_entry (id, log_id, kind, subject, leaf, leaf_hash, sort_key)"


def log_of(community: str, year: int) -> Log:
    """The log of a community's code and year, opened at its first use."""
    found = Log.objects.filter(community=community, year=year).first()
    if found:
        return found
    name = f"{community}/{year}"
    with transaction.atomic():
        log, is_new = Log.objects.get_or_create(
            community=community, year=year, defaults={"name": name, "opened_at": clock.now()}
        )
        if is_new:
            _write(log, [LogOpened(log=name, year=year)], by=None)
    return log


def leaf_of(event: Event, by: Actor | None) -> tuple[str, bytes]:
    """Canonical leaf text of an event and its RFC 9162 leaf hash."""
    document: dict[str, Any] = {"kind": type(event).__name__, "subject": event.subject, "data": event.data()}
    if event.is_timed:
        document["at"] = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if by is not None:
            document["by"] = by.as_document()
    leaf = canonical(document)
    return leaf.decode(), leaf_hash(leaf)


def _write(log: Log, events: Iterable[Event], by: Actor | None) -> None:
    moment = clock.now()
    entries = []
    for event in events:
        leaf, hashed = leaf_of(event, by)
        entries.append(
            Entry(
                **({"id": unordered_id(event.sort_key)} if event.sort_key else {}),
                log=log, kind=type(event).__name__, subject=event.subject, leaf=leaf, leaf_hash=hashed,
                sort_key=event.sort_key, recorded_at=moment if event.is_timed else None,
            )
        )  # fmt: skip
    Entry.objects.bulk_create(entries, batch_size=2000)


def append(*events: Event, community: str, year: int, by: Actor | None) -> None:
    """Append events to the community's log of the year, inside the transaction of the act.

    community: the codifier's code. Raises RuntimeError outside a transaction: an act and its entry are one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of the act")
    _write(log_of(community, year), events, by)


def unordered_id(sort_key: bytes) -> int:
    """The id of an entry with a sort key: negative and taken from the key, so that it tells no order of writing."""
    return -1 - int.from_bytes(sort_key[:8], "big") // 2


def sequence_log(*, log: Log, is_final: bool = False) -> int:
    """Give waiting entries their index and the log its new root; returns how many. Locks the log's row.

    Entries with a sort key (ballots) go after the others, ordered by that key alone, and only CROWD of them or
    more at once: who watches the log while one person votes learns nothing. is_final: place the last few too
    (the voting is over).
    """
    placed = 0
    while True:
        with transaction.atomic():
            held = Log.objects.select_for_update().get(pk=log.pk)
            all_waiting = Entry.objects.filter(log=held, index__isnull=True).only(
                "id", "leaf_hash", "sort_key"
            )
            waiting = list(all_waiting.filter(sort_key__isnull=True).order_by("id")[:BATCH])
            unordered = list(all_waiting.filter(sort_key__isnull=False).order_by("sort_key")[:BATCH])
            if is_final or len(unordered) >= CROWD:
                waiting += unordered
            if not waiting:
                return placed
            tree = Tree(held.size, [bytes.fromhex(peak) for peak in held.peaks])
            for entry in waiting:
                tree.append(bytes(entry.leaf_hash))
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE journal_entry SET index = placed.index FROM unnest(%s::bigint[], %s::bigint[])"
                    " AS placed (id, index) WHERE journal_entry.id = placed.id",
                    [[entry.pk for entry in waiting], list(range(held.size, held.size + len(waiting)))],
                )
            held.size += len(waiting)
            held.peaks = [peak.hex() for peak in tree.frontier]
            held.root = tree.root().hex()
            held.sequenced_at = clock.now()
            held.save(update_fields=["size", "peaks", "root", "sequenced_at"])
            placed += len(waiting)


def sequence_community(*, community: str) -> int:
    """Sequence a community's logs to the last entry: its voting is over."""
    return sum(sequence_log(log=log, is_final=True) for log in Log.objects.filter(community=community))


def sequence_all() -> int:
    """Sequence every log that has waiting entries."""
    waiting = Log.objects.filter(pk__in=Entry.objects.filter(index__isnull=True).values("log"))
    return sum(sequence_log(log=log) for log in waiting)


def stamp_roots() -> int:
    """Have the day's root of every log that has grown stamped by the authority of the settings; returns how many.

    One stamp a log and day in Kyiv. An authority that fails is asked again by the next run: nothing else waits for
    it. No authority in the settings: nothing is done. No journal entry: the stamp is about the log, not in it.
    """
    if not settings.TSA_URL:
        return 0
    today, made = clock.now().astimezone(clock.KYIV).date(), 0
    done = Stamp.objects.filter(log=OuterRef("pk")).filter(Q(day=today) | Q(size=OuterRef("size")))
    for log in Log.objects.filter(~Exists(done), size__gt=0).order_by("pk"):
        document = stamped_document(log=log.name, size=log.size, root=log.root)
        try:
            token = ask_stamp(
                document,
                url=settings.TSA_URL,
                certificate=settings.TSA_CERTIFICATE,
                timeout=settings.TSA_TIMEOUT,
            )
        except StampError as error:
            logger.warning("no time stamp for %s: %s", log.name, error)
            continue
        # another worker may have been faster: one of the two stamps is enough
        Stamp.objects.bulk_create(
            [
                Stamp(
                    log=log, day=today, size=log.size, root=log.root, token=token.content, authority=settings.TSA_URL,
                    stamped_at=token.at,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        made += 1
    return made
