"""Scenes of public houses: lessons, care, culture, energy."""

from __future__ import annotations

from viche.demo.pictures import nature as n
from viche.demo.pictures import things as t
from viche.demo.pictures.canvas import HEIGHT, WIDTH, Canvas, mix


def pavement(c: Canvas, y: float = 640) -> None:
    """A forecourt of light slabs across the lower part."""
    c.wash(0, y, WIDTH, HEIGHT - y, c["path"], mix(c["path"], c["stone"], 0.7))
    seam = mix(c["path"], c["wood"], 0.22)
    for k in range(17):
        x = k * 80 - 40
        c.line([(600 + (x - 600) * 0.9, y), (600 + (x - 600) * 1.4, HEIGHT)], seam, 1.6, 150, cap=False)
    for k in range(1, 5):
        c.line([(0, y + k * k * 9), (WIDTH, y + k * k * 9)], seam, 1.6, 150, cap=False)
    c.rect(0, y - 3, WIDTH, 7, mix(c["stone"], c["shade"], 0.12))


def library(c: Canvas) -> None:
    """A reading room: shelves, a tall window, lamps and readers."""
    warm = c.light.is_dark
    wall = mix(c["wall"], c["straw"], 0.25 if warm else 0.05)
    c.wash(0, 0, WIDTH, 610, mix(wall, c["shade"], 0.08), wall)
    c.wash(0, 610, WIDTH, 190, c["wood"], mix(c["wood"], c["trunk"], 0.4))
    for k in range(1, 6):
        c.line(
            [(0, 610 + k * k * 7), (WIDTH, 610 + k * k * 7)],
            mix(c["wood"], c["trunk"], 0.5),
            2,
            120,
            cap=False,
        )
    # window with the town outside
    x, y, w, h = 380, 90, 440, 380
    c.rect(x - 16, y - 16, w + 32, h + 32, c["white"], 12)
    c.wash(x, y, w, h, c.light.sky_top, c.light.sky_low)
    tone = mix(c.light.far, c.light.sky_low, 0.3)
    for k in range(7):
        c.oval(
            x + 40 + k * 60, y + h - 20 - (k % 3) * 14, 48, 52, mix(tone, c.leaf[2], 0.4) if k % 2 else tone
        )
    c.rect(x, y + h - 44, w, 44, mix(tone, c.leaf[2], 0.6))
    for k in range(9):
        c.oval(x + 10 + k * 54, y + h - 30, 34, 32, mix(c.leaf[1 + k % 2], c.light.sky_low, 0.15))
    c.rect(x - 16, y + h, w + 32, 30, c["white"], 6)
    for k in (1, 2):
        c.rect(x + w * k / 3 - 5, y, 10, h, c["white"])
    c.rect(x, y + h * 0.34, w, 8, c["white"])
    # shelves
    spines = ("terracotta", "ochre", "river", "navy", "rose", "straw", "slate", "white")
    for sx, sw in ((40, 280), (880, 280)):
        c.shadow(sx + sw / 2, 612, sw * 0.55, 12)
        c.rect(sx, 120, sw, 490, mix(c["wood"], c["trunk"], 0.35), 4)
        for row in range(5):
            top = 134 + row * 95
            c.rect(sx + 12, top, sw - 24, 82, mix(c["trunk"], c["shade"], 0.3))
            bx = sx + 16
            while bx < sx + sw - 40:
                bw, bh = c.rng.uniform(11, 24), c.rng.uniform(50, 74)
                if c.rng.random() < 0.08:
                    bx += 26
                    continue
                tint = c.leaf[1] if c.rng.random() < 0.15 else c[c.rng.choice(spines)]
                c.rect(bx, top + 82 - bh, bw, bh, tint, 2)
                c.rect(bx + 2, top + 96 - bh, bw - 4, 4, c["straw"], alpha=170)
                bx += bw + 1.5
    # lamps
    for lx in (430, 600, 770):
        c.line([(lx, 0), (lx, 56)], c["slate"], 3)
        c.glow(lx, 96, 120, c.light.sun, 120 if warm else 50)
        c.slice(lx, 92, 40, 40, 180, 360, c["terracotta"])
        c.oval(lx, 93, 13, 7, c["straw"])
    c.oval(600, 716, 420, 56, mix(c["river"], c["white"], 0.12))
    c.oval(600, 716, 392, 48, mix(c["river"], c["white"], 0.3))
    # table with readers
    for px, face in ((430, 1), (640, -1), (772, -1)):
        t.person(c, px, 690, 214, "sit", face=face)
    c.shadow(600, 740, 300, 16)
    c.rect(330, 610, 540, 18, mix(c["wood"], c["white"], 0.3), 6)
    c.rect(330, 624, 540, 8, c["wood"], 3)
    for px in (360, 826):
        c.rect(px, 628, 14, 112, c["wood"], 3)
    for px, tint in ((455, "terracotta"), (600, "river"), (735, "ochre")):
        c.poly([(px - 40, 610), (px - 36, 596), (px, 602), (px, 612)], c["white"])
        c.poly([(px + 40, 610), (px + 36, 596), (px, 602), (px, 612)], c["wall2"])
        c.rect(px - 42, 609, 84, 5, c[tint], 2)
    plant(c, 960, 730, 150)
    plant(c, 250, 700, 110)


