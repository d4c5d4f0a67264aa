"""Files that are made from data, kept, and may be thrown away at any time: made by one at a time, known by hash."""

import fcntl
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock of this name in a folder, which is made where it is not there; others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.joinpath(f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def measured(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 (hex) of a file, read in pieces."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A fresh folder to fill, which becomes this one at the end: it is there whole or not at all."""
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    fresh.mkdir(parents=True)
    try:
        yield fresh
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def made_once(folder: Path, name: str, version: str, make: Callable[[], bytes]) -> bytes:
    """The bytes of a file as what it is made of stands now. version: names that, in letters and digits; files of former
    versions go. Of many who ask at once one makes it, others wait; in one folder nothing else is made meanwhile.
    """
    stem, _dot, kind = name.rpartition(".")
    path = folder / f"{stem}.{version}.{kind}"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    with alone(folder, "making"):
        try:
            return path.read_bytes()  # others made it meanwhile
        except FileNotFoundError:
            content = make()
        fresh = folder / f".{path.name}.{secrets.token_hex(4)}"
        fresh.write_bytes(content)
        fresh.rename(path)
        for former in folder.glob(f"{stem}.*.{kind}"):
            if former != path:
                former.unlink(missing_ok=True)
    return content
