"""How long the reports room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT = (
    Kept(
        _("official reports of a body, with the names of the officials who sign them"), _("for good"),
        _("reports on a contest are documents of the body (law on the national archives)"),
        ("reports.Report", "reports.ReportFile", "reports.Letterhead"),
    ),
)  # fmt: skip

# numbers about contests and places in the journal
IMPERSONAL: tuple[str, ...] = ("reports.Tally", "reports.Keeping", "reports.Cursor")
