"""Tables of the review room."""

from viche.review.models.appeals import Appeal, AppealDocument
from viche.review.models.conflicts import Conflict
from viche.review.models.decisions import Decision
from viche.review.models.incompatible import IncompatibleGroup, IncompatibleProject
from viche.review.models.meetings import (
    AgendaItem,
    Attendance,
    Choice,
    Meeting,
    RollCallRecord,
    RollCallVote,
)

__all__ = [
    "AgendaItem", "Appeal", "AppealDocument", "Attendance", "Choice", "Conflict", "Decision", "IncompatibleGroup",
    "IncompatibleProject", "Meeting", "RollCallRecord", "RollCallVote",
]  # fmt: skip
