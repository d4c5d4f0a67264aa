"""The facts that designed reports count: one row a public project, and nothing about any voter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.projects.filters import GROUPS
from viche.projects.models import Project
from viche.projects.queries import VOTED_ON, WINNERS
from viche.results.models import Publication

NONE = ""
"""The key of what has no value in a dimension."""

_GROUP_OF = {str(state): name for name, (_words, states) in GROUPS.items() for state in states}


@dataclass(frozen=True, slots=True)
class Fact:
    """One published project.

    Money in kopiykas. month: of the submission in Kyiv, "2026-03". group: a key of projects.filters.GROUPS. won,
    amount, score, votes: of the published count, None before it. spent: the cost of the finished work of a winner.
    days: from the publication of the result to the acceptance, None for what is not built.
    """

    contest: str
    year: str
    part: str
    category: str
    size: str
    pot: str
    state: str
    group: str
    month: str
    cost: int
    is_admitted: bool
    signatures: int
    won: bool | None
    amount: int | None
    spent: int | None
    score: int | None
    votes: int | None
    days: int | None


@dataclass(frozen=True)
class Result:
    """What a published count says, by code of the project; published_on: the day in Kyiv."""

    amounts: Mapping[str, int]
    totals: Mapping[str, int]
    votes: Mapping[str, int]
    published_on: date


def results_of(contests: Iterable[Contest]) -> dict[UUID, Result]:
    """The published results, by contest. One query; of the outcomes only what is needed."""
    rows = Publication.objects.filter(contest__in=list(contests)).values_list(
        "contest_id",
        "published_at",
        "count__outcome__amounts",
        "count__outcome__totals",
        "count__outcome__votes",
    )
    return {
        contest: Result(amounts, totals, votes, moment.astimezone(KYIV).date())
        for contest, moment, amounts, totals, votes in rows
    }


def facts_of(
    contests: Sequence[Contest], areas: Mapping[str, str], results: Mapping[UUID, Result]
) -> list[Fact]:
    """Every published project of the contests, in the order of contests and numbers. One query.

    areas: for every territory of the body the code of its part (reports.turnout.structure_of).
    """
    by_id = {contest.pk: contest for contest in contests}
    order = {contest.pk: place for place, contest in enumerate(contests)}
    rows = (
        Project.objects.filter(contest__in=by_id, published_at__isnull=False)
        .order_by("number")
        .values_list(
            "contest_id", "code", "state", "cost", "category", "size_class", "pot", "territory_id", "submitted_at",
            "supporters", "delivery__actual_cost", "delivery__accepted_on",
        )
    )  # fmt: skip
    found = sorted(rows, key=lambda row: order[row[0]])
    return [_fact(row, by_id[row[0]], areas, results.get(row[0])) for row in found]


def _fact(row: Any, contest: Contest, areas: Mapping[str, str], result: Result | None) -> Fact:
    _id, code, state, cost, category, size, pot, territory, submitted_at, signatures, actual, accepted_on = (
        row
    )
    is_winner = code in result.amounts if result is not None else None
    days = None
    if result is not None and accepted_on is not None and state in WINNERS:
        days = max((accepted_on - result.published_on).days, 0)
    return Fact(
        contest=contest.slug, year=str(contest.year), part=areas.get(territory, NONE), category=category, size=size,
        pot=pot, state=state, group=_GROUP_OF.get(state, NONE), month=_month(submitted_at), cost=cost,
        is_admitted=state in VOTED_ON, signatures=signatures, won=is_winner,
        amount=None if result is None else result.amounts.get(code, 0),
        spent=None if result is None else (actual or 0) if is_winner else 0,
        score=None if result is None else result.totals.get(code, 0),
        votes=None if result is None else result.votes.get(code, 0), days=days,
    )  # fmt: skip


def _month(moment: datetime | None) -> str:
    return moment.astimezone(KYIV).strftime("%Y-%m") if moment is not None else NONE
