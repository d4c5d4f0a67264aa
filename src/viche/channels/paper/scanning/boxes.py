"""How dark each box of a flat page is, and what that means: a mark, none, or nothing certain.

Darkness is told against the page's own paper (0) and its own printed black (1), so that shadow, grey paper and a pale
scan change nothing. The frame of each box is found where it was printed; all boxes together say how the paper was
bent, so that no pen stroke pulls its box along.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viche.channels.paper.scanning.finding import SCALE, UNITS
from viche.channels.paper.scanning.pages import CORRECTED, FAINT, STRAY
from viche.channels.paper.scanning.pictures import Grey
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.layout import Box

Ink = NDArray[np.float32]

EMPTY, MARKED, UNSURE = "empty", "marked", "unsure"
# thousandths of the inside of a box that are inked
LEAST_SEEN, LEAST_MARK, STRUCK = 14, 75, 560
# thousandths of the band outside a frame: a mark beside an empty box; strokes that run far out of a full one
BESIDE, REACHING = 60, 14
# thousandths of the way from paper to printed black
LEAST_DARK, SURE_DARK = 120, 200
REACH = 14
"""Pixels that a frame is looked for around its place: 1.4 millimetres."""
INSET = 8
"""Pixels between the outer edge of a frame and the inside that is measured."""
NEIGHBOURS = 9


@dataclass(frozen=True)
class Measured:
    """One box. covered: thousandths of its inside that are inked; dark: of that ink. why: of what is unsure."""

    box: Box
    state: str
    covered: int
    dark: int
    place: Area
    why: str = ""


def darkness(page: Grey, marks: Sequence[Area]) -> Ink:
    """The page as thousandths between its paper and its black, as fractions. The paper is looked for around each point,
    the black in the corner marks.
    """
    small = cv2.resize(page, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 4)
    paper = cv2.resize(paper, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR).astype(
        np.float32
    )
    lightness = page.astype(np.float32) / np.maximum(paper, 16)
    blacks = [
        float(np.median(_part(lightness, Area(mark.x + 40, mark.y + 40, mark.width - 80, 80))))
        for mark in marks
    ]
    black = min(float(np.median(blacks)), 0.8)
    ink: Ink = np.clip((1 - lightness) / (1 - black), 0, 1.2)
    return ink


def measured(ink: Ink, boxes: Sequence[Box], has_labels: bool) -> list[Measured]:
    """Each box measured and judged. has_labels: something is printed right above the boxes."""
    soft = cv2.GaussianBlur(ink, (0, 0), 1.5)
    least = max(LEAST_DARK / 1000, 4 * _noise(soft))
    places = _places(ink, boxes)
    found = [_measured(soft, box, place, least, has_labels) for box, place in zip(boxes, places, strict=True)]
    return _without_strays(soft, found, least)


def _noise(soft: Ink) -> float:
    """How far plain paper lies from white, on most of the page."""
    return float(np.quantile(soft[::7, ::7], 0.6))


def _part(page: NDArray[np.float32], area: Area) -> NDArray[np.float32]:
    x, y = area.x // UNITS, area.y // UNITS
    return page[max(y, 0) : y + area.height // UNITS, max(x, 0) : x + area.width // UNITS]


def _places(ink: Ink, boxes: Sequence[Box]) -> list[Area]:
    """Where the boxes really lie: each frame searched, then smoothed over its neighbours by their median."""
    if not boxes:
        return []
    shifts = np.array([_shift(ink, box.area) for box in boxes], dtype=np.float32)
    middles = np.array([(box.area.x, box.area.y) for box in boxes], dtype=np.float32)
    places = []
    for at, box in enumerate(boxes):
        nearest = np.argsort(((middles - middles[at]) ** 2).sum(axis=1), kind="stable")[:NEIGHBOURS]
        dx, dy = np.median(shifts[nearest], axis=0) if len(boxes) > 2 else shifts[at]
        area = box.area
        places.append(
            Area(
                area.x + round(float(dx)) * UNITS, area.y + round(float(dy)) * UNITS, area.width, area.height
            )
        )
    return places


def _shift(ink: Ink, area: Area) -> tuple[int, int]:
    """How many pixels right and down of its place the frame is, as its four sides say."""
    x, y, side = area.x // UNITS, area.y // UNITS, area.width // UNITS
    window = ink[y - REACH : y + side + REACH, x - REACH : x + side + REACH]
    if window.shape != (side + 2 * REACH, side + 2 * REACH):
        return 0, 0
    found = []
    for axis in (0, 1):
        profile = (
            window[REACH : REACH + side, :].mean(axis=0)
            if axis == 0
            else window[:, REACH : REACH + side].mean(axis=1)
        )
        line = np.convolve(profile, np.ones(3), mode="same")
        scores = [line[1 + at] + line[side - 2 + at] for at in range(2 * REACH + 1)]
        found.append(int(np.argmax(scores)) - REACH)
    return found[0], found[1]


def _measured(soft: Ink, box: Box, place: Area, least: float, has_labels: bool) -> Measured:
    x, y, side = place.x // UNITS, place.y // UNITS, place.width // UNITS
    inside = soft[y + INSET : y + side - INSET, x + INSET : x + side - INSET]
    inked = inside > least
    covered = int(1000 * inked.mean()) if inside.size else 0
    dark = int(1000 * float(inside[inked].mean())) if inked.any() else 0
    near = _band(soft > least, place, 5, 16, has_labels)
    far = _band(soft > least, place, 13, 23, has_labels) if covered >= STRUCK else 0
    state, why = _judged(covered, dark, near, far)
    return Measured(box, state, covered, dark, place, why)


def _band(inked: NDArray[np.bool_], place: Area, near: int, far: int, has_labels: bool) -> int:
    """Thousandths that are inked of the band so many pixels outside the frame; not above it, under labels."""
    x, y, side = place.x // UNITS, place.y // UNITS, place.width // UNITS
    top = y + near if has_labels else max(y - far, 0)
    left = max(x - far, 0)
    band = inked[top : y + side + far, left : x + side + far].copy()
    band[max(y - near - top, 0) : y + side + near - top, x - near - left : x + side + near - left] = False
    return int(1000 * band.mean()) if band.size else 0


def _judged(covered: int, dark: int, near: int, far: int) -> tuple[str, str]:
    """near, far: what is inked right outside the frame and farther."""
    if covered < LEAST_SEEN:
        return (UNSURE, STRAY) if near > BESIDE else (EMPTY, "")
    if covered < LEAST_MARK or dark < SURE_DARK:
        return UNSURE, FAINT
    if covered >= STRUCK and far > REACHING:
        return UNSURE, CORRECTED
    return MARKED, ""


def _without_strays(soft: Ink, found: list[Measured], least: float) -> list[Measured]:
    """A stroke that runs through two boxes belongs to the one with most of it; the other is not certain.

    Strokes are parted by the frames that were printed, and joined again over them.
    """
    inked = [at for at, each in enumerate(found) if each.state != EMPTY]
    if len(inked) < 2:
        return found
    strokes = (soft > least).astype(np.uint8)
    for each in found:
        x, y, side = each.place.x // UNITS, each.place.y // UNITS, each.place.width // UNITS
        cv2.rectangle(strokes, (x + 1, y + 1), (x + side - 2, y + side - 2), 0, 5)
    strokes = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    _, labels = cv2.connectedComponents(strokes, connectivity=8)
    by_label: dict[int, list[int]] = {}
    for at in inked:
        place = found[at].place
        x, y, side = place.x // UNITS, place.y // UNITS, place.width // UNITS
        for label in np.unique(labels[y + INSET : y + side - INSET, x + INSET : x + side - INSET]).tolist():
            if label:
                by_label.setdefault(label, []).append(at)
    judged = list(found)
    for together in by_label.values():
        if len(together) < 2:
            continue
        most = max(found[at].covered for at in together)
        for at in together:
            if (
                found[at].covered * 2 < most * 1
                or sum(found[other].covered * 2 >= most for other in together) > 1
            ):
                judged[at] = _unsure(judged[at], STRAY)
    return judged


def _unsure(one: Measured, why: str) -> Measured:
    return Measured(one.box, UNSURE, one.covered, one.dark, one.place, why)


def around_box(page: Grey, place: Area) -> Grey:
    """The box and what is around it, for the person who decides."""
    margin = place.width
    x, y = max(place.x - margin, 0) // UNITS, max(place.y - margin, 0) // UNITS
    side = (place.width + 2 * margin) // UNITS
    return page[y : y + side, x : x + side]


__all__ = ["EMPTY", "MARKED", "SCALE", "UNSURE", "Measured", "around_box", "darkness", "measured"]
