"""The schematic map on which an author marks a place: the projects of the community as points, north up.

It needs no tiles and no outside server; where scripts run, a click is turned back into coordinates.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from viche.foundation.plane import NARROWING
from viche.portal.maps import HEIGHT, MARGIN, WIDTH
from viche.projects.areas import Corner, corners_of, metres_between
from viche.projects.models import Project
from viche.projects.queries import places_around

FAR_METRES = 40_000
# a little more than a kilometre: one point alone is drawn with its neighbourhood
LEAST = Decimal("0.012")


@dataclass(frozen=True)
class Drawing:
    """points and area in units of the drawing; north, west: of its upper left corner; step: degrees of latitude in one
    unit; step_east: degrees of longitude in one unit.
    """

    width: int
    height: int
    points: list[tuple[int, int, str]]
    here: tuple[int, int] | None
    area: str
    north: str
    west: str
    step: str
    step_east: str


def drawing_of(project: Project) -> Drawing | None:
    """The map around the projects of the community and this one; None where no place is known at all."""
    others = places_around(project)
    corners = corners_of(project.area)
    own = _own(project)
    everything = (
        [(latitude, longitude) for latitude, longitude, _title in others] + corners + ([own] if own else [])
    )
    if not everything:
        return None
    norths = [latitude for latitude, _longitude in everything]
    easts = [longitude * NARROWING for _latitude, longitude in everything]
    high, wide = max(max(norths) - min(norths), LEAST), max(max(easts) - min(easts), LEAST)
    step = max(high / (HEIGHT - 2 * MARGIN), wide / (WIDTH - 2 * MARGIN))
    north = (max(norths) + min(norths) + step * HEIGHT) / 2
    west = (max(easts) + min(easts) - step * WIDTH) / 2

    def at(corner: Corner) -> tuple[int, int]:
        return int((corner[1] * NARROWING - west) / step), int((north - corner[0]) / step)

    return Drawing(
        width=WIDTH, height=HEIGHT, points=[(*at((each[0], each[1])), each[2]) for each in others],
        here=at(own) if own else None, area=" ".join(f"{x},{y}" for x, y in map(at, corners)),
        north=f"{north:.6f}", west=f"{west / NARROWING:.6f}", step=f"{step:.9f}", step_east=f"{step / NARROWING:.9f}",
    )  # fmt: skip


def far_text(project: Project) -> str:
    """A warning where the point lies far from every project of the community; empty where it does not, or where there
    is nothing to compare it with. The codifier knows no coordinates of settlements.
    """
    own, others = _own(project), places_around(project)
    if own is None or not others:
        return ""
    nearest = min(metres_between(own, (latitude, longitude)) for latitude, longitude, _title in others)
    if nearest < FAR_METRES:
        return ""
    return _(
        "The point lies %(km)d km from the nearest project of the community. Check that it is the right place."
    ) % {"km": nearest // 1000}


def _own(project: Project) -> Corner | None:
    if project.latitude is None or project.longitude is None:
        return None
    return project.latitude, project.longitude
