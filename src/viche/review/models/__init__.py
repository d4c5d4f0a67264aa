"""Tables of the review room."""

from viche.review.models.decisions import Decision, Reply
from viche.review.models.opinions import (
    Assignment,
    Correction,
    MergeOffer,
    Opinion,
    OpinionFile,
    Question,
    QuestionFile,
)

__all__ = [
    "Assignment", "Correction", "Decision", "MergeOffer", "Opinion", "OpinionFile", "Question", "QuestionFile", "Reply",
]  # fmt: skip
