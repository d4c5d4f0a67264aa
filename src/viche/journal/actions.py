"""Writing the journal."""

import logging
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q

from rulebook.canonical import canonical
from rulebook.merkle import CheckpointError, Tree, format_note, leaf_hash
from rulebook.tiles import CHECKPOINT, LONGEST_ENTRY
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.journal import publishing, witnesses
from viche.journal.events import Event, LogBegunAnew, LogOpened
from viche.journal.models import Entry, Log, Stamp, Witnessing
from viche.journal.stamping import StampError, ask_stamp, stamped_document

logger = logging.getLogger(__name__)

BATCH = 20_000
CROWD = 50

# For the one statement of cast_ballot: the columns of an entry without time and actor, in this order.
INSERT_LEAVES = "INSERT INTO journal_entry (id, log_id, kind, subject, leaf, leaf_hash, sort_key)"


def log_of(community: str, year: int) -> Log:
    """The log of a community's code and year, opened at its first use."""
    found = Log.objects.filter(community=community, year=year, foreign_origin="").first()
    if found:
        return found
    name, edition = f"{community}/{year}", _free_edition(community, year)
    with transaction.atomic():
        log, is_new = Log.objects.get_or_create(
            community=community,
            year=year,
            foreign_origin="",
            defaults={"name": name, "edition": edition, "opened_at": clock.now()},
        )
        if is_new:
            _write(log, [LogOpened(log=name, year=year)], by=None)
    return log


def _free_edition(community: str, year: int) -> int:
    """The first edition under whose name no log came along: a body that moved to a new server of the same address.

    Two logs of one name would be what witnesses are there to find.
    """
    foreign = Log.objects.filter(community=community, year=year).exclude(foreign_origin="")
    taken = set(foreign.values_list("foreign_origin", flat=True))
    edition = 1
    while Log(community=community, year=year, edition=edition).origin in taken:
        edition += 1
    return edition


def leaf_of(event: Event, by: Actor | None) -> tuple[str, bytes]:
    """Canonical leaf text of an event and its RFC 9162 leaf hash."""
    document: dict[str, Any] = {"kind": type(event).__name__, "subject": event.subject, "data": event.data()}
    if event.is_timed:
        document["at"] = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if by is not None:
            document["by"] = by.as_document()
    leaf = canonical(document)
    if len(leaf) > LONGEST_ENTRY:
        raise ValueError(f"an entry of {len(leaf)} bytes cannot be published (C2SP tlog-tiles)")
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
    for log in Log.objects.filter(~Exists(done), size__gt=0, foreign_origin="").order_by("pk"):
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


# the first half of the number under which a log is held while its files are written: "log" in ASCII
_LOCK = 0x6C6F67 << 32


def _is_held(log: Log, *, waits: bool = False) -> bool:
    """Hold the log's files until the transaction ends; False where another worker has them."""
    with connection.cursor() as cursor:
        if waits:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK | log.pk])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK | log.pk])
        return bool(cursor.fetchone()[0])


def publish_log(*, log: Log) -> str:
    """Write a log's new tiles and its signed checkpoint (publishing). Returns why nothing was signed, or "".

    Where another worker writes this log, nothing is done. A refusal is kept in Log.fault and written to the server's
    log; the next run tries again. Lets OSError out: a full disk is the operator's.
    """
    with transaction.atomic():
        if not _is_held(log):
            return ""
        found = Log.objects.get(pk=log.pk)
        size, fault = None, ""
        try:
            size = publishing.write_checkpoint(found, cosignatures=witnesses.lines_for)
        except publishing.NotSigned as refusal:
            fault = refusal.code
            if fault != found.fault:
                logger.error("no checkpoint of %s is signed: %s", found.origin, refusal)
        if size is not None:
            Log.objects.filter(pk=log.pk).update(published_size=size, published_at=clock.now())
        if fault != found.fault:
            Log.objects.filter(pk=log.pk).update(fault=fault)
    return fault


def publish_logs(*, is_thorough: bool = False) -> int:
    """Publish every log that has grown; returns for how many nothing may be signed. One that fails stops no other.

    is_thorough: look at the files of all logs, also of those that have not grown.
    """
    faults = 0
    logs = Log.objects.filter(size__gt=0, foreign_origin="").order_by("pk")
    if not is_thorough:
        logs = logs.filter(~Q(size=F("published_size")) | ~Q(fault=""))
    for log in logs:
        try:
            faults += bool(publish_log(log=log))
        except OSError as error:
            faults += 1
            logger.error("the files of %s cannot be written: %s", log.name, error)
    return faults


def witness_logs() -> int:
    """Have the configured witnesses sign every log's checkpoint; returns how many signatures are new.

    No lock and no transaction is held while witnesses are asked, all at once and for settings.WITNESS_TIMEOUT seconds
    at most. What they sign is published under the checkpoint, if that is still the one they signed.
    """
    if not settings.WITNESSES:
        return 0
    made, known = 0, [key.text for key, _url in witnesses.witness_keys()]
    is_signed = Q(witnessings__key__in=known, witnessings__size=F("published_size"))
    logs = Log.objects.filter(published_size__gt=0, fault="", foreign_origin="").order_by("pk")
    for log in logs.annotate(signed=Count("witnessings", filter=is_signed)).filter(signed__lt=len(known)):
        try:
            found = publishing.published(log)
        except CheckpointError:
            continue  # publish_log says so
        asked = witnesses.due_witnesses(log, found) if found is not None else []
        if found is None or not asked:
            continue
        witnesses.ask_all(log, found, asked)
        witnesses.keep_answers(log, found, asked)
        for each in asked:
            if each.fault:
                logger.warning("witness %s of %s: %s", each.key.name, log.name, each.fault)
        made += sum(1 for each in asked if each.line is not None)
        _write_cosignatures(log)
    return made


def _write_cosignatures(log: Log) -> None:
    """Publish what witnesses signed under the checkpoint that is published now."""
    with transaction.atomic():
        _is_held(log, waits=True)
        found, key = publishing.published(log), publishing.key_of_log(Log.objects.get(pk=log.pk))
        if found is None or key is None:
            return
        own = [each for each in found.signatures if (each.name, each.key_id) == (key.name, key.id)]
        note = format_note(found.body, [*own, *witnesses.lines_for(log, found.body)])
        if note != found.note:
            publishing.write_file(publishing.folder_of(log).joinpath(CHECKPOINT), note.encode())


def restart_log(*, log: Log, reason: str, by: Actor) -> Log:
    """Begin a log anew as files, under the next edition of its name, because published entries are lost for good.

    The old files stay as they are, for everybody to compare. reason: in words, kept in the log. Locks the log;
    journal: LogBegunAnew. Raises ValueError where nothing is wrong with the log.
    """
    with transaction.atomic():
        held = Log.objects.select_for_update().get(pk=log.pk)
        if held.fault not in (publishing.SHORTER, publishing.DIFFERS):
            raise ValueError(
                f"the log {held.name} is not shorter than what was published, and does not differ"
            )
        try:
            found = publishing.published(held)
        except CheckpointError:
            found = None
        lost, root = (
            (found.checkpoint.size, found.checkpoint.root.hex()) if found else (held.published_size, "")
        )
        held.edition, held.fault, held.published_size, held.published_at = held.edition + 1, "", 0, None
        held.save(update_fields=["edition", "fault", "published_size", "published_at"])
        Witnessing.objects.filter(log=held).delete()
        event = LogBegunAnew(log=held.name, edition=held.edition, size=lost, root=root, reason=reason)
        _write(held, [event], by=by)
    return held
