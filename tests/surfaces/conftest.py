"""The clock of the pages' tests stands on a voting day; each test that wants another day says so."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.surfaces.ground import VOTING_DAY, Ground, lay_ground
from viche.foundation import clock
from viche.identity.registry import providers


@pytest.fixture
def _voting_day() -> Iterator[None]:
    with clock.at(VOTING_DAY):
        yield


@pytest.fixture
def ground(db: None, _voting_day: None) -> Ground:
    return lay_ground()


@pytest.fixture(autouse=True)
def _provider(settings: Any) -> Iterator[None]:
    """id.gov.ua is set up at an address where nobody answers: tests that want it to answer start the simulator."""
    settings.IDENTITY_ENVIRONMENT = {
        "ISEI_URL": "http://127.0.0.1:9", "ISEI_CLIENT_ID": "viche-test", "ISEI_CLIENT_SECRET": "known-to-everybody",
        "ISEI_TIMEOUT": "2",
    }  # fmt: skip
    providers.cache_clear()
    yield
    providers.cache_clear()
