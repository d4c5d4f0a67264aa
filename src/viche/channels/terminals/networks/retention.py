"""How long the ways of terminal networks keep what they know."""

from django.utils.translation import gettext_lazy as _

from viche.channels.terminals.networks.baskets import LIFETIME
from viche.channels.terminals.networks.clearing import (
    ANSWERS_KEPT,
    PAYMENTS_KEPT,
    delete_old_payments,
    expire_baskets,
    wipe_answers,
)
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "terminal-choices", _("what somebody chose at a terminal of a network and did not cast, sealed"),
        after("%(term)s", lambda: LIFETIME), _("so that several payments can be one ballot"), expire_baskets,
    ),
    Rule(
        "terminal-sentences", _("what a terminal of a network was told, sealed"),
        after("%(term)s", lambda: ANSWERS_KEPT), _("so that a payment asked for twice is answered alike"), wipe_answers,
    ),
    Rule(
        "terminal-payments", _("payments of terminal networks, without voter and choice"),
        after("%(term)s", lambda: PAYMENTS_KEPT), _("so that the register of a network and ours can be compared"),
        delete_old_payments, ("terminals.Payment", "terminals.Basket"),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("ways by which terminal networks come in, and which officials opened them"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"), ("terminals.NetworkWay",),
    ),
)  # fmt: skip
