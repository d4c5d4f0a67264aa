"""The Integrated System of Electronic Identification, id.gov.ua.

One client for BankID, qualified signature, MobileID and Diia as that system offers them. ``simulator`` is a
separate process that speaks the same protocol for demonstrations and tests; nothing here imports it.
"""

from viche.identity.providers.isei.client import IseiClient, Token
from viche.identity.providers.isei.settings import IseiSettings, SettingsError

__all__ = ["IseiClient", "IseiSettings", "SettingsError", "Token"]
