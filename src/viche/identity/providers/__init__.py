"""Identity providers: real clients, each in its folder with settings, a simulator and a contract test.

No models and no views here: a client turns a provider's answer into VerifiedClaims or raises ProviderError.
How to add one: docs/how-to/add-an-identity-provider.md.
"""

from viche.identity.providers.claims import METHODS, Address, VerifiedClaims
from viche.identity.providers.errors import MESSAGES, ProviderError
from viche.identity.providers.ports import Decryptor, RedirectProvider
from viche.identity.providers.tax_number import TaxNumber, TaxNumberError, make_tax_number, parse_tax_number

__all__ = [
    "MESSAGES",
    "METHODS",
    "Address",
    "Decryptor",
    "ProviderError",
    "RedirectProvider",
    "TaxNumber",
    "TaxNumberError",
    "VerifiedClaims",
    "make_tax_number",
    "parse_tax_number",
]
