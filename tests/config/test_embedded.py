"""The embedded PostgreSQL: started by the first who needs it, stopped by the last, polite to directories."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from viche.config.embedded import cluster_place, is_enterable

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from viche.config import embedded
place = embedded.cluster_place(Path(sys.argv[1]))
embedded.use(place, database="trial", durable=False)
import psycopg
with psycopg.connect(host=str(place.sockets), user="viche", dbname="trial") as connection:
    print(connection.execute("SHOW listen_addresses").fetchone()[0] or "no address", flush=True)
    print(place.base, flush=True)
sys.stdin.read()
"""


def holder(var: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(var)], env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def is_running(base: Path) -> bool:
    pid_file = base / "data" / "postmaster.pid"
    if not pid_file.exists():
        return False
    try:
        os.kill(int(pid_file.read_text().split()[0]), 0)
    except ProcessLookupError:
        return False
    return True


def gone(base: Path, seconds: int = 60) -> bool:
    for _ in range(seconds * 5):
        if not is_running(base):
            return True
        time.sleep(0.2)
    return False


def test_the_last_user_stops_the_server_also_after_another_was_killed(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    first = holder(folder / "var")
    assert first.stdout.readline().strip() == "no address"
    base = Path(first.stdout.readline().strip())
    second = holder(folder / "var")
    assert second.stdout.readline().strip() == "no address"
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert is_running(base)
    second.stdin.close()
    assert second.wait(timeout=60) == 0
    assert gone(base)
    # a directory closed to others is as closed as before
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_directory_is_enterable_only_where_every_parent_lets_pass(tmp_path):
    stranger = 65533
    inner = tmp_path / "open" / "inner"
    inner.mkdir(parents=True)
    own = os.getuid()
    assert is_enterable(inner, own, os.getgid())
    (tmp_path / "open").chmod(0o700)
    assert not is_enterable(inner, stranger, stranger)
    assert is_enterable(Path("/usr"), stranger, stranger)
    # what does not exist yet is as enterable as its parents
    assert is_enterable(Path("/usr/not/there/yet"), stranger, stranger)


@pytest.mark.skipif(os.getuid() != 0, reason="only root runs the server as somebody else")
def test_root_keeps_the_data_outside_a_closed_home_and_leaves_a_link(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    place = cluster_place(home / "var")
    assert place.user == "nobody"
    assert not place.base.is_relative_to(home)
    assert (home / "var" / "postgres").is_symlink()
