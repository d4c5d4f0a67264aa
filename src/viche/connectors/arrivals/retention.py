"""How long the arrivals room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT = (
    Kept(
        _("which official took over an archive or a file of another platform"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("arrivals.Arrival", "arrivals.Bringing"),
    ),
)  # fmt: skip

IMPERSONAL = ("arrivals.ArrivedContest", "arrivals.SourceProject")
