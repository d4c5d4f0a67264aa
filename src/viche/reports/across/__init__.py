"""Figures over several contests: the years of one body, the bodies of a region, the country, bodies that are alike.

They are put together from the one-line summaries that each contest keeps ready (measures.summary), so that a country of
1,469 communities is one query of as many rows.
"""

from viche.reports.across.overview import (
    COUNTRY,
    Overview,
    Practice,
    bodies_of,
    ordered,
    overview,
    territory_shown,
)
from viche.reports.across.similar import Comparison, compared
from viche.reports.across.years import YEARS, years_of

__all__ = [
    "COUNTRY", "YEARS", "Comparison", "Overview", "Practice", "bodies_of", "compared", "ordered", "overview",
    "territory_shown", "years_of",
]  # fmt: skip
