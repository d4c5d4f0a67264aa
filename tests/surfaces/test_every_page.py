"""What holds on every page: headers, cookies, language, one heading, links that lead somewhere."""

from collections import deque

import pytest
from django.http import HttpResponse

from tests.surfaces.ground import Ground, browser, page, prefix

PAGES = (
    *(
        "/",
        "/?q=Полтава",
        "/bodies/",
        "/bodies/UA53000000000028050/",
        "/bodies/?state=voting&level=city&q=Полтава",
        "/en/bodies/",
        "/ui/",
        "/demo/",
        "/login/",
        "/none/",
        "/en/",
        "/en/none/",
    ),
    *("/", "/?q=Полтава", "/ui/", "/demo/", "/login/", "/none/", "/en/", "/en/none/"),
    *(
        "/connect/",
        "/connect/?q=Щербан",
        "/en/connect/",
        "/connect/request/?code=UA53080470000053547",
        "/journal/",
    ),
    *("/platform/", "/platform/connect/", "/platform/bodies/", "/platform/bodies/poltava/"),
    *(f"/pages/{name}/" for name in ("about", "privacy", "accessibility", "contact")),
)
INSIDE = (
    *(
        "office/staff/",
        "office/face/",
        "office/begin/",
        "office/leaving/",
        "en/office/staff/",
        "invitation/none/",
    ),
    *(f"office/begin/?step={step}" for step in ("look", "address", "staff", "contest")),
    *("", "journal/", "login/", "my/", "office/", "office/members/", "office/2026/", "office/2026/review/1/"),
    *(
        f"office/2027/{name}"
        for name in ("rules/", "rules/money/", "rules/text/", "rules/history/", "rules/ballot/")
    ),
    *(
        "office/new/",
        "office/2027/schedule/",
        "office/2027/freeze/",
        "office/2027/rehearsal/",
        "office/2026/freeze/",
        "office/districts/",
    ),
    *(
        "search/",
        "search/?q=проєкт",
        "2026/projects/map/",
        "en/2026/projects/map/",
        "2026/projects/?q=проєкт",
    ),
    *("2026/", "2026/rules/", "2026/projects/", "2026/projects/1/", "2026/vote/", "2026/vote/review/"),
    *(
        "2026/check/",
        "2026/check/?code=00",
        f"2026/check/?code={'0' * 64}",
        f"journal/?code={'0' * 64}",
        "journal/?q=проєкт&contest=2026",
        "journal/proof/",
        "en/journal/proof/",
        "pages/receipt/",
        "2025/record/",
        "2026/submit/",
        "2026/write/",
        "2025/",
        "2025/results/",
        "2025/vote/",
        "2026/results/",
    ),
    *(
        "2026/can-i/",
        "2027/can-i/",
        "en/2026/can-i/",
        "my/requests/new/",
        "my/requests/new/?contest=2026&basis=work",
    ),
    *("office/members/requests/", "office/members/register/"),
    *("2026/coach/", "2026/coach/?q=лава", "2026/projects/1/versions/", "2026/projects/1/print/"),
    *("my/notices/", "my/follows/", "my/notices/settings/", "en/my/notices/"),
    *("my/notices/", "my/follows/", "en/my/notices/"),
    # support and the check of form
    *("office/2026/support/", "office/2026/support/sheets/new/"),
    *("2026/turnout/", "en/2025/turnout/", "office/2026/integrity/", "office/2026/integrity/thresholds/"),
    *("office/2026/check/", "office/2026/check/1/", "2026/projects/1/sign/", "2026/projects/1/sheet/"),
    *("2027/", "none/", "pages/contact/", "en/", "en/2026/", "en/2026/vote/", "en/2025/results/"),
)
STRICT = {
    "default-src": ["'none'"], "frame-ancestors": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'"],
}  # fmt: skip


def directives(response: HttpResponse) -> dict[str, list[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: values for name, *values in parts}


def every_page(ground: Ground) -> list[str]:
    return [*PAGES, *(prefix(ground.poltava) + path for path in INSIDE)]


@pytest.mark.parametrize(
    "visitor", ["anonymous", "author", "administrator", "commission", "auditor", "platform"]
)
def test_headers_language_title_and_heading_of_every_page(ground: Ground, visitor: str) -> None:
    client = browser(ground.visitors[visitor])
    faults = []
    for address in every_page(ground):
        response = client.get(address)
        policy = directives(response)
        if "'unsafe-inline'" in str(policy) or "'unsafe-eval'" in str(policy) or "*" in str(policy):
            faults.append(f"{address}: loose policy {policy}")
        if any(policy.get(name) != value for name, value in STRICT.items()):
            faults.append(f"{address}: policy {policy}")
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }
        if any(response.get(name) != value for name, value in headers.items()):
            faults.append(f"{address}: headers {dict(response.headers)}")
        if response.status_code == 302:
            continue
        seen = page(response)
        language = "en" if "/en/" in address else "uk"
        if seen.lang != language or response.get("Content-Language", language) != language:
            faults.append(f"{address}: language {seen.lang}")
        if len(seen.headings) != 1 or not seen.headings[0].strip():
            faults.append(f"{address}: headings {seen.headings}")
        if len(seen.title.split("·")[0].strip()) < 3:
            faults.append(f"{address}: title {seen.title!r}")
        if seen.inline:
            faults.append(f"{address}: inline {seen.inline}")
    assert faults == []


