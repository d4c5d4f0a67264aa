"""Qualified electronic signatures (КЕП): a text of this site, signed by the person with a tool of their own.

Detached CAdES over exactly the bytes shown, RSA and ECDSA by pyHanko; DSTU 4145 by UAPKI where its library is set up.
``simulator`` is an authority on this machine for demonstrations and tests; nothing here imports it.
"""

from collections.abc import Mapping
from functools import cache

from viche.identity.providers.kep.client import KepClient, claims_of
from viche.identity.providers.kep.settings import KepSettings
from viche.identity.providers.ports import SignatureBackend
from viche.identity.providers.uapki import UapkiBackend, UapkiProcess, UapkiSettings

__all__ = ["KepClient", "KepSettings", "claims_of", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> KepClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("KEP_TRUSTED"):
        return None
    settings = KepSettings.from_environment(environment, is_production=is_production)
    uapki = UapkiSettings.from_environment(environment)
    more: tuple[SignatureBackend, ...] = (UapkiBackend(national(uapki)),) if uapki is not None else ()
    return KepClient(settings, more=more)


@cache
def national(settings: UapkiSettings) -> UapkiProcess:
    """The process that knows Ukrainian cryptography; one for everything that asks it."""
    return UapkiProcess(settings)
