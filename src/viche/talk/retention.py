"""How long the talk room keeps what it knows of people."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule, after
from viche.talk.actions import REPORTS, delete_old_reports

RULES = (
    Rule(
        "comment_reports", _("who reported a comment"),
        after(_("%(term)s after a moderator looked at it"), lambda: timedelta(days=REPORTS)),
        _("so that a moderator can look at it once"), delete_old_reports, ("talk.Report",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("comments and news about projects, with who wrote them"), _("until you take them back"),
        _("so that everybody can read the discussion"), ("talk.Comment", "talk.News"),
    ),
)  # fmt: skip
