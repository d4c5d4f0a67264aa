"""The map of projects: single ones as points that lead to them, near ones as clusters that lead closer."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.contests.models import Contest
from viche.foundation.plane import NARROWING
from viche.portal.contest_page import contest_url
from viche.portal.maps import HEIGHT, MARGIN, WIDTH
from viche.projects.filters import Box
from viche.projects.grid import Cell

# projects that lie nearer than this, about ten metres, are not taken apart by any map
TOGETHER = Decimal("0.0001")
RIM = Decimal("0.0003")


@dataclass(frozen=True)
class Spot:
    """A point or a cluster: where it is drawn, how large, where it leads and what it says."""

    x: int
    y: int
    radius: int
    number: int
    href: str
    name: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    spots: list[Spot]


def drawing(contest: Contest, cells: list[Cell], shown: Box, kept: dict[str, str]) -> Drawing:
    """The fields as spots. kept: the rest of the address, which a closer look keeps."""
    west, south, east, north = shown
    wide, high = (east - west) * NARROWING, north - south
    scale = min((WIDTH - 2 * MARGIN) // wide, (HEIGHT - 2 * MARGIN) // high)
    left, top = (WIDTH - int(wide * scale)) >> 1, (HEIGHT - int(high * scale)) >> 1
    half = Decimal("0.5")
    spots = []
    for cell in cells:
        w, s, e, n = cell.box
        x = left + int(((w + e) * half - west) * NARROWING * scale)
        y = top + int((north - (s + n) * half) * scale)
        spots.append(_spot(contest, cell, x, y, kept))
    return Drawing(WIDTH, HEIGHT, sorted(spots, key=lambda each: -each.radius))


def _spot(contest: Contest, cell: Cell, x: int, y: int, kept: dict[str, str]) -> Spot:
    if cell.number == 1:
        name = _("№ %(number)d: %(title)s") % {"number": cell.first, "title": cell.title}
        return Spot(x, y, 10, 1, contest_url(contest, "project", cell.first), name)
    name = ngettext("%(number)d project here", "%(number)d projects here", cell.number) % {
        "number": cell.number
    }
    radius = 12 + 2 * min(cell.number, 1000).bit_length()
    return Spot(x, y, radius, cell.number, _closer(contest, cell.box, kept), name)


def _closer(contest: Contest, box: Box, kept: dict[str, str]) -> str:
    """The same map of this part alone; where the projects lie in one place, their list."""
    west, south, east, north = box
    is_one_place = east - west < TOGETHER and north - south < TOGETHER
    around = ",".join(f"{each:.6f}" for each in (west - RIM, south - RIM, east + RIM, north + RIM))
    page = contest_url(contest, "projects" if is_one_place else "projects-map")
    return f"{page}?{urlencode({**kept, 'box': around})}"
