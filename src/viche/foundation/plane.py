"""Places of the Earth on a small drawing: an equirectangular plane, north up, whole numbers only."""

from collections.abc import Sequence
from decimal import Decimal
from math import isqrt

# cos(49°): how much shorter a degree of longitude is than one of latitude over Ukraine's middle
NARROWING = Decimal("0.656")

LEAST = Decimal("0.005")
"""Degrees: what lies closer together is not drawn larger than this."""


def laid_out(
    places: Sequence[tuple[Decimal, Decimal]], *, width: int, height: int, margin: int
) -> list[tuple[int, int]]:
    """(x, y) of each place (latitude, longitude) on a drawing of this size, together in its middle."""
    if not places:
        return []
    xs = [longitude * NARROWING for _latitude, longitude in places]
    ys = [latitude for latitude, _longitude in places]
    left, top = min(xs), max(ys)
    wide, high = max(max(xs) - left, LEAST), max(top - min(ys), LEAST)
    scale = min((width - 2 * margin) // wide, (height - 2 * margin) // high)
    shift_x = (width - int(wide * scale)) >> 1
    shift_y = (height - int(high * scale)) >> 1
    return [
        (shift_x + int((x - left) * scale), shift_y + int((top - y) * scale))
        for x, y in zip(xs, ys, strict=True)
    ]


def circles(
    points: Sequence[tuple[int, int]],
    values: Sequence[int],
    *,
    width: int,
    height: int,
    least: int,
    most: int,
) -> list[tuple[int, int, int]]:
    """(x, y, radius) of a circle at each point, its area growing with its value, moved in from the edge so that it
    stays whole. Of several at one point each stands a radius to the right of the one before. least: the radius of
    nought; most: of the greatest value.
    """
    greatest = max([1, *values])
    found: list[tuple[int, int, int]] = []
    shifts: dict[tuple[int, int], int] = {}
    for (x, y), value in zip(points, values, strict=True):
        radius = least + isqrt((most - least) ** 2 * max(value, 0) // greatest)
        shift = shifts.setdefault((x, y), 0)
        shifts[x, y] += radius
        x += shift
        found.append(
            (
                min(max(x, radius + 4), width - radius - 4),
                min(max(y, radius + 4), height - radius - 4),
                radius,
            )
        )
    return found
