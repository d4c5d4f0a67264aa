"""What the review and its author do with a project under review."""

from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.projects.actions.moves import make_move
from viche.projects.events import ProjectAdmitted, ProjectRefused, ProjectWithdrawn
from viche.projects.models import Project


def withdraw_project(*, project: Project, by: Actor) -> Project:
    """The author takes the project back; journal: ProjectWithdrawn. Refused: the lifecycle's codes."""
    return make_move(project, "withdraw", by, ProjectWithdrawn)


def admit_project(*, project: Project, by: Actor) -> Project:
    """Admit to voting; journal: ProjectAdmitted. Refused: the lifecycle's codes."""
    return make_move(project, "admit", by, ProjectAdmitted)


def refuse_project(*, project: Project, reason: str, by: Actor) -> Project:
    """Refuse admission with a reason; journal: ProjectRefused. Refused: no_reason, the lifecycle's codes."""
    if not reason.strip():
        message = _("Give the reason: the author and everybody else will read it.")
        raise Refused("no_reason", message, fields={"reason": message}, status=422)
    return make_move(project, "refuse", by, ProjectRefused, reason_digest=digest(reason.strip()))
