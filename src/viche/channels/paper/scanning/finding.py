"""The page in a picture: its corner marks, its code, and the page laid flat."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from viche.channels.paper.scanning.pictures import Grey
from viche.channels.paper.sheets import code, geometry
from viche.channels.paper.sheets.geometry import Area

Points = NDArray[np.float32]
SCALE = 10
"""Pixels of a flat page in a millimetre; a pixel is SCALE-th of a hundred units of the geometry."""
UNITS = 100 // SCALE
FARTHEST = 60
"""Hundredths of a millimetre that a corner may lie from where the page laid flat puts it."""
_DETECTOR = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))


@dataclass(frozen=True)
class Marks:
    """The corner marks that were found: by corner (0 upper left, then clockwise) its four corners, clockwise."""

    corners: dict[int, Points]

    @property
    def are_enough(self) -> bool:
        """Three marks hold a page by twelve points; with fewer a page is not measured."""
        return len(self.corners) >= 3


def marks_in(picture: Grey) -> Marks:
    """The corner marks, whatever way the page lies. A mark that is there twice (two pages in one picture) is none."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.adaptiveThreshWinSizeMin, parameters.adaptiveThreshWinSizeMax = 13, 73
    parameters.adaptiveThreshWinSizeStep = 20
    parameters.minMarkerPerimeterRate = 0.03
    _DETECTOR.setDetectorParameters(parameters)
    corners, ids, _ = _DETECTOR.detectMarkers(picture)
    found: dict[int, Points] = {}
    twice: set[int] = set()
    for shape, number in zip(corners, [] if ids is None else ids.ravel().tolist(), strict=True):
        if number in found:
            twice.add(number)
        if number < len(geometry.CORNERS):
            found[number] = shape.reshape(4, 2)
    return Marks({number: shape for number, shape in found.items() if number not in twice})


def corners_of(area: Area) -> list[tuple[int, int]]:
    """Clockwise from the upper left."""
    return [(area.x, area.y), (area.right, area.y), (area.right, area.bottom), (area.x, area.bottom)]


def flattening(marks: Marks, areas: tuple[Area, ...]) -> tuple[NDArray[np.float64], int] | None:
    """The map from the picture to the flat page, and how far the worst corner lies off (hundredths of a millimetre)."""
    seen = np.concatenate([marks.corners[number] for number in sorted(marks.corners)])
    meant = np.array(
        [point for number in sorted(marks.corners) for point in corners_of(areas[number])], dtype=np.float32
    )
    found, _ = cv2.findHomography(seen, meant)
    if found is None:
        return None
    laid = cv2.perspectiveTransform(seen.reshape(-1, 1, 2), found).reshape(-1, 2)
    worst = float(np.abs(laid - meant).max())
    return found, int(min(worst, 1e6))


def flat(picture: Grey, found: NDArray[np.float64], area: Area, scale: int = SCALE) -> Grey:
    """A part of the page laid flat, white beyond the picture. scale: pixels in a millimetre."""
    shrink = np.array(
        [[scale / 100, 0, -area.x * scale / 100], [0, scale / 100, -area.y * scale / 100], [0, 0, 1]]
    )
    size = (area.width * scale // 100, area.height * scale // 100)
    laid: Grey = cv2.warpPerspective(
        picture, shrink @ found, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255
    )
    return laid


def code_in(picture: Grey, marks: Marks) -> str | None:
    """The text of the page's code: looked for beside the upper marks, then anywhere; None where it cannot be read."""
    for crop in _crops(picture, marks):
        for text in _readings(crop):
            if code.read(text) is not None:
                return text
    return None


def _crops(picture: Grey, marks: Marks) -> Iterator[Grey]:
    qr = geometry.QR
    around = Area(qr.x - 320, qr.y - 320, qr.width + 640, qr.height + 640)
    if not marks.corners:
        yield picture
        return
    for bottom in (geometry.HEIGHT - geometry.MARGIN, geometry.HEIGHT - geometry.MARGIN - geometry.STUB):
        laid = flattening(marks, geometry.marks(bottom))
        if laid is not None and laid[1] <= 4 * FARTHEST:
            yield flat(picture, laid[0], around, scale=20)
    upper = Marks({number: each for number, each in marks.corners.items() if number in (0, 1)})
    if upper.corners:
        laid = flattening(upper, geometry.marks(geometry.HEIGHT - geometry.MARGIN))
        if laid is not None:
            yield flat(picture, laid[0], around, scale=20)
    yield picture


def _readings(crop: Grey) -> Iterable[str]:
    """What the reader of codes makes of a crop: as it is, thresholded, softened, in other sizes."""
    detector = cv2.QRCodeDetector()
    for each in _variants(crop):
        try:
            text, _, _ = detector.detectAndDecode(each)
        except cv2.error:
            continue
        if text:
            yield text


def _variants(crop: Grey) -> Iterator[Grey]:
    yield crop
    soft = cv2.GaussianBlur(crop, (0, 0), 2)
    yield cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    if crop.shape[0] > 1_200:
        return
    yield cv2.addWeighted(crop, 2.2, cv2.GaussianBlur(crop, (0, 0), 6), -1.2, 0)
    yield cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 101, 5)
    for factor in (0.5, 0.75, 1.5):
        sized = cv2.resize(
            soft, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        )
        yield sized
        yield cv2.threshold(sized, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
