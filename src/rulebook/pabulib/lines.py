"""Text to rows: the lexical layer of a ``.pb`` file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rulebook.pabulib.election import PabulibError

Row = tuple[int, list[str]]

SECTIONS = ("META", "PROJECTS", "VOTES")


def text_of(source: str | bytes | Path) -> str:
    """The text of a path, of bytes, or of a string that is itself the text (it has more than one line).

    Raises PabulibError for bytes that are not UTF-8, OSError for a path that cannot be read.
    """
    if isinstance(source, str):
        if "\n" in source or "\r" in source or source.lstrip("\ufeff").strip() in ("", *SECTIONS):
            return source.removeprefix("\ufeff")
        source = Path(source)
    data = source.read_bytes() if isinstance(source, Path) else source
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PabulibError(
            line, "", "not_utf8", f"byte 0x{data[error.start]:02x} is not UTF-8 text"
        ) from error


def rows_of(text: str) -> Iterator[Row]:
    """The rows that are not blank, each with the number of the line it starts on.

    A quoted field may run over several lines. Lines end with LF, CRLF or a lone CR.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    total = len(lines)
    number = 0
    while number < total:
        line = lines[number]
        number += 1
        if '"' in line:
            start = number
            fields = _quoted_fields(line)
            while fields is None:
                if number == total:
                    raise PabulibError(start, "", "unclosed_quote", "a quoted field is never closed")
                line = f"{line}\n{lines[number]}"
                number += 1
                fields = _quoted_fields(line)
            yield start, fields
        elif line and not line.isspace():
            yield number, line.split(";")


def _quoted_fields(line: str) -> list[str] | None:
    """The fields of a line that holds quotes; None when a quoted field goes on in the next line.

    A quote that does not open a field is an ordinary character. So is one that opens a field which goes
    on after its closing quote ('"Our" park'): some cities' files were written so.
    """
    fields: list[str] = []
    position, end = 0, len(line)
    while True:
        text: str | None = None
        if line.startswith('"', position):
            closing = _closing_quote(line, position + 1)
            if closing is None:
                return None
            if closing + 1 == end or line[closing + 1] == ";":
                text = line[position + 1 : closing].replace('""', '"')
                position = closing + 1
        if text is None:
            close = line.find(";", position)
            close = end if close < 0 else close
            text = line[position:close]
            position = close
        fields.append(text)
        if position >= end:
            return fields
        position += 1


def _closing_quote(line: str, position: int) -> int | None:
    """Where the quoted field ends: at the first quote that is not doubled."""
    while True:
        position = line.find('"', position)
        if position < 0:
            return None
        if not line.startswith('"', position + 1):
            return position
        position += 2
