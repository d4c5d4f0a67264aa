"""Writes of the terminals."""

from viche.channels.terminals.actions.casting import (
    TerminalReceipt,
    cancel_at_terminal,
    cast_at_terminal,
    identify_voter,
)
from viche.channels.terminals.actions.handing_over import hand_over_client
from viche.channels.terminals.actions.partner_keys import add_key, confirm_key, revoke_key
from viche.channels.terminals.actions.partners import (
    Contract,
    Limits,
    confirm_partner,
    decline_partner,
    propose_partner,
    resume_partner,
    set_limits,
    stop_partner,
)
from viche.channels.terminals.actions.reconciling import Stated, reconcile_day
from viche.channels.terminals.actions.requests import (
    TooMany,
    record_answer,
    record_outcome,
    record_request,
    use_nonce,
)

__all__ = [
    "Contract", "Limits", "Stated", "TerminalReceipt", "TooMany", "add_key", "cancel_at_terminal", "cast_at_terminal",
    "confirm_key", "confirm_partner", "decline_partner", "hand_over_client", "identify_voter", "propose_partner",
    "reconcile_day", "record_answer", "record_outcome", "record_request", "resume_partner", "revoke_key",
    "set_limits", "stop_partner", "use_nonce",
]  # fmt: skip
