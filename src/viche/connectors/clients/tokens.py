"""Secrets of programs, the tokens they get for them, and the keyed hashes that are kept.

A secret reads viche_<hint>_<32 random bytes>. An access token is a JWT (RFC 9068) for ten minutes; whoever checks it
looks at the program and at the secret it was got with, so that what is revoked is revoked at once.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from viche.foundation import clock, keys

LIFETIME = 600
SECRET = re.compile(r"viche_([a-z0-9]{10})_[A-Za-z0-9_-]{43}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Claims:
    """What a good access token says."""

    client: UUID
    hint: str
    scopes: frozenset[str]


def new_secret() -> tuple[str, str]:
    """(hint, whole secret), new."""
    hint = "".join(secrets.choice(_ALPHABET) for _place in range(10))
    return hint, f"viche_{hint}_{secrets.token_urlsafe(32)}"


def hint_of(secret: str) -> str:
    """The hint of a text that could be a secret; "" where it could not."""
    found = SECRET.fullmatch(secret)
    return found.group(1) if found else ""


def mark_of(secret: str) -> bytes:
    """What is kept of a secret: 32 bytes."""
    return _mac("secret", secret.encode())


def request_mac(client: UUID, what: str, text: bytes) -> bytes:
    """What is kept of a request's key ("key") or of its operation and body ("body"): 32 bytes."""
    return _mac(f"{what}|{client}", text)


def address_mark(address: str) -> str:
    """What stands for an address of the network on this day: 32 signs, others tomorrow. Of IPv6 the /64 counts: one
    subscriber has as many addresses as they like in it.
    """
    today = clock.now().astimezone(clock.KYIV).date().isoformat()
    return _mac(f"address|{today}", _subscriber(address).encode()).hex()[:32]


def _subscriber(address: str) -> str:
    try:
        read = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(read.ipv4_mapped or ip_network((read, 64), strict=False))


def _mac(what: str, text: bytes) -> bytes:
    return hmac.digest(keys.room_key("programs"), f"v1|{what}|".encode() + text, hashlib.sha256)


def _signing_key() -> OctKey:
    return OctKey.import_key(hmac.digest(keys.room_key("programs"), b"v1|access-tokens", hashlib.sha256))


def access_token(*, issuer: str, client: UUID, hint: str, scopes: list[str]) -> str:
    """A signed token with the scopes, for LIFETIME seconds."""
    now = int(clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": issuer, "aud": f"{issuer}/api/v1", "sub": str(client), "client_id": str(client), "iat": now,
        "exp": now + LIFETIME, "jti": str(uuid4()), "scope": " ".join(scopes), "key": hint,
    }  # fmt: skip
    return jwt.encode({"alg": "HS256", "typ": "at+jwt"}, claims, _signing_key())


def claims_of(token: str, *, issuer: str) -> Claims | None:
    """What a token says; None where it is not ours, not for here, or over."""
    try:
        found = jwt.decode(token, _signing_key(), algorithms=["HS256"])
        said, now = found.claims, int(clock.now().timestamp())
        if found.header.get("typ") != "at+jwt" or said["iss"] != issuer or said["aud"] != f"{issuer}/api/v1":
            return None
        if not said["iat"] - 60 <= now < said["exp"]:
            return None
        return Claims(UUID(said["client_id"]), str(said["key"]), frozenset(said["scope"].split()))
    except (JoseError, KeyError, ValueError, TypeError, AttributeError):
        return None
