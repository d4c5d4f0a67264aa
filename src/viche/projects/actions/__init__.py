"""Writes of the projects room."""

from viche.projects.actions.outcomes import mark_outcome
from viche.projects.actions.reviewing import admit_project, refuse_project, withdraw_project
from viche.projects.actions.submitting import Draft, record_projects, submit_project

__all__ = [
    "Draft", "admit_project", "mark_outcome", "record_projects", "refuse_project", "submit_project", "withdraw_project",
]  # fmt: skip
