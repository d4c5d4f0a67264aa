"""Pages over many contests in the browser: on a telephone and on a desk, light and dark, without a script."""

import subprocess
import sys

import pytest

from tests.browser.conftest import DESK, PHONE, REPOSITORY, NewWindow
from tests.browser.test_every_page import look


@pytest.fixture(autouse=True)
def neighbours(running_site: tuple[str, dict[str, str]]) -> None:
    command = [sys.executable, "-m", "tests.browser.neighbours"]
    subprocess.run(command, env=running_site[1], cwd=REPOSITORY, check=True)


def test_pages_across_communities_are_accessible_and_fit(window: NewWindow) -> None:
    page = window(DESK)
    found = look(
        page,
        "/regions/",
        "/regions/?by=built",
        "/regions/UA53000000000028050/",
        "/poltava/years/",
        "/poltava/compared/",
        "/hromada-1/compared/",
        "/en/regions/",
    )
    assert found == []


def test_a_reader_without_scripts_comes_from_the_country_to_a_body_and_its_neighbours(
    window: NewWindow,
) -> None:
    page = window(PHONE, java_script_enabled=False)
    page.goto("/en/")
    page.locator("main a[href='/en/regions/']").click()
    assert page.locator("svg.chart-map:visible path").count() > 20
    page.locator("main .figure-table a[href*='/regions/UA53']").click()
    page.locator("main a[href$='/hromada-1/en/years/']").first.click()
    page.locator("main a[href$='/hromada-1/en/compared/']").click()
    # one picture for the width of the telephone, and its table
    assert page.locator("svg.chart-quarters:visible").count() == 1
    assert page.locator("#similar").is_visible()