def test_ballot_receipt_and_personal_pages_are_never_stored(ground: Ground) -> None:
    base = prefix(ground.poltava)
    client = browser(ground.visitors["administrator"])
    names = (
        "2026/vote/", "2026/vote/values/", "2026/vote/review/", "2026/vote/receipt/", "2026/check/", "my/",
        "office/", "office/2026/", "office/members/", "2026/write/", "login/", "2026/can-i/",
        "my/requests/new/", "office/members/requests/", "office/members/register/",
        "office/members/register/tool/",
    )  # fmt: skip
    for name in names:
        assert "no-store" in client.get(base + name).get("Cache-Control", ""), name
    assert "no-store" in browser().get(f"{base}2025/vote/")["Cache-Control"]


def test_a_page_that_shows_who_is_looking_is_not_kept_by_shared_caches(ground: Ground) -> None:
    """The name stands in the head of every page: a cache between must not give it to the next person."""
    client = browser(ground.visitors["resident"])
    for name in ("", "2026/", "2026/projects/", "journal/"):
        response = client.get(prefix(ground.poltava) + name)
        assert "Cookie" in response.get("Vary", ""), name


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(ground: Ground) -> None:
    client = browser()
    base = prefix(ground.poltava)
    client.get("/theme/dark/")
    client.get("/login/")
    client.post("/login/", {"method": "isei:bank_id"})
    client.post(f"{base}2026/vote/", {"choice": ["1"]})
    names = set(client.cookies)
    assert {"viche", "csrf", "theme"} <= names
    assert any(name.startswith("ballot-") for name in names)
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"] or name == "theme", name


def test_a_theme_link_leads_back_on_this_site_only(ground: Ground) -> None:
    client = browser()
    assert client.get("/theme/dark/?next=/poltava/").headers["Location"] == "/poltava/"
    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "https:evil.example"):
        assert client.get("/theme/dark/", {"next": foreign}).headers["Location"] == "/", foreign
    assert page(client.get("/")).lang == "uk"
    assert b'data-theme="dark"' in client.get("/").content


def test_the_language_of_the_address_stays_along_the_links(ground: Ground) -> None:
    """From the English start page every page of content is reached in English."""
    start = page(browser().get("/en/", {"q": "Полтава"}))
    assert "/poltava/en/" in start.own_links
    assert "/poltava/" not in [href for href in start.own_links if "theme" not in href]
    client = browser(ground.visitors["administrator"])
    for name in (
        "",
        "2026/",
        "2026/projects/",
        "2026/projects/1/",
        "2026/vote/",
        "2025/results/",
        "my/",
        "office/",
    ):
        address = f"{prefix(ground.poltava)}en/{name}"
        seen = page(client.get(address))
        assert seen.lang == "en"
        own = [href for href in seen.own_links if href.startswith("/poltava/20")]
        own = [href for href in own if href != address.replace("/en/", "/")]  # the switch itself
        assert own == [], f"{address}: leads to another language"


def test_the_other_language_of_each_page_is_one_link_away(ground: Ground) -> None:
    client = browser()
    for there in ("", "2026/projects/?q=%D1%81", "2026/vote/"):
        here = f"en/{there}"
        assert prefix(ground.poltava) + here in page(client.get(prefix(ground.poltava) + there)).own_links
        assert prefix(ground.poltava) + there in page(client.get(prefix(ground.poltava) + here)).own_links


@pytest.mark.parametrize("visitor", ["anonymous", "author", "administrator"])
def test_every_link_leads_somewhere(ground: Ground, visitor: str) -> None:
    """A walk from the start page along every link of the site: nothing is missing, nothing breaks."""
    client = browser(ground.visitors[visitor])
    waiting = deque([("/", "the start"), ("/?q=Полтава", "search")])
    seen, faults = {"/"}, []
    while waiting and len(seen) < 400:
        address, come_from = waiting.popleft()
        response = client.get(address)
        # over and done, or not for this visitor: said in words, and no dead end
        if response.status_code not in {200, 301, 302, 403, 409}:
            faults.append(f"{address} (on {come_from}): {response.status_code}")
        if "text/html" not in response.get("Content-Type", "") or response.status_code in {301, 302}:
            continue
        for href in page(response).own_links:
            target = href if href.startswith("/") else address.partition("?")[0] + href
            path = target.partition("?")[0]
            if "/theme/" in path or "/login/" in path or "/media/" in path or "/en/" in path or path in seen:
                continue
            seen.add(path)
            waiting.append((target, address))
    assert faults == []
    assert len(seen) > 25


def test_pictures_styles_and_scripts_of_a_page_exist(ground: Ground, client: object) -> None:
    from django.contrib.staticfiles import finders

    seen = page(browser().get(f"{prefix(ground.poltava)}2026/vote/"))
    styles = [href for href in seen.resources if href.startswith("/static/")]
    assert len(styles) > 5
    assert [href for href in styles if finders.find(href.removeprefix("/static/")) is None] == []
    assert browser().get(f"{prefix(ground.poltava)}brand.css")["Content-Type"].startswith("text/css")
