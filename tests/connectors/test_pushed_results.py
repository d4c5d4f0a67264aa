"""Results on the body's own site: one page there whatever happens on the way, and what happened is visible."""

import itertools
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook
from tests import given
from tests.connectors.finished import published_contest, voted_contest

from viche.connectors.website.models import Push, PushState, PushTarget
from viche.connectors.website.pushing.actions import check_target, connect_target, push_now, remove_target
from viche.connectors.website.pushing.delivering import ATTEMPTS, queue_pushes, send_pushes
from viche.connectors.website.pushing.simulator.server import PASSWORD, USER, SiteState, site_server
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal.models import Entry

SITE = "https://budget.example/poltava/"
LATER = given.day(63)


@pytest.fixture
def contest(db: None) -> Contest:
    """Voted, not published yet."""
    return voted_contest(6)


@pytest.fixture
def administrator(contest: Contest) -> Actor:
    return given.official("Віктор", "administrator", contest.community)


@pytest.fixture
def wordpress() -> Iterator[SiteState]:
    with site_server("wordpress") as site:
        yield site


@pytest.fixture
def webdav() -> Iterator[SiteState]:
    with site_server("webdav") as site:
        yield site


def connected(contest: Contest, by: Actor, address: str, kind: str = "wordpress", **facts: Any) -> PushTarget:
    said = {"title": "Сайт громади", "user": USER, "password": PASSWORD, **facts}
    with clock.at(given.day(1)):
        target, _made = connect_target(
            community=contest.community, kind=kind, address=address, site=SITE, by=by, **said
        )
    return target


def worked(at: datetime) -> int:
    """What the job does in a minute."""
    with clock.at(at):
        queue_pushes()
        return send_pushes()


def the_push() -> Push:
    return Push.objects.get()


def test_a_published_result_becomes_a_page_of_wordpress(contest, administrator, wordpress):
    connected(contest, administrator, wordpress.url)
    assert worked(given.day(61)) == 0
    assert not Push.objects.exists()
    published_contest(contest)
    assert worked(LATER) == 1
    [page] = wordpress.pages.values()
    assert (page["slug"], page["status"], page["title"]["raw"]) == (
        "viche-2026", "publish", "Результати: Громадський бюджет 2026"
    )  # fmt: skip
    text = page["content"]["raw"]
    for project in contest.projects.all():
        assert f'<a href="{SITE}2026/projects/{project.number}/">{project.title}</a>' in text
    assert f'href="{SITE}2026/record/"' in text
    assert "<script" not in text
    assert "style=" not in text
    push = the_push()
    assert (push.state, push.outcome, push.status, push.link) == (
        "sent",
        "ok",
        201,
        f"{wordpress.url}/viche-2026/",
    )
    assert Entry.objects.filter(kind="ResultsPushed").count() == 1


def test_pushed_again_it_is_the_same_page(contest, administrator, wordpress):
    target = connected(contest, administrator, wordpress.url)
    published_contest(contest)
    worked(LATER)
    for hour in (1, 2):
        with clock.at(LATER + timedelta(hours=hour)):
            push_now(target=target, contest=contest, by=administrator)
        assert worked(LATER + timedelta(hours=hour)) == 1
    assert list(wordpress.pages) == [41]
    assert Entry.objects.filter(kind="ResultsPushed").count() == 1


def test_a_push_whose_answer_was_lost_finds_its_page_by_the_address(contest, administrator, wordpress):
    """The worker died after WordPress had made the page and before it was written down."""
    connected(contest, administrator, wordpress.url)
    published_contest(contest)
    worked(LATER)
    Push.objects.update(
        state="sending", remote="", link="", sent_at=None, next_at=LATER + timedelta(minutes=5)
    )
    assert worked(LATER + timedelta(minutes=4)) == 0
    assert worked(LATER + timedelta(minutes=6)) == 1
    assert (list(wordpress.pages), the_push().remote) == ([41], "41")


@pytest.mark.parametrize(
    ("odd", "sent", "outcome"),
    [
        ({"id": int("9" * 50)}, 0, "not_there"),
        ({"id": "²"}, 0, "not_there"),
        ({"link": "https://poltava.example/\x00\n" + "x" * 600}, 1, "ok"),
    ],
)
def test_an_odd_answer_of_one_site_stops_no_queue(contest, administrator, wordpress, odd, sent, outcome):
    connected(contest, administrator, wordpress.url)
    published_contest(contest)
    wordpress.odd = odd
    assert worked(LATER) == sent
    push = the_push()
    assert (push.outcome, push.link.startswith("https://poltava.example/xx")) == (outcome, sent == 1)


