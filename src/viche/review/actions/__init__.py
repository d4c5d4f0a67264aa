"""Writes of the review room."""

from viche.review.actions.deciding import decide_review, reopen_review
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

__all__ = [
    "answer_conditions", "answer_merge", "answer_question", "apply_correction", "ask_author", "assign_review",
    "attach_to_opinion", "decide_review", "decline_return", "end_assignment", "end_silence", "give_opinion",
    "propose_correction", "propose_merge", "reopen_review", "save_opinion", "submit_correction",
]  # fmt: skip
