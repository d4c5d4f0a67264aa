"""Writes of the messages room."""

from viche.connectors.messages.actions.following import end_follow, follow_subject
from viche.connectors.messages.actions.items import queue_items
from viche.connectors.messages.actions.noticing import make_notices
from viche.connectors.messages.actions.reading import delete_messages_of, delete_old_notices, mark_read

__all__ = [
    "delete_messages_of", "delete_old_notices", "end_follow", "follow_subject", "make_notices", "mark_read",
    "queue_items",
]  # fmt: skip
