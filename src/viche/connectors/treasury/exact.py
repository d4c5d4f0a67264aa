"""Amounts in JSON as numbers with two digits, written and read without a float between."""

import json
import re
from decimal import Decimal
from typing import Any

from viche.foundation.money import machine_money

_MARK = "\u0001amount:"
_MARKED = re.compile(r'"\\u0001amount:(-?\d+\.\d\d)"')


def amount_of(kopiykas: int) -> str:
    """An amount to be put into a document for written()."""
    return f"{_MARK}{machine_money(kopiykas)}"


def written(document: Any) -> bytes:
    """JSON in which what amount_of has made stands as a number."""
    text = json.dumps(document, ensure_ascii=True, indent=1)
    return _MARKED.sub(r"\1", text).encode()


def parsed(content: bytes) -> Any:
    """JSON whose numbers keep every digit. Raises ValueError."""
    return json.loads(content, parse_float=Decimal)


def kopiykas_of(value: Any) -> int:
    """An amount of hryvnias read by parsed(). Raises ValueError for a fraction of a kopiyka, or what is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("no amount")
    try:
        found = Decimal(value) * 100
    except ArithmeticError:
        raise ValueError("no amount") from None
    if not found.is_finite() or found != found.to_integral_value() or abs(found) > 10**16:
        raise ValueError("no amount")
    return int(found)
