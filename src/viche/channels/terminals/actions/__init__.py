"""Writes of the terminals."""

from viche.channels.terminals.actions.casting import (
    TerminalReceipt,
    cancel_at_terminal,
    cast_at_terminal,
    identify_voter,
)

__all__ = ["TerminalReceipt", "cancel_at_terminal", "cast_at_terminal", "identify_voter"]
