"""Files that are made from data, kept, and may be thrown away at any time: made by one at a time, known by hash."""

import fcntl
import hashlib
from collections.abc import Iterator
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
