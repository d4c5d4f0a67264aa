"""How long budget and treasury figures are kept."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT = (
    Kept(
        _("payments for what is built, with the names of who was paid, and which official confirmed them"),
        _("for good"),
        _("the use of public money is public (law on openness of the use of public funds)"),
        (
            "treasury.Payment", "treasury.Statement", "treasury.PlanHandover", "treasury.Procurement",
        ),
    ),
)  # fmt: skip

IMPERSONAL = ("treasury.BudgetLine",)
