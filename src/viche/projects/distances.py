"""Distances between places of one body: on a plane, in whole metres, exact to a few metres in a city."""

from decimal import Decimal
from math import isqrt

from django.db.models import ExpressionWrapper, F, FloatField, Value
from django.db.models.functions import Cast

Place = tuple[Decimal, Decimal]
METRES_OF_DEGREE = 111_195
# cosines of the degrees of latitude from 44 to 53, ten-thousandths: how much shorter a degree of longitude is
_COSINES = (7193, 7071, 6947, 6820, 6691, 6561, 6428, 6293, 6157, 6018)


def narrowing(latitude: Decimal) -> Decimal:
    """The cosine of a latitude of Ukraine; beyond it that of the nearest border."""
    held = min(max(latitude, Decimal(44)), Decimal("52.999999"))
    whole = int(held)
    low, high = _COSINES[whole - 44], _COSINES[whole - 43]
    return (low + (high - low) * (held - whole)) * Decimal("0.0001")


def metres(one: Place, other: Place) -> int:
    """Whole metres between two places."""
    north = (one[0] - other[0]) * METRES_OF_DEGREE
    east = (one[1] - other[1]) * METRES_OF_DEGREE * narrowing(one[0])
    return isqrt(int(north * north + east * east))


def squared_distance(place: Place) -> ExpressionWrapper:
    """The square of the metres to a project's place, for the database to sort by; NULL where it has none."""

    def length(name: str, start: Decimal, degree: Decimal) -> ExpressionWrapper:
        # what is only sorted by may be inexact in its last digits: several times faster over all projects
        shift = Cast(F(name) - Value(start), FloatField())
        return ExpressionWrapper(shift * Cast(Value(degree), FloatField()), output_field=FloatField())

    north = length("latitude", place[0], Decimal(METRES_OF_DEGREE))
    east = length("longitude", place[1], round(METRES_OF_DEGREE * narrowing(place[0]), 2))
    return ExpressionWrapper(north * north + east * east, output_field=FloatField())
