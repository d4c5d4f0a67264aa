"""What people put into a landscape: people themselves, furniture and houses."""

from __future__ import annotations

from viche.demo.pictures.canvas import Canvas, Colour, mix

HAIR = ((74, 50, 38), (120, 78, 46), (196, 142, 76), (48, 42, 44), (170, 164, 158))


def clothes(c: Canvas) -> Colour:
    return c[c.rng.choice(("terracotta", "ochre", "river", "white", "rose", "navy", "straw"))]


def person(
    c: Canvas, x: float, y: float, h: float = 120, pose: str = "stand", *, face: int = 1, child: bool = False
) -> None:
    """A figure whose feet are at (x, y); `face` 1 looks right, -1 left.

    Poses: stand, walk, wave, sit (on a bench whose seat is 0.27 h high), run.
    """
    shirt, legs = clothes(c), c.rng.choice((c["navy"], c["slate"], c["shade"], c["wood"]))
    if shirt == c["navy"]:
        legs = c["slate"]
    hair = c.lit(c.rng.choice(HAIR[:4] if child else HAIR))
    skin, limb = c["skin"], h * 0.075
    head = h * (0.1 if child else 0.076)
    hip, neck = y - h * 0.46, y - h * 0.8
    swing = {"walk": 0.11, "run": 0.2}.get(pose, 0.035) * h
    f = face
    if pose == "sit":
        hip, neck = y - h * 0.3, y - h * 0.64
        for lift in (0, h * 0.03):
            knee = (x + f * h * 0.2, hip - lift + h * 0.02)
            c.line([(x, hip), knee, (x + f * (h * 0.2 + lift), y - 2)], legs, limb)
            c.line(
                [(x + f * (h * 0.2 + lift), y - 2), (x + f * (h * 0.27 + lift), y - 2)],
                c["shade"],
                limb * 0.7,
            )
    else:
        c.shadow(x + 3, y, h * 0.2, h * 0.035)
        for way in (-1, 1):
            foot = (x + way * swing, y - (h * 0.09 if pose == "run" and way * f < 0 else 2))
            c.line(
                [(x + way * h * 0.02, hip), (x + way * swing * 0.6 + f * h * 0.02, y - h * 0.24), foot],
                legs,
                limb,
            )
            c.line([foot, (foot[0] + f * h * 0.05, foot[1])], c["shade"], limb * 0.75)
    has_long_hair = c.rng.random() < 0.42
    lean = f * h * (0.07 if pose == "run" else 0)
    hx, hy = x + lean * 1.25, neck - head * 1.15
    torso = [
        (x - h * 0.075, hip + h * 0.05),
        (x - h * 0.095 + lean, neck + h * 0.06),
        (x - h * 0.05 + lean, neck),
    ]
    torso += [
        (x + h * 0.05 + lean, neck),
        (x + h * 0.095 + lean, neck + h * 0.06),
        (x + h * 0.075, hip + h * 0.05),
    ]
    if c.rng.random() < 0.3 and pose in ("stand", "walk", "wave"):
        c.poly(
            [
                (x - h * 0.07, hip - h * 0.1),
                (x + h * 0.07, hip - h * 0.1),
                (x + h * 0.14, y - h * 0.22),
                (x - h * 0.14, y - h * 0.22),
            ],
            shirt,
        )
    c.poly(torso, shirt)
    if has_long_hair:
        c.rect(hx - head * (0.62 + f * 0.45), hy - head * 0.3, head * 1.24, head * 2.1, hair, head * 0.6)
    sleeve = mix(shirt, c["shade"], 0.16)
    top = neck + h * 0.05
    if pose == "wave":
        c.line([(x + f * h * 0.08, top), (x + f * h * 0.17, neck - h * 0.08)], sleeve, limb * 0.8)
        c.oval(x + f * h * 0.18, neck - h * 0.11, limb * 0.45, limb * 0.45, skin)
        arms = (-f,)
    else:
        arms = (-1, 1)
    for way in arms:
        reach = {"walk": 0.1, "run": 0.17, "sit": 0.1}.get(pose, 0.035) * h * way
        hand = (x + lean + way * h * 0.07 + reach, neck + h * (0.22 if pose in ("run", "sit") else 0.31))
        c.line(
            [(x + lean + way * h * 0.075, top), (hand[0] - reach * 0.4, neck + h * 0.19), hand],
            sleeve,
            limb * 0.78,
        )
        c.oval(hand[0], hand[1], limb * 0.42, limb * 0.42, skin)
    c.rect(hx - head * 0.35, neck - head * 0.6, head * 0.7, head * 0.9, mix(skin, c["wood"], 0.2))
    c.oval(hx, hy, head, head * 1.08, skin)
    c.slice(
        hx, hy - head * 0.05, head * 1.07, head * 1.12, 178 if f > 0 else 160, 378 if f < 0 else 362, hair
    )
    c.oval(hx - f * head * 0.6, hy - head * 0.1, head * 0.5, head * 0.55, hair)


