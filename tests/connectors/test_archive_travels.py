"""A body leaves with its archive and arrives on an empty installation: nothing of what the format carries is lost."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as house
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests import given
from tests.conftest import KEPT_TABLES
from tests.connectors.finished import finished_contest
from tests.crowd import at_once, refusals

from viche.communities.models import Community
from viche.connectors.arrivals.actions import import_archive
from viche.connectors.arrivals.comparing import differences
from viche.connectors.export.archive import write_archive
from viche.connectors.export.checking import check_archive
from viche.connectors.record.actions import write_records
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Identifier, Office, Person
from viche.identity.queries import actor_of
from viche.journal.actions import publish_logs, sequence_all
from viche.journal.models import Entry, Log
from viche.talk.actions import write_comment

FOLDERS = ("KEYS_DIR", "LOG_DIR", "RECORDS_DIR", "MEDIA_ROOT", "PRIVATE_ROOT")


def empty_installation(folder: Path, settings) -> None:
    """No row, no key, no file: another server under another name."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT_TABLES)
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    for name in FOLDERS:
        setattr(house, name, folder / name.lower())
    settings.LOG_ORIGIN = "new.example"


def poltava_with_a_year_behind_it() -> Community:
    """A finished contest with its record, a comment, a picture."""
    contest = finished_contest(60)
    with clock.at(given.day(75)):
        project = contest.projects.order_by("number").first()
        write_comment(project=project, text="Дякуємо!", by=actor_of(given.person("Петро"), contest.community))
        sequence_all()
        publish_logs()
        assert write_records() == 1
    return contest.community


@pytest.fixture
def archive(committed_db, tmp_path) -> Path:
    """The archive of a body that is here."""
    path = tmp_path / "poltava.zip"
    write_archive(community=poltava_with_a_year_behind_it(), path=path)
    MADE["archive"] = path.read_bytes()
    return path


MADE: dict[str, bytes] = {}


@pytest.fixture
def brought(request, committed_db, tmp_path, settings) -> Path:
    """The archive at the gate of an empty installation."""
    if not MADE:
        request.getfixturevalue("archive")
    path = tmp_path / "brought.zip"
    path.write_bytes(MADE["archive"])
    empty_installation(tmp_path / "new", settings)
    return path


