"""What the logs of a record say about its contest, and reading the record's documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.canonical import canonical
from rulebook.verifying.logs import ReadEntry, ReadLog
from rulebook.verifying.report import Check, Report


@dataclass(frozen=True)
class Story:
    """What the logs say about the contest. acts: entries about it, in their order; sealed: ballots by commitment."""

    contest: str
    acts: Sequence[ReadEntry]
    sealed: Mapping[str, ReadEntry]

    def last(self, *kinds: str, **facts: Any) -> ReadEntry:
        """The latest entry of one of the kinds with these facts. Raises LookupError in words."""
        for entry in reversed(self.acts):
            data = entry.document["data"]
            if entry.document.get("kind") in kinds and all(data.get(key) == facts[key] for key in facts):
                return entry
        raise LookupError(f"the log has no entry {' or '.join(kinds)}" + (f" with {facts}" if facts else ""))

    def all(self, kind: str) -> list[ReadEntry]:
        return [entry for entry in self.acts if entry.document.get("kind") == kind]

    @property
    def is_imported(self) -> bool:
        """Whether the election was held elsewhere and its published ballots were taken over."""
        return bool(self.all("BallotsImported")) and not self.all("BoxOpened")


def read_story(report: Report, contest: str, logs: Sequence[ReadLog]) -> Story:
    acts: list[ReadEntry] = []
    sealed: dict[str, ReadEntry] = {}
    with report.check("entries", "log") as check:
        for log in logs:
            for entry in log.entries:
                subject, kind = entry.document.get("subject"), entry.document.get("kind")
                if subject == f"contest:{contest}":
                    acts.append(entry)
                elif subject == f"ballots:{contest}" and kind == "BallotSealed":
                    mark = entry.document["data"]["commitment"]
                    if mark in sealed:
                        check.wrong(f"the ballot {mark} is in the log twice", entry.file, entry.place)
                    sealed[mark] = entry
        if not acts:
            check.wrong("no log of the record speaks of the contest", "log")
        check.right(f"{len(acts)} about the contest, {len(sealed)} sealed ballots")
    return Story(contest, acts, sealed)


def document_in(check: Check, files: Mapping[str, bytes], name: str) -> Any:
    """A JSON file of the record. It stands as its canonical bytes; anything else is a fault."""
    if name not in files:
        raise LookupError("the file is not there")
    document = json.loads(files[name])
    if canonical(document) != files[name]:
        check.wrong("it is not written as canonical JSON (RFC 8785)", name)
    return document
