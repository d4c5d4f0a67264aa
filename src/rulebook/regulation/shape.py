"""The readable text of a regulation as data: sections of clauses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """One clause: its number ("2.3"), its sentence, and where it ends with a colon, the items of its list."""

    number: str
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One section: its id (stable, for links), number, title and clauses."""

    id: str
    number: int
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Regulation:
    """The whole text in one language; ``source`` is what the rules themselves cite, empty when they cite nothing."""

    title: str
    language: str
    source: str
    sections: tuple[Section, ...]

    def plain(self) -> str:
        """Lines of text, each ended."""
        lines = [self.title]
        if self.source:
            lines.append(self.source)
        for section in self.sections:
            lines += ["", f"{section.number}. {section.title}"]
            for clause in section.clauses:
                lines.append(f"{clause.number}. {clause.text}")
                ends = [";"] * (len(clause.items) - 1) + ["."]
                lines += [f"   – {item}{end}" for item, end in zip(clause.items, ends, strict=False)]
        return "".join(f"{line}\n" for line in lines)
