"""How long the integrity room keeps what it concludes from votes."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule
from viche.integrity.actions import delete_old_evidence

RULES = (
    Rule(
        "evidence", _("which votes a signal of the integrity desk rests on"),
        lambda: str(_("until the contest’s keys are destroyed")),
        _("so that appeals about a vote can be looked into"), delete_old_evidence, ("integrity.SignalMark",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("signals of the integrity desk, and what officials decided about them"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("integrity.Signal", "integrity.Decision"),
    ),
)  # fmt: skip

IMPERSONAL = ("integrity.Desk",)
