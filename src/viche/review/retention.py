"""How long the review room keeps what it knows of people."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept

KEPT = (
    Kept(
        _("opinions, questions, corrections, appeals, meetings and decisions of the commission, with who said what"),
        _("for good"), _("documents of the body (law on the national archives)"),
        (
            "review.Appeal", "review.AppealDocument", "review.Conflict", "review.Decision", "review.Reply",
            "review.Meeting", "review.AgendaItem", "review.Attendance", "review.RollCallVote", "review.RollCallRecord",
            "review.Assignment", "review.Opinion", "review.OpinionFile", "review.Question", "review.QuestionFile",
            "review.Correction", "review.MergeOffer", "review.IncompatibleGroup",
        ),
    ),
)  # fmt: skip

IMPERSONAL = ("review.IncompatibleProject",)
