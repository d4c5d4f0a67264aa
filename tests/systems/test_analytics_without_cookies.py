"""Which public pages are read is told by the server, and never who read them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests import given
from tests.surfaces.ground import VOTING_DAY, browser, prefix, resident

from viche.connectors.systems import actions
from viche.connectors.systems.kinds.analytics import seeing
from viche.connectors.systems.kinds.analytics.simulator import AnalyticsSimulator
from viche.connectors.systems.kinds.analytics.simulator.server import SITE
from viche.connectors.systems.models import SeenPage
from viche.foundation import clock
from viche.identity.providers.simulation.server import running


@pytest.fixture
def analytics() -> Iterator[AnalyticsSimulator]:
    with running(AnalyticsSimulator()) as server:
        yield server


@pytest.fixture
def contest(db):
    seeing.forget_known()
    with clock.at(VOTING_DAY):
        yield given.voting_contest()[0]
    seeing.forget_known()


def connect(simulated, body, flavour="matomo", **facts):
    by = given.official("Ірина", "administrator", body)
    values = {"server": simulated.url, "site": SITE, "flavour": flavour, **facts}
    made = actions.connect_system(community=body, kind="analytics", title="x", values=values, by=by)
    seeing.forget_known()
    return made, by


def looked(contest):
    return [(each.path, each.referrer) for each in SeenPage.objects.all()]


def test_a_public_page_is_counted_by_its_path_and_the_host_one_came_from(contest, analytics):
    connect(analytics, contest.community)
    start = prefix(contest.community)
    client = browser()
    client.get(f"{start}{contest.slug}/?q=secret", headers={"referer": "https://search.example/?q=personal"})
    client.get(start, headers={"referer": "http://testserver/poltava/"})
    assert looked(contest) == [(f"{start}{contest.slug}/", "search.example"), (start, "")]
    assert set(client.cookies) <= {"viche", "csrftoken", "django_language"}


@pytest.mark.parametrize("header", [{"dnt": "1"}, {"sec-gpc": "1"}])
def test_who_says_no_is_not_counted(contest, analytics, header):
    connect(analytics, contest.community)
    browser().get(prefix(contest.community), headers=header)
    assert looked(contest) == []


def test_neither_voting_nor_officials_nor_anybody_who_has_identified(contest, analytics):
    connect(analytics, contest.community)
    start = prefix(contest.community)
    for path in ("vote/", "vote/review/", "vote/values/", "receipts/"):
        browser().get(f"{start}{contest.slug}/{path}")
    browser().get(f"{start}login/")
    browser().get(f"{start}office/")
    browser(resident()).get(start)
    browser().get(f"{start}none/")
    assert looked(contest) == []


def test_without_analytics_nothing_is_kept(contest):
    assert browser().get(prefix(contest.community)).status_code == 200
    assert looked(contest) == []


@pytest.mark.parametrize("flavour", ["matomo", "plausible", "umami"])
def test_each_server_is_told_in_its_own_words_and_nothing_of_the_reader(contest, analytics, flavour):
    connect(analytics, contest.community, flavour)
    start = prefix(contest.community)
    for _ in range(2):
        browser().get(
            start,
            headers={"referer": "https://search.example/x", "user-agent": "Firefox of Petro"},
            REMOTE_ADDR="9.8.7.6",
        )
    assert seeing.send_pages() == 2
    assert seeing.send_pages() == 0, "a job that runs twice tells nothing twice"
    assert analytics.looks == [(f"https://testserver{start}", "https://search.example/")] * 2
    wire = repr(analytics.asked)
    assert "9.8.7.6" not in wire
    assert "Petro" not in wire


@pytest.mark.parametrize("flavour", ["matomo", "plausible", "umami"])
@pytest.mark.parametrize("fault", ["500", "refuse", "too_many"])
def test_what_was_not_taken_waits_at_most_a_day(contest, analytics, flavour, fault):
    connect(analytics, contest.community, flavour)
    browser().get(prefix(contest.community))
    analytics.fault = fault
    assert seeing.send_pages() == 0
    assert SeenPage.objects.count() == 1
    analytics.fault = ""
    assert seeing.send_pages() == 1
    browser().get(prefix(contest.community))
    with clock.at(VOTING_DAY + timedelta(hours=25)):
        assert seeing.delete_old_pages() == 1


def test_a_dead_server_fills_no_disk(contest, analytics, monkeypatch):
    monkeypatch.setattr(seeing, "MOST_WAITING", 3)
    connect(analytics, contest.community, server="http://127.0.0.1:1")
    for number in range(6):
        with clock.at(VOTING_DAY + timedelta(seconds=number)):
            browser(at=clock.now()).get(prefix(contest.community))
    seeing.send_pages()
    assert SeenPage.objects.count() == 3


@pytest.mark.parametrize("flavour", ["matomo", "plausible", "umami"])
@pytest.mark.parametrize(("site", "is_good"), [(SITE, True), ("99", False)])
def test_the_trial(contest, analytics, flavour, site, is_good):
    system, by = connect(analytics, contest.community, flavour, site=site)
    assert actions.check_system(system=system, by=by).is_good == is_good


def test_a_page_instead_of_an_answer_is_none(contest, analytics):
    system, by = connect(analytics, contest.community)
    analytics.fault = "garbage"
    assert not actions.check_system(system=system, by=by).is_good
