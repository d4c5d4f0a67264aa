"""Somebody finds a vote cast in their name: denied, put into quarantine, annulled by two officials, and voted anew."""

import os

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, NewWindow
from tests.browser.test_every_page import faults_of
from tests.browser.walk import CONTEST, choose, sign_in

WHO = "roman"
SHOTS = os.environ.get("SHOTS")


def vote(page: Page, number: int) -> None:
    page.goto(f"{CONTEST}vote/")
    choose(page, number)
    page.locator('button[name="review"]').click()
    page.locator('form:has(input[name="request_key"]) button').click()
    expect(page.locator(".receipt-code")).to_be_visible()


def shot(page: Page, name: str) -> None:
    if SHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def test_a_denied_vote_is_annulled_by_two_and_its_person_votes(window: NewWindow) -> None:
    person = window(java_script_enabled=False)
    sign_in(person, WHO)
    vote(person, 2)
    person.goto("/poltava/my/objections/")
    person.locator('input[name="act"][value^="vote:"]').check()
    person.locator('textarea[name="text"]').fill("Того дня я була за кордоном, без телефона.")
    person.locator("main form button").last.click()

    commission = window(DESK)
    sign_in(commission, "iryna", "/poltava/office/objections/")
    commission.locator("main li.box a").first.click()
    commission.locator('textarea[name="answer"]').fill("Прикордонна служба підтвердила.")
    commission.locator('button[value="uphold"]').click()
    commission.locator('main a[href*="/annulments/"]').click()
    assert faults_of(commission) == []
    shot(commission, "propose")
    commission.locator('input[name="why"][value="stolen"]').check()
    commission.locator('textarea[name="text"]').fill(
        "Виборця не було в країні; голос подано з чужого пристрою."
    )
    commission.locator('button[value="propose"]').click()
    expect(commission.locator("main article")).to_have_count(1)
    expect(commission.locator('button[value="confirm"]')).to_have_count(0)

    second = window(DESK)
    sign_in(second, "serhii", "/poltava/office/now/annulments/")
    assert faults_of(second) == []
    shot(second, "decide")
    second.locator("main article textarea").fill("Перевірено за довідкою.")
    second.locator('button[value="confirm"]').click()
    expect(second.locator('button[value="confirm"]')).to_have_count(0)
    assert faults_of(second) == []
    shot(second, "decided")

    vote(person, 1)
