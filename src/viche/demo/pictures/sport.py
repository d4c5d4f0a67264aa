"""Scenes of play and sport outdoors."""

from __future__ import annotations

from viche.demo.pictures import nature as n
from viche.demo.pictures import things as t
from viche.demo.pictures.canvas import WIDTH, Canvas, mix


def playground(c: Canvas) -> None:
    n.backdrop(c, 430, "town")
    n.ground(c, 446)
    n.grove(c, 478, (60, 190, 1010, 1140), 190, 270)
    c.oval(610, 630, 520, 118, mix(c["path"], c["ochre"], 0.22))
    c.oval(610, 626, 506, 110, c["path"])
    c.oval(330, 640, 150, 34, mix(c["path"], c["river"], 0.3))
    # tower with a slide
    x, y = 590, 620
    c.shadow(x + 70, y + 4, 190, 18)
    for dx in (0, 92, 132):
        c.rect(x + dx, y - 250, 11, 250, c["wood"], 4)
    c.rect(x - 6, y - 138, 156, 14, mix(c["wood"], c["shade"], 0.2), 3)
    for dx in range(5):
        c.rect(x + 14 + dx * 25, y - 190, 9, 52, c["ochre"], 4)
    c.rect(x + 4, y - 196, 136, 11, c["ochre"], 5)
    c.poly([(x - 26, y - 246), (x + 70, y - 326), (x + 170, y - 246)], c["terracotta"])
    c.poly([(x + 70, y - 326), (x + 170, y - 246), (x + 96, y - 246)], mix(c["terracotta"], c["shade"], 0.2))
    for step in range(5):
        c.line(
            [(x - 44 + step * 9, y - 18 - step * 26), (x - 10 + step * 3, y - 18 - step * 26)], c["slate"], 6
        )
    c.line([(x - 50, y), (x - 4, y - 136)], c["slate"], 7)
    slide = [(x + 142, y - 140), (x + 176, y - 132), (x + 226, y - 62), (x + 262, y - 22), (x + 312, y - 12)]
    c.line(n.spline(slide), mix(c["river"], c["shade"], 0.25), 30)
    c.line(n.spline([(px, py - 7) for px, py in slide]), c["water"], 20)
    t.person(c, x + 58, y - 138, 84, "wave", child=True)
    # swings
    for lean in (-1, 1):
        c.line([(260 + lean * 24 - 96, 646), (164, 410)], c["navy"], 9)
        c.line([(260 + lean * 24 + 96, 646), (356, 410)], c["navy"], 9)
    c.line([(164, 410), (356, 410)], c["navy"], 10)
    for px, sway in ((214, -22), (306, 12)):
        for rope in (-16, 16):
            c.line([(px + rope, 412), (px + rope + sway, 566)], c["slate"], 3)
        c.rect(px - 25 + sway, 564, 50, 9, c["terracotta"], 4)
    t.person(c, 192, 602, 92, "sit", child=True)
    # spring rider and sand
    c.line(n.spline([(1010, 662), (1020, 650), (1002, 640), (1014, 628)], 4), c["slate"], 6)
    c.rect(970, 590, 92, 36, c["river"], 18)
    c.oval(1060, 588, 22, 22, c["river"])
    c.oval(1066, 584, 3, 3, c["shade"])
    t.person(c, 470, 676, 132, "walk")
    t.person(c, 424, 680, 82, "walk", child=True)
    n.bush(c, 1130, 690, 150, 1, blossom=True)
    n.bush(c, 70, 668, 120, 1)
    n.meadow(c, 720, 60)


def bike_lane(c: Canvas) -> None:
    n.backdrop(c, 410, "town")
    n.ground(c, 428)
    n.grove(c, 462, (60, 180, 320, 930, 1060), 170, 260)
    lane = mix(c["terracotta"], c["rose"], 0.25)
    n.meadow(c, 722, 54)
    n.path(c, [(1010, 440, 6), (900, 480, 22), (720, 560, 70), (560, 660, 150), (450, 830, 290)], lane)
    for a, b in (
        ((905, 477), (850, 500)),
        ((790, 528), (730, 558)),
        ((675, 592), (620, 634)),
        ((570, 680), (515, 750)),
    ):
        w = 2 + (b[1] - 470) / 34
        c.line([a, b], c["white"], w, cap=False)
    n.path(c, [(1040, 440, 3), (1010, 490, 10), (960, 570, 28), (900, 680, 60), (860, 830, 110)])
    for x, y, h in ((1090, 520, 250), (1140, 690, 390)):
        t.lamp(c, x, y, h * 0.8)
    n.tree(c, 170, 580, 330, "round")
    n.tree(c, 330, 556, 260, "birch")
    cyclist(c, 640, 640, 1.0)
    cyclist(c, 800, 535, 0.52)
    t.person(c, 968, 640, 136, "walk", face=-1)
    for x in (40, 170, 290):
        n.bush(c, x, 700, 140, 1, blossom=True)


