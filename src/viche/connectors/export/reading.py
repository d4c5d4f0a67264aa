"""Reading an archive that somebody brings: nothing in it is believed before it is measured.

No database is asked. Nothing is unpacked to a path that the archive names, and no more is read of a file than the
manifest says it has.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from viche.connectors.export.archive import FORMAT, PIECE
from viche.foundation.refused import Refused

MANIFEST = "manifest.json"
MOST_FILES = 300_000
MOST_MANIFEST = 100_000_000
MOST_DOCUMENT = 16_000_000
MOST_LINE = 8_000_000
TIGHTEST = 1_100
"""How many octets of a file one packed octet may stand for: more than deflate can make of real text is a bomb."""

_PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


BAD_VALUES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What a document that is not as the format says does to its readers."""


def refused(code: str, message: str) -> Refused:
    """The refusal, at the field of the file."""
    return Refused(code, message, fields={"file": message}, status=422)


def bad_values(error: Exception) -> Refused:
    """What is said of a value that nobody foresaw."""
    return refused("bad_values", _("The archive holds a value that cannot be kept: %s") % error)


def _damaged(name: str = "") -> Refused:
    if name:
        return refused("damaged", _("The archive is damaged: %s cannot be read.") % name)
    return refused("not_an_archive", _("This is no archive of Viche, or only a part of one."))


class Reader:
    """An opened archive. manifest: as parsed; sizes: of the files it names.

    Refused: not_an_archive, damaged, too_large, packed_too_tight, bad_name, twice, newer_format, older_format,
    bad_manifest, wrong_files, wrong_hash, bad_text.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE:
            raise _damaged() from None
        try:
            self._measure()
            self.manifest = self._manifest()
        except BaseException:
            self._zip.close()
            raise
        self.sizes: dict[str, int] = {each["path"]: each["size"] for each in self.manifest["files"]}

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def _measure(self) -> None:
        infos = self._zip.infolist()
        total = sum(info.file_size for info in infos)
        if len(infos) > MOST_FILES or total > settings.ARCHIVE_MOST_BYTES:
            raise refused("too_large", _("The archive unpacks to more than this platform takes."))
        for info in infos:
            if info.compress_type not in _PACKINGS or info.flag_bits & 1:
                raise _damaged(info.filename[:100])
        if any(
            info.file_size > 1_000_000 and info.file_size > info.compress_size * TIGHTEST for info in infos
        ):
            raise refused("packed_too_tight", _("A file of the archive unpacks to far more than it should."))
        names = [info.filename for info in infos]
        for info in infos:
            if (
                _NAME.fullmatch(info.filename) is None
                or len(info.filename) > 300
                or info.external_attr >> 28 == 0xA
            ):
                raise refused(
                    "bad_name", _("The archive holds a file with a forbidden name: %s") % info.filename[:100]
                )
        if len(set(names)) != len(names):
            raise refused("twice", _("The archive holds a file twice."))

    def _manifest(self) -> dict[str, Any]:
        if MANIFEST not in self._zip.namelist():
            raise _damaged()
        if self._zip.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise refused("bad_manifest", _("The manifest of the archive is not written as it should be."))
        try:
            manifest = json.loads(self._zip.read(MANIFEST))
        except (*_DAMAGE, ValueError, RecursionError):
            raise _damaged(MANIFEST) from None
        told = re.fullmatch(
            r"viche/export/v(\d{1,6})", str(manifest.get("format") if isinstance(manifest, dict) else "")
        )
        if told is None:
            raise _damaged()
        ours = int(FORMAT.rpartition("v")[2])
        if int(told[1]) > ours:
            raise refused(
                "newer_format",
                _("The archive is of a newer version (%(theirs)s) than this platform reads (%(ours)s).")
                % {"theirs": manifest["format"], "ours": FORMAT},
            )
        if int(told[1]) < ours:
            raise refused(
                "older_format",
                _("The archive is of the old format %s: export the body anew.") % manifest["format"],
            )
        files = manifest.get("files")
        is_good = isinstance(files, list) and all(
            isinstance(each, dict) and isinstance(each.get("path"), str) and isinstance(each.get("sha256"), str)
            and type(each.get("size")) is int for each in files
        )  # fmt: skip
        if not is_good or not isinstance(manifest.get("community"), str):
            raise refused("bad_manifest", _("The manifest of the archive is not written as it should be."))
        named = [each["path"] for each in files]
        if sorted(named) != sorted(set(self._zip.namelist()) - {MANIFEST}):
            raise refused("wrong_files", _("The files of the archive are not those that its manifest names."))
        return manifest

    @property
    def names(self) -> list[str]:
        return list(self.sizes)

    def under(self, folder: str) -> list[str]:
        """The files below a folder, by their whole names."""
        return [name for name in self.sizes if name.startswith(folder)]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file, never more than its size."""
        try:
            with self._zip.open(name) as handle:
                while piece := handle.read(PIECE):
                    yield piece
        except (*_DAMAGE, KeyError):
            raise _damaged(name) from None

    def check_files(self) -> None:
        """Every file has the size and the hash of the manifest. Refused: wrong_hash, damaged."""
        for each in self.manifest["files"]:
            digest, size = hashlib.sha256(), 0
            for piece in self.pieces(each["path"]):
                digest.update(piece)
                size += len(piece)
            if (digest.hexdigest(), size) != (each["sha256"], each["size"]):
                raise refused(
                    "wrong_hash", _("The file %s was changed after the archive was made.") % each["path"]
                )

    def content(self, name: str, most: int = MOST_DOCUMENT) -> bytes:
        """A whole file of moderate size."""
        if self.sizes.get(name, most + 1) > most:
            raise refused(
                "missing_file", _("The archive lacks a file it must have, or it is too large: %s") % name
            )
        return b"".join(self.pieces(name))

    def document(self, name: str) -> Any:
        """A JSON document. Refused: bad_text, missing_file."""
        try:
            return json.loads(self.content(name))
        except (ValueError, RecursionError):
            raise refused("bad_text", _("The file %s is no JSON.") % name) from None

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The objects of JSON lines, one after another; nothing where the file is not there. Refused: bad_text."""
        if name not in self.sizes:
            return
        rest, number = b"", 0
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            if len(rest) > MOST_LINE:
                raise refused("bad_text", _("A line of %s is too long.") % name)
            for line in whole:
                number += 1
                yield _object(line, name, number)
        if rest:
            yield _object(rest, name, number + 1)


def _object(line: bytes, name: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or b"\\u0000" in line:
        raise refused("bad_text", _("Line %(line)d of %(file)s is no row.") % {"line": number, "file": name})
    return found
