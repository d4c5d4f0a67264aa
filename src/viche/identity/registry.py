"""The identity providers this installation is set up with."""

from functools import lru_cache

from django.conf import settings

from viche.identity.providers import isei
from viche.identity.providers.ports import RedirectProvider

# each offers configured(environment, is_production): its client, or None where it is not set up
REDIRECTS = (isei,)


@lru_cache(maxsize=1)
def providers() -> dict[str, RedirectProvider]:
    """Configured providers a browser is sent to, by name; empty where none is. Raises SettingsError."""
    given, is_production = settings.IDENTITY_ENVIRONMENT, settings.IS_PRODUCTION
    found = [each.configured(given, is_production=is_production) for each in REDIRECTS]
    return {client.name: client for client in found if client is not None}
