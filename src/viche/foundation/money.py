"""Money as a person reads it. Amounts are integer minor units (kopiykas), to the last digit."""

from django.utils.translation import get_language, pgettext

from viche.foundation.numbers import grouped

SYMBOLS = {
    "UAH": "₴",
    "EUR": "€",
    "USD": "$",
    "PLN": "zł",
    "GBP": "£",
    "CZK": "Kč",
    "CHF": "CHF",
    "NOK": "kr",
}
NBSP = "\u00a0"


def money_text(amount: int, currency: str = "UAH", *, short: bool = False) -> str:
    """``amount`` minor units in words of the active language: «1 250 000 ₴», «₴1,250,000».

    Minor units are shown only where there are any. short: rounded half up to one tenth of a thousand, a
    million or a billion, «1,3 млн ₴»; amounts under ten thousand are written out in full.
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"money is an integer number of minor units, not {amount!r}")
    figure = _short(abs(amount)) if short else _full(abs(amount))
    symbol = SYMBOLS.get(currency, currency)
    minus = "\u2212" if amount < 0 else ""
    if (get_language() or "uk").startswith("en"):
        return f"{minus}{symbol}{'' if len(symbol) == 1 else NBSP}{figure}"
    return f"{minus}{figure}{NBSP}{symbol}"


def machine_money(amount: int) -> str:
    """``amount`` minor units as a plain decimal for machines: 123456 is "1234.56"."""
    whole, minor = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{minor:02d}"


def _comma() -> str:
    return "." if (get_language() or "uk").startswith("en") else ","


def _full(amount: int) -> str:
    whole, minor = divmod(amount, 100)
    return grouped(whole) + (f"{_comma()}{minor:02d}" if minor else "")


def _short(amount: int) -> str:
    scales = (
        (1_000, pgettext("short amount of money", "k")),
        (1_000_000, pgettext("short amount of money", "m")),
        (1_000_000_000, pgettext("short amount of money", "bn")),
    )
    if amount < 1_000_000:
        return _full(amount)
    for place, (scale, word) in enumerate(scales):
        tenths = (amount * 10 + scale * 50) // (scale * 100)
        if tenths < 10_000 or place == len(scales) - 1:
            units, tenth = divmod(tenths, 10)
            gap = "" if (get_language() or "uk").startswith("en") else NBSP
            return f"{grouped(units)}{f'{_comma()}{tenth}' if tenth else ''}{gap}{word}"
    raise AssertionError("the last scale takes every amount")
