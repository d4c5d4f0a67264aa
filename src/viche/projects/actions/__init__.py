"""Writes of the projects room."""

from viche.projects.actions.checking import (
    publish_project,
    publish_unchecked,
    refuse_unpublished,
    resubmit_for_check,
    send_back_project,
)
from viche.projects.actions.deadlines import run_deadlines
from viche.projects.actions.outcomes import mark_outcome
from viche.projects.actions.reviewing import admit_project, refuse_project, withdraw_project
from viche.projects.actions.signing import sign_project, withdraw_signature
from viche.projects.actions.submitting import Draft, record_projects, submit_project
from viche.projects.actions.support import close_unsupported

__all__ = [
    "Draft", "admit_project", "close_unsupported", "mark_outcome", "publish_project", "publish_unchecked",
    "record_projects", "refuse_project", "refuse_unpublished", "resubmit_for_check", "run_deadlines",
    "send_back_project", "sign_project", "submit_project", "withdraw_project", "withdraw_signature",
]  # fmt: skip
