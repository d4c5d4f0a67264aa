"""The real thing for the browser tests: the site in processes of its own, the simulator of id.gov.ua, Chromium.

Started once a worker. The site has a database of its own, copied from the empty one of the tests and filled by
tests/browser/seed.py, so that what the tests leave in it touches nobody else.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from psycopg import sql

from viche.identity.providers.bankid.simulator import BankIdSimulator
from viche.identity.providers.isei.simulator import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, make_server, running
from viche.identity.providers.kep.simulator import KepSimulator

REPOSITORY = Path(__file__).parents[2]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            # asks for the tests' database, which the site's own is a copy of
            item.add_marker("django_db")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _own_database(name: str) -> Iterator[str]:
    """A copy of the tests' database; its address. It is dropped at the end."""
    place = connection.settings_dict
    template = place["NAME"]
    connection.close()
    facts = {
        "host": place["HOST"],
        "port": place["PORT"] or None,
        "user": place["USER"],
        "password": place["PASSWORD"],
    }
    facts = {key: value for key, value in facts.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **facts) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        try:
            query = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in facts.items())
            yield f"postgresql:///{name}?{query}"
        finally:
            server.execute(drop)


def _wait_for(address: str, process: subprocess.Popen[bytes], seconds: int = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the site did not start"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(address, trust_env=False, timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@dataclass(frozen=True)
class Outside:
    """Who vouches for people, each a server of its own. folder: what they leave for the site."""

    isei: Any
    bankid: BankIdSimulator
    kep: KepSimulator
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ISEI_URL": self.isei.url, "ISEI_CLIENT_ID": DEMO_CLIENT_ID, "ISEI_CLIENT_SECRET": DEMO_CLIENT_SECRET,
            "BANKID_URL": self.bankid.url, "BANKID_CLIENT_ID": DEMO_CLIENT_ID,
            "BANKID_CLIENT_SECRET": DEMO_CLIENT_SECRET, "BANKID_CERTIFICATE": str(self.folder / "bankid/site.pem"),
            "BANKID_KEY": str(self.folder / "bankid/site.key"), "BANKID_TRUSTED": str(self.folder / "bankid/bank.pem"),
            "KEP_TRUSTED": str(self.folder / "kep/root.pem"),
        }  # fmt: skip


@pytest.fixture(scope="session")
def site_port() -> int:
    return _free_port()


@pytest.fixture(scope="session")
def outside(site_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder, allow = (
        tmp_path_factory.mktemp("outside"),
        [f"http://{host}:{site_port}/" for host in ("127.0.0.1", "localhost")],
    )
    with (
        running(make_server(allow=allow)) as isei,
        running(BankIdSimulator(folder=folder / "bankid", allow=allow)) as bankid,
        running(KepSimulator(folder=folder / "kep")) as kep,
    ):
        yield Outside(isei, bankid, kep, folder)


@pytest.fixture(scope="session")
def running_site(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    site_port: int,
    outside: Outside,
) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the running site, without a slash at its end, and the environment it runs in."""
    port = site_port
    address = f"http://127.0.0.1:{port}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with (
        django_db_blocker.unblock(),
        _own_database(f"viche_browser_{worker}") as database,
    ):
        environment = {
            **os.environ,
            "DATABASE_URL": database, "VICHE_VAR": str(tmp_path_factory.mktemp("site")), "VICHE_ENVIRONMENT": "test",
            "VICHE_DEMO": "1", **outside.environment, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}",
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "tests.browser.seed"], env=environment, cwd=REPOSITORY, check=True
        )
        server = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "1", "--blocking-threads", "4", "--log-level", "error", "viche.config.wsgi:application",
            ],
            env=environment, cwd=REPOSITORY,
        )  # fmt: skip
        try:
            _wait_for(f"{address}/health/", server)
            yield address, environment
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def site(running_site: tuple[str, dict[str, str]]) -> str:
    """The address of the running site, without a slash at its end."""
    return running_site[0]


@pytest.fixture
def come_to(running_site: tuple[str, dict[str, str]]) -> Callable[[str, str], None]:
    """Lets time pass in a contest of the running site: come_to("life", "voting") opens that phase now."""

    def pass_to(slug: str, phase: str) -> None:
        command = [sys.executable, "-m", "tests.browser.later", slug, phase]
        subprocess.run(command, env=running_site[1], cwd=REPOSITORY, check=True)

    return pass_to


# closed with the last browser test in a row: its event loop would stand in the way of tests that run one of their own
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium here: make browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


NewWindow = Callable[..., Page]


@pytest.fixture
def window(site: str, chromium: Browser) -> Iterator[NewWindow]:
    """Opens browsers of different people; what any page complains about in the console fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def heard(message: ConsoleMessage) -> None:
        # the address of a page that answers "no" (409, 422 …) is told by the browser as a failed resource
        is_answer = "the server responded with a status of 4" in message.text and not _is_part(
            message.location["url"]
        )
        # a test that takes the browser off the network hears that it is off the network
        is_offline = "net::ERR_INTERNET_DISCONNECTED" in message.text
        if message.type in {"error", "warning"} and not is_answer and not is_offline:
            complaints.append(f"{message.location['url']}: {message.text}")

    def open_window(viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        context = chromium.new_context(viewport=viewport, base_url=site, locale="uk-UA", **options)
        context.set_default_timeout(6_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


def _is_part(address: str) -> bool:
    return "/static/" in address or "/media/" in address or address.endswith((".css", ".js"))
