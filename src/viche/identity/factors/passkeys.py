"""Passkeys (Web Authentication, W3C): made and used with the person's own device, verified by it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

MAX_RESPONSE = 16 * 1024
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


class PasskeyRefused(ValueError):
    """The device's answer does not hold; the message is for the log and holds nothing of it."""


@dataclass(frozen=True)
class Made:
    """A new passkey. data: attested credential data (its id and public key), bytes. count: of signatures so far."""

    identifier: bytes
    data: bytes
    count: int
    is_backed_up: bool


def _server(host: str, site: str) -> Fido2Server:
    """host: without a port. A passkey is of this host, and of the origin that the browser states."""
    return Fido2Server(PublicKeyCredentialRpEntity(name=site, id=host), verify_origin=_origin_of(host))


def _origin_of(host: str) -> Any:
    def is_ours(origin: str) -> bool:
        scheme, _slashes, rest = origin.partition("://")
        named = rest.rpartition(":")[0] if ":" in rest.rpartition("]")[2] else rest
        is_safe = scheme == "https" or (scheme == "http" and host in {"localhost", "127.0.0.1"})
        return is_safe and named == host

    return is_ours


def registration(
    *, host: str, site: str, person: bytes, name: str, known: Sequence[bytes]
) -> tuple[str, dict[str, Any]]:
    """Options for the browser as JSON, and what to keep until the answer. known: data of the passkeys there are."""
    options, state = _server(host, site).register_begin(
        PublicKeyCredentialUserEntity(name=name, id=person, display_name=name),
        [AttestedCredentialData(each) for each in known],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), dict(state)


def registered(*, host: str, site: str, state: Mapping[str, Any], response: str) -> Made:
    """Raises PasskeyRefused."""
    data = None
    try:
        made = _server(host, site).register_complete(dict(state), _read(response))
        _check_key(made.credential_data.public_key)
        data = made
    except Exception as error:  # what a hostile answer makes the library raise is of many kinds
        problem = type(error).__name__
    if data is None or data.credential_data is None:
        raise PasskeyRefused(problem if data is None else "no credential")
    return Made(
        data.credential_data.credential_id, bytes(data.credential_data), data.counter, data.is_backed_up()
    )


def authentication(*, host: str, site: str, known: Sequence[bytes]) -> tuple[str, dict[str, Any]]:
    """Options for the browser as JSON, and what to keep until the answer."""
    options, state = _server(host, site).authenticate_begin(
        [AttestedCredentialData(each) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), dict(state)


def authenticated(
    *, host: str, site: str, state: Mapping[str, Any], response: str, known: Sequence[bytes]
) -> tuple[bytes, int]:
    """Which of the known passkeys answered (its identifier), and its new count of signatures. Raises PasskeyRefused."""
    found = None
    try:
        read = _read(response)
        credentials = [AttestedCredentialData(each) for each in known]
        found = _server(host, site).authenticate_complete(dict(state), credentials, read)
        count = _count(read)
    except Exception as error:  # see registered
        problem = type(error).__name__
    if found is None:
        raise PasskeyRefused(problem)
    return found.credential_id, count


def is_cloned(last: int, count: int) -> bool:
    """Whether the count went back, as it does where a key was copied (Web Authentication, 6.1.1). 0: not counted."""
    return (last > 0 or count > 0) and count <= last


def _read(response: str) -> dict[str, Any]:
    """The parts of the answer that are used, each a text; the rest is left out.

    The library makes bytes(n), n zeros, of a number n where a text should be: a short answer could take all memory.
    Raises ValueError and what reading JSON raises.
    """
    if len(response) > MAX_RESPONSE:
        raise ValueError("too long")
    told = json.loads(response)
    parts = {name: told["response"][name] for name in PARTS if told["response"].get(name) is not None}
    if not all(isinstance(each, str) for each in (*parts.values(), told["id"], told["rawId"])):
        raise TypeError("a part is no text")
    client = json.loads(websafe_decode(parts["clientDataJSON"]))
    if not isinstance(client["challenge"], str) or client.get("crossOrigin"):
        raise TypeError("no challenge, or the page was framed")
    if "attestationObject" in parts:
        attested = cbor.decode(websafe_decode(parts["attestationObject"]))
        if not isinstance(attested["authData"], bytes):
            raise TypeError("no data of the device")
    return {"id": told["id"], "rawId": told["rawId"], "type": "public-key", "response": parts}


def _check_key(key: CoseKey) -> None:
    """A key by which no signature could be checked must not be kept: it would lock its owner out. Raises ValueError."""
    try:
        key.verify(b"", b"")
    except InvalidSignature:
        return  # the key was read, and only the empty signature refused
    raise ValueError("a key that checks nothing")


def _count(response: Mapping[str, Any]) -> int:
    return int(AuthenticationResponse.from_dict(response).response.authenticator_data.counter)
