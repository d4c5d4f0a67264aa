"""An official makes a passkey on a device and opens the desk with it, in a real browser with an authenticator."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.walk import identify, is_wider_than_window


def with_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_made_and_used(window: NewWindow, site: str) -> None:
    # a passkey is of a name: an address of digits has none
    here = site.replace("127.0.0.1", "localhost")
    page = window()
    with_authenticator(page)
    page.goto(f"{here}/poltava/login/?next=/poltava/my/security/")
    identify(page, "serhii")
    expect(page).to_have_url(f"{here}/poltava/my/security/")
    assert not is_wider_than_window(page)
    page.locator('a[href*="/my/security/passkey/"]').click()
    page.locator("#id_name").fill("мій ключ")
    page.locator("form[data-passkey] button").click()
    expect(page.locator("ol code")).to_have_count(10)
    page.goto(f"{here}/poltava/office/")
    expect(page).to_have_url(f"{here}/poltava/office/")

    # another session on the same device: the desk asks, the device answers
    page.context.clear_cookies()
    page.goto(f"{here}/poltava/login/?next=/poltava/office/")
    identify(page, "serhii")
    expect(page.locator('form[data-passkey="get"]')).to_be_visible()
    assert not is_wider_than_window(page)
    page.locator("form[data-passkey] button").click()
    expect(page).to_have_url(f"{here}/poltava/office/")
