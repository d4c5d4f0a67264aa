"""The identity providers this installation is set up with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

from django.conf import settings

from viche.identity.providers import bankid, diia, isei, kep, mobileid, oidc
from viche.identity.providers.ports import (
    DeliveredProvider,
    PhoneProvider,
    RedirectProvider,
    SignatureProvider,
)

# each offers configured(environment, is_production=…): its client, or None where it is not set up
REDIRECTS: tuple[ModuleType, ...] = (isei, bankid, oidc)
BY_SIGNATURE: tuple[ModuleType, ...] = (kep,)
DELIVERED: tuple[ModuleType, ...] = (diia,)
ON_PHONES: tuple[ModuleType, ...] = (mobileid,)


@dataclass(frozen=True)
class Providers:
    """The configured clients by name, by the way in which the person gets to them."""

    redirects: Mapping[str, RedirectProvider]
    by_signature: Mapping[str, SignatureProvider]
    delivered: Mapping[str, DeliveredProvider]
    on_phones: Mapping[str, PhoneProvider]

    @property
    def methods(self) -> list[tuple[str, str]]:
        """What residents are offered: names of providers with their methods."""
        every = (self.redirects, self.delivered, self.on_phones, self.by_signature)
        return [(name, way) for kind in every for name, client in kind.items() for way in client.methods]

    def waits(self, name: str) -> bool:
        """Whether the identification ends elsewhere, so that it is kept as an attempt."""
        return name in self.by_signature or name in self.delivered or name in self.on_phones


@lru_cache(maxsize=1)
def providers() -> Providers:
    """Those that are set up. Raises SettingsError."""
    given, is_production = settings.IDENTITY_ENVIRONMENT, settings.IS_PRODUCTION

    def configured(modules: tuple[ModuleType, ...]) -> dict[str, Any]:
        clients = [each.configured(given, is_production=is_production) for each in modules]
        return {client.name: client for client in clients if client is not None}

    return Providers(
        configured(REDIRECTS), configured(BY_SIGNATURE), configured(DELIVERED), configured(ON_PHONES)
    )


def signature_checker() -> kep.KepClient | None:
    """Who checks qualified signatures over documents; None where this installation trusts no authority."""
    found = providers().by_signature.get("kep")
    return found if isinstance(found, kep.KepClient) else None
