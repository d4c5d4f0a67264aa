"""A body among those that are like it: of the same level and of about the same size, in the same year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.models import Community
from viche.communities.queries import BODY_LEVELS
from viche.reports.across.sums import (
    CURRENCY,
    MONEY_EACH,
    PER_THOUSAND,
    Sums,
    body_sums,
    by_name,
    summaries,
    values_of,
)
from viche.reports.figure import MONEY, Column, Figure, Row, Value
from viche.reports.measures.summary import BY_KEY
from viche.reports.models import Tally

MOST, ENOUGH = 20, 5
"""At most so many bodies are compared with; with fewer there is nothing to compare with."""

TIMES = 4
"""A body so many times as large, or as small, is not like this one."""

MEASURED = (
    PER_THOUSAND, MONEY_EACH, BY_KEY["admission"], BY_KEY["days"],
    Column("cost_each", gettext_lazy("Money of a winner on average"), MONEY),
)  # fmt: skip
REGISTER, BUDGET = "register", "budget"
"""By what bodies are of the same size: people on the register; where that is not known, money of the contests."""


@dataclass(frozen=True)
class Comparison:
    """years: of the body's contests, the latest first. basis: REGISTER or BUDGET. communities: the similar bodies, by
    their addresses. quarters: own values among the quarters of theirs; bodies: theirs one by one. Both are None where
    fewer than ENOUGH are similar.
    """

    years: tuple[int, ...]
    year: int
    basis: str
    communities: dict[str, Community]
    quarters: Figure | None
    bodies: Figure | None


@dataclass(frozen=True)
class _Body:
    community: Community
    sums: Sums
    budget: int

    def size(self, basis: str) -> int:
        return (self.sums.members or 0) if basis == REGISTER else self.budget


def compared(community: Community, *, year: int | None = None) -> Comparison | None:
    """The body among similar ones; None before it has a contest.

    year: None or one without a contest: the latest whose result is known, else the latest.
    """
    own = summaries(Tally.objects.filter(contest__community=community))
    if not own:
        return None
    years = tuple(sorted({each.contest.year for each in own}, reverse=True))
    if year is None or year not in years:
        counted = [
            each.contest.year for each in own if values_of(each, each.contest.currency)["won"] is not None
        ]
        year = max(counted, default=years[0])
    found = _bodies(community, year)
    mine = found.pop(community)
    basis = REGISTER if mine.sums.members else BUDGET
    similar = _nearest(mine, list(found.values()), basis)
    others = {each.community.slug: each.community for each in similar}
    if len(similar) < ENOUGH:
        return Comparison(years, year, basis, others, None, None)
    as_of = max(each.counted_at for each in own)
    return Comparison(
        years, year, basis, others, _quarters(mine, similar, as_of), _listed(mine, similar, as_of)
    )


def _bodies(community: Community, year: int) -> dict[Community, _Body]:
    """Every body of the level with a contest in the year, this one too: one query."""
    level = next((each for each in BODY_LEVELS.values() if community.territory.category in each), "")
    tallies = Tally.objects.filter(
        contest__year=year, community__territory__category__in=level or community.territory.category
    )
    by_body: dict[Community, list[Tally]] = {}
    for each in summaries(tallies):
        body = each.contest.community
        if body == community or body.archived_at is None:
            by_body.setdefault(body, []).append(each)
    found = {}
    for body, mine in by_body.items():
        lines = [values_of(each) for each in mine]
        budget = sum(value for line in lines if isinstance(value := line["budget"], int))
        found[body] = _Body(body, body_sums(lines), budget)
    return found


def _nearest(mine: _Body, others: Sequence[_Body], basis: str) -> list[_Body]:
    size = mine.size(basis)
    alike = [
        each
        for each in others
        if each.size(basis) and each.size(basis) * TIMES >= size >= each.size(basis) // TIMES
    ]
    alike.sort(key=lambda each: (abs(each.size(basis) - size), each.community.slug))
    return sorted(alike[:MOST], key=lambda each: by_name(each.community))


def _quarter(values: Sequence[int], quarters: int) -> int:
    """The value that so many quarters do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max((quarters * len(ordered) + 3 >> 2) - 1, 0)]


def _quarters(mine: _Body, similar: Sequence[_Body], as_of: datetime) -> Figure:
    known = [
        [value for value in values if isinstance(value, int)]
        for values in zip(*(each.sums.values(MEASURED) for each in similar), strict=True)
    ]
    rows = [Row("own", mine.sums.values(MEASURED))]
    for key, quarters in (("lower", 1), ("median", 2), ("upper", 3)):
        values: list[Value] = [_quarter(each, quarters) if len(each) >= ENOUGH else None for each in known]
        rows.append(Row(key, tuple(values)))
    labels = {
        "own": mine.community.title, "lower": _("Lower quarter"), "median": _("Median"), "upper": _("Upper quarter"),
    }  # fmt: skip
    counts = "; ".join(
        f"{column.title}: {len(values)}" for column, values in zip(MEASURED, known, strict=True)
    )
    return Figure(
        key="compared", title=_("Among similar communities"),
        about=_("A quarter of the similar communities is not above the lower quarter, half of them not above the"
                " median, three quarters not above the upper quarter. A larger value is not a better one by itself."),
        heading=_("Place"), columns=MEASURED, rows=tuple(rows), labels=labels, total=None, chart="quarters",
        as_of=as_of, currency=CURRENCY,
        notes=(_("Communities whose value is known. %(counts)s.") % {"counts": counts},),
    )  # fmt: skip


def _listed(mine: _Body, similar: Sequence[_Body], as_of: datetime) -> Figure:
    columns = (BY_KEY["members"], *MEASURED)
    return Figure(
        key="similar", title=_("The similar communities"),
        about=_("In the order of names, with the numbers that the quarters are made of."),
        heading=_("Community"), columns=columns,
        rows=tuple(Row(each.community.slug, each.sums.values(columns)) for each in similar),
        labels={each.community.slug: each.community.title for each in similar}, total=None, chart="", as_of=as_of,
        currency=CURRENCY,
    )  # fmt: skip
