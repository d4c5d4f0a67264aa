"""OpenID Connect: people of other countries, and officials by their organisation's accounts.

``simulator`` is an issuer on this machine; nothing here imports it.
"""

from collections.abc import Mapping

from viche.identity.providers.oidc.client import OidcClient
from viche.identity.providers.oidc.settings import OidcSettings

__all__ = ["OidcClient", "OidcSettings", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> OidcClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("OIDC_ISSUER"):
        return None
    return OidcClient(OidcSettings.from_environment(environment, is_production=is_production))
