"""Figures over several contests: the years of one body, the bodies of a region, the country.

They are put together from the one-line summaries that each contest keeps ready (measures.summary), so that a country of
1,469 communities is one query of as many rows.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.models import Community, Territory
from viche.reports.figure import DAYS, HUNDREDTHS, MONEY, SHARE, Column, Figure, Row, Value
from viche.reports.measures import SUMMARY
from viche.reports.measures.summary import COLUMNS
from viche.reports.models import Tally
from viche.reports.turnout import WHOLE

THOUSAND = 1000

YEARS = (
    Column("published", gettext_lazy("Projects published")),
    Column("admitted", gettext_lazy("Projects admitted")),
    Column("voters", gettext_lazy("Voters")),
    Column("turnout", gettext_lazy("Turnout"), SHARE),
    Column("budget", gettext_lazy("Money of the contest"), MONEY),
    Column("won", gettext_lazy("Winners")),
    Column("won_amount", gettext_lazy("Money of the winners"), MONEY),
    Column("built", gettext_lazy("Built")),
    Column("spent", gettext_lazy("Spent so far"), MONEY),
)

BODIES = (
    Column("contests", gettext_lazy("Contests")),
    Column("voters", gettext_lazy("Voters")),
    Column("per_thousand", gettext_lazy("Voters for each thousand on the register"), HUNDREDTHS),
    Column("published", gettext_lazy("Projects published")),
    Column("admission", gettext_lazy("Admitted of the published"), SHARE),
    Column("won_amount", gettext_lazy("Money of the winners"), MONEY),
    Column("money_each", gettext_lazy("Money for each on the register"), MONEY),
    Column("built", gettext_lazy("Built")),
    Column("days", gettext_lazy("Days from result to acceptance (median)"), DAYS),
)

_PLACE = {column.key: place for place, column in enumerate(COLUMNS)}


def _summaries(tallies: QuerySet[Tally]) -> list[Tally]:
    found = tallies.filter(measure=SUMMARY).select_related("contest__community__territory")
    return list(found.order_by("-contest__year", "contest__slug"))


def _values(tally: Tally) -> list[Value]:
    """The one line of a summary, without its key."""
    (_key, *values) = tally.rows[0]
    return list(values)


def years_of(community: Community) -> Figure | None:
    """The contests of a body side by side, the latest first; None before there is one."""
    tallies = _summaries(Tally.objects.filter(community=community))
    if not tallies:
        return None
    rows = tuple(
        Row(each.contest.slug, tuple(_values(each)[_PLACE[column.key]] for column in YEARS))
        for each in tallies
    )
    return Figure(
        key="years", title=_("Year by year"),
        about=_("Every contest of the community in one line, from the same counts as its own page."),
        heading=_("Contest"), columns=YEARS, rows=rows,
        labels={each.contest.slug: each.contest.name for each in tallies}, total=None, chart="columns",
        as_of=max(each.counted_at for each in tallies), currency=tallies[0].contest.currency, drawn=("voters",),
        links={each.contest.slug: f"{each.contest.slug}/figures/" for each in tallies},
    )  # fmt: skip


def bodies_of(territory: Territory | None = None, *, year: int | None = None) -> Figure | None:
    """The bodies inside a territory (everywhere), in the order of their names; None where none has a contest.

    year: contests of this year only. No ranks are given: bodies differ in more than a table can tell.
    """
    tallies = Tally.objects.filter(community__archived_at=None)
    if territory is not None:
        tallies = tallies.filter(community__territory__path__startswith=territory.path)
    if year is not None:
        tallies = tallies.filter(contest__year=year)
    by_body: dict[Community, list[Tally]] = {}
    for each in _summaries(tallies):
        by_body.setdefault(each.contest.community, []).append(each)
    if not by_body:
        return None
    bodies = sorted(by_body, key=lambda body: (body.territory.search_name, body.slug))
    rows = tuple(Row(body.slug, _together([_values(each) for each in by_body[body]])) for body in bodies)
    every = [each for found in by_body.values() for each in found]
    return Figure(
        key="bodies", title=_("Communities side by side"),
        about=_("Contests of each community together; for each thousand: of the people on its register of members."),
        heading=_("Community"), columns=BODIES, rows=rows,
        labels={body.slug: body.title for body in bodies}, total=None, chart="",
        as_of=max(each.counted_at for each in every), links={body.slug: body.slug for body in bodies},
    )  # fmt: skip


def _together(lines: Sequence[Sequence[Value]]) -> tuple[Value, ...]:
    """The contests of one body as one line of BODIES."""
    voters, members = _sum(lines, "voters"), _most(lines, "members")
    published, admitted = _sum(lines, "published"), _sum(lines, "admitted")
    won_amount = _sum(lines, "won_amount")
    days = sorted(_known(lines, "days"))
    counted: Mapping[str, Value] = {
        "contests": len(lines), "voters": voters,
        "per_thousand": voters * THOUSAND * 100 // members if voters is not None and members else None,
        "published": published,
        "admission": admitted * WHOLE // published if admitted is not None and published else None,
        "won_amount": won_amount,
        "money_each": won_amount // members if won_amount is not None and members else None,
        "built": _sum(lines, "built"), "days": days[(len(days) - 1) // 2] if days else None,
    }  # fmt: skip
    return tuple(counted[column.key] for column in BODIES)


def _known(lines: Iterable[Sequence[Value]], key: str) -> list[int]:
    values = [line[_PLACE[key]] for line in lines]
    return [value for value in values if isinstance(value, int)]


def _sum(lines: Iterable[Sequence[Value]], key: str) -> int | None:
    known = _known(lines, key)
    return sum(known) if known else None


def _most(lines: Iterable[Sequence[Value]], key: str) -> int | None:
    """Of people on a register: the largest of its years, for a register of every year names the same people."""
    return max(_known(lines, key), default=None)
