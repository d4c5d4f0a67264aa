"""Every page, in light and dark, on a telephone and on a desk: no fault of accessibility, nothing sideways.

What a page complains about in the console, the content policy's violations included, fails the test too.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.walk import CONTEST, choose, is_wider_than_window, sign_in
from viche.identity.providers.isei.simulator import load_cast

AXE = Axe()
SECTIONS = (
    "projects", "money", "people", "submission", "support", "review", "voting", "counting", "results",
)  # fmt: skip
SMALLEST = {"width": 320, "height": 640}
# colours are looked at in each of the four; the rest of the rules in two that cover both widths and both schemes
LOOKS = (
    (DESK, "light", {"resultTypes": ["violations"]}),
    (DESK, "dark", {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}),
    (PHONE, "dark", {"resultTypes": ["violations"]}),
    (PHONE, "light", {"resultTypes": ["violations"], "runOnly": ["color-contrast", "target-size"]}),
)


def faults_of(page: Page) -> list[str]:
    """What axe and the edges of the window find wrong with the page as it stands."""
    found: list[str] = []
    page.evaluate(AXE.axe_script)
    for viewport, scheme, options in LOOKS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        answer: dict[str, Any] = page.evaluate("options => axe.run(options)", options)
        for fault in answer["violations"]:
            where = ", ".join(str(node["target"]) for node in fault["nodes"][:4])
            found.append(f"{page.url} {viewport['width']} {scheme}: {fault['id']}: {where}")
        if is_wider_than_window(page):
            found.append(f"{page.url}: scrolls sideways at {viewport['width']}")
    page.set_viewport_size(SMALLEST)
    if is_wider_than_window(page):
        found.append(f"{page.url}: scrolls sideways at 320")
    if page.locator("h1").count() != 1:
        found.append(f"{page.url}: {page.locator('h1').count()} main headings")
    return found


def look(page: Page, *addresses: str) -> list[str]:
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        found += faults_of(page)
    return found


@pytest.mark.parametrize(
    "addresses",
    [
        ("/", "/?q=полтава", "/?q=ніде", "/poltava/", "/poltava/login/"),
        (CONTEST, f"{CONTEST}projects/", f"{CONTEST}projects/?q=немає", f"{CONTEST}projects/1/", f"{CONTEST}rules/"),
        ("/poltava/over/results/", "/poltava/over/", "/poltava/over/projects/1/", "/poltava/over/vote/"),
        (f"{CONTEST}results/", "/poltava/journal/", "/poltava/journal/?all=1", "/poltava/proposing/"),
        (f"/poltava/journal/?code={'0' * 16}", "/poltava/journal/?q=немає", "/poltava/journal/proof/",
         "/poltava/over/record/", "/poltava/pages/receipt/"),
        (f"{CONTEST}check/?code={'0' * 64}", f"{CONTEST}check/?code=x", "/poltava/draft/", "/poltava/none/"),
        tuple(f"/poltava/pages/{name}/" for name in ("about", "privacy", "accessibility", "contact")),
        ("/demo/", "/poltava/en/now/vote/", "/poltava/desk-first/", "/poltava/desk-first/vote/"),
        ("/bodies/", "/bodies/?q=ніде", "/bodies/UA53000000000028050/", "/en/bodies/"),
        (f"{CONTEST}can-i/", "/poltava/over/can-i/"),
        (f"{CONTEST}turnout/", "/poltava/over/turnout/"),
        ("/data/", "/poltava/data/", f"{CONTEST}data/", "/poltava/over/data/", "/en/data/", "/poltava/en/over/data/"),
        ("/ui/",),
    ],
    ids=["start", "contest", "results", "journal", "proofs", "check", "texts", "demo", "bodies", "can-i", "turnout",
         "data", "parts"],
)  # fmt: skip
def test_pages_anybody_may_open(window: NewWindow, addresses: tuple[str, ...]) -> None:
    assert look(window(DESK), *addresses) == []


def test_pages_of_the_booth(window: NewWindow) -> None:
    page = window(DESK)
    page.goto(f"{CONTEST}vote/")
    choose(page, 4)
    found = faults_of(page)
    page.locator('button[name="review"]').click()
    found += faults_of(page)
    sign_in(page, "serhii", f"{CONTEST}vote/review/")
    found += faults_of(page)
    page.goto(f"{CONTEST}vote/")
    for place in (2, 3):
        page.locator(".choice:has(:checked) label").nth(5 - place - 1).click()
    page.locator('button[name="review"]').click()
    found += faults_of(page)
    page.locator('form:has(input[name="request_key"]) button').click()
    found += faults_of(page)
    page.locator("summary:visible").last.click()
    found += faults_of(page)
    found += look(page, f"{CONTEST}vote/", "/poltava/my/")
    assert found == []


@pytest.mark.parametrize("kind", ["points", "ranking", "plus-minus"])
def test_pages_of_a_ballot_with_values(window: NewWindow, kind: str) -> None:
    page = window(DESK)
    page.goto(f"/poltava/{kind}/vote/")
    found = faults_of(page)
    choose(page, 3)
    page.locator('button[name="review"]').click()
    expect(page.locator(".ballot-line")).to_have_count(3)
    found += faults_of(page)
    if kind == "points":
        page.locator(".ballot-line input").first.fill("99")
        page.locator('.ballot-foot button[name="save"]').click()
        expect(page.locator(".ballot-line .field-error")).to_be_visible()
        found += faults_of(page)
        page.locator(".ballot-line input").first.fill("2")
    page.locator('.ballot-foot button[name="save"]').click()
    expect(page.locator(".ballot-value")).to_have_count(3)
    found += faults_of(page)
    assert found == []


def test_pages_of_an_author(window: NewWindow) -> None:
    page = window(DESK)
    sign_in(page, "olena", "/poltava/proposing/submit/")
    found = faults_of(page)
    page.locator("main form button").last.click()
    step = page.url.removesuffix("idea/")
    for name in ("idea", "place", "cost", "files", "people", "check"):
        page.goto(f"{step}{name}/")
        found += faults_of(page)
    page.goto(f"{step}cost/")
    page.locator('input[name="cost"]').fill("багато")
    page.locator('.writing-foot button[value="next"]').click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += faults_of(page)
    found += look(page, f"{step}discard/", f"{CONTEST}submit/", "/poltava/my/")
    assert found == []


def test_pages_of_a_guest(window: NewWindow) -> None:
    page = window(DESK)
    sign_in(page, "taras", "/poltava/office/")
    found = faults_of(page)
    found += look(page, "/poltava/proposing/submit/", "/poltava/my/", "/identity/callback/isei/?state=none")
    assert found == []


@pytest.mark.parametrize(
    ("who", "addresses"),
    [
        ("iryna", ("/poltava/office/", "/poltava/office/reviewing/", "/poltava/office/reviewing/review/1/",
                   "/poltava/office/over/", "/poltava/office/now/")),
        ("viktor", ("/poltava/office/new/", "/poltava/office/draft/rules/", "/poltava/office/draft/schedule/",
                    "/poltava/office/draft/rehearsal/", "/poltava/office/draft/freeze/",
                    "/poltava/office/now/freeze/")),
        ("viktor", tuple(f"/poltava/office/draft/rules/{name}/" for name in (*SECTIONS, "text", "history", "ballot"))),
        ("viktor", ("/poltava/office/draft/", "/poltava/office/members/", "/poltava/office/districts/")),
        ("viktor", ("/poltava/office/access/", "/poltava/office/access/?kind=archive",
                    "/poltava/office/retention/", "/poltava/pages/retention/")),
        ("viktor", ("/poltava/office/staff/", "/poltava/office/face/?colour=%23ffe000", "/poltava/office/begin/",
                    "/poltava/office/begin/?step=staff", "/poltava/office/leaving/")),
        ("viktor", ("/poltava/office/now/integrity/", "/poltava/office/now/integrity/thresholds/",
                    "/poltava/office/now/annulments/")),
    ],
)  # fmt: skip
def test_pages_of_officials(window: NewWindow, who: str, addresses: tuple[str, ...]) -> None:
    page = window(DESK)
    sign_in(page, who, addresses[0])
    found = look(page, *addresses)
    if "/poltava/office/draft/" in addresses:
        page.locator("main form button").last.click()
        expect(page.locator(".error-summary")).to_be_visible()
        found += faults_of(page)
    assert found == []


def test_pages_of_the_platform_and_of_a_body_that_is_to_be_connected(window: NewWindow) -> None:
    page = window(DESK)
    sign_in(page, "nazar", "/platform/")
    found = look(
        page,
        "/platform/",
        "/platform/connect/",
        "/platform/bodies/",
        "/platform/bodies/poltava/",
        "/journal/",
    )
    page.goto("/platform/")
    page.locator("main a[href*='/platform/requests/']").first.click()
    found += faults_of(page)
    page = window(DESK)
    sign_in(page, "zoriana", "/connect/?q=Решетилівська")
    found += faults_of(page)
    page.locator("main a[href*='/connect/request/']").first.click()
    page.locator("main form button").last.click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += faults_of(page)
    assert found == []


def test_pages_of_a_request_from_the_person_to_the_operator(window: NewWindow) -> None:
    page = window(DESK)
    sign_in(page, "larysa", f"{CONTEST}can-i/")
    found = faults_of(page)
    page.goto(f"/poltava/my/requests/new/?contest={CONTEST.strip('/').rpartition('/')[2]}")
    page.locator("main form button").last.click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += faults_of(page)
    page.locator('input[name="document_number"]').fill("5301-77")
    page.locator('input[name="files"]').set_input_files(
        {"name": "довідка.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    page.locator("main form button").last.click()
    expect(page.locator(".tag", has_text="очікує на рішення").first).to_be_visible()
    found += faults_of(page)
    page.locator('a[href$="/withdraw/"]').click()
    found += faults_of(page)

    page = window(DESK)
    sign_in(page, "halyna", "/poltava/office/members/requests/")
    found += faults_of(page)
    page.locator('main a[href*="/members/requests/"]').first.click()
    found += faults_of(page)
    page.locator('button:has-text("Задовольнити")').click()
    found += look(page, "/poltava/office/members/")
    page.locator('a[href$="/end/"]').first.click()
    found += faults_of(page)

    page = window(DESK)
    sign_in(page, "viktor", "/poltava/office/members/register/")
    found += faults_of(page)
    for text in ("1234567890;Полтава", f"{number_of('ostap')};Полтава"):
        page.locator('input[name="file"]').set_input_files(
            {"name": "members.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        page.locator('button:has-text("Прочитати")').click()
        found += faults_of(page)
    page.locator('button:has-text("Увести реєстр у дію")').click()
    found += faults_of(page)
    assert found == []


def number_of(key: str) -> str:
    """The tax number of one of the simulator's cast."""
    return next(member.tax_number or "" for member in load_cast() if member.key == key)


def test_the_menu_of_a_telephone_opens_and_closes(window: NewWindow) -> None:
    page = window(PHONE)
    page.goto(CONTEST)
    menu = page.locator(".site-menu")
    menu.locator("summary").click()
    expect(menu.locator(".pop-sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator(".pop-sheet")).to_be_hidden()
    menu.locator("summary").click()
    assert faults_of(page) == []


def test_pages_of_notices_and_of_how_a_person_is_told(window: NewWindow) -> None:
    page = window(DESK)
    sign_in(page, "olena", f"{CONTEST}projects/2/")
    page.locator("form[action$='my/follow/'] button").click()
    found = look(page, "/poltava/my/notices/", "/poltava/my/follows/", "/poltava/my/notices/settings/")
    page.locator("input[name=target]").fill("olena@")
    page.locator("main form button[value=ask]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += faults_of(page)
    page.locator("input[name=target]").fill("olena@example.com")
    page.locator("main form button[value=ask]").click()
    expect(page.get_by_text("Чекає на підтвердження")).to_be_visible()
    found += faults_of(page)
    assert found == []
