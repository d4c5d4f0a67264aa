"""Files that only a guarded page may give out: in settings.PRIVATE_ROOT, outside everything the server publishes.

A file is named by its id alone; what it is called, what it is and whose it is stand in the database. Each room keeps
its files on a shelf of its own: whoever sweeps up a shelf sees no file of another room.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings


def _path(reference: UUID, shelf: str) -> Path:
    # the last two signs: the first ones of a time-ordered id are the same for years
    text = str(reference)
    return Path(settings.PRIVATE_ROOT) / shelf / text[-2:] / text


def keep(reference: UUID, content: bytes, *, shelf: str = "") -> None:
    """Write the file whole, readable by the server's own user only. Raises FileExistsError for a known id."""
    path = _path(reference, shelf)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    Path(settings.PRIVATE_ROOT).chmod(0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


def content_of(reference: UUID, *, shelf: str = "") -> bytes | None:
    """The file's bytes; None where it was deleted."""
    try:
        return _path(reference, shelf).read_bytes()
    except FileNotFoundError:
        return None


def forget(reference: UUID, *, shelf: str = "") -> None:
    """Delete the file; nothing where it is gone already."""
    with contextlib.suppress(FileNotFoundError):
        _path(reference, shelf).unlink()


def kept_files(*, shelf: str) -> Iterator[tuple[UUID, datetime]]:
    """Id and moment of writing of every file that is kept on the shelf."""
    root = Path(settings.PRIVATE_ROOT) / shelf
    for path in sorted(root.glob("??/*")) if root.exists() else []:
        with contextlib.suppress(ValueError, FileNotFoundError):
            yield UUID(path.name), datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
