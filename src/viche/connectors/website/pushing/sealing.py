"""Secrets of the body's sites: sealed under a key that is not in the database, and for one site only."""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from viche.foundation import keys

NONCE_BYTES = 12


class SealBroken(Exception):
    """The secret was sealed under another key: it must be typed again."""


def sealed(secret: str, target: UUID) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(keys.website_key()).encrypt(nonce, secret.encode(), str(target).encode())


def opened(stored: bytes, target: UUID) -> str:
    """Raises SealBroken."""
    stored = bytes(stored)
    try:
        plain = ChaCha20Poly1305(keys.website_key()).decrypt(
            stored[:NONCE_BYTES], stored[NONCE_BYTES:], str(target).encode()
        )
    except InvalidTag:
        raise SealBroken from None
    return plain.decode()
