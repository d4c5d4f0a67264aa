"""Filing and deciding appeals against refusals."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rulebook.calendar import event_day
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.documents import Document, safe_document, shown_name
from viche.foundation.ids import uuid7
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.projects import actions as projects
from viche.projects.actions.moves import held_project
from viche.projects.course import end_of
from viche.projects.models import Project
from viche.review.actions.conflicts import check_no_conflict, check_reason
from viche.review.models import Appeal, AppealDocument, Decision
from viche.review.models.appeals import SHELF
from viche.review.queries.appeals import was_appealed

MAX_DOCUMENTS = 5


def appeal_refusal(
    *, project: Project, reason: str, documents: Sequence[tuple[str, bytes]] = (), by: Actor
) -> Appeal:
    """The author appeals against the refusal, once, in the term of the rules; locks the project; journal: AppealFiled.

    documents: (name, bytes), for officials only. The term runs from the day of the refusal to the end of its last day
    in Kyiv. Refused: no_reason, too_long, document faults, too_many_documents, not_public, already_appealed,
    appeal_late, the lifecycle's codes.
    """
    reason = check_reason(reason, _("Write why the refusal is wrong: everybody reads it."))
    if len(documents) > MAX_DOCUMENTS:
        message = _("No more than %d documents, please.") % MAX_DOCUMENTS
        raise Refused("too_many_documents", message, fields={"documents": message}, status=422)
    kept = _kept(documents)
    try:
        with transaction.atomic():
            held = held_project(project)
            refused_at = held.state_at or clock.now()
            if held.published_at is None:
                raise Refused(
                    "not_public", _("Only the refusal of a published project is appealed against here.")
                )
            if was_appealed(held, refused_at):
                raise Refused("already_appealed", _("This refusal was appealed against already, and stands."))
            _check_term(held)
            projects.appeal_project(project=held, reason=reason, by=by)
            made = Appeal.objects.create(
                project=held, reason=reason, refused_at=refused_at, filed_by_id=by.person_id, filed_at=clock.now(),
                decide_by=_decide_by(held),
            )  # fmt: skip
            for reference, name, document in kept:
                AppealDocument.objects.create(
                    id=reference, appeal=made, name=shown_name(name, document.ending)[:120],
                    media_type=document.media_type, size=len(document.content),
                    digest=hashlib.sha256(document.content).hexdigest(),
                )  # fmt: skip
            return made
    except BaseException:
        for reference, _name, _document in kept:
            private_files.forget(reference, shelf=SHELF)
        raise


def _kept(documents: Sequence[tuple[str, bytes]]) -> list[tuple[UUID, str, Document]]:
    safe = []
    for name, content in documents:
        try:
            safe.append((uuid7(), name, safe_document(content)))
        except Refused as refused:
            message = f"{name}: {refused.message}"
            raise Refused(refused.code, message, fields={"documents": message}, status=422) from None
    for reference, _name, document in safe:
        private_files.keep(reference, document.content, shelf=SHELF)
    return safe


def _check_term(project: Project) -> None:
    rule = project.contest.rules.appeal
    if rule is None or project.state != "refused" or project.state_at is None:
        return  # the lifecycle says it in its own words
    last = rule.deadline(event_day(project.state_at), project.contest.rules.working_calendar)
    if clock.now() >= end_of(last):
        raise Refused("appeal_late", _("The term to appeal ended on %s.") % date_format(last, "j E Y"))


def _decide_by(project: Project) -> object:
    rule = project.contest.rules.appeal
    last = (
        rule.decision_deadline(event_day(clock.now()), project.contest.rules.working_calendar)
        if rule
        else None
    )
    return end_of(last) if last is not None else None


def decide_appeal(*, appeal: Appeal, is_granted: bool, answer: str, protocol: str = "", by: Actor) -> Appeal:
    """Grant the appeal, which brings the project back into the review, or dismiss it; with a reason, for everybody.

    By another person than the one who refused, or by a meeting, which names its protocol; nobody with a conflict.
    Locks the project; journal: AppealGranted or AppealDismissed. Refused: not_commission, no_reason, too_long,
    conflict_of_interest, same_decider, already_decided, the lifecycle's codes.
    """
    project = appeal.project
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=project.contest.community.code):
        raise Refused(
            "not_commission", _("Appeals are decided by the commission or an administrator."), status=403
        )
    answer = check_reason(
        answer, _("Give the reason: the author and everybody else will read it."), field="answer"
    )
    with transaction.atomic():
        held_project(project)
        held = Appeal.objects.select_for_update().get(pk=appeal.pk)
        if held.state != Appeal.State.WAITING:
            raise Refused("already_decided", _("This appeal is decided already."))
        check_no_conflict(project, by)
        last = (
            Decision.objects.filter(project=project, verdict=Decision.Verdict.REJECT)
            .order_by("decided_at")
            .last()
        )
        if not protocol and last is not None and last.decided_by_id == by.person_id:
            raise Refused(
                "same_decider",
                _("You refused this project: somebody else decides about the appeal."),
                status=403,
            )
        move = projects.grant_appeal if is_granted else projects.dismiss_appeal
        move(project=project, reason=answer, by=by)
        held.state = Appeal.State.GRANTED if is_granted else Appeal.State.DISMISSED
        held.answer, held.decided_by_id, held.decided_at = answer, by.person_id, clock.now()
        held.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return held
