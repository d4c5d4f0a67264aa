"""How long the terminals keep what they know: no choice and no number of anybody is among it."""

from django.utils.translation import gettext_lazy as _

from viche.channels.terminals.actions.requests import (
    ANSWERS_KEPT,
    MINUTES_KEPT,
    NONCES_KEPT,
    delete_old_answers,
    delete_old_minutes,
    delete_old_nonces,
)
from viche.channels.terminals.networks.baskets import LIFETIME
from viche.channels.terminals.networks.clearing import (
    PAYMENTS_KEPT,
    SENTENCES_KEPT,
    delete_old_payments,
    expire_baskets,
    wipe_answers,
)
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "terminal-nonces", _("one-time numbers of signed requests of terminals"),
        after("%(term)s", lambda: NONCES_KEPT),
        _("so that a request that somebody overheard is not taken twice"), delete_old_nonces, ("terminals.Nonce",),
    ),
    Rule(
        "terminal-answers", _("what a terminal was answered, without choices and receipt"),
        after("%(term)s", lambda: ANSWERS_KEPT), _("so that a repeated request is done once"), delete_old_answers,
        ("terminals.TerminalRequest",),
    ),
    Rule(
        "terminal-minutes", _("numbers of requests of terminals by the minute"),
        after("%(term)s", lambda: MINUTES_KEPT), _("for the quota of a bank"), delete_old_minutes,
    ),
    Rule(
        "terminal-choices", _("what somebody chose at a terminal of a network and did not cast, sealed"),
        after("%(term)s", lambda: LIFETIME), _("so that several payments can be one ballot"), expire_baskets,
    ),
    Rule(
        "terminal-sentences", _("what a terminal of a network was told, sealed"),
        after("%(term)s", lambda: SENTENCES_KEPT), _("so that a payment asked for twice is answered alike"),
        wipe_answers,
    ),
    Rule(
        "terminal-payments", _("payments of terminal networks, without voter and choice"),
        after("%(term)s", lambda: PAYMENTS_KEPT), _("so that the register of a network and ours can be compared"),
        delete_old_payments, ("terminals.Payment", "terminals.Basket"),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("banks and terminal networks with their contracts, who answers for them, and which officials connected them"),
        _("for good"), _("acts of officials are documents of the body (law on the national archives)"),
        ("terminals.Partner", "terminals.PartnerKey"),
    ),
    Kept(
        _("references of ballots from terminals, without voter and choices"), _("for good"),
        _("so that the count of a bank and ours can be compared"),
        ("terminals.TerminalBallot", "terminals.Reconciliation"),
    ),
    Kept(
        _("ways by which terminal networks come in, and which officials opened them"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"), ("terminals.NetworkWay",),
    ),
)  # fmt: skip

IMPERSONAL = ("terminals.Tally",)
