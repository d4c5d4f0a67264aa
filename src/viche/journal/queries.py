"""Reading the journal."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from rulebook.inclusion import InclusionProof
from rulebook.merkle import CheckpointError, leaf_hash, root_of
from rulebook.signing import VerifierKey
from rulebook.tiles import TileError
from viche.journal import publishing
from viche.journal.events import REGISTRY
from viche.journal.models import Entry, Log, Stamp, Witnessing
from viche.journal.witnesses import witness_keys


@dataclass(frozen=True)
class Line:
    """One entry as a person reads it. index is None while the entry waits to be sequenced."""

    index: int | None
    at: datetime | None
    kind: str
    sentence: str
    leaf_hash: str
    data: dict[str, Any]
    by: dict[str, str] | None


def line(entry: Entry) -> Line:
    document = json.loads(entry.leaf)
    event = REGISTRY.get(entry.kind)
    data = document["data"]
    sentence = gettext(event.sentence) % event.words(data) if event else entry.kind
    return Line(
        index=entry.index, at=entry.recorded_at, kind=entry.kind, sentence=sentence,
        leaf_hash=bytes(entry.leaf_hash).hex(), data=data, by=document.get("by"),
    )  # fmt: skip


def logs_of(community: str) -> QuerySet[Log]:
    """The logs of a community, the newest first, those that came from elsewhere after its own of the year."""
    return Log.objects.filter(community=community).order_by("-year", "edition")


def all_logs() -> QuerySet[Log]:
    """Every log of the installation by its name."""
    return Log.objects.order_by("name")


def log_named(name: str) -> Log | None:
    """The log of a name as ``code/year``."""
    return Log.objects.filter(name=name, foreign_origin="").first()


def logs_about(community: str, *subjects: str) -> list[Log]:
    """The community's logs that hold sequenced entries about any of the subjects, the oldest first."""
    entries = Entry.objects.filter(log=OuterRef("pk"), subject__in=subjects, index__isnull=False)
    return list(Log.objects.filter(Exists(entries), community=community).order_by("year"))


def has_waiting(*subjects: str) -> bool:
    """Whether entries about any of the subjects still wait for their place in the log."""
    return Entry.objects.filter(subject__in=subjects, index__isnull=True).exists()


def last_index(log: Log, *subjects: str) -> int:
    """The index of the last sequenced entry about any of the subjects; -1 where there is none."""
    found = Entry.objects.filter(log=log, subject__in=subjects, index__isnull=False).aggregate(
        last=Max("index")
    )
    return -1 if found["last"] is None else int(found["last"])


def entries_of(log: Log) -> QuerySet[Entry]:
    """Sequenced entries, newest first."""
    return Entry.objects.filter(log=log, index__isnull=False).order_by("-index")


def found_entries(
    log: Log, *, text: str = "", subjects: Collection[str] | None = None, with_ballots: bool = False
) -> QuerySet[Entry]:
    """Sequenced entries, newest first. text: in the sentences of kinds, in the words of entries, or a number of
    theirs. subjects: only about these. with_ballots: sealed ballots too, of which there are a great many.
    """
    entries = entries_of(log)
    if not with_ballots:
        entries = entries.filter(sort_key__isnull=True)
    if subjects is not None:
        entries = entries.filter(subject__in=subjects)
    for word in text.split()[:8]:
        said = re.escape(word)
        kinds = [
            name for name, each in REGISTRY.items() if word.casefold() in gettext(each.sentence).casefold()
        ]
        # a value of the entry, not a name of one: behind a colon; a number by itself, not inside a hash or a time
        if word.isdecimal():
            named = rf':("([^"]*[^0-9a-z:-])?)?{said}[^0-9a-z:-]'
        else:
            named = rf':"([^"\\]|\\.)*{said}'
        # a sealed ballot has no words: hundreds of thousands of them are not read for one
        entries = entries.filter(Q(kind__in=kinds) | Q(sort_key__isnull=True, leaf__iregex=named))
    return entries


def log_at(community: str, address: str) -> Log | None:
    """The log of an address's last part: a year, with the edition after the first ("2026", "2026-2")."""
    year, _dash, edition = address.partition("-")
    if not (
        year.isdecimal() and len(year) == 4 and (edition.isdecimal() or not edition) and len(edition) < 5
    ):
        return None
    found = Log.objects.filter(community=community, year=int(year), edition=int(edition or 1)).first()
    return found if found is not None and found.address == address else None


