"""Secrets of webhooks and signatures with them (Standard Webhooks, symmetric: HMAC-SHA256)."""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks import Webhook

from viche.foundation import keys, sealing

PREFIX, SECRET_BYTES = "whsec_", 32


def new_secret() -> str:
    """A secret as the receiver writes it down: ``whsec_`` and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sealed(secret: str, endpoint: UUID) -> bytes:
    """The secret as it is stored, for this webhook only."""
    return sealing.sealed(secret.encode(), key=keys.room_key("webhooks"), owner=str(endpoint))


def opened(stored: bytes, endpoint: UUID) -> str:
    """Raises SealBroken for another webhook's, or under another key."""
    return sealing.opened(stored, key=keys.room_key("webhooks"), owner=str(endpoint)).decode()


def signed_headers(reference: str, body: bytes, moment: datetime, held: Sequence[str]) -> dict[str, str]:
    """The three headers of Standard Webhooks; with several secrets one signature each, parted by a space."""
    text, seconds = body.decode(), moment.astimezone(UTC)
    return {
        "webhook-id": reference,
        "webhook-timestamp": str(int(seconds.timestamp())),
        "webhook-signature": " ".join(Webhook(each).sign(reference, seconds, text) for each in held),
    }
