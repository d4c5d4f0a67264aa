"""Reading the journal."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext

from rulebook.merkle import leaf_hash, root_of
from viche.journal.events import REGISTRY
from viche.journal.models import Entry, Log, Stamp


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
    return Log.objects.filter(community=community).order_by("-year")


def all_logs() -> QuerySet[Log]:
    """Every log of the installation by its name."""
    return Log.objects.order_by("name")


def log_named(name: str) -> Log | None:
    """The log of a name as ``code/year``."""
    return Log.objects.filter(name=name).first()


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


def entries_after(log: Log, index: int, number: int) -> QuerySet[Entry]:
    """Sequenced entries from this index on, in their order: for a room that reads the log from its own cursor."""
    return Entry.objects.filter(log=log, index__gte=index).order_by("index")[:number]


def history_of(subject: str) -> list[Line]:
    """Everything written about a subject, oldest first, waiting entries included."""
    return [line(entry) for entry in Entry.objects.filter(subject=subject).order_by("id")]


def history_of_leaf(subject: str, sort_key: bytes) -> Line | None:
    """The one entry of a subject with this sort key (a ballot's commitment), waiting or sequenced."""
    entry = Entry.objects.filter(subject=subject, sort_key=sort_key).first()
    return line(entry) if entry else None


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
