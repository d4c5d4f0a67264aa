"""One project from an idea on a telephone to a ribbon cut; and another that is refused and appeals."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.walk import identify, is_wider_than_window, sign_in

HOME = "/poltava/life"
OFFICE = "/poltava/office/life"
TODAY = date.today().isoformat()


def go_on(page: Page, step: str) -> None:
    page.locator('.writing-foot button[value="next"]').click()
    expect(page).to_have_url(re.compile(rf"/{step}/$"))


def write(page: Page, title: str) -> str:
    """Write a project step by step and submit it; its address."""
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile(r"/idea/$"))
    page.locator("#id_title").fill(title)
    page.locator("#id_summary").fill("Тінь і лавки для всього двору.")
    page.locator("#id_text").fill("Пустир біля будинку стане сквером з деревами.")
    page.locator("#id_category").select_option("parks")
    go_on(page, "place")
    page.locator("#id_coordinates").fill("49.5894, 34.5510")
    go_on(page, "cost")
    page.locator("#id_item-0-name").fill("Саджанці")
    page.locator("#id_item-0-quantity").fill("40")
    page.locator("#id_item-0-price").fill("2 500")
    go_on(page, "files")
    go_on(page, "people")
    page.locator("#id_contact").fill("067 000 00 00")
    page.locator("#id_agreed-publication").check()
    go_on(page, "check")
    page.locator(".writing-foot button").click()
    expect(page.locator("h1")).to_contain_text(title)
    return page.url.partition("/poltava")[2]


def sign(page: Page, who: str, project: str) -> None:
    page.goto(f"/poltava{project}")
    page.locator(f'main a[href$="{project}sign/"]').click()
    if "/login/" in page.url:
        identify(page, who)
    page.locator("#id_agrees").check()
    page.locator("main form:has(#id_agrees) button").click()
    expect(page).to_have_url(re.compile(r"/signature/$"))


def decide(page: Page, number: str, verdict: str, reason: str = "") -> None:
    page.goto(f"{OFFICE}/review/{number}/")
    page.locator(f'input[name="verdict"][value="{verdict}"]').check()
    page.locator("#id_reason").fill(reason)
    page.locator('form:has(input[name="verdict"]) button').click()
    expect(page.locator(".site-messages .notice")).to_be_visible()


def open_and_fill(page: Page, act: str, **fields: str) -> None:
    """Open the act's form on the page of the work, where it is closed, fill it and press its button."""
    form = page.locator(f'form:has(button[value="{act}"])').last
    if not form.is_visible():
        page.locator(f'details:has(form button[value="{act}"]) > summary').click()
    for name, value in fields.items():
        form.locator(f'[name="{act}-{name}"]').fill(value)
    form.locator(f'button[value="{act}"]').click()
    expect(page.locator(".site-messages .notice")).to_be_visible()


