"""Editions of the codifier for tests: the present one with something changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection

from viche.communities.codifier import load_former_names_into, load_into
from viche.communities.codifier.reading import Row
from viche.communities.models import OWN_CATEGORIES, Territory


def present() -> dict[str, Row]:
    """The objects of the codifier as they stand, by code."""
    rows = Territory.objects.exclude(category__in=OWN_CATEGORIES).filter(closed_at__isnull=True)
    parents = dict(Territory.objects.filter(category__in=OWN_CATEGORIES).values_list("code", "parent_id"))
    return {
        code: Row(code, parents.get(parent, parent) or "", category, name)
        for code, parent, category, name in rows.values_list("code", "parent_id", "category", "name")
    }


def changed(*rows: Row, without: tuple[str, ...] = (), **changes: dict[str, str]) -> list[Row]:
    """The present edition with rows added, some left out, and fields changed: UA…={"name": …}."""
    edition = present()
    for code, fields in changes.items():
        edition[code] = replace(edition[code], **fields)
    for row in rows:
        edition[row.code] = row
    return [row for code, row in edition.items() if code not in without]


@contextmanager
def restored() -> Iterator[None]:
    """For tests that commit: afterwards the table of territories is the bundled codifier again."""
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE communities_territory CASCADE")
            load_into(cursor)
            load_former_names_into(cursor)
