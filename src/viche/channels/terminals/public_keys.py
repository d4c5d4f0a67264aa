"""Public keys of partners as people hand them over: Ed25519, 32 bytes."""

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused

LENGTH = 32


def read_public_key(text: str | bytes) -> bytes:
    """The raw Ed25519 key in a PEM file, or in base64 or hex of its 32 bytes. Refused: bad_value (key)."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        if b"-----BEGIN" in raw:
            return _checked(_of_pem(raw))
        said = b"".join(raw.split())
        return _checked(bytes.fromhex(said.decode()) if len(said) == LENGTH * 2 else _of_base64(said))
    except (ValueError, UnsupportedAlgorithm):
        message = _("This is no public key Ed25519: a PEM file, or base64 of its 32 bytes.")
        raise Refused("bad_value", message, fields={"key": message}, status=422) from None


def _of_pem(raw: bytes) -> bytes:
    if b"PRIVATE" in raw:
        message = _("This is a private key. Keep it; upload the public one, and make a new pair.")
        raise Refused("private_key", message, fields={"key": message}, status=422)
    key = load_pem_public_key(raw)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("another kind of key")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _of_base64(said: bytes) -> bytes:
    try:
        return base64.b64decode(said + b"=" * (-len(said) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return base64.b64decode(said, validate=True)


def _checked(key: bytes) -> bytes:
    if len(key) != LENGTH or not any(key):
        raise ValueError("not 32 bytes")
    Ed25519PublicKey.from_public_bytes(key)
    return key


def check_public_key(public_key: bytes) -> None:
    """Refused: bad_value (key)."""
    try:
        _checked(public_key)
    except ValueError:
        message = _("This is no public key Ed25519: a PEM file, or base64 of its 32 bytes.")
        raise Refused("bad_value", message, fields={"key": message}, status=422) from None
