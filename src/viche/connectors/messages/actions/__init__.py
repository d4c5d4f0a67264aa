"""Writes of the messages room."""

from viche.connectors.messages.actions.addresses import (
    confirm_address,
    delete_address,
    end_messages,
    request_address,
    restore_messages,
    revise_wishes,
)
from viche.connectors.messages.actions.chats import accept_chats
from viche.connectors.messages.actions.delivering import prepare_digests, prepare_messages, send_messages
from viche.connectors.messages.actions.following import end_follow, follow_subject
from viche.connectors.messages.actions.items import queue_items
from viche.connectors.messages.actions.noticing import make_notices
from viche.connectors.messages.actions.reading import (
    delete_messages_of,
    delete_old_deliveries,
    delete_old_notices,
    delete_unused_addresses,
    mark_read,
)
from viche.connectors.messages.actions.reminding import make_reminders

__all__ = [
    "accept_chats", "confirm_address", "delete_address", "delete_messages_of", "delete_old_deliveries",
    "delete_old_notices", "delete_unused_addresses", "end_follow",
    "end_messages", "follow_subject", "make_notices", "make_reminders", "mark_read", "prepare_digests",
    "prepare_messages", "queue_items", "request_address", "restore_messages", "revise_wishes", "send_messages",
]  # fmt: skip
