"""A project is written on a telephone: step by step, through a lost connection, and without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewWindow
from tests.browser.walk import is_wider_than_window, sign_in

PHONE = {"width": 390, "height": 844}
START = "/poltava/proposing/write/"
STEPS = ("idea", "place", "cost", "files", "people", "check")


def begin(page: Page, who: str) -> None:
    sign_in(page, who, START)
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile(r"/idea/$"))


def go_on(page: Page, step: str) -> None:
    page.locator('.writing-foot button[value="next"]').click()
    expect(page).to_have_url(re.compile(rf"/{step}/$"))


def test_written_on_a_telephone_through_a_lost_connection(window: NewWindow) -> None:
    page = window(PHONE)
    begin(page, "petro")
    assert not is_wider_than_window(page)

    # --- it saves itself while one types ---
    page.locator("#id_title").fill("Лавки біля")
    page.locator("#id_category").select_option("parks")
    expect(page.locator("#revision")).not_to_have_value("1")
    known = page.locator("#revision").input_value()

    # --- the connection is lost: what is typed stays, and nothing leaves the page ---
    page.context.set_offline(True)
    page.locator("#id_title").fill("Лавки біля річки")
    page.locator("#id_text").fill("Десять лавок там, де нема де сісти.")
    expect(page.locator("[data-lost]")).to_be_visible()
    page.locator('.writing-foot button[value="next"]').click()
    expect(page).to_have_url(re.compile(r"/idea/$"))
    assert page.locator("#revision").input_value() == known

    # --- it comes back: what was typed goes by itself ---
    page.context.set_offline(False)
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=20_000)
    expect(page.locator("#revision")).not_to_have_value(known)
    page.reload()
    expect(page.locator("#id_title")).to_have_value("Лавки біля річки")
    expect(page.locator("#id_text")).to_have_value("Десять лавок там, де нема де сісти.")
    expect(page.locator("[data-offer]")).to_be_hidden()

    # --- the page is closed before it could send: the text is offered again ---
    page.context.set_offline(True)
    page.locator("#id_summary").fill("Лавки на набережній.")
    expect(page.locator("[data-lost]")).to_be_visible()
    address, context = page.url, page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("[data-offer]")).to_be_visible()
    page.locator('[data-offer] button[value="take"]').click()
    expect(page.locator("#id_summary")).to_have_value("Лавки на набережній.")
    go_on(page, "place")

    # --- the rest of the steps ---
    page.locator("[data-map] > svg").click(position={"x": 120, "y": 90})
    expect(page.locator("#id_coordinates")).to_have_value(re.compile(r"^\d{2}\.\d{6}, \d{2}\.\d{6}$"))
    go_on(page, "cost")
    page.locator("#id_item-0-name").fill("Лавка")
    page.locator("#id_item-0-quantity").fill("10")
    page.locator("#id_item-0-price").fill("4 500,50")
    expect(page.locator("#sum-0")).to_contain_text("45")
    expect(page.locator(".classes .is-own")).to_contain_text("Малі")
    assert not is_wider_than_window(page)
    go_on(page, "files")
    assert not is_wider_than_window(page)
    go_on(page, "people")
    go_on(page, "check")

    # --- all that is missing is said at once, with the way there ---
    assert page.locator(".missing li").count() == 2
    page.locator('.missing a[href*="id_contact"]').click()
    page.locator("#id_contact").fill("067 000 00 00")
    page.locator("#id_agreed-publication").check()
    go_on(page, "check")
    assert not is_wider_than_window(page)
    page.locator(".writing-foot button").click()
    expect(page.locator("h1")).to_contain_text("Лавки біля річки")


def test_written_without_scripts(window: NewWindow) -> None:
    page = window(PHONE, java_script_enabled=False)
    begin(page, "halyna")
    page.locator("#id_title").fill("Дитячий майданчик на Лісовій")
    page.locator("#id_summary").fill("Гойдалки й пісочниця.")
    page.locator("#id_text").fill("У дворі немає де гратися.")
    page.locator("#id_category").select_option("parks")
    go_on(page, "place")
    page.locator("#id_coordinates").fill("49.5894, 34.5510")
    go_on(page, "cost")
    for place in range(3):
        page.locator(f"#id_item-{place}-name").fill(f"Гойдалка {place}")
        page.locator(f"#id_item-{place}-quantity").fill("1,5")
        page.locator(f"#id_item-{place}-price").fill("10 000")
    page.locator('button[value="add-row"]').click()
    page.locator("#id_item-3-name").fill("Пісочниця")
    page.locator("#id_item-3-quantity").fill("1")
    page.locator("#id_item-3-price").fill("5 000")
    page.locator('button[value="remove-row-0"]').click()
    expect(page.locator("#id_item-2-name")).to_have_value("Пісочниця")
    go_on(page, "files")
    go_on(page, "people")
    page.locator("#id_contact").fill("halyna@poltava.example")
    page.locator("#id_agreed-publication").check()
    go_on(page, "check")
    expect(page.locator(".sums, table").first).to_be_visible()
    page.locator(".writing-foot button").click()
    expect(page.locator("h1")).to_contain_text("Дитячий майданчик на Лісовій")
    expect(page.locator("main")).to_contain_text("35")
