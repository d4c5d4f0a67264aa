"""Widgets in somebody else's page: another origin, a strict policy, narrow and wide, with scripts and without."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.conftest import DESK, NewWindow
from tests.browser.test_every_page import AXE
from tests.browser.walk import sign_in
from viche.connectors.website.element import NEWEST, element_of
from viche.portal.widgets import KINDS

NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
CONTESTS = {"turnout": "over", "results": "over"}
POLICY = "default-src 'none'; script-src {site}; frame-src {site}; img-src data:; base-uri 'none'; form-action 'none'"


class Elsewhere:
    """A site of its own, on an origin of its own: what the test puts there, under the strictest policy."""

    def __init__(self, site: str) -> None:
        pages: dict[str, str] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                text = pages.get(self.path.partition("?")[0])
                content = (text or "").encode()
                self.send_response(200 if text is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", POLICY.format(site=site))
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None: ...

        self.pages, self.server = pages, ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def put(self, path: str, body: str) -> str:
        """A plain page with this in it; its address."""
        self.pages[path] = (
            '<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>Сайт громади</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>'
            f"<body><main><h1>Сайт громади</h1>{body}</main></body></html>"
        )
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"


@pytest.fixture
def elsewhere(site: str) -> Iterator[Elsewhere]:
    made = Elsewhere(site)
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(timeout=5)


@pytest.fixture
def stranger(chromium: Browser) -> Iterator[Any]:
    """Opens browsers that have never been here; whatever their console says fails the test."""
    contexts, said = [], []

    def come(viewport: dict[str, int], *, scripts: bool = True, scheme: str = "light") -> Page:
        context = chromium.new_context(viewport=viewport, java_script_enabled=scripts, color_scheme=scheme)
        context.set_default_timeout(8_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield come
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert said == []


def asked(kind: str) -> dict[str, str]:
    return {"contest": CONTESTS.get(kind, "now"), "project": "1"} if kind == "project" else {
        "contest": CONTESTS.get(kind, "now")
    }  # fmt: skip


def as_element(site: str, kind: str, **extra: str) -> str:
    newest = element_of(NEWEST)
    assert newest is not None
    own = " ".join(f'{name}="{value}"' for name, value in {"kind": kind, **asked(kind), **extra}.items())
    return (
        f'<script src="{site}/widgets/viche-widget-{NEWEST}.js" integrity="{newest.integrity}" crossorigin="anonymous"'
        f' async></script><viche-widget community="poltava" {own}><a href="{site}/poltava/">Бюджет</a></viche-widget>'
    )


def as_frame(site: str, kind: str, **extra: str) -> str:
    query = "&amp;".join(f"{name}={value}" for name, value in {**asked(kind), **extra}.items())
    return f'<iframe src="{site}/poltava/widgets/{kind}/?{query}" title="Віджет" width="100%" height="400"></iframe>'


def framed(page: Page) -> Frame:
    """The widget's own page, once it stands there."""
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    return page.frames[-1]


def faults_in(frame: Frame) -> list[str]:
    frame.evaluate(AXE.axe_script)
    answer = frame.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    found = [f"{fault['id']}: {fault['nodes'][0]['target']}" for fault in answer["violations"]]
    if frame.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_element_shows_each_widget_as_high_as_it_is(
    kind: str, site: str, elsewhere: Elsewhere, stranger: Any
) -> None:
    address = elsewhere.put("/", as_element(site, kind))
    for viewport, scheme in ((NARROW, "light"), (WIDE, "dark")):
        page = stranger(viewport, scheme=scheme)
        page.goto(address)
        frame = framed(page)
        assert "widget-nothing" not in frame.content()
        assert faults_in(frame) == []
        height = "document.querySelector('[data-widget]').getBoundingClientRect().height"
        box = page.locator("iframe").bounding_box()
        assert box is not None
        assert abs(box["height"] - frame.evaluate(height)) < 2, (kind, viewport)
        assert box["width"] >= 280
        assert page.locator("iframe").get_attribute("title")
        # another width, another height: the frame follows
        page.set_viewport_size(WIDE if viewport is NARROW else NARROW)
        page.wait_for_function(
            "wanted => Math.abs(document.querySelector('viche-widget').shadowRoot.querySelector('iframe')"
            ".getBoundingClientRect().height - wanted) < 2",
            arg=frame.evaluate(f"new Promise(done => requestAnimationFrame(() => done({height})))"),
        )
        assert page.context.cookies() == []


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_a_frame_shows_each_widget_with_scripts_off(
    viewport: dict[str, int], site: str, elsewhere: Elsewhere, stranger: Any
) -> None:
    page = stranger(viewport, scripts=False)
    for kind in KINDS:
        page.goto(elsewhere.put(f"/{kind}", as_frame(site, kind)))
        inside = page.frame_locator("iframe")
        expect(inside.locator("main")).to_be_visible()
        expect(inside.locator("h1")).to_have_count(1)
        expect(inside.locator(".widget-nothing")).to_have_count(0)
        expect(inside.locator("a[target=_blank]").first).to_be_visible()
    assert page.context.cookies() == []


