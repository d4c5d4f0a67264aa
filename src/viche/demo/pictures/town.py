"""Scenes of streets: crossings, stops, light, yards."""

from __future__ import annotations

from viche.demo.pictures import nature as n
from viche.demo.pictures import things as t
from viche.demo.pictures.canvas import WIDTH, Canvas, mix


def road(c: Canvas, y: float, h: float) -> None:
    """A street across the sheet with kerbs and a broken middle line."""
    c.rect(-5, y - 9, WIDTH + 10, 12, c["stone"])
    c.wash(0, y, WIDTH, h, mix(c["road"], c["slate"], 0.2), c["road"])
    for x in range(-20, WIDTH, 130):
        c.rect(x, y + h * 0.46, 72, 7, c["white"], alpha=220)
    c.rect(-5, y + h - 2, WIDTH + 10, 12, c["stone"])


def crosswalk(c: Canvas) -> None:
    n.backdrop(c, 400, "town")
    n.ground(c, 420)
    t.block(c, 30, 520, 280, 340, rows=5, cols=5, tone=c["ochre"])
    t.facade(c, 700, 520, 420, 230, rows=3, cols=8, wall=c["wall"], band=c["terracotta"])
    t.door(c, 880, 520, 52, 78, c["river"])
    n.grove(c, 520, (350, 460, 590, 1160), 170, 250)
    c.rect(-5, 520, WIDTH + 10, 42, c["path"])
    road(c, 566, 168)
    c.rect(-5, 740, WIDTH + 10, 70, c["path"])
    for k in range(7):
        y, h = 574 + k * 23.2, 14.5
        left, right = 470 - k * 9, 700 + k * 9
        c.poly([(left, y), (right, y), (right + 3, y + h), (left - 3, y + h)], c["white"])
    for x, y, face in ((410, 566, 1), (792, 756, -1)):
        signal(c, x, y, 236 if y > 700 else 190, face)
    t.car(c, 130, 668, 210, c["terracotta"])
    t.car(c, 960, 640, 190, c["river"], face=-1)
    t.person(c, 560, 650, 128, "walk")
    t.person(c, 606, 652, 84, "walk", child=True)
    t.person(c, 640, 712, 150, "walk", face=-1)
    t.person(c, 880, 560, 112, "stand", face=-1)
    for x in (70, 190, 1060, 1160):
        n.bush(c, x, 806, 150, 1, blossom=True)


def signal(c: Canvas, x: float, y: float, h: float, face: int) -> None:
    """Traffic lights and the blue square sign of a crossing."""
    c.shadow(x, y, 20, 5)
    c.rect(x - 4, y - h, 8, h, c["slate"], 3)
    c.rect(x - 17, y - h - 62, 34, 84, c["shade"], 9)
    for k, (tone, is_on) in enumerate((("terracotta", False), ("ochre", False), ("grass", True))):
        lamp = c["green"] if tone == "grass" else mix(c[tone], c["shade"], 0.55)
        if is_on:
            c.glow(x, y - h - 46 + k * 26, 46, c["lime"], 200)
        c.oval(x, y - h - 46 + k * 26, 10, 10, c["lime"] if is_on else lamp)
    c.rect(x + face * 30 - 22, y - h - 40, 44, 44, c["river"], 5)
    c.poly(
        [(x + face * 30 - 15, y - h - 3), (x + face * 30, y - h - 32), (x + face * 30 + 15, y - h - 3)],
        c["white"],
    )
    c.line([(x, y - h - 20), (x + face * 12, y - h - 20)], c["slate"], 5)


def bus_stop(c: Canvas) -> None:
    n.backdrop(c, 410, "town")
    n.ground(c, 430)
    t.block(c, 30, 520, 250, 300, rows=5, cols=4, tone=c["river"])
    t.block(c, 970, 520, 210, 360, rows=6, cols=4, tone=c["terracotta"])
    n.grove(c, 520, (330, 440, 820, 930), 190, 280)
    c.wash(0, 520, WIDTH, 130, c["path"], mix(c["path"], c["stone"], 0.4))
    c.rect(-5, 648, WIDTH + 10, 16, c["stone"])
    c.wash(0, 662, WIDTH, 138, mix(c["road"], c["slate"], 0.2), c["road"])
    for x in range(-40, WIDTH, 150):
        c.rect(x, 744, 84, 8, c["white"], alpha=220)
    # shelter
    x, y = 120, 640
    c.shadow(x + 210, y, 240, 14)
    c.rect(x + 12, y - 210, 400, 196, c["glass"], 3, 150)
    c.poly([(x + 40, y - 14), (x + 150, y - 210), (x + 220, y - 210), (x + 110, y - 14)], c["white"], 60)
    c.rect(x + 300, y - 190, 96, 150, mix(c["terracotta"], c["straw"], 0.3), 4)
    c.oval(x + 348, y - 126, 30, 30, c["straw"])
    c.poly([(x + 304, y - 44), (x + 336, y - 96), (x + 392, y - 44)], c.leaf[1])
    for dx in (4, 206, 408):
        c.rect(x + dx, y - 214, 11, 214, c["slate"], 3)
    c.rect(x - 22, y - 236, 468, 24, c["navy"], 8)
    for k in range(4):
        t.solar_panel(c, x + 30 + k * 100, y - 262, 84, 27, 12)
    if c.light.is_dark:
        c.glow(x + 210, y - 190, 200, c.light.sun, 120)
    t.bench(c, x + 60, y - 6, 190)
    t.person(c, x + 120, y - 4, 150, "sit")
    t.person(c, x + 200, y - 4, 144, "sit", face=-1)
    # sign
    c.rect(600, 420, 8, 226, c["slate"], 3)
    c.rect(574, 396, 60, 60, c["river"], 10)
    c.rect(588, 412, 32, 24, c["white"], 5)
    c.rect(591, 416, 26, 10, c["river"], 2)
    for dx in (594, 614):
        c.oval(dx, 438, 4.5, 4.5, c["white"])
    t.person(c, 560, 650, 158, "stand")
    # bus
    x, y, w = 660, 724, 620
    c.shadow(x + w / 2, y + 4, w * 0.52, 16)
    c.rect(x, y - 240, w, 232, c["ochre"], 28)
    c.rect(x, y - 96, w, 88, c["white"], 16)
    c.rect(x, y - 104, w, 14, c["terracotta"])
    for k in range(5):
        glass = c["lamp"] if c.light.is_dark else c["glass"]
        c.rect(x + 22 + k * 122, y - 214, 108, 88, glass, 9)
        c.poly(
            [
                (x + 30 + k * 122, y - 130),
                (x + 84 + k * 122, y - 210),
                (x + 112 + k * 122, y - 210),
                (x + 58 + k * 122, y - 130),
            ],
            c["white"],
            70,
        )
    c.rect(x + 144, y - 214, 108, 196, c["slate"], 6)
    c.rect(x + 150, y - 206, 46, 182, c["glass"], 4)
    c.rect(x + 200, y - 206, 46, 182, c["glass"], 4)
    for dx in (96, 470):
        c.oval(x + dx, y - 10, 37, 37, c["shade"])
        c.oval(x + dx, y - 10, 16, 16, c["steel"])
    c.oval(x + 12, y - 46, 9, 11, c["straw"])


