"""Reads of budget and treasury."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from viche.communities.models import Community
from viche.connectors.treasury.models import BudgetLine, Payment, PlanHandover, Procurement, Statement
from viche.connectors.treasury.reading import FAULTS, FIELDS
from viche.contests.models import Contest
from viche.projects.delivery import WON
from viche.projects.models import Contract, Project


@dataclass(frozen=True)
class Fault:
    """A row of a statement that is no payment, in words."""

    row: int
    field: str
    text: str


def statements_of(community: Community) -> QuerySet[Statement]:
    return Statement.objects.filter(community=community).select_related("brought_by").order_by("-brought_at")


def statement_of(community: Community, reference: object) -> Statement | None:
    return (
        Statement.objects.filter(community=community, pk=reference)
        .select_related("community__territory", "brought_by", "decided_by")
        .first()
    )


def figures_of(statement: Statement) -> dict[str, Any]:
    """How many payments are matched and how many not, and their sums in kopiykas."""
    rows = statement.payments.order_by().aggregate(
        matched=Count("pk", filter=Q(project__isnull=False)),
        matched_sum=Sum("amount", filter=Q(project__isnull=False)),
        unmatched=Count("pk", filter=Q(project__isnull=True)),
        unmatched_sum=Sum("amount", filter=Q(project__isnull=True)),
    )
    return {name: int(value or 0) for name, value in rows.items()}


def payments_in(statement: Statement, *, is_matched: bool | None = None) -> QuerySet[Payment]:
    """The payments of a statement in its order."""
    found = statement.payments.select_related("project__contest").order_by("row", "pk")
    return found if is_matched is None else found.filter(project__isnull=not is_matched)


def payment_in(statement: Statement, reference: object) -> Payment | None:
    return statement.payments.select_related("community", "project").filter(pk=reference).first()


def faults_of(statement: Statement) -> list[Fault]:
    return [Fault(row, str(FIELDS[field]), str(FAULTS[code])) for row, field, code in statement.faults]


def winner_named(community: Community, contest: str, number: int) -> Project | None:
    """The winner of a contest of the body, by the contest's address and its number."""
    return (
        Project.objects.filter(
            contest__community=community, contest__slug=contest, number=number, state__in=WON
        )
        .select_related("contest")
        .first()
    )


def line_of(contest: Contest, reference: object) -> BudgetLine | None:
    return (
        BudgetLine.objects.filter(contest=contest, pk=reference).select_related("contest__community").first()
    )


def plans_of(contest: Contest) -> list[PlanHandover]:
    """The plans that were sent, the newest first."""
    found = PlanHandover.objects.filter(contest=contest).select_related("community").defer("content")
    return list(found.order_by("-made_at")[:20])


def contracts_of(contest: Contest) -> list[Contract]:
    """The contracts of the winners with their procurement read along."""
    return list(
        Contract.objects.filter(delivery__project__contest=contest)
        .select_related("procurement", "delivery__project")
        .order_by("delivery__project__number", "signed_on")
    )


def procurement_of(contest: Contest, reference: object) -> Procurement | None:
    return (
        Procurement.objects.filter(contract__delivery__project__contest=contest, pk=reference)
        .select_related("community", "contract")
        .first()
    )


@dataclass(frozen=True)
class Paid:
    """What was paid for a project: the payments, the newest first, and their sum in kopiykas."""

    payments: list[Payment]
    total: int


def paid_for(project: Project) -> Paid | None:
    """The recorded payments of a project; None where there are none."""
    rows = list(
        Payment.objects.filter(project=project, state=Payment.State.RECORDED).order_by("-paid_on", "-pk")
    )
    return Paid(rows, sum(each.amount for each in rows)) if rows else None
