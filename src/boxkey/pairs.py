"""The key pair of a box, its fingerprint, and the rehearsal: a secret sealed to the public key and opened again.

HPKE (RFC 9180) in base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305, as the envelopes of ballots.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from boxkey.faults import KeyFault

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
GROUPS = 6


def new_pair() -> tuple[bytes, bytes]:
    """(private key, public key) of X25519, 32 bytes each."""
    private = X25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return private, public_of(private)


def public_of(private: bytes) -> bytes:
    key = X25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_usable(public: bytes) -> bool:
    """Whether something can be sealed to the key: a point of small order (RFC 7748, section 6.1) takes no secret."""
    try:
        _SUITE.encrypt(b"", X25519PublicKey.from_public_bytes(public), b"")
    except ValueError:
        return False
    return True


def fingerprint(contest: str, public: bytes) -> str:
    """Thirty digits in six groups, to be read aloud: nearly 100 bits of the SHA-256 of contest and key."""
    total = hashlib.sha256(b"viche/box-key/v1|" + contest.encode() + b"|" + public).digest()
    number = int.from_bytes(total, "big") % 10 ** (5 * GROUPS)
    digits = f"{number:0{5 * GROUPS}d}"
    return " ".join(digits[place : place + 5] for place in range(0, len(digits), 5))


def is_fingerprint(typed: str, contest: str, public: bytes) -> bool:
    """Whether somebody typed the fingerprint of the key; blanks and hyphens between the digits do not matter."""
    digits = "".join(each for each in typed if not each.isspace() and each not in "-–.,")
    return digits == fingerprint(contest, public).replace(" ", "")


def new_challenge(contest: str, public: bytes) -> tuple[bytes, bytes]:
    """(a fresh secret of 32 bytes, the same sealed to the key)."""
    secret = secrets.token_bytes(32)
    return secret, _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public), _info(contest))


def open_challenge(contest: str, sealed: bytes, private: bytes) -> bytes:
    """Raises KeyFault: challenge_closed."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), _info(contest))
    except Exception:
        raise KeyFault("challenge_closed") from None


def _info(contest: str) -> bytes:
    return f"viche/rehearsal/v1|{contest}".encode()
