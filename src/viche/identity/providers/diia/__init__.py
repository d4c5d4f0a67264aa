"""Diia.Signature: the text is signed in the application Diia, which brings the signature to this site.

``simulator`` is the partners' service and an application on this machine; nothing here imports it. Setting it up:
docs/identity/diia.md.
"""

from collections.abc import Mapping

from viche.identity.providers import kep
from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.diia.client import METHOD, DiiaClient
from viche.identity.providers.diia.partner import NAME, Branch, Partner
from viche.identity.providers.diia.settings import DiiaSettings
from viche.identity.providers.settings import SettingsError

__all__ = ["Branch", "DiiaClient", "DiiaSettings", "Partner", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> DiiaClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("DIIA_URL"):
        return None
    settings = DiiaSettings.from_environment(environment, is_production=is_production)
    checking = kep.configured(environment, is_production=is_production)
    if checking is None:
        raise SettingsError(["DIIA_URL is set, but KEP_TRUSTED is not: nobody could check the signatures"])

    def check(signature: bytes, text: bytes) -> VerifiedClaims:
        return kep.claims_of(checking.verify(signature, text), provider=NAME, method=METHOD)

    return DiiaClient(settings, check=check)
