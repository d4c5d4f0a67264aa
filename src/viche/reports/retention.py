"""How long the reports room keeps what it holds."""

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT: tuple[Kept, ...] = ()

# numbers about contests and places in the journal
IMPERSONAL: tuple[str, ...] = ("reports.Tally", "reports.Keeping", "reports.Cursor")
