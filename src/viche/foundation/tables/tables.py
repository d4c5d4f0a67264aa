"""Opening a table: what it is, which of its sheets, how its text is written."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from viche.foundation.tables.records import Row, Source, Table
from viche.foundation.tables.refusals import bad_table
from viche.foundation.tables.sheets import kind_of, sheet_rows, surveys_of
from viche.foundation.tables.text import encoding_of, no_text, separator_of, text_rows

MAX_BYTES = 30_000_000
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(source: Source, *, sheet: str = "", most: int = MAX_BYTES) -> Table:
    """The table of a file, by its content, whatever its name says. sheet: the one chosen of several.

    Refused, at the field "file": file_empty, file_too_large, old_format, not_a_table, nul_byte, packed_too_tight,
    damaged, no_rows, unknown_sheet.
    """
    head, size = _measured(source, most)
    if size == 0:
        raise bad_table("file_empty", _("The file is empty: it has no bytes at all."))
    if size > most:
        raise bad_table("file_too_large", _("The file is larger than 30 MB: divide it."))
    if head.startswith(_OLD):
        raise bad_table(
            "old_format",
            _(
                "This is the old format of Excel (.xls) or a protected document: save it as .xlsx without a password."
            ),
        )
    if head.startswith(_ZIP):
        return _packed(source, sheet)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"%PDF", b"{\\rtf")):
        raise no_text()
    encoding = encoding_of(source)
    separator = separator_of(source, encoding)

    def reading() -> Iterator[Row]:
        return text_rows(source, encoding, separator)

    return Table("csv", (), "", encoding, separator, reading)


def _measured(source: Source, most: int) -> tuple[bytes, int]:
    """The first octets, and how many there are; no more than one above the most are counted."""
    with source.open() as handle:
        head = handle.read(512)
        size = len(head)
        while size <= most and (piece := handle.read(1 << 20)):
            size += len(piece)
    return head, size


def _packed(source: Source, sheet: str) -> Table:
    with source.open() as handle:
        content = handle.read()
    kind = kind_of(content)
    surveys = surveys_of(content, kind)
    # empty sheets are not offered, hidden ones are not read at all
    names = tuple(name for name, survey in surveys.items() if survey.rows)
    if not names:
        raise bad_table("no_rows", _("There is no row in the file."))
    if sheet and sheet not in names:
        raise bad_table("unknown_sheet", _("The file has no such sheet: choose one of those it has."))
    chosen = sheet or (names[0] if len(names) == 1 else "")

    def reading() -> Iterator[Row]:
        name = chosen or names[0]
        return sheet_rows(content, name, surveys[name])

    return Table(kind, names, chosen, "", "", reading)