def test_with_scripts_off_the_element_is_a_plain_link(site: str, elsewhere: Elsewhere, stranger: Any) -> None:
    page = stranger(WIDE, scripts=False)
    page.goto(elsewhere.put("/", as_element(site, "status")))
    expect(page.get_by_role("link", name="Бюджет")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)


def test_a_changed_script_does_not_run_and_leaves_the_link(
    site: str, elsewhere: Elsewhere, chromium: Browser
) -> None:
    newest = element_of(NEWEST)
    assert newest is not None
    body = as_element(site, "status").replace(newest.integrity, f"sha384-{'A' * 64}")
    context = chromium.new_context()
    page = context.new_page()
    page.goto(elsewhere.put("/", body))
    expect(page.get_by_role("link", name="Бюджет")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
    context.close()


def test_a_link_of_a_widget_opens_the_platform_in_a_tab_of_its_own(
    site: str, elsewhere: Elsewhere, stranger: Any
) -> None:
    page = stranger(WIDE)
    page.goto(elsewhere.put("/", as_element(site, "vote")))
    framed(page)
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Проголосувати").click()
    expect(opened.value.locator("h1")).to_be_visible()
    assert opened.value.url.startswith(f"{site}/poltava/now/vote/")
    assert opened.value.evaluate("opener") is None


def test_the_look_is_the_one_asked_for(site: str, elsewhere: Elsewhere, stranger: Any) -> None:
    page = stranger(WIDE)
    page.goto(elsewhere.put("/", as_element(site, "status", theme="dark", accent="ffcc00", lang="en")))
    frame = framed(page)
    assert frame.locator("html").get_attribute("data-theme") == "dark"
    assert frame.locator("html").get_attribute("lang") == "en"
    assert faults_in(frame) == []


def test_no_other_page_lets_itself_be_framed(site: str, elsewhere: Elsewhere, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(elsewhere.put("/", f'<iframe src="{site}/poltava/now/vote/" title="x"></iframe>'))
    page.wait_for_timeout(800)
    assert "Бюлетень" not in page.frames[-1].content()
    assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in refused)
    context.close()


def test_an_official_picks_a_widget_and_what_is_copied_works_elsewhere(
    site: str, window: NewWindow, elsewhere: Elsewhere, stranger: Any
) -> None:
    page = window(DESK)
    sign_in(page, "viktor", "/poltava/office/website/widgets/")
    page.locator("input[name=kind][value=projects]").check()
    page.locator("select[name=contest]").select_option("now")
    page.locator("input[name=n]").fill("2")
    page.locator("main form button").first.click()
    expect(page.frame_locator("[data-widget-frame]").locator("article")).to_have_count(2)
    code = page.locator("#way-element ~ pre").inner_text()
    other = stranger(NARROW)
    other.goto(elsewhere.put("/", code))
    framed(other)
    expect(other.frame_locator("iframe").locator("article")).to_have_count(2)


def test_the_element_weighs_no_more_than_three_kilobytes() -> None:
    newest = element_of(NEWEST)
    assert newest is not None
    assert len(newest.packed) <= 3 * 1024
    text = newest.content.decode()
    assert "eval" not in text
    assert "innerHTML" not in text
    assert "cookie" not in text


def test_a_version_that_was_given_out_is_never_changed() -> None:
    from viche.connectors.website import element

    for number, integrity in element.VERSIONS.items():
        found = element_of(number)
        assert found is not None
        assert found.integrity == integrity, (
            f"version {number} was changed: what is improved gets the next number"
        )
    assert {path.name for path in Path(element.FOLDER).glob("*.js")} == {
        f"viche-widget-{number}.js" for number in element.VERSIONS
    }
