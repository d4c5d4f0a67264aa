"""Paper results come in a file: an official brings it, a job checks and puts it, another official confirms."""

import os
import subprocess
import sys

from playwright.sync_api import expect

from tests.browser.conftest import DESK, NewWindow
from tests.browser.test_every_page import faults_of
from tests.browser.test_paper_entry import looked_at
from tests.browser.walk import sign_in

BASE = "/poltava/office/paper/papers/"


def do_jobs(environment: dict[str, str]) -> None:
    """What waits is done, as by the worker."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--one-shot", "--concurrency", "1"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, timeout=120)


def test_a_file_goes_into_the_box_and_another_official_confirms_it(
    window: NewWindow, running_site: tuple[str, dict[str, str]]
) -> None:
    first, second = window(DESK), window(DESK)
    sign_in(first, "halyna", BASE)
    first.locator('main a[href$="/papers/imports/"]').click()
    looked_at(first, "imports-empty")
    rows = "Номер бюлетеня;Проєкти;Чому недійсний\r\n7;1, 2;\r\n8;;unsigned\r\n19;1;\r\n"
    first.locator("#id_file").set_input_files(
        {"name": "ЦНАП.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    first.locator("main form button").click()
    expect(first.locator("#id_column_0")).to_have_value("serial")
    looked_at(first, "import-columns")
    there = first.url
    first.locator('button[value="check"]').click()
    looked_at(first, "import-checking")
    do_jobs(running_site[1])
    # the page looks for itself
    expect(first.locator('button[value="run"]')).to_be_visible(timeout=15_000)
    looked_at(first, "import-checked")
    first.locator('button[value="run"]').click()
    do_jobs(running_site[1])
    expect(first.locator("#outcome")).to_be_visible(timeout=15_000)
    expect(first.locator('button[value="close"]')).to_have_count(0)
    sign_in(second, "iryna", there[there.index("/poltava") :])
    looked_at(second, "import-entered")
    second.locator('button[value="close"]').click()
    looked_at(second, "import-closed")
    with second.expect_download() as report:
        second.locator('a[href$="report.csv"]').click()
    lines = report.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == ["7", "8", "19"]
    assert faults_of(second) == []
