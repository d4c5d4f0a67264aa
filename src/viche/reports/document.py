"""A document before it is set: paragraphs, facts, figures and places for signatures, in the language of the moment.

The same parts make the PDF (printing), the workbook and the tables of a data annex: what stands in one stands in all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from viche.reports.figure import Figure


@dataclass(frozen=True)
class Heading:
    """The title of a part of the document."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class Facts:
    """A short table of (name, value), both in words."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """A figure: its table, and its picture where it has one and is_drawn."""

    figure: Figure
    is_drawn: bool = True


@dataclass(frozen=True)
class Signatures:
    """A place for signatures: (office, name) of each; a name not known yet is an empty line."""

    places: tuple[tuple[str, str], ...]


Part = Heading | Paragraph | Facts | Shown | Signatures


@dataclass(frozen=True)
class Document:
    """What is set on paper. subtitle: the contest, the body, the period."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]

    def figures(self) -> Iterator[Figure]:
        """The figures in it, in their order."""
        for part in self.parts:
            if isinstance(part, Shown):
                yield part.figure
