"""How long the results room keeps what it knows of people."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept

KEPT = (
    Kept(
        _("who counted, certified and published a result, and decided ties"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("results.Count", "results.TieDecision", "results.Certification", "results.Publication"),
    ),
)  # fmt: skip

IMPERSONAL = ("results.ExplanationPage",)
