"""Projects on the fields of a map's grid: counted by the database, however many there are."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Func, IntegerField, Max, Min, QuerySet, Value

from viche.projects.filters import Box
from viche.projects.models import Project

COLUMNS, ROWS = 10, 6
# half of the least extent that is drawn: about 250 metres
LEAST = Decimal("0.002500")


@dataclass(frozen=True)
class Cell:
    """What lies in one field: how many projects, the box around them, and the first of them by number."""

    number: int
    box: Box
    first: int
    title: str


def grid(projects: QuerySet[Project], box: Box | None) -> tuple[list[Cell], Box] | None:
    """(fields with projects, what the map shows): the box asked for, or one around all; None where none has a place.

    Two queries, one with a box."""
    placed = projects.filter(latitude__isnull=False, longitude__isnull=False).order_by()
    shown = box or _around(placed)
    if shown is None:
        return None
    west, south, east, north = _widened(shown)
    rows = (
        placed.annotate(
            column=_field("longitude", west, east, COLUMNS), row=_field("latitude", south, north, ROWS)
        )
        .values_list("column", "row")
        .annotate(
            number_in=Count("id"), west=Min("longitude"), south=Min("latitude"), east=Max("longitude"),
            north=Max("latitude"), first=Min("number"), named=Min("title"),
        )
        .order_by("row", "column")
    )  # fmt: skip
    cells = [Cell(number, (w, s, e, n), first, title) for _c, _r, number, w, s, e, n, first, title in rows]
    return cells, (west, south, east, north)


def _around(projects: QuerySet[Project]) -> Box | None:
    found = projects.aggregate(
        west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude")
    )
    return None if found["west"] is None else (found["west"], found["south"], found["east"], found["north"])


def _widened(box: Box) -> Box:
    west, south, east, north = box
    half = Decimal("0.5")
    middle, level = (west + east) * half, (south + north) * half
    across, up = max((east - west) * half, LEAST), max((north - south) * half, LEAST)
    return middle - across, level - up, middle + across, level + up


def _field(name: str, low: Decimal, high: Decimal, fields: int) -> Func:
    return Func(
        F(name), Value(low), Value(high), Value(fields), function="width_bucket", output_field=IntegerField()
    )
