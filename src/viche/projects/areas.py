"""The place of a project as numbers: a point, or an area as a GeoJSON polygon (RFC 7946). Degrees in millionths."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import isqrt
from typing import Any

from django.utils.translation import gettext as _

MAX_CORNERS = 200
SIX = Decimal("0.000001")
# the box around Ukraine
SOUTH, NORTH, WEST, EAST = Decimal(44), Decimal(53), Decimal(22), Decimal(41)
_PAIR = re.compile(r"([0-9]{1,3}(?:[.][0-9]{1,15})?)[,;\s]+([0-9]{1,3}(?:[.][0-9]{1,15})?)")
# metres in a degree of latitude, and in one of longitude at 49° north
_LATITUDE_METRES, _LONGITUDE_METRES = 111_200, 73_000

Corner = tuple[Decimal, Decimal]


class PlaceError(ValueError):
    """The text is no place; the message says why, in words for the person."""


def is_in_ukraine(latitude: Decimal, longitude: Decimal) -> bool:
    """Whether the point lies in the box around Ukraine."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def point_typed(text: str) -> Corner:
    """Latitude and longitude as any map copies them. Raises PlaceError."""
    found = _PAIR.fullmatch(text.strip().strip("()"))
    if found is None:
        raise PlaceError(_("Write two numbers, for example 49.5894, 34.5510."))
    latitude, longitude = (Decimal(part).quantize(SIX) for part in found.groups())
    if not is_in_ukraine(latitude, longitude):
        raise PlaceError(_("This place is not in Ukraine: the latitude comes first."))
    return latitude, longitude


def point_text(latitude: Decimal | None, longitude: Decimal | None) -> str:
    """The point as it is typed; empty where there is none."""
    return "" if latitude is None or longitude is None else f"{latitude:f}, {longitude:f}"


def area_typed(text: str) -> dict[str, Any]:
    """A polygon from pasted GeoJSON: a Polygon, or a Feature or FeatureCollection that holds one. Raises PlaceError."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        raise PlaceError(
            _("This is not GeoJSON. Copy the whole text, from the first { to the last }.")
        ) from None
    for _level in range(3):
        if isinstance(document, Mapping) and document.get("type") == "FeatureCollection":
            features = document.get("features")
            document = features[0] if isinstance(features, list) and len(features) == 1 else None
        elif isinstance(document, Mapping) and document.get("type") == "Feature":
            document = document.get("geometry")
    rings = (
        document.get("coordinates")
        if isinstance(document, Mapping) and document.get("type") == "Polygon"
        else None
    )
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        raise PlaceError(_("The area has to be one polygon without holes."))
    return polygon([_corner(each) for each in rings[0]])


def polygon(corners: list[Corner]) -> dict[str, Any]:
    """The GeoJSON of a ring of (latitude, longitude), closed where it is not. Raises PlaceError."""
    if corners and corners[0] != corners[-1]:
        corners = [*corners, corners[0]]
    if not 4 <= len(corners) <= MAX_CORNERS + 1:
        raise PlaceError(_("An area has from three to two hundred corners."))
    if not all(is_in_ukraine(*corner) for corner in corners):
        raise PlaceError(_("This area is not in Ukraine: in GeoJSON the longitude comes first."))
    ring = ",".join(f"[{longitude:f},{latitude:f}]" for latitude, longitude in corners)
    # numbers as GeoJSON has them, written from exact decimals
    return {"type": "Polygon", "coordinates": json.loads(f"[[{ring}]]")}


def corners_of(area: Mapping[str, Any] | None) -> list[Corner]:
    """(latitude, longitude) of the corners of a kept area, the first one again at the end."""
    if not area:
        return []
    return [
        (Decimal(str(latitude)).quantize(SIX), Decimal(str(longitude)).quantize(SIX))
        for longitude, latitude in area["coordinates"][0]
    ]


def area_words(area: Mapping[str, Any] | None) -> list[str]:
    """The corners as texts, for documents that are hashed and hold no fractions."""
    return [f"{latitude:f} {longitude:f}" for latitude, longitude in corners_of(area)]


def metres_between(first: Corner, second: Corner) -> int:
    """How far two points of Ukraine are apart, about: exact enough to say that a place lies in another town."""
    north = int((first[0] - second[0]) * _LATITUDE_METRES)
    east = int((first[1] - second[1]) * _LONGITUDE_METRES)
    return isqrt(north * north + east * east)


def _corner(value: Any) -> Corner:
    if (
        not isinstance(value, list)
        or len(value) < 2
        or not all(isinstance(part, Decimal) for part in value[:2])
    ):
        raise PlaceError(_("The area has to be one polygon without holes."))
    longitude, latitude = value[:2]
    if not (
        longitude.is_finite() and latitude.is_finite() and abs(longitude) < 1000 and abs(latitude) < 1000
    ):
        raise PlaceError(_("The area has to be one polygon without holes."))
    return latitude.quantize(SIX), longitude.quantize(SIX)
