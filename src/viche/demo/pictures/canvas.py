"""The drawing board: a 1200 by 800 sheet, drawn at twice its size so that edges come out smooth."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

WIDTH, HEIGHT = 1200, 800


def rgb(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of `b` stirred into `a`."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


@dataclass(frozen=True)
class Light:
    """An hour of the day: the sky, and what it does to every other colour."""

    sky_top: Colour
    sky_low: Colour
    sun: Colour
    cloud: Colour
    far: Colour
    tint: Colour
    tint_share: float
    filter: Colour = (255, 255, 255)
    is_dark: bool = False


LIGHTS = {
    "morning": Light(
        rgb("#a9d3dc"), rgb("#fdeedb"), rgb("#fff6dc"), rgb("#fffaf2"), rgb("#a7c4bd"), rgb("#fde3c4"), 0.07
    ),
    "day": Light(
        rgb("#7fbcd8"), rgb("#e6f2ee"), rgb("#fff8e0"), rgb("#ffffff"), rgb("#9cc3b8"), rgb("#ffffff"), 0.0
    ),
    "golden": Light(
        rgb("#8ebfc9"), rgb("#fbdba6"), rgb("#fff0c2"), rgb("#fff1da"), rgb("#a9b994"), rgb("#f4b860"), 0.10
    ),
    "dusk": Light(
        rgb("#27406b"),
        rgb("#eaa982"),
        rgb("#ffe3b3"),
        rgb("#8a7f9b"),
        rgb("#5f6f8c"),
        rgb("#2a3f74"),
        0.10,
        filter=(158, 162, 205),
        is_dark=True,
    ),
}

SEASONS = {
    "summer": ("#2f6b4f", "#3f8358", "#5a9a5f", "#86b66a", "#6ea565", "#4f8c57"),
    "spring": ("#3a7a52", "#55985a", "#7bb365", "#a9cb74", "#86b96b", "#5f9f5e"),
    "autumn": ("#9a5a2c", "#c1762f", "#d99a3d", "#e9bd5e", "#8fa55c", "#6f9150"),
}

PAINTS = {
    "wall": "#f6efe2",
    "wall2": "#e9dcc6",
    "stone": "#d9d2c4",
    "terracotta": "#c8623f",
    "brick": "#b2543a",
    "ochre": "#e0a63a",
    "straw": "#efcf7a",
    "river": "#3f86a8",
    "water": "#6fb1c6",
    "navy": "#24476b",
    "slate": "#51626d",
    "road": "#6c7780",
    "path": "#e8d9bb",
    "wood": "#b07a48",
    "trunk": "#76543a",
    "glass": "#a8d3dd",
    "white": "#fdfbf6",
    "steel": "#8b99a3",
    "rose": "#dd8a86",
    "shade": "#1d3b45",
    "skin": "#eebf98",
    "green": "#4f9a63",
    "lime": "#8ccb84",
}


class Canvas:
    """Shapes in sheet units; every colour passes through the light of the hour."""

    def __init__(self, rng: random.Random, light: str, season: str, scale: float) -> None:
        self.rng = rng
        self.k = scale
        self.light = LIGHTS[light]
        self.season = season
        leaves = [self.lit(rgb(code)) for code in SEASONS[season]]
        self.leaf, self.grass, self.grass_deep = leaves[:4], leaves[4], leaves[5]
        self.paint = {name: self.lit(rgb(code)) for name, code in PAINTS.items()}
        self.paint["lamp"] = rgb("#ffd685")  # shines by itself, whatever the hour
        self.image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)))
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def lit(self, colour: Colour) -> Colour:
        r, g, b = mix(colour, self.light.tint, self.light.tint_share)
        red, green, blue = self.light.filter
        return r * red // 255, g * green // 255, b * blue // 255

    def __getitem__(self, name: str) -> Colour:
        return self.paint[name]

    # shapes

    def poly(self, points: Sequence[Point], fill: Colour, alpha: int = 255) -> None:
        k = self.k
        self.pen.polygon([(x * k, y * k) for x, y in points], fill=(*fill, alpha))

    def rect(
        self, x: float, y: float, w: float, h: float, fill: Colour, r: float = 0, alpha: int = 255
    ) -> None:
        k = self.k
        box = (x * k, y * k, (x + w) * k - 1, (y + h) * k - 1)
        if r:
            self.pen.rounded_rectangle(box, r * k, fill=(*fill, alpha))
        else:
            self.pen.rectangle(box, fill=(*fill, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour, alpha: int = 255) -> None:
        k = self.k
        self.pen.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=(*fill, alpha))

    def ring(self, x: float, y: float, rx: float, ry: float, fill: Colour, w: float) -> None:
        k = self.k
        self.pen.ellipse(
            ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), outline=fill, width=max(1, round(w * k))
        )

    def slice(
        self, x: float, y: float, rx: float, ry: float, start: int, end: int, fill: Colour, alpha: int = 255
    ) -> None:
        k = self.k
        box = ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k)
        self.pen.pieslice(box, start, end, fill=(*fill, alpha))

    def line(
        self, points: Sequence[Point], fill: Colour, w: float, alpha: int = 255, cap: bool = True
    ) -> None:
        k = self.k
        width = max(1, round(w * k))
        scaled = [(x * k, y * k) for x, y in points]
        self.pen.line(scaled, fill=(*fill, alpha), width=width, joint="curve")
        if cap and alpha == 255:
            half = width / 2 - 0.5
            for x, y in (scaled[0], scaled[-1]):
                self.pen.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def shadow(self, x: float, y: float, rx: float, ry: float, alpha: int = 46) -> None:
        self.oval(x, y, rx, ry, self["shade"], alpha)

    # soft washes

    def wash(self, x: float, y: float, w: float, h: float, top: Colour, low: Colour) -> None:
        """A vertical gradient in a rectangle."""
        k = self.k
        x0, y0 = math.floor(x * k), math.floor(y * k)
        x1, y1 = math.ceil((x + w) * k), math.ceil((y + h) * k)
        self.image.paste(
            ramp(y1 - y0, top, low).resize((x1 - x0, y1 - y0), Image.Resampling.NEAREST), (x0, y0)
        )

    def wash_poly(self, points: Sequence[Point], top: Colour, low: Colour) -> None:
        """A vertical gradient in any outline."""
        k = self.k
        scaled = [(x * k, y * k) for x, y in points]
        x0 = max(0, math.floor(min(x for x, _ in scaled)))
        y0 = max(0, math.floor(min(y for _, y in scaled)))
        x1 = min(self.image.width, math.ceil(max(x for x, _ in scaled)) + 1)
        y1 = min(self.image.height, math.ceil(max(y for _, y in scaled)) + 1)
        if x1 <= x0 or y1 <= y0:
            return
        mask = Image.new("1", (x1 - x0, y1 - y0))
        ImageDraw.Draw(mask).polygon([(x - x0, y - y0) for x, y in scaled], fill=1)
        self.image.paste(
            ramp(y1 - y0, top, low).resize((x1 - x0, y1 - y0), Image.Resampling.NEAREST), (x0, y0), mask
        )

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: int) -> None:
        """A soft round light."""
        k = self.k
        side = max(2, round(2 * radius * k))
        mask = (
            halo()
            .resize((side, side), Image.Resampling.BILINEAR)
            .point([v * strength // 255 for v in range(256)])
        )
        self.image.paste(colour, (round((x - radius) * k), round((y - radius) * k)), mask)

    def webp(self, size: tuple[int, int], quality: int) -> bytes:
        """The sheet at the asked size: halved, the middle kept where the shape differs."""
        picture = self.image.reduce(2)
        left, top = (picture.width - size[0]) // 2, (picture.height - size[1]) // 2
        picture = picture.crop((left, top, left + size[0], top + size[1]))
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=2)
        return out.getvalue()


def ramp(height: int, top: Colour, low: Colour) -> Image.Image:
    last = max(1, height - 1)
    strip = Image.new("RGB", (1, height))
    strip.putdata([mix(top, low, y / last) for y in range(height)])
    return strip


_HALO: list[Image.Image] = []


def halo() -> Image.Image:
    if not _HALO:
        disc = Image.new("L", (128, 128))
        ImageDraw.Draw(disc).ellipse((36, 36, 92, 92), fill=255)
        _HALO.append(disc.filter(ImageFilter.GaussianBlur(16)))
    return _HALO[0]
