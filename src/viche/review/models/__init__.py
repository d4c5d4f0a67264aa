"""Tables of the review room."""

from viche.review.models.appeals import Appeal, AppealDocument
from viche.review.models.conflicts import Conflict
from viche.review.models.decisions import Decision, Reply
from viche.review.models.incompatible import IncompatibleGroup, IncompatibleProject
from viche.review.models.meetings import (
    AgendaItem,
    Attendance,
    Choice,
    Meeting,
    RollCallRecord,
    RollCallVote,
)
from viche.review.models.opinions import Assignment, Correction, MergeOffer, Opinion, OpinionFile, Question

__all__ = [
    "AgendaItem", "Appeal", "AppealDocument", "Assignment", "Attendance", "Choice", "Conflict", "Correction",
    "Decision", "IncompatibleGroup", "IncompatibleProject", "Meeting", "MergeOffer", "Opinion", "OpinionFile",
    "Question", "Reply", "RollCallRecord", "RollCallVote",
]  # fmt: skip
