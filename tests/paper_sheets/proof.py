"""A seeded proof of the reading: our own sheets, marked by a simulated pen and scanned by a simulated scanner.

Everything is drawn from one number: the same seed makes the same page, byte for byte.
"""

import io
import itertools
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from viche.channels.paper.scanning.pages import ReadPage, ScanResult
from viche.channels.paper.scanning.reading import read_scan
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.layout import RANDOM, Box, LayoutBook, Line, Page, SheetLayout, Words
from viche.channels.paper.sheets.printing import ballots_pdf

KEY = b"a key of the proof"
CONTEST = "0190aa11bb22"
DPI = 300
TITLES = (
    "Капітальний ремонт тротуару та облаштування пішохідного переходу біля школи № 12",
    "Сквер на місці пустиря",
    "Дитячий майданчик «Казка» у дворі будинків по вулиці Європейській, 146, 148, 150",
    "Комп’ютерний клас для людей поважного віку в бібліотеці-філії",
)
PENS = ("tick", "cross", "slash", "filled", "dot", "thin", "felt", "pencil", "outward", "blue")
"""Marks that a person takes for a mark at once."""
ODD = ("struck", "strays", "touch", "smudge", "beside")
"""What a person would look at twice: struck out after filling; a mark whose stroke runs into the next box; the pen set
down and lifted; a grey smudge; a mark beside its box. Right is to flag, or to read what a person would.
"""


def layouts() -> tuple[SheetLayout, ...]:
    """One of each kind of ballot and of print."""

    def lines(number: int) -> tuple[Line, ...]:
        return tuple(
            Line(str(at), str(at), TITLES[at % 4], "Подільський район · 480 000 ₴") for at in range(1, number + 1)
        )  # fmt: skip

    words = Words(
        "Полтавська громада", "Громадський бюджет 2026", "Бюлетень", ("Поставте позначку в квадраті.",)
    )
    return (
        SheetLayout(CONTEST, "approval", lines(40), words=words),
        SheetLayout(CONTEST, "approval", lines(12), is_large=True, words=words),
        SheetLayout(CONTEST, "approval", lines(40), order=RANDOM, is_named=True, words=words),
        SheetLayout(CONTEST, "points", lines(14), most=10, words=words),
        SheetLayout(CONTEST, "ranking", lines(9), most=5, words=words),
        SheetLayout(CONTEST, "plus-minus", lines(24), words=words),
        SheetLayout(CONTEST, "points", lines(6), most=40, words=words),
    )


def book() -> LayoutBook:
    return LayoutBook(CONTEST, {each.digest: each for each in layouts()}, KEY)


@dataclass
class Drawn:
    """What was drawn into one box. may_be: what a reader may answer: "marked", "empty", "unsure"."""

    box: Box
    pen: str
    may_be: frozenset[str]


@dataclass
class Proof:
    """Counts by pen: right, flagged, wrong; pages, pages not read, empty boxes flagged."""

    boxes: dict[str, Counter[str]] = field(default_factory=dict)
    pages: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def total(self, answer: str) -> int:
        return sum(count[answer] for count in self.boxes.values())

    def add(self, other: "Proof") -> None:
        for pen, count in other.boxes.items():
            self.boxes.setdefault(pen, Counter()).update(count)
        self.pages += other.pages
        self.unread.update(other.unread)
        self.wrong += other.wrong


def blank(layout: SheetLayout, serial: int) -> list[NDArray[np.uint8]]:
    """The printed pages of a sheet as coloured pictures."""
    document = pypdfium2.PdfDocument(ballots_pdf(layout, [serial], key=KEY))
    return [np.array(page.render(scale=DPI / 72).to_pil().convert("RGB")) for page in document]


