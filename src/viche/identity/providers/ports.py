"""The shapes a provider offers to the room, and what it needs from outside."""

from collections.abc import Mapping
from typing import Protocol

from viche.identity.providers.claims import VerifiedClaims


class RedirectProvider(Protocol):
    """A provider the browser is sent to and comes back from with a code."""

    name: str

    def authorization_url(self, *, state: str, redirect_uri: str, methods: tuple[str, ...] = ()) -> str:
        """Where to send the browser. ``state`` is unguessable, single-use, bound to the session."""

    def code_from_callback(self, parameters: Mapping[str, str], *, expected_state: str) -> str:
        """The code out of the query the browser came back with. Raises ProviderError."""

    def identify(self, code: str) -> VerifiedClaims:
        """Exchange the code for what was proved. Raises ProviderError."""


class Decryptor(Protocol):
    """Opens answers that a provider encrypted to the site's own certificate."""

    @property
    def certificate(self) -> bytes:
        """The site's encryption certificate, DER."""

    def open(self, envelope: bytes) -> bytes:
        """The plain bytes inside. Raises ValueError for an envelope not meant for us or badly signed."""
