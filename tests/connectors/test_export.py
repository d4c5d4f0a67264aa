"""A body leaves with all its data: two officials, an archive that checks itself, and a recount from it alone."""

import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import given
from tests.crowd import at_once, refusals
from tests.surfaces.ground import publish

from rulebook.tiles import WIDTH, grown, tiles_of
from viche.communities.actions import restore_community
from viche.communities.models import Community
from viche.connectors.export.actions import (
    ask_to_leave,
    cancel_leaving,
    confirm_leaving,
    end_exports,
    make_export,
    request_export,
)
from viche.connectors.export.archive import tile_content, write_archive
from viche.connectors.export.models import Export, Leaving
from viche.connectors.export.queries import file_of, latest_export, open_leaving, running_contests
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions import grant_membership, grant_office
from viche.identity.models import Identifier
from viche.identity.queries import actor_of
from viche.journal import publishing
from viche.journal.actions import sequence_all
from viche.journal.models import Entry, Log


@pytest.fixture(autouse=True)
def _exports(settings, tmp_path) -> None:
    settings.EXPORTS_DIR = tmp_path / "exports"


def platform() -> Actor:
    nazar = given.person("Назар")
    grant_office(person=nazar, community=None, role="platform", by=SYSTEM)
    return actor_of(nazar)


