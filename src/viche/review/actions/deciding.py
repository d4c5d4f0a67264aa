"""Deciding about a project under review, stage by stage."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import lifecycle
from rulebook.calendar import event_day
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.projects import actions as projects
from viche.projects.actions.moves import decide_move, held_project, roles_about, write_entry
from viche.projects.models import Project
from viche.projects.wording import refusal_text
from viche.review.actions.conflicts import check_no_conflict
from viche.review.events import StagePassed
from viche.review.models import Decision
from viche.review.stages import Standing, standing_of

Verdict = Decision.Verdict
VERDICTS = (Verdict.ADMIT, Verdict.ADMIT_WITH_CORRECTION, Verdict.RETURN, Verdict.REJECT)
ALSO_CALLED = {"refuse": Verdict.REJECT}
# who may let a project pass on to the next stage where a department and not the commission decides it
PASSING = (lifecycle.REVIEWER, lifecycle.EDITOR, lifecycle.ADMINISTRATOR, lifecycle.COMMISSION)


def decide_review(
    *, project: Project, verdict: str, reason: str = "", conditions: str = "", protocol: str = "", by: Actor
) -> Decision:
    """Decide about a project in the stage where it stands; one transaction with its move and the journal.

    verdict: one of rulebook.rules REVIEW_OUTCOMES that the stage foresees ("refuse" is "reject"). Admitting in a stage
    before the last lets it pass on. protocol: of the meeting that decided, where the stage has a quorum.

    Refused: unknown_verdict, conflict_of_interest, not_foreseen, needs_meeting, no_reason (fields), the lifecycle's
    codes.
    """
    verdict = ALSO_CALLED.get(verdict, verdict)
    if verdict not in VERDICTS:
        raise Refused("unknown_verdict", _("Choose one of the decisions."), status=422)
    check_no_conflict(project, by)
    with transaction.atomic():
        held = held_project(project)
        standing = standing_of(held)
        _check_stage(standing, verdict, protocol)
        due_on = _apply(project, held, standing, Verdict(verdict), reason, conditions, by)
        return Decision.objects.create(
            project=held, stage=standing.stage.id, verdict=verdict, reason=reason.strip(),
            conditions=conditions.strip(), due_on=due_on, protocol=protocol.strip(), decided_by_id=by.person_id,
            decided_at=clock.now(),
        )  # fmt: skip


def _check_stage(standing: Standing, verdict: str, protocol: str) -> None:
    """Refused: not_foreseen, needs_meeting."""
    if verdict not in standing.stage.outcomes:
        raise Refused("not_foreseen", _("The rules of this stage do not foresee such a decision."))
    if standing.stage.quorum and not protocol.strip():
        raise Refused(
            "needs_meeting", _("This stage is decided by the commission at a meeting, by roll-call.")
        )


def _apply(
    project: Project, held: Project, standing: Standing, verdict: str, reason: str, conditions: str, by: Actor
) -> date | None:
    """Make the decision's move; the last day for the author's answer where there is one."""
    stage, calendar = standing.stage, held.contest.rules.working_calendar
    due_on = stage.correction_deadline(event_day(clock.now()), calendar)
    if verdict == Verdict.RETURN:
        projects.return_project(project=project, reason=reason, by=by)
        return due_on
    if verdict == Verdict.REJECT:
        projects.refuse_project(project=project, reason=reason, by=by)
    elif not standing.is_last:
        _pass_on(held, stage.id, by)
    elif verdict == Verdict.ADMIT:
        projects.admit_project(project=project, by=by)
    else:
        projects.admit_conditionally(project=project, conditions=conditions, by=by)
        return due_on
    return None


def _pass_on(held: Project, stage: str, by: Actor) -> None:
    """Let a project under review pass on to the next stage. Refused: the lifecycle's codes, as for admitting."""
    roles = roles_about(held, by)
    if not set(PASSING) & roles:
        refusal = lifecycle.Refusal(lifecycle.WRONG_ROLE, {"by": PASSING})
        raise Refused(refusal.code, refusal_text(refusal), status=403)
    # the state and the phase are asked as for an admission
    decide_move(held, "admit", roles=frozenset({lifecycle.COMMISSION}))
    write_entry(held, by, StagePassed, stage=stage)


def reopen_review(*, project: Project, reason: str, by: Actor) -> Decision:
    """The commission takes its last decision back: the project stands in that stage once more.

    Refused: no_reason, the lifecycle's codes.
    """
    with transaction.atomic():
        held = held_project(project)
        last = held.decisions.exclude(verdict=Verdict.REOPENED).last()
        projects.reopen_review(project=project, reason=reason, by=by)
        return Decision.objects.create(
            project=held, stage=last.stage if last is not None else "", verdict=Verdict.REOPENED, reason=reason.strip(),
            decided_by_id=by.person_id, decided_at=clock.now(),
        )  # fmt: skip
