"""A body's systems are told what the journal says: each event, in order within a contest, whatever breaks between.

The receiver of these tests is the example of the documentation, in a process of its own; it verifies signatures by the
public library of Standard Webhooks and answers only once the event is on its disk.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from tests import given
from tests.connectors.hook_receiver import Process, sender, teller

from viche.communities.models import Community
from viche.connectors.webhooks import delivering
from viche.connectors.webhooks.actions import connect_endpoint
from viche.connectors.webhooks.delivering import send_due
from viche.connectors.webhooks.models import Cursor, Endpoint, Lane, Undelivered
from viche.connectors.webhooks.queries import due_endpoints, standing_of
from viche.contests.events import ScheduleSet
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.journal import actions as journal
from viche.journal.foreign import keep_foreign_log
from viche.journal.models import Entry, Log

BASE = "http://localhost:8000/poltava/"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path / "events.db")
    yield made
    made.kill()


def body_with_contests(number: int) -> tuple[Community, list[Contest]]:
    body = given.community()
    return body, [given.contest(body, slug=f"2026-{each}") for each in range(number)]


def hook(body: Community, url: str, **facts: Any) -> tuple[Endpoint, str]:
    by = given.official("Оксана", "administrator", body)
    facts = {"title": "Документообіг", "kinds": [], "contest": None, "base": BASE, **facts}
    made = connect_endpoint(community=body, url=url, by=by, **facts)
    sequenced(body)
    # what the cast of the test did before is not told
    Cursor.objects.filter(endpoint=made[0]).update(position=sizes(body))
    return made


def sizes(body: Community) -> int:
    return Entry.objects.filter(log__community=body.code, index__isnull=False).count()


def happened(contest: Contest, number: int = 1) -> None:
    """So many acts of a contest."""
    with transaction.atomic():
        events = [ScheduleSet(contest=str(contest.pk), schedule=[]) for _each in range(number)]
        journal.append(*events, community=contest.community.code, year=clock.year(), by=SYSTEM)


def sequenced(body: Community) -> None:
    journal.sequence_community(community=body.code)


def test_an_hour_of_events_reaches_a_receiver_that_was_killed(committed_db: None, receiver: Process) -> None:
    """Two thousand events of three contests come while it is dead; its sender is killed in the middle besides."""
    body, contests = body_with_contests(3)
    endpoint, receiver.secret = hook(body, receiver.url)
    told_from = sizes(body)
    receiver.start()
    happened(contests[0])
    sequenced(body)
    send_due()
    assert len(receiver.events()) == 1
    receiver.kill()
    outage = clock.now()
    for minute in range(60):
        with clock.at(outage + timedelta(minutes=minute)):
            for number, contest in enumerate(contests):
                happened(contest, 6 + 5 * number)
            sequenced(body)
            send_due()
    expected = list(Entry.objects.filter(log__community=body.code, index__gte=told_from).order_by("index"))
    assert len(expected) == 1 + 60 * (6 + 11 + 16)
    assert Lane.objects.count() <= 4, "a dead receiver does not pile up rows"
    assert Undelivered.objects.count() == 0

    Lane.objects.update(next_at=clock.now())  # the pause is over
    receiver.start()
    killed = 0
    worker = sender(settings.KEYS_DIR, connection.settings_dict["NAME"])
    for wanted in (500, 1000, 1500):
        waits_for(lambda wanted=wanted: len(receiver.events()) >= wanted)
        worker.kill()
        worker.wait()
        killed += 1
        worker = sender(settings.KEYS_DIR, connection.settings_dict["NAME"])
    waits_for(lambda: len(receiver.events()) == len(expected))
    # the last answer is written down after it came
    waits_for(lambda: not Lane.objects.exists())
    worker.kill()
    worker.wait()

    events = receiver.events()
    assert {each["id"] for each in events} == {
        f"{body.code}/{each.log.address}/{each.index}" for each in expected
    }
    lanes: dict[str, list[int]] = defaultdict(list)
    for each in events:
        lanes[(each["data"]["contest"] or {}).get("id", "")].append(each["data"]["log"]["index"])
    assert set(lanes) == {str(each.pk) for each in contests}
    for places in lanes.values():
        assert places == sorted(places), "in order within each contest"
    endpoint.refresh_from_db()
    assert endpoint.told <= len(expected) <= endpoint.told + killed, (
        "written down but for what a kill cut off"
    )
    assert not Lane.objects.exists()
    assert endpoint.failing_since is None


def waits_for(is_so: Any, seconds: int = 600) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)


def test_two_workers_at_once_never_send_out_of_order(committed_db: None) -> None:
    body, [contest] = body_with_contests(1)
    with teller() as there:
        _endpoint, there.secret = hook(body, there.url)
        happened(contest, 200)
        sequenced(body)
        workers = [sender(settings.KEYS_DIR, connection.settings_dict["NAME"]) for _number in range(2)]
        try:
            waits_for(lambda: len(there.heard) >= 200)
            # the last answer is written down after it came
            waits_for(lambda: Endpoint.objects.get().told >= 200)
        finally:
            for each in workers:
                each.kill()
                each.wait()
        places = there.taken()
        assert places == sorted(set(places)), "each once, one after the other"
        assert len(places) == 200
        assert Endpoint.objects.get().told == 200


def test_a_slow_receiver_does_not_delay_another(committed_db: None) -> None:
    body, [contest] = body_with_contests(1)
    with teller() as slow, teller() as quick:
        _endpoint, slow.secret = hook(body, slow.url)
        by = given.official("Оксана", "administrator", body)
        _other, quick.secret = connect_endpoint(
            community=body, title="Сайт", url=quick.url, kinds=["contests"], contest=None, base=BASE, by=by
        )
        slow.delay = 3
        happened(contest, 20)
        sequenced(body)
        begun = time.monotonic()
        send_due(waits=False)
        assert time.monotonic() - begun < slow.delay, "the worker goes on at once with its other jobs"
        waits_for(lambda: len(quick.heard) >= 20, seconds=60)
        assert len(slow.heard) <= 1 + (time.monotonic() - begun) // 3
        Endpoint.objects.update(state=Endpoint.State.PAUSED)
        waits_for(lambda: not delivering._running, seconds=20)


def test_a_contest_that_is_stuck_does_not_stop_another(committed_db: None) -> None:
    """An event the receiver rejects waits with what follows in its contest; after the last pause it is laid aside."""
    body, [stuck, free] = body_with_contests(2)
    with teller() as there:
        _endpoint, there.secret = hook(body, there.url)
        there.answers = {"ScheduleSet": 422}
        happened(stuck)
        sequenced(body)
        send_due()
        there.answers = {}
        happened(stuck, 3)
        happened(free, 5)
        sequenced(body)
        send_due()
        assert len(there.taken(str(free.pk))) == 5
        assert len(there.taken(str(stuck.pk))) == 1, "only the one attempt that was rejected"
        lane = Lane.objects.get()
        assert (lane.key, lane.attempts, lane.outcome) == (str(stuck.pk), 1, "422")
        assert lane.answer == "<b>no</b> such thing"

        with clock.at(clock.now() + timedelta(seconds=7)):
            send_due()
        assert there.taken(str(stuck.pk))[1:] == sorted(there.taken(str(stuck.pk))[1:])
        assert len(there.taken(str(stuck.pk))) == 5
        assert not Lane.objects.exists()


def test_an_event_that_is_never_taken_is_laid_aside_after_about_three_days(committed_db: None) -> None:
    body, [stuck, free] = body_with_contests(2)
    with teller() as there:
        _endpoint, there.secret = hook(body, there.url)
        there.answers, there.is_verifying = {"ScheduleSet": 500}, False
        begun = moment = clock.now()
        happened(stuck, 2)
        sequenced(body)
        while not Undelivered.objects.exists():
            with clock.at(moment):
                send_due()
                there.answers = {}
                happened(free)  # the receiver is well: it takes the events of another contest
                sequenced(body)
                send_due()
                there.answers = {"ScheduleSet": 500}
            lane = Lane.objects.filter(key=str(stuck.pk)).first()
            moment = lane.next_at if lane and lane.attempts else moment + timedelta(seconds=1)
            assert moment - begun < timedelta(days=5)
        assert timedelta(days=2) < moment - begun < timedelta(days=4)
        laid = Undelivered.objects.get()
        assert (laid.outcome, laid.attempts) == ("500", len(delivering.PAUSES) + 1)
        there.answers = {}
        with clock.at(moment + timedelta(seconds=1)):
            send_due()
        assert there.taken(str(stuck.pk))[-1] == laid.index + 1, "the next one goes on"


def test_a_receiver_that_takes_nothing_for_three_days_is_stopped_and_goes_on_where_it_stood(
    committed_db: None,
) -> None:
    body, contests = body_with_contests(2)
    with teller() as there:
        endpoint, there.secret = hook(body, there.url)
        there.answers, there.is_verifying = {"": 500}, False
        begun = moment = clock.now()
        for each in contests:
            happened(each, 3)
        sequenced(body)
        while endpoint.is_active:
            with clock.at(moment):
                send_due()
            endpoint.refresh_from_db()
            if endpoint.is_active:
                moment = max(moment + timedelta(seconds=1), Lane.objects.earliest("next_at").next_at)
            assert moment - begun < timedelta(days=5)
        assert endpoint.state == Endpoint.State.STOPPED
        assert moment - begun >= timedelta(days=3)
        assert not Undelivered.objects.exists(), "nothing is given up: it waits"
        assert Entry.objects.filter(kind="WebhookStopped").count() == 1


@pytest.mark.parametrize(
    ("status", "headers", "state", "pause"),
    [
        (410, {}, "gone", None),
        (429, {"Retry-After": "3600"}, "active", timedelta(seconds=3600)),
        (503, {"Retry-After": "9999999"}, "active", timedelta(hours=12)),
        (503, {"Retry-After": "soon"}, "active", None),
        (503, {"Retry-After": "Fri, 01 Jan 99999999999 00:00:00 GMT"}, "active", None),
        (302, {"Location": "http://127.0.0.1:1/"}, "active", None),
    ],
)
def test_what_the_receiver_says_is_heeded(
    committed_db: None, status: int, headers: dict[str, str], state: str, pause: timedelta | None
) -> None:
    body, [contest] = body_with_contests(1)
    with teller() as there:
        endpoint, there.secret = hook(body, there.url)
        there.answers, there.headers, there.is_verifying = {"": status}, headers, False
        happened(contest)
        sequenced(body)
        moment = clock.now()
        with clock.at(moment):
            send_due()
        endpoint.refresh_from_db()
        assert (endpoint.state, endpoint.outcome) == (state, str(status))
        assert endpoint.hold_until == (moment + pause if pause else None)
        if pause:
            there.answers = {}
            with clock.at(moment + pause - timedelta(seconds=1)):
                send_due()
            assert len(there.heard) == 1, "not before"
            with clock.at(moment + pause):
                send_due()
            assert len(there.heard) == 2


def test_only_what_was_chosen_is_told(committed_db: None) -> None:
    body, [one, other] = body_with_contests(2)
    with teller() as there:
        _endpoint, there.secret = hook(body, there.url, kinds=["contests"], contest=one)
        happened(one, 2)
        happened(other, 3)
        given.submitted_project(one)
        sequenced(body)
        send_due()
        assert [each["type"] for each in there.events] == ["ua.viche.ScheduleSet.v1"] * 2
        assert {each["data"]["contest"]["slug"] for each in there.events} == {one.slug}


def test_a_log_that_is_opened_later_is_told_from_its_beginning(committed_db: None) -> None:
    """Over the New Year: the contest goes on in the next year's log, and its events in the log before come first."""
    body, [contest] = body_with_contests(1)
    with teller() as there:
        _endpoint, there.secret = hook(body, there.url)
        there.answers = {"": 500}
        happened(contest, 2)
        sequenced(body)
        send_due()
        there.answers = {}
        with clock.at(clock.now().replace(month=6) + timedelta(days=365)):
            happened(contest, 2)
            journal.sequence_community(community=body.code)
        send_due()
        later = [each for each in there.events if each["type"] == "ua.viche.ScheduleSet.v1"][1:]
        assert later == [], "the contest is behind in the earlier log"
        with clock.at(clock.now() + timedelta(seconds=10)):
            send_due()
        names = [each["data"]["log"]["name"] for each in there.events if "ScheduleSet" in each["type"]]
        assert len(names) == 1 + 4
        assert names == sorted(names)


def test_a_journal_that_came_along_closed_is_no_news(committed_db: None) -> None:
    body, [contest] = body_with_contests(1)
    with teller() as there:
        endpoint, there.secret = hook(body, there.url)
        entry = Entry.objects.filter(log__community=body.code, sort_key=None).first()
        row = {"index": 0, "at": None, "leaf": entry.leaf, "sort_key": None}
        about = {
            "name": entry.log.name, "year": entry.log.year, "origin": "old.example/log", "public_key": "", "size": 1,
            "root": "", "peaks": [], "opened_at": clock.now().isoformat(), "sequenced_at": None,
        }  # fmt: skip
        keep_foreign_log(community=body.code, about=about, entries=[row], checkpoint=None)
        assert Log.objects.exclude(foreign_origin="").get().size == 1
        assert endpoint.pk not in due_endpoints()
        assert standing_of(endpoint).waiting == 0
        # what is new here is told as ever, and only that
        happened(contest)
        sequenced(body)
        send_due()
        assert len(there.events) == 1
