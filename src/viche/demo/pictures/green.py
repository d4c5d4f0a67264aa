"""Scenes of parks, water and gardens."""

from __future__ import annotations

import math

from viche.demo.pictures import nature as n
from viche.demo.pictures import things as t
from viche.demo.pictures.canvas import WIDTH, Canvas, mix


def park(c: Canvas) -> None:
    n.backdrop(c, 420, "town")
    n.ground(c, 436)
    n.grove(c, 470, (40, 150, 260, 900, 1010, 1120), 180, 280)
    bend = c.rng.choice((-1, 1))
    n.meadow(c, 715, 70)
    n.path(
        c,
        [
            (600 + bend * 90, 446, 12),
            (610, 500, 26),
            (600 - bend * 80, 590, 62),
            (600 + bend * 10, 700, 130),
            (600 + bend * 130, 830, 220),
        ],
    )
    c.oval(600 + bend * 250, 560, 150, 26, c["shade"], 20)
    n.tree(c, 600 + bend * 255, 572, 380, "round")
    n.tree(c, 600 - bend * 470, 560, 330, "poplar")
    n.tree(c, 600 - bend * 400, 580, 290, "birch")
    for x, y, h in ((600 - bend * 200, 556, 190), (600 + bend * 150, 640, 250)):
        t.lamp(c, x, y, h)
    t.bench(c, 600 + bend * 270 - 70, 640, 150)
    t.person(c, 600 + bend * 270, 640, 138, "sit", face=-bend)
    t.bench(c, 600 - bend * 330 - 55, 600, 118)
    t.person(c, 590, 640, 122, "walk")
    t.person(c, 632, 640, 116, "walk")
    t.dog(c, 690, 648, 40)
    for x in (90, 210, 330):
        n.bush(c, 600 - bend * (600 - x), 690, 130, 1, blossom=True)
    n.foreground(c)


def river(c: Canvas) -> None:
    n.backdrop(c, 380, "fields")
    n.ground(c, 396)
    hill = [(-30, 470), (-30, 300), (80, 284), (210, 300), (330, 352), (450, 412), (520, 470)]
    c.wash_poly(n.spline(hill), c.leaf[2], mix(c.leaf[1], c.leaf[2], 0.4))
    t.rotunda(c, 160, 304, 190)
    n.grove(c, 440, (330, 420, 20), 100, 150)
    n.grove(c, 440, (1010, 1090, 1170, 900), 150, 230)
    c.wash_poly(
        [(-10, 446), (WIDTH + 10, 438), (WIDTH + 10, 690), (-10, 600)],
        mix(c["water"], c.light.sky_low, 0.45),
        c["river"],
    )
    for _ in range(46):
        x, y = c.rng.uniform(0, WIDTH), c.rng.uniform(452, 640)
        w = c.rng.uniform(20, 80) * (y - 380) / 180
        c.line([(x, y), (x + w, y)], c["white"], 2.4, c.rng.randint(50, 140), cap=False)
    for x, w in ((160, 66), (1040, 120)):
        c.poly([(x - w, 448), (x + w, 446), (x + w * 0.7, 520), (x - w * 0.7, 520)], c.leaf[1], 60)
    # boat
    c.poly([(640, 520), (790, 520), (764, 552), (664, 552)], c["terracotta"])
    c.rect(634, 515, 162, 8, c["white"], 4)
    t.person(c, 712, 560, 100, "sit", face=-1)
    # promenade
    quay = [(-10, 612), (300, 622), (720, 650), (WIDTH + 10, 706), (WIDTH + 10, 850), (-10, 850)]
    c.poly([(x, y + 16) for x, y in quay[:4]] + quay[4:], mix(c["stone"], c["shade"], 0.3))
    c.wash_poly(quay, c["path"], mix(c["path"], c["stone"], 0.6))
    for k in range(9):
        c.line(
            [(60 + k * 140, 616 + k * k * 1.1), (-40 + k * 160, 830)],
            mix(c["stone"], c["wood"], 0.2),
            2,
            150,
            cap=False,
        )
    edge = n.spline([(-10, 588), (300, 596), (720, 622), (WIDTH + 10, 672)])
    for x, y in edge[::2]:
        c.line([(x, y), (x, y + 32)], c["slate"], 4)
    c.line(edge, c["slate"], 6)
    c.line([(x, y + 15) for x, y in edge], c["slate"], 3)
    for x, y in ((190, 640), (980, 716)):
        t.lamp(c, x, y, 210)
    t.bench(c, 300, 706, 150)
    t.person(c, 360, 706, 138, "sit")
    t.person(c, 640, 728, 148, "walk")
    t.person(c, 690, 726, 140, "walk")
    t.person(c, 830, 716, 92, "run", child=True)
    n.tree(c, 1130, 820, 520, "willow")
    for x in (60, 190, 1030):
        n.bush(c, x, 806, 160, 1, blossom=True)


