"""One-time codes by time (RFC 6238): SHA-1, six digits, thirty seconds, as every application on a phone makes them."""

import base64
import secrets
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from viche.foundation import keys, sealing

STEP_SECONDS, DIGITS, DRIFT = 30, 6, 1
SECRET_BYTES, NONCE_BYTES = 20, 12


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def shown_secret(secret: bytes) -> str:
    """The secret as one types it into an application: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address_of(secret: bytes, *, account: str, site: str) -> str:
    """The otpauth address that a QR code holds."""
    label = quote(f"{site}:{account}", safe=":")
    text = base64.b32encode(secret).decode()
    return f"otpauth://totp/{label}?secret={text}&issuer={quote(site)}&digits={DIGITS}&period={STEP_SECONDS}"


def code_of(secret: bytes, seconds: float) -> str:
    """The code of the moment, in seconds since the epoch."""
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS).generate(int(seconds)).decode()  # noqa: S303 - RFC 6238


def used_step(code: str, secret: bytes, seconds: float, last_step: int) -> int | None:
    """The step whose code this is, of those one before and after the moment's; None for a wrong code.

    last_step: the step that was used last; it and those before are refused, so that a code seen over a shoulder is of
    no use.
    """
    text = "".join(code.split())
    if len(text) != DIGITS or not text.isascii() or not text.isdigit():
        return None
    now = int(seconds) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        # compared one by one to the end: how long it takes says nothing
        if secrets.compare_digest(code_of(secret, step * STEP_SECONDS), text) and step > last_step:
            found = step
    return found


def sealed(secret: bytes, person: str) -> bytes:
    """The secret as it is stored, for this person only."""
    return sealing.sealed(secret, key=keys.factor_key(), owner=person)


def opened(stored: bytes, person: str) -> bytes:
    """Raises SealBroken for another person's, or under another key."""
    return sealing.opened(stored, key=keys.factor_key(), owner=person)
