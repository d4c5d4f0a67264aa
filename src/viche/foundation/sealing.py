"""Secrets as the database keeps them: sealed under a key that is not in it, and for one owner only.

ChaCha20-Poly1305 (RFC 8439) with a random nonce before the box. Whoever copies a row to another owner, or the
database to a server with another key, opens nothing.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

NONCE_BYTES = 12


class SealBroken(Exception):
    """The secret was sealed under another key or for another owner: it must be typed or made again."""


def sealed(plain: bytes, *, key: bytes, owner: str) -> bytes:
    """The secret as it is stored. key: 32 bytes (foundation.keys). owner: whose it is, an id."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, owner.encode())


def opened(stored: bytes, *, key: bytes, owner: str) -> bytes:
    """The secret again. Raises SealBroken."""
    stored = bytes(stored)
    try:
        return ChaCha20Poly1305(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], owner.encode())
    except (InvalidTag, ValueError):
        raise SealBroken from None
