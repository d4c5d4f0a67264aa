"""The winners of a contest with plan figures, as budget people read them."""

from dataclasses import dataclass
from typing import Any

from rulebook.canonical import digest
from viche.connectors.treasury.codes import code_of
from viche.connectors.treasury.models import BudgetLine
from viche.contests.models import Contest
from viche.projects.delivery import works_of
from viche.projects.models import Delivery, Project, State


@dataclass(frozen=True)
class Planned:
    """One winner. line: the codes that count for it, None where none are set. plan, paid: kopiykas."""

    project: Project
    code: str
    line: BudgetLine | None
    plan: int
    paid: int


def lines_of(contest: Contest) -> list[BudgetLine]:
    """The codes of a contest: of the contest, of categories, of projects."""
    return list(
        BudgetLine.objects.filter(contest=contest).select_related("project").order_by("project__number", "category")
    )  # fmt: skip


def planned_of(contest: Contest) -> list[Planned]:
    """The winners by number. What will not be built is planned with nothing."""
    lines = lines_of(contest)
    own = {line.project_id: line for line in lines if line.project_id}
    by_category = {line.category: line for line in lines if not line.project_id}
    found = []
    for project in works_of(contest):
        project.contest = contest
        delivery: Delivery | None = getattr(project, "delivery", None)
        plan = delivery.plan_cost if delivery is not None else project.cost
        found.append(
            Planned(
                project, code_of(project),
                own.get(project.pk) or by_category.get(project.category) or by_category.get(""),
                0 if project.state == State.CANCELLED else plan,
                (delivery.actual_cost or 0) if delivery is not None else 0,
            )
        )  # fmt: skip
    return found


def plan_document(contest: Contest) -> dict[str, Any]:
    """The plan for machines; amounts in kopiykas, as whole numbers."""
    return {
        "schema": 1,
        "community": {"katottg": contest.community.code, "title": str(contest.community)},
        "contest": contest.slug,
        "year": contest.year,
        "currency": contest.currency,
        "winners": [_row(each) for each in planned_of(contest)],
    }


def plan_digest(document: dict[str, Any]) -> str:
    """The plan without what changes from day to day: what is paid is no part of it."""
    rows = [{name: value for name, value in row.items() if name != "paid"} for row in document["winners"]]
    return digest({**document, "winners": rows})


def _row(each: Planned) -> dict[str, Any]:
    line = each.line
    return {
        "code": each.code, "number": each.project.number, "title": each.project.title, "state": each.project.state,
        "programme": line.programme if line else "", "economic": line.economic if line else "",
        "fund": line.fund if line else "", "executorCode": line.executor_code if line else "",
        "executor": line.executor_title if line else "", "plan": each.plan, "paid": each.paid,
    }  # fmt: skip
