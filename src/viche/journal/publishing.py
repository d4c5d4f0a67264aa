"""The log as static files (rulebook.tiles): what is written where, in which order, and when nothing is signed.

Tiles come first and the checkpoint last, each file whole or not at all: whoever reads at any moment finds every tile
that the checkpoint asks for. A checkpoint is signed only where the database still begins with everything that was
signed before: with the published checkpoint, and with the mark kept beside the key.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from rulebook.merkle import (
    Checkpoint,
    CheckpointError,
    NoteSignature,
    Tree,
    format_note,
    leaf_hash,
    parse_checkpoint,
    parse_note,
)
from rulebook.signing import LOG, VerifierKey, public_of, sign_note, signed_by
from rulebook.tiles import CHECKPOINT, WIDTH, TiledTree, TileError, grown, tile_named, tiles_of
from viche.foundation import keys
from viche.journal.models import Entry, Log

# why nothing is signed: a word in Log.fault, a sentence in wording.FAULTS
SHORTER, DIFFERS, NO_KEY, OTHER_KEY, DAMAGED = "shorter", "differs", "no_key", "other_key", "damaged"
FAULTS = (SHORTER, DIFFERS, NO_KEY, OTHER_KEY, DAMAGED)
# entries written at once: whole tiles, so that no partial tile of a size that was never signed is left over
CHUNK = 64 * WIDTH


class NotSigned(Exception):
    """No checkpoint may be signed. code: one of FAULTS."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass(frozen=True)
class Published:
    """A checkpoint as it stands among the files. note: its whole text."""

    note: str
    body: str
    signatures: tuple[NoteSignature, ...]
    checkpoint: Checkpoint


def folder_of(log: Log) -> Path:
    return Path(settings.LOG_DIR) / log.community / log.address


def key_of_log(log: Log) -> VerifierKey | None:
    """The public key of the log's checkpoints under its name; None before the first signature."""
    return VerifierKey(log.origin, LOG, bytes.fromhex(log.public_key)) if log.public_key else None