def entry_at(log: Log, index: int) -> Entry | None:
    return Entry.objects.filter(log=log, index=index).first() if index < 2**63 else None


def proof_of(log: Log, index: int) -> InclusionProof | None:
    """The proof that leads from an entry to the published checkpoint; None where that does not reach it yet."""
    try:
        found = publishing.published(log)
        if found is None or index >= found.checkpoint.size:
            return None
        hashes = publishing.tree_of(log, found.checkpoint.size).inclusion_proof(index)
    except (CheckpointError, TileError):
        return None
    return InclusionProof(index, tuple(hashes), found.note)


@dataclass(frozen=True)
class Sight:
    """How far a witness has seen a log. size: 0 where it never has. fault: a word of witnesses.FAULTS, or ""."""

    key: VerifierKey
    size: int
    at: datetime | None
    fault: str
    claimed_size: int | None


def sights_of(log: Log) -> list[Sight]:
    """The configured witnesses of a log in their order, those too that have not answered yet."""
    rows = {row.key: row for row in Witnessing.objects.filter(log=log)}
    found = []
    for key, _url in witness_keys():
        row = rows.get(key.text)
        found.append(
            Sight(key, row.size, row.signed_at, row.fault, row.claimed_size)
            if row
            else Sight(key, 0, None, "", None)
        )
    return found


SHORTEST_CODE, LONGEST_CODE = 16, 64


def is_code(text: str) -> bool:
    """Whether a text is the code of a ballot, or the beginning of one that is long enough to name it."""
    return SHORTEST_CODE <= len(text) <= LONGEST_CODE and all(each in "0123456789abcdef" for each in text)


def ballot_coded(subjects: Collection[str], code: str) -> Entry | None:
    """The entry of a sealed ballot by its code or the beginning of it, about one of the subjects; waiting or placed.

    The id of such an entry is made of the beginning of its key (actions.unordered_id): no search is needed.
    """
    first = -1 - int(code[:16], 16) // 2
    rows = Entry.objects.filter(pk=first, subject__in=list(subjects)).select_related("log")
    return next((row for row in rows if bytes(row.sort_key or b"").hex().startswith(code)), None)


def entries_after(log: Log, index: int, number: int) -> QuerySet[Entry]:
    """Sequenced entries from this index on, in their order: for a room that reads the log from its own cursor."""
    return Entry.objects.filter(log=log, index__gte=index).order_by("index")[:number]


def history_of(subject: str) -> list[Line]:
    """Everything written about a subject, oldest first, waiting entries included."""
    return [line(entry) for entry in Entry.objects.filter(subject=subject).order_by("id")]


def latest_of(subject: str, *kinds: str) -> tuple[str, Line] | None:
    """The last sequenced entry of these kinds about a subject, with its address in the journal ("2026/17")."""
    found = Entry.objects.filter(subject=subject, kind__in=kinds, index__isnull=False)
    entry = found.select_related("log").order_by("-id").first()
    return None if entry is None else (f"{entry.log.address}/{entry.index}", line(entry))


def sort_keys_of(subject: str) -> set[bytes]:
    """The sort keys (commitments of ballots) of a subject's entries."""
    keys = Entry.objects.filter(subject=subject, sort_key__isnull=False).values_list("sort_key", flat=True)
    return {bytes(key) for key in keys}


def recomputed_root(log: Log) -> str:
    """The root over all sequenced leaves, computed anew (hex): equal to log.root unless somebody meddled."""
    leaves = (
        Entry.objects.filter(log=log, index__isnull=False).order_by("index").values_list("leaf", flat=True)
    )
    return root_of([leaf_hash(leaf.encode()) for leaf in leaves.iterator(chunk_size=5000)]).hex()


def entry_holding(subject: str, text: str) -> Line | None:
    """The first entry about the subject whose leaf holds the text (a commitment), waiting or sequenced."""
    entry = Entry.objects.filter(subject=subject, leaf__contains=text).order_by("id").first()
    return line(entry) if entry else None


def stamps_of(log: Log, number: int = 10) -> list[Stamp]:
    """The time stamps of a log, the latest first."""
    return list(log.stamps.order_by("-stamped_at")[:number])


def stamp_in(community: str, reference: UUID) -> Stamp | None:
    """One time stamp of the community's logs by its id."""
    return Stamp.objects.filter(log__community=community, pk=reference).select_related("log").first()
