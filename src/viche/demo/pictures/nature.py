"""Sky, land and plants: the part of each picture that Poltava and its villages share."""

from __future__ import annotations

import math

from viche.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, mix


def wave(c: Canvas, base: float, swing: float, *, step: int = 24, tilt: float = 0) -> list[Point]:
    """A ridge line of slow hills across the sheet."""
    a, b = c.rng.uniform(0, 6), c.rng.uniform(0, 6)
    long, short = c.rng.uniform(380, 560), c.rng.uniform(170, 240)
    return [
        (
            x,
            base
            + swing * math.sin(x / long * 3 + a)
            + swing * 0.35 * math.sin(x / short * 3 + b)
            + tilt * x / WIDTH,
        )
        for x in range(-step, WIDTH + step + 1, step)
    ]


def land(c: Canvas, ridge: list[Point], top: Colour, low: Colour, depth: float) -> None:
    c.wash_poly([(-30, ridge[0][1] + depth), *ridge, (WIDTH + 30, ridge[-1][1] + depth)], top, low)


def sky(c: Canvas, horizon: float) -> None:
    light = c.light
    c.wash(0, 0, WIDTH, horizon + 40, light.sky_top, light.sky_low)
    x, y = c.rng.choice((190, 300, 880, 990)), c.rng.uniform(110, 190)
    if light.is_dark:
        for _ in range(34):
            c.oval(
                c.rng.uniform(0, WIDTH), c.rng.uniform(0, 230), 1.5, 1.5, c["white"], c.rng.randint(70, 190)
            )
        c.glow(x, y, 190, light.sun, 90)
        c.oval(x, y, 34, 34, mix(light.sun, (255, 255, 255), 0.3))
    else:
        c.glow(x, y, 330, light.sun, 200)
        c.oval(x, y, 50, 50, mix(light.sun, (255, 255, 255), 0.35))
    for _ in range(c.rng.randint(2, 4)):
        cloud(c, c.rng.uniform(40, 1160), c.rng.uniform(60, 240), c.rng.uniform(0.7, 1.3))


def cloud(c: Canvas, x: float, y: float, size: float) -> None:
    """A long flat-bottomed cloud, each bank a little clearer than the one under it."""
    alpha = 80 if c.light.is_dark else 175
    for dx, dy, w, h in ((-95, 0, 190, 24), (-50, -18, 120, 30), (-15, -33, 62, 34), (25, 13, 130, 18)):
        c.rect(x + dx * size, y + dy * size, w * size, h * size, c.light.cloud, h * size / 2, alpha)


def backdrop(c: Canvas, horizon: float = 440, kind: str = "town") -> None:
    """Sky, two ranges of hills, and what stands on them: a `town`, a `village` or `fields`."""
    sky(c, horizon)
    far, leaf = c.light.far, c.leaf
    haze = mix(far, c.light.sky_low, 0.55)
    land(c, wave(c, horizon - 46, 22), haze, mix(haze, c.light.sky_low, 0.35), 140)
    if kind == "town":
        skyline(c, horizon - 24, mix(far, c.light.sky_low, 0.36))
    if kind != "town":
        fields(c, horizon - 24)
    land(c, wave(c, horizon - 8, 13), mix(far, leaf[2], 0.45), mix(far, leaf[3], 0.5), 110)
    if kind == "village":
        for x in (c.rng.uniform(40, 180), c.rng.uniform(930, 1060)):
            khata(c, x, horizon + 4, 0.42)
    tree_line(c, horizon + 4, mix(far, leaf[1], 0.6))


