"""How long archives of bodies that leave are kept."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from viche.connectors.export.actions import end_exports
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "exports", _("archives of all data of a body"),
        after(_("%(term)s after they were made"), lambda: timedelta(days=settings.EXPORT_DAYS)),
        _("so that the body can take its data along"), end_exports, ("export.Export",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("which officials asked and confirmed that a body leaves"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"), ("export.Leaving",),
    ),
)  # fmt: skip
