"""How long the clients room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.connectors.clients.actions.requests import (
    CALLS_KEPT,
    SPENDINGS_KEPT,
    WRITES_KEPT,
    delete_old_calls,
    delete_old_spendings,
    delete_old_writes,
)
from viche.foundation.retention import Kept, Rule, after

RULES: tuple[Rule, ...] = (
    Rule(
        "api-writes", _("what a program was answered, references only"), after("%(term)s", lambda: WRITES_KEPT),
        _("so that a repeated request is done once"), delete_old_writes, ("clients.WrittenRequest",),
    ),
    Rule(
        "api-calls", _("which writes programs made in the name of which officials"),
        after("%(term)s", lambda: CALLS_KEPT), _("so that a fault or an abuse of a program can be found"),
        delete_old_calls, ("clients.Call",),
    ),
    Rule(
        "api-requests", _("numbers of requests by program, or by a keyed mark of an address that changes daily"),
        after("%(term)s", lambda: SPENDINGS_KEPT), _("so that nobody asks more often than is agreed"),
        delete_old_spendings, ("clients.Spending",),
    ),
)  # fmt: skip

KEPT: tuple[Kept, ...] = (
    Kept(
        _("programs that use the API, in whose name they act, and who connected them"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("clients.Client", "clients.Secret"),
    ),
)  # fmt: skip

IMPERSONAL: tuple[str, ...] = ("clients.BroughtProject",)
