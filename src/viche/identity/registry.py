"""The identity providers this installation is set up with."""

from functools import lru_cache

from django.conf import settings

from viche.identity.providers.isei.client import IseiClient
from viche.identity.providers.isei.settings import IseiSettings
from viche.identity.providers.ports import RedirectProvider


@lru_cache(maxsize=1)
def providers() -> dict[str, RedirectProvider]:
    """Configured providers by name; empty where none is."""
    found: dict[str, RedirectProvider] = {}
    if settings.IDENTITY_ENVIRONMENT.get("ISEI_URL"):
        isei = IseiSettings.from_environment(
            settings.IDENTITY_ENVIRONMENT, is_production=settings.IS_PRODUCTION
        )
        found["isei"] = IseiClient(isei)
    return found
