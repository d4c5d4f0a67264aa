"""Fixtures for all tests. Data is made through tests/given.py, that is through the actions."""

import pytest
from django.conf import settings
from django.db import connection

from viche.communities.codifier import rows
from viche.communities.models import Territory


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> object:
    """Keys and pictures of a test live and die with it."""
    folder = tmp_path_factory.mktemp("var")
    kept = settings.KEYS_DIR, settings.MEDIA_ROOT
    settings.KEYS_DIR, settings.MEDIA_ROOT = folder / "keys", folder / "media"
    yield
    settings.KEYS_DIR, settings.MEDIA_ROOT = kept


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database where commits are real, for tests with several connections.

    Cleaning after such a test empties every table, the codifier's too: it is loaded again.
    """
    if not Territory.objects.exists():
        with connection.cursor() as cursor, cursor.copy(
            "COPY communities_territory (code, parent_id, category, name, search_name, path) FROM STDIN"
        ) as copy:
            for row in rows():
                copy.write_row(row)
