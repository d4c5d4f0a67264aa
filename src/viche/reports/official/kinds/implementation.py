"""The report on the implementation: each winner with its money and its terms, as planned and as they came."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from viche.contests.models import Contest
from viche.projects.delivery import works_of
from viche.projects.models import Delivery, Project, State
from viche.reports.document import Document, Heading, Paragraph, Part, Shown
from viche.reports.figure import DATE, DAYS, MONEY, SHARE, STATE, TEXT, Column, Figure, Row
from viche.reports.measures.course import amounts_of
from viche.reports.official.kind import PDF, WORKBOOK, Kind
from viche.reports.official.tables import day_of, document_of, numbered, table
from viche.reports.queries import figures_of
from viche.reports.turnout import WHOLE


def is_ready(contest: Contest) -> str:
    """Once the result is published and something has won."""
    if amounts_of(contest) is None:
        return _("The result is not published yet.")
    return "" if works_of(contest).exists() else _("No project has won.")


def build(contest: Contest) -> Document:
    works = list(
        works_of(contest).prefetch_related("delivery__contracts", "delivery__delays", "delivery__photographs")
    )
    begun = [each for each in works if _delivery(each) is not None]
    parts: list[Part] = [
        *(Shown(each) for each in figures_of(contest, ["works-by-state"])),
        Heading(_("Money: plan and fact")), Shown(_money(contest, works)),
        Heading(_("Terms: plan and fact")),
        *([Shown(_terms(contest, begun))] if begun else [Paragraph(_("No work has begun yet."))]),
        Heading(_("Contracts")), *_contracts(contest, begun),
        Heading(_("Terms that were moved")), *_delays(contest, begun),
        Heading(_("Acceptance")), *_acceptances(contest, begun),
        *_cancelled(works),
        *(Shown(each) for each in figures_of(contest, ["money-by-part", "money-by-category", "ratings"])),
    ]  # fmt: skip
    return document_of(contest, _("Report on the implementation"), parts)


def _delivery(project: Project) -> Delivery | None:
    return getattr(project, "delivery", None)


def _labels(works: Sequence[Project]) -> dict[str, str]:
    return {each.code: numbered(each) for each in works}


def _money(contest: Contest, works: Sequence[Project]) -> Figure:
    """deviation: paid less planned, of works that are accepted."""
    amounts = amounts_of(contest) or {}
    rows = []
    for project in works:
        delivery = _delivery(project)
        won = amounts.get(project.code)
        if delivery is None:
            rows.append(Row(project.code, (project.state, won, None, None, None, None)))
            continue
        contracted = (
            sum(each.amount for each in delivery.contracts.all()) if delivery.contracts.all() else None
        )
        paid = delivery.actual_cost
        is_done = paid is not None and project.state == State.IMPLEMENTED
        deviation = paid - delivery.plan_cost if is_done else None
        rows.append(Row(project.code, (project.state, won, delivery.plan_cost, contracted, paid, deviation)))
    columns = (
        Column("state", gettext_lazy("State"), STATE), Column("won", gettext_lazy("Got in the count"), MONEY),
        Column("plan", gettext_lazy("Planned"), MONEY), Column("contracts", gettext_lazy("By contracts"), MONEY),
        Column("paid", gettext_lazy("Paid"), MONEY), Column("deviation", gettext_lazy("Paid less planned"), MONEY),
    )  # fmt: skip
    return table(
        contest, "works-money", _("Money of each work"), _("Project"), columns, rows, labels=_labels(works),
        summed=["won", "plan", "contracts", "paid", "deviation"],
        about=_("Paid is what a work has cost so far; the deviation is told of accepted works only."),
    )  # fmt: skip


def _first_due(delivery: Delivery) -> date:
    """The term that was planned at first."""
    delays = sorted(delivery.delays.all(), key=lambda each: each.at)
    return delays[0].former_due if delays else delivery.due_on


def _terms(contest: Contest, begun: Sequence[Project]) -> Figure:
    """deviation: days from the first term to the acceptance, below nought where it was earlier."""
    rows = []
    for project in begun:
        delivery = project.delivery
        first, accepted = _first_due(delivery), delivery.accepted_on
        steps = list(delivery.milestones.all())
        done = sum(step.done_on is not None for step in steps)
        rows.append(
            Row(
                project.code,
                (
                    day_of(delivery.starts_on), day_of(first), day_of(delivery.due_on), delivery.delays.count(),
                    done * WHOLE // len(steps) if steps else None, day_of(accepted),
                    (accepted - first).days if accepted is not None else None, delivery.responsible_unit,
                ),
            )
        )  # fmt: skip
    columns = (
        Column("starts", gettext_lazy("Begins"), DATE), Column("first_due", gettext_lazy("First term"), DATE),
        Column("due", gettext_lazy("Term now"), DATE), Column("moved", gettext_lazy("Times moved")),
        Column("done", gettext_lazy("Steps done"), SHARE), Column("accepted", gettext_lazy("Accepted"), DATE),
        Column("deviation", gettext_lazy("Days past the first term"), DAYS),
        Column("unit", gettext_lazy("Responsible"), TEXT),
    )  # fmt: skip
    return table(
        contest, "works-terms", _("Terms of each work"), _("Project"), columns, rows, labels=_labels(begun),
        about=_("Days below nought: accepted before the first term."),
    )  # fmt: skip


def _contracts(contest: Contest, begun: Sequence[Project]) -> list[Part]:
    rows, labels = [], {}
    for project in begun:
        for each in project.delivery.contracts.all():
            key = f"{project.code}/{each.number}"
            labels[key] = numbered(project)
            rows.append(
                Row(
                    key,
                    (
                        each.number, day_of(each.signed_on), each.contractor, each.amount, each.url or None,
                    ),
                )
            )  # fmt: skip
    if not rows:
        return [Paragraph(_("No contract is recorded yet."))]
    columns = (
        Column("number", gettext_lazy("Contract"), TEXT), Column("signed", gettext_lazy("Signed"), DATE),
        Column("contractor", gettext_lazy("Contractor"), TEXT), Column("amount", gettext_lazy("Amount"), MONEY),
        Column("url", gettext_lazy("In the procurement system"), TEXT),
    )  # fmt: skip
    shown = table(
        contest, "contracts", _("Contracts"), _("Project"), columns, rows, labels=labels, summed=["amount"],
        optional=["url"],
    )  # fmt: skip
    return [Shown(shown)]


def _delays(contest: Contest, begun: Sequence[Project]) -> list[Part]:
    rows, labels = [], {}
    for project in begun:
        for number, each in enumerate(sorted(project.delivery.delays.all(), key=lambda one: one.at), start=1):
            key = f"{project.code}/{number}"
            labels[key] = numbered(project)
            days = (each.new_due - each.former_due).days
            rows.append(Row(key, (day_of(each.former_due), day_of(each.new_due), days, each.reason)))
    if not rows:
        return [Paragraph(_("No term was moved."))]
    columns = (
        Column("former", gettext_lazy("Former term"), DATE), Column("new", gettext_lazy("New term"), DATE),
        Column("days", gettext_lazy("Days"), DAYS), Column("reason", pgettext_lazy("of a report", "Reason"), TEXT),
    )  # fmt: skip
    return [
        Shown(
            table(contest, "delays", _("Terms that were moved"), _("Project"), columns, rows, labels=labels)
        )
    ]


def _acceptances(contest: Contest, begun: Sequence[Project]) -> list[Part]:
    accepted = [each for each in begun if each.delivery.accepted_on is not None]
    if not accepted:
        return [Paragraph(_("No work is accepted yet."))]
    rows = [
        Row(
            each.code,
            (
                day_of(each.delivery.accepted_on), each.delivery.acceptance or None, each.delivery.actual_cost,
                len(each.delivery.photographs.all()),
            ),
        )
        for each in accepted
    ]  # fmt: skip
    columns = (
        Column("accepted", gettext_lazy("Accepted"), DATE), Column("document", gettext_lazy("Document"), TEXT),
        Column("paid", gettext_lazy("Paid"), MONEY), Column("photographs", gettext_lazy("Photographs")),
    )  # fmt: skip
    shown = table(
        contest, "acceptances", _("Accepted works"), _("Project"), columns, rows, labels=_labels(accepted),
        summed=["paid"], optional=["document"],
    )  # fmt: skip
    return [Shown(shown)]


def _cancelled(works: Sequence[Project]) -> list[Part]:
    found = [each for each in works if each.state == State.CANCELLED]
    if not found:
        return []
    parts: list[Part] = [Heading(_("Works that will not be done"))]
    for each in found:
        delivery = _delivery(each)
        note = delivery.closing_note if delivery is not None else ""
        parts.append(Paragraph(f"{numbered(each)}. {note}".strip()))
    return parts


KIND = Kind(
    "implementation", gettext_lazy("Report on the implementation"),
    gettext_lazy("For the council and residents: plan and fact of each work in money and in days."), is_ready, build,
    forms=(PDF, WORKBOOK),
)  # fmt: skip
