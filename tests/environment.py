"""Loaded before anything else (pyproject: -p tests.environment): the tests' own settings and database server.

The server is the embedded one with durability off, or the one DATABASE_URL names. Every process of a parallel
run holds it; the last to leave stops it.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# the suite says the same of the same code every time; `make explore` looks for new examples
hypothesis_settings.register_profile(
    # a busy machine is no fault of the code: speed is measured in bench/
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
hypothesis_settings.register_profile("explore", derandomize=False, print_blob=True)
hypothesis_settings.load_profile("suite")

os.environ["VICHE_ENVIRONMENT"] = "test"
os.environ["VICHE_VAR"] = str(Path(__file__).parents[1] / "var" / "test")
os.environ["VICHE_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "viche.config.settings"
# Playwright's synchronous interface runs an event loop in the thread of the test
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_configure(config: object) -> None:
    from django.conf import settings

    from viche.config import embedded

    if settings.EMBEDDED_PLACE is not None:
        embedded.use(settings.EMBEDDED_PLACE, durable=False)
