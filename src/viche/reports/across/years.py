"""The contests of one body side by side."""

from collections import Counter

from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.reports.across.sums import summaries, values_of
from viche.reports.figure import Figure, Row
from viche.reports.measures.summary import BY_KEY
from viche.reports.models import Tally

YEARS = tuple(
    BY_KEY[key]
    for key in (
        "published", "admitted", "voters", "turnout", "budget", "won", "won_amount", "built", "spent",
    )
)  # fmt: skip


def years_of(community: Community, *, drawn: str = "voters", is_short: bool = False) -> Figure | None:
    """The contests of a body side by side, the earliest first; None before there is one.

    drawn: the column in the picture. is_short: contests are called by their years, where a year has one only.
    """
    tallies = summaries(Tally.objects.filter(contest__community=community))
    if not tallies:
        return None
    currency = tallies[-1].contest.currency
    rows = []
    for each in tallies:
        values = values_of(each, currency)
        rows.append(Row(each.contest.slug, tuple(values[column.key] for column in YEARS)))
    often = Counter(each.contest.year for each in tallies)
    notes: tuple[str, ...] = ()
    if any(each.contest.currency != currency for each in tallies):
        notes = (_("Money of contests in another currency is left out."),)
    return Figure(
        key="years", title=_("Year by year"),
        about=_("Every contest of the community in one line, from the same counts as its own page."),
        heading=_("Contest"), columns=YEARS, rows=tuple(rows),
        labels={
            each.contest.slug: str(each.contest.year) if is_short and often[each.contest.year] == 1
            else each.contest.slug if is_short else each.contest.name
            for each in tallies
        },
        total=None, chart="columns", as_of=max(each.counted_at for each in tallies), currency=currency, notes=notes,
        drawn=(drawn,), links={each.contest.slug: f"{each.contest.slug}/figures/" for each in tallies},
    )  # fmt: skip
