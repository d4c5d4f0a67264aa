"""What the review and its author do with a project under review."""

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import lifecycle
from rulebook.canonical import digest
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.projects.actions.moves import (
    decide_move,
    held_project,
    make_move,
    roles_about,
    set_state,
    write_entry,
)
from viche.projects.actions.versions import record_version
from viche.projects.events import (
    ChangesDeclined,
    ConditionsAccepted,
    ConditionsDeclined,
    ProjectAdmitted,
    ProjectConditionallyAdmitted,
    ProjectLapsed,
    ProjectMerged,
    ProjectRefused,
    ProjectResubmitted,
    ProjectReturned,
    ProjectWithdrawn,
    ReviewReopened,
)
from viche.projects.models import Project, TeamMember
from viche.projects.versions import content_digest


def withdraw_project(*, project: Project, by: Actor) -> Project:
    """The author takes the project back; journal: ProjectWithdrawn. Refused: the lifecycle's codes."""
    return make_move(project, "withdraw", by, ProjectWithdrawn)


def admit_project(*, project: Project, by: Actor) -> Project:
    """Admit to voting; journal: ProjectAdmitted. Refused: the lifecycle's codes."""
    return make_move(project, "admit", by, ProjectAdmitted)


def refuse_project(*, project: Project, reason: str, by: Actor) -> Project:
    """Refuse admission with a reason; journal: ProjectRefused. Refused: no_reason, the lifecycle's codes."""
    _need(reason, "reason", _("Give the reason: the author and everybody else will read it."))
    return make_move(project, "refuse", by, ProjectRefused, reason_digest=digest(reason.strip()))


def return_project(*, project: Project, reason: str, by: Actor) -> Project:
    """Return to the author with what is to be changed; journal: ProjectReturned.

    Refused: no_reason, the lifecycle's codes.
    """
    _need(reason, "reason", _("Say what is to be changed: the author will read it."))
    return make_move(project, "return_for_changes", by, ProjectReturned, reason_digest=digest(reason.strip()))


def admit_conditionally(*, project: Project, conditions: str, by: Actor) -> Project:
    """Admit if the author agrees to the conditions; journal: ProjectConditionallyAdmitted.

    Refused: no_reason (field conditions), the lifecycle's codes.
    """
    _need(conditions, "conditions", _("Say on which conditions: the author agrees to them or does not."))
    said = digest(conditions.strip())
    return make_move(project, "admit_conditionally", by, ProjectConditionallyAdmitted, reason_digest=said)


def resubmit_project(*, project: Project, by: Actor) -> Project:
    """The author has corrected a returned project; journal: ProjectResubmitted with what it says now.

    Refused: the lifecycle's codes.
    """
    if not project.is_public:
        # the same word means another move before publication: that is the check's
        raise Refused("wrong_state", _("The project’s present state does not allow this."))
    return make_move(project, "resubmit", by, ProjectResubmitted, digest=content_digest(project))


def decline_changes(*, project: Project, reason: str, stage: str, by: Actor) -> Project:
    """The author does not agree with the changes asked for: the stage's rule refuses the project, or it is decided
    about as it is. Journal: ChangesDeclined. Refused: no_reason, the lifecycle's codes.
    """
    _need(reason, "reason", _("Say why: those who decide will read it."))
    said = digest(reason.strip())
    return make_move(project, "decline_changes", by, ChangesDeclined, stage=stage, reason_digest=said)


def accept_conditions(*, project: Project, by: Actor) -> Project:
    """The author agrees to the conditions: the project is admitted. Journal: ConditionsAccepted and ProjectAdmitted.

    Refused: the lifecycle's codes.
    """
    with transaction.atomic():
        held = make_move(project, "accept_conditions", by, ConditionsAccepted)
        write_entry(held, SYSTEM, ProjectAdmitted)
    return held


def decline_conditions(*, project: Project, reason: str, stage: str, by: Actor) -> Project:
    """The author does not agree to the conditions. Journal: ConditionsDeclined. Refused: no_reason, the lifecycle's."""
    _need(reason, "reason", _("Say why: those who decide will read it."))
    said = digest(reason.strip())
    return make_move(project, "decline_conditions", by, ConditionsDeclined, stage=stage, reason_digest=said)


def lapse_project(*, project: Project, stage: str) -> Project:
    """The term for changes or an answer has passed in silence, and the stage's rule refuses then.

    Journal: ProjectLapsed. Refused: the lifecycle's codes.
    """
    return make_move(project, "lapse", SYSTEM, ProjectLapsed, stage=stage)


def reopen_review(*, project: Project, reason: str, by: Actor) -> Project:
    """The commission takes its own decision back before voting; journal: ReviewReopened.

    A project that the check of form refused was never published: its review cannot begin anew. Refused: no_reason, the
    lifecycle's codes.
    """
    if not project.is_public:
        raise Refused("wrong_state", _("The project’s present state does not allow this."))
    _need(reason, "reason", _("Give the reason: the author and everybody else will read it."))
    return make_move(project, "reopen_review", by, ReviewReopened, reason_digest=digest(reason.strip()))


def merge_projects(*, project: Project, into: Project, by: Actor) -> Project:
    """Merge the actor's project into another one of the contest; its author joins the team of that one.

    Locks both rows in the order of their numbers. Journal: ProjectMerged. Refused: other_contest, the lifecycle's
    codes of either project.
    """
    with transaction.atomic():
        held = {each.pk: held_project(each) for each in sorted((project, into), key=lambda each: each.number)}
        one, other = held[project.pk], held[into.pk]
        if one.contest_id != other.contest_id or one.pk == other.pk:
            raise Refused("other_contest", _("Projects of one contest are merged."))
        row = decide_move(one, "merge", roles=roles_about(one, by))
        # the other one must be where it could be merged itself: it still changes
        decide_move(other, "merge", roles=frozenset({lifecycle.AUTHOR}))
        set_state(one, row.target, merged_into=other)
        if one.author_id is not None and one.author_id != other.author_id:
            TeamMember.objects.get_or_create(
                project=other, person_id=one.author_id, state=TeamMember.State.CONFIRMED,
                defaults={
                    "name": one.author_name, "code_hash": b"", "shows_name": True, "invited_at": one.state_at,
                    "answered_at": one.state_at,
                },
            )  # fmt: skip
        record_version(project=other, note="merged", by=by)
        write_entry(one, by, ProjectMerged, into=other.number)
    project.state = one.state
    return one


def _need(text: str, name: str, message: str) -> None:
    if not text.strip():
        raise Refused("no_reason", message, fields={name: message}, status=422)
