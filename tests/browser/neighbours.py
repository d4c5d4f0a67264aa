"""Counts what is there, and puts small neighbours with kept summaries around Poltava, for the pages over many contests.

Run as a process of its own with the environment of the site it is for.
"""

import django

django.setup()

from tests.reports.country import put_summary, seed_country, summary  # noqa: E402
from viche.communities.models import Community  # noqa: E402
from viche.contests.models import Contest  # noqa: E402
from viche.reports.actions import refresh_tallies  # noqa: E402

if __name__ == "__main__":
    if not Community.objects.filter(slug="hromada-1").exists():
        refresh_tallies()
        seed_country(inside="UA53", most=12)
        # of about one size, so that each has somebody to be compared with
        for place, contest in enumerate(Contest.objects.filter(community__slug__startswith="hromada-")):
            line = summary(
                published=10, admitted=8, voters=100 + place, members=1_000 + 10 * place, won=2,
                won_amount=40_000_00 + place, built=1, days=200 + place, budget=50_000_00,
            )  # fmt: skip
            put_summary(contest, line)
