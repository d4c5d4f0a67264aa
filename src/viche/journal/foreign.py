"""Logs that come along from another platform: kept whole, verified under their old name, never continued.

Their entries stand in the same tables as ours, so that every page of the journal shows and proves them; their files are
written anew from the entries, and the checkpoint is the one that the old platform signed.
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from rulebook.merkle import leaf_hash
from viche.journal import publishing
from viche.journal.actions import unordered_id
from viche.journal.models import FOREIGN, Entry, Log, Stamp

BATCH = 2_000


def keep_foreign_log(
    *, community: str, about: Mapping[str, Any], entries: Iterable[Mapping[str, Any]], checkpoint: bytes | None,
    stamps: Iterable[Mapping[str, Any]] = (), writes_files: bool = True,
) -> Log:  # fmt: skip
    """Take over a log whose entries, root and checkpoint the caller has verified; in the caller's transaction.

    about: name, year, origin, public_key, size, root, peaks, opened_at, sequenced_at, published_at. Once it has its
    size the database refuses any further entry. Its files are written at once, unless the caller takes it all
    back anyway: where the transaction fails, the caller removes publishing.folder_of(log). What lies there already is
    of an attempt that came to nothing.
    """
    held = Log.objects.filter(community=community, year=about["year"], edition__gte=FOREIGN)
    highest = held.aggregate(highest=Max("edition"))["highest"]
    log = Log.objects.create(
        name=about["name"], community=community, year=about["year"], foreign_origin=about["origin"],
        edition=(highest or FOREIGN - 1) + 1, opened_at=_moment(about["opened_at"]), public_key=about["public_key"],
    )  # fmt: skip
    batch: list[Entry] = []
    for each in entries:
        batch.append(_entry(log, each))
        if len(batch) == BATCH:
            Entry.objects.bulk_create(batch)
            batch = []
    Entry.objects.bulk_create(batch)
    log.size, log.root, log.peaks = about["size"], about["root"], about["peaks"]
    log.sequenced_at = _moment(about["sequenced_at"])
    if checkpoint is not None:
        log.published_size, log.published_at = about["published_size"], _moment(about["published_at"])
    log.save()
    Stamp.objects.bulk_create(
        Stamp(
            id=UUID(each["id"]), log=log, day=each["day"], size=each["size"], root=each["root"],
            token=bytes.fromhex(each["token"]), authority=each["authority"], stamped_at=_moment(each["stamped_at"]),
        )
        for each in stamps
    )  # fmt: skip
    if checkpoint is not None and writes_files:
        shutil.rmtree(publishing.folder_of(log), ignore_errors=True)
        publishing.write_foreign_files(log, checkpoint)
    return log


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _entry(log: Log, row: Mapping[str, Any]) -> Entry:
    leaf, document = row["leaf"], json.loads(row["leaf"])
    key = bytes.fromhex(row["sort_key"]) if row["sort_key"] else None
    return Entry(
        **({"id": unordered_id(key)} if key else {}), log=log, index=row["index"], kind=document["kind"],
        subject=document["subject"], leaf=leaf, leaf_hash=leaf_hash(leaf.encode()), sort_key=key,
        recorded_at=_moment(row["at"]),
    )  # fmt: skip
