"""A schematic map drawn on the server: the contest's projects as points, this one marked.

Coordinates are projected by integers only: an equirectangular plane, north up. It needs no tiles and no
JavaScript; the list of places stands beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from viche.communities.models import Territory
from viche.communities.outlines import HEIGHT as COUNTRY_HEIGHT
from viche.communities.outlines import POINTS, outlines
from viche.communities.outlines import WIDTH as COUNTRY_WIDTH
from viche.contests.models import Contest
from viche.foundation.plane import laid_out
from viche.projects.models import Project
from viche.projects.queries import located_projects

WIDTH, HEIGHT, MARGIN = 640, 400, 28


@dataclass(frozen=True)
class Point:
    """One point in the units of the drawing."""

    x: int
    y: int
    number: int
    title: str
    is_current: bool


@dataclass(frozen=True)
class Locator:
    """width and height of the drawing, its points, and an address of the place on an outside map."""

    width: int
    height: int
    points: list[Point]
    current: Point | None
    outside_href: str


def locator(contest: Contest, current: Project | None = None) -> Locator | None:
    """All located public projects of the contest; None where there are none or the current one has no place."""
    if current is not None and (current.latitude is None or current.longitude is None):
        return None
    rows = located_projects(contest)
    if not rows:
        return None
    points = _project(rows, current.number if current else None)
    marked = next((point for point in points if point.is_current), None)
    href = ""
    if current is not None:
        href = f"https://www.openstreetmap.org/?mlat={current.latitude}&mlon={current.longitude}#map=17/{current.latitude}/{current.longitude}"
    return Locator(WIDTH, HEIGHT, points, marked, href)


def located(projects: Iterable[Project]) -> Locator | None:
    """These projects on a map of their own; None where none has a place."""
    rows = [
        (each.number, each.title, each.latitude, each.longitude)
        for each in projects
        if each.latitude is not None and each.longitude is not None
    ]
    return Locator(WIDTH, HEIGHT, _project(rows, None), None, "") if rows else None


def _project(rows: Iterable[tuple[int, str, Decimal, Decimal]], current: int | None) -> list[Point]:
    rows = list(rows)
    places = laid_out([row[2:] for row in rows], width=WIDTH, height=HEIGHT, margin=MARGIN)
    return [
        Point(x, y, number, title, number == current)
        for (number, title, *_place), (x, y) in zip(rows, places, strict=True)
    ]


SHADES = (0, 1, 3, 10, 30)


@dataclass(frozen=True)
class Region:
    """One region of the drawn country: its outline or its point, how many bodies it has, and which shade that is."""

    territory: Territory
    outline: str
    point: tuple[int, int] | None
    number: int
    shade: int


@dataclass(frozen=True)
class Country:
    """width and height of the drawing; its regions in the order of drawing, and as they were given; legend: from how
    many bodies a shade stands."""

    width: int
    height: int
    regions: list[Region]
    listed: list[Region]
    legend: list[tuple[int, int]]


def country(regions: Sequence[Territory], numbers: Mapping[str, int]) -> Country:
    """The regions coloured by the number of connected bodies; those with an outline before the rings over them."""
    drawn = []
    for territory in regions:
        number = numbers.get(territory.code, 0)
        shade = max(place for place, least in enumerate(SHADES) if number >= least)
        outline = outlines().get(territory.code, "")
        drawn.append(Region(territory, outline, POINTS.get(territory.code), number, shade))
    # Kyiv lies inside its region: what is small is drawn last
    painted = sorted(drawn, key=lambda each: (each.point is not None, each.territory.category == "K"))
    return Country(COUNTRY_WIDTH, COUNTRY_HEIGHT, painted, drawn, list(enumerate(SHADES)))
