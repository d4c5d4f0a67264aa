"""The manifest of a record: every file with its SHA-256, as a note signed by the log's key.

viche/record/v1
<id of the contest>
<SHA-256 in hexadecimal> <path>
…one line a file, sorted by path…

— <name of the log> <signature>
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rulebook.merkle import NoteSignature, format_note, parse_note
from rulebook.verifying.sources import MANIFEST

RECORD_FORMAT = "viche/record/v1"
_LINE = re.compile(r"([0-9a-f]{64}) ((?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)")


class ManifestError(ValueError):
    """The text is not a manifest; the message says in which line."""


@dataclass(frozen=True)
class Manifest:
    """What a manifest says. files: SHA-256 (hex) by path."""

    contest: str
    files: Mapping[str, str]

    def body(self) -> str:
        """The signed text."""
        lines = [RECORD_FORMAT, self.contest, *(f"{self.files[path]} {path}" for path in sorted(self.files))]
        return "".join(f"{line}\n" for line in lines)


def parse_manifest(content: bytes) -> tuple[Manifest, str, tuple[NoteSignature, ...]]:
    """(manifest, its signed text, signatures) of a manifest's file. Raises ManifestError, CheckpointError."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ManifestError(f"line {line} is not UTF-8 text") from None
    body, signatures = parse_note(text)
    first, *rest = body[:-1].split("\n")
    if first != RECORD_FORMAT or not rest:
        raise ManifestError(f"line 1: {first[:60]!r} is not {RECORD_FORMAT!r}, or nothing follows it")
    contest, *lines = rest
    files: dict[str, str] = {}
    for number, each in enumerate(lines, start=3):
        match = _LINE.fullmatch(each)
        if match is None or match[2] in files or match[2] == MANIFEST:
            raise ManifestError(f"line {number} does not name a file with its SHA-256, or names one again")
        files[match[2]] = match[1]
    manifest = Manifest(contest, files)
    if manifest.body() != body or format_note(body, signatures) != text:
        raise ManifestError("the manifest is not written in the one way it can be")
    return manifest, body, signatures
