"""Archives that were uploaded and wait for the second step: on disk, named by their id alone."""

import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

DAY = 86_400


def _path(reference: UUID) -> Path:
    return Path(settings.EXPORTS_DIR) / f"arriving-{reference}.zip"


def keep_archive(pieces: Iterable[bytes]) -> UUID:
    """Write an upload to the shelf piece by piece; files that waited for a day go."""
    folder = Path(settings.EXPORTS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.glob("arriving-*.zip"):
        if old.stat().st_mtime < time.time() - DAY:
            old.unlink(missing_ok=True)
    reference = uuid4()
    with _path(reference).open("xb") as handle:
        for piece in pieces:
            handle.write(piece)
    return reference


def archive_at(reference: UUID) -> Path | None:
    """The waiting archive; None where it is gone."""
    path = _path(reference)
    return path if path.is_file() else None


def forget_archive(reference: UUID) -> None:
    """Delete it."""
    _path(reference).unlink(missing_ok=True)
