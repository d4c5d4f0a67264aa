"""The secret parts of links about an address. They need no table, and a copy of the database makes none of them."""

import hmac
from datetime import timedelta
from uuid import UUID

from viche.connectors.messages.models import Address
from viche.foundation import clock, keys

CONFIRM, UNSUBSCRIBE, CHAT = "confirm", "unsubscribe", "chat"
CONFIRM_HOURS = 48
# what a link of Telegram may carry
LENGTH = 64


def token_of(address: Address, purpose: str) -> str:
    """The secret part of a link about an address: its id, and a mark by a key that is not in the database."""
    mark = keys.person_token(f"notices-{purpose}", bytes(address.nonce).hex()).hex()
    return f"{address.pk.hex}{mark[:32]}"


def address_by_token(token: str, purpose: str) -> Address | None:
    """The address that a link is about; None for a link that is none, or of an address that is gone."""
    if len(token) != LENGTH or not token.isascii() or not token.isalnum():
        return None
    try:
        found = Address.objects.filter(pk=UUID(token[:32])).first()
    except ValueError:
        return None
    if found is None or not hmac.compare_digest(token_of(found, purpose), token):
        return None
    return found


def is_confirmable(address: Address) -> bool:
    """Whether its link still confirms it."""
    return address.confirmed_at is None and clock.now() - address.asked_at <= timedelta(hours=CONFIRM_HOURS)
