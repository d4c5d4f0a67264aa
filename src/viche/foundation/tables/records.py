"""What a table consists of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol


class Odd(StrEnum):
    """What is odd about a cell.

    DATE: the program has made a date of it. FORMULA: a formula whose value the file does not hold. ERROR: its value is
    an error. MERGED: joined with others; only the first of them has the value. TRUTH: a true or false.
    """

    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Row:
    """number: as the program shows it, from 1; a cell of several lines is one row. odd: by the place of the cell."""

    number: int
    cells: tuple[str, ...]
    odd: Mapping[int, Odd] = field(default_factory=dict)

    def cell(self, place: int) -> str:
        """The text of a cell; "" beyond the end of the row."""
        return self.cells[place] if 0 <= place < len(self.cells) else ""


class Source(Protocol):
    """Where the bytes are: opened anew for every reading. Only what is read in order is asked of it."""

    def open(self) -> BinaryIO:
        """The content from its beginning."""


@dataclass(frozen=True)
class Stored:
    """The bytes in memory."""

    content: bytes = field(repr=False)

    def open(self) -> BinaryIO:
        """The content from its beginning."""
        return BytesIO(self.content)


@dataclass(frozen=True)
class OnDisk:
    """A file."""

    path: Path

    def open(self) -> BinaryIO:
        """The content from its beginning."""
        return self.path.open("rb")


@dataclass(frozen=True)
class Table:
    """A table that can be read. kind: csv, xlsx, ods. sheets: the names of those that can be chosen; one is enough.

    sheet: the one that is read, "" where several have content and none was chosen. encoding, separator: of a CSV.
    """

    kind: str
    sheets: tuple[str, ...]
    sheet: str
    encoding: str
    separator: str
    reading: Callable[[], Iterator[Row]] = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """Every row that is not empty, in order. Refused: as open_table, where the fault lies deeper in the file."""
        return self.reading()
