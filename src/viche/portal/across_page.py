"""What pages say about many contests: a territory in one year, the years of a body, a body among similar ones."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.communities.models import Community, Territory
from viche.contests.places import rule_name
from viche.identity.wording import channel_names
from viche.portal.contest_page import community_prefix
from viche.portal.figures_page import shown
from viche.reports.across import YEARS, Overview, ordered, years_of
from viche.reports.across.overview import SHOWN
from viche.reports.across.sums import BODIES
from viche.reports.drawing import NARROW, svg_of
from viche.reports.figure import HUNDREDTHS, Figure, value_text

HEADLINES = ("contests", "voters", "per_thousand", "won_amount", "money_each", "admission", "built", "days")
SMALL = ("voters", "won_amount", "won", "built")
"""Columns of the years that have a small picture each."""


def asked_year(request: HttpRequest) -> int | None:
    """The year in the address; None where it is none."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 else None


def year_tabs(years: Sequence[int], year: int | None, **more: str) -> list[tuple[str, str, bool]]:
    """A link to each year, the latest first."""
    return [(str(each), _query(year=each, **more), each == year) for each in years]


def _query(**wanted: object) -> str:
    return "?" + urlencode({name: value for name, value in wanted.items() if value})


def overview_facts(view: Overview, by: str) -> dict[str, Any]:
    """The page of a territory in a year. by: the column by which the reader wants the rows and the map."""
    wanted = by if by in {column.key for column in BODIES} else ""
    known = isinstance(view.total.per_thousand, int)
    parts = view.parts(drawn=wanted or ("per_thousand" if known else "contests"))
    if parts is None:
        return {"view": view, "years": year_tabs(view.years, view.year)}
    # of the country there are too many for one page
    groups = view.by_size() if view.territory else []
    return {
        "view": view, "years": year_tabs(view.years, view.year, by=wanted), "by": wanted,
        "headlines": _headlines(view, parts), "orders": _orders(view, wanted), "parts": shown(parts),
        "table": shown(ordered(replace(parts, links=_part_links(view, parts)), wanted)),
        "groups": [shown(ordered(body_links(each, view.communities), wanted)) for each in groups],
        "bodies": view.bodies() if view.territory else None, "practices": _practices(view),
        "place": view.territory.code if view.territory else "UA",
        "query": _query(year=view.year),
        "crumbs": _above(view.territory),
    }  # fmt: skip


def _headlines(view: Overview, parts: Figure) -> list[tuple[str, str]]:
    values = zip(BODIES, view.total.values(BODIES), strict=True)
    told = {column.key: (column, value) for column, value in values}
    number = len(view.communities)
    first = ngettext("community with a contest", "communities with a contest", number)
    return [(first, str(number))] + [
        (str(told[key][0].title), parts.text(*told[key]))
        for key in HEADLINES
        if told[key][1] is not None and key != "contests"
    ]


def _orders(view: Overview, wanted: str) -> list[tuple[str, str, bool]]:
    """Ways to put the rows in order: by name first, then by each number that is a share or an average."""
    keys = ("per_thousand", "money_each", "admission", "built", "days")
    titles = {column.key: str(column.title) for column in BODIES}
    rows = [(_("by name"), _query(year=view.year), not wanted)]
    return rows + [(titles[key], _query(year=view.year, by=key), key == wanted) for key in keys]


def _part_links(view: Overview, parts: Figure) -> dict[str, str]:
    own = view.territory.code if view.territory else ""
    codes = view.linked & {row.key for row in parts.rows} - {own}
    return {code: reverse("region-figures", args=[code]) + _query(year=view.year) for code in codes}


def body_links(figure: Figure, communities: dict[str, Community]) -> Figure:
    """Each body with a link to its own years."""
    links = {
        row.key: f"{community_prefix(communities[row.key])}years/"
        for row in figure.rows
        if row.key in communities
    }
    return replace(figure, links=links)


def _above(territory: Territory | None) -> list[tuple[str, str]]:
    """The territories above that have a page, the country first."""
    found: list[tuple[str, str]] = []
    above = territory.parent if territory else None
    while above is not None:
        if above.category in SHOWN:
            found.insert(0, (above.full_name, reverse("region-figures", args=[above.code])))
        above = above.parent
    return [(_("Across Ukraine"), reverse("regions")), *found] if territory else []


def _practices(view: Overview) -> list[dict[str, Any]]:
    """Bodies where many took part, with the rules of their voting as plain facts."""
    rows = []
    for each in view.practices():
        rules = each.contest.rules
        channels = [channel.kind for channel in rules.channels]
        facts = [_("Counting: %(rule)s") % {"rule": rule_name(rules.counting.rule)}]
        if channels:
            facts.append(_("One votes %(channels)s") % {"channels": channel_names(channels)})
        if rules.voter.min_age:
            facts.append(_("Voters from the age of %(age)d") % {"age": rules.voter.min_age})
        if rules.ballot.max_choices:
            number = rules.ballot.max_choices
            facts.append(
                ngettext("%(number)d project on a ballot", "Up to %(number)d projects on a ballot", number)
                % {"number": number}
            )
        prefix = community_prefix(each.body)
        rows.append(
            {
                "body": each.body, "href": f"{prefix}years/", "contest": each.contest,
                "rules_href": f"{prefix}{each.contest.slug}/rules/", "facts": facts,
                "value": value_text(HUNDREDTHS, each.value),
            }
        )  # fmt: skip
    return rows


def small_pictures(community: Community) -> list[dict[str, Any]]:
    """A small picture of each number over the years that somebody knows."""
    found = []
    figure = years_of(community, is_short=True)
    if figure is None or len(figure.rows) < 2:
        return []
    for key in SMALL:
        place, column = next((n, each) for n, each in enumerate(YEARS) if each.key == key)
        if any(isinstance(row.values[place], int) and row.values[place] for row in figure.rows):
            drawn = replace(figure, title=str(column.title), drawn=(key,))
            found.append({"key": key, "title": str(column.title), "svg": svg_of(drawn, NARROW)})
    return found
