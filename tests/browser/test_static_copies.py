"""A copy in a browser: under a sub-folder of any web server with scripts off, and opened from a disk."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, Request

from tests import given
from tests.connectors.finished import finished_contest, folders_in, kept_database
from viche.connectors.record.actions import write_records
from viche.connectors.website.copies.writing import write_copy
from viche.foundation import clock


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def copy(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a web server; the copy lies in a sub-folder of it."""
    place = tmp_path_factory.mktemp("site")
    # the browser's event loop may be running already in this thread, where Django would refuse its database
    with (
        pytest.MonkeyPatch.context() as patch,
        folders_in(place / "own"),
        kept_database(django_db_blocker),
        clock.at(given.day(100)),
    ):
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        contest = finished_contest(12)
        write_records()
        write_copy(folder=place / "www" / "budget" / "copy", contests=[contest])
    with django_db_blocker.unblock():
        connection.close()  # beside the browser's loop it is one of its own, which nobody else would close
    return place / "www"


@pytest.fixture
def site(copy: Path) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(copy))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/budget/copy"
        server.shutdown()


def failed(request: Request) -> list[str]:
    """A picture still on its way when the reader follows a link is given up by the browser: no fault of a page."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed {request.url} {request.failure}"]


def watched(page: Page) -> list[str]:
    """What goes wrong on the page: answers that fail, requests elsewhere, words of the console."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.extend(failed(request)))
    page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    return faults


def walk(page: Page, start: str) -> None:
    """From the first page to a project, the results, the journal and English, by links alone."""
    page.goto(start)
    page.get_by_role("link", name="Громадський бюджет 2026").first.click()
    assert "Громадський бюджет 2026" in page.locator("h1").inner_text()
    page.get_by_role("link", name="Переглянути результати").first.click()
    assert "Результати" in page.locator("h1").inner_text()
    page.locator(".money-line a, main a[href*='/projects/']").first.click()
    assert "№" in page.locator("main").inner_text()
    page.get_by_role("link", name="English").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="Journal").first.click()
    page.get_by_role("link", name="№").first.click()
    assert "Entry No." in page.locator("h1").inner_text()


def test_scripts_off_under_a_sub_folder(chromium: Browser, site: str):
    page = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    faults = watched(page)
    page.goto(f"{site}/poltava/2026/index.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = wide.new_page()
    faults += watched(page)
    walk(page, f"{site}/index.html")
    page.goto(f"{site}/poltava/search/index.html")
    assert page.locator("[data-copy-row]").count() == 4
    assert not page.locator("#copy-words").is_visible()
    assert (faults, wide.cookies()) == ([], [])


def test_opened_from_a_disk(chromium: Browser, copy: Path):
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    faults = watched(page)
    start = (copy / "budget" / "copy").as_uri()
    walk(page, f"{start}/index.html")
    page.goto(f"{start}/poltava/2026/index.html")
    assert page.evaluate("getComputedStyle(document.querySelector('.site-head')).display") == "block"
    assert page.evaluate("[...document.styleSheets].length") >= 6
    drawn = "[...document.querySelectorAll('main svg.icon use')].some((use) => use.getBBox().width > 0)"
    assert page.evaluate(drawn)
    assert faults == []


def test_the_search_narrows_the_list(chromium: Browser, copy: Path):
    page = chromium.new_context().new_page()
    page.goto(f"{(copy / 'budget' / 'copy').as_uri()}/poltava/en/search/index.html")
    rows = page.locator("[data-copy-row]:visible")
    whole = rows.count()
    title = rows.nth(1).locator("a").inner_text()
    page.get_by_label("Words of a project").fill(title.upper())
    assert 1 <= rows.count() <= whole
    assert title in page.locator("main").inner_text()
    page.get_by_label("Words of a project").fill("zzzz")
    assert rows.count() == 0
    assert "Found: 0" in page.locator("main").inner_text()


def test_the_explanation_keeps_its_own_styles(chromium: Browser, copy: Path):
    page = chromium.new_context().new_page()
    faults = watched(page)
    page.goto(f"{(copy / 'budget' / 'copy').as_uri()}/poltava/2026/results/explanation.html")
    assert page.evaluate("document.styleSheets.length") >= 1
    assert faults == []
