"""XLSX: tables on sheets with real dates and numbers, and the data dictionary on a sheet of its own."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from viche.connectors.open_data.columns import DATE, INTEGER, MONEY, Column, Table
from viche.connectors.open_data.rows import Row

LONGEST_CELL = 32_767
WIDE, NARROW = 40, 16


def write_xlsx(
    path: Path, sheets: Iterable[tuple[Table, Iterable[Row]]], *, title: str, made_at: datetime
) -> None:
    """Write the workbook. made_at: the moment of the data, so that equal data are equal bytes."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title, "created": made_at.replace(tzinfo=None, microsecond=0)})
        look = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            DATE: book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            MONEY: book.add_format({"num_format": "#,##0.00", "valign": "top"}),
            INTEGER: book.add_format({"num_format": "0", "valign": "top"}),
            "text": book.add_format({"valign": "top"}),
        }
        tables = []
        for table, rows in sheets:
            _write_table(book.add_worksheet(table.name), table, rows, look)
            tables.append(table)
        _write_dictionary(book.add_worksheet("dictionary"), tables, look)


def _write_table(sheet: Any, table: Table, rows: Iterable[Row], look: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDE if column.is_free else NARROW)
        sheet.write_string(0, place, column.name, look["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, column in enumerate(table.columns):
            _write_cell(sheet, last, place, column, row.get(column.name), look)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, place: int, column: Column, value: Any, look: dict[str, Any]) -> None:
    if value is None:
        return
    if column.kind == MONEY:
        sheet.write_number(row, place, Decimal(value).scaleb(-2), look[MONEY])
    elif column.kind == INTEGER:
        sheet.write_number(row, place, value, look[INTEGER])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, look[DATE])
    else:
        # text is written as text: nothing in it is ever a formula
        sheet.write_string(row, place, str(value)[:LONGEST_CELL], look["text"])


def _write_dictionary(sheet: Any, tables: Iterable[Table], look: dict[str, Any]) -> None:
    heads = ("table", "column", "type", "required", "назва", "title", "пояснення", "description")
    sheet.freeze_panes(1, 2)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, WIDE if place > 3 else NARROW)
        sheet.write_string(0, place, head, look["head"])
    row = 0
    for table in tables:
        for column in table.columns:
            row += 1
            cells = (
                table.name, column.name, column.kind, "so" if column.is_required else "", column.titles["uk"],
                column.titles["en"], said(column, "uk"), said(column, "en"),
            )  # fmt: skip
            for place, text in enumerate(cells):
                sheet.write_string(row, place, "yes" if text == "so" else text, look["text"])


def said(column: Column, language: str) -> str:
    """What the column means, and why it may be empty."""
    return " ".join(filter(None, (column.says[language], (column.waits or {}).get(language, ""))))
