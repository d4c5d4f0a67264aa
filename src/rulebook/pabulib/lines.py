"""Bytes to rows: the lexical layer of a ``.pb`` file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rulebook.pabulib.faults import PabulibError

Row = tuple[int, list[str]]

SECTIONS = ("META", "PROJECTS", "VOTES")

SPACES = " \t\u00a0\u202f\ufeff"
"""What may stand around a value without being part of it."""

BLOCK = 1 << 17
"""How many bytes of VOTES are split at a time: few enough to stay in a processor's cache."""


def data_of(source: str | bytes | Path) -> bytes:
    """The bytes of a path, or of a string that is itself the text (it has more than one line).

    Without a byte order mark, every line ending in LF. Raises OSError for a path that cannot be read.
    """
    if isinstance(source, str):
        if "\n" in source or "\r" in source or source.lstrip("\ufeff").strip() in ("", *SECTIONS):
            # half a surrogate pair becomes bytes that are not UTF-8, and is refused as such
            source = source.encode("utf-8", "surrogatepass")
        else:
            source = Path(source)
    data = source.read_bytes() if isinstance(source, Path) else source
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.removeprefix(b"\xef\xbb\xbf")


class Rows(Iterator[Row]):
    """The rows that are not blank, each with the number of the line it starts on.

    A quoted field may run over several lines. ``position`` and ``line`` are where the next row is looked
    for. Raises PabulibError for bytes that are not UTF-8 and for a quote that is never closed.
    """

    def __init__(self, data: bytes, position: int = 0, line: int = 1) -> None:
        self.data = data
        self.position = position
        self.line = line

    def __next__(self) -> Row:
        while self.position < len(self.data):
            start, line = self.position, self.line
            fields, end = self._row(start)
            self.position = end + 1
            self.line += 1 + self.data.count(b"\n", start, end)
            if len(fields) > 1 or (fields[0] and not fields[0].isspace()):
                return line, fields
        raise StopIteration

    def _row(self, start: int) -> tuple[list[str], int]:
        """The fields of the row at ``start`` and where it ends."""
        data = self.data
        end = _found(data, b"\n", start, len(data))
        if data.find(b'"', start, end) < 0:
            return decoded(data, start, end).split(";"), end
        # A quote that does not open a field is an ordinary character. So is one that opens a field which
        # goes on after its closing quote ('"Our" park'): some cities' files were written so.
        fields: list[str] = []
        position = start
        while True:
            close = -1
            if data.startswith(b'"', position):
                closing = _closing_quote(data, position + 1)
                if closing < 0:
                    detail = "a quoted field is never closed"
                    raise PabulibError(self.line, "", "unclosed_quote", detail, len(fields) + 1)
                if closing >= end:
                    end = _found(data, b"\n", closing, len(data))
                if closing + 1 == end or data.startswith(b";", closing + 1):
                    close = closing + 1
                    fields.append(decoded(data, position + 1, closing).replace('""', '"'))
            if close < 0:
                close = _found(data, b";", position, end)
                fields.append(decoded(data, position, close))
            if close == end:
                return fields, end
            position = close + 1


def _found(data: bytes, what: bytes, start: int, end: int) -> int:
    """Where ``what`` is first between start and end; ``end`` where it is not."""
    place = data.find(what, start, end)
    return end if place < 0 else place


def _closing_quote(data: bytes, position: int) -> int:
    """Where the quoted field ends: at the first quote that is not doubled; -1 where it does not."""
    while True:
        position = data.find(b'"', position)
        if position < 0 or not data.startswith(b'"', position + 1):
            return position
        position += 2


def decoded(data: bytes, start: int, end: int) -> str:
    """A part of the data as text. Raises PabulibError for bytes that are not UTF-8."""
    try:
        return data[start:end].decode()
    except UnicodeDecodeError as error:
        place = start + error.start
        line = data.count(b"\n", 0, place) + 1
        raise PabulibError(line, "", "not_utf8", f"byte 0x{data[place]:02x} is not UTF-8 text") from error


def check_width(row: Sequence[str], header: Sequence[str], line: int) -> None:
    """Raises PabulibError unless the row has a field for every column."""
    if len(row) != len(header):
        detail = f"{len(header)} fields expected ({', '.join(header)}), {len(row)} found"
        column = min(len(row), len(header))
        raise PabulibError(line, header[column - 1], "wrong_number_of_fields", detail, column)


def check_no_section(row: Sequence[str], line: int, expected: str | None = None) -> None:
    """Raises PabulibError where the row is the name of a section, and not the ``expected`` one."""
    word = row[0].strip()
    if len(row) == 1 and word in SECTIONS and word != expected:
        detail = f"section {word} comes where {expected or 'the file should end'} is expected"
        raise PabulibError(line, word, "section_out_of_order", detail)


class Block(NamedTuple):
    """Some rows on end: ``lines`` their numbers, ``fields`` the fields of all of them, UTF-8.

    The fields of column c are every ``step``-th one from c on.
    """

    lines: Sequence[int]
    fields: list[bytes]
    step: int

    def column(self, place: int) -> list[str]:
        """The raw text of one column."""
        return [*map(bytes.decode, self.fields[place :: self.step])]


class Columns(Mapping[str, list[str]]):
    """The columns of VOTES by name. Kept is the file's own text, split anew whenever a column is asked for."""

    def __init__(self, data: bytes, position: int, line: int, header: Sequence[str]) -> None:
        self.header = header
        self._data = data
        self._start = position, line

    def __getitem__(self, name: str) -> list[str]:
        if name not in self.header:
            raise KeyError(name)
        place = self.header.index(name)
        return [text for block in self.blocks() for text in block.column(place)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.header)

    def __len__(self) -> int:
        return len(self.header)

    def blocks(self) -> Iterator[Block]:
        """All rows, a block at a time. Raises PabulibError at the first that is malformed."""
        data, width = self._data, len(self.header)
        position, line = self._start
        while position < len(data):
            end = _found(data, b"\n", position + BLOCK, len(data))
            block = data[position:end]
            if b'"' not in block:
                decoded(data, position, end)
                ends = block.count(b"\n")
                # the end of a line becomes a field of its own: if all rows are as wide as the header,
                # and only then, these stand in the column after the last
                fields = block.replace(b"\n", b";\n;").split(b";")
                if len(fields) == ends * (width + 1) + width and (
                    fields[width :: width + 1].count(b"\n") == ends
                ):
                    yield Block(range(line, line + ends + 1), fields, width + 1)
                    position, line = end + 1, line + ends + 1
                    continue
            rows = Rows(data, position, line)
            yield self._row_by_row(rows, end)
            position, line = rows.position, rows.line

    def _row_by_row(self, rows: Rows, end: int) -> Block:
        lines: list[int] = []
        fields: list[bytes] = []
        while rows.position < end and (row := next(rows, None)):
            line, texts = row
            check_no_section(texts, line)
            check_width(texts, self.header, line)
            lines.append(line)
            fields += map(str.encode, texts)
        return Block(lines, fields, len(self.header))
