"""Invented emblems of the three demo communities; none of them is a real coat of arms."""

from __future__ import annotations

import io
import math
import random

from PIL import Image

from viche.demo.pictures.canvas import Canvas, Colour, mix
from viche.demo.pictures.nature import spline

EMBLEMS = ("city", "hromada", "region")


def _outline(inset: int) -> list[tuple[float, float]]:
    """A shield with a pointed foot, `inset` units inside the largest one."""
    share = 1 - inset / 400
    half = [(950, 30), (950, 420), (922, 540), (850, 640), (730, 720), (600, 785)]
    right = spline([(950, 420), *half[2:]])
    full = [(250, 30), (950, 30), *right, *[(1200 - x, y) for x, y in reversed(right)]]
    return [(600 + (x - 600) * share, 390 + (y - 390) * share) for x, y in full]


def _field(c: Canvas, top: Colour, low: Colour) -> None:
    c.poly(_outline(0), c["ochre"])
    c.poly(_outline(14), c["white"])
    c.wash_poly(_outline(26), top, low)


def _city(c: Canvas) -> None:
    """A white rotunda over two river waves, under a rising sun."""
    _field(c, mix(c["navy"], c["river"], 0.2), c["navy"])
    for ray in range(9):
        angle = math.radians(180 + ray * 22.5)
        tip = (600 + 250 * math.cos(angle), 330 + 230 * math.sin(angle))
        side = [(600 + 120 * math.cos(angle + s), 330 + 120 * math.sin(angle + s)) for s in (-0.12, 0.12)]
        c.poly([side[0], tip, side[1]], c["straw"])
    c.slice(600, 330, 128, 128, 180, 360, c["ochre"])
    c.rect(370, 322, 460, 46, c["white"], 8)
    for k in range(6):
        c.rect(392 + k * 78, 372, 28, 150, c["white"], 5)
    c.rect(350, 520, 500, 34, c["white"], 8)
    for base, tone in ((606, c["water"]), (664, c["white"])):
        edge = 220 if base < 620 else 130
        crest = [(600 + x, base + 15 * math.sin(x / 30)) for x in range(-edge, edge + 1, 10)]
        c.line(crest, tone, 24)


def _hromada(c: Canvas) -> None:
    """Three ears of wheat bound over a well's clear water."""
    _field(c, c.leaf[1], c.leaf[0])
    for lean in (-1, 0, 1):
        foot, tip = (600 + lean * 26, 600), (600 + lean * 168, 180 + abs(lean) * 46)
        mid = (600 + lean * 62, 400)
        stem = spline([foot, mid, tip], 10)
        c.line(stem, c["straw"], 13)
        for k in range(7):
            x, y = stem[-1 - k * 2] if k * 2 < len(stem) else stem[0]
            y += 6
            for side in (-1, 1):
                grain = [(x, y + 26), (x + side * 34, y - 2), (x + side * 30, y - 44), (x + side * 4, y - 8)]
                c.poly(spline(grain, 5), c["ochre"] if side > 0 else c["straw"])
        c.oval(tip[0], tip[1] - 30, 13, 32, c["straw"])
    c.rect(528, 520, 144, 40, c["terracotta"], 18)
    for k, w in enumerate((176, 122, 62)):
        c.line([(600 - w, 632 + k * 40), (600 + w, 632 + k * 40)], c["water"] if k % 2 else c["white"], 18)


def _region(c: Canvas) -> None:
    """An eight-petalled flower of the embroidered kind between field and river."""
    _field(c, c["terracotta"], c["brick"])
    for angle in range(0, 360, 45):
        turn, long = math.radians(angle), 215 if angle % 90 == 0 else 178
        dx, dy = math.cos(turn), math.sin(turn)
        petal = [(0, 0), (long * 0.5, -58), (long, 0), (long * 0.5, 58)]
        c.poly(
            [(600 + x * dx - y * dy, 330 + x * dy + y * dx) for x, y in petal],
            c["white"] if angle % 90 == 0 else c["straw"],
        )
        inner = [(long * 0.28, 0), (long * 0.52, -24), (long * 0.8, 0), (long * 0.52, 24)]
        c.poly(
            [(600 + x * dx - y * dy, 330 + x * dy + y * dx) for x, y in inner],
            c["river"] if angle % 90 == 0 else c["terracotta"],
        )
    c.oval(600, 330, 52, 52, c["ochre"])
    c.oval(600, 330, 26, 26, c["white"])
    for k, (base, w) in enumerate(((610, 226), (662, 150))):
        for s in range(-w, w - 30, 58):
            c.poly(
                [(600 + s, base), (629 + s, base - 26), (658 + s, base), (629 + s, base + 26)],
                c["straw"] if k else c["white"],
            )


_DRAWN = {"city": _city, "hromada": _hromada, "region": _region}


def emblem(kind: str, *, size: int = 256) -> bytes:
    """The emblem of a `city`, `hromada` or `region` as a square PNG with a clear background.

    Raises KeyError for another kind.
    """
    painter = _DRAWN[kind]
    scale = 2 * size / 800
    c = Canvas(random.Random(kind), "day", "summer", scale)
    painter(c)
    mask = Canvas(random.Random(kind), "day", "summer", scale)
    mask.poly(_outline(0), (255, 255, 255))
    picture = c.image.reduce(2)
    left = (picture.width - size) // 2
    picture.putalpha(mask.image.convert("L").reduce(2))
    square = picture.crop((left, 0, left + size, size))
    if square.size != (size, size):
        square = square.resize((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()
