"""Identification: every way it can fail is a page in the person's language, with a way to try again."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.http import HttpResponse
from django.test import Client

from tests import given
from tests.identity.isei_walk import Form
from tests.surfaces.ground import VOTING_DAY, browser, page
from viche.foundation import clock
from viche.identity.models import Person
from viche.identity.providers.isei.simulator import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, make_server, running
from viche.identity.registry import providers

CALLBACK = "/identity/callback/isei/"
TO = "/poltava/en/2026/vote/review/"


@pytest.fixture
def simulator(settings: Any) -> Iterator[str]:
    """The simulator of id.gov.ua, and the site set up to use it."""
    with running(make_server(allow=["http://localhost/"], slow_seconds=3)) as server:
        settings.IDENTITY_ENVIRONMENT = {
            "ISEI_URL": server.url, "ISEI_CLIENT_ID": DEMO_CLIENT_ID, "ISEI_CLIENT_SECRET": DEMO_CLIENT_SECRET,
            "ISEI_TIMEOUT": "1",
        }  # fmt: skip
        providers.cache_clear()
        yield server.url


@pytest.fixture
def client(db: None, voting_day: None) -> Client:
    given.contest()
    return browser(SERVER_NAME="localhost")


def begin(client: Client, language: str = "en/") -> str:
    """Choose BankID; the address of the provider the browser is sent to."""
    answer = client.post(f"/{language}login/", {"method": "isei:bank_id", "next": TO})
    assert answer.status_code == 302
    return str(answer["Location"])


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def through(address: str, key: str, fault: str = "", **extra: str) -> dict[str, str]:
    """What the person does at the simulator; the query they come back with."""
    with httpx.Client(trust_env=False, timeout=10) as outside:
        seen = Form(outside.get(address).text)
        choice = {**seen.hidden, "person": key, "method": "bank_id", "fault": fault, **extra}
        origin = urlsplit(address)
        answer = outside.post(f"{origin.scheme}://{origin.netloc}/choose", data=choice)
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def says_no(response: HttpResponse, code: str, status: int = 400) -> None:
    """A page in English that names the fault, offers to try again, and leads back to where the person was."""
    seen = page(response)
    assert response.status_code == status
    assert code in seen.text
    assert seen.lang == "en"
    assert len(seen.headings) == 1
    again = next(
        href for href in seen.own_links if href.startswith("/en/login/?next=") and "identity" not in href
    )
    assert parse_qs(urlsplit(again).query)["next"][0].startswith(("/poltava/", "/en/"))
    assert "no-store" in response["Cache-Control"]


def test_identified_and_back_where_one_wanted_to_go(client: Client, simulator: str) -> None:
    answer = client.get(CALLBACK, through(begin(client), "petro"))
    assert answer["Location"] == TO
    assert Person.objects.get().given_name == "Петро"
    greeting = page(client.get("/poltava/en/"))
    assert "You are identified as" in greeting.text


def test_the_session_key_is_new_after_identification(client: Client, simulator: str) -> None:
    query = through(begin(client), "petro")
    before = client.cookies["viche"].value
    client.get(CALLBACK, query)
    assert client.cookies["viche"].value != before


def test_an_answer_nobody_asked_for_is_refused(client: Client) -> None:
    client.get("/en/login/")
    begin(client)
    for query in (
        {"state": "forged-state-0123456789", "code": "x"},
        {"state": "é", "code": "x"},
        {"code": "x"},
        {},
    ):
        says_no(client.get(CALLBACK, query), "bad_state")
    assert not Person.objects.exists()


def test_an_answer_of_another_browser_is_refused(client: Client, simulator: str) -> None:
    """Somebody else's finished identification, sent as a link, makes nobody them."""
    query = through(begin(browser(SERVER_NAME="localhost")), "petro")
    begin(client)
    says_no(client.get(CALLBACK, query), "bad_state")
    assert page(client.get("/poltava/my/")).text == ""


def test_an_answer_is_taken_once(client: Client, simulator: str) -> None:
    query = through(begin(client), "petro")
    assert client.get(CALLBACK, query).status_code == 302
    says_no(client.get(CALLBACK, query), "bad_state")


