"""What the pages say about connected bodies: a line of the national list, and the bodies inside a body."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from viche.communities.models import Community
from viche.communities.queries import bodies_inside
from viche.contests.models import Contest
from viche.contests.queries import give_rules
from viche.portal.contest_page import budget_of, community_prefix, most_urgent, standing
from viche.projects.queries import numbers_of
from viche.results.queries import BodyFigures, figures_of_bodies


def body_rows(communities: Sequence[Community]) -> list[dict[str, Any]]:
    """A line of each body: the contest where something can be done now, else the newest; its money and projects.

    The bodies' contests and windows are read along (prefetch); two more queries for all of them.
    """
    shown: dict[Any, dict[str, Any]] = {}
    for community in communities:
        newest = sorted(community.contests.all(), key=lambda each: (each.year, each.created_at), reverse=True)
        current = most_urgent([standing(contest) for contest in newest])
        if current:
            shown[community.pk] = current[0]
    contests: list[Contest] = give_rules([facts["contest"] for facts in shown.values()])
    numbers = numbers_of(contests)
    rows = []
    for community in communities:
        facts = shown.get(community.pk)
        row: dict[str, Any] = {"community": community, "href": community_prefix(community), "facts": facts}
        if facts is not None:
            contest = facts["contest"]
            row |= {
                "budget": budget_of(contest), "projects": numbers.get(contest.pk, (0, 0))[0],
                "is_over": not facts["phase"] and not facts["next_at"],
            }  # fmt: skip
        rows.append(row)
    return rows


def inside_facts(community: Community) -> dict[str, Any] | None:
    """The connected bodies inside this one with their figures and the sums of these; None where there are none."""
    found = list(bodies_inside(community.territory))
    if not found:
        return None
    figures = figures_of_bodies(found)
    return {"rows": [(each, community_prefix(each.community)) for each in figures], "total": _total(figures)}


def _total(figures: Sequence[BodyFigures]) -> dict[str, Any]:
    money: Counter[str] = Counter()
    for each in figures:
        money.update(each.money)
    return {
        "money": dict(money),
        **{
            name: sum(getattr(each, name) for each in figures)
            for name in ("contests", "projects", "winners", "voters")
        },
    }
