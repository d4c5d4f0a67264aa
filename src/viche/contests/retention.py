"""How long the contests room keeps what it knows of people."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept

KEPT = (
    Kept(
        _("contests with their rules and dates, and which official proposed and confirmed them"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("contests.Contest", "contests.RulesVersion", "contests.Proposal", "contests.Extension"),
    ),
)  # fmt: skip

IMPERSONAL = ("contests.PhaseWindow",)