def test_a_page_that_was_deleted_there_is_made_anew(contest, administrator, wordpress):
    target = connected(contest, administrator, wordpress.url)
    published_contest(contest)
    worked(LATER)
    wordpress.pages.clear()
    push_now(target=target, contest=contest, by=administrator)
    assert worked(clock.now()) == 1
    assert len(wordpress.pages) == 1


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(500, "broken"), (401, "denied"), (302, "redirect"), (429, "busy"), (404, "not_there")],
)
def test_a_site_that_fails_for_hours_gets_its_page_afterwards(
    contest, administrator, wordpress, fault, outcome
):
    connected(contest, administrator, wordpress.url)
    published_contest(contest)
    wordpress.fault = fault
    at, tries = LATER, []
    while at < LATER + timedelta(hours=6):
        before = len(wordpress.requests)
        assert worked(at) == 0
        if len(wordpress.requests) > before:
            tries.append(at)
        at += timedelta(minutes=1)
    push = the_push()
    assert (push.state, push.outcome, push.status) == ("queued", outcome, fault)
    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert 6 <= len(tries) <= 9
    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(minutes=3)
    wordpress.fault = 0
    assert worked(push.next_at) == 1
    assert len(wordpress.pages) == 1


def test_a_site_that_is_down_or_does_not_answer_is_waited_for(contest, administrator, wordpress, monkeypatch):
    from viche.connectors.website.pushing import sites

    monkeypatch.setattr(sites, "TIMEOUT", 1)
    connected(contest, administrator, wordpress.url)
    with site_server("webdav") as gone:
        connected(contest, administrator, f"{gone.url}/dav/", "webdav", title="Папка")
    published_contest(contest)
    wordpress.slow = 3
    assert worked(LATER) == 0
    assert {push.target.kind: push.outcome for push in Push.objects.all()} == {
        "wordpress": "timeout", "webdav": "connection"
    }  # fmt: skip
    wordpress.slow = 0
    assert worked(LATER + timedelta(minutes=2)) == 1


def test_after_three_days_it_is_given_up_and_an_official_may_begin_anew(contest, administrator, wordpress):
    target = connected(contest, administrator, wordpress.url)
    published_contest(contest)
    wordpress.fault = 503
    worked(LATER)
    while the_push().state == PushState.QUEUED:
        assert worked(the_push().next_at) == 0
    push = the_push()
    assert (push.state, push.attempts, push.outcome) == ("failed", ATTEMPTS, "broken")
    assert timedelta(days=2) < push.tried_at - LATER < timedelta(days=4)
    wordpress.fault = 0
    assert worked(push.tried_at + timedelta(days=30)) == 0
    push_now(target=target, contest=contest, by=administrator)
    assert worked(clock.now()) == 1


def test_a_folder_gets_the_page_and_the_json_and_knows_its_etag(contest, administrator, webdav):
    target = connected(contest, administrator, f"{webdav.url}/dav/", "webdav")
    published_contest(contest)
    assert worked(LATER) == 1
    assert set(webdav.files) == {"/dav/viche-2026.html", "/dav/viche-2026.json"}
    assert b"<table>" in webdav.files["/dav/viche-2026.html"]
    document = json.loads(webdav.files["/dav/viche-2026.json"])
    assert document["format"] == "viche-result/1"
    assert document["voters"] == 6
    assert the_push().etag
    push_now(target=target, contest=contest, by=administrator)
    assert worked(clock.now()) == 1


def test_a_page_of_somebody_elses_in_the_folder_is_left_alone(contest, administrator, webdav):
    connected(contest, administrator, f"{webdav.url}/dav/", "webdav")
    published_contest(contest)
    webdav.files["/dav/viche-2026.html"] = b"<p>ours</p>"
    assert worked(LATER) == 0
    assert (the_push().outcome, webdav.files) == ("foreign_page", {"/dav/viche-2026.html": b"<p>ours</p>"})


def test_our_page_that_somebody_corrected_there_is_replaced(contest, administrator, webdav):
    target = connected(contest, administrator, f"{webdav.url}/dav/", "webdav")
    published_contest(contest)
    worked(LATER)
    webdav.files["/dav/viche-2026.html"] += b"<!-- corrected -->"
    push_now(target=target, contest=contest, by=administrator)
    assert worked(clock.now()) == 1
    assert b"corrected" not in webdav.files["/dav/viche-2026.html"]


class _Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


