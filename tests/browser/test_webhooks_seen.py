"""An administrator adds a receiver of webhooks, sees what it does not take, lays it aside and sends it again."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, REPOSITORY, NewWindow
from tests.browser.test_every_page import faults_of
from tests.browser.walk import sign_in
from tests.connectors.hook_receiver import teller

SEND = """
import django
django.setup()
from viche.connectors.webhooks.delivering import send_due
from viche.journal.actions import sequence_all
sequence_all()
send_due()
"""


def picture(page: Page, name: str) -> None:
    """A picture for who wants to look: where VICHE_PICTURES names a folder."""
    folder = os.environ.get("VICHE_PICTURES")
    for sort, viewport in (("phone", PHONE), ("desk", DESK)) if folder else ():
        page.set_viewport_size(viewport)
        page.screenshot(path=Path(str(folder)) / f"{name}-{sort}.png", full_page=True)


def test_a_receiver_from_its_address_to_its_mended_events(
    window: NewWindow, running_site: tuple[str, dict[str, str]]
) -> None:
    page, found = window(DESK), []
    sign_in(page, "viktor", "/poltava/office/webhooks/")

    def seen(name: str) -> None:
        page.emulate_media(color_scheme="light")
        picture(page, name)
        found.extend(faults_of(page))
        page.set_viewport_size(DESK)

    def sent() -> None:
        run = [sys.executable, "-c", SEND]
        subprocess.run(run, env=running_site[1], cwd=REPOSITORY, check=True)
        page.reload()

    seen("webhooks-none")
    with teller() as there:
        there.is_verifying, there.answers = False, {"ContestCreated": 422}
        page.locator("main a[href$='/webhooks/new/']").first.click()
        page.locator("main form button").last.click()
        expect(page.locator(".error-summary")).to_be_visible()
        seen("webhooks-new-wrong")
        page.locator("[name=title]").fill("Система електронного документообігу")
        page.locator("[name=url]").fill(there.url)
        page.locator("[name=groups]").first.check()
        page.locator("[name=from_start]").check()
        page.locator("main form button").last.click()
        expect(page.locator("code", has_text="whsec_")).to_be_visible()
        seen("webhook-secret")
        page.locator("button[value=ping]").click()
        expect(page.locator(".tone-success").first).to_be_visible()
        seen("webhook-ping")
        sent()
        expect(page.locator("button[value=skip]").first).to_be_visible()
        seen("webhook-behind")
        page.locator("button[value=skip]").first.click()
        expect(page.locator("button[value=resend]")).to_be_visible()
        seen("webhook-aside")
        there.answers = {}
        page.locator("button[value=resend]").click()
        page.locator("button[value=retry]").or_(page.locator("button[value=ping]")).first.click()
        sent()
        expect(page.locator("button[value=resend]")).to_have_count(0)
        seen("webhook-well")
        page.locator("main a[href$='/remove/']").click()
        seen("webhook-remove")
        page.goto("/poltava/office/webhooks/")
        seen("webhooks")
        page.goto("/poltava/webhooks/events/")
        seen("webhook-events")
    assert found == []