def garden(c: Canvas) -> None:
    n.backdrop(c, 410, "village")
    n.ground(c, 430)
    n.grove(c, 466, (50, 170, 1040, 1150), 160, 240)
    # greenhouse
    c.shadow(900, 528, 190, 14)
    c.poly([(740, 520), (740, 420), (900, 356), (1060, 420), (1060, 520)], mix(c["glass"], c["white"], 0.35))
    c.poly([(760, 512), (760, 440), (900, 440), (900, 512)], c.leaf[2], 110)
    c.oval(850, 500, 60, 34, c.leaf[1], 150)
    c.oval(970, 500, 70, 40, c.leaf[2], 150)
    for x in (740, 820, 900, 980, 1060):
        c.line([(x, 520), (x, 356 + abs(900 - x) * 0.4)], c["white"], 6)
    c.line([(740, 420), (900, 356), (1060, 420), (740, 420)], c["white"], 6)
    n.meadow(c, 752, 40)
    n.path(c, [(610, 470, 30), (600, 560, 56), (590, 680, 100), (580, 830, 160)])

    # raised beds
    def bed(x: float, y: float, w: float, h: float, kind: int) -> None:
        c.shadow(x + w / 2, y + h + 4, w * 0.52, 9)
        c.poly(
            [(x + h * 0.4, y - h * 0.55), (x + w - h * 0.4, y - h * 0.55), (x + w, y), (x, y)],
            mix(c["trunk"], c["shade"], 0.3),
        )
        for row in range(2):
            step = int(w // 34)
            for k in range(step):
                px = x + 20 + k * (w - 30) / step
                py = y - h * 0.32 + row * h * 0.3
                if kind == 0:
                    c.oval(px, py - 8, 16, 12, c.leaf[2])
                    c.oval(px - 2, py - 11, 9, 7, c.leaf[3])
                elif kind == 1:
                    c.line([(px, py), (px, py - 46)], c.leaf[1], 4)
                    c.oval(px - 8, py - 24, 11, 7, c.leaf[1])
                    c.oval(px + 8, py - 34, 11, 7, c.leaf[2])
                    c.oval(px + (6 if k % 2 else -7), py - 16, 6.5, 6.5, c["terracotta"])
                else:
                    c.line([(px, py), (px, py - 74)], c.leaf[1], 4)
                    c.oval(px - 9, py - 30, 12, 6, c.leaf[2])
                    c.oval(px + 9, py - 42, 12, 6, c.leaf[2])
                    c.oval(px, py - 80, 17, 17, c["ochre"])
                    c.oval(px, py - 80, 7.5, 7.5, c["trunk"])
        c.rect(x, y, w, h, c["wood"], 3)
        c.rect(x, y + h * 0.48, w, 3, mix(c["wood"], c["shade"], 0.25))

    bed(110, 540, 330, 34, 2)
    bed(680, 570, 380, 36, 1)
    t.person(c, 520, 560, 130, "stand")
    bed(60, 668, 400, 46, 1)
    bed(710, 690, 440, 48, 0)
    t.person(c, 600, 704, 166, "walk", face=-1)
    t.person(c, 660, 704, 104, "stand", face=1, child=True)
    c.poly([(500, 690), (536, 690), (530, 720), (506, 720)], c["river"])
    c.line([(536, 700), (556, 686)], c["river"], 6)


def pond(c: Canvas) -> None:
    n.backdrop(c, 400, "village")
    n.ground(c, 420)
    n.khata(c, 840, 520, 1.05)
    n.grove(c, 470, (760, 1140), 190, 240)
    n.tree(c, 800, 520, 250, "poplar")
    for k in range(12):
        c.rect(1040 + k * 15, 496, 9, 48, c["wood"], 3)
    c.rect(1034, 508, 190, 6, c["wood"])
    pool = n.spline(
        [
            (40, 560),
            (180, 500),
            (420, 490),
            (640, 520),
            (720, 590),
            (620, 650),
            (360, 670),
            (120, 640),
            (40, 560),
        ]
    )
    c.poly([(x, y + 9) for x, y in pool], mix(c.grass_deep, c["trunk"], 0.4))
    c.wash_poly(pool, mix(c["water"], c.light.sky_low, 0.5), c["river"])
    for _ in range(18):
        x, y = c.rng.uniform(140, 560), c.rng.uniform(520, 634)
        c.line([(x, y), (x + c.rng.uniform(30, 80), y)], c["white"], 2.4, 120, cap=False)
    n.tree(c, 190, 512, 340, "willow")
    for x, y in ((330, 580), (380, 596), (420, 576)):
        c.oval(x, y, 20, 9, c["white"])
        c.line([(x + 14, y - 4), (x + 19, y - 18)], c["white"], 6)
        c.oval(x + 21, y - 20, 6, 5, c["white"])
        c.line([(x + 26, y - 19), (x + 32, y - 18)], c["ochre"], 4)
    for _ in range(13):
        x = c.rng.choice((c.rng.uniform(560, 690), c.rng.uniform(60, 140)))
        y = c.rng.uniform(610, 660)
        c.line([(x, y), (x + 4, y - 84)], c.leaf[1], 4)
        c.rect(x + 1, y - 106, 8, 30, c["trunk"], 4)
    # wooden pier and the well
    c.poly([(430, 690), (520, 690), (500, 590), (446, 590)], c["wood"])
    for k in range(6):
        c.line(
            [(432 + k * 2.6, 686 - k * 18), (518 - k * 3, 686 - k * 18)],
            mix(c["wood"], c["shade"], 0.3),
            2.5,
            cap=False,
        )
    t.person(c, 474, 632, 104, "sit")
    x, y = 830, 690
    c.shadow(x, y + 2, 100, 14)
    c.rect(x - 62, y - 78, 124, 80, c["stone"], 5)
    for row in range(3):
        for col in range(4):
            c.rect(
                x - 58 + col * 30 + (row % 2) * 7,
                y - 74 + row * 25,
                25,
                20,
                mix(c["stone"], c["slate"], 0.16 + 0.1 * ((row + col) % 2)),
                4,
            )
    c.rect(x - 72, y - 88, 144, 15, c["wood"], 4)
    for dx in (-54, 46):
        c.rect(x + dx, y - 204, 10, 120, c["wood"], 3)
    c.rect(x - 58, y - 160, 116, 15, mix(c["wood"], c["shade"], 0.25), 7)
    c.line([(x, y - 150), (x, y - 112)], c["slate"], 3)
    c.poly([(x - 16, y - 114), (x + 16, y - 114), (x + 12, y - 86), (x - 12, y - 86)], c["steel"])
    c.poly([(x - 92, y - 190), (x, y - 252), (x + 92, y - 190)], c["terracotta"])
    c.poly([(x, y - 252), (x + 92, y - 190), (x + 26, y - 190)], mix(c["terracotta"], c["shade"], 0.2))
    t.person(c, 960, 700, 168, "walk", face=-1)
    n.meadow(c, 716, 70)
    n.foreground(c)


def recycling(c: Canvas) -> None:
    n.backdrop(c, 424, "town")
    n.ground(c, 440)
    t.block(c, 20, 560, 300, 330, rows=5, cols=5, tone=c["terracotta"])
    t.block(c, 900, 540, 280, 270, rows=4, cols=5, tone=c["river"])
    n.grove(c, 556, (350, 470, 840), 200, 270)
    c.poly([(230, 620), (970, 620), (1060, 716), (140, 716)], mix(c["stone"], c["road"], 0.2))
    c.poly([(244, 624), (956, 624), (1036, 706), (164, 706)], c["stone"])
    # canopy
    for x in (270, 920):
        c.rect(x, 400, 12, 226, c["wood"], 3)
    c.rect(276, 452, 650, 168, mix(c["wood"], c["white"], 0.3))
    for k in range(26):
        c.rect(276 + k * 25, 452, 4, 168, mix(c["wood"], c["trunk"], 0.2))
    c.poly([(222, 416), (262, 372), (950, 372), (990, 416)], c.leaf[1])
    c.rect(222, 414, 768, 12, mix(c.leaf[1], c["shade"], 0.35), 2)
    for k in range(22):
        c.oval(280 + k * 30.5, 374, 15, c.rng.uniform(6, 13), c.leaf[2 + k % 2])
    for k, name in enumerate(("river", "ochre", "terracotta", "green")):
        tone = c[name]
        x, y, w = 310 + k * 150, 660, 116
        c.shadow(x + w / 2, y + 2, w * 0.58, 10)
        c.poly([(x, y - 150), (x + w, y - 150), (x + w - 9, y - 10), (x + 9, y - 10)], tone)
        c.poly(
            [(x + w * 0.8, y - 150), (x + w, y - 150), (x + w - 9, y - 10), (x + w * 0.78, y - 10)],
            mix(tone, c["shade"], 0.16),
        )
        c.rect(x - 6, y - 168, w + 12, 24, mix(tone, c["shade"], 0.22), 9)
        c.oval(x + w * 0.46, y - 86, 27, 27, c["white"])
        # three turning arrows
        for arrow in range(3):
            angle = math.radians(arrow * 120 - 90)
            ax, ay = x + w * 0.46 + 14 * math.cos(angle), y - 86 + 14 * math.sin(angle)
            turn = angle + 1.15
            c.poly(
                [(ax + 11 * math.cos(turn + q), ay + 11 * math.sin(turn + q)) for q in (0.6, 2.7, 4.8)], tone
            )
        for dx in (20, w - 20):
            c.oval(x + dx, y - 6, 9, 9, c["shade"])
    t.person(c, 250, 720, 168, "walk")
    t.person(c, 960, 700, 156, "walk", face=-1)
    t.person(c, 1010, 704, 98, "walk", face=-1, child=True)
    c.poly([(214, 664), (236, 664), (240, 700), (210, 700)], c["straw"])
    n.bush(c, 100, 730, 150, 1, blossom=True)
    n.bush(c, 1120, 724, 160, 1, blossom=True)
    n.meadow(c, 740, 40)


SCENES = {
    "park": park,
    "river": river,
    "garden": garden,
    "pond": pond,
    "recycling": recycling,
}
