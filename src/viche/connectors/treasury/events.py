"""Events of budget and treasury. Who was paid stands in no entry."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.contests.events import ContestEvent
from viche.journal.events import Event


@dataclass(frozen=True)
class PlanHandedOver(ContestEvent):
    """digest: SHA-256 of the plan; winners: how many."""

    sentence = gettext_noop(
        "The plan of the winners was handed to the budget system: %(winners)s projects, hash %(digest)s"
    )
    winners: int
    digest: str


@dataclass(frozen=True)
class StatementRecorded(Event):
    """payments: how many of the statement belong to projects; total: their sum in kopiykas."""

    sentence = gettext_noop("Payments of a statement are recorded: %(payments)s")
    about = "statement:{statement}"
    statement: str
    payments: int
    total: int


@dataclass(frozen=True)
class PaymentMoved(Event):
    """A payment that was recorded is set right. project: its reference, "" where it belongs to none."""

    sentence = gettext_noop("A recorded payment was set right")
    about = "payment:{payment}"
    payment: str
    project: str


@dataclass(frozen=True)
class BudgetLinesSet(ContestEvent):
    """digest: SHA-256 of the codes as they stand now."""

    sentence = gettext_noop("The budget codes of the winners were set")
    digest: str
