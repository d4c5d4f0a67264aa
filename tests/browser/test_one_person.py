"""The same person by BankID and by a qualified signature is one person: identified by either, they vote once."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewWindow, Outside
from tests.browser.walk import CONTEST, NAMES, agree, choose, is_wider_than_window

WHO = "nadiia"


def to_review(page: Page, number: int) -> None:
    page.goto(f"{CONTEST}vote/")
    choose(page, number)
    page.locator('button[name="review"]').click()
    page.locator('main a[href*="/login/"]').click()


def by_bank(page: Page) -> None:
    page.locator('button[value="bankid:bank_id"]').click()
    page.get_by_role("button", name=NAMES[WHO]).click()
    expect(page.locator("header.site-head")).to_be_visible()


def by_signature(page: Page, outside: Outside, folder: Path) -> None:
    """Download the text, sign it in another window with one's own tool, bring the signature."""
    page.locator('button[value="kep:dig_sign"]').click()
    with page.expect_download() as text:
        page.locator('a[href$="/text.txt"]').click()
    text.value.save_as(folder / "text.txt")
    tool = page.context.new_page()
    tool.goto(outside.kep.url)
    tool.locator("#text").set_input_files(folder / "text.txt")
    with tool.expect_download() as signature:
        tool.get_by_role("button", name=NAMES[WHO]).click()
    signature.value.save_as(folder / "text.p7s")
    tool.close()
    assert not is_wider_than_window(page)
    page.locator("#id_signature").set_input_files(folder / "text.p7s")
    page.locator("form:has(#id_signature) button").click()


def test_identified_by_a_bank_and_by_a_signature_one_votes_once(
    window: NewWindow, outside: Outside, tmp_path: Path
) -> None:
    at_home = window()
    to_review(at_home, 2)
    by_bank(at_home)
    agree(at_home)
    at_home.locator('form:has(input[name="request_key"]) button').click()
    expect(at_home.locator(".receipt-code")).to_be_visible()

    # without scripts, in another browser, by another method
    elsewhere = window(java_script_enabled=False)
    to_review(elsewhere, 1)
    by_signature(elsewhere, outside, tmp_path)
    expect(elsewhere.locator(f'main a[href="{CONTEST}check/"]')).to_be_visible()
    expect(elsewhere.locator('input[name="request_key"]')).to_have_count(0)

    elsewhere.goto("/my/methods/")
    expect(elsewhere.locator("main")).to_contain_text("BankID")
    expect(elsewhere.locator("main")).to_contain_text("Підпис під текстом")
