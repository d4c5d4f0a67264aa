"""The taxpayer's number of Ukraine (РНОКПП): reading, checking, and what it says of its holder.

Ten digits: five of the day of birth, four of a serial number whose last digit tells the sex, one check digit.
Source: the procedure of the State Register of Individual Taxpayers (Ministry of Finance order 822 of
29.09.2017) gives the number its ten digits; the inner layout is the one published with the former
identification number and still in force for every number issued.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Sex = Literal["female", "male"]

# day 1 of the count is 1 January 1900
DAY_ZERO = date(1899, 12, 31)
WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
SERIALS = 10_000

# what banks and certificates write where they have no number
ABSENT = frozenset({"", "n/a", "na", "н/д", "-", "—", "–", "none", "null", "0", "0000000000"})

_SPACES = re.compile(r"[\s\u00a0\u200b\u202f\ufeff]+")
# certificates under ETSI EN 319 412-1 write the number with its kind and country before it
_PREFIX = re.compile(r"^TINUA-", re.IGNORECASE)
_PASSPORT = re.compile(r"^(?:[А-ЯІЇЄҐA-Z]{2}\d{6}|\d{9})$", re.IGNORECASE)


class TaxNumberError(ValueError):
    """The text is not a tax number. ``reason`` says why; the message never repeats the text.

    Reasons: absent (nothing given, "n/a"), passport (a passport's number in its place), organisation (eight
    digits: the code of a legal entity), letters, length, check_digit, date (before 1900 or after today).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a tax number: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class TaxNumber:
    """A checked number. Its repr and str show no digit, so that no log line can carry one by accident."""

    number: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)

    def __str__(self) -> str:
        return "TaxNumber(…)"


def check_digit(nine: str) -> int:
    """The tenth digit for the first nine: their weighted sum modulo 11, modulo 10."""
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True)) % 11 % 10


def parse_tax_number(text: str | None, *, today: date | None = None) -> TaxNumber:
    """Read a tax number as providers and people write it.

    ``today``, where given, refuses a day of birth in the future. Raises TaxNumberError with the reason.
    """
    digits = _PREFIX.sub("", _SPACES.sub("", text or ""))
    if digits.lower() in ABSENT:
        raise TaxNumberError("absent")
    if _PASSPORT.fullmatch(digits):
        raise TaxNumberError("passport")
    # isdigit() alone also accepts digits of other scripts and superscripts
    if not (digits.isascii() and digits.isdigit()):
        raise TaxNumberError("letters")
    if len(digits) == 8:
        raise TaxNumberError("organisation")
    if len(digits) != 10:
        raise TaxNumberError("length")
    if check_digit(digits[:9]) != int(digits[9]):
        raise TaxNumberError("check_digit")
    days = int(digits[:5])
    birth_date = DAY_ZERO + timedelta(days=days)
    if days == 0 or (today is not None and birth_date > today):
        raise TaxNumberError("date")
    return TaxNumber(digits, birth_date, "male" if int(digits[8]) % 2 else "female")


def make_tax_number(birth_date: date, sex: Sex, serial: int) -> TaxNumber:
    """The number for a day of birth, sex and serial (0 to 9999), with its check digit.

    The last digit of the serial carries the sex: where its parity disagrees, the neighbouring serial of the
    same pair is taken. For demonstrations and tests. Raises ValueError outside the ranges.
    """
    days = (birth_date - DAY_ZERO).days
    if not 1 <= days <= 99_999:
        raise ValueError("the day of birth must lie between 1900-01-01 and 2173-10-14")
    if not 0 <= serial < SERIALS:
        raise ValueError("the serial must lie between 0 and 9999")
    if (serial % 2 == 1) != (sex == "male"):
        serial ^= 1
    nine = f"{days:05d}{serial:04d}"
    return parse_tax_number(f"{nine}{check_digit(nine)}")
