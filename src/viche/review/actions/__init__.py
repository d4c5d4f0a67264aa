"""Writes of the review room."""

from viche.review.actions.asking import ask_author, propose_correction
from viche.review.actions.attaching import attach_to_opinion, delete_opinion_file
from viche.review.actions.deciding import decide_review, reopen_review
from viche.review.actions.opinions import assign_review, end_assignment, give_opinion, save_opinion
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
    "attach_to_opinion", "decide_review", "decline_return", "delete_opinion_file", "end_assignment",
    "end_silence", "give_opinion", "propose_correction", "propose_merge", "reopen_review", "save_opinion",
    "submit_correction",
]  # fmt: skip