def refused(act, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value.code


@pytest.fixture
def city(db) -> Community:
    return given.community()


@pytest.fixture
def viktor(city) -> Actor:
    return given.official("Віктор", "administrator", city)


class TestLeaving:
    def test_one_asks_and_another_confirms(self, city, viktor):
        leaving = ask_to_leave(community=city, decision="№ 12 від 20.11.2026", by=viktor)
        assert refused(confirm_leaving, leaving=leaving, by=viktor) == "same_person"
        confirm_leaving(leaving=leaving, by=given.official("Марія", "administrator", city))
        city.refresh_from_db()
        assert city.archived_at is not None
        last = Entry.objects.filter(log__community=city.code).order_by("id").last()
        assert last.kind == "CommunityArchived"
        assert latest_export(city).made_at is None
        assert refused(ask_to_leave, community=city, decision="№ 2", by=viktor) == "archived"

    def test_the_platform_may_be_the_second(self, city, viktor):
        leaving = ask_to_leave(community=city, decision="№ 12", by=viktor)
        assert confirm_leaving(leaving=leaving, by=platform())

    def test_an_operator_neither_asks_nor_confirms(self, city, viktor):
        operator = given.official("Галина", "operator", city)
        assert refused(ask_to_leave, community=city, decision="№ 1", by=operator) == "not_administrator"
        leaving = ask_to_leave(community=city, decision="№ 1", by=viktor)
        assert refused(confirm_leaving, leaving=leaving, by=operator) == "not_administrator"
        assert refused(cancel_leaving, leaving=leaving, by=operator) == "not_administrator"

    def test_without_a_decision_nothing_is_asked_and_once_is_enough(self, city, viktor):
        assert refused(ask_to_leave, community=city, decision="  ", by=viktor) == "no_decision"
        assert refused(ask_to_leave, community=city, decision="я" * 201, by=viktor) == "bad_decision"
        ask_to_leave(community=city, decision="№ 1", by=viktor)
        assert refused(ask_to_leave, community=city, decision="№ 1", by=viktor) == "already_asked"

    def test_the_database_itself_wants_two(self, city, viktor):
        leaving = ask_to_leave(community=city, decision="№ 1", by=viktor)
        with pytest.raises(IntegrityError, match="leaving_takes_two"), transaction.atomic():
            Leaving.objects.filter(pk=leaving.pk).update(confirmed_by=leaving.asked_by)

    def test_taken_back_it_stays(self, city, viktor):
        leaving = ask_to_leave(community=city, decision="№ 1", by=viktor)
        cancel_leaving(leaving=leaving, by=viktor)
        assert open_leaving(city) is None
        assert refused(confirm_leaving, leaving=leaving, by=platform()) == "already_done"

    def test_not_between_the_first_day_of_a_contest_and_its_result(self, city, viktor):
        contest, projects = given.voting_contest(city)
        with clock.at(given.day(-5)):
            assert running_contests(city) == []
            leaving = ask_to_leave(community=city, decision="№ 1", by=viktor)
        with clock.at(given.day(1)):
            assert running_contests(city) == [contest]
            assert refused(ask_to_leave, community=city, decision="№ 1", by=viktor) == "contest_runs"
            # it began while the request waited for the second official
            assert refused(confirm_leaving, leaving=leaving, by=platform()) == "contest_runs"
        publish(contest, {"Марта": projects[:2]})
        with clock.at(given.day(75)):
            assert running_contests(city) == []
            assert confirm_leaving(leaving=leaving, by=platform())

    def test_two_who_confirm_at_once_archive_it_once(self, committed_db):
        city = given.community()
        leaving = ask_to_leave(
            community=city, decision="№ 1", by=given.official("Віктор", "administrator", city)
        )
        second = [given.official("Марія", "administrator", city), platform()]
        answers = at_once(2, lambda place: confirm_leaving(leaving=leaving, by=second[place]))
        assert refusals(answers) == ["already_done"]
        assert Export.objects.count() == 1

    def test_the_platform_brings_it_back(self, city, viktor):
        leaving = ask_to_leave(community=city, decision="№ 1", by=viktor)
        nazar = platform()
        confirm_leaving(leaving=leaving, by=nazar)
        assert refused(restore_community, community=city, by=viktor) == "not_platform"
        restore_community(community=city, by=nazar)
        city.refresh_from_db()
        assert city.archived_at is None
        assert grant_office(person=given.person("Ганна"), community=city, role="operator", by=viktor)


@pytest.fixture
def unpacked(city, viktor, tmp_path) -> Path:
    """The archive of a city with a published contest, unpacked."""
    contest, projects = given.voting_contest(city)
    publish(contest, {"Марта": projects[:2], "Юрій": [projects[0], projects[3]], "Ганна": projects[:1]})
    grant_membership(
        person=given.person("Андрій", method="dig_sign"), territory=city.territory, basis="work",
        document_reference="довідка № 5", community=city, by=viktor,
    )  # fmt: skip
    sequence_all()
    path = make_export(export=request_export(community=city, by=viktor))
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_file_of_the_archive_has_the_hash_of_its_manifest(unpacked):
    manifest = json.loads((unpacked / "manifest.json").read_text())
    there = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    assert {each["path"] for each in manifest["files"]} == there - {"manifest.json"}
    for each in manifest["files"]:
        content = (unpacked / each["path"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (each["sha256"], each["size"]), each
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_count_is_repeated_from_the_archive_alone(unpacked):
    place = unpacked / "contests/2026/counts/1"
    done = subprocess.run(
        [sys.executable, "-m", "rulebook", "verify", str(place / "dossier.json"), str(place / "outcome.json")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(json.loads((unpacked / "contests/2026/openings.json").read_text())) == 3


def test_what_a_body_takes_along(unpacked, city):
    assert json.loads((unpacked / "community.json").read_text())["code"] == city.code
    assert [each["title"] for each in lines(unpacked / "contests/2026/projects.jsonl")] == [
        f"Проєкт {number}" for number in range(1, 5)
    ]
    assert {each["verdict"] for each in lines(unpacked / "contests/2026/decisions.jsonl")} == {"admit"}
    assert json.loads((unpacked / "contests/2026/rules/1.json").read_text())["schema"] == 1
    assert lines(unpacked / "memberships.jsonl")[0]["document_reference"] == "довідка № 5"
    assert "administrator" in {each["role"] for each in lines(unpacked / "offices.jsonl")}
    for year in {
        entry.log.year for entry in Entry.objects.filter(log__community=city.code).select_related("log")
    }:
        [folder] = (unpacked / "journal").glob(f"{year}-*")
        about = json.loads((folder / "about.json").read_text())
        entries = lines(folder / "entries.jsonl")
        assert [each["index"] for each in entries] == list(range(about["size"]))


def test_no_token_of_a_person_and_no_key_leaves(unpacked):
    everything = b"".join(path.read_bytes() for path in unpacked.rglob("*") if path.is_file())
    for identifier in Identifier.objects.all():
        assert bytes(identifier.token).hex().encode() not in everything
        assert bytes(identifier.token) not in everything
    from viche.contests.models import Contest

    contest = Contest.objects.get()
    for name in ("marks", "box"):
        key = keys.contest_key(str(contest.id), name)
        assert key.hex().encode() not in everything


def test_a_lost_picture_is_named_and_the_rest_leaves(city, viktor):
    from io import BytesIO

    from PIL import Image

    content = BytesIO()
    Image.new("RGB", (80, 60), "green").save(content, "PNG")
    contest = given.contest(city)
    project = given.submitted_project(contest, pictures=[(content.getvalue(), "Сквер")])
    path = make_export(export=request_export(community=city, by=viktor))
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if "/pictures/" in name]
        assert len(names) == 1
    Path(project.pictures.get().image.path).unlink()
    path = make_export(export=request_export(community=city, by=viktor))
    with zipfile.ZipFile(path) as archive:
        [row] = archive.read("contests/2026/pictures.jsonl").splitlines()
        assert json.loads(row)["image"] == ""


def test_one_at_a_time_and_the_file_goes_when_its_days_are_over(city, viktor, settings):
    with clock.at(given.day(1)):
        export = request_export(community=city, by=viktor)
        assert request_export(community=city, by=viktor) == export
        make_export(export=export)
        export.refresh_from_db()
        assert hashlib.sha256(file_of(export).read_bytes()).hexdigest() == export.digest
        assert end_exports() == 0
    with clock.at(given.day(1 + settings.EXPORT_DAYS)):
        assert file_of(export) is None
        assert end_exports() == 1
        assert list(Path(settings.EXPORTS_DIR).iterdir()) == []


def test_an_archive_that_came_to_nothing_is_begun_again_after_an_hour(city, viktor):
    def begun() -> int:
        return ProcrastinateJob.objects.filter(task_name__endswith="export_body").count()

    with clock.at(given.day(1)):
        export = request_export(community=city, by=viktor)
    with clock.at(given.day(1) + timedelta(minutes=59)):
        assert request_export(community=city, by=viktor) == export
        assert begun() == 1
    with clock.at(given.day(1) + timedelta(minutes=61)):
        assert request_export(community=city, by=viktor) == export
        assert request_export(community=city, by=viktor) == export
        assert begun() == 2


def test_a_lost_emblem_stays_behind(city, tmp_path):
    Community.objects.filter(pk=city.pk).update(emblem="lost.png")
    city.refresh_from_db()
    write_archive(community=city, path=tmp_path / "poltava.zip")
    with zipfile.ZipFile(tmp_path / "poltava.zip") as archive:
        assert "emblem.png" not in archive.namelist()


def test_a_partial_tile_that_made_way_is_the_beginning_of_the_full_one(city, settings, tmp_path):
    settings.LOG_DIR = tmp_path / "logs"
    log = Log.objects.filter(community=city.code).first()
    leaves = [str(number).encode() for number in range(WIDTH)]
    full = grown(0, leaves, lambda name: b"")
    for name, content in full.items():
        publishing.write_file(publishing.folder_of(log) / name, content)
    begun = grown(0, leaves[:5], lambda name: b"")
    assert [tile_content(log, tile) for tile in tiles_of(5)] == [begun[tile.name] for tile in tiles_of(5)]


def test_the_command_writes_the_same_and_replaces_nothing(city, tmp_path):
    file = tmp_path / "poltava.zip"
    call_command("bodies", "export", city.slug, str(file))
    with zipfile.ZipFile(file) as archive:
        assert "manifest.json" in archive.namelist()
    with pytest.raises(CommandError, match="exists"):
        call_command("bodies", "export", city.slug, str(file))
    with pytest.raises(CommandError, match="no connected community"):
        call_command("bodies", "export", "nowhere", str(tmp_path / "x.zip"))
    assert {path.name for path in tmp_path.glob("*.zip*")} == {"poltava.zip"}
