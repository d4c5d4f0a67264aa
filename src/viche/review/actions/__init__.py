"""Writes of the review room."""

from viche.review.actions.appeals import appeal_refusal, decide_appeal
from viche.review.actions.conflicts import declare_conflict
from viche.review.actions.deciding import decide_review, reopen_review
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
from viche.review.actions.opinions import (
    ask_author,
    assign_review,
    attach_to_opinion,
    end_assignment,
    give_opinion,
    propose_correction,
    save_opinion,
)
from viche.review.actions.replying import (
    answer_conditions,
    answer_merge,
    answer_question,
    apply_correction,
    decline_return,
    end_silence,
    propose_merge,
    submit_correction,
)
from viche.review.actions.roll_call import close_item, open_item, record_vote, write_notes

__all__ = [
    "answer_conditions", "answer_merge", "answer_question", "appeal_refusal", "apply_correction",
    "approve_protocol", "ask_author", "assign_review", "attach_to_opinion", "call_meeting", "close_item",
    "close_meeting", "decide_appeal", "decide_review", "declare_conflict", "decline_return", "end_assignment",
    "end_silence", "give_opinion", "mark_incompatible", "open_item", "open_meeting", "plan_item",
    "propose_correction", "propose_merge", "record_attendance", "record_vote", "reopen_review", "revise_agenda",
    "save_opinion", "submit_correction", "withdraw_incompatible", "write_notes",
]  # fmt: skip
