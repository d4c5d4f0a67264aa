"""An author's appeal against a refusal, and what becomes of it."""

from rulebook.canonical import digest
from viche.foundation.actor import Actor
from viche.projects.actions.moves import make_move
from viche.projects.events import AppealDismissed, AppealFiled, AppealGranted
from viche.projects.models import Project


def appeal_project(*, project: Project, reason: str, by: Actor) -> Project:
    """The author appeals against the refusal; locks the project's row; journal: AppealFiled.

    The term and the text are the review room's to check. Refused: the lifecycle's codes.
    """
    return make_move(project, "appeal", by, AppealFiled, reason_digest=digest(reason))


def grant_appeal(*, project: Project, reason: str, by: Actor) -> Project:
    """The project goes back into the review; locks its row; journal: AppealGranted. Refused: the lifecycle's codes."""
    return make_move(project, "grant_appeal", by, AppealGranted, reason_digest=digest(reason))


def dismiss_appeal(*, project: Project, reason: str, by: Actor) -> Project:
    """The refusal stands; locks the project's row; journal: AppealDismissed. Refused: the lifecycle's codes."""
    return make_move(project, "dismiss_appeal", by, AppealDismissed, reason_digest=digest(reason))
