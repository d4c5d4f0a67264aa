"""The commission has a report made, everybody reads it and checks it: with scripts and without."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, REPOSITORY, NewWindow
from tests.browser.test_every_page import faults_of, look
from tests.browser.walk import is_wider_than_window, sign_in

OFFICE, PUBLIC, CHECK = (
    "/poltava/office/reports/?contest=over",
    "/poltava/over/reports/",
    "/poltava/reports/check/",
)

COUNT = """
import django
django.setup()
from viche.contests.models import Contest
from viche.reports.actions import count_tallies
count_tallies(contest=Contest.objects.select_related("community__territory").get(slug="over"))
"""

MAKE = """
import django
django.setup()
from viche.reports.official.actions import make_report
from viche.reports.official.models import Report
for each in Report.objects.filter(state="waiting"):
    assert make_report(report=each).state == "made", each.fault
"""


def run(text: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", text], env=environment, cwd=REPOSITORY, check=True)


def asked(page: Page, language: str) -> None:
    """Press for the first report, in this language only."""
    page.goto(OFFICE)
    for each in ("uk", "en"):
        page.locator(f'input[name="languages"][value="{each}"]').set_checked(each == language)
    page.locator('button[name="kind"]').first.click()
    expect(page.locator("#report .meter")).to_be_visible()


@pytest.mark.parametrize(("scripts", "language"), [(False, "uk"), (True, "en")])
def test_a_report_from_the_button_to_its_check(
    window: NewWindow, running_site: tuple[str, dict[str, str]], tmp_path: Path, scripts: bool, language: str
) -> None:
    environment = running_site[1]
    run(COUNT, environment)
    official = window(DESK, java_script_enabled=scripts)
    sign_in(official, "iryna", OFFICE)
    asked(official, language)
    run(MAKE, environment)
    # the page comes to it by itself
    expect(official.locator("#report code").first).to_be_visible(timeout=12_000)
    number = official.locator("#facts").inner_text()

    anybody = window(PHONE, java_script_enabled=scripts)
    anybody.goto(PUBLIC)
    row = anybody.locator("article", has_text=number)
    with anybody.expect_download() as coming:
        row.get_by_role("link").first.click()
    pdf = tmp_path / "report.pdf"
    coming.value.save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")

    anybody.goto(CHECK)
    anybody.locator('input[name="file"]').set_input_files(pdf)
    anybody.locator("main form button").click()
    expect(anybody.locator(".notice.tone-success")).to_be_visible()
    expect(anybody.locator("main article")).to_contain_text(number)
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 not ours")
    anybody.locator('input[name="file"]').set_input_files(other)
    anybody.locator("main form button").click()
    expect(anybody.locator(".notice.tone-danger")).to_be_visible()
    assert not is_wider_than_window(anybody) if scripts else True


def test_the_pages_have_no_faults(window: NewWindow, running_site: tuple[str, dict[str, str]]) -> None:
    run(COUNT, running_site[1])
    page = window(DESK)
    sign_in(page, "viktor", OFFICE)
    found = faults_of(page)
    page.set_viewport_size(DESK)
    for each in ("uk", "en"):
        page.locator(f'input[name="languages"][value="{each}"]').check()
    page.locator('button[name="kind"]').first.click()
    expect(page.locator("#issued tbody tr").first).to_be_visible()
    found += faults_of(page)
    page.set_viewport_size(DESK)
    run(MAKE.replace('== "made"', 'in {"made", "same"}'), running_site[1])
    page.goto(OFFICE)
    page.locator("#issued a").first.click()
    found += faults_of(page)
    page.locator("summary").last.click()
    found += faults_of(page)
    found += look(page, "/poltava/office/reports/letterhead/", PUBLIC, CHECK, f"/poltava/en{PUBLIC[8:]}")
    assert found == []
