"""The log as static files: written whole, signed only where nothing that was published is lost or changed."""

import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from tests import given
from tests.crowd import at_once

from rulebook.merkle import Tree, parse_checkpoint, parse_note
from rulebook.signing import LOG, VerifierKey, public_of, signed_by
from rulebook.tiles import TiledTree, TileError, entries_in, tiles_of
from viche.ballots.events import BallotSealed
from viche.foundation import keys
from viche.foundation.actor import SYSTEM
from viche.journal import publishing
from viche.journal.actions import append, log_of, publish_log, publish_logs, restart_log, sequence_log
from viche.journal.models import Entry, Log
from viche.projects.events import ProjectAdmitted

CODE = given.POLTAVA


def fact(number: int) -> ProjectAdmitted:
    return ProjectAdmitted(project=f"project-{number}", number=number)


def grow(number: int, start: int = 0) -> Log:
    """The log of 2026 with so many more facts, sequenced."""
    with transaction.atomic():
        append(*(fact(start + each) for each in range(number)), community=CODE, year=2026, by=SYSTEM)
    log = log_of(CODE, 2026)
    sequence_log(log=log)
    log.refresh_from_db()
    return log


def files(log: Log) -> dict[str, bytes]:
    folder = publishing.folder_of(log)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def shorten(log: Log, size: int) -> None:
    """The database as a backup of an earlier day has it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM journal_entry WHERE log_id = %s AND index >= %s", [log.pk, size])
        cursor.execute("SET session_replication_role = origin")
    leaves = Entry.objects.filter(log=log).order_by("index").values_list("leaf_hash", flat=True)
    tree = Tree()
    for leaf in leaves:
        tree.append(bytes(leaf))
    Log.objects.filter(pk=log.pk).update(
        size=tree.size,
        root=tree.root().hex(),
        peaks=[peak.hex() for peak in tree.frontier],
        published_size=size,
    )


@pytest.mark.django_db
class TestWriting:
    def test_the_checkpoint_is_signed_and_its_tiles_give_its_root(self):
        log = grow(300)
        assert publish_log(log=log) == ""
        log.refresh_from_db()
        body, signatures = parse_note((publishing.folder_of(log) / "checkpoint").read_text())
        checkpoint = parse_checkpoint(body)
        assert (checkpoint.origin, checkpoint.size, checkpoint.root.hex()) == (
            f"{settings.LOG_ORIGIN}/log/{CODE}/2026", log.size, log.root,
        )  # fmt: skip
        key = VerifierKey(log.origin, LOG, public_of(keys.log_key(CODE)))
        assert signed_by(body, signatures, key)
        assert key == publishing.key_of_log(log)
        assert TiledTree(log.size, lambda name: publishing.file_of(log, name)).root().hex() == log.root
        assert (log.published_size, log.fault) == (log.size, "")

    def test_the_files_are_exactly_those_of_the_size(self):
        log = grow(300)
        publish_log(log=log)
        wanted = {tile.name for tile in tiles_of(log.size)} | {"checkpoint"}
        assert set(files(log)) == wanted

    def test_entry_bundles_hold_the_leaves_in_order(self):
        log = grow(300)
        publish_log(log=log)
        held = [
            entry
            for tile in tiles_of(log.size)
            if tile.level is None
            for entry in entries_in(files(log)[tile.name])
        ]
        assert [entry.decode() for entry in held] == list(
            Entry.objects.filter(log=log).order_by("index").values_list("leaf", flat=True)
        )

    def test_only_what_changed_is_written_again(self):
        log = grow(300)
        publish_log(log=log)
        folder = publishing.folder_of(log)
        before = {name: (folder / name).stat().st_ino for name in files(log)}
        log = grow(10, 300)
        publish_log(log=log)
        full = [tile.name for tile in tiles_of(log.size) if tile.is_full]
        assert full
        assert all((folder / name).stat().st_ino == before[name] for name in full)

    def test_publishing_again_changes_nothing(self):
        log = grow(5)
        publish_log(log=log)
        folder = publishing.folder_of(log)
        before = {path: path.stat().st_ino for path in folder.rglob("*")}
        publish_log(log=log)
        assert publish_logs(is_thorough=True) == 0
        assert {path: path.stat().st_ino for path in folder.rglob("*")} == before

    def test_lost_or_damaged_tiles_are_written_anew(self):
        log = grow(300)
        publish_log(log=log)
        whole = files(log)
        folder = publishing.folder_of(log)
        (folder / "tile/0/001.p/45").unlink()
        (folder / "tile/entries/000").write_bytes(b"damaged")
        log = grow(3, 300)
        publish_log(log=log)
        assert files(log)["tile/entries/000"] == whole["tile/entries/000"]
        assert TiledTree(log.size, lambda name: publishing.file_of(log, name)).root().hex() == log.root

    def test_lost_files_are_written_anew_under_the_same_key(self):
        log = grow(5)
        publish_log(log=log)
        whole = files(log)
        for name in whole:
            (publishing.folder_of(log) / name).unlink()
        publish_logs(is_thorough=True)
        assert files(log) == whole

    def test_a_log_of_another_year_has_the_same_key_and_its_own_name(self):
        first = grow(2)
        with transaction.atomic():
            append(fact(1), community=CODE, year=2027, by=SYSTEM)
        second = log_of(CODE, 2027)
        sequence_log(log=second)
        publish_logs()
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.public_key == second.public_key != ""
        assert first.origin != second.origin

    def test_ballots_leave_neither_order_nor_time_in_the_files(self):
        marks = [hashlib.sha256(bytes([number])).hexdigest() for number in range(60)]
        with transaction.atomic():
            append(
                *(BallotSealed(contest="c", commitment=mark, envelope=mark) for mark in marks),
                community=CODE, year=2026, by=None,
            )  # fmt: skip
        log = log_of(CODE, 2026)
        sequence_log(log=log)
        publish_log(log=log)
        log.refresh_from_db()
        entries = [
            json.loads(entry)
            for tile in tiles_of(log.size)
            if tile.level is None
            for entry in entries_in(files(log)[tile.name])
        ]
        ballots = [entry["data"]["commitment"] for entry in entries if entry["kind"] == "BallotSealed"]
        assert ballots == sorted(marks)
        assert all(
            set(each) == {"kind", "subject", "data"} for each in entries if each["kind"] == "BallotSealed"
        )

    def test_names_that_are_no_files_of_a_log_are_not_read(self):
        log = grow(2)
        publish_log(log=log)
        for name in ("../../keys", "tile/0/../../checkpoint", "tile/0/999", "tile/0/000.p/1/x", "", "."):
            with pytest.raises(TileError):
                publishing.file_of(log, name)

    def test_an_entry_too_long_to_publish_is_not_written(self):
        with pytest.raises(ValueError, match="cannot be published"), transaction.atomic():
            append(ProjectAdmitted(project="x" * 70_000, number=1), community=CODE, year=2026, by=SYSTEM)


@pytest.mark.django_db
class TestRefusing:
    def test_from_a_restored_backup_nothing_is_signed(self):
        log = grow(40)
        publish_log(log=log)
        whole = files(log)
        shorten(log, 30)
        assert publish_log(log=log) == "shorter"
        log.refresh_from_db()
        assert log.fault == "shorter"
        assert files(log) == whole

    def test_nor_when_it_has_grown_beyond_the_old_size_by_other_entries(self):
        log = grow(40)
        publish_log(log=log)
        whole = files(log)
        shorten(log, 30)
        log = grow(20, 500)
        assert log.size > 41
        assert publish_log(log=log) == "differs"
        assert files(log) == whole

    def test_nor_at_exactly_the_old_size(self):
        log = grow(40)
        publish_log(log=log)
        shorten(log, 30)
        log = grow(11, 500)
        assert log.size == 41
        assert publish_log(log=log) == "differs"

    def test_nor_where_the_files_were_restored_with_the_database(self, tmp_path: Path):
        """Only the mark beside the key remembers what was signed."""
        log = grow(30)
        publish_log(log=log)
        old = files(log)
        log = grow(10, 30)
        publish_log(log=log)
        shorten(log, 31)
        for name in files(log):
            (publishing.folder_of(log) / name).unlink()
        for name, content in old.items():
            publishing.write_file(publishing.folder_of(log) / name, content)
        assert publish_log(log=log) == "shorter"

    def test_nor_where_an_entry_was_changed_below_the_published_size(self):
        log = grow(40)
        publish_log(log=log)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE journal_entry SET leaf = '{}' WHERE log_id = %s AND index = 7", [log.pk])
            cursor.execute("SET session_replication_role = origin")
        (publishing.folder_of(log) / "checkpoint").unlink()
        assert publish_log(log=log) == "differs"

    def test_nor_without_the_key_that_signed_before(self):
        log = grow(4)
        publish_log(log=log)
        (settings.KEYS_DIR / f"log-{CODE}.json").unlink()
        log = grow(4, 4)
        assert publish_log(log=log) == "no_key"
        keys.make_log_key(CODE)
        assert publish_log(log=log) == "other_key"

    def test_nor_over_a_checkpoint_that_cannot_be_read(self):
        log = grow(4)
        publish_log(log=log)
        (publishing.folder_of(log) / "checkpoint").write_bytes(b"\xff")
        log = grow(4, 4)
        assert publish_log(log=log) == "damaged"

    def test_once_the_lost_entries_are_back_it_signs_again(self):
        log = grow(40)
        publish_log(log=log)
        kept = list(Entry.objects.filter(log=log, index__gte=30).order_by("index"))
        state = Log.objects.filter(pk=log.pk).values("size", "root", "peaks").get()
        shorten(log, 30)
        assert publish_log(log=log) == "shorter"
        Entry.objects.bulk_create(kept)
        Log.objects.filter(pk=log.pk).update(**state)
        assert publish_logs() == 0
        log = grow(1, 90)
        assert publish_log(log=log) == ""
        log.refresh_from_db()
        assert (log.fault, log.published_size) == ("", log.size)

    def test_a_log_that_lost_entries_for_good_is_begun_anew_beside_the_old_files(self):
        log = grow(40)
        publish_log(log=log)
        old, folder = files(log), publishing.folder_of(log)
        with pytest.raises(ValueError, match="not shorter"):
            restart_log(log=log, reason="no reason", by=SYSTEM)
        shorten(log, 30)
        publish_log(log=log)
        log = restart_log(log=log, reason="Диск сервера згорів.", by=SYSTEM)
        sequence_log(log=log)
        assert publish_log(log=log) == ""
        log.refresh_from_db()
        assert log.origin.endswith("/2026-2")
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == set(
            old
        )
        newest = Entry.objects.filter(log=log).order_by("-index").first()
        assert newest.kind == "LogBegunAnew"
        assert '"size":41' in newest.leaf


def test_two_workers_at_once_write_one_log(committed_db):
    log = grow(300)
    assert at_once(4, lambda _: publish_log(log=log)) == [""] * 4
    log.refresh_from_db()
    assert TiledTree(log.size, lambda name: publishing.file_of(log, name)).root().hex() == log.root


@pytest.mark.django_db
@pytest.mark.parametrize("survived", [0, 1, 3, 5])
def test_killed_half_way_the_next_run_finishes(monkeypatch: pytest.MonkeyPatch, survived: int):
    """Whatever was written before the end: no checkpoint without its tiles, and the next run is whole."""
    log = grow(10)
    publish_log(log=log)
    before = files(log)["checkpoint"]
    log = grow(300, 10)
    written = []
    real = publishing.write_file

    def fails(path: Path, content: bytes) -> None:
        if len(written) == survived:
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / f".{path.name}.half").write_bytes(content[:3])
            raise KeyboardInterrupt
        written.append(path)
        real(path, content)

    monkeypatch.setattr(publishing, "write_file", fails)
    with pytest.raises(KeyboardInterrupt):
        publish_log(log=log)
    assert (publishing.folder_of(log) / "checkpoint").read_bytes() == before
    monkeypatch.setattr(publishing, "write_file", real)
    assert publish_log(log=log) == ""
    assert TiledTree(log.size, lambda name: publishing.file_of(log, name)).root().hex() == log.root
    assert not [name for name in files(log) if Path(name).name.startswith(".")]


def test_the_key_of_a_log_is_readable_by_the_server_only():
    secret = keys.make_log_key(CODE)
    path = settings.KEYS_DIR / f"log-{CODE}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.make_log_key(CODE) == secret == keys.log_key(CODE)
    assert list(settings.KEYS_DIR.iterdir()) == [path]
