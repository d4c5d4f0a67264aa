"""Deciding about a project under review."""

from django.db import transaction
from django.utils.translation import gettext as _

from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.projects import actions as projects
from viche.projects.models import Project
from viche.review.actions.conflicts import check_decider
from viche.review.models import Decision


def decide_review(
    *, project: Project, verdict: str, reason: str = "", protocol: str = "", by: Actor
) -> Decision:
    """Admit or refuse a submitted project; one transaction with the project's move and its journal entry.

    protocol: of the meeting that decided, its number and date. Refused: unknown_verdict, no_reason (a refusal gives
    its reason), conflict_of_interest, needs_meeting, the lifecycle's codes.
    """
    if verdict not in Decision.Verdict.values:
        raise Refused("unknown_verdict", _("Choose: admit or do not admit."), status=422)
    check_decider(project, by, protocol=protocol)
    with transaction.atomic():
        if verdict == Decision.Verdict.ADMIT:
            projects.admit_project(project=project, by=by)
        else:
            projects.refuse_project(project=project, reason=reason, by=by)
        return Decision.objects.create(
            project=project, verdict=verdict, reason=reason.strip(), decided_by_id=by.person_id,
            decided_at=clock.now(),
        )  # fmt: skip
