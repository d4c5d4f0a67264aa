"""Writes of the room of programs."""

from viche.connectors.clients.actions.bringing import (
    identify_author,
    revise_brought_project,
    submit_brought_project,
)
from viche.connectors.clients.actions.programs import (
    Limits,
    confirm_client,
    make_secret,
    propose_client,
    revise_client,
    revoke_client,
    revoke_secret,
)
from viche.connectors.clients.actions.requests import (
    TooMany,
    delete_old_calls,
    delete_old_spendings,
    delete_old_writes,
    record_call,
    record_request,
    record_use,
    record_write,
)

__all__ = [
    "Limits",
    "TooMany",
    "confirm_client",
    "delete_old_calls",
    "delete_old_spendings",
    "delete_old_writes",
    "identify_author",
    "make_secret",
    "propose_client",
    "record_call",
    "record_request",
    "record_use",
    "record_write",
    "revise_brought_project",
    "revise_client",
    "revoke_client",
    "revoke_secret",
    "submit_brought_project",
]  # fmt: skip
