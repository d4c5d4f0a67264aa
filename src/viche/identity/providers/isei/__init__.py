"""The Integrated System of Electronic Identification, id.gov.ua.

One client for BankID, qualified signature, MobileID and Diia as that system offers them. ``simulator`` is a
separate process that speaks the same protocol for demonstrations and tests; nothing here imports it.
"""

from collections.abc import Mapping

from viche.identity.providers.encryption import decryptor_for
from viche.identity.providers.isei.client import IseiClient, Token
from viche.identity.providers.isei.settings import IseiSettings, SettingsError

__all__ = ["IseiClient", "IseiSettings", "SettingsError", "Token", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> IseiClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("ISEI_URL"):
        return None
    settings = IseiSettings.from_environment(environment, is_production=is_production)
    return IseiClient(settings, decryptor=decryptor_for("ISEI", environment))
