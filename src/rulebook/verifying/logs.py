"""A log inside a record: its checkpoint, its signatures, its tree from the entries, an older checkpoint of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.merkle import HASH_LENGTH, Checkpoint, parse_checkpoint, parse_note
from rulebook.signing import LOG, WITNESS, VerifierKey, holds, signed_by
from rulebook.tiles import CHECKPOINT, WIDTH, Tile, TiledTree, TileError, entries_in, grown, tiles_of
from rulebook.verifying.report import Check, Report


@dataclass(frozen=True)
class ReadEntry:
    """An entry with its place: the file it stands in, and its index in the log."""

    file: str
    index: int
    document: Mapping[str, Any]

    @property
    def place(self) -> str:
        return f"entry {self.index}"


@dataclass(frozen=True)
class ReadLog:
    """A log as it was read. tree: from the published tiles, once they are compared with the entries."""

    folder: str
    key: VerifierKey
    checkpoint: Checkpoint
    entries: Sequence[ReadEntry]
    tree: TiledTree


def read_log(
    report: Report, folder: str, files: Mapping[str, bytes], keys: Sequence[VerifierKey]
) -> ReadLog | None:
    """Check one log of the record; None where its checkpoint is of no use. folder ends in a slash."""
    file = folder + CHECKPOINT
    found = None
    with report.check(f"checkpoint of {folder.rstrip('/')}", file) as check:
        if file not in files:
            check.wrong("the log has no checkpoint", file)
            return None
        body, signatures = parse_note(files[file].decode())
        checkpoint = parse_checkpoint(body)
        key = next((each for each in keys if each.kind == LOG and each.name == checkpoint.origin), None)
        if key is None or signed_by(body, signatures, key) is None:
            check.wrong(f"no signature of {checkpoint.origin} by a key of keys.txt holds", file)
            return None
        witnesses = []
        for number, line in enumerate(signatures, start=body.count("\n") + 2):
            if (line.name, line.key_id) == (key.name, key.id):
                if not holds(body, line, key):
                    check.wrong(f"a signature of {line.name} does not hold", file, f"line {number}")
                continue
            witness = next((each for each in keys if (each.name, each.id) == (line.name, line.key_id)), None)
            if witness is None or witness.kind != WITNESS:
                check.wrong(f"the key of {line.name} is not in keys.txt", file, f"line {number}")
            elif not holds(body, line, witness):
                check.wrong(f"the cosignature of {line.name} does not hold", file, f"line {number}")
            else:
                witnesses.append(line.name)
        seen = f"seen by {len(witnesses)} witnesses: {', '.join(witnesses)}" if witnesses else "no witnesses"
        check.right(f"{checkpoint.size} entries, signed by {key.name}, {seen}")
        found = checkpoint, key
    return _read_tree(report, folder, files, *found) if found is not None else None


def _read_tree(
    report: Report, folder: str, files: Mapping[str, bytes], checkpoint: Checkpoint, key: VerifierKey
) -> ReadLog:
    def read(name: str) -> bytes:
        if folder + name not in files:
            raise TileError(f"{folder}{name} is not there")
        return files[folder + name]

    entries: list[ReadEntry] = []
    log = ReadLog(folder, key, checkpoint, entries, TiledTree(checkpoint.size, read))
    with report.check(f"tree of {folder.rstrip('/')}", folder + CHECKPOINT) as check:
        # no larger tree than its files: a forged size would otherwise be counted up to
        there = [name.removeprefix(folder) for name in files if name.startswith(folder)]
        if checkpoint.size > WIDTH * len(there):
            check.wrong(f"{checkpoint.size} entries are said, their files are not there", folder + CHECKPOINT)
            return log
        wanted = {tile.name for tile in tiles_of(checkpoint.size)}
        for name in sorted(wanted - set(there)):
            check.wrong("the file of the log is missing", folder + name)
        for name in sorted(set(there) - wanted - {CHECKPOINT}):
            check.wrong(f"no tree of {checkpoint.size} entries has this file", folder + name)
        if check.faults:
            return log
        leaves = _read_entries(check, folder, read, checkpoint.size, entries)
        if check.faults:
            return log
        computed = grown(0, leaves, read)
        for tile in tiles_of(checkpoint.size):
            if tile.level is not None and computed[tile.name] != read(tile.name):
                _say_where(check, folder, tile, computed[tile.name], read(tile.name))
        root = TiledTree(checkpoint.size, lambda name: computed[name]).root()
        if root != checkpoint.root:
            check.wrong("the root is not the one of the entries", folder + CHECKPOINT, "line 3")
        check.right(f"computed anew from {len(leaves)} entries; root {root.hex()}")
    return log


def _read_entries(check: Check, folder: str, read: Any, size: int, entries: list[ReadEntry]) -> list[bytes]:
    leaves: list[bytes] = []
    for tile in tiles_of(size):
        if tile.level is not None:
            continue
        file = folder + tile.name
        try:
            held = entries_in(read(tile.name))
        except TileError as error:
            check.wrong(str(error), file)
            continue
        if len(held) != tile.width:
            check.wrong(f"{len(held)} entries, {tile.width} are wanted", file)
            continue
        for index, entry in enumerate(held, start=tile.number * WIDTH):
            try:
                document = json.loads(entry)
                is_entry = isinstance(document, dict) and isinstance(document.get("data"), dict)
            except (ValueError, RecursionError):
                is_entry = False
            if is_entry:
                entries.append(ReadEntry(file, index, document))
            else:
                check.wrong("the entry is no JSON of an entry", file, f"entry {index}")
        leaves += held
    return leaves


def _say_where(check: Check, folder: str, tile: Tile, wanted: bytes, there: bytes) -> None:
    """Name the first hash in which a published tile is not the one computed."""
    places = range(0, max(len(wanted), len(there)), HASH_LENGTH)
    first = next(at for at in places if wanted[at : at + HASH_LENGTH] != there[at : at + HASH_LENGTH])
    index = tile.number * WIDTH + first // HASH_LENGTH
    what = f"the hash of entry {index}" if tile.level == 0 else f"hash {index} of level {tile.level}"
    check.wrong(f"{what} is not the one of the entries", folder + tile.name, f"hash {first // HASH_LENGTH}")


def check_consistency(report: Report, logs: Sequence[ReadLog], note: bytes, file: str) -> None:
    """Whether an older checkpoint, kept from another day, is of a beginning of one of the logs."""
    with report.check("consistency", file) as check:
        body, signatures = parse_note(note.decode())
        older = parse_checkpoint(body)
        log = next((each for each in logs if each.checkpoint.origin == older.origin), None)
        if log is None:
            check.wrong(f"the record holds no log {older.origin}", file)
        elif signed_by(body, signatures, log.key) is None:
            check.wrong("the older checkpoint is not signed by the log's key", file)
        elif older.size > log.checkpoint.size:
            check.wrong(
                f"the older checkpoint has {older.size} entries, the record's {log.checkpoint.size}: entries are lost",
                log.folder + CHECKPOINT,
            )
        elif log.tree.root(older.size) != older.root:
            check.wrong(
                f"the first {older.size} entries are not those of the older checkpoint",
                log.folder + CHECKPOINT,
            )
        check.right(f"the first {older.size} entries are unchanged since the checkpoint of {file}")
