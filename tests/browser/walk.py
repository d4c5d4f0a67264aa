"""Steps that people take in the browser, by what they see and not by what the pages are made of."""

from playwright.sync_api import Page, expect

from viche.identity.providers.isei.simulator import load_cast

NAMES = {member.key: member.display_name for member in load_cast()}
CONTEST = "/poltava/now/"


def identify(page: Page, key: str, method: str = "bank_id") -> None:
    """From the page of methods through the simulator of id.gov.ua and back."""
    page.locator(f'button[value="isei:{method}"]').click()
    page.get_by_role("button", name=NAMES[key]).click()
    expect(page.locator("header.site-head")).to_be_visible()
    agree(page)


def agree(page: Page) -> None:
    """Whoever comes to a body for the first time reads its text of consent and agrees."""
    if "/my/consents/" in page.url:
        page.locator('button[value="agree"]').click()
        expect(page.locator("header.site-head")).to_be_visible()


def sign_in(page: Page, key: str, back: str = CONTEST) -> None:
    page.goto(f"/poltava/login/?next={back}")
    identify(page, key)


def choose(page: Page, number: int) -> list[str]:
    """Press so many of the first projects of the ballot; their titles."""
    titles = []
    for place in range(number):
        choice = page.locator(".choice").nth(place)
        label = choice.locator("label")
        label.click()
        expect(choice.get_by_role("checkbox")).to_be_checked()
        titles.append(label.inner_text().partition(choice.locator("label .muted").inner_text())[2].strip())
    return titles


def is_wider_than_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
