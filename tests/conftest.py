"""Fixtures for all tests. Data is made through tests/given.py, that is through the actions."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation

from viche.communities.codifier import load_former_names_into, load_into
from viche.communities.models import Territory

# filled by migrations, read only by tests
KEPT_TABLES = {"communities_territory", "communities_formername", "django_content_type", "django_migrations"}


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys and pictures of a test live and die with it."""
    folder = tmp_path_factory.mktemp("var")
    kept = settings.KEYS_DIR, settings.MEDIA_ROOT, settings.PRIVATE_ROOT
    kept_logs = settings.LOG_DIR, settings.RECORDS_DIR, settings.OPEN_DATA_DIR, settings.FIGURES_DIR
    settings.KEYS_DIR, settings.MEDIA_ROOT = folder / "keys", folder / "media"
    settings.PRIVATE_ROOT = folder / "private"
    settings.LOG_DIR, settings.RECORDS_DIR = folder / "log", folder / "records"
    settings.OPEN_DATA_DIR = folder / "open-data"
    settings.FIGURES_DIR = folder / "figures"
    yield
    settings.LOG_DIR, settings.RECORDS_DIR, settings.OPEN_DATA_DIR, settings.FIGURES_DIR = kept_logs
    settings.KEYS_DIR, settings.MEDIA_ROOT, settings.PRIVATE_ROOT = kept


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """A page asked for in English leaves its language in the thread, a drawn one its text in memory."""
    yield
    translation.deactivate()
    cache.clear()


def _load_codifier(**_: object) -> None:
    if not Territory.objects.exists():
        with connection.cursor() as cursor:
            load_into(cursor)
            load_former_names_into(cursor)


@pytest.fixture(scope="session", autouse=True)
def _kept_codifier() -> None:
    """Cleaning after a test with a live server empties every table, the codifier's too: it is loaded again."""
    post_migrate.connect(_load_codifier, sender=apps.get_app_config("communities"), weak=False)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """A database where commits are real, for tests with several connections; emptied afterwards."""
    # where no test of the run asks for "db", pytest-django makes no database of its own
    assert connection.settings_dict["NAME"].startswith("test_"), "run it together with a test that uses db"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        with connection.cursor() as cursor:
            tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT_TABLES)
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        connection.close()
