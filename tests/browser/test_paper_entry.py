"""Paper entered by keyboard: two officials who do not see each other, a third who settles, the box, a second look."""

import os

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.test_every_page import faults_of
from tests.browser.walk import sign_in

BASE = "/poltava/office/paper/papers/"
SHOTS = os.environ.get("SHOTS")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def looked_at(page: Page, name: str) -> None:
    """Nothing is wrong with the page for anybody, and it is kept as a picture where somebody wants to look."""
    assert faults_of(page) == []
    shot(page, name)
    page.set_viewport_size(DESK)


def type_sheet(page: Page, sheet: str, choices: str) -> None:
    """By keyboard alone: the field of the number has the focus when the page opens."""
    expect(page.locator("#id_sheet")).to_be_focused()
    page.keyboard.type(sheet)
    page.keyboard.press("Tab")
    page.keyboard.type(choices)
    page.keyboard.press("Enter")
    expect(page.locator("main, body").first).to_contain_text(sheet)


def test_two_officials_enter_a_third_settles_and_the_box_takes_the_stack(window: NewWindow) -> None:
    first, second, third = window(DESK), window(DESK), window(DESK)
    sign_in(first, "halyna", BASE)
    looked_at(first, "papers-empty")
    first.locator('main a[href$="/papers/new/"]').click()
    looked_at(first, "stack-new")
    first.locator("#id_name").fill("ЦНАП, скринька 1")
    first.locator("main form button").click()
    there = first.url.partition("#")[0]

    type_sheet(first, "1", "1 2")
    type_sheet(first, "2", "3")
    type_sheet(first, "3", "1 2 3 4")
    expect(first.locator("#id_reason")).to_have_value("too-many")
    looked_at(first, "stack-proposed")
    first.locator("#entry button").click()
    expect(first.locator("main table").first).to_contain_text("3")
    looked_at(first, "stack-first")

    sign_in(second, "iryna", there[there.index("/poltava") :])
    expect(second.locator("main")).not_to_contain_text("1 2 3 4")
    type_sheet(second, "1", "2 1")
    type_sheet(second, "2", "4")
    second.locator("#id_sheet").fill("3")
    second.locator("#id_reason").select_option("too-many")
    second.locator("#entry button").click()
    looked_at(second, "stack-second")

    sign_in(third, "serhii", there[there.index("/poltava") :])
    looked_at(third, "stack-third")
    third.locator('main a[href*="/sheets/2/"]').click()
    looked_at(third, "settle")
    third.locator('button[name="turn"][value="1"]').focus()
    third.keyboard.press("Enter")
    third.locator('form:has(input[value="close"]) button').focus()
    third.keyboard.press("Enter")
    expect(third.locator(".split .notice.tone-success")).to_be_visible()
    looked_at(third, "stack-in-box")

    # whoever entered or settled none of the drawn sheets looks at them again
    fourth = window(PHONE)
    sign_in(fourth, "viktor", BASE)
    looked_at(fourth, "papers")
    fourth.goto(f"{there}recheck/")
    looked_at(fourth, "recheck")
    fourth.locator("#id_choices").fill("5")
    fourth.locator("main form button").click()
    expect(fourth.locator("#id_words")).to_be_visible()
    looked_at(fourth, "recheck-differs")

    anybody = window(PHONE, java_script_enabled=False)
    anybody.goto("/poltava/paper/paper/")
    expect(anybody.locator("main table").first).to_contain_text("ЦНАП, скринька 1")
    anybody.close()
    everybody = window(PHONE)
    everybody.goto("/poltava/paper/paper/")
    looked_at(everybody, "public")