def plant(c: Canvas, x: float, y: float, h: float) -> None:
    c.shadow(x, y, h * 0.26, h * 0.05)
    for k, lean in enumerate((-0.42, -0.24, 0, 0.22, 0.42)):
        tip = (x + lean * h, y - h * (0.92 - abs(lean) * 0.6))
        base = (x, y - h * 0.3)
        mid = ((tip[0] + base[0]) / 2, (tip[1] + base[1]) / 2)
        c.poly(
            n.spline([base, (mid[0] - h * 0.08, mid[1]), tip], 5)
            + n.spline([tip, (mid[0] + h * 0.08, mid[1]), base], 5),
            c.leaf[k % 3],
        )
    c.poly(
        [(x - h * 0.2, y - h * 0.34), (x + h * 0.2, y - h * 0.34), (x + h * 0.14, y), (x - h * 0.14, y)],
        c["terracotta"],
    )


def classroom(c: Canvas) -> None:
    """A bright room with a board, desks and screens."""
    wall = mix(c["wall"], c["water"], 0.18)
    c.wash(0, 0, WIDTH, 600, mix(wall, c["white"], 0.3), wall)
    c.rect(0, 420, WIDTH, 180, mix(wall, c["lime"], 0.28))
    c.wash(0, 600, WIDTH, 200, mix(c["wood"], c["white"], 0.35), mix(c["wood"], c["white"], 0.1))
    c.rect(0, 594, WIDTH, 8, c["white"])
    for x in (50, 930):
        c.rect(x - 12, 78, 244, 324, c["white"], 8)
        c.wash(x, 90, 220, 300, c.light.sky_top, c.light.sky_low)
        for k in range(5):
            c.oval(x + 30 + k * 42, 360 - (k % 2) * 22, 36, 44, mix(c.leaf[1 + k % 2], c.light.sky_low, 0.2))
        c.rect(x, 366, 220, 24, mix(c.leaf[1], c.light.sky_low, 0.2))
        c.rect(x + 105, 90, 9, 300, c["white"])
        c.rect(x - 18, 396, 256, 15, c["white"], 3)
    plant(c, 90, 398, 78)
    # board
    c.rect(322, 92, 556, 316, c["slate"], 14)
    c.wash(336, 106, 528, 288, mix(c["navy"], c["river"], 0.35), mix(c["navy"], c["river"], 0.6))
    c.glow(600, 250, 330, c["water"], 70)
    c.oval(480, 250, 84, 84, c["ochre"])
    c.oval(480, 250, 62, 62, mix(c["navy"], c["river"], 0.5))
    c.slice(480, 250, 84, 84, -90, 20, c["terracotta"])
    c.oval(480, 250, 52, 52, mix(c["navy"], c["river"], 0.5))
    for k, h in enumerate((70, 112, 90, 148, 178)):
        c.rect(620 + k * 40, 340 - h, 27, h, (c["water"], c["straw"], c["rose"], c.leaf[3], c["ochre"])[k], 5)
    c.line([(610, 344), (826, 344)], c["white"], 3, cap=False)
    c.line([(633, 250), (673, 214), (713, 226), (753, 172), (800, 140)], c["white"], 4)
    t.person(c, 264, 620, 216, "wave")
    # desks
    for row, (y, size, spots) in enumerate(
        ((650, 1.0, (440, 640, 840, 1040)), (762, 1.3, (180, 450, 760, 1040)))
    ):
        for x in spots:
            w = 150 * size
            t.person(c, x + w * 0.42, y + 34 * size, 168 * size, "sit", face=1 if x < 600 else -1, child=True)
            c.shadow(x + w / 2, y + 60 * size, w * 0.5, 9)
            c.rect(x, y - 30 * size, w, 12 * size, c["white"], 4)
            c.rect(x, y - 20 * size, w, 6 * size, mix(c["stone"], c["shade"], 0.15), 3)
            for dx in (0.07, 0.88):
                c.rect(x + w * dx, y - 16 * size, 7 * size, 74 * size, c["steel"], 3)
            tone = c[("river", "terracotta", "ochre")[(row + int(x)) % 3]]
            c.rect(x + w * 0.28, y - 74 * size, w * 0.46, 42 * size, tone, 5)
            c.oval(x + w * 0.51, y - 53 * size, 6 * size, 6 * size, c["white"])
            c.rect(x + w * 0.22, y - 34 * size, w * 0.58, 6 * size, c["slate"], 2)


