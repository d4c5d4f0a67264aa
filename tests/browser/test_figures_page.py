"""The figures of a contest as people meet them: on a telephone, on a desk, in the dark, on paper, without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.test_every_page import look

FIGURES = "/poltava/over/figures/"
PAGES = (FIGURES, f"{FIGURES}satisfaction/", f"{FIGURES}money-by-category/", "/poltava/en/over/figures/")


def test_no_fault_of_accessibility_on_any_screen_in_any_theme(window: NewWindow):
    assert look(window(), *PAGES) == []


def test_the_way_of_projects_stands_first_and_each_figure_says_how_it_was_computed(window: NewWindow):
    page = window(DESK)
    page.goto(FIGURES)
    first = page.locator(".figure-shown").first
    expect(first).to_have_id("course")
    first.locator('a[href$="/figures/course/#how"]').click()
    expect(page.locator("h2#how")).to_be_visible()
    page.goto(f"{FIGURES}winners/")
    how = page.locator("section[aria-labelledby=how]")
    expect(how).to_contain_text("python -m rulebook verify")
    how.locator('a[href*="/journal/entries/"]').click()
    expect(page.locator("h1")).to_be_visible()


def test_without_scripts_everything_is_there_and_can_be_taken_away(window: NewWindow):
    page = window(PHONE, java_script_enabled=False)
    page.goto(FIGURES)
    expect(page.locator(".chart-narrow svg").first).to_be_visible()
    expect(page.locator(".chart-wide svg").first).to_be_hidden()
    for ending, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        address = page.locator(f'a[href$="/figures.{ending}"]').get_attribute("href")
        assert page.request.get(str(address)).body().startswith(begins)


def test_on_paper_the_wide_pictures_are_printed(window: NewWindow):
    page = window(PHONE)
    page.goto(FIGURES)
    page.emulate_media(media="print")
    expect(page.locator(".chart-wide svg").first).to_be_visible()
    expect(page.locator(".chart-narrow svg").first).to_be_hidden()
    expect(page.locator(".site-nav").first).to_be_hidden()