def skyline(c: Canvas, base: float, tone: Colour) -> None:
    """Distant roofs, a dome and panel blocks, in one tone."""
    x = c.rng.uniform(-40, 20)
    while x < WIDTH:
        w, h = c.rng.uniform(46, 104), c.rng.uniform(34, 104)
        shade = mix(tone, c.light.sky_low, c.rng.uniform(0, 0.28))
        c.rect(x, base - h, w, h + 60, shade)
        glass = c["lamp"] if c.light.is_dark else mix(shade, (255, 255, 255), 0.28)
        for row in range(int(h // 17)):
            for col in range(int(w // 16)):
                if c.rng.random() < (0.35 if c.light.is_dark else 0.75):
                    c.rect(x + 6 + col * 16, base - h + 8 + row * 17, 7, 8, glass, alpha=190)
        x += w + c.rng.uniform(4, 52)
    dome = c.rng.uniform(380, 820)
    c.rect(dome - 26, base - 92, 52, 130, tone)
    c.slice(dome, base - 92, 31, 36, 180, 360, mix(tone, c["ochre"], 0.45))
    c.rect(dome - 3, base - 144, 6, 22, mix(tone, c["ochre"], 0.45))


def fields(c: Canvas, base: float) -> None:
    """Strips of wheat, sunflower and ploughland on a slope."""
    tones = (c["straw"], c.leaf[3], c["ochre"], c.leaf[2])
    for n in range(4):
        ridge = wave(c, base + n * 11, 9)
        tone = mix(tones[n], c.light.far, 0.42)
        land(c, ridge, tone, mix(tone, c.light.sky_low, 0.15), 90)


def tree_line(c: Canvas, base: float, tone: Colour) -> None:
    x = -20.0
    while x < WIDTH + 30:
        r = c.rng.uniform(14, 34)
        if c.rng.random() < 0.14:
            c.oval(x, base - 44, 11, 52, mix(tone, c.light.sky_low, 0.12))
        c.oval(x, base - r * 0.35, r * 1.15, r, mix(tone, c.light.sky_low, c.rng.uniform(0, 0.22)))
        x += r * c.rng.uniform(0.9, 1.7)
    c.rect(-5, base, WIDTH + 10, 40, tone)


def ground(c: Canvas, top: float = 452, *, tilt: float = 0) -> None:
    """The lawn in front, lighter far off, with two soft folds."""
    ridge = wave(c, top, 6, tilt=tilt)
    land(c, ridge, c.grass, mix(c.grass, c.grass_deep, 0.55), HEIGHT - top + 60)
    for base, share in ((top + 120, 0.35), (top + 240, 0.6)):
        land(
            c,
            wave(c, base, 14),
            mix(c.grass, c.grass_deep, share),
            mix(c.grass, c.grass_deep, share + 0.2),
            HEIGHT,
        )


def meadow(c: Canvas, top: float = 690, count: int = 70) -> None:
    """Grass blades and small flowers along the lower edge."""
    petals = (c["straw"], c["white"], c["rose"], c["terracotta"])
    for _ in range(count):
        x, y = c.rng.uniform(0, WIDTH), c.rng.uniform(top, HEIGHT + 8)
        tall = (y - top + 60) * 0.14
        tone = c.leaf[c.rng.choice((0, 1, 2))]
        for lean in (-5, 0, 5):
            c.line([(x, y), (x + lean, y - tall)], tone, 2.2, cap=False)
        if c.rng.random() < 0.34:
            tone = c.rng.choice(petals)
            c.oval(x, y - tall - 2, 5, 5, tone)
            c.oval(x, y - tall - 2, 1.8, 1.8, c["ochre"])


def path(c: Canvas, points: list[tuple[float, float, float]], fill: Colour | None = None) -> None:
    """A walk through (x, y, half-width) stations, with a thin lighter edge."""
    fill = fill or c["path"]
    left, right = spline([(x - w, y) for x, y, w in points]), spline([(x + w, y) for x, y, w in points])
    edge = mix(fill, c.grass_deep, 0.35)
    c.poly([(x - 4, y) for x, y in left] + [(x + 4, y) for x, y in reversed(right)], edge)
    c.poly(left + right[::-1], fill)


def spline(points: list[Point], steps: int = 10) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    ends = [points[0], *points, points[-1]]
    out: list[Point] = []
    for i in range(1, len(ends) - 2):
        p0, p1, p2, p3 = ends[i - 1 : i + 3]
        for s in range(steps):
            t = s / steps
            out.append(
                tuple(  # type: ignore[arg-type]
                    0.5
                    * (
                        2 * p1[n]
                        + (p2[n] - p0[n]) * t
                        + (2 * p0[n] - 5 * p1[n] + 4 * p2[n] - p3[n]) * t * t
                        + (3 * p1[n] - p0[n] - 3 * p2[n] + p3[n]) * t * t * t
                    )
                    for n in (0, 1)
                )
            )
    out.append(points[-1])
    return out


# plants


def tree(c: Canvas, x: float, y: float, h: float, kind: str = "round") -> None:
    """A tree standing at (x, y): `round`, `poplar`, `willow` or `birch`."""
    {"round": _round, "poplar": _poplar, "willow": _willow, "birch": _birch}[kind](c, x, y, h)


def _trunk(c: Canvas, x: float, y: float, h: float, w: float, tone: Colour) -> None:
    c.shadow(x + w, y + 1, h * 0.28, h * 0.045)
    c.poly([(x - w, y), (x - w * 0.5, y - h * 0.6), (x + w * 0.5, y - h * 0.6), (x + w, y)], tone)


def _crown(c: Canvas, x: float, y: float, r: float, tones: tuple[Colour, Colour, Colour]) -> None:
    lumps = [(c.rng.uniform(-0.12, 0.12), -0.42, 0.66), (-0.5, 0.08, 0.56), (0.5, 0.1, 0.56), (0, 0.12, 0.66)]
    for tone, dx, dy, size in (
        (tones[0], 0, 0, 1.0),
        (tones[1], -0.1, -0.12, 0.84),
        (tones[2], -0.22, -0.26, 0.5),
    ):
        for lx, ly, lr in lumps:
            c.oval(x + (lx * size + dx) * r, y + (ly * size + dy) * r, lr * r * size, lr * r * size, tone)


def _round(c: Canvas, x: float, y: float, h: float) -> None:
    _trunk(c, x, y, h, h * 0.032, c["trunk"])
    start = c.rng.choice((0, 0, 1))
    tones = (c.leaf[start], c.leaf[start + 1], mix(c.leaf[start + 1], c.leaf[start + 2], 0.6))
    c.line([(x, y - h * 0.34), (x + h * 0.1, y - h * 0.5)], c["trunk"], h * 0.02)
    _crown(c, x, y - h * 0.64, h * 0.33, tones)


def _poplar(c: Canvas, x: float, y: float, h: float) -> None:
    _trunk(c, x, y, h * 0.5, h * 0.022, c["trunk"])
    w = h * 0.115
    c.oval(x, y - h * 0.54, w, h * 0.46, c.leaf[0])
    c.oval(x - w * 0.2, y - h * 0.55, w * 0.72, h * 0.42, c.leaf[1])
    c.oval(x - w * 0.42, y - h * 0.58, w * 0.36, h * 0.33, mix(c.leaf[1], c.leaf[2], 0.6))


def _birch(c: Canvas, x: float, y: float, h: float) -> None:
    _trunk(c, x, y, h, h * 0.022, c["white"])
    for n in range(4):
        c.rect(x - h * 0.018, y - h * (0.1 + n * 0.11), h * 0.018, h * 0.012, c["slate"])
    for dy, size in ((0.52, 0.2), (0.68, 0.19), (0.84, 0.13)):
        c.oval(x + h * 0.02, y - h * dy, size * h, size * h * 0.92, c.leaf[2])
        c.oval(x - h * 0.03, y - h * (dy + 0.03), size * h * 0.72, size * h * 0.66, c.leaf[3])


def _willow(c: Canvas, x: float, y: float, h: float) -> None:
    _trunk(c, x, y, h, h * 0.045, c["trunk"])
    _crown(c, x, y - h * 0.72, h * 0.3, (c.leaf[1], c.leaf[2], c.leaf[2]))
    for n in range(17):
        dx = (n - 8) / 8 * h * 0.42
        top = y - h * (0.84 - 0.3 * abs(n - 8) / 8)
        drop = h * c.rng.uniform(0.36, 0.56)
        tone = (c.leaf[1], c.leaf[2], c.leaf[3])[n % 3]
        c.line(
            spline([(x + dx * 0.8, top), (x + dx, top + drop * 0.5), (x + dx * 1.03, top + drop)], 4),
            tone,
            h * 0.035,
        )


def bush(c: Canvas, x: float, y: float, w: float, tone: int = 1, *, blossom: bool = False) -> None:
    c.shadow(x, y, w * 0.62, w * 0.09)
    k = c.k
    for tint, size, lift in (
        (c.leaf[tone - 1], 1.0, 0),
        (c.leaf[tone], 0.78, 0.05),
        (c.leaf[tone + 1], 0.42, 0.13),
    ):
        for dx, r in ((-0.32, 0.25), (0, 0.36), (0.32, 0.26)):
            cx, cy, rr = x + (dx - 0.06 * (1 - size)) * w, y - lift * w, r * w * size
            if size == 1.0:
                c.pen.pieslice(
                    ((cx - rr) * k, (cy - rr) * k, (cx + rr) * k, (cy + rr) * k), 180, 360, fill=(*tint, 255)
                )
            else:
                c.oval(cx, cy - rr * 0.55, rr * 0.8, rr * 0.5, tint)
    if blossom:
        petal = c.rng.choice((c["rose"], c["white"], c["straw"], c["terracotta"]))
        for _ in range(int(w / 7)):
            c.oval(x + c.rng.uniform(-0.45, 0.45) * w, y - c.rng.uniform(0.04, 0.26) * w, 3.6, 3.6, petal)


def grove(c: Canvas, y: float, spots: tuple[float, ...], low: float = 150, high: float = 250) -> None:
    """A row of different trees at one depth."""
    for x in spots:
        kind = c.rng.choice(("round", "round", "round", "poplar", "birch"))
        tall = c.rng.uniform(low, high) * (1.15 if kind == "poplar" else 1)
        tree(c, x + c.rng.uniform(-16, 16), y + c.rng.uniform(-6, 6), tall, kind)


def foreground(c: Canvas) -> None:
    """Dark leaves in the lower corners: the near plane that gives the sheet its depth."""
    tone = mix(c.leaf[0], c["shade"], 0.35)
    light = mix(c.leaf[1], c["shade"], 0.18)
    for side in (0, 1):
        for n in range(9):
            x = c.rng.uniform(-30, 150)
            tall, lean = c.rng.uniform(60, 130) * (1 - max(0, x) / 260), c.rng.uniform(-10, 46)
            x, lean = (x, lean) if side == 0 else (WIDTH - x, -lean)
            leaf = [
                (x - 15, HEIGHT + 10),
                (x + lean * 0.3 - 9, HEIGHT - tall * 0.55),
                (x + lean, HEIGHT - tall),
            ]
            back = [(x + lean * 0.3 + 12, HEIGHT - tall * 0.4), (x + 13, HEIGHT + 10)]
            c.poly(spline(leaf, 6) + spline(back, 6), light if n % 3 == 0 else tone)


def khata(c: Canvas, x: float, y: float, size: float) -> None:
    """A whitewashed village house with a high thatch-coloured roof and a blue plinth."""
    s = 200 * size
    c.rect(x, y - s * 0.5, s, s * 0.5, c["white"])
    c.rect(x, y - s * 0.09, s, s * 0.09, c["river"])
    c.rect(x + s * 0.72, y - s * 0.5, s * 0.28, s * 0.41, c["wall2"])
    roof = [(x - s * 0.12, y - s * 0.46), (x + s * 0.16, y - s * 0.92), (x + s * 0.84, y - s * 0.92)]
    c.wash_poly([*roof, (x + s * 1.12, y - s * 0.46)], c["straw"], mix(c["ochre"], c["wood"], 0.4))
    glass = c["lamp"] if c.light.is_dark else c["glass"]
    for dx in (0.14, 0.5):
        c.rect(x + s * dx, y - s * 0.36, s * 0.15, s * 0.18, c["river"], 2)
        c.rect(x + s * (dx + 0.02), y - s * 0.34, s * 0.11, s * 0.14, glass)
    c.rect(x + s * 0.32, y - s * 0.36, s * 0.13, s * 0.36, c["terracotta"], 2)
