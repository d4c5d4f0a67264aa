"""An administrator designs a report: money won by part of the community in three clicks, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.test_every_page import faults_of, look
from tests.browser.walk import sign_in

HOME = "/poltava/office/figures/"
TITLE = "Куди пішли гроші: звіт випробування"


def numbers(page: Page) -> list[str]:
    """The numbers of the table, as they are read."""
    return page.locator("#preview tbody td, main article tbody td, main .table tbody td").all_inner_texts()


def choose(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"select[name={name}]").select_option(value)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_money_by_part_is_three_clicks_from_the_desk(window: NewWindow, viewport: dict[str, int]) -> None:
    page = window(viewport)
    sign_in(page, "viktor", "/poltava/office/")
    page.locator(f"main a[href$='{HOME}']").first.click()
    page.locator("a[href$='?from=money-won']").click()
    expect(page.locator("#preview h2")).to_be_visible()
    expect(page.locator("select[name=measure]")).to_have_value("won_amount")


def test_without_scripts_a_report_is_shown_kept_published_and_deleted(window: NewWindow) -> None:
    # what signs in needs no script either
    page, found = window(DESK, java_script_enabled=False), []
    sign_in(page, "viktor", f"{HOME}new/")
    choose(page, measure="asked", rows="category", columns="size", span="all", chart="stacked")
    page.locator("button[value=show]").click()
    shown = numbers(page)
    assert len(shown) >= 3
    expect(page.locator("#preview svg").first).to_be_visible()
    # what does not fit together is told at its field, and nothing is lost
    choose(page, columns="")
    page.locator("button[value=show]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("select[name=chart]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("select[name=rows]")).to_have_value("category")
    choose(page, columns="size")
    page.locator("[name=title_uk]").fill(TITLE)
    page.locator("button[value=save]").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    assert numbers(page) == shown
    page.locator("[name=is_on_contests]").check()
    page.locator("button[value=publish]").click()
    public = page.locator("main a[href*='/poltava/figures/']").first.get_attribute("href")
    own = page.url
    page.goto(str(public))
    expect(page.locator("h1")).to_have_text(TITLE)
    assert numbers(page) == shown
    page.goto("/poltava/over/figures/")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    looking = window(DESK)
    sign_in(looking, "viktor", HOME)
    schedule = f"{own}schedule/"
    found += look(looking, HOME, f"{HOME}new/?from=years", f"{HOME}new/?from=turnout-days", own, schedule)
    found += look(looking, f"{own}delete/", "/poltava/figures/", str(public), "/poltava/over/figures/")
    page.goto(f"{own}delete/")
    page.locator("main form button").click()
    page.goto("/poltava/figures/")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)
    assert found == []


def test_with_scripts_the_picture_follows_each_choice(window: NewWindow) -> None:
    page = window(DESK)
    sign_in(page, "viktor", f"{HOME}new/?from=money-won")
    before = numbers(page)
    choose(page, measure="won")
    expect(page.locator("#preview .chart-value").first).not_to_have_text(re.compile("₴"))
    assert numbers(page) != before
    # the part of the community stands among the published tables of voters under another name
    choose(page, measure="voters")
    expect(page.locator("#preview .notice")).to_have_count(0)
    choose(page, columns="size")
    expect(page.locator("#preview .notice")).to_be_visible()
    assert faults_of(page) == []
    # nothing was kept by looking
    page.goto(HOME)
    expect(page.locator("section[aria-labelledby=kept] li")).to_have_count(0)
