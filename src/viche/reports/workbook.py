"""Figures as a workbook: numbers are numbers, dates are dates, money is in whole units with two decimals.

A workbook keeps binary fractions; a sum in kopiykas of up to fifteen digits comes back from it to the last one. Nothing
is computed there: what is decided was decided on whole numbers before.
"""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from viche.foundation.clock import KYIV
from viche.reports.figure import DATE, HUNDREDTHS, MONEY, SHARE, Column, Figure, Value

FORMATS = {MONEY: "#,##0.00", SHARE: "0.00%", DATE: "dd.mm.yyyy", HUNDREDTHS: "0.00"}
WIDEST, LONGEST_SHEET = 60, 31
DIGITS = {MONEY: 2, SHARE: 4, HUNDREDTHS: 2}
"""Digits behind the point of what is kept as a whole number."""


def workbook_of(figures: Sequence[Figure], *, title: str) -> bytes:
    """One sheet a figure, and one that says how each is counted."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # the same figures make the same file
    book.set_properties({"title": title, "created": max(each.as_of for each in figures).replace(tzinfo=None)})
    styles = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    bold = book.add_format({"bold": True})
    _contents(book, figures, title, head, bold)
    for number, figure in enumerate(figures, start=1):
        _sheet(book, figure, number, styles, head)
    book.close()
    return out.getvalue()


def _contents(book: Any, figures: Sequence[Figure], title: str, head: Any, bold: Any) -> None:
    sheet = book.add_worksheet(_("Contents"))
    sheet.write_string(0, 0, title, bold)
    for place, words in enumerate(
        (_("Sheet"), _("Figure"), _("How it is counted"), _("Counted at"), "SHA-256")
    ):
        sheet.write_string(2, place, words, head)
    for number, figure in enumerate(figures, start=1):
        row = number + 2
        sheet.write_number(row, 0, number)
        sheet.write_string(row, 1, figure.title)
        sheet.write_string(row, 2, " ".join((figure.about, *figure.notes)))
        sheet.write_string(row, 3, figure.as_of.astimezone(KYIV).strftime("%d.%m.%Y %H:%M"))
        sheet.write_string(row, 4, figure.digest)
    for place, width in enumerate((8, 40, WIDEST, 18, 68)):
        sheet.set_column(place, place, width)


def _sheet(book: Any, figure: Figure, number: int, styles: dict[str, Any], head: Any) -> None:
    sheet = book.add_worksheet(_sheet_name(number, figure.title))
    sheet.write_string(0, 0, figure.heading, head)
    for place, column in enumerate(figure.columns, start=1):
        sheet.write_string(0, place, _head(column, figure), head)
    for line, row in enumerate(figure.rows, start=1):
        sheet.write_string(line, 0, figure.label(row))
        for place, (column, value) in enumerate(zip(figure.columns, row.values, strict=True), start=1):
            _write(sheet, line, place, column, value, figure, styles)
    longest = max((len(figure.label(row)) for row in figure.rows), default=0)
    sheet.set_column(0, 0, min(max(longest, len(figure.heading)) + 2, WIDEST))
    sheet.set_column(1, len(figure.columns), 18)
    sheet.freeze_panes(1, 1)


def _head(column: Column, figure: Figure) -> str:
    return f"{column.title}, {figure.currency}" if column.kind == MONEY else str(column.title)


def _write(
    sheet: Any, line: int, place: int, column: Column, value: Value, figure: Figure, styles: dict[str, Any]
) -> None:
    style = styles.get(column.kind)
    if value is None:
        return
    if isinstance(value, int):
        sheet.write_number(line, place, Decimal(value).scaleb(-DIGITS.get(column.kind, 0)), style)
    elif column.kind == DATE:
        sheet.write_datetime(line, place, date.fromisoformat(value), style)
    else:
        sheet.write_string(line, place, figure.text(column, value))


def _sheet_name(number: int, title: str) -> str:
    """A name that spreadsheets take: at most 31 signs, none of []:*?/\\."""
    clean = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)
    return f"{number} {clean}"[:LONGEST_SHEET].strip()
