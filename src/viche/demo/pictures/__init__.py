"""Pictures for demo projects: calm flat landscapes of Poltava land, made of shapes, never of words."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from viche.demo.pictures import green, houses, sport, town
from viche.demo.pictures.canvas import HEIGHT, WIDTH, Canvas
from viche.demo.pictures.emblems import EMBLEMS, emblem

__all__ = ["EMBLEMS", "SCENES", "draw", "emblem"]

_PAINTERS = {**green.SCENES, **sport.SCENES, **town.SCENES, **houses.SCENES}
SCENES: tuple[str, ...] = tuple(sorted(_PAINTERS))

_HOURS = ("day", "morning", "golden", "day", "golden", "morning", "dusk")
# rooms are lit, and a match or a lesson is over by dusk
_ALWAYS_BY_DAY = {"classroom", "library", "stadium"}
_SEASONS = ("summer", "spring", "summer", "autumn", "summer")


def draw(scene: str, *, seed: int, size: tuple[int, int] = (1200, 800), quality: int = 80) -> bytes:
    """The scene as WebP; the seed chooses hour, season and placement.

    Raises KeyError for a scene that is not in SCENES.
    """
    paint = _PAINTERS[scene]
    rng = random.Random(f"{scene}/{seed}")
    hour = "dusk" if scene == "lights" else _HOURS[(seed + len(scene)) % len(_HOURS)]
    if scene in _ALWAYS_BY_DAY and hour == "dusk":
        hour = "day"
    season = _SEASONS[(seed * 3 + SCENES.index(scene)) % len(_SEASONS)]
    # the sheet covers the asked size, so that another shape crops the edges and bends nothing
    cover = max(Fraction(size[0], WIDTH), Fraction(size[1], HEIGHT))
    canvas = Canvas(rng, hour, season, 2 * math.ceil(cover * 1200) / 1200)
    paint(canvas)
    return canvas.webp(size, quality)
