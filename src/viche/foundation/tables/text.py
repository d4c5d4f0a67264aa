"""Tables of plain text: which encoding, which separator, then row by row."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from viche.foundation.refused import Refused
from viche.foundation.tables.records import Row, Source
from viche.foundation.tables.refusals import bad_table

PIECE = 1 << 20
MAX_LINE = 100_000
MAX_CELLS = 2_000
SEPARATORS = ";\t,|"
_SAMPLE_LINES = 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# a control sign but tabulator and line ends: no text of an office program has it
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})


def encoding_of(source: Source) -> str:
    """The encoding, by a mark at the beginning or by what the bytes can be: UTF-8, UTF-16, else Windows-1251.

    Reads the file once, in pieces. Refused: not_a_table (no text), nul_byte.
    """
    with source.open() as handle:
        head = handle.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _checked(source, name)
    if name := _unmarked_utf16(head):
        return _checked(source, name)
    is_utf8, decoder = True, codecs.getincrementaldecoder("utf-8")()
    with source.open() as handle:
        while piece := handle.read(PIECE):
            if b"\0" in piece:
                raise bad_table(
                    "nul_byte", _("The file has zero bytes in its text: it is damaged, or no table.")
                )
            if len(piece.translate(None, _CONTROL)) != len(piece):
                raise no_text()
            is_utf8 = is_utf8 and _decodes(decoder, piece)
        is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    return "utf-8" if is_utf8 else _checked(source, "cp1251")


def no_text() -> Refused:
    """What is said of a file that is no table at all."""
    return bad_table("not_a_table", _("This is neither a CSV nor an XLSX nor an ODS table."))


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _checked(source: Source, name: str) -> str:
    """The encoding, once the whole file is known to be text in it."""
    decoder = codecs.getincrementaldecoder(name)()
    with source.open() as handle:
        while piece := handle.read(PIECE):
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError:
                raise no_text() from None
            if "\0" in text:
                raise bad_table(
                    "nul_byte", _("The file has zero bytes in its text: it is damaged, or no table.")
                )
        if not _decodes(decoder, b"", final=True):
            raise no_text()
    return name


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark: the upper octet of Latin and Ukrainian letters is 0 or 4."""
    half = len(head) >> 1
    if half < 2 or b"\0" not in head:
        return ""
    even, odd = (sum(head[start : half * 2 : 2].count(octet) for octet in (0, 4)) for start in (0, 1))
    if odd * 10 > half * 9 and even * 10 < half:
        return "utf-16-le"
    return "utf-16-be" if even * 10 > half * 9 and odd * 10 < half else ""


def separator_of(source: Source, encoding: str) -> str:
    """What stands between the cells: as the first line says (sep=;), else what divides the first lines most alike."""
    with source.open() as handle:
        lines = []
        for line in _lines(handle, encoding):
            lines.append(line)
            if len(lines) == _SAMPLE_LINES:
                break
    if lines and (told := _told(lines[0])):
        return told
    return max(SEPARATORS, key=lambda mark: _likeness([_outside_quotes(line).count(mark) for line in lines]))


def _told(line: str) -> str:
    text = line.strip().strip('"').lower()
    return text[4] if text.startswith("sep=") and len(text) == 5 and text[4] in SEPARATORS else ""


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _likeness(counts: list[int]) -> tuple[int, int]:
    """How many lines have as many of the sign as most have, then how many those are; nothing where it never stands."""
    found = [each for each in counts if each]
    if not found:
        return (0, 0)
    usual = max(set(found), key=found.count)
    return (found.count(usual), usual)


def text_rows(source: Source, encoding: str, separator: str) -> Iterator[Row]:
    """Every row that is not empty. Refused: line_too_long, too_many_columns, bad_quotes, with the row."""
    number = 0
    with source.open() as handle:
        reader = csv.reader(_lines(handle, encoding), delimiter=separator)
        try:
            for number, cells in enumerate(reader, start=1):
                if len(cells) > MAX_CELLS:
                    raise bad_table(
                        "too_many_columns", _("Row %(row)d has more than 2,000 columns.") % {"row": number}
                    )
                if number == 1 and len(cells) <= 2 and _told(separator.join(cells)):
                    continue
                found = tuple(cell.strip() for cell in cells)
                if any(found):
                    yield Row(number, found)
        except csv.Error:
            raise bad_table(
                "bad_quotes",
                _("After row %(row)d a quotation mark is opened that nothing closes.") % {"row": number},
            ) from None


def _lines(handle: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines with their ends. Refused: line_too_long, not_a_table."""
    text = io.TextIOWrapper(handle, encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise bad_table(
                    "line_too_long",
                    _("Line %(line)d is longer than 100,000 signs: this is no table.") % {"line": number},
                )
            yield line
    except UnicodeDecodeError:
        raise no_text() from None