def dog(c: Canvas, x: float, y: float, size: float = 50, face: int = 1) -> None:
    tone = c[c.rng.choice(("wood", "white", "ochre", "slate", "terracotta"))]
    dark = mix(tone, c["shade"], 0.25)
    c.shadow(x, y, size * 0.6, size * 0.08)
    for dx in (-0.32, -0.2, 0.24, 0.36):
        c.line(
            [(x + dx * size, y - size * 0.4), (x + dx * size, y - 2)],
            dark if dx in (-0.2, 0.24) else tone,
            size * 0.1,
        )
    c.rect(x - size * 0.42, y - size * 0.66, size * 0.86, size * 0.34, tone, size * 0.16)
    c.line(
        [(x - face * size * 0.38, y - size * 0.6), (x - face * size * 0.6, y - size * 0.9)], tone, size * 0.09
    )
    hx, hy = x + face * size * 0.5, y - size * 0.82
    c.line([(x + face * size * 0.34, y - size * 0.55), (hx, hy)], tone, size * 0.24)
    c.oval(hx, hy, size * 0.19, size * 0.17, tone)
    c.oval(hx + face * size * 0.17, hy + size * 0.04, size * 0.14, size * 0.09, tone)
    c.oval(hx + face * size * 0.29, hy + size * 0.02, size * 0.035, size * 0.035, c["shade"])
    c.oval(hx - face * size * 0.1, hy - size * 0.02, size * 0.07, size * 0.15, dark)
    c.line(
        [(x + face * size * 0.33, y - size * 0.66), (x + face * size * 0.45, y - size * 0.5)],
        c["terracotta"],
        4,
    )


def bench(c: Canvas, x: float, y: float, w: float = 130) -> None:
    """A slatted bench seen from the front; its seat is 0.26 w above the ground."""
    h = w * 0.5
    c.shadow(x + w * 0.5, y, w * 0.58, w * 0.07)
    for dx in (0.12, 0.88):
        c.rect(x + w * dx - 4, y - h * 0.95, 8, h * 0.95, c["slate"], 3)
    for n in range(3):
        c.rect(x, y - h + n * h * 0.15, w, h * 0.11, c["wood"], 3)
    c.rect(x - 3, y - h * 0.5, w + 6, h * 0.13, mix(c["wood"], (255, 255, 255), 0.18), 3)
    c.rect(x - 3, y - h * 0.39, w + 6, h * 0.07, mix(c["wood"], c["shade"], 0.25), 3)


def lamp(c: Canvas, x: float, y: float, h: float = 230, *, lit: bool | None = None) -> None:
    """A park lamp with a lantern; it shines at dusk."""
    lit = c.light.is_dark if lit is None else lit
    c.shadow(x, y, 22, 5)
    c.rect(x - 3.5, y - h, 7, h, c["slate"], 3)
    c.rect(x - 8, y - 16, 16, 16, c["slate"], 3)
    if lit:
        c.glow(x, y - h - 16, 150, c.light.sun, 170)
    c.rect(x - 14, y - h - 30, 28, 34, c["lamp"] if lit else c["white"], 9)
    c.poly([(x - 20, y - h - 28), (x, y - h - 46), (x + 20, y - h - 28)], c["slate"])


