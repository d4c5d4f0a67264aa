"""BankID of the National Bank of Ukraine, directly: the person's bank vouches for names, tax number and address.

``simulator`` is a separate process that speaks the same protocol for demonstrations and tests; nothing here imports it.
"""

from collections.abc import Mapping

from viche.identity.providers.bankid.client import BankIdClient
from viche.identity.providers.bankid.settings import BankIdSettings
from viche.identity.providers.encryption import decryptor_for
from viche.identity.providers.settings import SettingsError

__all__ = ["BankIdClient", "BankIdSettings", "configured"]


def configured(environment: Mapping[str, str], *, is_production: bool = False) -> BankIdClient | None:
    """The client of this installation; None where it is not set up. Raises SettingsError."""
    if not environment.get("BANKID_URL"):
        return None
    settings = BankIdSettings.from_environment(environment, is_production=is_production)
    opened = decryptor_for("BANKID", environment)
    if opened is None:
        raise SettingsError(
            ["BANKID_CERTIFICATE, _KEY and _TRUSTED are missing: the system encrypts every answer"]
        )
    return BankIdClient(settings, decryptor=opened)
