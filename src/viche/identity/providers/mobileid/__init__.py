"""MobileID: a qualified signature on the SIM card, asked for by the number of the phone (ETSI TS 102 204).

``simulator`` is an operator's service and a drawer of phones on this machine; nothing here imports it.
"""

from collections.abc import Mapping

from viche.identity.providers import kep
from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.mobileid.client import METHOD, NAME, MobileIdClient, comparing_code
from viche.identity.providers.mobileid.settings import MobileIdSettings
from viche.identity.providers.settings import SettingsError

__all__ = ["MobileIdClient", "MobileIdSettings", "comparing_code", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> MobileIdClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("MOBILEID_URL"):
        return None
    settings = MobileIdSettings.from_environment(environment, is_production=is_production)
    checking = kep.configured(environment, is_production=is_production)
    if checking is None:
        raise SettingsError(
            ["MOBILEID_URL is set, but KEP_TRUSTED is not: nobody could check the signatures"]
        )

    def check(signature: bytes, text: bytes) -> VerifiedClaims:
        return kep.claims_of(checking.verify(signature, text), provider=NAME, method=METHOD)

    return MobileIdClient(settings, check=check)