def test_from_an_idea_to_a_ribbon_cut(window: NewWindow, come_to: Callable[[str, str], None]) -> None:
    # --- drafted on a telephone, signed by the needed number ---
    author = window(PHONE)
    sign_in(author, "olena", f"{HOME}/write/")
    project = write(author, "Сквер на місці пустиря")
    number = project.rstrip("/").rpartition("/")[2]
    expect(author.locator("main")).to_contain_text("збір підтримки")
    for who in ("petro", "mariia"):
        supporter = window(PHONE)
        sign(supporter, who, project)
        assert not is_wider_than_window(supporter)
    author.reload()
    expect(author.locator("main")).to_contain_text("на розгляді")

    # --- returned, corrected, admitted ---
    commission = window(DESK)
    sign_in(commission, "iryna", f"{OFFICE}/review/")
    expect(commission.locator("main")).to_contain_text("Сквер на місці пустиря")
    decide(commission, number, "return", "Додайте освітлення до опису.")
    author.goto(f"/poltava{project}review/")
    expect(author.locator("main")).to_contain_text("Додайте освітлення до опису.")
    author.locator('main a[href*="/write/"]').click()
    author.locator("#id_text").fill("Пустир стане сквером з деревами і чотирма ліхтарями.")
    author.locator(".writing-foot button").last.click()
    author.wait_for_load_state()
    author.goto(f"/poltava{project}review/")
    author.locator('button[value="submit"]').click()
    expect(author.locator(".site-messages .notice")).to_be_visible()
    decide(commission, number, "admit")
    author.goto(f"/poltava{project}")
    expect(author.locator("main")).to_contain_text("допущено до голосування")
    expect(author.locator("main")).to_contain_text("чотирма ліхтарями")

    # --- funded ---
    come_to("life", "voting")
    voter = window(PHONE)
    voter.goto(f"{HOME}/vote/")
    voter.locator(".choice label").first.click()
    voter.locator('button[name="review"]').click()
    voter.locator('main a[href*="/login/"]').click()
    identify(voter, "petro")
    voter.locator('form:has(input[name="request_key"]) button').click()
    expect(voter.locator(".receipt-code")).to_be_visible()
    come_to("life", "counting")
    second = window(DESK)
    sign_in(second, "serhii", f"{OFFICE}/")
    commission.goto(f"{OFFICE}/")
    commission.locator('form:has(input[value="count"]) button').click()
    for member in (commission, second):
        member.goto(f"{OFFICE}/")
        member.locator('form:has(input[value="certify"]) button').click()
        expect(member.locator(".site-messages .notice")).to_be_visible()
    commission.goto(f"{OFFICE}/")
    commission.locator('form:has(input[value="publish"]) button').click()
    expect(commission.locator(".site-messages .notice")).to_be_visible()
    author.goto(f"/poltava{project}")
    expect(author.locator("main")).to_contain_text("переможець")

    # --- built, in the open ---
    come_to("life", "results")
    clerk = window(DESK)
    sign_in(clerk, "viktor", f"{OFFICE}/works/{number}/")
    open_and_fill(clerk, "start", responsible_unit="Відділ благоустрою", due_on="2031-05-01")
    open_and_fill(clerk, "milestone", title="Висадити дерева", due_on=TODAY)
    clerk.locator('form:has(button[value="done"]) button[value="done"]').click()
    expect(clerk.locator(".site-messages .notice")).to_be_visible()
    open_and_fill(clerk, "implement", acceptance="№ 14 від сьогодні", actual_cost="99 000")

    # --- rated ---
    resident = window(PHONE)
    sign_in(resident, "mariia", f"/poltava{project}rate/")
    resident.locator('input[name="stars"][value="5"]').check()
    resident.locator('input[name="promise"][value="kept"]').check()
    resident.locator("main form button").last.click()
    expect(resident.locator("main")).to_contain_text("5,0")
    expect(resident.locator("main")).to_contain_text("Висадити дерева")
    assert not is_wider_than_window(resident)


def test_refused_with_an_appeal(window: NewWindow, come_to: Callable[[str, str], None]) -> None:
    come_to("life", "review")
    come_to("life", "submission")
    author = window(PHONE)
    sign_in(author, "halyna", f"{HOME}/write/")
    project = write(author, "Гойдалки на Лісовій")
    number = project.rstrip("/").rpartition("/")[2]
    come_to("life", "support")
    for who in ("petro", "mariia"):
        sign(window(PHONE), who, project)
    come_to("life", "review")
    commission = window(DESK)
    sign_in(commission, "iryna", f"{OFFICE}/review/")
    decide(commission, number, "reject", "Земля приватна.")
    author.goto(f"/poltava{project}")
    expect(author.locator("main")).to_contain_text("Земля приватна.")
    author.locator(f'main a[href$="{project}appeal/"]').click()
    author.locator("#id_reason").fill("Земля комунальна, витяг додаю.")
    author.locator("main form button").last.click()
    author.goto(f"/poltava{project}")
    expect(author.locator("main")).to_contain_text("оскаржено")
    second = window(DESK)
    sign_in(second, "serhii", f"{OFFICE}/commission/appeals/")
    row = second.locator("article", has_text="Гойдалки на Лісовій")
    row.locator("textarea").fill("Витяг підтверджує: земля громади.")
    row.locator('button[value="grant"]').click()
    author.reload()
    expect(author.locator("main")).to_contain_text("на розгляді")
    assert not is_wider_than_window(author)
