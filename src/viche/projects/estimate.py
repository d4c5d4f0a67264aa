"""The estimate of a project: its items, exact to the kopiyka, and the cost they come to with the reserve.

An item is {"name", "unit", "quantity", "price"}: quantity is a decimal of up to three places, kept as it was written
("12.5"; older items hold a whole number), price the kopiykas of one unit, None while it is not known. A line comes to
quantity × price, rounded half up to a whole kopiyka; lines are added as rounded, so that whoever adds up what is
shown gets the same sum.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from viche.foundation.numbers import grouped

Item = Mapping[str, Any]

MAX_ITEMS = 100
PLACES, THOUSANDTHS = 3, 1000
_QUANTITY = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,3})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
WHOLE = 10_000


def quantity_typed(text: str) -> str | None:
    """A quantity as it is kept: «12,50» → "12.5"; None where it is no number of up to three decimal places."""
    clean = _SPACES.sub("", text)
    if not _QUANTITY.fullmatch(clean):
        return None
    whole, _point, part = clean.replace(",", ".").partition(".")
    return f"{int(whole)}.{part.rstrip('0')}".rstrip(".")


def thousandths_of(item: Item) -> int:
    """The quantity of an item in thousandths; 0 where there is none yet."""
    text = str(item.get("quantity") or "0")
    if re.fullmatch(r"-[0-9]+", text):
        return int(text) * THOUSANDTHS
    kept = quantity_typed(text)
    if kept is None:
        return 0
    whole, _point, part = kept.partition(".")
    return int(whole) * THOUSANDTHS + int(part.ljust(PLACES, "0") or 0)


def line_sum(item: Item) -> int:
    """What a line comes to, kopiykas, rounded half up; 0 while it is not complete."""
    product = thousandths_of(item) * int(item.get("price") or 0)
    return (2 * product + THOUSANDTHS) // (2 * THOUSANDTHS)


def is_complete(item: Item) -> bool:
    """Whether the line has a name, a quantity and a price above zero."""
    return (
        bool(str(item.get("name") or "").strip())
        and thousandths_of(item) > 0
        and int(item.get("price") or 0) > 0
    )


def is_empty(item: Item) -> bool:
    """Whether nothing has been written into the line."""
    return not any(str(item.get(name) or "").strip() for name in ("name", "unit", "quantity", "price"))


def total_of(items: Iterable[Item]) -> int:
    """The sum of the lines, kopiykas, without the reserve."""
    return sum(line_sum(item) for item in items)


def cost_with_reserve(total: int, reserve_share: int) -> int:
    """The cost of which ``total`` is what remains when its reserve (hundredths of a percent of the cost, rounded up
    to a kopiyka) is taken off: the smallest there is, kopiykas.
    """
    return -(-total * WHOLE // (WHOLE - reserve_share)) if reserve_share < WHOLE else total


def quantity_text(quantity: Any) -> str:
    """A quantity as a person reads it: «1 200,5», "1,200.5" in English."""
    whole, _point, part = (quantity_typed(str(quantity)) or "0").partition(".")
    comma = "." if (get_language() or "uk").startswith("en") else ","
    return grouped(int(whole)) + (f"{comma}{part}" if part else "")


def estimate_lines(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The lines for a page: name, unit, quantity in words of the language, price and sum in kopiykas."""
    return [
        {
            "name": item.get("name", ""), "unit": item.get("unit", ""),
            "quantity": quantity_text(item.get("quantity", 0)), "price": int(item.get("price") or 0),
            "sum": line_sum(item),
        }
        for item in items
        if not is_empty(item)
    ]  # fmt: skip
