"""Signed messages as both sides make them: HTTP Message Signatures (RFC 9421), Ed25519, Content-Digest (RFC 9530)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.digests import ContentDigest

TAG = "viche-terminals"
# what an answer's signature says of the request it answers
ANSWERED = ('"@method";req', '"@target-uri";req', '"signature";req')


@dataclass
class Message:
    """A request as the library reads one."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass
class Answer:
    """An answer as the library reads one."""

    status_code: int
    headers: dict[str, str]
    request: Message
    url: str = ""


class OneKey(HTTPSignatureKeyResolver):
    """The one key there is."""

    def __init__(self, found: Ed25519PublicKey | Ed25519PrivateKey) -> None:
        self.found = found

    def resolve_public_key(self, key_id: str) -> Any:
        return self.found

    def resolve_private_key(self, key_id: str) -> Any:
        return self.found


def sign_request(
    message: Message, *, key_id: str, private_key: Ed25519PrivateKey, body: bytes, created: datetime, nonce: str,
    seconds: int = 300,
) -> None:  # fmt: skip
    """Sign a request in place, as a partner does."""
    message.headers["Content-Digest"] = ContentDigest.create(body)
    covered = ["@method", "@target-uri", "content-digest"]
    covered += ["idempotency-key"] if "Idempotency-Key" in message.headers else []
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey(private_key))
    signer.sign(
        message, key_id=key_id, created=created, expires=created + timedelta(seconds=seconds), nonce=nonce,
        label="terminal", tag=TAG, covered_component_ids=covered, use_existing_digest=True,
    )  # fmt: skip


def verify_answer(answer: Answer, body: bytes, public_key: bytes) -> None:
    """Check that an answer is ours and answers this very request, as a partner does.

    Raises HTTPMessageSignaturesException.
    """
    key = OneKey(Ed25519PublicKey.from_public_bytes(public_key))
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=key)
    verifier.verify(
        answer, expect_tag=TAG, require_components=("@status", "content-digest", *ANSWERED), max_age=None
    )
    ContentDigest.verify(answer.headers["Content-Digest"], body)