def file_of(log: Log, name: str) -> bytes:
    """A file of the log by its name. Raises TileError where it is not there, or is no file of a log."""
    if name != CHECKPOINT:
        tile_named(name)
    try:
        return folder_of(log).joinpath(name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise TileError(f"{name} is not there") from None


_FOLDER = re.compile(r"([A-Za-z0-9_-]{1,32})/([0-9]{4}(?:-[0-9]{1,4})?)")


def public_file(folder: str, name: str) -> bytes:
    """A file of any log or edition ever published here. folder: code/address. Raises TileError where there is none."""
    if _FOLDER.fullmatch(folder) is None:
        raise TileError(f"{folder!r} is not the folder of a log")
    if name != CHECKPOINT:
        tile_named(name)
    try:
        return Path(settings.LOG_DIR).joinpath(folder, name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise TileError(f"{name} is not there") from None


def published(log: Log) -> Published | None:
    """The published checkpoint; None where there is none. Raises CheckpointError for one that cannot be read."""
    try:
        note = file_of(log, CHECKPOINT).decode()
    except TileError:
        return None
    except UnicodeDecodeError as error:
        raise CheckpointError("the checkpoint is no text") from error
    body, signatures = parse_note(note)
    return Published(note, body, signatures, parse_checkpoint(body))


def tree_of(log: Log, size: int) -> TiledTree:
    """The published tree of this size, read from its tiles."""
    return TiledTree(size, lambda name: file_of(log, name))


def write_checkpoint(log: Log, *, cosignatures: Callable[[Log, str], Sequence[NoteSignature]]) -> int | None:
    """Write what is new of a log: tiles, then the mark, then the signed checkpoint. Its size; None for nothing new.

    cosignatures: gives what witnesses have signed under a checkpoint's body already. The caller holds the log against
    others. Raises NotSigned, and OSError where the disk refuses.
    """
    try:
        before = published(log)
    except CheckpointError as error:
        raise NotSigned(DAMAGED, f"the published checkpoint cannot be read: {error}") from error
    mark = keys.log_mark(_mark_name(log))
    signed = {mark} if mark else set()
    if before is not None:
        signed.add((before.checkpoint.size, before.checkpoint.root.hex()))
    for size, _root in signed:
        if size > log.size:
            raise NotSigned(SHORTER, f"{size} entries are published, the database holds {log.size}")
    key, secret = _key(log, is_first=not signed)
    if before is not None and signed_by(before.body, before.signatures, key) is None:
        raise NotSigned(OTHER_KEY, "the published checkpoint is not signed by the key that is here")
    now = (log.size, log.root)
    if before is not None and signed == {now}:
        return None
    if not log.size:
        return None
    files = _growth(log, before.checkpoint.size, signed) if before is not None else None
    if files is not None:
        _write(log, files)
    else:
        _compare_all(log, signed)
        for piece in _all_files(log):
            _write(log, piece)
    keys.keep_log_mark(_mark_name(log), *now)
    body = Checkpoint(log.origin, log.size, bytes.fromhex(log.root)).body()
    signature = sign_note(body, name=log.origin, secret=secret)
    write_file(
        folder_of(log).joinpath(CHECKPOINT), format_note(body, [signature, *cosignatures(log, body)]).encode()
    )
    Log.objects.filter(pk=log.pk).update(public_key=key.public.hex())
    _sweep(log)
    return log.size


def _mark_name(log: Log) -> str:
    return f"{log.community}-{log.address}"


def _key(log: Log, *, is_first: bool) -> tuple[VerifierKey, bytes]:
    """The log's key, public and secret; made here where the community has never signed anything. Raises NotSigned."""
    try:
        secret = keys.log_key(log.community)
    except keys.KeyMissing:
        own = Log.objects.filter(community=log.community, foreign_origin="")
        known = own.exclude(public_key="").exists()
        if known or not is_first:
            raise NotSigned(NO_KEY, "the key that signed before is not here") from None
        secret = keys.make_log_key(log.community)
    public = public_of(secret)
    if log.public_key and log.public_key != public.hex():
        raise NotSigned(OTHER_KEY, "another key than the one that is here has signed this log")
    return VerifierKey(log.origin, LOG, public), secret


def _growth(log: Log, size: int, signed: set[tuple[int, str]]) -> Mapping[str, bytes] | None:
    """The new files on top of the published ones; None where all has to be compared and written anew."""
    if log.size - size > CHUNK:
        return None
    try:
        files = grown(size, list(_leaves(log, size, log.size)), lambda name: file_of(log, name))
        tree = TiledTree(log.size, lambda name: files[name] if name in files else file_of(log, name))
        roots = {(each, tree.root(each).hex()) for each in [*(known for known, _ in signed), log.size]}
    except TileError:
        return None
    return files if roots == signed | {(log.size, log.root)} else None


def _compare_all(log: Log, signed: set[tuple[int, str]]) -> None:
    """Compute the roots from every leaf of the database and compare them with what was signed. Raises NotSigned."""
    wanted = signed | {(log.size, log.root)}
    sizes = {size for size, _ in wanted}
    tree, found = Tree(), set()
    for leaf in _leaves(log, 0, log.size):
        tree.append(leaf_hash(leaf))
        if tree.size in sizes:
            found.add((tree.size, tree.root().hex()))
    if found != wanted:
        raise NotSigned(DIFFERS, "the entries of the database are not those that were published")


def _leaves(log: Log, start: int, end: int) -> Iterator[bytes]:
    found = Entry.objects.filter(log=log, index__gte=start, index__lt=end).order_by("index")
    for leaf in found.values_list("leaf", flat=True).iterator(chunk_size=5000):
        yield leaf.encode()


def _all_files(log: Log) -> Iterator[Mapping[str, bytes]]:
    """All files of the log, a chunk of entries at a time."""
    for start in range(0, log.size, CHUNK):
        entries = list(_leaves(log, start, min(start + CHUNK, log.size)))
        yield grown(start, entries, lambda name: file_of(log, name))


def _write(log: Log, files: Mapping[str, bytes]) -> None:
    """Write tiles that are not there yet as they should be."""
    folder = folder_of(log)
    for name, content in files.items():
        path = folder.joinpath(name)
        if not path.exists() or path.read_bytes() != content:
            write_file(path, content)


def write_file(path: Path, content: bytes) -> None:
    """Write a public file whole or not at all, and safe on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_foreign_files(log: Log, checkpoint: bytes) -> None:
    """Write the files of a log that came along from another platform: tiles from its entries, its checkpoint as it is.

    Raises OSError.
    """
    for start in range(0, log.published_size, CHUNK):
        entries = list(_leaves(log, start, min(start + CHUNK, log.published_size)))
        _write(log, grown(start, entries, lambda name: file_of(log, name)))
    write_file(folder_of(log).joinpath(CHECKPOINT), checkpoint)


def _sweep(log: Log) -> None:
    """Remove partial tiles that made way for full ones, and what a killed writer left."""
    folder = folder_of(log)
    for left in folder.rglob(".*"):
        left.unlink(missing_ok=True)
    for partial in folder.rglob("*.p"):
        if partial.with_suffix("").exists():
            shutil.rmtree(partial, ignore_errors=True)


def export_files(log: Log, folder: Path) -> int:
    """Copy the published log to a folder that any web server may serve: its size; 0 where nothing is published.

    Only what is new is copied, the checkpoint last. Raises NotSigned where the folder holds a longer log or another
    one, CheckpointError for a checkpoint that cannot be read, OSError.
    """
    found = published(log)
    if found is None:
        return 0
    old = folder.joinpath(CHECKPOINT)
    if old.exists():
        before = parse_checkpoint(parse_note(old.read_text(encoding="utf-8"))[0])
        if before.size > found.checkpoint.size:
            raise NotSigned(
                SHORTER, f"{folder} holds {before.size} entries, here are {found.checkpoint.size}"
            )
        tree = tree_of(log, found.checkpoint.size)
        if before.origin != log.origin or tree.root(before.size) != before.root:
            raise NotSigned(DIFFERS, f"{folder} holds another log")
    for tile in tiles_of(found.checkpoint.size):
        content, path = file_of(log, tile.name), folder.joinpath(tile.name)
        if not path.exists() or path.read_bytes() != content:
            write_file(path, content)
    write_file(old, found.note.encode())
    return found.checkpoint.size
