"""The disk of the database is full: the voter is told to send the ballot again, nothing is half written, and once there
is room again the same form is answered with a receipt.
"""

import contextlib
import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from tests import given
from tests.faults.test_lost_connections import Booth, in_the_box, receipt_in, unknown
from tests.surfaces.ground import VOTING_DAY

from viche.ballots.actions import Vote, cast_ballots
from viche.contests.models import Contest
from viche.foundation import clock
from viche.projects.models import Project

TABLES = ("ballots_ballot", "ballots_participation", "ballots_claim", "ballots_votetrace")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def small_disk(committed_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 64 MB on which the tables of the box lie."""
    if os.getuid() != 0:
        pytest.skip("a file system of its own needs root")
    place = Path("/var/tmp") / f"viche-disk-{secrets.token_hex(4)}"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], check=False
    ).returncode:
        place.rmdir()
        pytest.skip("this machine mounts no file system")
    name = f"small_{place.name[-8:]}"
    try:
        room = place / "data"
        room.mkdir()
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
            owner = Path(cursor.fetchone()[0]).stat()
        os.chown(room, owner.st_uid, owner.st_gid)
        run(f"CREATE TABLESPACE {name} LOCATION '{room}'")
        for table in TABLES:
            run(f"ALTER TABLE {table} SET TABLESPACE {name}")
        yield place
    finally:
        (place / "filler").unlink(missing_ok=True)
        for table in TABLES:
            run(f"ALTER TABLE {table} SET TABLESPACE pg_default")
        run(f"DROP TABLESPACE IF EXISTS {name}")
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


def fill(place: Path) -> None:
    """Take all the room there is."""
    with (place / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(bytes(4096)):
            pass


def somebodys(projects: list[Project]) -> Vote:
    return Vote(secrets.token_bytes(32), given.paper(projects[0]), secrets.token_bytes(32))


def until_it_is_full(contest: Contest, projects: list[Project]) -> int:
    """Others vote into the pages at hand, until a ballot needs a new one; how many."""
    for number in range(500):
        try:
            cast_ballots(contest=contest, votes=[somebodys(projects)], channel="online")
        except OperationalError:
            return number
    pytest.fail("the disk never filled")


def test_a_full_disk_takes_no_half_ballot_and_recovers(small_disk):
    with clock.at(VOTING_DAY):
        contest, projects = given.voting_contest()
        booth = Booth(contest)
        fill(small_disk)
        others = until_it_is_full(contest, projects)
        form = unknown(booth.press())
        assert form == booth.form
        assert in_the_box() == (others,) * 3
        assert booth.client.get(booth.address).status_code == 200, "reading goes on"
        (small_disk / "filler").unlink()
        receipt = receipt_in(booth.press(form))
        assert in_the_box() == (others + 1,) * 3
        assert receipt_in(booth.press(form)) == receipt
        # and everybody else votes on
        assert cast_ballots(contest=contest, votes=[somebodys(projects)], channel="online") == 1
    assert in_the_box() == (others + 2,) * 3
