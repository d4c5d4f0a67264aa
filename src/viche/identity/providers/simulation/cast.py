"""The people of the demonstration: invented, with tax numbers computed from their dates of birth.

Their serials lie above 9900. A serial counts the people born on one day, and no day had so many in Ukraine,
so that the numbers are valid and yet, in all likelihood, nobody's.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from viche.identity.providers.tax_number import Sex, make_tax_number

DEFAULT_CAST = Path(__file__).parent / "cast.json"
# what one can have at all; a person of the cast may have fewer
METHODS = ("bank_id", "dig_sign", "mobile_id", "diia_id")
TEXTS = ("key", "family_name", "given_name", "patronymic", "region", "locality", "address", "role")


class CastError(ValueError):
    """The file of people cannot be used; the message names the entry and what is wrong."""


@dataclass(frozen=True)
class CastMember:
    """One person. role: for a seeder to grant offices by. body: KATOTTG code of the community they act in.

    tax_number: None for a person who refused one. methods: the ways this person can identify.
    """

    key: str
    family_name: str
    given_name: str
    patronymic: str
    birth_date: date
    sex: Sex
    tax_number: str | None = field(repr=False)
    region: str
    locality: str
    address: str
    hint: Mapping[str, str]
    role: str
    body: str
    methods: tuple[str, ...]

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.patronymic, self.family_name) if part)


def load_cast(path: Path = DEFAULT_CAST, *, today: Callable[[], date] = date.today) -> tuple[CastMember, ...]:
    """Read the people of a JSON file. Raises CastError.

    ``birth_date`` is an ISO date; ``age`` in its place is counted from 1 January of the year of ``today``, so
    that a person aged 15 stays so, under one tax number, for the whole year.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CastError(f"{path}: {error}") from None
    if not isinstance(entries, list) or not entries:
        raise CastError(f"{path}: expected a list of people")
    people = tuple(_member(entry, number, today) for number, entry in enumerate(entries, 1))
    for attribute in ("key", "tax_number"):
        values = [value for person in people if (value := getattr(person, attribute)) is not None]
        if len(values) != len(set(values)):
            raise CastError(f"{path}: two people have the same {attribute}")
    return people


def _member(entry: Any, number: int, today: Callable[[], date]) -> CastMember:
    place = f"person {number}"
    if not isinstance(entry, dict):
        raise CastError(f"{place}: expected an object")
    place = f"{place} ({entry.get('key', 'no key')})"
    for name in TEXTS:
        if not isinstance(entry.get(name), str):
            raise CastError(f"{place}: {name} must be a text")
    hint = entry.get("hint")
    if not isinstance(hint, dict) or not all(isinstance(hint.get(code), str) for code in ("uk", "en")):
        raise CastError(f"{place}: hint must hold uk and en")
    if entry.get("sex") not in {"female", "male"}:
        raise CastError(f"{place}: sex must be female or male")
    methods = tuple(entry.get("methods", METHODS))
    if not methods or not set(methods) <= set(METHODS):
        raise CastError(f"{place}: methods must be some of {', '.join(METHODS)}")
    birth_date = _birth_date(entry, place, today)
    try:
        tax_number = make_tax_number(birth_date, entry["sex"], entry.get("serial", 9900 + number)).number
    except (ValueError, TypeError) as error:
        raise CastError(f"{place}: {error}") from None
    return CastMember(
        **{name: entry[name] for name in TEXTS},
        birth_date=birth_date,
        sex=entry["sex"],
        tax_number=tax_number if entry.get("has_tax_number", True) else None,
        hint={"uk": hint["uk"], "en": hint["en"]},
        body=str(entry.get("body", "")),
        methods=methods,
    )


def _birth_date(entry: Mapping[str, Any], place: str, today: Callable[[], date]) -> date:
    age = entry.get("age")
    if isinstance(age, int) and "birth_date" not in entry:
        return date(today().year - age, 1, 1)
    try:
        return date.fromisoformat(entry.get("birth_date", ""))
    except (ValueError, TypeError):
        raise CastError(f"{place}: birth_date must be a date such as 1987-03-12, or give age") from None
