"""The clock of the pages' tests stands on a voting day; each test that wants another day says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.db import transaction

from tests.surfaces.ground import VOTING_DAY, Ground, lay_ground
from viche.foundation import clock
from viche.identity.registry import providers


@pytest.fixture(scope="module")
def _laid(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ground, Path]]:
    """The ground is laid once a module, inside a transaction around the transactions of its tests."""
    folder = tmp_path_factory.mktemp("ground")
    kept = house.KEYS_DIR, house.MEDIA_ROOT
    house.KEYS_DIR, house.MEDIA_ROOT = folder / "keys", folder / "media"
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(VOTING_DAY):
            ground = lay_ground()
        house.KEYS_DIR, house.MEDIA_ROOT = kept
        yield ground, folder
        transaction.set_rollback(True)


@pytest.fixture
def voting_day() -> Iterator[None]:
    with clock.at(VOTING_DAY):
        yield


@pytest.fixture
def ground(_laid: tuple[Ground, Path], db: None, voting_day: None) -> Ground:
    ground, folder = _laid
    house.KEYS_DIR, house.MEDIA_ROOT = folder / "keys", folder / "media"
    return ground


@pytest.fixture(autouse=True)
def _provider(settings: Any) -> Iterator[None]:
    """id.gov.ua is set up where nobody answers; tests that want an answer start the simulator."""
    settings.IDENTITY_ENVIRONMENT = {
        "ISEI_URL": "http://127.0.0.1:9", "ISEI_CLIENT_ID": "viche-test", "ISEI_CLIENT_SECRET": "known-to-everybody",
        "ISEI_TIMEOUT": "2",
    }  # fmt: skip
    providers.cache_clear()
    yield
    providers.cache_clear()
