"""Writes of the projects room."""

from viche.projects.actions.drafts import (
    create_draft,
    delete_left_files,
    delete_old_drafts,
    discard_draft,
    save_project,
)
from viche.projects.actions.files import (
    attach_document,
    attach_picture,
    delete_document,
    delete_picture,
    describe_pictures,
)
from viche.projects.actions.outcomes import mark_outcome
from viche.projects.actions.reviewing import admit_project, refuse_project, withdraw_project
from viche.projects.actions.submitting import Draft, record_projects, submit_draft, submit_project
from viche.projects.actions.versions import record_version

__all__ = [
    "Draft", "admit_project", "attach_document", "attach_picture", "create_draft", "delete_document",
    "delete_left_files", "delete_old_drafts", "delete_picture", "describe_pictures", "discard_draft", "mark_outcome",
    "record_projects", "record_version", "refuse_project", "save_project", "submit_draft", "submit_project",
    "withdraw_project",
]  # fmt: skip
