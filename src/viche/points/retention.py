"""How long the points room keeps what it knows of people."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule, after
from viche.points.visits import LONGEST, delete_old_visits

RULES = (
    Rule(
        "visits", _("that you stand at a public screen"),
        after(_("until you end, at the latest %(term)s"), lambda: LONGEST),
        _("so that the screen knows who identified on a telephone"), delete_old_visits, ("points.Visit",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("which officials worked at a polling point and when, and who set up its screens"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("points.Shift", "points.Duty", "points.Screen"),
    ),
)  # fmt: skip

IMPERSONAL = ("points.Point",)
