"""Writes of the projects room."""

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
from viche.projects.actions.outcomes import mark_outcome
from viche.projects.actions.reviewing import admit_project, refuse_project, withdraw_project
from viche.projects.actions.submitting import Draft, record_projects, submit_project

__all__ = [
    "Draft", "admit_project", "cancel_work", "delay_work", "delete_milestone", "delete_photograph",
    "implement_project", "mark_milestone", "mark_outcome", "plan_milestone", "rate_project", "record_contract",
    "record_photograph", "record_projects", "refuse_project", "reopen_work", "revise_work", "start_work",
    "submit_project", "withdraw_contract", "withdraw_project",
]  # fmt: skip
