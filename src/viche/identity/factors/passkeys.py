"""Passkeys (Web Authentication, W3C): made and used with the person's own device, verified by it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

MAX_RESPONSE = 16 * 1024


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
        data = _server(host, site).register_complete(dict(state), _read(response))
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
    if len(response) > MAX_RESPONSE:
        raise ValueError("too long")
    document = json.loads(response)
    if not isinstance(document, dict):
        raise ValueError("no object")
    return document


def _count(response: Mapping[str, Any]) -> int:
    from fido2.webauthn import AuthenticationResponse

    return int(AuthenticationResponse.from_dict(response).response.authenticator_data.counter)