def street_lamp(c: Canvas, x: float, y: float, h: float, face: int = 1) -> None:
    """A tall mast whose arm reaches over the road."""
    c.rect(x - h * 0.012, y - h, h * 0.024, h, c["slate"], 2)
    tip = x + face * h * 0.24
    c.line([(x, y - h * 0.96), (x + face * h * 0.06, y - h), (tip, y - h)], c["slate"], h * 0.02)
    if c.light.is_dark:
        k = h * 0.012
        c.poly(
            [(tip - k * 4, y - h), (tip + k * 4, y - h), (tip + k * 20, y), (tip - k * 20, y)], c["lamp"], 34
        )
        c.poly(
            [(tip - k * 3, y - h), (tip + k * 3, y - h), (tip + k * 12, y), (tip - k * 12, y)], c["lamp"], 30
        )
        c.glow(tip, y - h, h * 0.34, c.light.sun, 200)
    c.rect(tip - h * 0.05, y - h - 4, h * 0.1, h * 0.026, c["lamp"] if c.light.is_dark else c["white"], 4)


def bin_(c: Canvas, x: float, y: float, tone: Colour, w: float = 34) -> None:
    c.shadow(x + w * 0.5, y, w * 0.6, 5)
    c.poly([(x, y - w * 1.2), (x + w, y - w * 1.2), (x + w * 0.88, y), (x + w * 0.12, y)], tone)
    c.rect(x - 3, y - w * 1.35, w + 6, w * 0.2, mix(tone, c["shade"], 0.25), 3)


def window(c: Canvas, x: float, y: float, w: float, h: float, *, chance: float = 0.45) -> None:
    is_lit = c.light.is_dark and c.rng.random() < chance
    frame = mix(c["white"], c["wall2"], 0.3)
    glass = c["lamp"] if is_lit else mix(c["glass"], c.light.sky_top, 0.35 if c.light.is_dark else 0.15)
    c.rect(x - 3, y - 3, w + 6, h + 6, frame, 2)
    c.rect(x, y, w, h, glass)
    if not is_lit:
        c.poly(
            [(x, y + h * 0.62), (x + w * 0.75, y), (x + w, y), (x + w, y + h * 0.14), (x, y + h)],
            c["white"],
            46,
        )
    c.rect(x + w * 0.5 - 1.5, y, 3, h, frame)


def facade(
    c: Canvas,
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    rows: int,
    cols: int,
    wall: Colour,
    band: Colour | None = None,
) -> None:
    """A plain front standing on y, with a grid of windows and a side in shade."""
    c.shadow(x + w * 0.52, y + 2, w * 0.54, 11)
    c.wash_poly([(x, y - h), (x + w, y - h), (x + w, y), (x, y)], wall, mix(wall, c["wall2"], 0.6))
    c.rect(x + w * 0.93, y - h, w * 0.07, h, mix(wall, c["shade"], 0.16))
    if band:
        c.rect(x, y - h * 0.09, w, h * 0.09, band)
    cell_w, cell_h = w * 0.93 / cols, h * 0.88 / rows
    for row in range(rows):
        for col in range(cols):
            window(c, x + cell_w * (col + 0.24), y - h + cell_h * (row + 0.28), cell_w * 0.52, cell_h * 0.5)


def block(c: Canvas, x: float, y: float, w: float, h: float, *, rows: int, cols: int, tone: Colour) -> None:
    """A block of flats with balconies."""
    facade(c, x, y, w, h, rows=rows, cols=cols, wall=mix(c["wall"], tone, 0.2))
    c.rect(x - 5, y - h - 9, w + 10, 12, mix(tone, c["shade"], 0.25), 2)
    for col in {1, cols - 2}:
        left = x + w * 0.93 / cols * (col + 0.06)
        for row in range(rows - 1):
            c.rect(
                left,
                y - h + h * 0.88 / rows * (row + 0.66),
                w * 0.93 / cols * 0.88,
                h * 0.88 / rows * 0.3,
                tone,
                2,
            )


