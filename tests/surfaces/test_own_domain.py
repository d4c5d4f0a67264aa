"""A body's own domain works from the moment it is entered, and no longer than it is; strangers' names never do."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as house
from django.test import Client, override_settings

from tests import given
from tests.surfaces.ground import browser, holder
from viche.communities.actions import readdress_community
from viche.communities.models import Community
from viche.connectors.website.domain import domain_findings, mark_of
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.portal.views.identity import callback_url

pytestmark = pytest.mark.django_db

OWN = "budget.poltava.example"


@pytest.fixture
def body() -> Community:
    contest, _projects = given.voting_contest()
    return contest.community


def give(body: Community, host: str) -> None:
    by = actor_of(holder("Віктор", "administrator", body), body)
    readdress_community(community=body, slug=body.slug, host=host, by=by)


@pytest.fixture(autouse=True)
def _at_once(settings) -> None:
    settings.OWN_DOMAINS_AT_ONCE = True


def test_a_domain_that_the_operator_has_not_listed_does_not_answer(body, settings):
    """Otherwise whoever enters the name of another community first would be shown under it."""
    settings.OWN_DOMAINS_AT_ONCE = False
    give(body, OWN)
    client = Client(headers={"host": OWN})
    assert client.get("/").status_code == 400
    assert Client().get("/health/domain", {"domain": OWN}).status_code == 404
    settings.KNOWN_HOSTS = [*settings.KNOWN_HOSTS, OWN]
    assert client.get("/").status_code == 200
    assert Client().get("/health/domain", {"domain": OWN}).status_code == 200


def test_without_a_restart_the_domain_answers_once_it_is_entered(body):
    client = Client(headers={"host": OWN})
    assert client.get("/").status_code == 400
    give(body, OWN)
    answer = client.get("/")
    assert answer.status_code == 200
    assert body.title in answer.content.decode()
    give(body, "")
    assert client.get("/").status_code == 400


def test_every_link_and_file_stays_on_the_domain(body):
    give(body, OWN)
    client = Client(headers={"host": OWN})
    text = client.get("/2026/").content.decode()
    assert 'href="/2026/projects/"' in text
    assert "/poltava/" not in text
    assert client.get("/en/2026/projects/").status_code == 200
    assert client.get("/poltava/2026/").status_code == 404


def test_a_form_sent_on_the_domain_is_taken_and_one_from_elsewhere_is_not(body):
    give(body, OWN)
    client = Client(enforce_csrf_checks=True, headers={"host": OWN})
    page = client.get("/pages/contact/")
    token = page.context["csrf_token"]
    form = {"csrfmiddlewaretoken": str(token), "subject": "question", "text": "", "name": "", "email": ""}
    for origin, expected in (
        (f"http://{OWN}", {200, 422}),
        ("https://evil.example", {403}),
        ("http://localhost", {403}),
    ):
        answer = client.post("/pages/contact/", form, headers={"origin": origin})
        assert answer.status_code in expected, origin


def test_cookies_are_the_domains_own(body):
    give(body, OWN)
    client = Client(headers={"host": OWN})
    client.get("/pages/contact/")
    assert client.cookies
    assert all(not each["domain"] for each in client.cookies.values())


def test_a_provider_sends_the_person_back_to_the_domain(body):
    """What the provider is told, and where the person then arrives: an unknown attempt is refused by us, not lost."""
    give(body, OWN)
    client = Client(headers={"host": OWN})
    request = client.get("/login/").wsgi_request
    assert callback_url(request, "isei") == f"http://{OWN}/identity/callback/isei/"
    assert client.get("/identity/callback/isei/", {"code": "x", "state": "y"}).status_code == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "budget.poltava.example.evil.example", "x.budget.poltava.example"]
)
def test_any_other_name_is_refused(body, host):
    give(body, OWN)
    assert Client(headers={"host": host}).get("/").status_code == 400
    assert Client(headers={"host": host}).get("/static/viche/viche.js").status_code == 400


def test_the_proxy_gets_certificates_for_our_hosts_only(body):
    give(body, OWN)
    answers = {
        name: Client(headers={"host": "app.internal"}).get("/health/domain", {"domain": name}).status_code
        for name in (OWN, OWN.upper(), f"{OWN}.", "localhost", "evil.example", "", f"x.{OWN}", "a" * 300, "*")
    }
    assert answers == {
        OWN: 200, OWN.upper(): 200, f"{OWN}.": 200, "localhost": 200, "evil.example": 404, "": 404, f"x.{OWN}": 404,
        "a" * 300: 404, "*": 404,
    }  # fmt: skip


def test_only_that_question_is_answered_under_a_name_we_do_not_know(body):
    client = Client(headers={"host": "app.internal"})
    assert client.get("/health/domain", {"domain": OWN}).status_code == 404
    for path in ("/health/", "/", "/health/domain/", "/poltava/"):
        assert client.get(path).status_code == 400, path


def test_the_proxy_is_not_sent_to_tls(body):
    give(body, OWN)
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert (
            Client(headers={"host": "app.internal"}).get("/health/domain", {"domain": OWN}).status_code == 200
        )
        assert Client(headers={"host": OWN}).get("/").status_code == 301


def test_the_platforms_domain_cannot_be_taken(body):
    by = actor_of(holder("Віктор", "administrator", body), body)
    with override_settings(PLATFORM_HOSTS=["vote.example.ua"]), pytest.raises(Refused) as refused:
        readdress_community(community=body, slug=body.slug, host="vote.example.ua", by=by)
    assert refused.value.code == "host_taken"


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)["domain"][0]
        body = (mark_of(asked) if self.server.is_us else "hello").encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(("is_us", "expected"), [(True, [True, True, True]), (False, [True, False, True])])
def test_the_check_tells_our_server_from_another(is_us, expected):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        server.is_us = is_us  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        found = domain_findings(OWN, address=f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
    assert [each.is_good for each in found] == expected


def test_a_name_nobody_knows_is_said(body):
    found = domain_findings("budget.invalid")
    assert [each.is_good for each in found] == [False, None, None]


def test_the_page_takes_the_domain_and_shows_the_records(body):
    with clock.at(given.day(45)):
        client = browser(holder("Віктор", "administrator", body), headers={"accept-language": "en"})
        way = f"/{body.slug}/en/office/website/domain/"
        assert client.post(way, {"host": "not a domain"}).status_code == 422
        assert client.post(way, {"host": OWN}).status_code == 302
        text = client.get(way).content.decode()
    assert OWN in text
    assert "CNAME" in text
    assert house.PLATFORM_HOSTS[0] in text
