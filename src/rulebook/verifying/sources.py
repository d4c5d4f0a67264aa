"""Where a record is read from: a folder, a ZIP file, or an address on the web."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path

MANIFEST = "manifest.txt"
SECONDS = 60
LARGEST_FILE = 1 << 30
"""Bytes of one file that are read, so that no answer fills the memory."""


class SourceError(Exception):
    """There is no record to be read there; the message says why."""


class Source(ABC):
    """Files of a record by their paths."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """The content. Raises FileNotFoundError where it is not there, SourceError where nothing can be read."""

    def names(self) -> set[str] | None:
        """Paths of all files; None where they cannot be listed."""
        return None


class _Folder(Source):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        try:
            return self._folder.joinpath(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise FileNotFoundError(name) from None
        except OSError as error:
            raise SourceError(f"{name}: {error.strerror}") from None

    def names(self) -> set[str]:
        return {
            path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()
        }


class _Zip(Source):
    def __init__(self, content: bytes | Path) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content)
        except (zipfile.BadZipFile, ValueError) as error:
            raise SourceError(f"not a ZIP file that can be read: {error}") from None
        # a record inside a folder of its own is as good
        found = [name for name in self._archive.namelist() if name.rpartition("/")[2] == MANIFEST]
        self._before = min(found, key=len).removesuffix(MANIFEST) if found else ""

    def read(self, name: str) -> bytes:
        try:
            info = self._archive.getinfo(self._before + name)
            if info.file_size > LARGEST_FILE:
                raise SourceError(f"{name} is larger than {LARGEST_FILE} bytes")
            return self._archive.read(info)
        except KeyError:
            raise FileNotFoundError(name) from None
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
            raise SourceError(f"{name}: the ZIP file is damaged: {error}") from None

    def names(self) -> set[str]:
        names = self._archive.namelist()
        return {name.removeprefix(self._before) for name in names if not name.endswith("/")}


class _Address(Source):
    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/") + "/"

    def read(self, name: str) -> bytes:
        return _fetched(self._address + name)


def _fetched(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": "rulebook verify"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # http and https only
            content: bytes = answer.read(LARGEST_FILE + 1)
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            raise FileNotFoundError(address) from None
        raise SourceError(f"{address}: HTTP {error.code}") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{address}: {getattr(error, 'reason', error)}") from None
    if len(content) > LARGEST_FILE:
        raise SourceError(f"{address} is larger than {LARGEST_FILE} bytes")
    return content


def is_record(place: str) -> bool:
    """Whether what was named on the command line is a record rather than a dossier."""
    return _is_address(place) or Path(place).is_dir() or place.endswith(".zip")


def _is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def opened(place: str) -> Source:
    """The record at a place. Raises SourceError, FileNotFoundError, OSError."""
    if _is_address(place):
        try:
            return _Zip(_fetched(place)) if place.endswith(".zip") else _Address(place)
        except FileNotFoundError:
            raise SourceError(f"{place} is not there") from None
    path = Path(place)
    return _Folder(path) if path.is_dir() else _Zip(path)
