"""The commission makes the key of the box with the very tool that the site hands out, and nobody votes before."""

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, NewWindow
from tests.browser.test_every_page import faults_of
from tests.browser.walk import sign_in

KEY = "/poltava/office/key-held/key/"
PHRASES = ("калина біля річки", "вечір над Ворсклою", "третя парольна фраза")
SHOTS = os.environ.get("SHOTS")


def tool(folder: Path, *arguments: str, typed: tuple[str, ...]) -> str:
    ran = subprocess.run(
        [sys.executable, "boxkey.pyz", *arguments], cwd=folder, input="".join(f"{line}\n" for line in typed),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return ran.stdout


def take(page: Page, name: str, folder: Path) -> None:
    with page.expect_download() as found:
        page.locator(f'main a[href$="/{name}/"][download]').click()
    found.value.save_as(folder / found.value.suggested_filename)


def upload(page: Page, act: str, file: Path) -> None:
    form = page.locator(f'form:has(input[name="act"][value="{act}"])')
    form.locator('input[type="file"]').set_input_files(file)
    form.locator("button").click()


def look(page: Page, name: str) -> None:
    if SHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    assert faults_of(page) == []


def test_the_key_is_made_compared_by_a_second_official_and_tried_out(
    window: NewWindow, tmp_path: Path
) -> None:
    iryna, serhii, guest = window(DESK), window(DESK), window()
    sign_in(iryna, "iryna", KEY)
    look(iryna, "key-1-begin")
    guest.goto("/poltava/key-held/vote/")
    expect(guest.locator("input[name=choice]")).to_have_count(0)
    take(iryna, "contest", tmp_path)
    take(iryna, "tool", tmp_path)
    twice = tuple(phrase for phrase in PHRASES for _again in range(2))
    said = tool(tmp_path, "make", "--contest", "box-key-contest.json", "--out", "key", typed=twice)

    upload(iryna, "propose", tmp_path / "key/box-key-public.json")
    look(iryna, "key-2-waits")
    sign_in(serhii, "serhii", KEY)
    look(serhii, "key-3-compare")
    digits = serhii.locator('input[name="confirm-typed"]')
    digits.fill("0000 0000")
    serhii.locator('form:has(input[value="confirm"]) button').click()
    expect(serhii.locator(".error-summary")).to_be_visible()
    found = re.search(r"(\d{5} ){5}\d{5}", said)
    assert found is not None
    digits.fill(found[0])
    serhii.locator('form:has(input[value="confirm"]) button').click()

    take(serhii, "task", tmp_path)
    shares = [part for number in (1, 3) for part in ("--share", f"key/share-{number}.json")]
    tool(
        tmp_path, "rehearse", *shares, "--challenge", "box-key-task.json", "--out", "answer.json",
        typed=(PHRASES[0], PHRASES[2]),
    )  # fmt: skip
    look(serhii, "key-4-task")
    upload(serhii, "rehearse", tmp_path / "answer.json")
    expect(serhii.locator(".notice.tone-success").first).to_be_visible()
    look(serhii, "key-5-ready")