def door(c: Canvas, x: float, y: float, w: float, h: float, tone: Colour) -> None:
    c.rect(x - 5, y - h - 5, w + 10, h + 5, c["white"], 3)
    c.rect(x, y - h, w, h, tone, 2)
    c.rect(x + w * 0.18, y - h * 0.88, w * 0.64, h * 0.4, c["lamp"] if c.light.is_dark else c["glass"], 2)
    c.oval(x + w * 0.84, y - h * 0.4, 2.6, 2.6, c["straw"])


def rotunda(c: Canvas, x: float, y: float, w: float) -> None:
    """A white half-round colonnade above a river, as Poltava has on its hill."""
    h = w * 0.42
    c.shadow(x, y + 3, w * 0.58, w * 0.06)
    c.oval(x, y - w * 0.02, w * 0.55, w * 0.07, c["stone"])
    for n in range(9):
        dx = (n - 4) / 4
        lift = (1 - dx * dx) * w * 0.05
        c.rect(
            x + dx * w * 0.46 - w * 0.017,
            y - h - lift * 0.4,
            w * 0.034,
            h - lift * 0.2,
            mix(c["white"], c["stone"], 0.5 - abs(dx) / 2),
        )
    c.slice(x, y - h, w * 0.52, w * 0.13, 180, 360, c["white"])
    c.rect(x - w * 0.52, y - h - 2, w * 1.04, w * 0.06, c["white"], 3)
    c.rect(x - w * 0.52, y - h + w * 0.05, w * 1.04, w * 0.018, c["stone"])


def car(c: Canvas, x: float, y: float, w: float, tone: Colour, face: int = 1) -> None:
    h = w * 0.2
    c.shadow(x + w / 2, y + 2, w * 0.55, h * 0.22)
    cab = [
        (x + w * 0.16, y - h * 1.1),
        (x + w * 0.3, y - h * 2),
        (x + w * 0.68, y - h * 2),
        (x + w * 0.84, y - h * 1.1),
    ]
    c.poly(cab, mix(tone, c["white"], 0.08))
    c.poly(
        [
            (x + w * 0.23, y - h * 1.15),
            (x + w * 0.33, y - h * 1.86),
            (x + w * 0.48, y - h * 1.86),
            (x + w * 0.48, y - h * 1.15),
        ],
        c["glass"],
    )
    c.poly(
        [
            (x + w * 0.52, y - h * 1.15),
            (x + w * 0.52, y - h * 1.86),
            (x + w * 0.65, y - h * 1.86),
            (x + w * 0.76, y - h * 1.15),
        ],
        c["glass"],
    )
    c.rect(x, y - h * 1.2, w, h * 1.0, tone, h * 0.4)
    c.rect(x, y - h * 0.55, w, h * 0.35, mix(tone, c["shade"], 0.2), h * 0.15)
    for dx in (0.22, 0.78):
        c.oval(x + w * dx, y - h * 0.22, h * 0.46, h * 0.46, c["shade"])
        c.oval(x + w * dx, y - h * 0.22, h * 0.22, h * 0.22, c["steel"])
    c.oval(x + (w * 0.97 if face > 0 else w * 0.03), y - h * 0.85, h * 0.15, h * 0.15, c["straw"])


def solar_panel(c: Canvas, x: float, y: float, w: float, h: float, slant: float) -> None:
    """One panel, as a parallelogram with a grid."""
    c.poly([(x, y), (x + w, y), (x + w - slant, y + h), (x - slant, y + h)], c["navy"])
    c.poly(
        [(x + w * 0.3, y), (x + w * 0.55, y), (x + w * 0.28 - slant, y + h), (x + w * 0.05 - slant, y + h)],
        c["water"],
        90,
    )
    for k in range(1, 4):
        c.line([(x + w * k / 4, y), (x + w * k / 4 - slant, y + h)], c["white"], 1.3, 150, cap=False)
    c.line([(x - slant / 2, y + h / 2), (x + w - slant / 2, y + h / 2)], c["white"], 1.3, 150, cap=False)
    c.line([(x, y), (x + w, y), (x + w - slant, y + h), (x - slant, y + h), (x, y)], c["white"], 2.4)
