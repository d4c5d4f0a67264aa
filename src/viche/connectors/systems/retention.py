"""How long the systems room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.connectors.systems.actions import CALLS_KEPT, delete_old_calls
from viche.connectors.systems.kinds.analytics.seeing import WAITS, delete_old_pages
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "system_calls", _("when another system of the body was asked and how it ended, without names"),
        after("%(term)s", lambda: CALLS_KEPT), _("so that disturbances are found"), delete_old_calls,
        ("systems.SystemCall",),
    ),
    Rule(
        "seen_pages", _("which public pages are looked at, without who looked, on the way to the body’s statistics"),
        after(_("until they are sent, at the latest %(term)s"), lambda: WAITS),
        _("so that the body learns what is read"), delete_old_pages, ("systems.SeenPage",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("which official connected another system of the body, and when"),
        _("until the system is removed"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("systems.System",),
    ),
)

IMPERSONAL: tuple[str, ...] = ()