def lights(c: Canvas) -> None:
    n.backdrop(c, 410, "town")
    n.ground(c, 430)
    t.block(c, 30, 560, 260, 370, rows=6, cols=4, tone=c["ochre"])
    t.block(c, 300, 530, 180, 250, rows=4, cols=3, tone=c["river"])
    t.block(c, 890, 560, 280, 400, rows=7, cols=4, tone=c["terracotta"])
    n.grove(c, 560, (510, 800, 870), 150, 210)
    c.poly([(618, 470), (662, 470), (1000, 830), (200, 830)], mix(c["road"], c["shade"], 0.25))
    for a, b, w in ((490, 520, 3), (545, 592, 5), (624, 690, 8), (724, 830, 13)):
        c.poly([(640 - w * 0.4, a), (640 + w * 0.4, a), (634 + w, b), (634 - w, b)], c["white"], 220)
    for side in (-1, 1):
        inner = [(640 + side * 24, 470), (640 + side * 420, 830)]
        outer = [(640 + side * 620, 830), (640 + side * 44, 470)]
        c.poly(inner + outer, mix(c["path"], c["road"], 0.25))
        for y, h in ((500, 130), (560, 210), (660, 340), (790, 480)):
            x = 640 + side * (34 + (y - 470) * 1.38)
            t.street_lamp(c, x, y, h, -side)
    t.person(c, 1000, 730, 150, "walk", face=-1)
    t.person(c, 330, 690, 130, "walk")
    t.person(c, 368, 692, 126, "walk")
    t.car(c, 665, 600, 100, c["terracotta"], face=-1)
    for x in (60, 1150):
        n.bush(c, x, 780, 180, 1)


def yard(c: Canvas) -> None:
    n.backdrop(c, 420, "town")
    n.ground(c, 440)
    t.block(c, 60, 620, 420, 460, rows=6, cols=6, tone=c["terracotta"])
    t.block(c, 720, 590, 420, 390, rows=5, cols=6, tone=c["river"])
    n.grove(c, 560, (520, 610, 690), 190, 260)
    n.meadow(c, 740, 40)
    n.path(c, [(600, 560, 30), (610, 620, 60), (590, 700, 120), (560, 830, 230)])
    # entrance with a ramp
    c.rect(230, 500, 92, 120, c["wall2"])
    t.door(c, 246, 620, 60, 100, c["navy"])
    c.rect(210, 486, 132, 15, c["navy"], 4)
    c.rect(214, 612, 124, 30, mix(c["stone"], c["shade"], 0.08), 3)
    c.poly([(338, 612), (500, 644), (500, 654), (338, 654)], mix(c["stone"], c["shade"], 0.16))
    c.line([(340, 572), (500, 604)], c["steel"], 6)
    for k in range(4):
        c.rect(340 + k * 50, 574 + k * 10, 5, 44, c["steel"], 2)
    for x in (110, 180, 400):
        n.bush(c, x, 640, 90, 1, blossom=True)
    t.lamp(c, 690, 660, 220)
    t.bench(c, 780, 680, 150)
    t.person(c, 830, 680, 140, "sit")
    t.person(c, 890, 680, 136, "sit", face=-1)
    t.bench(c, 980, 680, 130)
    t.person(c, 560, 700, 150, "walk")
    t.person(c, 610, 704, 96, "run", child=True)
    t.dog(c, 660, 712, 48)
    n.tree(c, 1080, 660, 330, "round")
    c.poly([(40, 716), (420, 716), (450, 760), (10, 760)], c.leaf[1])
    for k in range(16):
        n.bush(c, 40 + k * 26, 752, 40, 2, blossom=True)
    n.foreground(c)


SCENES = {
    "crosswalk": crosswalk,
    "bus_stop": bus_stop,
    "lights": lights,
    "yard": yard,
}
