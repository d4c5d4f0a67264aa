"""Places on a small drawing: north up, inside, and seen even where several are one place."""

from decimal import Decimal

import pytest

from viche.foundation.plane import circles, laid_out

SIZE = {"width": 640, "height": 400}


def places(*degrees: tuple[str, str]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(latitude), Decimal(longitude)) for latitude, longitude in degrees]


def test_north_is_up_and_east_on_the_right():
    south_west, north_east = laid_out(places(("49.5", "34.5"), ("49.6", "34.7")), margin=20, **SIZE)
    assert north_east[0] > south_west[0]
    assert north_east[1] < south_west[1]


@pytest.mark.parametrize(
    "degrees",
    [[], [("49.5", "34.5")], [("49.5", "34.5")] * 3, [("-33.9", "-70.6"), ("64.1", "21.9"), ("0", "0")]],
)
def test_every_place_lies_on_the_drawing(degrees):
    found = laid_out(places(*degrees), margin=20, **SIZE)
    assert len(found) == len(degrees)
    assert all(20 <= x <= 620 and 20 <= y <= 380 for x, y in found)


def test_circles_grow_with_their_values_and_stay_whole():
    small, large = circles([(0, 0), (640, 400)], [0, 900], least=9, most=40, **SIZE)
    assert (small[2], large[2]) == (9, 40)
    for x, y, radius in (small, large):
        assert radius <= x <= 640 - radius
        assert radius <= y <= 400 - radius


def test_circles_of_one_place_do_not_cover_each_other():
    found = circles([(300, 200)] * 3, [5, 5, 5], least=9, most=40, **SIZE)
    assert len(set(found)) == 3
