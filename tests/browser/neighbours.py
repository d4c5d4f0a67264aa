"""Counts what is there, and puts small neighbours with kept summaries around Poltava, for the pages over many contests.

Run as a process of its own with the environment of the site it is for.
"""

import django

django.setup()

from tests.reports.country import seed_country  # noqa: E402
from viche.communities.models import Community  # noqa: E402
from viche.reports.actions import refresh_tallies  # noqa: E402

if __name__ == "__main__":
    if not Community.objects.filter(slug="hromada-1").exists():
        refresh_tallies()
        seed_country(inside="UA53", most=12)
