"""The shapes a provider offers to the room, and what it needs from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from viche.identity.providers.claims import VerifiedClaims


class RedirectProvider(Protocol):
    """A provider the browser is sent to and comes back from with a code."""

    name: str

    @property
    def methods(self) -> tuple[str, ...]:
        """What residents are offered: words of claims.METHODS."""

    def authorization_url(self, *, state: str, redirect_uri: str, methods: tuple[str, ...] = ()) -> str:
        """Where to send the browser. ``state`` is unguessable, single-use, bound to the session."""

    def code_from_callback(self, parameters: Mapping[str, str], *, expected_state: str) -> str:
        """The code out of the query the browser came back with. Raises ProviderError."""

    def identify(self, code: str, *, state: str = "", redirect_uri: str = "") -> VerifiedClaims:
        """Exchange the code for what was proved. state and redirect_uri: those of authorization_url.

        Raises ProviderError.
        """


@dataclass(frozen=True)
class Started:
    """An identification the person ends elsewhere, on their phone.

    reference: the provider's name for it, never a number of a person. address: what the person opens there, shown also
    as a QR code, or "". shown: a short code to compare with the one on the phone, or "".
    """

    reference: str
    address: str = field(default="", repr=False)
    shown: str = ""


class SignatureProvider(Protocol):
    """The person signs a text, shown on the page to the letter, with a tool of their own, and brings the signature."""

    name: str
    methods: tuple[str, ...]

    def claims(self, signature: bytes, *, text: bytes) -> VerifiedClaims:
        """Who signed exactly these bytes. Raises ProviderError."""


class DeliveredProvider(Protocol):
    """The person signs the text in an application, which sends the signature to this site by itself."""

    name: str
    methods: tuple[str, ...]

    def start(self, *, text: bytes, request: str, return_url: str) -> Started:
        """Ask for it. request: our own random name of the attempt, 32 hex digits. return_url: where the application
        leads back to. Raises ProviderError.
        """

    def delivered(self, headers: Mapping[str, str], body: bytes) -> tuple[str, bytes]:
        """Reference (of Started) and signature in what the application's server sent. Raises ProviderError."""

    def claims(self, signature: bytes, *, text: bytes) -> VerifiedClaims:
        """Who signed exactly these bytes. Raises ProviderError."""


class PhoneProvider(Protocol):
    """The person is asked on their phone, by its number, to sign the text, while the page waits."""

    name: str
    methods: tuple[str, ...]

    def start(self, *, text: bytes, request: str, phone: str) -> Started | VerifiedClaims:
        """Ask on the phone; a service that holds the request until the person has answered gives claims at once.

        phone: 380 and nine digits; kept nowhere. Raises ProviderError.
        """

    def result(self, started: Started, *, text: bytes) -> VerifiedClaims | None:
        """What was proved, None while the person has not answered yet. Raises ProviderError."""


@dataclass(frozen=True, repr=False)
class Signer:
    """Who made a valid qualified signature, by the certificate. Lives in memory only.

    tax_number: РНОКПП as the certificate writes it (unchecked), "" where there is none. organisation_code: ЄДРПОУ of
    a certificate issued to somebody of an organisation, or "". is_seal: a seal of an organisation, not a person.
    signed_at: from a time stamp where there is one, else None. issuer: common name of the authority.
    algorithm: "DSTU 4145", "ECDSA" or "RSA". is_qualified: the certificate states that it is a qualified one.
    """

    family_name: str
    given_name: str
    patronymic: str
    tax_number: str
    issuer: str
    serial: str
    organisation_code: str = ""
    is_seal: bool = False
    is_qualified: bool = True
    signed_at: datetime | None = None
    algorithm: str = ""

    def __repr__(self) -> str:
        return f"Signer({self.algorithm!r}, …)"


class SignatureBackend(Protocol):
    """Verifies a detached CAdES (CMS SignedData) signature over given bytes."""

    name: str

    def can_verify(self, signature: bytes) -> bool:
        """Whether the signature's algorithms are this backend's."""

    def verify(self, signature: bytes, data: bytes, *, now: datetime) -> Signer:
        """Who signed exactly ``data``. Raises ProviderError: signature_unreadable, signature_of_other_text,
        signature_wrong, certificate_untrusted, certificate_revoked, certificate_expired, certificate_not_yet_valid,
        revocation_unknown, algorithm_unsupported."""


class Decryptor(Protocol):
    """Opens answers that a provider encrypted to the site's own certificate."""

    @property
    def certificate(self) -> bytes:
        """The site's encryption certificate, DER."""

    def open(self, envelope: bytes) -> bytes:
        """The plain bytes inside. Raises ValueError for an envelope not meant for us or badly signed."""
