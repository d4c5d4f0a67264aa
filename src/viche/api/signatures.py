"""Signatures of messages: HTTP Message Signatures (RFC 9421) by Ed25519 over a Content-Digest (RFC 9530).

What is signed of a request: @method, @target-uri, content-digest where there is a body, idempotency-key where it is
sent; with created, expires, nonce and keyid. Of an answer: @status, content-digest and the request it answers.
"""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.digests import ContentDigest
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from viche.channels.terminals.messages import ANSWERED, TAG, Answer, Message, OneKey
from viche.channels.terminals.models import PartnerKey, PartnerState
from viche.channels.terminals.queries import signing_key
from viche.communities.models import Community
from viche.foundation import clock, keys
from viche.foundation.refused import Refused

SKEW = timedelta(seconds=300)
LEAST_NONCE, MOST_NONCE = 16, 64


class ClockSkew(Refused):
    """The partner's clock, or a request that waited for long."""


@dataclass(frozen=True)
class Signed:
    """A request with a good signature: by which key, with which nonce. body: what was signed."""

    key: PartnerKey
    nonce: str
    body: bytes


class _Keys(HTTPSignatureKeyResolver):
    """Keys of the partners of one community; remembers the one that was asked for."""

    def __init__(self, community: Community) -> None:
        self.community, self.found = community, None

    found: PartnerKey | None

    def resolve_public_key(self, key_id: str) -> Any:
        key = signing_key(self.community, key_id) if isinstance(key_id, str) and len(key_id) <= 64 else None
        if key is None or key.partner.state not in (PartnerState.ACTIVE, PartnerState.STOPPED):
            raise Refused("unknown_key", _("This key is not known here, or was revoked."), status=401)
        self.found = key
        return Ed25519PublicKey.from_public_bytes(bytes(key.public_key))

    def resolve_private_key(self, key_id: str) -> Any:
        raise NotImplementedError


class _Verifier(HTTPMessageVerifier):
    """The house's clock decides about time, and says so in its own words (_check_time)."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        return None


def message_of(request: HttpRequest) -> Message:
    """The request as it was sent."""
    return Message(request.method or "", request.build_absolute_uri(), dict(request.headers))


def signed_request(request: HttpRequest, community: Community) -> Signed:
    """Who sent the request. Refused: unsigned, unknown_key, bad_signature, clock_skew, bad_digest."""
    message, body = message_of(request), request.body
    if "Signature" not in request.headers or "Signature-Input" not in request.headers:
        raise Refused("unsigned", _("The request is not signed (RFC 9421)."), status=401)
    wanted = ["@method", "@target-uri"]
    wanted += ["content-digest"] if body or "Content-Digest" in request.headers else []
    wanted += ["idempotency-key"] if "Idempotency-Key" in request.headers else []
    found = _Keys(community)
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=found)
    try:
        results = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=wanted)
    except HTTPMessageSignaturesException as error:
        if isinstance(error.__cause__, Refused):
            raise error.__cause__ from None
        refused = error.args[0] if error.args else None
        raise (refused if isinstance(refused, Refused) else _bad_signature()) from None
    if len(results) != 1 or found.found is None:
        raise _bad_signature()
    if "content-digest" in wanted:
        _check_digest(request.headers.get("Content-Digest", ""), body)
    nonce = _check_time(results[0].parameters)
    return Signed(found.found, nonce, body)


def _check_digest(said: str, body: bytes) -> None:
    try:
        ContentDigest.verify(said, body)
    except HTTPMessageSignaturesException:
        raise Refused(
            "bad_digest", _("The body is not the one whose Content-Digest was signed."), status=400
        ) from None


def _check_time(parameters: dict[str, Any]) -> str:
    """The nonce. Refused: bad_signature (something is missing), clock_skew."""
    created, expires, nonce = (parameters.get(name) for name in ("created", "expires", "nonce"))
    if type(created) is not int or type(expires) is not int or not isinstance(nonce, str):
        raise Refused("bad_signature", _("The signature lacks created, expires or nonce."), status=401)
    if not LEAST_NONCE <= len(nonce) <= MOST_NONCE:
        raise Refused("bad_signature", _("A nonce has 16 to 64 signs."), status=401)
    now = int(clock.now().timestamp())
    if (
        abs(created - now) > SKEW.total_seconds()
        or expires < now
        or expires - created > SKEW.total_seconds() * 2
    ):
        raise ClockSkew(
            "clock_skew",
            _("The request is signed for another moment. By our clock it is %s: set yours and sign anew.")
            % clock.now().astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M:%S"),
            status=401,
        )
    return nonce


def _bad_signature() -> Refused:
    return Refused(
        "bad_signature",
        _("The signature is not good, or does not cover the method, the address, the digest and the key."),
        status=401,
    )


# --- what we answer -----------------------------------------------------------------------------------------


def answers_public_key(community: Community) -> bytes:
    """The public key that checks what this community answers: 32 bytes."""
    key = Ed25519PrivateKey.from_private_bytes(keys.answers_key(community.code))
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign_answer(request: HttpRequest, response: HttpResponse, community: Community) -> None:
    """Sign an answer in place, with the request that it answers; of a request without a good form of signature only
    status and body are signed.
    """
    response["Content-Digest"] = ContentDigest.create(response.content)
    answer = Answer(response.status_code, dict(response.items()), message_of(request))
    key = Ed25519PrivateKey.from_private_bytes(keys.answers_key(community.code))
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey(key))
    bound = ANSWERED if answer.request.headers.get("Signature") else ()
    for covered in (("@status", "content-digest", *bound), ("@status", "content-digest")):
        with contextlib.suppress(HTTPMessageSignaturesException):
            signer.sign(
                answer, key_id=f"answers-{community.code}", created=datetime.now(UTC), label="viche", tag=TAG,
                covered_component_ids=covered, use_existing_digest=True,
            )  # fmt: skip
            response["Signature-Input"] = answer.headers["Signature-Input"]
            response["Signature"] = answer.headers["Signature"]
            return
