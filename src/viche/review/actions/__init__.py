"""Writes of the review room."""

from viche.review.actions.appeals import appeal_refusal, decide_appeal
from viche.review.actions.conflicts import declare_conflict
from viche.review.actions.deciding import decide_review
from viche.review.actions.incompatible import mark_incompatible, withdraw_incompatible
from viche.review.actions.meetings import (
    approve_protocol,
    call_meeting,
    close_meeting,
    open_meeting,
    plan_item,
    record_attendance,
    revise_agenda,
)
from viche.review.actions.roll_call import close_item, open_item, record_vote, write_notes

__all__ = [
    "appeal_refusal", "approve_protocol", "call_meeting", "close_item", "close_meeting", "decide_appeal",
    "decide_review", "declare_conflict", "mark_incompatible", "open_item", "open_meeting", "plan_item",
    "record_attendance", "record_vote", "revise_agenda", "withdraw_incompatible", "write_notes",
]  # fmt: skip
