"""UAPKI: Ukrainian cryptography (DSTU 4145, GOST 34.311, GOST 28147, Kupyna) by a C library in a process of its own."""

from viche.identity.providers.uapki.client import UapkiBackend, UapkiDecryptor, UapkiProcess
from viche.identity.providers.uapki.settings import NAMES, UapkiSettings

__all__ = ["NAMES", "UapkiBackend", "UapkiDecryptor", "UapkiProcess", "UapkiSettings"]