class Hand:
    """A pen in a hand: strokes that shake, ink of one colour."""

    def __init__(self, page: NDArray[np.uint8], draw: np.random.Generator) -> None:
        self.page, self.draw = page, draw

    def stroke(
        self, points: list[tuple[float, float]], width: float, colour: tuple[int, int, int], strength: float = 1.0
    ) -> None:  # fmt: skip
        """points in hundredths of a millimetre; width too."""
        dots = []
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            steps = max(int(math.hypot(x2 - x1, y2 - y1) / 60), 2)
            for at in range(steps + 1):
                share = at / steps
                shake = self.draw.normal(0, 6, 2)
                dots.append((x1 + (x2 - x1) * share + shake[0], y1 + (y2 - y1) * share + shake[1]))
        scaled = np.array([[x * DPI / 2540 * 16, y * DPI / 2540 * 16] for x, y in dots], dtype=np.int32)
        layer = np.zeros(self.page.shape[:2], dtype=np.uint8)
        cv2.polylines(
            layer, [scaled.reshape(-1, 1, 2)], False, 255, max(round(width * DPI / 2540), 1), cv2.LINE_AA, 4
        )
        self.put(layer, colour, strength)

    def blot(
        self, x: float, y: float, radius: float, colour: tuple[int, int, int], strength: float = 1.0
    ) -> None:
        layer = np.zeros(self.page.shape[:2], dtype=np.uint8)
        centre = (round(x * DPI / 2540 * 16), round(y * DPI / 2540 * 16))
        cv2.circle(layer, centre, round(radius * DPI / 2540 * 16), 255, -1, cv2.LINE_AA, 4)
        self.put(layer, colour, strength)

    def put(self, layer: NDArray[np.uint8], colour: tuple[int, int, int], strength: float) -> None:
        ys, xs = np.nonzero(layer)
        if not len(ys):
            return
        part = np.s_[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
        mask = (layer[part].astype(np.float32) / 255 * strength)[:, :, None]
        grain = 1 - 0.15 * self.draw.random(mask.shape, dtype=np.float32)
        mask = mask * grain
        ink = np.array(colour, dtype=np.float32)
        self.page[part] = (self.page[part] * (1 - mask) + np.minimum(self.page[part], ink) * mask).astype(
            np.uint8
        )


BLACK, BLUE, GRAPHITE = (25, 25, 30), (35, 50, 150), (95, 95, 100)


def mark(hand: Hand, box: Area, pen: str) -> None:
    """One of PENS in a box."""
    draw = hand.draw
    x, y, side = box.x, box.y, box.width
    slip = draw.normal(0, 0.06 * side, 2)
    cx, cy = x + side / 2 + slip[0], y + side / 2 + slip[1]
    r = side * draw.uniform(0.32, 0.55)
    colour = {"pencil": GRAPHITE, "blue": BLUE}.get(pen, BLACK if draw.random() < 0.5 else BLUE)
    width = {"thin": 22, "felt": 110, "pencil": 45}.get(pen, draw.uniform(30, 55))
    strength = draw.uniform(0.55, 0.85) if pen == "pencil" else draw.uniform(0.85, 1.0)
    shape = pen if pen in ("tick", "cross", "slash", "filled", "dot", "outward") else str(
        draw.choice(["tick", "cross", "slash"])
    )  # fmt: skip
    if shape == "tick":
        hand.stroke(
            [(cx - r * 0.8, cy), (cx - r * 0.2, cy + r * 0.8), (cx + r, cy - r)], width, colour, strength
        )
    elif shape == "outward":
        hand.stroke(
            [(cx - r, cy), (cx - r * 0.2, cy + r), (cx + side * 1.3, cy - side * 1.1)],
            width,
            colour,
            strength,
        )
    elif shape == "cross":
        hand.stroke([(cx - r, cy - r), (cx + r, cy + r)], width, colour, strength)
        hand.stroke([(cx + r, cy - r), (cx - r, cy + r)], width, colour, strength)
    elif shape == "slash":
        hand.stroke([(cx - r, cy + r), (cx + r, cy - r)], width, colour, strength)
    elif shape == "dot":
        hand.blot(cx, cy, draw.uniform(0.13, 0.2) * side, colour, strength)
    else:
        fill(hand, box, colour)


def fill(hand: Hand, box: Area, colour: tuple[int, int, int]) -> None:
    """The box filled by going to and fro."""
    inner = box.width * 0.36
    cx, cy = box.x + box.width / 2, box.y + box.height / 2
    points = []
    for at in range(14):
        way = -1 if at % 2 else 1
        points.append((cx + way * inner, cy - inner + 2 * inner * at / 13))
    hand.stroke(points, 55, colour)


def odd(hand: Hand, box: Area, near: Area | None, pen: str) -> None:
    """One of ODD in a box. near: a box beside or below, for a stroke that runs into it."""
    draw = hand.draw
    cx, cy, side = box.x + box.width / 2, box.y + box.height / 2, box.width
    if pen == "struck":
        fill(hand, box, BLUE)
        for _ in range(2):
            tilt = draw.uniform(-0.5, 0.5)
            hand.stroke([(cx - side * 1.1, cy - side * tilt), (cx + side * 1.1, cy + side * tilt)], 50, BLUE)
    elif pen == "strays" and near is not None:
        mark(hand, box, "cross")
        nx, ny = near.x + near.width * draw.uniform(0.3, 0.7), near.y + near.height * draw.uniform(0.2, 0.8)
        hand.stroke([(cx, cy), (nx, ny)], 40, BLUE)
    elif pen == "touch":
        hand.blot(cx, cy, draw.uniform(0.03, 0.06) * side, BLACK)
    elif pen == "smudge":
        layer = np.zeros(hand.page.shape[:2], dtype=np.uint8)
        centre = (round(cx * DPI / 2540), round(cy * DPI / 2540))
        cv2.circle(layer, centre, round(side * 0.5 * DPI / 2540), 255, -1)
        hand.put(cv2.GaussianBlur(layer, (0, 0), 8), GRAPHITE, draw.uniform(0.12, 0.25))
    elif pen == "beside":
        hand.stroke([(cx - side * 1.1, cy - side * 0.4), (cx - side * 0.75, cy + side * 0.4)], 45, BLUE)


_MAY = {
    "struck": {"unsure", "empty"}, "strays": {"marked", "unsure"}, "touch": {"empty", "unsure"},
    "smudge": {"empty", "unsure"}, "beside": {"unsure", "empty"},
}  # fmt: skip


def filled_in(
    page: NDArray[np.uint8], plan: Page, draw: np.random.Generator, odd_share: float
) -> list[Drawn]:
    """The page marked by one hand: some boxes with a pen of its own, now and then something odd."""
    hand = Hand(page, draw)
    pen = str(draw.choice(PENS))
    share = draw.uniform(0.08, 0.4)
    drawn: dict[int, Drawn] = {}
    by_code: set[tuple[str, int]] = set()
    for at, box in enumerate(plan.boxes):
        key = (box.code, box.row)
        if at in drawn or key in by_code:
            continue
        if draw.random() < odd_share:
            kind = str(draw.choice(ODD))
            near = next(
                (
                    other
                    for other in range(at + 1, len(plan.boxes))
                    if other not in drawn and _near(box, plan.boxes[other])
                ),
                None,
            )
            if kind == "strays" and near is None:
                continue
            odd(hand, box.area, plan.boxes[near].area if near is not None else None, kind)
            drawn[at] = Drawn(box, kind, frozenset(_MAY[kind]))
            if kind == "strays" and near is not None:
                drawn[near] = Drawn(plan.boxes[near], "strayed into", frozenset({"empty", "unsure"}))
                by_code.add((plan.boxes[near].code, plan.boxes[near].row))
            by_code.add(key)
        elif draw.random() < share:
            mark(hand, box.area, pen)
            drawn[at] = Drawn(box, pen, frozenset({"marked"}))
            by_code.add(key)
    return [drawn.get(at, Drawn(box, "none", frozenset({"empty"}))) for at, box in enumerate(plan.boxes)]


def _near(box: Box, other: Box) -> bool:
    return abs(other.area.x - box.area.x) + abs(other.area.y - box.area.y) < 2_500


def scanned(page: NDArray[np.uint8], draw: np.random.Generator, *, hard: float = 1.0) -> bytes:
    """A scan of the page as a JPEG: turned, seen askew, bent, 150 to 300 dots an inch, shadow, blur, noise."""
    dpi = int(draw.integers(150, 301))
    height, width = page.shape[:2]
    scale = dpi / DPI
    border = int(60 * scale)
    out_w, out_h = int(width * scale) + 2 * border, int(height * scale) + 2 * border
    tilt = hard * 0.012 * draw.uniform(-1, 1, (4, 2)) * width * scale
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    goal = corners * scale + border + tilt.astype(np.float32)
    angle = math.radians(float(draw.normal(0, 2.0 * hard)))
    middle = goal.mean(axis=0)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    goal = ((goal - middle) @ turn.T + middle).astype(np.float32)
    low, high = goal.min(axis=0), goal.max(axis=0)
    goal -= np.minimum(low - 4, 0).astype(np.float32)
    out_w, out_h = (
        max(out_w, int(high[0] - min(low[0], 0)) + 9),
        max(out_h, int(high[1] - min(low[1], 0)) + 9),
    )
    back = cv2.getPerspectiveTransform(goal, corners)
    ys, xs = np.mgrid[0:out_h, 0:out_w].astype(np.float32)
    bend = hard * 3.0 * draw.uniform(0.2, 1.0)
    wave = (
        bend
        * np.sin(ys / out_h * math.pi * draw.uniform(0.5, 2) + draw.uniform(0, 6)).astype(np.float32)
        * scale
    )
    flat = cv2.perspectiveTransform(np.stack([xs + wave, ys], axis=-1).reshape(1, -1, 2), back).reshape(
        out_h, out_w, 2
    )
    source = page if scale > 0.8 else cv2.GaussianBlur(page, (0, 0), 0.35 / scale)
    bed = int(draw.choice([250, 235, 60]))
    picture = cv2.remap(source, flat[:, :, 0], flat[:, :, 1], cv2.INTER_LINEAR, borderValue=(bed, bed, bed))
    light = _light(out_h, out_w, draw, hard)
    paper = draw.uniform(0.82, 1.0)
    seen = picture.astype(np.float32) * (light * paper)[:, :, None]
    black = draw.uniform(0, 35)
    seen = black + seen * (255 - black) / 255
    seen = cv2.GaussianBlur(seen, (0, 0), max(draw.uniform(0.3, 1.0) * scale * 1.2 * hard, 0.3))
    noise = draw.standard_normal(seen.shape[:2], dtype=np.float32) * np.float32(draw.uniform(1, 9) * hard)
    seen += noise[:, :, None]
    seen = np.clip(seen, 0, 255).astype(np.uint8)
    for _ in range(int(draw.choice([0, 0, 0, 1, 2, 3]))):
        seen = np.rot90(seen)
    if draw.random() < 0.35:
        seen = cv2.cvtColor(np.ascontiguousarray(seen), cv2.COLOR_RGB2GRAY)
    kept = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(seen)).save(kept, "JPEG", quality=int(draw.integers(45, 95)))
    return kept.getvalue()


