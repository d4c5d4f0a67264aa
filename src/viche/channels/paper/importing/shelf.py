"""The file of an import on its shelf: sealed piece by piece under the contest's key, for it says who chose what."""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from viche.ballots.papers import open_note, seal_note
from viche.channels.paper.importing.models import SHELF, PaperImport
from viche.contests.models import Contest
from viche.foundation import private_files
from viche.foundation.refused import Refused

PIECE = 1 << 20
_LENGTH = 4


def keep_file(contest: Contest, reference: UUID, content: bytes) -> None:
    """Put the file on the shelf. Raises keys.KeyMissing, FileExistsError."""
    kept = bytearray()
    for start in range(0, len(content), PIECE):
        note = seal_note(contest, content[start : start + PIECE])
        kept += len(note).to_bytes(_LENGTH, "big") + note
    private_files.keep(reference, bytes(kept), shelf=SHELF)


def forget_file(reference: UUID) -> None:
    """Take the file off the shelf; nothing where it is gone."""
    private_files.forget(reference, shelf=SHELF)


@dataclass(frozen=True)
class KeptFile:
    """The file of an import, as a source of foundation.tables: opened piece by piece."""

    contest: Contest
    reference: UUID

    def open(self) -> BinaryIO:
        """The content from its beginning. Refused: file_gone."""
        kept = private_files.content_of(self.reference, shelf=SHELF)
        if kept is None:
            raise Refused("file_gone", _("The file is not kept any more: upload it again."))
        return io.BufferedReader(_Unsealed(self.contest, kept), PIECE)  # type: ignore[return-value]


def checked_file(held: PaperImport) -> KeptFile:
    """The file, once it is known to be the one that was uploaded. Refused: file_gone, file_changed."""
    source, whole = KeptFile(held.contest, held.pk), hashlib.sha256()
    with source.open() as handle:
        while piece := handle.read(PIECE):
            whole.update(piece)
    if whole.hexdigest() != held.digest:
        raise Refused("file_changed", _("The kept file is not the one that was uploaded: upload it again."))
    return source


class _Unsealed(io.RawIOBase):
    def __init__(self, contest: Contest, kept: bytes) -> None:
        self._contest, self._kept, self._next, self._piece = contest, kept, 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._piece and self._next < len(self._kept):
            begin = self._next + _LENGTH
            end = begin + int.from_bytes(self._kept[self._next : begin], "big")
            self._piece, self._next = open_note(self._contest, self._kept[begin:end]), end
        given = self._piece[: len(buffer)]
        buffer[: len(given)] = given
        self._piece = self._piece[len(given) :]
        return len(given)
