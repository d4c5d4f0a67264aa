"""Signatures under notes: keys as text, Ed25519 of logs, cosignatures of witnesses.

C2SP signed-note (https://c2sp.org/signed-note) and tlog-cosignature (https://c2sp.org/tlog-cosignature). The package
``cryptography`` is needed, and only here; it is imported when a signature is made or checked.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rulebook.merkle import NoteSignature, parse_note

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOG, WITNESS = 0x01, 0x04
"""Types of keys: Ed25519 over a note; Ed25519 cosignature with its time."""

_NAME = re.compile(r"[^\s+]+")


class SigningError(ValueError):
    """A key cannot be used, or a signature does not hold; the message says which."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs under. kind: LOG or WITNESS. public: 32 bytes."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not self.name.isprintable():
            raise SigningError(
                f"{self.name!r} cannot name a key: it is empty, or holds a space or a plus sign"
            )
        if self.kind not in (LOG, WITNESS) or len(self.public) != 32:
            raise SigningError(f"the key of {self.name} is not an Ed25519 key of a log or a witness")

    @property
    def id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._material).digest()[:4]

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self.public

    @property
    def text(self) -> str:
        """``name+id+key``: how a key is published and configured."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._material).decode()}"


def key_of(text: str) -> VerifierKey:
    """The key of a text ``name+id+key``. Raises SigningError where the three do not belong together."""
    name, _, rest = text.strip().partition("+")
    named, _, encoded = rest.partition("+")
    try:
        material = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise SigningError(f"{text!r} is not a key: it is written name+id+key") from None
    if not material:
        raise SigningError(f"{text!r} is not a key: it is written name+id+key")
    key = VerifierKey(name, material[0], material[1:])
    if key.text != text.strip():
        raise SigningError(f"the key of {name} is damaged: its id {named!r} should be {key.id.hex()!r}")
    return key


def _private(secret: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret)


def public_of(secret: bytes) -> bytes:
    """The public key (32 bytes) of an Ed25519 secret of 32 bytes."""
    return _private(secret).public_key().public_bytes_raw()


def sign_note(body: str, *, name: str, secret: bytes) -> NoteSignature:
    """A log's signature under the body of a note."""
    key = VerifierKey(name, LOG, public_of(secret))
    return NoteSignature(name, key.id, _private(secret).sign(body.encode()))


def cosigned_text(body: str, moment: int) -> bytes:
    """What a witness signs: the header, its moment (POSIX seconds), the checkpoint's body."""
    return f"cosignature/v1\ntime {moment}\n{body}".encode()


def cosign(body: str, *, name: str, secret: bytes, moment: int) -> NoteSignature:
    """A witness's cosignature under a checkpoint. moment: POSIX seconds."""
    key = VerifierKey(name, WITNESS, public_of(secret))
    return NoteSignature(
        name, key.id, moment.to_bytes(8, "big") + _private(secret).sign(cosigned_text(body, moment))
    )


def holds(body: str, signature: NoteSignature, key: VerifierKey) -> bool:
    """Whether the signature line is this key's and holds under the body."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if (signature.name, signature.key_id) != (key.name, key.id):
        return False
    signed, blob = body.encode(), signature.signature
    if key.kind == WITNESS:
        signed, blob = cosigned_text(body, int.from_bytes(blob[:8], "big")), blob[8:]
    if len(blob) != 64:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(blob, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def moment_of(signature: NoteSignature) -> int:
    """When a witness says it signed: POSIX seconds."""
    return int.from_bytes(signature.signature[:8], "big")


def signed_by(body: str, signatures: Iterable[NoteSignature], key: VerifierKey) -> NoteSignature | None:
    """The signature of this key under the body, if it is there and holds."""
    return next((each for each in signatures if holds(body, each, key)), None)


def signature_lines(text: str) -> tuple[NoteSignature, ...]:
    """Signature lines by themselves, as a witness answers. Raises CheckpointError."""
    return parse_note(f"x\n\n{text}")[1] if text else ()