def _light(height: int, width: int, draw: np.random.Generator, hard: float) -> NDArray[np.float32]:
    """Brighter here, darker there; sometimes the shadow of a hand or of the spine."""
    ys, xs = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    way = draw.uniform(0, 2 * math.pi)
    light = 1 - 0.18 * hard * draw.random() * (xs * math.cos(way) + ys * math.sin(way) + 1) / 2
    if draw.random() < 0.5:
        x, y, r = draw.uniform(-0.2, 1.2), draw.uniform(-0.2, 1.2), draw.uniform(0.2, 0.6)
        distance = np.sqrt((xs - x) ** 2 + (ys - y) ** 2)
        light = light * (
            1
            - draw.uniform(0.1, 0.4)
            * hard
            / (1 + np.exp(np.clip((distance - r) * draw.uniform(15, 80), -50, 50)))
        )
    return np.asarray(light, dtype=np.float32)


def judged(drawn: list[Drawn], read: ReadPage, where: str) -> Proof:
    """What the reader said against what was drawn, box by box."""
    proof = Proof(pages=1)
    if read.faults:
        proof.unread.update(read.faults)
        for each in drawn:
            proof.boxes.setdefault(each.pen, Counter())["page flagged"] += 1
        return proof
    flagged = {each.code for each in read.unsure}
    themselves = {(each.code, each.value) for each in read.unsure}
    values = dict(read.choices)
    for code in dict.fromkeys(each.box.code for each in drawn):
        row = [each for each in drawn if each.box.code == code]
        said = values.get(code, 0)
        is_right = said in _totals(row)
        for each in row:
            is_at_fault = each.pen != "none" or said == each.box.value
            answer = "wrong" if is_at_fault and not is_right and code not in flagged else "right"
            is_flagged = code in flagged if each.pen != "none" else (code, each.box.value) in themselves
            proof.boxes.setdefault(each.pen, Counter())["flagged" if is_flagged else answer] += 1
        if not is_right and code not in flagged:
            pens = [
                (each.box.value, each.pen, read.ink[(code, each.box.value)])
                for each in row
                if each.pen != "none"
            ]
            proof.wrong.append(f"{where}: project {code} read as {said}, drawn {pens}")
    return proof


def _totals(row: list[Drawn]) -> set[int]:
    """Every value that may be read where each box is what it may be."""
    found = {0}
    for each in row:
        without = found if "empty" in each.may_be else set()
        found = without | ({total + each.box.value for total in found} if "marked" in each.may_be else set())
    return found


def proven(
    seed: int, *, odd_share: float = 0.02, hard: float = 1.0, read: Callable[..., ScanResult] = read_scan
) -> Proof:
    """One sheet of one layout, all of its pages."""
    draw = np.random.default_rng(seed)
    each = layouts()
    layout = each[seed % len(each)]
    serial = int(draw.integers(1, 1_000_000))
    proof = Proof()
    for plan, page in zip(layout.pages(serial), blank(layout, serial), strict=True):
        drawn = filled_in(page, plan, draw, odd_share)
        result = read(scanned(page, draw, hard=hard), layouts=book())
        said = result.pages[0]
        if not said.faults and (said.serial, said.page) != (serial, plan.number):
            proof.wrong.append(f"seed {seed}: read as sheet {said.serial}, page {said.page}")
        proof.add(judged(drawn, said, f"seed {seed} page {plan.number}"))
    return proof
