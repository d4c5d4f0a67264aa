"""CSV by RFC 4180: UTF-8, commas, CRLF, quotes where they are needed; the same rows are always the same bytes."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from viche.connectors.open_data.columns import MONEY, Column, Table
from viche.connectors.open_data.rows import Row
from viche.foundation.money import machine_money

PIECE = 64 * 1024


def csv_pieces(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """The file in pieces of about 64 KB."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.names)
    for row in rows:
        writer.writerow([cell_text(column, row.get(column.name)) for column in table.columns])
        if out.tell() >= PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def cell_text(column: Column, value: Any) -> str:
    """One value as text; empty for what is not known."""
    if value is None:
        return ""
    if column.kind == MONEY:
        return machine_money(value)
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(str(value)) if column.is_free else str(value)


def safe_text(text: str) -> str:
    """No words of a person become a formula in the program that opens the file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
