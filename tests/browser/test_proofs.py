"""The browser checks by itself that an entry is in the journal, and is not fooled."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, NewWindow
from tests.browser.test_every_page import faults_of

RIGHT, WRONG = ".proof-line.tone-success", ".proof-line.tone-danger"


@pytest.fixture
def entry(window: NewWindow) -> Page:
    """An entry's page, reached as everybody reaches it."""
    page = window(DESK)
    page.goto("/poltava/journal/")
    page.locator('ol.timeline a[href*="/journal/entries/"]').first.click()
    expect(page.locator("[data-proof-result] li").first).to_be_visible()
    return page


def test_an_entry_is_checked_as_soon_as_its_page_opens(entry: Page) -> None:
    expect(entry.locator(RIGHT)).to_have_count(2)
    expect(entry.locator(WRONG)).to_have_count(0)
    assert faults_of(entry) == []


def pasted(page: Page, leaf: str, proof: str, keys: str) -> None:
    page.locator("#proof-entry").fill(leaf)
    page.locator("#proof-proof").fill(proof)
    page.locator("#proof-keys").fill(keys)
    page.locator("[data-proof-button] button").click()
    expect(page.locator("[data-proof-result] li").first).to_be_visible()


def test_a_proof_from_files_is_checked_and_a_forged_one_is_found_out(entry: Page, window: NewWindow) -> None:
    files = [
        entry.locator(f'main a[href$="{end}"]').get_attribute("href") for end in (".json", ".tlog-proof")
    ]
    site = entry.url.partition("/poltava/")[0]
    leaf, proof = (httpx.get(f"{site}{name}", trust_env=False).text for name in files)
    key = entry.locator("#proof-keys").input_value()
    page = window(DESK)
    page.goto("/poltava/journal/proof/")
    pasted(page, leaf, proof, key)
    expect(page.locator(RIGHT)).to_have_count(2)
    assert faults_of(page) == []

    # another entry: the tree does not hold it, whoever signed
    pasted(page, leaf.replace('"kind"', '"king"'), proof, key)
    expect(page.locator(WRONG)).to_have_count(1)
    expect(page.locator(RIGHT)).to_have_count(1)

    # another root: neither tree nor signature
    lines = proof.split("\n")
    place = lines.index("") + 3
    swapped = ("B" if lines[place][0] == "A" else "A") + lines[place][1:]
    pasted(page, leaf, "\n".join([*lines[:place], swapped, *lines[place + 1 :]]), key)
    expect(page.locator(WRONG)).to_have_count(2)

    # another hash on the way
    swapped = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
    pasted(page, leaf, "\n".join([*lines[:2], swapped, *lines[3:]]), key)
    expect(page.locator(WRONG)).to_have_count(1)

    # without a key it says what was not checked; with rubbish, that it is rubbish
    pasted(page, leaf, proof, "")
    expect(page.locator(RIGHT)).to_have_count(1)
    expect(page.locator(".proof-line.tone-info")).to_have_count(1)
    pasted(page, leaf, "rubbish", key)
    expect(page.locator(WRONG)).to_have_count(1)


def test_without_scripts_the_proof_and_the_command_are_there(entry: Page, window: NewWindow) -> None:
    page = window(DESK, java_script_enabled=False)
    page.goto(entry.url)
    expect(page.locator("#proof-proof")).to_have_value(entry.locator("#proof-proof").input_value())
    expect(page.locator("main pre code")).to_contain_text("python -m rulebook included")
    expect(page.locator("noscript")).to_be_visible()
    expect(page.locator("[data-proof-button]")).to_be_hidden()
