"""Proposals confirmed: from then on they count towards their projects, exactly, and can be set right."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from viche.connectors.treasury.events import PaymentMoved, StatementRecorded
from viche.connectors.treasury.guards import treasurer_only
from viche.connectors.treasury.matching import HAND
from viche.connectors.treasury.models import Payment, Statement
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.projects import actions as projects
from viche.projects.delivery import WON
from viche.projects.models import Project

State = Payment.State


def record_statement(*, statement: Statement, by: Actor, left_out: Collection[UUID] = ()) -> Statement:
    """Confirm the proposals of a statement; locks it and each project in order; journal: StatementRecorded, and
    PaymentsRecorded of each project.

    left_out: payments that belong to no project after all. Refused: not_treasurer, archived, already_decided, no_work
    (a project is not being implemented), below_zero.
    """
    treasurer_only(statement.community, by)
    with transaction.atomic():
        held = _held(statement)
        now = clock.now()
        rows = Payment.objects.filter(statement=held, state=State.PROPOSED)
        said = {"decided_by_id": by.person_id, "decided_at": now}
        rows.filter(pk__in=list(left_out)).update(project=None, how="", state=State.ASIDE, **said)
        rows.filter(project__isnull=True).update(state=State.ASIDE, **said)
        rows.update(state=State.RECORDED, **said)
        recorded = Payment.objects.filter(statement=held, state=State.RECORDED)
        _tell_projects(set(recorded.order_by().values_list("project_id", flat=True)), by)
        held.state, held.decided_by_id, held.decided_at = Statement.State.RECORDED, by.person_id, now
        held.save(update_fields=["state", "decided_by", "decided_at"])
        total = recorded.aggregate(total=Sum("amount"))["total"] or 0
        journal.append(
            StatementRecorded(statement=str(held.pk), payments=recorded.count(), total=int(total)),
            community=held.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return held


def discard_statement(*, statement: Statement, by: Actor) -> Statement:
    """Throw the proposals of a statement away: it can be brought again. Locks it.

    Refused: not_treasurer, archived, already_decided.
    """
    treasurer_only(statement.community, by)
    with transaction.atomic():
        held = _held(statement)
        held.payments.all().delete()
        held.state, held.decided_by_id, held.decided_at = (
            Statement.State.DISCARDED, by.person_id, clock.now(),
        )  # fmt: skip
        held.save(update_fields=["state", "decided_by", "decided_at"])
    return held


def assign_payment(*, payment: Payment, project: Project | None, by: Actor) -> Payment:
    """Say to which project a payment belongs, or (None) that it belongs to none; locks statement, payment, projects.

    A proposal stays one; of a recorded payment the sums of both projects change, journal: PaymentMoved. Refused:
    not_treasurer, archived, discarded, other_body, no_work, below_zero.
    """
    treasurer_only(payment.community, by)
    if project is not None and (
        project.contest.community_id != payment.community_id or project.state not in WON
    ):
        message = _("There is no such winner in this body.")
        raise Refused("other_body", message, fields={"project": message}, status=422)
    with transaction.atomic():
        statement = Statement.objects.select_for_update().get(pk=payment.statement_id)
        held = Payment.objects.select_for_update(of=("self",)).filter(pk=payment.pk).first()
        if held is None or statement.state == Statement.State.DISCARDED:
            raise Refused("discarded", _("A colleague has thrown this statement away."))
        former, held.project, held.how = held.project_id, project, HAND if project is not None else ""
        if statement.state == Statement.State.RECORDED:
            held.state = State.RECORDED if project is not None else State.ASIDE
            held.decided_by_id, held.decided_at = by.person_id, clock.now()
        held.save(update_fields=["project", "how", "state", "decided_by", "decided_at"])
        if statement.state == Statement.State.RECORDED and former != held.project_id:
            _tell_projects({former, held.project_id}, by)
            journal.append(
                PaymentMoved(payment=str(held.pk), project=str(held.project_id or "")),
                community=payment.community.code, year=clock.year(), by=by,
            )  # fmt: skip
    return held


def _tell_projects(keys: Iterable[UUID | None], by: Actor) -> None:
    """Let each project know what was paid for it, all its recorded payments together. Refused: no_work, below_zero."""
    wanted = sorted(each for each in keys if each is not None)
    # locked before it is summed up: a colleague may confirm another statement at this moment
    held = Project.objects.select_for_update(of=("self",)).select_related("contest__community").order_by("pk")
    for project in list(held.filter(pk__in=wanted)):
        rows = Payment.objects.filter(project=project, state=State.RECORDED)
        paid = int(rows.aggregate(total=Sum("amount"))["total"] or 0)
        if paid < 0:
            raise Refused(
                "below_zero",
                _("More would be taken back of project No. %s than was ever paid for it.") % project.number,
            )
        try:
            projects.record_payments(project=project, paid=paid, number=rows.count(), by=by)
        except Refused as refused:
            if refused.code != "not_in_work":
                raise
            raise Refused(
                "no_work",
                _("Project No. %s is not being implemented: begin its work first, or leave its payments out.")
                % project.number,
            ) from refused


def _held(statement: Statement) -> Statement:
    """The statement, locked, while it waits for a decision. Refused: already_decided."""
    held = Statement.objects.select_for_update(of=("self",)).select_related("community").get(pk=statement.pk)
    if held.state != Statement.State.PROPOSED:
        raise Refused("already_decided", _("A colleague has decided about this statement already."))
    return held
