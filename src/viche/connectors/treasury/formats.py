"""The plan of the winners as CSV, XLSX and JSON."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from viche.connectors.treasury.exact import amount_of, written
from viche.connectors.treasury.plans import plan_document
from viche.contests.models import Contest
from viche.foundation.money import machine_money

COLUMNS = (
    "code",
    "number",
    "title",
    "programme",
    "economic",
    "fund",
    "executorCode",
    "executor",
    "plan",
    "paid",
)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}


def plan_file(contest: Contest, kind: str) -> bytes:
    """The file. Amounts are hryvnias with two digits. KeyError for a kind not in TYPES."""
    return {"csv": _csv, "xlsx": _xlsx, "json": _json}[kind](contest)


def headings() -> dict[str, str]:
    return {
        "code": _("Code"), "number": _("No."), "title": _("Project"), "programme": _("КПКВК"), "economic": _("КЕКВ"),
        "fund": _("Fund"), "executorCode": _("ЄДРПОУ of the executor"), "executor": _("Executor"),
        "plan": _("Plan, UAH"), "paid": _("Paid, UAH"),
    }  # fmt: skip


def _rows(contest: Contest) -> Iterator[dict[str, Any]]:
    for row in plan_document(contest)["winners"]:
        yield row | {"fund": {"general": _("general"), "special": _("special")}.get(row["fund"], "")}


def _csv(contest: Contest) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(headings().values())
    for row in _rows(contest):
        cells = [
            machine_money(row[name]) if name in {"plan", "paid"} else _inert(row[name]) for name in COLUMNS
        ]
        table.writerow(cells)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(contest: Contest) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Winners")[:31])
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    for place, text in enumerate(headings().values()):
        sheet.write_string(0, place, text, bold)
    for number, row in enumerate(_rows(contest), start=1):
        for place, name in enumerate(COLUMNS):
            if name in {"plan", "paid"}:
                # a decimal is written out with its digits, no float between
                sheet.write_number(number, place, Decimal(machine_money(row[name])), money)
            else:
                sheet.write_string(number, place, str(row[name]))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 16)
    sheet.set_column(2, 2, 50)
    sheet.set_column(7, 7, 30)
    sheet.set_column(8, 9, 16)
    book.close()
    return out.getvalue()


def _json(contest: Contest) -> bytes:
    document = plan_document(contest)
    rows = [
        {**row, "plan": amount_of(row["plan"]), "paid": amount_of(row["paid"])} for row in document["winners"]
    ]
    return written({**document, "winners": rows})


def _inert(value: Any) -> str:
    """A cell that no office program takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
