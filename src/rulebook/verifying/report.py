"""What a verification found: a line for each check, and where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

RIGHT, WRONG, NOTE = "ok", "WRONG", "note"
MOST_LINES = 20
"""Faults of one check that are told one by one."""

# what reading documents of unknown making may raise; KeyError and IndexError are LookupErrors
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Finding:
    """One line of the report. file and place: where, for what is wrong."""

    kind: str
    text: str
    file: str = ""
    place: str = ""

    def line(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        return f"{self.kind:<6} {where + ': ' if where else ''}{self.text}"


@dataclass
class Check:
    """One check while it runs: what it is about, and the faults it has found."""

    about: str
    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    said: str = ""

    def wrong(self, text: str, file: str, place: str = "") -> None:
        self.faults.append(Finding(WRONG, text, file, place))

    def note(self, text: str) -> None:
        self.notes.append(Finding(NOTE, text))

    def right(self, text: str) -> None:
        """What is said where no fault was found."""
        self.said = text


@dataclass
class Report:
    """All findings in the order of the checks."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not any(finding.kind == WRONG for finding in self.findings)

    def lines(self) -> Iterator[str]:
        for finding in self.findings:
            yield finding.line()
        wrong = sum(1 for finding in self.findings if finding.kind == WRONG)
        yield "everything holds" if not wrong else f"{wrong} faults: the record does not hold"

    @contextmanager
    def check(self, about: str, file: str) -> Iterator[Check]:
        """Run one check. What cannot be read is a fault of the file, never an end of the verification."""
        check = Check(about)
        try:
            yield check
        except UNREADABLE as error:
            named = f"{type(error).__name__} {error}" if isinstance(error, LookupError) else str(error)
            check.wrong(f"cannot be read: {named}"[:300], file)
        self.findings += check.faults[:MOST_LINES]
        if len(check.faults) > MOST_LINES:
            self.findings.append(
                Finding(
                    WRONG,
                    f"and {len(check.faults) - MOST_LINES} more faults of this kind",
                    check.faults[0].file,
                )
            )
        if not check.faults and check.said:
            self.findings.append(Finding(RIGHT, f"{about}: {check.said}"))
        self.findings += check.notes