def school(c: Canvas) -> None:
    n.backdrop(c, 420, "town")
    n.ground(c, 440)
    n.grove(c, 500, (40, 140, 1070, 1170), 220, 310)
    t.facade(c, 180, 600, 350, 250, rows=3, cols=6, wall=c["wall"], band=c["ochre"])
    t.facade(c, 670, 600, 350, 250, rows=3, cols=6, wall=c["wall"], band=c["ochre"])
    for x in (166, 656):
        c.rect(x, 342, 378, 13, mix(c["terracotta"], c["shade"], 0.15), 3)
    t.facade(
        c, 470, 604, 260, 318, rows=3, cols=3, wall=mix(c["terracotta"], c["wall"], 0.25), band=c["white"]
    )
    c.poly([(452, 288), (600, 212), (748, 288)], c["white"])
    c.poly([(496, 280), (600, 228), (704, 280)], mix(c["wall2"], c["terracotta"], 0.15))
    c.oval(600, 262, 16, 16, c["white"])
    c.line([(600, 262), (600, 252)], c["shade"], 3)
    c.line([(600, 262), (607, 265)], c["shade"], 3)
    c.rect(528, 500, 144, 104, mix(c["white"], c["wall2"], 0.4))
    t.door(c, 548, 604, 48, 84, c["navy"])
    t.door(c, 604, 604, 48, 84, c["navy"])
    c.rect(506, 486, 188, 16, c["white"], 4)
    for x in (514, 676):
        c.rect(x, 500, 10, 104, c["white"])
    pavement(c, 640)
    for k in range(3):
        c.rect(496 - k * 14, 604 + k * 13, 208 + k * 28, 14, mix(c["stone"], c["shade"], 0.05 + 0.05 * k), 2)
    n.path(c, [(600, 640, 110), (600, 720, 170), (600, 830, 260)], mix(c["path"], c["terracotta"], 0.18))
    for x in (240, 370, 830, 960):
        n.bush(c, x, 636, 110, 1, blossom=True)
    t.person(c, 400, 720, 118, "walk", child=True)
    t.person(c, 452, 728, 112, "walk", child=True)
    t.person(c, 560, 690, 106, "run", child=True)
    t.person(c, 720, 724, 166, "wave", face=-1)
    t.person(c, 790, 732, 110, "walk", face=-1, child=True)
    t.lamp(c, 180, 690, 200)
    t.lamp(c, 1020, 690, 200)
    n.tree(c, 70, 730, 380, "round")
    n.tree(c, 1130, 720, 350, "birch")


