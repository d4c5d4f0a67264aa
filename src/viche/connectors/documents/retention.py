"""How long outgoing documents are kept."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT = (
    Kept(
        _("letters of the body about your project, with your name as the addressee"), _("for good"),
        _("outgoing documents are documents of the body (law on the national archives)"),
        ("documents.Dispatch",),
    ),
)  # fmt: skip

IMPERSONAL = ("documents.Registry",)
