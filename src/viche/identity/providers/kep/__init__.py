"""Qualified electronic signatures (КЕП): a text of this site, signed by the person with a tool of their own.

Detached CAdES over exactly the bytes shown, RSA and ECDSA by pyHanko; DSTU 4145 by UAPKI where its library is set up.
``simulator`` is an authority on this machine for demonstrations and tests; nothing here imports it.
"""

from collections.abc import Mapping

from viche.identity.providers.kep.client import KepClient, claims_of
from viche.identity.providers.kep.settings import KepSettings
from viche.identity.providers.ports import SignatureBackend

__all__ = ["KepClient", "KepSettings", "claims_of", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> KepClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("KEP_TRUSTED"):
        return None
    settings = KepSettings.from_environment(environment, is_production=is_production)
    return KepClient(settings, more=_more(settings))


def _more(settings: KepSettings) -> tuple[SignatureBackend, ...]:
    return ()