def test_an_answer_that_took_too_long_is_refused_and_leads_on(client: Client, simulator: str) -> None:
    query = through(begin(client), "petro")
    with clock.at(VOTING_DAY + timedelta(seconds=901)):
        answer = client.get(CALLBACK, query)
    says_no(answer, "expired_state")
    again = [href for href in page(answer).own_links if "/login/" in href and "identity" not in href]
    assert parse_qs(urlsplit(again[0]).query)["next"] == [TO]


def test_a_cancelled_identification_says_so(client: Client, simulator: str) -> None:
    says_no(client.get(CALLBACK, through(begin(client), "petro", cancel="1")), "denied")


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        ("wrong_state", "bad_state", 400),
        ("code_used", "code_used", 400),
        ("wrong_key", "misconfigured", 400),
        ("token_html", "bad_answer", 400),
        ("token_500", "provider_down", 502),
        ("token_slow", "provider_slow", 502),
        ("info_error", "bad_answer", 400),
        ("info_encrypted", "encrypted_answer", 400),
        ("wrong_check_digit", "number_wrong", 400),
    ],
)
def test_whatever_the_provider_does_the_person_reads_why_and_can_try_again(
    client: Client, simulator: str, fault: str, code: str, status: int
) -> None:
    says_no(client.get(CALLBACK, through(begin(client), "petro", fault)), code, status)
    assert not Person.objects.exists()
    # trying again succeeds
    assert client.get(CALLBACK, through(begin(client), "petro")).status_code == 302


def test_nobody_answers_at_the_provider(client: Client) -> None:
    state = state_of(begin(client))
    says_no(client.get(CALLBACK, {"state": state, "code": "anything"}), "provider_down", 502)


def test_somebody_without_a_tax_number_reads_what_to_do(client: Client, simulator: str) -> None:
    answer = client.get(CALLBACK, through(begin(client), "vasyl"))
    says_no(answer, "no_number", 422)


def test_a_failure_begun_in_ukrainian_is_told_in_ukrainian(client: Client) -> None:
    state = state_of(begin(client, language=""))
    assert page(client.get(CALLBACK, {"state": state, "error": "access_denied"})).lang == "uk"


def test_an_unknown_method_or_provider_is_refused(client: Client) -> None:
    for method in ("", "isei", "isei:", "isei:password", "bank:bank_id", "isei:bank_id:x"):
        assert client.post("/login/", {"method": method}).status_code == 422, method
    assert client.get("/identity/callback/unknown/").status_code == 404


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_identification_never_leads_to_another_site(client: Client, simulator: str, there: str) -> None:
    address = client.post("/login/", {"method": "isei:bank_id", "next": there})["Location"]
    assert client.get(CALLBACK, through(address, "petro"))["Location"] == "/"


def test_signing_in_from_the_head_of_any_page_ends_on_a_page_of_content(
    client: Client, simulator: str
) -> None:
    """The link in the head leads back to where it stands; the pages of login and of its failure are no aim."""
    failed = page(client.get(CALLBACK, {"state": "forged-state-0123456789"}))
    within = page(client.get("/poltava/en/login/", {"next": TO}))
    for seen, there in ((failed, "/"), (within, TO)):
        link = next(href for href in seen.own_links if "/login/?next=" in href)
        hidden = page(client.get(link)).hidden["next"]
        assert set(hidden) == {there if there != "/" else "/en/"} or set(hidden) == {there}


def test_six_tabs_of_login_are_no_trouble_for_the_last_five(client: Client, simulator: str) -> None:
    addresses = [begin(client) for _tab in range(6)]
    says_no(client.get(CALLBACK, {"state": state_of(addresses[0]), "code": "x"}), "bad_state")
    assert client.get(CALLBACK, through(addresses[1], "petro")).status_code == 302


def test_signing_out_ends_the_session_by_a_form_only(client: Client, simulator: str) -> None:
    client.get(CALLBACK, through(begin(client), "petro"))
    assert client.get("/poltava/logout/").status_code == 302
    assert client.get("/poltava/my/").status_code == 200
    assert client.post("/poltava/en/logout/")["Location"] == "/poltava/en/"
    assert client.get("/poltava/my/").status_code == 302
