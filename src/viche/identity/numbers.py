"""Reading a person's number as it is typed: what it is, and its keyed token. Nothing else of it is kept."""

from dataclasses import dataclass
from datetime import date

from viche.foundation import keys
from viche.identity.providers import TaxNumberError, parse_tax_number
from viche.identity.providers.passport import passport_number

PASSPORT = "passport"


@dataclass(frozen=True)
class ReadNumber:
    """What a number is: its kind, its keyed token, and the day of birth where it tells it."""

    kind: str
    token: bytes
    birth_date: date | None


def read_passport(text: str) -> ReadNumber:
    """Read the number of a passport. Raises ValueError."""
    return ReadNumber(PASSPORT, keys.person_token(PASSPORT, passport_number(text)), None)


def read_number(text: str, *, today: date) -> ReadNumber:
    """Read a tax number, or the number of a passport of whoever has refused one. Raises TaxNumberError."""
    try:
        number = parse_tax_number(text, today=today)
    except TaxNumberError as error:
        if error.reason != PASSPORT:
            raise
        try:
            return read_passport(text)
        except ValueError:
            raise error from None
    return ReadNumber("tax", keys.person_token("tax", number.number), number.birth_date)
