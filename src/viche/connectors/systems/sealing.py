"""Secrets of neighbours: sealed under a key that is not in the database, and for one system only."""

import json
import secrets
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from viche.foundation import keys

NONCE_BYTES = 12


class SealBroken(Exception):
    """The secrets were sealed under another key: they must be typed again."""


def sealed(values: Mapping[str, str], system: UUID) -> bytes | None:
    """The secrets by field as they are stored; None where there are none."""
    if not values:
        return None
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(dict(values), ensure_ascii=False).encode()
    return nonce + ChaCha20Poly1305(keys.neighbour_key()).encrypt(nonce, plain, str(system).encode())


def opened(stored: bytes | None, system: UUID) -> dict[str, str]:
    """The secrets by field. Raises SealBroken."""
    if not stored:
        return {}
    stored = bytes(stored)
    cipher = ChaCha20Poly1305(keys.neighbour_key())
    try:
        plain = cipher.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], str(system).encode())
    except InvalidTag:
        raise SealBroken from None
    return dict(json.loads(plain))
