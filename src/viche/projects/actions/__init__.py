"""Writes of the projects room."""

from viche.projects.actions.appealing import appeal_project, dismiss_appeal, grant_appeal
from viche.projects.actions.checking import (
    publish_project,
    publish_unchecked,
    refuse_unpublished,
    resubmit_for_check,
    send_back_project,
)
from viche.projects.actions.deadlines import run_deadlines
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
    record_payments,
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
from viche.projects.actions.erasing import erase_author, issues_before_erasing_author
from viche.projects.actions.files import (
    attach_document,
    attach_picture,
    delete_document,
    delete_picture,
    describe_pictures,
)
from viche.projects.actions.outcomes import mark_outcome
from viche.projects.actions.reviewing import (
    accept_conditions,
    admit_conditionally,
    admit_project,
    decline_changes,
    decline_conditions,
    lapse_project,
    merge_projects,
    refuse_project,
    reopen_review,
    resubmit_project,
    return_project,
    withdraw_project,
)
from viche.projects.actions.sheets import (
    close_sheet,
    decide_line,
    discard_sheet,
    end_entry,
    record_line,
    record_lines,
    record_sheet,
)
from viche.projects.actions.signing import merge_signatures, sign_project, withdraw_signature
from viche.projects.actions.submitting import Draft, record_projects, submit_draft, submit_project
from viche.projects.actions.support import close_unsupported
from viche.projects.actions.team import (
    accept_coauthor_invitation,
    decline_coauthor_invitation,
    end_coauthorship,
    invite_coauthor,
    resend_coauthor_invitation,
)
from viche.projects.actions.versions import record_version

__all__ = [
    "Draft", "accept_coauthor_invitation", "accept_conditions", "admit_conditionally", "admit_project",
    "appeal_project", "attach_document", "attach_picture", "cancel_work", "close_sheet", "close_unsupported",
    "create_draft", "decide_line", "decline_changes", "decline_coauthor_invitation", "decline_conditions",
    "delay_work", "delete_document", "delete_left_files", "delete_milestone", "delete_old_drafts",
    "delete_photograph", "delete_picture", "describe_pictures", "discard_draft", "discard_sheet",
    "dismiss_appeal", "end_coauthorship", "end_entry", "erase_author", "grant_appeal", "implement_project",
    "invite_coauthor", "issues_before_erasing_author", "lapse_project", "mark_milestone", "mark_outcome",
    "merge_projects", "merge_signatures", "plan_milestone", "publish_project", "publish_unchecked",
    "rate_project", "record_contract", "record_line", "record_lines",
    "record_payments", "record_photograph", "record_projects", "record_sheet",
    "record_version", "refuse_project", "refuse_unpublished", "reopen_review", "reopen_work",
    "resend_coauthor_invitation", "resubmit_for_check", "resubmit_project", "return_project", "revise_work",
    "run_deadlines", "save_project", "send_back_project", "sign_project", "start_work", "submit_draft",
    "submit_project", "withdraw_contract", "withdraw_project", "withdraw_signature",
]  # fmt: skip
