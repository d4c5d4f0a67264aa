"""Voting in person: the desk by keyboard alone, the public screen with scripts and without, and what it forgets."""

import os
import re
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.test_voting_at_360 import focused
from tests.browser.walk import NAMES, identify, is_wider_than_window, sign_in
from viche.identity.providers.isei.simulator import load_cast

CAST = {member.key: member for member in load_cast()}
SCREEN = {"width": 1024, "height": 768}
OFFICE, KIOSK = "/poltava/office/", "/poltava/kiosk/"
CONTEST = "in-person"
AXE = Axe()


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the page where VICHE_PICTURES names a folder, for people to look at."""
    if folder := os.environ.get("VICHE_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def faults(page: Page, name: str, *sizes: dict[str, int]) -> list[str]:
    """What axe and the edges of the window find wrong with the page."""
    found: list[str] = []
    page.evaluate(AXE.axe_script)
    for size in sizes or (SCREEN, PHONE, DESK):
        page.set_viewport_size(size)
        answer: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
        for fault in answer["violations"]:
            where = ", ".join(str(node["target"]) for node in fault["nodes"][:4])
            found.append(f"{page.url} {size['width']}: {fault['id']}: {where}")
        if is_wider_than_window(page):
            found.append(f"{page.url}: scrolls sideways at {size['width']}")
        picture(page, f"{name}-{size['width']}")
    return found


def read_qr(code: Locator) -> str:
    """What a camera reads from the code on the screen."""
    pixels = numpy.frombuffer(code.screenshot(), numpy.uint8)
    text, _corners, _straight = cv2.QRCodeDetector().detectAndDecode(cv2.imdecode(pixels, cv2.IMREAD_COLOR))
    assert text
    return str(text)


@pytest.fixture
def desk(window: NewWindow) -> Page:
    page = window(DESK)
    sign_in(page, "halyna", f"{OFFICE}{CONTEST}/desk/")
    page.locator('main a[href*="/desk/"].button').click()
    return page


@pytest.fixture
def screen_code(window: NewWindow) -> str:
    """The code of a new screen, made by an administrator."""
    page = window(DESK)
    sign_in(page, "viktor", f"{OFFICE}polling-points/")
    page.locator('main a[href*="/office/polling-points/0"]').first.click()
    page.locator("#screen-name").fill("Екран біля входу")
    page.locator('form:has(input[value="screen"]) button').click()
    return page.locator(".receipt-code").inner_text()


def kiosk(window: NewWindow, code: str, **options: Any) -> Page:
    page = window(SCREEN, **options)
    page.goto(KIOSK)
    page.locator("#code").fill(code)
    page.locator("main form button").click()
    expect(page.locator(".stand-begin")).to_be_visible()
    return page


def begun(page: Page) -> list[str]:
    """A visitor who has chosen the first two projects."""
    page.locator(".stand-begin").click()
    titles = []
    for place in range(2):
        label = page.locator(".choice label").nth(place)
        label.click()
        titles.append(label.inner_text().partition(" ")[2])
    page.locator('button[value="review"]').click()
    return titles


# --- the desk -----------------------------------------------------------------------------------------------


def test_a_voter_is_found_and_votes_at_the_desk_by_keyboard_alone(desk: Page) -> None:
    expect(desk.locator("#id_number")).to_be_focused()
    desk.keyboard.type(CAST["petro"].tax_number)
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text(NAMES["petro"])
    focused(desk, 'input[name="agreed"]')
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    focused(desk, 'a[href$="/vote/"]')
    desk.keyboard.press("Enter")
    focused(desk, ".choice input")
    desk.keyboard.press("Space")
    focused(desk, 'button[name="review"]')
    desk.keyboard.press("Enter")
    focused(desk, 'form:has(input[name="request_key"]) button')
    desk.keyboard.press("Enter")
    code = re.sub(r"\s", "", desk.locator(".receipt-code").inner_text())
    assert code in read_qr(desk.locator(".receipt-qr svg"))
    focused(desk, "main form button")
    desk.keyboard.press("Enter")
    desk.keyboard.type(CAST["petro"].tax_number)
    desk.keyboard.press("Enter")
    expect(desk.locator('a[href$="/vote/"]')).to_have_count(0)
    expect(desk.locator(".notice.tone-warning")).to_be_visible()


def test_a_paper_ballot_is_given_out_with_the_keyboard_of_a_scanner(desk: Page) -> None:
    desk.keyboard.type(CAST["olena"].tax_number)
    desk.keyboard.press("Enter")
    desk.locator('input[name="agreed"]').check()
    desk.locator('form:has(input[value="consent"]) button').click()
    # a scanner types what the code of the sheet says, and Enter
    desk.locator("#id_serial").focus()
    desk.keyboard.type("http://127.0.0.1/poltava/in-person/paper/7")
    desk.keyboard.press("Enter")
    expect(desk.locator(".notice.tone-success")).to_contain_text("7")
    desk.go_back()
    expect(desk.locator("#id_serial")).to_have_count(0)


def test_the_pages_of_the_desk_have_no_fault_of_accessibility(desk: Page) -> None:
    found = faults(desk, "desk", DESK, PHONE)
    desk.locator("#id_number").fill(CAST["mariia"].tax_number)
    desk.locator("#id_number").press("Enter")
    found += faults(desk, "desk-voter", DESK, PHONE)
    if desk.locator('input[name="agreed"]').count():
        desk.locator('input[name="agreed"]').check()
        desk.locator('form:has(input[value="consent"]) button').click()
        found += faults(desk, "desk-ways", DESK, PHONE)
        desk.locator('a[href$="/vote/"]').click()
        found += faults(desk, "desk-choose", DESK, PHONE)
        desk.locator(".choice label").first.click()
        desk.locator('button[name="review"]').click()
        found += faults(desk, "desk-review", DESK, PHONE)
    for address, name in (
        (f"{OFFICE}polling-points/", "points"), (f"{OFFICE}{CONTEST}/desk/", "desks"), (f"/poltava/{CONTEST}/points/", "where"),
    ):  # fmt: skip
        desk.goto(address)
        found += faults(desk, name, DESK, PHONE)
    assert found == []


# --- the public screen --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scripts", "who"), [(True, "serhii"), (False, "iryna")], ids=["with scripts", "without scripts"]
)
def test_somebody_votes_at_the_screen_with_their_telephone(
    window: NewWindow, screen_code: str, scripts: bool, who: str
) -> None:
    page = kiosk(window, screen_code, java_script_enabled=scripts)
    titles = begun(page)
    expect(page.locator(".stand-chosen li")).to_have_count(2)
    for title in titles:
        expect(page.locator(".stand-chosen")).to_contain_text(title)
    page.locator('a[href$="/kiosk/identify/"]').click()
    number = page.locator(".stand-number").inner_text()
    address = read_qr(page.locator(".stand-qr svg"))

    phone = window(PHONE)
    phone.goto(address)
    identify(phone, who)
    expect(phone.locator(".receipt-code")).to_have_text(number)
    phone.locator("main form button").click()
    expect(phone.locator(".notice.tone-success")).to_be_visible()

    # with scripts the screen goes on by itself at once, without them by the page's own refresh
    expect(page.locator("main")).to_contain_text(NAMES[who], timeout=15_000)
    page.locator('form:has(input[name="request_key"]) button').click()
    code = re.sub(r"\s", "", page.locator(".receipt-code").inner_text())
    assert code in read_qr(page.locator(".receipt-qr svg"))
    page.locator(".stand-foot form button").click()
    expect(page.locator(".stand-begin")).to_be_visible()

    page.go_back()
    for text in (NAMES[who], code[:8], *titles):
        expect(page.locator("body")).not_to_contain_text(text)
    expect(page.locator(".stand-begin")).to_be_visible()
    kept = {cookie["name"] for cookie in page.context.cookies()}
    assert not {name for name in kept if name.startswith("ballot-") or name == "receipt"}


def test_a_screen_that_nobody_touches_asks_and_then_forgets(window: NewWindow, screen_code: str) -> None:
    page = kiosk(window, screen_code)
    page.clock.install()
    titles = begun(page)
    page.clock.fast_forward("00:40")
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.fast_forward("00:25")
    expect(page.locator("#idle")).to_be_visible()
    expect(page.locator("[data-stay]")).to_be_focused()
    picture(page, "kiosk-idle")
    page.keyboard.press("Enter")
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.fast_forward("00:50")
    expect(page.locator(".stand-chosen")).to_contain_text(titles[0])
    page.clock.fast_forward("00:15")
    expect(page.locator("#idle")).to_be_visible()
    page.clock.fast_forward("00:30")
    expect(page.locator(".stand-begin")).to_be_visible()
    page.locator(".stand-begin").click()
    expect(page.locator(".choice input:checked")).to_have_count(0)


def test_the_screen_is_used_with_a_finger_on_large_targets(window: NewWindow, screen_code: str) -> None:
    page = kiosk(window, screen_code, has_touch=True)
    found, small = faults(page, "kiosk-start"), targets_below(page)
    page.set_viewport_size(SCREEN)
    page.locator(".stand-begin").tap()
    found, small = found + faults(page, "kiosk-choose"), small + targets_below(page)
    page.set_viewport_size(SCREEN)
    page.locator('button[value="number"]').tap()
    page.get_by_role("button", name="3", exact=True).tap()
    found, small = found + faults(page, "kiosk-number"), small + targets_below(page)
    page.set_viewport_size(SCREEN)
    page.locator(".choice label").tap()
    page.locator("form:has(.choice) button").last.tap()
    expect(page).to_have_url(re.compile("/kiosk/choose/"))
    page.locator('button[value="review"]').tap()
    found, small = found + faults(page, "kiosk-review"), small + targets_below(page)
    page.locator('a[href$="/kiosk/identify/"]').click()
    found, small = found + faults(page, "kiosk-identify"), small + targets_below(page)
    assert found == []
    assert small == []


def targets_below(page: Page, least: int = 64) -> list[str]:
    """Buttons and links of the page that are lower than a finger needs."""
    page.set_viewport_size(SCREEN)
    return page.evaluate(
        """least => [...document.querySelectorAll("a:not(.skip), button:not(.visually-hidden), .choice")]
        .filter((each) => each.offsetParent && each.getBoundingClientRect().height < least)
        .map((each) => location.pathname + " " + each.textContent.trim().slice(0, 40))""",
        least,
    )
