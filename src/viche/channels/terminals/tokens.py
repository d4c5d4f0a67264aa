"""What is remembered of requests, under keys outside the database.

The secret key with which a ballot is sealed follows from the contest's key of marks and the idempotency key of the
request, of which only a MAC is kept. So a repeated request is sealed alike; whoever has the database, or the database
and the keys, cannot make the secret anew without the request itself; and with the contest's keys it is gone for good.
"""

import hashlib
import hmac
import secrets

from viche.ballots.tokens import marks_key
from viche.channels.terminals.models import Partner
from viche.contests.models import Contest
from viche.foundation import keys


def request_key_of(contest: Contest, partner: Partner, request: str) -> bytes:
    """The request key of the ballot box for the partner's idempotency key: 32 bytes. Raises keys.KeyMissing."""
    key = hmac.digest(marks_key(contest), b"viche/terminal/v1", hashlib.sha256)
    return hmac.digest(key, f"{partner.id}|{request}".encode(), hashlib.sha256)


def request_mac(partner: Partner, request: str) -> bytes:
    """What is kept of an idempotency key: 32 bytes."""
    return _mac(partner, "request", request.encode())


def body_mac(partner: Partner, what: str, body: bytes) -> bytes:
    """What is kept of a body: 32 bytes. what: the operation, so that one body means one thing."""
    return _mac(partner, f"body|{what}", body)


def new_key_id(partner: Partner) -> str:
    """A name for a new key of the partner: nothing follows from it."""
    return f"{partner.slug}-{secrets.token_hex(4)}"


def _mac(partner: Partner, what: str, body: bytes) -> bytes:
    return hmac.digest(keys.partner_key(str(partner.id)), f"v1|{what}|".encode() + body, hashlib.sha256)
