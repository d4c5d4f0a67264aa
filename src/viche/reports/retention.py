"""How long the reports room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT: tuple[Kept, ...] = (
    Kept(
        _("official reports of a body, with the names of the officials who sign them"), _("for good"),
        _("reports on a contest are documents of the body (law on the national archives)"),
        ("reports.Report", "reports.ReportFile", "reports.Letterhead"),
    ),
    Kept(
        _("which official designed a report of the body"), _("until the report is deleted"),
        _("so that colleagues know whom to ask"), ("reports.DesignedReport",),
    ),
    Kept(
        _("which officials are sent a report of the body, when the last one went out, and who wants it no more"),
        _("until an administrator takes the official off the list, or the report or its schedule is deleted"),
        _("so that no letter is sent twice, and none to whoever wanted it no more"),
        ("reports.ReportReader",),
    ),
)  # fmt: skip

# numbers about contests, places in the journal, days and hours of letters
IMPERSONAL: tuple[str, ...] = ("reports.Tally", "reports.Keeping", "reports.Cursor", "reports.ReportSchedule")