def cyclist(c: Canvas, x: float, y: float, size: float, face: int = -1) -> None:
    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + face * dx * size, y + dy * size

    c.shadow(x, y + 2, 120 * size, 11 * size)
    for dx in (-62, 62):
        wx, wy = at(dx, -38)
        c.ring(wx, wy, 38 * size, 38 * size, c["shade"], 5 * size)
        c.oval(wx, wy, 5 * size, 5 * size, c["slate"])
    frame, shirt = c["navy"], t.clothes(c)
    for a, b in (
        ((-62, -38), (-8, -38)),
        ((-8, -38), (48, -92)),
        ((-26, -92), (48, -92)),
        ((-8, -38), (-28, -104)),
        ((-62, -38), (-26, -92)),
        ((48, -92), (62, -38)),
        ((44, -106), (48, -92)),
        ((44, -106), (60, -112)),
    ):
        c.line([at(*a), at(*b)], frame, 6 * size)
    c.line([at(-42, -106), at(-14, -106)], c["shade"], 8 * size)
    for knee, foot, tone in (((26, -74), (8, -16), c["shade"]), ((18, -92), (-20, -44), c["slate"])):
        c.line([at(-26, -110), at(*knee), at(*foot)], tone, 15 * size)
    c.poly([at(-42, -108), at(-12, -112), at(26, -168), at(6, -186)], shirt)
    c.line([at(14, -170), at(30, -132), at(54, -114)], mix(shirt, c["shade"], 0.16), 12 * size)
    hx, hy = at(30, -204)
    c.oval(hx, hy, 17 * size, 18 * size, c["skin"])
    c.slice(hx, hy - 3 * size, 20 * size, 20 * size, 180, 360, c["ochre"])


def stadium(c: Canvas) -> None:
    n.backdrop(c, 400, "town")
    n.ground(c, 420)
    n.grove(c, 446, (30, 130, 1080, 1170), 170, 240)
    # stand
    c.shadow(600, 470, 430, 14)
    for row in range(5):
        tone = (c["river"], c["white"], c["river"], c["ochre"], c["river"])[row]
        c.rect(230 + row * 8, 348 + row * 24, 740 - row * 16, 26, mix(c["stone"], c["shade"], 0.06 * row))
        for seat in range(30):
            c.rect(244 + row * 8 + seat * (24.2 - row * 0.53), 351 + row * 24, 16, 14, tone, 3)
    c.poly([(210, 336), (250, 292), (950, 292), (990, 336)], c["white"])
    c.rect(210, 334, 780, 10, c["steel"])
    for x in (246, 480, 716, 950):
        c.rect(x, 340, 7, 124, c["steel"])
    track = mix(c["terracotta"], c["rose"], 0.2)
    c.poly([(-40, 830), (150, 462), (1050, 462), (1240, 830)], track)
    for lane in range(5):
        s = lane * 18
        c.line([(-40 + s * 2.6, 830), (150 + s * 1.15, 462)], c["white"], 2.5, 200, cap=False)
        c.line([(1240 - s * 2.6, 830), (1050 - s * 1.15, 462)], c["white"], 2.5, 200, cap=False)
    turf = [(272, 480), (928, 480), (1076, 850), (124, 850)]
    c.poly(turf, c["green"])
    for stripe in range(0, 6, 2):
        a, b = 480 + stripe * stripe * 10, 480 + (stripe + 1) * (stripe + 1) * 10
        c.poly(
            [
                (272 - (a - 480) * 0.4, a),
                (928 + (a - 480) * 0.4, a),
                (928 + (b - 480) * 0.4, b),
                (272 - (b - 480) * 0.4, b),
            ],
            mix(c["green"], c["lime"], 0.45),
        )
    c.line([(272, 480), (928, 480)], c["white"], 4)
    c.line([(214, 625), (986, 625)], c["white"], 5)
    c.ring(600, 625, 118, 40, c["white"], 5)
    # goal
    for k in range(9):
        c.line([(510 + k * 22.5, 400), (510 + k * 22.5, 480)], c["white"], 1, 120, cap=False)
    for k in range(5):
        c.line([(510, 404 + k * 18), (690, 404 + k * 18)], c["white"], 1, 120, cap=False)
    c.line([(510, 484), (510, 400), (690, 400), (690, 484)], c["white"], 6)
    t.person(c, 420, 610, 138, "run")
    t.person(c, 760, 580, 122, "run", face=-1)
    t.person(c, 640, 706, 176, "run", face=-1)
    t.person(c, 330, 540, 104, "stand")
    c.shadow(548, 716, 17, 5)
    c.oval(548, 700, 16, 16, c["white"])
    c.oval(548, 700, 6, 6, c["shade"])
    for x in (80, 1120):
        c.rect(x - 5, 150, 10, 320, c["steel"], 3)
        c.rect(x - 44, 128, 88, 42, c["slate"], 6)
        for col in range(4):
            for row in range(2):
                c.oval(x - 31 + col * 21, 140 + row * 19, 7, 7, c["straw"])
        if c.light.is_dark:
            c.glow(x, 150, 190, c.light.sun, 190)


