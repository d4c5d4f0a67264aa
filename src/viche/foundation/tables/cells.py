"""Reading one cell: what people and their office programs make of a number."""

import re

MAX_DIGITS = 18
_SPACES = re.compile(r"[\s\u00a0\u200b\u202f\u2060\ufeff]+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eEеЕ][+-]?\d+")
_FLOAT = re.compile(r"([+-]?\d+)[.,]0+")
_SIGN = re.compile(r"^(?:№|#|N[oº°]?\.?)", re.IGNORECASE)


class CellFault(ValueError):
    """A cell that is not what its column holds. code: see wording.FAULTS; the message never repeats the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """The text without spaces at its ends, its inner spaces single; none of the signs that nobody sees."""
    return _SPACES.sub(" ", text).strip()


def digits_of(text: str) -> str:
    """The text of a number without spaces, and without the ".0" that a program has added. Raises CellFault."""
    bare = _SPACES.sub("", text).lstrip("'’")
    if _SCIENTIFIC.fullmatch(bare):
        raise CellFault("scientific")
    whole = _FLOAT.fullmatch(bare)
    return whole[1] if whole else bare


def whole_number(text: str, *, most: int = 10_000_000) -> int:
    """A whole number from 0, as "12", "12.0", "№ 12", "1 250".

    Raises CellFault: empty, scientific, fraction, not_a_number, too_large.
    """
    bare = _SIGN.sub("", digits_of(text))
    if not bare:
        raise CellFault("empty")
    if not (bare.isascii() and bare.isdigit()):
        raise CellFault("fraction" if re.fullmatch(r"\d+[.,]\d+", bare) else "not_a_number")
    if len(bare) > MAX_DIGITS or int(bare) > most:
        raise CellFault("too_large")
    return int(bare)
