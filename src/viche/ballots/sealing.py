"""Sealing: commitment and envelope of a ballot (docs/security.md).

Commitment C = rulebook.ballot.commitment(contest, paper, nonce). Envelope = HPKE (RFC 9180: X25519,
HKDF-SHA256, ChaCha20-Poly1305, base mode, info = contest id) of canonical JSON, padded to the longest ballot that the
rules of the contest allow, so that its length tells nothing of what was chosen.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from rulebook.ballot import BallotPaper, commitment
from rulebook.canonical import canonical

BLOCK = 256
# octets of the envelope's text around the document of the ballot
AROUND = len(canonical({"ballot": {}, "nonce": "0" * 64})) - len(canonical({}))
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True)
class Sealed:
    """commitment and nonce: 32 bytes each; the nonce goes to the voter and is not stored outside the envelope."""

    commitment: bytes
    nonce: bytes
    envelope: bytes


def new_keys() -> tuple[dict[str, str], bytes]:
    """Fresh secret keys of a contest (hex, for foundation.keys) and the box's public key, which the platform holds."""
    private = X25519PrivateKey.generate()
    kept = {
        **new_marks_key(),
        "box": private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()).hex(),
    }
    return kept, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def new_marks_key() -> dict[str, str]:
    """The contest's key of marks alone (hex): the key of the box is held elsewhere."""
    return {"marks": secrets.token_hex(32)}


def nonce_of(request_key: bytes) -> bytes:
    """The nonce of a cast: from the voter's secret request key, so that a repeated request seals alike."""
    return hmac.digest(request_key, b"viche/nonce/v1", hashlib.sha256)


def body_mac(request_key: bytes, paper: BallotPaper) -> bytes:
    """Ties a request key to its choices; without the key it tells nothing about them."""
    return hmac.digest(request_key, b"viche/body/v1" + canonical(paper.document()), hashlib.sha256)


def seal(*, contest: str, paper: BallotPaper, request_key: bytes, public_key: bytes, longest: int) -> Sealed:
    """Commit to the choices and seal them. longest: octets of the longest document of the contest's ballots
    (rulebook.ballot.longest_document).
    """
    nonce = nonce_of(request_key)
    text = canonical({"ballot": paper.document(), "nonce": nonce.hex()})
    padded = text.ljust(_whole_blocks(max(longest + AROUND, len(text))))
    key = X25519PublicKey.from_public_bytes(public_key)
    return Sealed(commitment(contest, paper, nonce), nonce, _SUITE.encrypt(padded, key, contest.encode()))


def _whole_blocks(octets: int) -> int:
    return octets + -octets % BLOCK


def seal_link(*, contest: str, commitment: bytes, public_key: bytes) -> bytes:
    """What leads from a mark to its ballot: the commitment, sealed to the box. Only who opens the box can tell which
    ballot a mark has, and needs it only for ballots that were replaced or annulled.
    """
    key = X25519PublicKey.from_public_bytes(public_key)
    return _SUITE.encrypt(commitment, key, _link_info(contest))


def open_link(*, contest: str, link: bytes, private_key: bytes) -> bytes:
    """The commitment that a mark leads to. Raises ValueError where the key does not open it."""
    try:
        return _SUITE.decrypt(link, X25519PrivateKey.from_private_bytes(private_key), _link_info(contest))
    except Exception as error:
        raise ValueError("the key does not open this link") from error


def _link_info(contest: str) -> bytes:
    return f"viche/link/v1|{contest}".encode()


def open_envelope(*, contest: str, envelope: bytes, private_key: bytes) -> tuple[BallotPaper, bytes]:
    """(paper, nonce) of an envelope. Raises ValueError where the key does not open it."""
    key = X25519PrivateKey.from_private_bytes(private_key)
    try:
        text = _SUITE.decrypt(envelope, key, contest.encode())
    except Exception as error:
        raise ValueError("the key does not open this envelope") from error
    document = json.loads(text)
    return BallotPaper.from_document(document["ballot"]), bytes.fromhex(document["nonce"])
