"""Composing projects: an archetype, a place, a voice and an estimate that adds up."""

from __future__ import annotations

import functools
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from viche.demo.material.bodies import BODIES, CATEGORIES, Body, Place, load, places, said_of

# how many people like a project, as shares of a hundred projects: few favourites and a long tail
_POPULARITY = (*[2] * 12, *[4] * 18, *[7] * 20, *[11] * 18, *[17] * 13, *[26] * 9, *[38] * 6, *[60] * 3, 95)

# pictures of one scene differ by this seed; few, so that each is drawn once and shared
_PICTURES_PER_SCENE = 4


@dataclass(frozen=True)
class Item:
    """A line of the estimate; `price` of one is in kopiykas."""

    name: str
    quantity: int
    price: int


@dataclass(frozen=True)
class DemoProject:
    """An invented project; `cost` is the exact sum of its items, in kopiykas.

    `popularity` is a weight of the voter model, 2 to 95. `scene` and `picture_seed` name the picture.
    """

    title: str
    summary: str
    text: str
    category: str
    archetype: str
    cost: int
    items: tuple[Item, ...]
    territory_code: str
    place: str
    lat: float
    lon: float
    author_name: str
    scene: str
    picture_seed: int
    popularity: int


@functools.cache
def _archetypes() -> tuple[dict[str, Any], ...]:
    return tuple(
        {**archetype, "category": category.id}
        for category in CATEGORIES
        for archetype in load(f"archetypes/{category.id}.toml")["archetype"]
    )


@functools.cache
def _voice() -> dict[str, Any]:
    return load("voice.toml")


refusal_reasons: tuple[str, ...] = tuple(_voice()["refusals"])


def demo_projects(body: str, *, year: int, count: int, seed: int) -> list[DemoProject]:
    """`count` projects of a body (a key of BODIES) in a year, no two with one title.

    The same arguments give the same projects. Raises KeyError for an unknown body, and ValueError where
    the archetypes cannot give as many different titles.
    """
    owner = BODIES[body]
    rng = random.Random(f"{body}/{year}/{seed}")
    spots: dict[str, list[Place]] = {}
    for place in places(body):
        for kind in place.kinds:
            spots.setdefault(kind, []).append(place)
    kinds_of = {
        archetype["id"]: [place for kind in archetype["kinds"] for place in spots.get(kind, ())]
        for archetype in _archetypes()
        if owner.kind in archetype["for"]
    }
    pool = [archetype for archetype in _archetypes() if kinds_of.get(archetype["id"])]
    titles: set[str] = set()
    used: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    projects: list[DemoProject] = []
    while len(projects) < count:
        before = len(projects)
        rng.shuffle(pool)
        for archetype in pool:
            if len(projects) == count:
                break
            turn = used[archetype["id"]]
            composed = _compose(owner, archetype, kinds_of[archetype["id"]], turn, titles, taken, rng)
            if composed:
                used[archetype["id"]] += 1
                titles.add(composed.title)
                projects.append(composed)
        if len(projects) == before:
            raise ValueError(f"{body}: only {before} different projects, {count} asked")
    return projects


def _compose(
    owner: Body,
    archetype: dict[str, Any],
    spots: list[Place],
    turn: int,
    titles: set[str],
    taken: Counter[str],
    rng: random.Random,
) -> DemoProject | None:
    """One project of an archetype at the place least written about, or None where all titles are taken."""
    voice = _voice()
    order = sorted(rng.sample(spots, len(spots)), key=lambda place: (taken[place.label], taken[place.code]))
    for place in order[:40]:
        words = {
            "label": place.label,
            "of": place.of,
            "at": place.at,
            "nick": rng.choice(voice["nicks"]),
            "heritage": rng.choice(voice["heritage"]),
        }

        def say(key: str, shift: int = 0, words: dict[str, str] = words) -> str:
            variants = archetype.get(f"village_{key}") if owner.kind == "v" else None
            variants = variants or archetype[key]
            said = said_of(variants[(turn + shift) % len(variants)], words)
            return said[0].upper() + said[1:]

        title = say("titles")
        if title in titles:
            continue
        items = _estimate(owner, archetype, rng)
        cost = sum(item.quantity * item.price for item in items)
        opening = rng.choice(voice["openings"])
        text = [
            f"{say('problems', turn // 2)} {opening}".strip(),
            say("works", turn // 3),
            say("benefits", turn // 4),
            rng.choice(voice["estimates"]).format(
                items="; ".join(
                    f"{_lower(item.name)} — {item.quantity} × {hryvnias(item.price)} грн" for item in items
                ),
                total=hryvnias(cost),
            ),
            rng.choice(voice["upkeep"]),
        ]
        lat, lon = place.spot(rng)
        taken[place.label] += 1
        taken[place.code] += 1
        return DemoProject(
            title=title,
            summary=say("summaries"),
            text="\n\n".join(_sentence(part) for part in text),
            category=archetype["category"],
            archetype=archetype["id"],
            cost=cost,
            items=items,
            territory_code=place.code,
            place=place.label[0].upper() + place.label[1:],
            lat=lat,
            lon=lon,
            author_name=_author(rng),
            scene=archetype["scene"],
            picture_seed=rng.randrange(_PICTURES_PER_SCENE),
            popularity=rng.choice(_POPULARITY),
        )
    return None


def _sentence(text: str) -> str:
    """Capitals after full stops that an inserted list of items may have lost."""
    head, dot, tail = text.partition("коштує. ")
    return head + dot + (tail[0].upper() + tail[1:] if tail else "")


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def hryvnias(kopiykas: int) -> str:
    """Whole hryvnias with no-break spaces between thousands."""
    return f"{kopiykas // 100:,}".replace(",", "\u00a0")


def _author(rng: random.Random) -> str:
    voice = _voice()
    is_woman = rng.randrange(100) < 56
    surname = rng.choice(voice["surnames"]).split("|")
    return f"{rng.choice(voice['women' if is_woman else 'men'])} {surname[-1] if is_woman else surname[0]}"


def _estimate(owner: Body, archetype: dict[str, Any], rng: random.Random) -> tuple[Item, ...]:
    """The items of an archetype, priced and multiplied until the sum fits the body's limits."""
    lines = []
    for row in archetype["village"] if owner.kind == "v" else archetype["items"]:
        name, span, price = (part.strip() for part in row.split("|"))
        low, high = (int(n) for n in span.split("-"))
        priced = int(price) * rng.randint(92, 110) // 100
        step = 10 if priced > 1000 else 5 if priced > 100 else 1
        lines.append((name, rng.randint(low, high), high > 1, max(step, priced // step * step) * 100))
    percent = rng.choice((100, 130, 170, 230)) if owner.kind == "r" else rng.choice((90, 100, 115))
    for _ in range(60):
        items = tuple(
            Item(name, max(1, quantity * percent // 100) if is_many else quantity, price)
            for name, quantity, is_many, price in lines
        )
        cost = sum(item.quantity * item.price for item in items)
        if cost < owner.cheapest:
            percent = percent * 12 // 10
        elif cost > owner.dearest:
            percent = percent * 9 // 10
        else:
            break
    return items
