"""How long the arrivals room keeps what it holds."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from viche.connectors.arrivals.sources.bringing import LEFT_DAYS, end_left_files
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "arrivals", _("files of other platforms, with names of authors, that nobody brought in"),
        after(_("%(term)s after they were uploaded"), lambda: timedelta(days=LEFT_DAYS)),
        _("so that an official can look at them before bringing them in"), end_left_files, ("arrivals.Bringing",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("which official took over an archive of the body"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("arrivals.Arrival",),
    ),
)  # fmt: skip

IMPERSONAL = ("arrivals.ArrivedContest", "arrivals.SourceProject")
