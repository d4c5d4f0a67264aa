"""How long the systems room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.connectors.systems.actions import CALLS_KEPT, delete_old_calls
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "system_calls", _("when another system of the body was asked and how it ended, without names"),
        after("%(term)s", lambda: CALLS_KEPT), _("so that disturbances are found"), delete_old_calls,
        ("systems.SystemCall",),
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