def page(address: str) -> str:
    answer = Client().get(address, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def test_exported_imported_into_an_empty_installation_and_exported_again_it_is_equal(
    archive, tmp_path, settings
):
    with clock.at(given.day(80)):
        before = main_of(page("/poltava/2026/results/"))
    empty_installation(tmp_path / "new", settings)
    with clock.at(given.day(80)):
        brought = import_archive(path=archive)
        assert brought.contests == ("2026",)
        assert differences(path=archive, community=brought.community) == []
        assert main_of(page("/poltava/2026/results/")) == before
    # nobody has an account here: people are names, offices are told
    assert not Identifier.objects.exists()
    assert not Office.objects.exists()
    assert {each["role"] for each in brought.offices} == {"commission"}
    assert set(Person.objects.values_list("given_name", flat=True)) == {"", "Петро К."}


def test_the_record_served_by_the_new_place_verifies(brought):
    import_archive(path=brought)
    folder = Path(house.RECORDS_DIR) / str(Contest.objects.get().pk)
    done = subprocess.run(
        [sys.executable, "-m", "rulebook", "verify", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_old_journal_is_kept_closed_under_its_old_name_and_the_new_one_begins(
    archive, tmp_path, settings
):
    old = {log.year: (log.origin, log.size, log.root) for log in Log.objects.filter(community=given.POLTAVA)}
    empty_installation(tmp_path / "new", settings)
    import_archive(path=archive)
    foreign = {
        log.year: (log.origin, log.size, log.root)
        for log in Log.objects.filter(community=given.POLTAVA).exclude(foreign_origin="")
    }
    assert foreign == old
    own = Log.objects.get(community=given.POLTAVA, foreign_origin="")
    assert own.origin.startswith("new.example/")
    sequence_all()
    assert publish_logs() == 0
    own.refresh_from_db()
    assert (own.fault, own.published_size) == ("", own.size)
    assert Entry.objects.filter(log=own, kind="BodyArrived").count() == 1
    log = Log.objects.exclude(foreign_origin="").first()
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        Entry.objects.create(log=log, kind="X", subject="x", leaf="{}", leaf_hash=b"x" * 32)
    assert log.origin in page(f"/poltava/journal/?year={log.address}")
    proof = page(f"/poltava/journal/entries/{log.address}/0/")
    assert log.origin in proof
    assert Client().get(f"/log/{log.community}/{log.address}/checkpoint").status_code == 200


def test_at_a_new_server_of_the_same_address_the_new_log_has_another_name(archive, tmp_path, settings):
    home = settings.LOG_ORIGIN
    old = {log.origin for log in Log.objects.filter(community=given.POLTAVA)}
    with clock.at(given.day(80)):
        empty_installation(tmp_path / "new", settings)
        settings.LOG_ORIGIN = home
        community = import_archive(path=archive).community
        assert differences(path=archive, community=community) == []
        own = Log.objects.get(community=given.POLTAVA, foreign_origin="")
    assert own.origin not in old
    assert own.address == "2026-2"


def changed(archive: Path, path: Path, change) -> Path:
    """The archive with files changed, its manifest written anew as a forger would."""
    import hashlib

    with zipfile.ZipFile(archive) as source:
        files = {name: source.read(name) for name in source.namelist()}
    change(files)
    manifest = json.loads(files.pop("manifest.json"))
    manifest["files"] = [
        {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in files.items()
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
            target.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as answer:
        import_archive(path=path)
    assert str(answer.value.message)
    return answer.value.code


def test_hostile_archives_are_refused_and_leave_nothing(brought, tmp_path, settings):
    bad = tmp_path / "bad.zip"

    def forged(name: str, old: bytes, new: bytes) -> str:
        def change(files):
            assert old in files[name], name
            files[name] = files[name].replace(old, new, 1)

        return refusal(changed(brought, bad, change))

    content = brought.read_bytes()
    bad.write_bytes(content[: len(content) // 2])
    assert refusal(bad) == "not_an_archive"
    bad.write_text("no zip")
    assert refusal(bad) == "not_an_archive"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("manifest.json", "{}")
        target.writestr("../../etc/passwd", "x")
    assert refusal(bad) == "bad_name"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("manifest.json", "{}")
    assert refusal(bad) == "damaged"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("bomb.jsonl", b"0" * 50_000_000)
        target.writestr("manifest.json", "{}")
    settings.ARCHIVE_MOST_BYTES = 40_000_000
    assert refusal(bad) == "too_large"
    settings.ARCHIVE_MOST_BYTES = 20_000_000_000
    with zipfile.ZipFile(bad, "w") as target:
        target.writestr("manifest.json", json.dumps({"format": "viche/export/v3"}))
    assert refusal(bad) == "newer_format"
    shutil.copy(brought, bad)
    with zipfile.ZipFile(bad, "a") as target:
        target.writestr("contests/2026/more.json", "{}")
    assert refusal(bad) == "wrong_files"
    # a forger writes the manifest anew: what cannot be forged tells
    assert forged("contests/2026/life/results.count.jsonl", b'"number": 1', b'"number": 7') == "missing_file"
    assert forged("contests/2026/counts/1/outcome.json", b"funded", b"fundet") == "bad_count"
    assert forged("contests/2026/rules/1.json", b"100000000", b"900000000") == "bad_rules"
    assert forged("contests/2026/projects.jsonl", b'"cost": ', b'"cost": "x') in {"bad_text", "bad_row"}
    assert forged("contests/2026/record/openings.json", b'"nonce":"', b'"nonce":"00') == "bad_record"
    [entries] = [
        n
        for n in zipfile.ZipFile(brought).namelist()
        if n.startswith("journal/2026") and "entries.jsonl" in n
    ]
    assert forged(entries, b"ContestCreated", b"ContestCreatex") == "bad_log"

    assert forged("place.json", b'"slug": ', b'"snail": ') == "bad_row"
    assert forged("offices.jsonl", b'"role"', b'"rule"') == "bad_row"
    assert forged("contests/2026/turnout.json", b'"hours":{"', b'"hours":{"2') == "bad_row"
    assert forged("contests/2026/turnout.json", b'"days":[["2026-', b'"days":[["0000-') == "bad_values"
    assert forged("contests/2026/rules/1.json", b"{", b"[{") in {"bad_text", "bad_rules"}

    def twice(files):
        files["contests/2026/projects.jsonl"] += files["contests/2026/projects.jsonl"]

    assert refusal(changed(brought, bad, twice)) == "two_ids"

    def stray(files):
        line = json.loads(files["contests/2026/life/talk.comment.jsonl"])
        line["project_id"] = "019" + line["project_id"][3:-1] + "0"
        files["contests/2026/life/talk.comment.jsonl"] = json.dumps(line).encode() + b"\n"

    assert refusal(changed(brought, bad, stray)) == "stray_row"
    assert not Community.objects.exists()
    assert not Person.objects.exists()
    assert [
        path for name in FOLDERS for path in Path(getattr(house, name)).rglob("*") if path.is_file()
    ] == []


def test_a_dry_run_says_what_would_come_and_writes_nothing(brought):
    found = import_archive(path=brought, is_dry=True)
    assert (found.community, found.contests) == (None, ("2026",))
    assert not Community.objects.exists()
    assert not Log.objects.exists()
    assert [
        path for name in FOLDERS for path in Path(getattr(house, name)).rglob("*") if path.is_file()
    ] == []


def test_a_dry_run_touches_no_file_of_a_body_that_came(brought):
    import_archive(path=brought)

    def files() -> set[tuple[Path, bytes]]:
        return {
            (path, path.read_bytes())
            for name in FOLDERS for path in Path(getattr(house, name)).rglob("*") if path.is_file()
        }  # fmt: skip

    before = files()
    for is_dry in (True, False):
        with pytest.raises(Refused, match="contest_exists"):
            import_archive(path=brought, is_dry=is_dry)
    assert files() == before


def test_what_a_killed_run_left_does_not_stand_in_the_way(brought):
    """Its transaction is gone with it; its files are of nobody and are written anew."""
    contest = json.loads(zipfile.ZipFile(brought).read("contests/2026/contest.json"))["id"]
    left = [
        Path(house.RECORDS_DIR) / contest / "openings.json",
        Path(house.LOG_DIR) / given.POLTAVA / "2026-9001" / "tile" / "0" / "000.p" / "1",
    ]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_text("half")
    community = import_archive(path=brought).community
    assert differences(path=brought, community=community) == []
    assert all(not path.exists() or path.read_bytes() != b"half" for path in left)


def test_a_body_is_taken_over_by_one_at_a_time(brought):
    def bring(_place: int) -> object:
        return import_archive(path=brought)

    results = at_once(2, bring)
    assert set(refusals(results)) <= {"arrival_runs", "contest_exists"}
    assert len(refusals(results)) == 1
    assert differences(path=brought, community=Community.objects.get()) == []


def test_a_body_that_has_these_contests_keeps_them(archive):
    assert refusal(archive) == "contest_exists"
    assert Contest.objects.count() == 1


def test_an_archive_verifies_without_any_database(archive, django_db_blocker):
    with django_db_blocker.block():
        proven = check_archive(archive)
    assert {each.what for each in proven} >= {"files", "contests/2026/", "contests/2026/record/"}