def workout(c: Canvas) -> None:
    n.backdrop(c, 424, "town")
    n.ground(c, 440)
    n.grove(c, 474, (50, 170, 290, 960, 1090), 190, 280)
    c.poly([(150, 560), (1050, 560), (1170, 730), (30, 730)], mix(c["river"], c["slate"], 0.35))
    c.poly([(168, 566), (1032, 566), (1140, 720), (60, 720)], mix(c["water"], c["slate"], 0.25))
    c.oval(600, 646, 250, 52, mix(c["water"], c["white"], 0.18))
    steel, accent = c["navy"], c["ochre"]

    def post(x: float, y: float, h: float) -> None:
        c.shadow(x + 6, y, 16, 5)
        c.rect(x - 6, y - h, 12, h, steel, 5)
        c.rect(x - 9, y - h, 18, 22, accent, 5)

    for x, h in ((270, 250), (430, 250), (590, 210), (750, 176)):
        post(x, 630, h)
    for a, b, y in ((270, 430, 392), (430, 590, 432), (590, 750, 466)):
        c.line([(a, y), (b, y)], c["steel"], 8)
    # ladder
    post(850, 640, 240)
    post(1000, 640, 240)
    for k in range(7):
        c.line([(850, 430 + k * 30), (1000, 430 + k * 30)], c["steel"], 7)
    # hanging figure
    x, y = 350, 392
    shirt = c["terracotta"]
    for dx in (-22, 22):
        c.line([(x + dx, y), (x + dx * 0.8, y + 56)], c["skin"], 11)
        c.line(
            [(x + dx * 0.4, y + 118), (x + dx * 0.5 + 8, y + 160), (x + dx * 0.5 - 6, y + 200)],
            c["shade"],
            14,
        )
    c.poly([(x - 24, y + 52), (x + 24, y + 52), (x + 15, y + 124), (x - 15, y + 124)], shirt)
    c.oval(x, y + 32, 17, 19, c["skin"])
    c.slice(x, y + 28, 18, 19, 180, 360, c.lit((74, 50, 38)))
    # parallel bars, in front
    for bx, by in ((110, 690), (250, 690)):
        post(bx, by, 110)
    c.line([(104, 584), (262, 584)], c["steel"], 9)
    t.person(c, 690, 676, 146, "walk", face=-1)
    t.person(c, 930, 690, 150, "wave", face=-1)
    t.bench(c, 500, 702, 130)
    n.tree(c, 1130, 640, 330, "round")
    n.meadow(c, 738, 46)
    n.foreground(c)


def dog_park(c: Canvas) -> None:
    n.backdrop(c, 424, "town")
    n.ground(c, 440)
    n.grove(c, 474, (60, 180, 880, 1010, 1140), 190, 270)
    fence = mix(c["wood"], c["white"], 0.2)
    for y in (470, 496):
        c.rect(-5, y, WIDTH + 10, 7, fence)
    for x in range(10, WIDTH, 46):
        c.rect(x, 456, 9, 62, fence, 4)
    c.oval(600, 640, 520, 116, c.leaf[3], 110)
    # jump
    c.shadow(330, 620, 110, 9)
    for x in (236, 412):
        c.rect(x, 500, 14, 120, c["terracotta"], 4)
    for y, tone in ((540, c["white"]), (578, c["ochre"])):
        c.rect(244, y, 174, 11, tone, 5)
    # ramp
    c.shadow(880, 660, 200, 12)
    c.poly([(700, 656), (860, 560), (860, 576), (728, 656)], c["river"])
    c.poly([(860, 560), (950, 560), (950, 576), (860, 576)], c["ochre"])
    c.poly([(950, 560), (1096, 656), (1068, 656), (950, 576)], c["river"])
    for x in (870, 932):
        c.rect(x, 574, 10, 84, c["slate"], 3)
    # tunnel
    for k in range(6):
        c.oval(560 + k * 15, 560, 15, 36, mix(c["river"], c["white"], 0.1 + 0.5 * (k % 2)))
    c.oval(556, 560, 11, 30, c["shade"])
    t.dog(c, 330, 540, 76)
    t.dog(c, 906, 560, 62, -1)
    t.dog(c, 640, 700, 88, -1)
    t.person(c, 500, 712, 176, "wave")
    t.person(c, 1010, 712, 168, "stand", face=-1)
    t.dog(c, 1080, 716, 66, -1)
    t.bench(c, 90, 676, 150)
    t.person(c, 150, 676, 140, "sit")
    n.tree(c, 70, 610, 310, "round")
    n.meadow(c, 732, 54)
    n.foreground(c)


SCENES = {
    "playground": playground,
    "bike_lane": bike_lane,
    "stadium": stadium,
    "workout": workout,
    "dog_park": dog_park,
}
