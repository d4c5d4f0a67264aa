"""Where the fixed parts of a sheet lie, in hundredths of a millimetre from the upper left corner of an A4 page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


WIDTH, HEIGHT = 21_000, 29_700
MARGIN = 800
# corner marks: squares of 6 by 6 cells, four of the public dictionary of fiducials "4x4, 50", one for each corner,
# so that a page says by each of them which way is up
MARK = 1_000
CELLS = 6
CORNERS: tuple[tuple[int, ...], ...] = (
    (0b1011, 0b0101, 0b0011, 0b0010),
    (0b0000, 0b1111, 0b1001, 0b1010),
    (0b0011, 0b0011, 0b0010, 0b1101),
    (0b1001, 0b1001, 0b0100, 0b0110),
)
"""The four inner rows of each mark, 1 is white: upper left, upper right, lower right, lower left."""

QR = Area(WIDTH - MARGIN - MARK - 400 - 2_600, MARGIN, 2_600, 2_600)
HEADER = Area(MARGIN + MARK + 400, MARGIN, QR.x - 400 - (MARGIN + MARK + 400), 3_300)
BODY_TOP = 4_500
STUB = 3_400
"""The height of the control stub at the foot of the first page, below the line to cut along."""


def marks(bottom: int) -> tuple[Area, Area, Area, Area]:
    """The corner marks of a page, clockwise from the upper left. bottom: where the lower ones end."""
    left, right = MARGIN, WIDTH - MARGIN - MARK
    top, low = MARGIN, bottom - MARK
    return (
        Area(left, top, MARK, MARK), Area(right, top, MARK, MARK),
        Area(right, low, MARK, MARK), Area(left, low, MARK, MARK),
    )  # fmt: skip