def test_json_is_signed_by_standard_webhooks(contest, administrator):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Taker) as server:
        server.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        with clock.at(given.day(1)):
            target, secret = connect_target(
                community=contest.community, kind="signed-post", title="Портал", user="", password="", site=SITE,
                address=f"http://127.0.0.1:{server.server_address[1]}/results", by=administrator,
            )  # fmt: skip
        published_contest(contest)
        assert check_target(target=target, by=administrator) == "ok"
        queue_pushes()
        assert send_pushes() == 1
        push_now(target=target, contest=contest, by=administrator)
        assert send_pushes() == 1
        server.shutdown()
    (ping, first, again) = server.taken  # type: ignore[attr-defined]
    for headers, body in (ping, first, again):
        assert Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    assert json.loads(first[1])["data"]["contest"] == "2026"
    assert first[0]["webhook-id"] == again[0]["webhook-id"] != ping[0]["webhook-id"]


def test_the_connection_is_tested_without_publishing(contest, administrator, wordpress):
    target = connected(contest, administrator, wordpress.url)
    assert check_target(target=target, by=administrator) == "ok"
    wordpress.role = "subscriber"
    assert check_target(target=target, by=administrator) == "may_not_publish"
    wordpress.fault = 401
    assert check_target(target=target, by=administrator) == "denied"
    target.refresh_from_db()
    assert (target.tested, wordpress.pages) == ("denied", {})


def test_a_secret_is_nowhere_to_be_read(contest, administrator, wordpress):
    target = connected(contest, administrator, wordpress.url)
    published_contest(contest)
    worked(LATER)
    target.refresh_from_db()
    assert PASSWORD.encode() not in bytes(target.secret)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf FROM journal_entry WHERE kind IN ('PushTargetConnected', 'ResultsPushed')"
        )
        leaves = " ".join(row[0] for row in cursor.fetchall())
    assert "wordpress" in leaves
    assert PASSWORD not in leaves
    assert wordpress.url not in leaves


def test_only_an_administrator_connects_and_faults_stand_at_their_fields(contest, administrator, wordpress):
    with pytest.raises(Refused) as refused:
        connected(contest, given.official("Юлія", "editor", contest.community), wordpress.url)
    assert refused.value.code == "not_administrator"
    for facts, name in (
        ({"title": " "}, "title"), ({"user": ""}, "user"), ({"password": " "}, "password"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            connected(contest, administrator, wordpress.url, **facts)
        assert name in refused.value.fields
    for address in (
        "ftp://site.example",
        "http://10.0.0.7/",
        "http://169.254.169.254/latest",
        "https://u:p@site.example",
    ):
        with pytest.raises(Refused) as refused:
            connected(contest, administrator, address)
        assert (refused.value.code, "address" in refused.value.fields) == ("bad_address", True)
    connected(contest, administrator, wordpress.url)
    with pytest.raises(Refused) as refused:
        connected(contest, administrator, wordpress.url, title="Інша назва")
    assert "address" in refused.value.fields


def test_results_from_before_are_pushed_at_an_officials_wish_only(contest, administrator, wordpress):
    published_contest(contest)
    with clock.at(LATER):
        target, _made = connect_target(
            community=contest.community, kind="wordpress", title="Сайт", address=wordpress.url, user=USER,
            password=PASSWORD, site=SITE, by=administrator,
        )  # fmt: skip
    assert worked(LATER + timedelta(minutes=1)) == 0
    assert not Push.objects.exists()
    with clock.at(LATER + timedelta(minutes=2)):
        push_now(target=target, contest=contest, by=administrator)
        push_now(target=target, contest=contest, by=administrator)
    assert worked(LATER + timedelta(minutes=2)) == 1


def test_a_removed_site_is_forgotten_with_its_secret(contest, administrator, wordpress):
    target = connected(contest, administrator, wordpress.url)
    remove_target(target=target, by=administrator)
    remove_target(target=target, by=administrator)
    published_contest(contest)
    assert worked(LATER) == 0
    assert (PushTarget.objects.count(), wordpress.requests) == (0, [])


def test_two_workers_push_once(committed_db, wordpress):
    contest = voted_contest(4)
    by = given.official("Віктор", "administrator", contest.community)
    connected(contest, by, wordpress.url)
    published_contest(contest)
    wordpress.slow = 0.3
    sent: list[int] = []

    def work() -> None:
        try:
            queue_pushes()
            sent.append(send_pushes())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert (sorted(sent), len(wordpress.pages), the_push().attempts) == ([0, 0, 0, 1], 1, 1)
    assert wordpress.requests.count("POST /wp-json/wp/v2/pages") == 1
