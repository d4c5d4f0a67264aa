"""Rows of a statement, from a file or from the treasury, read to payments: every fault at its row and column."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from viche.foundation.tables import Row, plain

FIELDS: dict[str, Any] = {
    "reference": _("Number of the payment"),
    "paid_on": _("Date"),
    "amount": _("Amount"),
    "payer_code": _("ЄДРПОУ of the payer"),
    "recipient_code": _("ЄДРПОУ of the recipient"),
    "recipient": _("Recipient"),
    "purpose": _("Purpose"),
    "contract_number": _("Number of the contract"),
}
NEEDED = ("reference", "paid_on", "amount")
# headings as extracts of the treasury and spending.gov.ua write them
HEADINGS = {
    "reference": ("id", "trans_id", "номер платежу", "ідентифікатор", "номер документа", "№ документа", "doc_number"),
    "paid_on": ("trans_date", "дата", "дата платежу", "дата транзакції", "дата проведення", "doc_date"),
    "amount": ("amount", "сума", "сума платежу", "сума, грн", "сума грн"),
    "payer_code": ("payer_edrpou", "єдрпоу платника", "код платника"),
    "recipient_code": ("recipt_edrpou", "єдрпоу отримувача", "єдрпоу одержувача", "код отримувача", "код одержувача"),
    "recipient": ("recipt_name", "отримувач", "одержувач", "назва отримувача", "назва одержувача"),
    "purpose": ("payment_details", "призначення", "призначення платежу"),
    "contract_number": ("doc_add_attr", "договір", "номер договору", "№ договору", "contractnumber"),
}  # fmt: skip
FAULTS = {
    "no_reference": _("The payment has no number: it cannot be told from another."),
    "bad_day": _("This is no date. Write it as 31.12.2026 or 2026-12-31."),
    "far_day": _("This date is yet to come, or long ago."),
    "bad_amount": _("This is no amount. Write it as 1234.56; a payment taken back has a minus before it."),
    "no_amount": _("The amount is zero."),
    "twice": _("This payment stands in the file twice, and not the same."),
    "differs": _("This payment is recorded already with another date or amount."),
    "too_long": _("This is too long."),
}
LONGEST = {"reference": 100, "recipient": 300, "purpose": 1000, "contract_number": 100}
EARLIEST = date(2015, 1, 1)
MOST_AMOUNT = 10**14


@dataclass(frozen=True)
class Read:
    """One row that is a payment. amount in kopiykas, negative where it was taken back."""

    row: int
    reference: str
    paid_on: date
    amount: int
    payer_code: str = ""
    recipient_code: str = ""
    recipient: str = ""
    purpose: str = ""
    contract_number: str = ""

    def is_same(self, paid_on: date, amount: int) -> bool:
        return (self.paid_on, self.amount) == (paid_on, amount)


class RowFault(ValueError):
    """A row that is no payment. field: one of FIELDS; code: one of FAULTS."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field, self.code = field, code


def columns_of(heading: Row) -> dict[str, int]:
    """Which column holds what, by the words of the first row; fields that are not found are left out."""
    names = [plain(cell).casefold() for cell in heading.cells]
    found: dict[str, int] = {}
    for field, words in HEADINGS.items():
        place = next((names.index(word) for word in words if word in names), None)
        if place is not None and place not in found.values():
            found[field] = place
    return found


def rows_of(rows: Iterable[Row], columns: Mapping[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    """(row, texts by field) of every row."""
    for row in rows:
        yield row.number, {field: row.cell(place) for field, place in columns.items()}


def payment_of(row: int, said: Mapping[str, Any], today: date) -> Read:
    """The payment of one row. Raises RowFault."""
    texts = {field: plain(_shown(said.get(field))) for field in FIELDS}
    if not texts["reference"]:
        raise RowFault("reference", "no_reference")
    for field, longest in LONGEST.items():
        if len(texts[field]) > longest:
            if field in {"reference", "contract_number"}:
                raise RowFault(field, "too_long")
            texts[field] = texts[field][:longest]
    return Read(
        row=row, reference=texts["reference"], paid_on=_day(texts["paid_on"], today),
        amount=_amount(texts["amount"]), payer_code=_code(texts["payer_code"]),
        recipient_code=_code(texts["recipient_code"]), recipient=texts["recipient"], purpose=texts["purpose"],
        contract_number=texts["contract_number"],
    )  # fmt: skip


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _day(text: str, today: date) -> date:
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s.*)?", text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text[:10])
    except ValueError:
        raise RowFault("paid_on", "bad_day") from None
    if not EARLIEST <= day <= today:
        raise RowFault("paid_on", "far_day")
    return day


def _amount(text: str) -> int:
    """Kopiykas, exactly: a third digit after the point is a fault, not something to round."""
    bare = re.sub(r"[\s\u00a0\u202f]|грн\.?|₴", "", text).replace("\u2212", "-").replace("–", "-")
    if "," in bare and "." not in bare:
        bare = bare.replace(",", ".") if bare.count(",") == 1 else bare
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+\.\d+", bare):
        bare = bare.replace(",", "")
    if not re.fullmatch(r"-?\d{1,14}(\.\d+)?", bare):
        raise RowFault("amount", "bad_amount")
    try:
        kopiykas = Decimal(bare) * 100
    except InvalidOperation:
        raise RowFault("amount", "bad_amount") from None
    if kopiykas != kopiykas.to_integral_value() or abs(kopiykas) > MOST_AMOUNT:
        raise RowFault("amount", "bad_amount")
    if not kopiykas:
        raise RowFault("amount", "no_amount")
    return int(kopiykas)


def _code(text: str) -> str:
    """A ЄДРПОУ of eight digits; a shorter one has lost its zeros. The ten digits of a person are not kept."""
    digits = text.removesuffix(".0")
    return digits.zfill(8) if digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 8 else ""
