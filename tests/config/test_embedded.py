"""The embedded PostgreSQL: started by the first who needs it, stopped by the last, at home in its own directory."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.architecture.house import SRC

from viche.config import embedded

PROGRAM = """
import sys
from pathlib import Path
from viche.config import embedded
place = embedded.cluster_place(Path(sys.argv[1]))
embedded.use(place, durable=False)
print("running", flush=True)
sys.stdin.readline()
"""


def user(var: Path) -> subprocess.Popen[str]:
    """Another process that uses the cluster until a line is sent to it."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(var)], env={**os.environ, "PYTHONPATH": str(SRC)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def answers(place: embedded.Place) -> bool:
    try:
        with psycopg.connect(
            host=str(place.sockets), user="viche", dbname="viche", connect_timeout=5
        ) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def modes(path: Path) -> dict[Path, int]:
    return {each: stat.S_IMODE(each.stat().st_mode) for each in path.parents}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[embedded.Place]:
    """A cluster of the test's own; what it leaves outside the test's folder is taken away."""
    found = embedded.cluster_place(tmp_path / "var")
    yield found
    for left in (found.base, found.sockets):
        shutil.rmtree(left, ignore_errors=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter from the root on."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_the_last_user_stops_the_server_and_no_directory_of_others_is_changed(
    tmp_path: Path, place: embedded.Place
):
    var = tmp_path / "var"
    before = modes(var / "x")
    first = user(var)
    assert first.stdout.readline() == "running\n", first.stderr.read()
    second = user(var)
    assert second.stdout.readline() == "running\n", second.stderr.read()
    assert answers(place)
    assert stat.S_IMODE(place.sockets.stat().st_mode) == 0o700

    first.communicate("\n", timeout=60)
    assert answers(place), "somebody still uses it"
    # killed without a word: the next to leave still finds nobody else
    third = user(var)
    third.stdout.readline()
    third.kill()
    third.wait()
    assert answers(place)
    second.communicate("\n", timeout=60)
    assert not answers(place)
    assert modes(var / "x") == before

    # the data outlives the server
    fourth = user(var)
    assert fourth.stdout.readline() == "running\n", fourth.stderr.read()
    assert answers(place)
    fourth.communicate("\n", timeout=60)
    assert not answers(place)


def test_the_server_listens_on_no_network_address(place: embedded.Place):
    flags = embedded._flags(place, durable=True)
    assert "listen_addresses=''" in flags
    assert "fsync" not in flags
    assert "fsync='off'" in embedded._flags(place, durable=False)


STRANGER = 54_321


class TestAClosedHome:
    """The server's own user may be unable to enter the directory the clone lies in."""

    @pytest.fixture
    def closed(self, open_folder: Path) -> Path:
        """var/ of a clone under a home that only its owner may enter."""
        var = open_folder / "home" / "clone" / "var"
        var.mkdir(parents=True)
        (open_folder / "home").chmod(0o700)
        return var

    def test_every_directory_on_the_way_must_let_the_user_through(self, closed: Path, open_folder: Path):
        mine = closed.stat().st_uid
        assert embedded.is_enterable(closed, mine, STRANGER)
        assert not embedded.is_enterable(closed, STRANGER, STRANGER)
        (open_folder / "home").chmod(0o711)
        assert embedded.is_enterable(closed, STRANGER, STRANGER)
        (open_folder / "home").chmod(0o744)
        assert not embedded.is_enterable(closed, STRANGER, STRANGER), "to read is not to enter"

    def test_the_group_counts_for_its_members_only(self, open_folder: Path):
        group = open_folder.stat().st_gid
        open_folder.chmod(0o701)
        assert embedded.is_enterable(open_folder, STRANGER, STRANGER)
        assert not embedded.is_enterable(open_folder, STRANGER, group), "the group itself is kept out"
        open_folder.chmod(0o710)
        assert embedded.is_enterable(open_folder, STRANGER, group)
        assert not embedded.is_enterable(open_folder, STRANGER, STRANGER)

    def test_what_is_not_there_yet_keeps_nobody_out(self, open_folder: Path):
        assert embedded.is_enterable(open_folder / "not" / "yet", STRANGER, STRANGER)

    @pytest.mark.skipif(os.getuid() != 0, reason="only root hands the server to another user")
    def test_an_open_clone_keeps_its_data_itself(self, open_folder: Path):
        assert embedded.cluster_place(open_folder / "var").base == open_folder / "var" / "postgres"

    @pytest.mark.skipif(os.getuid() != 0, reason="only root hands the server to another user")
    def test_the_data_is_kept_where_the_server_may_go_and_linked_from_here(self, closed: Path):
        place = embedded.cluster_place(closed)
        assert place.user == "nobody"
        assert place.base.parent == Path("/var/tmp")
        assert (closed / "postgres").is_symlink()
        assert (closed / "postgres").readlink() == place.base
        assert stat.S_IMODE(closed.parents[1].stat().st_mode) == 0o700, "nobody's directory is opened"
        assert embedded.cluster_place(closed) == place

    @pytest.mark.skipif(os.getuid() == 0, reason="root hands the server to another user")
    def test_an_ordinary_user_keeps_it_at_home(self, closed: Path):
        assert embedded.cluster_place(closed).base == closed / "postgres"


def test_two_clones_never_share_a_cluster(tmp_path: Path):
    places = [embedded.cluster_place(tmp_path / name) for name in ("one", "two")]
    assert len({place.sockets for place in places}) == 2
    assert len({place.base for place in places}) == 2


def test_a_directory_somebody_else_made_is_refused(tmp_path: Path):
    target = tmp_path / "target"
    target.mkdir()
    link = tmp_path / "sockets"
    link.symlink_to(target)
    with pytest.raises(embedded.EmbeddedError, match="somebody else"):
        embedded._own_directory(link, None)
