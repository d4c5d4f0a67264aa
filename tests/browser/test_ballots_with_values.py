"""Points, an order, for and against on a small telephone: without scripts, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.test_voting_at_360 import focused
from tests.browser.walk import choose, identify, is_wider_than_window

RECEIPT = re.compile(r"/vote/receipt/$")


def lines(page: Page) -> list[str]:
    """Titles on the second step, in their order."""
    return page.locator(".ballot-line-title > b:last-of-type").all_inner_texts()


def to_values(page: Page, kind: str, number: int = 3) -> list[str]:
    page.goto(f"/poltava/{kind}/vote/")
    titles = choose(page, number)
    page.locator('button[name="review"]').click()
    expect(page).to_have_url(re.compile(rf"/poltava/{kind}/vote/values/"))
    assert sorted(lines(page)) == sorted(titles)
    return lines(page)


def cast(page: Page, who: str) -> None:
    """From the review to the receipt."""
    page.locator('main a[href*="/login/"]').first.click()
    identify(page, who)
    page.locator('form:has(input[name="request_key"]) button').click()
    expect(page).to_have_url(RECEIPT)


def wide(page: Page, scripts: bool) -> bool:
    return is_wider_than_window(page) if scripts else False


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_points_are_given_and_stand_on_the_receipt(window: NewWindow, scripts: bool) -> None:
    page = window(java_script_enabled=scripts)
    titles = to_values(page, "points")
    assert not wide(page, scripts)
    first = page.locator(".ballot-line").nth(0)
    for _press in range(3):
        first.locator('button[name="plus"]').click()
    expect(first.locator("input.input")).to_have_value("4")
    page.locator(".ballot-line").nth(1).locator("input.input").fill("7")
    if scripts:
        expect(page.locator('[data-allowance="points"] .allowance-over')).to_be_visible()
    page.locator('.ballot-foot button[name="save"]').click()
    # seven is more than one project may have, and twelve more than there are
    expect(page.locator(".ballot-line .field-error")).to_be_visible()
    expect(page.locator(".notice.tone-danger")).to_contain_text("12")
    expect(page.locator(".ballot-line").nth(1).locator("input.input")).to_have_value("7")
    page.locator(".ballot-line").nth(1).locator("input.input").fill("5")
    page.locator('.ballot-foot button[name="save"]').click()
    expect(page).to_have_url(re.compile("/vote/review/"))
    shown = page.locator("ol li").filter(has=page.locator(".ballot-value"))
    for title, points in zip(titles, ("4 ", "5 ", "1 "), strict=True):
        expect(shown.filter(has_text=title).locator(".ballot-value")).to_contain_text(points)
    cast(page, "petro" if scripts else "olena")
    expect(page.locator("aside li").first).to_contain_text("5 ")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_order_is_made_by_moving_projects(window: NewWindow, scripts: bool) -> None:
    page = window(java_script_enabled=scripts)
    before = to_values(page, "ranking")
    for place in ("2", "1"):
        line = page.locator(".ballot-line").filter(has_text=before[2])
        line.locator('[name="up"]').click()
        expect(line.locator(".ballot-place")).to_have_text(place)
    after = [before[2], before[0], before[1]]
    expect(page.locator(".ballot-line-title > b:last-of-type").first).to_have_text(after[0])
    assert lines(page) == after
    assert not wide(page, scripts)
    page.locator('.ballot-foot button[name="save"]').click()
    expect(page).to_have_url(re.compile("/vote/review/"))
    assert page.locator("ol.stack li b:not(.ballot-value)").all_inner_texts() == after
    cast(page, "petro" if scripts else "olena")
    for place, title in enumerate(after):
        expect(page.locator("aside li").nth(place)).to_contain_text(title)


def test_an_order_is_made_by_keyboard_alone_and_the_focus_stays_on_what_moves(window: NewWindow) -> None:
    page = window()
    before = to_values(page, "ranking")
    for _project in before:
        focused(page, '[name="up"]')
    for place in ("2", "1"):
        page.keyboard.press("Enter")
        line = page.locator(".ballot-line").filter(has_text=before[2])
        expect(line.locator(".ballot-place")).to_have_text(place)
        # the focus is on the moved project's button as soon as the page has settled
        expect(line.locator('[name="up"]')).to_be_focused()
        # a person is slower than the twentieth of a second in which the new buttons are made ready
        expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)
    assert lines(page) == [before[2], before[0], before[1]]
    focused(page, '.ballot-foot button[name="save"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/vote/review/"))


def test_points_are_typed_by_keyboard_and_enter_goes_on(window: NewWindow) -> None:
    page = window()
    to_values(page, "points", 2)
    for points in ("6", "4"):
        focused(page, ".ballot-line input.input")
        page.keyboard.type(points)
    expect(page.locator('[data-allowance="points"] [data-left]')).to_have_text("0")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/vote/review/"))
    assert sorted(text[0] for text in page.locator(".ballot-value").all_inner_texts()) == ["4", "6"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_is_for_some_projects_and_against_another(window: NewWindow, scripts: bool) -> None:
    page = window(java_script_enabled=scripts)
    titles = to_values(page, "plus-minus")
    for place in (0, 1):
        page.locator(".ballot-line").nth(place).locator('input[value="-1"]').check()
    if scripts:
        expect(page.locator('[data-allowance="against"] .allowance-over')).to_be_visible()
    page.locator('.ballot-foot button[name="save"]').click()
    expect(page.locator(".notice.tone-danger")).to_contain_text("2")
    page.locator(".ballot-line").nth(0).locator('input[value="1"]').check()
    page.locator('.ballot-foot button[name="save"]').click()
    row = page.locator("ol.stack li").filter(has_text=titles[1])
    expect(row.locator(".ballot-value")).to_have_text("проти")
    cast(page, "petro" if scripts else "olena")
    expect(page.locator("aside li:not(.proof-line)").last).to_contain_text(titles[1])


def test_what_is_left_of_the_money_follows_the_choice(window: NewWindow) -> None:
    page = window()
    page.goto("/poltava/points/vote/")
    row = page.locator('[data-allowance="cost"] [data-left]')
    before = row.inner_text()
    choose(page, 1)
    assert row.inner_text() != before
    assert row.inner_text().endswith("₴")


def test_where_online_voting_is_not_open_yet_the_page_says_where_one_can_vote(window: NewWindow) -> None:
    page = window()
    page.goto("/poltava/desk-first/")
    expect(page.locator(".notice")).to_contain_text("ЦНАП")
    expect(page.locator('main a[href$="/desk-first/vote/"]')).to_have_count(0)
