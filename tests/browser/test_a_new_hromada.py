"""A new hromada from the request to the open contest, by its people in their browsers and without a command line.

Shcherbani asks to be connected; the platform agrees; its secretary invites a second official, takes the regulation of a
real village hromada with three changes, is told in words where she contradicts herself, rehearses, proposes with
the council's decision; the second official confirms; a resident submits the first project.
"""

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, NewWindow
from tests.browser.walk import NAMES, identify, is_wider_than_window, sign_in

HROMADA = "/shcherbani"
TODAY = date.today().isoformat()


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).click()
    page.wait_for_load_state()


def enter(page: Page, key: str, address: str) -> None:
    """Identify on the platform's own host and come to the address."""
    page.goto(f"/login/?next={address}")
    identify(page, key)


def saved(page: Page) -> None:
    expect(page.locator(".site-messages .notice")).to_be_visible()


def test_a_hromada_is_connected_given_rules_rehearsed_frozen_by_two_and_opened(window: NewWindow) -> None:
    # --- the secretary asks, the platform agrees --------------------------------------------------------------
    secretary = window(DESK)
    enter(secretary, "zoriana", "/connect/?q=Щербанівська")
    secretary.locator("main a[href*='/connect/request/']").first.click()
    secretary.locator("#id_body").fill("Щербанівська сільська рада")
    secretary.locator("#id_position").fill("секретарка ради")
    secretary.locator("#id_email").fill("rada@shcherbani.gov.ua")
    secretary.locator("#id_phone").fill("0 532 000 005")
    secretary.locator("#id_proof").fill("лист № 12-07/44 від 02.11.2026")
    secretary.locator("#id_consent").check()
    secretary.locator("main form button").last.click()
    saved(secretary)

    platform = window(DESK)
    enter(platform, "nazar", "/platform/")
    platform.locator("main a[href*='/platform/requests/']", has_text="Щербанівська").first.click()
    platform.locator("main input[name=slug]").fill("shcherbani")
    platform.locator('main button[value="approve"]').click()
    saved(platform)

    # --- first steps: name, address, a second official ---------------------------------------------------------
    secretary.goto(f"{HROMADA}/office/begin/")
    secretary.locator("main form button").first.click()  # the codifier's name is right
    secretary.goto(f"{HROMADA}/office/begin/?step=staff")
    secretary.locator("#id_email").fill("komisiia@shcherbani.gov.ua")
    secretary.locator('input[name=role][value="commission"]').check()
    secretary.locator("main form:has(input[name=role]) button").click()
    link = secretary.locator("code.breaks").inner_text()
    second = window(PHONE)
    second.goto(link)
    second.locator('main button[value="accept"]').click()
    identify(second, "bohdan")
    second.locator('main button[value="accept"]').click()
    saved(second)

    # --- a contest from the regulation of a real village hromada -------------------------------------------------
    secretary.goto(f"{HROMADA}/office/new/")
    secretary.locator("#id_title_uk").fill("Громадський бюджет Щербанівської громади")
    secretary.locator("#id_year").fill("2027")
    secretary.locator("#id_base").select_option("preset:agronomichna-2025")
    secretary.locator("#id_first_day").fill(TODAY)
    secretary.locator("main form button").last.click()
    expect(secretary).to_have_url(f"{secretary.url.partition(HROMADA)[0]}{HROMADA}/office/2027/rules/")

    rules = f"{HROMADA}/office/2027/rules"
    # the first change contradicts itself: less money than the cheapest project costs
    secretary.goto(f"{rules}/money/")
    secretary.locator("#id_pots-0-amount").fill("5 000")
    press(secretary, "Зберегти")
    wrong = "менший за найдешевший проєкт"
    expect(secretary.locator("main .field-doubt, main .notice", has_text=wrong).first).to_be_visible()
    secretary.goto(f"{HROMADA}/office/2027/freeze/")
    expect(secretary.locator("main .notice", has_text=wrong).first).to_be_visible()
    expect(secretary.locator('input[name="act"][value="propose"]')).to_have_count(0)

    secretary.goto(f"{rules}/money/")
    secretary.locator("#id_pots-0-amount").fill("500 000")
    # what is typed is read at once, before it is saved
    secretary.locator("#id_pots-0-amount").press("Tab")
    expect(secretary.locator("#check")).to_contain_text("500 000 грн")
    press(secretary, "Зберегти")
    secretary.goto(f"{rules}/people/")
    secretary.locator("#id_author-min_age").fill("16")
    press(secretary, "Зберегти")
    secretary.goto(f"{rules}/voting/")
    secretary.locator('input[name="ballot-kind"][value="approval"]').check()
    press(secretary, "Зберегти")
    secretary.locator("#id_ballot-max_choices").fill("2")
    press(secretary, "Зберегти")
    saved(secretary)

    # --- read, try, rehearse ---------------------------------------------------------------------------------------
    secretary.goto(f"{rules}/history/?from=1&to=6")
    for words in ("500 000", "16", "2"):
        expect(secretary.locator("main table")).to_contain_text(words)
    secretary.goto(f"{rules}/text/")
    expect(secretary.locator(".regulation")).to_contain_text("500 000 грн")
    secretary.goto(f"{rules}/ballot/")
    assert secretary.locator(".choice").count() > 1
    secretary.goto(f"{HROMADA}/office/2027/rehearsal/")
    secretary.locator("#id_against").select_option("preset:khmilnyk")
    secretary.locator("main form button").last.click()
    expect(secretary.locator("main table").first).to_be_visible()
    assert secretary.locator("main table").nth(1).locator("tbody tr").count() >= 20

    # --- frozen by two --------------------------------------------------------------------------------------------
    secretary.goto(f"{HROMADA}/office/2027/freeze/")
    secretary.locator("#id_rules-number").fill("7-3")
    secretary.locator("#id_rules-day").fill(TODAY)
    secretary.locator("#id_rules-url").fill("https://shcherbani.gov.ua/decisions/7-3")
    press(secretary, "Запропонувати другій посадовій особі")
    saved(secretary)
    expect(secretary.locator('input[name="act"][value="confirm"]')).to_have_count(0)

    resident = window(PHONE)
    resident.goto(f"{HROMADA}/2027/")
    expect(resident.locator("h1")).to_contain_text("Сторінку не знайдено")

    second.goto(f"{HROMADA}/office/2027/freeze/")
    expect(second.locator("main")).to_contain_text("№ 7-3")
    expect(second.locator("main")).to_contain_text(NAMES["zoriana"].split()[0])
    assert not is_wider_than_window(second)
    press(second, "Підтвердити")
    saved(second)

    # --- open: a resident reads the rules and submits the first project ---------------------------------------------
    resident.goto(f"{HROMADA}/2027/")
    expect(resident.locator("main")).to_contain_text("Подати проєкт")
    resident.goto(f"{HROMADA}/2027/rules/")
    expect(resident.locator("main")).to_contain_text("№ 7-3")
    expect(resident.locator("main")).to_contain_text("500 000")
    expect(resident.locator("main .timeline")).to_contain_text("зафіксовано рішенням")
    sign_in_here(resident, "zoriana", f"{HROMADA}/2027/submit/")
    resident.locator("main form button").last.click()
    resident.locator("#id_title").fill("Освітлення вулиці Шевченка")
    resident.locator("#id_summary").fill("Дванадцять ліхтарів від школи до зупинки.")
    resident.locator("#id_text").fill("Увечері діти йдуть темною вулицею. Поставимо ліхтарі.")
    go_on(resident, "place")
    go_on(resident, "cost")
    resident.locator("#id_cost").fill("90 000")
    go_on(resident, "files")
    go_on(resident, "people")
    resident.locator("#id_contact").fill("067 000 00 00")
    resident.locator("#id_agreed-publication").check()
    go_on(resident, "check")
    resident.locator(".writing-foot button").click()
    expect(resident.locator("h1")).to_contain_text("Освітлення вулиці Шевченка")


