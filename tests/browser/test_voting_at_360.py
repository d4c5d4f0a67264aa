"""A resident votes on a small telephone: the whole way, without scripts, by keyboard alone, and in a hurry."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.walk import CONTEST, choose, identify, is_wider_than_window

REVIEW = re.compile(r"/poltava/now/vote/review/(#main)?$")
RECEIPT = re.compile(r"/poltava/now/vote/receipt/$")
BALLOT = re.compile(r"/poltava/now/vote/$")


def receipt_code(page: Page) -> str:
    expect(page).to_have_url(RECEIPT)
    code = page.locator(".receipt-code").inner_text().replace(" ", "").strip()
    assert re.fullmatch(r"[0-9a-f]{64}", code)
    return code


def from_start_to_ballot(page: Page) -> None:
    """As somebody who knows only the name of the town."""
    page.goto("/")
    page.get_by_role("searchbox").fill("полтава")
    page.get_by_role("searchbox").press("Enter")
    page.locator('main a[href="/poltava/"]').first.click()
    page.locator(f'main a[href="{CONTEST}"]').first.click()
    page.locator(f'main a[href="{CONTEST}vote/"]').first.click()
    expect(page).to_have_url(BALLOT)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_name_of_the_town_to_a_receipt_found_in_the_journal(
    window: NewWindow, scripts: bool
) -> None:
    who = "petro" if scripts else "olena"
    page = window(java_script_enabled=scripts)
    from_start_to_ballot(page)

    titles = choose(page, 2)
    expect(page.locator(".allowance").first).to_be_in_viewport()
    if scripts:
        expect(page.locator('[data-allowance="all"] [data-left]')).to_have_text("1")
    button = page.locator('button[name="review"]')
    expect(button).to_be_in_viewport()
    assert not is_wider_than_window(page) if scripts else True
    button.click()

    expect(page).to_have_url(REVIEW)
    for title in titles:
        expect(page.get_by_text(title)).to_be_visible()
    page.locator('main a[href*="/login/"]').click()
    identify(page, who)
    expect(page).to_have_url(REVIEW)
    for title in titles:
        expect(page.get_by_text(title)).to_be_visible()

    page.locator('form:has(input[name="request_key"]) button').click()
    code = receipt_code(page)
    expect(page.locator(".receipt-qr svg")).to_be_visible()
    for title in titles:
        expect(page.get_by_text(title)).to_be_visible()

    page.locator('main a[href*="check/?code="]').click()
    expect(page.locator(".notice.tone-success")).to_be_visible()
    assert code in page.url

    other = window(java_script_enabled=scripts)
    other.goto(f"{CONTEST}vote/")
    choose(other, 1)
    other.locator('button[name="review"]').click()
    other.locator('main a[href*="/login/"]').click()
    identify(other, who)
    expect(other.locator(f'main a[href="{CONTEST}check/"]')).to_be_visible()
    expect(other.locator('input[name="request_key"]')).to_have_count(0)


def focused(page: Page, selector: str, limit: int = 120) -> None:
    """Press Tab until the focus is on it, once the page that has it is there; it must be in view."""
    expect(page.locator(selector).first).to_be_attached()
    for _press in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_choosing_and_casting_by_keyboard_alone(window: NewWindow) -> None:
    page = window()
    page.goto(f"{CONTEST}vote/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')"), "the first stop is the way past the head"
    page.keyboard.press("Enter")
    for _choice in range(2):
        focused(page, 'input[name="choice"]')
        page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    focused(page, 'button[name="review"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(REVIEW)
    focused(page, 'main a[href*="/login/"]')
    page.keyboard.press("Enter")
    focused(page, 'button[value="isei:bank_id"]')
    page.keyboard.press("Enter")
    focused(page, 'button[value="mariia"]')
    page.keyboard.press("Enter")
    expect(page.locator("header.site-head")).to_be_visible()
    # who comes to a body for the first time reads its text of consent and agrees
    if "/my/consents/" in page.url:
        focused(page, 'button[value="agree"]')
        page.keyboard.press("Enter")
    expect(page).to_have_url(REVIEW)
    focused(page, 'form:has(input[name="request_key"]) button')
    page.keyboard.press("Enter")
    receipt_code(page)


def test_a_focused_choice_is_never_hidden_under_the_bar(window: NewWindow) -> None:
    """WCAG 2.2, 2.4.11: what has the focus is seen, although the allowance keeps to the lower edge."""
    page = window()
    page.goto(f"{CONTEST}vote/")
    bar = page.locator(".ballot-foot")
    for _choice in range(6):
        focused(page, 'input[name="choice"]')
        box, foot = page.locator(":focus").bounding_box(), bar.bounding_box()
        assert box is not None
        assert foot is not None
        assert box["y"] + box["height"] <= foot["y"] + 1, "the bar covers the focused choice"
        assert box["y"] >= 0


@pytest.mark.parametrize(
    ("who", "method"), [("sofiia", "bank_id"), ("taras", "bank_id"), ("andrii", "dig_sign")]
)
def test_who_may_not_vote_reads_why_and_can_cast_nothing(window: NewWindow, who: str, method: str) -> None:
    """A girl of 15, a resident of Lviv, and somebody whose signature confirms no address."""
    page = window()
    page.goto(f"{CONTEST}vote/")
    choose(page, 1)
    page.locator('button[name="review"]').click()
    page.locator('main a[href*="/login/"]').click()
    identify(page, who, method)
    expect(page).to_have_url(REVIEW)
    expect(page.locator(".notice.tone-warning")).to_be_visible()
    if who == "sofiia":
        expect(page.locator(".notice.tone-warning")).to_contain_text("15")
    expect(page.locator('input[name="request_key"]')).to_have_count(0)


def test_two_presses_on_cast_are_one_ballot_and_one_receipt(window: NewWindow) -> None:
    page = window()
    page.goto(f"/poltava/login/?next={CONTEST}vote/")
    identify(page, "viktor")
    choose(page, 2)
    page.locator('button[name="review"]').click()
    before = turnout(window())
    page.locator('form:has(input[name="request_key"]) button').dblclick()
    code = receipt_code(page)
    assert turnout(window()) == before + 1
    page.reload()
    assert receipt_code(page) == code


def turnout(page: Page) -> int:
    """What the contest's page says: how many have voted."""
    page.goto(CONTEST)
    values = page.locator(".stat")
    last = values.last.locator(".stat-value").inner_text() if values.count() > 3 else "0"
    return int("".join(filter(str.isdigit, last)))


def test_too_many_choices_are_said_at_once_and_nothing_is_lost(window: NewWindow) -> None:
    page = window()
    page.goto(f"{CONTEST}vote/")
    titles = choose(page, 4)
    expect(page.locator(".allowance-over:visible").first).to_be_visible()
    page.locator('button[name="review"]').click()
    expect(page.locator(".notice.tone-danger").first).to_be_visible()
    for title in titles:
        expect(page.get_by_text(title)).to_be_visible()
    page.locator(f'main a[href="{CONTEST}vote/"]').first.click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)


def test_a_search_on_the_ballot_keeps_what_was_chosen(window: NewWindow) -> None:
    page = window()
    page.goto(f"{CONTEST}vote/")
    titles = choose(page, 1)
    page.get_by_role("searchbox").fill("такого немає ніде")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.locator(f'main a[href="{CONTEST}vote/"]').first.click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page.locator('button[name="review"]').click()
    expect(page.get_by_text(titles[0])).to_be_visible()
