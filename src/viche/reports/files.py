"""Figures as files: CSV and JSON. The numbers are those of the page, to the last digit."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from rulebook.canonical import canonical
from viche.reports.figure import MONEY, SHARE, TEXT, WORD, Column, Figure, Value, plain_value

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROLS = ("\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, at the very beginning or after blanks."""


def csv_of(figure: Figure) -> str:
    """One figure: keys and words of the rows, then the values; money in whole units with two decimals (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["key", _safe(figure.heading), *(_safe(_head(figure, place)) for place in range(len(figure.columns)))]
    )
    for row in figure.rows:
        values = [
            _cell(figure, column, value) for column, value in zip(figure.columns, row.values, strict=True)
        ]
        writer.writerow([_safe(row.key), _safe(figure.label(row)), *values])
    return out.getvalue()


def _cell(figure: Figure, column: Column, value: Value) -> str:
    if column.kind in (TEXT, WORD) and value is not None:
        return _safe(figure.text(column, value))
    return plain_value(column.kind, value)


def _head(figure: Figure, place: int) -> str:
    column = figure.columns[place]
    unit = {MONEY: f" ({figure.currency})", SHARE: " (%)"}.get(column.kind, "")
    return f"{column.title}{unit}"


def _safe(text: str) -> str:
    """No spreadsheet takes a title for a formula."""
    is_formula = text[:1] in CONTROLS or text.lstrip()[:1] in FORMULA
    return f"'{text}" if is_formula else text


def json_of(figures: Sequence[Figure], **facts: Any) -> bytes:
    """Figures for programs: raw values, each with its words and the digest of what was counted."""
    return canonical({**facts, "figures": [figure.document() for figure in figures]})