def culture(c: Canvas) -> None:
    n.backdrop(c, 420, "village")
    n.ground(c, 440)
    n.grove(c, 500, (50, 160, 1050, 1150), 220, 300)
    x, y = 210, 590
    t.facade(c, x, y, 200, 200, rows=2, cols=3, wall=c["wall"], band=c["stone"])
    t.facade(c, x + 580, y, 200, 200, rows=2, cols=3, wall=c["wall"], band=c["stone"])
    c.shadow(600, y + 6, 250, 16)
    c.rect(390, y - 250, 420, 254, mix(c["wall"], c["straw"], 0.25))
    c.rect(420, y - 220, 360, 224, mix(c["terracotta"], c["wall"], 0.35))
    for k in range(3):
        t.window(c, 450 + k * 112, y - 200, 76, 66)
    t.door(c, 562, y + 2, 76, 116, c["navy"])
    for k in range(6):
        c.rect(402 + k * 74, y - 240, 26, 244, c["white"], 4)
        c.rect(420 + k * 74, y - 240, 8, 244, c["stone"])
        c.rect(397 + k * 74, y - 246, 36, 12, c["white"], 2)
    c.rect(376, y - 268, 448, 26, c["white"], 3)
    c.poly([(370, y - 266), (600, y - 356), (830, y - 266)], c["white"])
    c.poly([(418, y - 272), (600, y - 340), (782, y - 272)], mix(c["wall2"], c["ochre"], 0.2))
    c.oval(600, y - 296, 20, 20, c["terracotta"])
    for k in range(8):
        c.oval(600 + (k % 4 - 1.5) * 30, y - 286 - (k // 4) * 12, 6, 6, c.leaf[1])
    for k in range(3):
        c.rect(370 - k * 16, y + k * 13, 460 + k * 32, 14, mix(c["stone"], c["shade"], 0.04 + 0.05 * k), 2)
    pavement(c, 630)
    # bunting and a small open-air stage
    flags = ("terracotta", "ochre", "river", "white", "rose")
    for a, b in (((150, 360), (420, 330)), ((780, 330), (1050, 360))):
        rope = [
            (a[0] + (b[0] - a[0]) * s / 12, a[1] + (b[1] - a[1]) * s / 12 + 44 * (1 - ((s - 6) / 6) ** 2))
            for s in range(13)
        ]
        c.line(rope, c["slate"], 2.5)
        for k, (px, py) in enumerate(rope[1:-1]):
            c.poly([(px - 9, py), (px + 9, py), (px, py + 25)], c[flags[k % 5]])
    for px in (150, 1050):
        t.lamp(c, px, 660, 300)
    c.shadow(600, 732, 270, 14)
    c.poly([(370, 690), (830, 690), (860, 706), (340, 706)], mix(c["wood"], c["white"], 0.2))
    c.rect(340, 706, 520, 26, c["wood"], 3)
    for k, (px, pose) in enumerate(((470, "wave"), (560, "stand"), (650, "wave"), (740, "stand"))):
        t.person(c, px, 696, 132, pose, face=-1 if k % 2 else 1)
    for px in (180, 270, 950, 1040):
        t.person(c, px, 752, 170, c.rng.choice(("stand", "walk", "wave")), face=1 if px < 600 else -1)
    t.person(c, 1110, 756, 108, "stand", face=-1, child=True)


def medical(c: Canvas) -> None:
    n.backdrop(c, 420, "village")
    n.ground(c, 440)
    n.grove(c, 510, (50, 170, 1030, 1150), 210, 290)
    c.shadow(590, 622, 400, 16)
    c.wash(230, 400, 730, 220, c["white"], c["wall"])
    c.rect(230, 586, 730, 34, c["stone"])
    c.poly([(196, 404), (276, 316), (914, 316), (994, 404)], c["terracotta"])
    c.poly([(196, 404), (994, 404), (988, 392), (204, 392)], mix(c["terracotta"], c["shade"], 0.25))
    for x in (272, 376, 724, 828):
        t.window(c, x, 440, 74, 96)
    for x in (276, 380, 728, 832):
        n.bush(c, x + 35, 566, 74, 2, blossom=True)
    c.rect(486, 352, 216, 268, mix(c["river"], c["water"], 0.5), 4)
    c.poly([(462, 356), (594, 268), (726, 356)], mix(c["navy"], c["river"], 0.6))
    c.oval(594, 394, 42, 42, c["white"])
    c.rect(585, 368, 18, 52, c["terracotta"], 3)
    c.rect(568, 385, 52, 18, c["terracotta"], 3)
    for x in (528, 598):
        t.door(c, x, 620, 62, 150, c["white"])
    pavement(c, 640)
    # ramp with a handrail
    c.poly([(702, 622), (702, 606), (960, 640), (960, 650), (702, 650)], mix(c["stone"], c["shade"], 0.12))
    c.rect(470, 618, 240, 30, mix(c["stone"], c["shade"], 0.05), 3)
    for k in range(6):
        c.rect(712 + k * 48, 558 + k * 6.4, 5, 56, c["steel"], 2)
    c.line([(708, 560), (962, 594)], c["steel"], 6)
    # ambulance
    x, y, w = 90, 728, 270
    c.shadow(x + w / 2, y + 3, w * 0.54, 13)
    c.rect(x, y - 136, w * 0.72, 122, c["white"], 12)
    c.poly(
        [
            (x + w * 0.66, y - 136),
            (x + w * 0.84, y - 128),
            (x + w * 0.95, y - 78),
            (x + w, y - 66),
            (x + w, y - 14),
            (x + w * 0.66, y - 14),
        ],
        c["white"],
    )
    c.poly(
        [(x + w * 0.72, y - 118), (x + w * 0.82, y - 114), (x + w * 0.9, y - 78), (x + w * 0.72, y - 78)],
        c["glass"],
    )
    c.rect(x, y - 58, w, 17, c["terracotta"])
    c.rect(x + 40, y - 116, 17, 50, c["terracotta"], 3)
    c.rect(x + 24, y - 100, 49, 17, c["terracotta"], 3)
    c.rect(x + w * 0.6, y - 148, 38, 14, c["river"], 6)
    for dx in (0.2, 0.78):
        c.oval(x + w * dx, y - 14, 29, 29, c["shade"])
        c.oval(x + w * dx, y - 14, 12, 12, c["steel"])
    t.person(c, 500, 724, 164, "walk")
    t.person(c, 640, 716, 160, "wave", face=-1)
    wheelchair(c, 800, 716, 150)
    t.person(c, 720, 718, 150, "walk")
    n.tree(c, 1110, 730, 360, "round")


def wheelchair(c: Canvas, x: float, y: float, h: float) -> None:
    c.shadow(x, y, h * 0.36, 8)
    t.person(c, x - h * 0.05, y - h * 0.12, h, "sit")
    c.line(
        [(x - h * 0.22, y - h * 0.74), (x - h * 0.12, y - h * 0.4), (x + h * 0.2, y - h * 0.36)],
        c["slate"],
        6,
    )
    c.ring(x - h * 0.05, y - h * 0.25, h * 0.25, h * 0.25, c["shade"], 6)
    c.oval(x - h * 0.05, y - h * 0.25, 5, 5, c["shade"])
    c.oval(x + h * 0.24, y - h * 0.07, h * 0.07, h * 0.07, c["shade"])


def solar(c: Canvas) -> None:
    n.backdrop(c, 430, "fields")
    n.ground(c, 450)
    n.grove(c, 500, (40, 140, 1080, 1170), 210, 280)
    t.facade(c, 200, 650, 800, 210, rows=1, cols=9, wall=c["wall"], band=c["river"])
    t.door(c, 760, 650, 64, 122, c["terracotta"])
    roof = [(150, 448), (268, 238), (932, 238), (1050, 448)]
    c.wash_poly(roof, c["terracotta"], mix(c["terracotta"], c["brick"], 0.6))
    c.rect(146, 442, 908, 14, mix(c["brick"], c["shade"], 0.25), 4)
    for row in range(3):
        for col in range(7):
            y = 252 + row * 62
            left = 298 - row * 28
            w = (604 + row * 56) / 7
            x = left + col * w
            slant = (3 - col) * 4.2
            t.solar_panel(c, x + 4, y, w - 9, 54, slant)
    c.rect(850, 172, 54, 92, c["brick"])
    c.rect(842, 164, 70, 15, c["stone"], 3)
    pavement(c, 668)
    # charging post with a car
    c.rect(330, 560, 36, 116, c["white"], 8)
    c.rect(337, 572, 22, 30, c["lime"], 4)
    c.line(n.spline([(366, 620), (396, 664), (420, 640), (432, 630)], 6), c["shade"], 5)
    t.car(c, 420, 704, 250, c["green"])
    t.person(c, 300, 712, 160, "stand")
    t.person(c, 800, 716, 166, "wave", face=-1)
    t.person(c, 866, 718, 104, "walk", face=-1, child=True)
    for x in (90, 1000, 1110):
        n.bush(c, x, 690, 140, 1, blossom=True)
    n.tree(c, 1120, 700, 330, "birch")


def museum(c: Canvas) -> None:
    n.backdrop(c, 430, "fields")
    n.ground(c, 448)
    n.grove(c, 500, (50, 160, 1040, 1150), 220, 300)
    # ornamented brick museum with a tiled roof and corner towers
    brick, pale = mix(c["ochre"], c["wall"], 0.45), c["white"]
    c.shadow(600, 606, 400, 16)
    c.wash(250, 380, 700, 222, mix(brick, c["white"], 0.12), brick)
    c.poly([(226, 386), (290, 296), (910, 296), (974, 386)], mix(c.leaf[0], c["river"], 0.5))
    for x in (220, 840):
        c.rect(x, 320, 140, 282, mix(brick, c["white"], 0.2))
        c.poly([(x - 16, 324), (x + 70, 206), (x + 156, 324)], c["terracotta"])
        c.poly([(x + 70, 206), (x + 156, 324), (x + 92, 324)], mix(c["terracotta"], c["shade"], 0.2))
        c.rect(x, 336, 140, 22, c["river"])
        for k in range(6):
            c.poly(
                [
                    (x + 12 + k * 23, 338),
                    (x + 21 + k * 23, 347),
                    (x + 12 + k * 23, 356),
                    (x + 3 + k * 23, 347),
                ],
                c["straw"],
            )
    c.rect(360, 392, 480, 18, c["river"])
    for k in range(20):
        c.poly(
            [(372 + k * 24, 393), (380 + k * 24, 401), (372 + k * 24, 409), (364 + k * 24, 401)], c["straw"]
        )
    for x in (254, 392, 478, 664, 750, 874):
        glass = c["lamp"] if c.light.is_dark else c["glass"]
        c.poly([(x - 5, 560), (x - 5, 452), (x + 10, 430), (x + 42, 430), (x + 57, 452), (x + 57, 560)], pale)
        c.poly([(x, 555), (x, 454), (x + 13, 436), (x + 39, 436), (x + 52, 454), (x + 52, 555)], glass)
        c.rect(x + 24, 436, 4, 119, pale)
        c.rect(x, 490, 52, 4, pale)
    c.poly([(536, 602), (536, 460), (562, 424), (638, 424), (664, 460), (664, 602)], pale)
    c.poly(
        [(550, 602), (550, 466), (570, 440), (630, 440), (650, 466), (650, 602)],
        mix(c["wood"], c["trunk"], 0.4),
    )
    c.rect(598, 442, 4, 160, mix(c["wood"], c["trunk"], 0.8))
    for k in range(3):
        c.rect(510 - k * 16, 600 + k * 12, 180 + k * 32, 13, mix(c["stone"], c["shade"], 0.05 * k + 0.03), 2)
    pavement(c, 636)
    # kobzar's monument on a plinth
    x, y = 960, 724
    c.shadow(x, y + 2, 110, 14)
    c.rect(x - 84, y - 22, 168, 24, c["stone"], 3)
    c.poly(
        [(x - 54, y - 130), (x + 54, y - 130), (x + 64, y - 20), (x - 64, y - 20)],
        mix(c["stone"], c["wall"], 0.4),
    )
    bronze, dark = mix(c["wood"], c["slate"], 0.5), mix(c["wood"], c["shade"], 0.65)
    c.poly(
        n.spline(
            [
                (x - 46, y - 130),
                (x - 40, y - 214),
                (x - 22, y - 258),
                (x + 14, y - 258),
                (x + 34, y - 210),
                (x + 48, y - 130),
            ],
            6,
        ),
        bronze,
    )
    c.oval(x - 4, y - 282, 22, 26, bronze)
    c.oval(x + 6, y - 186, 28, 34, dark)
    c.line([(x - 4, y - 204), (x - 42, y - 266)], dark, 9)
    for k in range(9):
        n.bush(c, x - 96 + k * 24, y + 16, 34, 2, blossom=True)
    t.person(c, 330, 716, 160, "walk")
    t.person(c, 400, 722, 156, "wave")
    for px in (470, 512, 552):
        t.person(c, px, 714, 106, "stand", face=-1, child=True)
    t.bench(c, 690, 706, 140)
    t.lamp(c, 180, 700, 230)
    n.tree(c, 80, 736, 360, "round")


SCENES = {
    "library": library,
    "classroom": classroom,
    "school": school,
    "culture": culture,
    "medical": medical,
    "solar": solar,
    "museum": museum,
}
