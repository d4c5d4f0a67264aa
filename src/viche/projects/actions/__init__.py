"""Writes of the projects room."""

from viche.projects.actions.appealing import appeal_project, dismiss_appeal, grant_appeal
from viche.projects.actions.delivering import (
    cancel_work,
    delay_work,
    delete_milestone,
    delete_photograph,
    implement_project,
    mark_milestone,
    plan_milestone,
    rate_project,
    record_contract,
    record_photograph,
    reopen_work,
    revise_work,
    start_work,
    withdraw_contract,
)
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
    "Draft", "admit_project", "appeal_project", "attach_document", "attach_picture", "cancel_work", "create_draft", "delay_work",
    "delete_document", "delete_left_files", "delete_milestone", "delete_old_drafts", "delete_photograph",
    "delete_picture", "describe_pictures", "discard_draft", "dismiss_appeal", "grant_appeal", "implement_project", "mark_milestone", "mark_outcome",
    "plan_milestone", "rate_project", "record_contract", "record_photograph", "record_projects", "record_version",
    "refuse_project", "reopen_work", "revise_work", "save_project", "start_work", "submit_draft", "submit_project",
    "withdraw_contract", "withdraw_project",
]  # fmt: skip
