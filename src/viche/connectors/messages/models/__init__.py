"""Tables of the messages room."""

from viche.connectors.messages.models.deliveries import Address, Delivery, Inbox, Item, Wish
from viche.connectors.messages.models.follows import Follow
from viche.connectors.messages.models.notices import Cursor, Notice, Why

__all__ = ["Address", "Cursor", "Delivery", "Follow", "Inbox", "Item", "Notice", "Why", "Wish"]
