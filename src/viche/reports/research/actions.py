"""Writing the archives for researchers: tables one by one, then the words around them, then one ZIP."""

import json
import logging
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connection, transaction

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.kept_files import alone, measured, whole_folder
from viche.reports.actions import count_tallies
from viche.reports.models import Keeping
from viche.reports.research.columns import Table
from viche.reports.research.package import FileFacts, package_files, package_name
from viche.reports.research.queries import (
    ARCHIVE,
    FACTS,
    Archive,
    archive_in,
    archive_name,
    archives_of,
    contests_in,
    joined_name,
    written_archive,
)
from viche.reports.research.rows import Source
from viche.reports.research.tables import TABLES
from viche.reports.research.writing import write_joined, write_table
from viche.results.queries import published_contests

logger = logging.getLogger(__name__)

LOOKED_AT = ".research.counted"
"""Beside the archives: the state of the figures at the last look."""

# every file of the ZIP carries this moment: when it was written says nothing
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def prepare_archive(*, of: Contest | Community) -> Archive:
    """The archive of a contest, or of all contests of a body, as the data stand now; written where it is not yet,
    former ones thrown away.

    Whole or not at all, by one at a time (a lock of the folder): others wait and find it written. That of a body is
    joined from those of its contests. No journal entry: what is written is shown on pages already.
    """
    with alone(archives_of(of), "research"):
        if isinstance(of, Community):
            parts = [prepare_archive(of=each) for each in contests_in(of)]
            folder = archives_of(of).joinpath(joined_name([each.path.parent.name for each in parts]))
            found = archive_in(folder) or _write_archive(of, folder, lambda table: _join(table, parts))
        else:
            if not Keeping.objects.filter(contest=of, is_stale=False, counted_at__isnull=False).exists():
                count_tallies(contest=of)
            with _one_moment():
                source, folder = Source(of), archives_of(of).joinpath(archive_name(of))
                found = archive_in(folder) or _write_archive(
                    of, folder, lambda table: lambda path: write_table(path, table, source.rows(table.name))
                )
        for former in folder.parent.glob("research-*"):
            if former != folder:
                shutil.rmtree(former, ignore_errors=True)
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every table is read as the data stood at one moment; inside a transaction, as that sees them."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _write_archive(
    of: Contest | Community, folder: Path, writing: Callable[[Table], Callable[[Path], int]]
) -> Archive:
    """writing: what writes a table to a path and says how many rows it has."""
    with whole_folder(folder) as fresh:
        tables: dict[str, FileFacts] = {}
        for table in TABLES:
            path = fresh.joinpath(f"{table.name}.parquet")
            rows = writing(table)(path)
            tables[table.name] = FileFacts(*measured(path), rows)
        _write_zip(of, tables, fresh)
        for table in TABLES:
            fresh.joinpath(f"{table.name}.parquet").unlink()
        size, sha256 = measured(fresh.joinpath(ARCHIVE))
        told = {
            "written_at": clock.now().isoformat(), "size": size, "sha256": sha256,
            "rows": {name: each.rows for name, each in tables.items()},
        }  # fmt: skip
        fresh.joinpath(FACTS).write_text(json.dumps(told))
    written = archive_in(folder)
    assert written is not None
    return written


def _join(table: Table, parts: list[Archive]) -> Callable[[Path], int]:
    def write(path: Path) -> int:
        with ExitStack() as opened:
            found = (opened.enter_context(_member(part.path, table.path)) for part in parts)
            return write_joined(path, table, found)

    return write


@contextmanager
def _member(path: Path, name: str) -> Iterator[zipfile.ZipExtFile]:
    """A table inside an archive; it is stored there as it is, so that it is read from its place."""
    with zipfile.ZipFile(path) as archive:
        (inside,) = (each for each in archive.namelist() if each.endswith(f"/{name}"))
        with archive.open(inside) as file:
            yield file  # type: ignore[misc]


def _write_zip(of: Contest | Community, tables: dict[str, FileFacts], folder: Path) -> None:
    """Everything as one file, always the same bytes for the same data; tables are compressed already."""
    name = package_name(of)
    with zipfile.ZipFile(folder.joinpath(ARCHIVE), "w") as archive:
        for path, content in package_files(of, tables):
            archive.writestr(_info(f"{name}/{path}", zipfile.ZIP_DEFLATED), content)
        for table in TABLES:
            info = _info(f"{name}/{table.path}", zipfile.ZIP_STORED)
            info.file_size = tables[table.name].size
            with (
                folder.joinpath(f"{table.name}.parquet").open("rb") as file,
                archive.open(info, "w") as inside,
            ):
                shutil.copyfileobj(file, inside, 1 << 20)


def _info(path: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, ZIP_MOMENT)
    info.compress_type, info.external_attr = kind, 0o644 << 16
    return info


def write_missing_archives() -> int:
    """Write the archives of published contests that are not written as their data stand now; returns how many.

    Looks at those only whose figures were counted since the last look: whatever changes an archive is in the journal.
    One that cannot be written is tried again by the next run, and stops no other.
    """
    counted = dict(Keeping.objects.filter(is_stale=False).values_list("contest_id", "counted_at"))
    number = 0
    for contest in published_contests():
        looked_at = archives_of(contest).joinpath(LOOKED_AT)
        state = joined_name([str(counted.get(contest.pk))])
        if looked_at.is_file() and looked_at.read_text() == state:
            continue
        try:
            if written_archive(contest) is None:
                prepare_archive(of=contest)
                number += 1
            looked_at.write_text(state)
        except OSError as error:
            logger.warning("no archive of %s yet: %s", contest, error)
        except Exception:  # a fault of ours must not stop the data of others
            logger.exception("no archive of %s", contest)
    return number
