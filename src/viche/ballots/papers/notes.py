"""How sheets that are entered and not yet in the box are kept: sealed, so that a dump shows no choices.

ChaCha20-Poly1305 (RFC 8439) under a key derived from the contest's key of marks; it dies with that key.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from viche.ballots.tokens import marks_key
from viche.contests.models import Contest

NONCE = 12
BLOCK = 256


def seal_note(contest: Contest, text: bytes) -> bytes:
    """The text sealed, padded to whole blocks of 256 octets. Raises keys.KeyMissing."""
    nonce = secrets.token_bytes(NONCE)
    framed = len(text).to_bytes(4, "big") + text
    padded = framed.ljust(len(framed) + -len(framed) % BLOCK, b"\0")
    return nonce + _box(contest).encrypt(nonce, padded, str(contest.id).encode())


def open_note(contest: Contest, sealed: bytes) -> bytes:
    """The text of a note. Raises ValueError where it was not sealed here, keys.KeyMissing after the keys are gone."""
    try:
        padded = _box(contest).decrypt(sealed[:NONCE], sealed[NONCE:], str(contest.id).encode())
    except (InvalidTag, ValueError):
        raise ValueError("the note was not sealed under this contest's key") from None
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def _box(contest: Contest) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hmac.digest(marks_key(contest), b"viche/paper-note/v1", hashlib.sha256))