def go_on(page: Page, step: str) -> None:
    """From one step of a project that is being written to the next."""
    page.locator('.writing-foot button[value="next"]').click()
    expect(page).to_have_url(re.compile(rf"/{step}/$"))


def sign_in_here(page: Page, key: str, back: str) -> None:
    page.goto(f"{HROMADA}/login/?next={back}")
    identify(page, key)


def test_two_officials_who_edit_at_once_lose_nothing(window: NewWindow) -> None:
    """Both open the same section; the second is told what the first saved, and keeps what she typed."""
    first, second = window(DESK), window(DESK)
    there = "/poltava/office/draft/rules/submission/"
    sign_in(first, "viktor", there)
    sign_in(second, "viktor", there)
    first.locator("#id_author-author_max_projects").fill("3")
    second.locator("#id_author-author_max_projects").fill("5")
    second.locator("#id_author-max_team").fill("9")
    press(first, "Зберегти")
    saved(first)
    press(second, "Зберегти")
    told = second.locator("main .notice").first
    expect(told).to_contain_text("Найбільше проєктів одного автора")
    expect(told).to_contain_text("3")
    expect(second.locator("#id_author-author_max_projects")).to_have_value("5")
    expect(second.locator("#id_author-max_team")).to_have_value("9")
    press(second, "Зберегти")
    saved(second)
    first.goto(there)
    expect(first.locator("#id_author-author_max_projects")).to_have_value("5")
