"""The three demo bodies, the categories and the places inside each body."""

from __future__ import annotations

import functools
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Category:
    id: str
    name_uk: str
    name_en: str


CATEGORIES = (
    Category("parks", "Парки та благоустрій", "Parks and public space"),
    Category("streets", "Вулиці та транспорт", "Streets and transport"),
    Category("sport", "Спорт", "Sport"),
    Category("culture", "Культура", "Culture"),
    Category("education", "Освіта", "Education"),
    Category("health", "Здоров’я", "Health"),
    Category("safety", "Безпека", "Safety"),
    Category("ecology", "Довкілля та енергія", "Environment and energy"),
    Category("social", "Соціальна підтримка", "Social support"),
    Category("digital", "Цифрова громада", "Digital community"),
)


@dataclass(frozen=True)
class Body:
    """A community that runs a contest; `cheapest` and `dearest` bound a project's cost, in kopiykas."""

    key: str
    name: str
    genitive: str
    code: str
    kind: str
    emblem: str
    cheapest: int
    dearest: int
    districts: tuple[tuple[str, str], ...] = ()


BODIES = {
    body.key: body
    for body in (
        Body(
            "poltava",
            "Полтава",
            "Полтави",
            "UA53080370010073240",
            "c",
            "city",
            5_000_000,
            300_000_000,
            (
                ("UA53080370010339303", "Шевченківський"),
                ("UA53080370010183642", "Київський"),
                ("UA53080370010266780", "Подільський"),
            ),
        ),
        Body(
            "machukhy",
            "Мачухівська сільська територіальна громада",
            "Мачухівської сільської територіальної громади",
            "UA53080230000047239",
            "v",
            "hromada",
            2_000_000,
            10_000_000,
        ),
        Body(
            "poltava-oblast",
            "Полтавська область",
            "Полтавської області",
            "UA53000000000028050",
            "r",
            "region",
            30_000_000,
            500_000_000,
        ),
    )
}


@dataclass(frozen=True)
class Place:
    """A spot with the grammar to speak of it: nominative, genitive and 'where'."""

    kinds: tuple[str, ...]
    label: str
    of: str
    at: str
    code: str
    lat: float
    lon: float

    def spot(self, rng: random.Random) -> tuple[float, float]:
        """Latitude and longitude of a point within some 600 m of the middle of the place's quarter."""
        return (
            round(self.lat + rng.uniform(-0.0055, 0.0055), 6),
            round(self.lon + rng.uniform(-0.0085, 0.0085), 6),
        )


# institutions that a quarter of the city lists by number only
_NUMBERED = {
    "school": ("ліцей", "ліцею"),
    "kindergarten": ("дитячий садок", "дитячого садка"),
    "library": ("бібліотека-філія", "бібліотеки-філії"),
    "medical": ("амбулаторія", "амбулаторії"),
}


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@functools.cache
def places(body: str) -> tuple[Place, ...]:
    return tuple(
        replace(place, label=spoken(place.label), of=spoken(place.of), at=spoken(place.at))
        for area in load(f"places/{body}.toml")["area"]
        for place in _area_places(body, area)
    )


def _area_places(body: str, area: dict[str, Any]) -> Iterator[Place]:
    where = (area["code"], area["lat"], area["lon"])
    in_city = body == "poltava"
    tail_label = "" if in_city else f", {area['name']}"
    tail = "" if in_city else f" {area['loc']}"
    for n, street in enumerate(area["streets"]):
        kind, forms = ("вул. ", "вулиці", "вулиці"), street.split("|")
        if street.endswith("*"):
            # a highway is neuter and declines by itself
            root = street[:-1].split()[0][:-1]
            label, of, at = street[:-1], f"{root}ого шосе", f"на {root}ому шосе"
        else:
            name, gen, loc = forms if len(forms) == 3 else (street, street, street)
            label, of, at = f"{kind[0]}{name}", f"{kind[1]} {gen}", f"на {kind[2]} {loc}"
        yield Place(("street",), label + tail_label, of + tail, at + tail, *where)
        for house in _houses(street, n) if in_city or body == "poltava-oblast" else ():
            yield Place(
                ("yard",),
                f"{label}, {house}{tail_label}",
                f"двору на {at.removeprefix('на ')}, {house}{tail}",
                f"у дворі {at}, {house}{',' if tail else ''}{tail}",
                *where,
            )
        if body == "machukhy":
            yield Place(
                ("yard",), f"куток біля {of}{tail_label}", f"кутка {at}{tail}", f"у кінці {of}{tail}", *where
            )
    for kind_name, (nominative, genitive) in _NUMBERED.items():
        for number in area.get(kind_name, ()):
            label, of = f"{nominative} № {number}", f"{genitive} № {number}"
            yield Place((kind_name,), label, of, f"біля {of}", *where)
    for spot in area["spots"]:
        kinds, label, of, at = (part.strip().format_map(area) for part in spot.split("|"))
        yield Place(tuple(kinds.split(",")), label, of, at, *where)


def _houses(street: str, n: int) -> tuple[int, int]:
    """Two believable house numbers, always the same for a street."""
    base = sum(map(ord, street)) % 47
    return 4 + base + n, 31 + base * 2 + n


_VOWELS = "аеєиіїоуюя"
# clusters after which `в` cannot be said
_HEAVY = ("в", "ф", "дв", "тв", "св", "хв", "льв", "вл")


def spoken(text: str) -> str:
    """`у` and `в` alternate by the sounds around them, as Ukrainian spelling (2019, §23) asks."""

    def turn(found: re.Match[str]) -> str:
        before, after = found[1].lower(), found[3].lower()
        is_soft = after[0] in "аеиіоу" or (before in _VOWELS and not after.startswith(_HEAVY))
        return f"{found[1]} {'в' if is_soft else 'у'} {found[3]}"

    return re.sub(r"(\w) ([ув]) (\w+)", turn, text)


def said_of(template: str, words: dict[str, str]) -> str:
    """The template with its words put in; a word that opens with `у` fits the sound before it."""
    return re.sub(
        r"(\w )?\{(\w+)\}",
        lambda found: spoken((found[1] or "") + words[found[2]]),
        template,
    )
