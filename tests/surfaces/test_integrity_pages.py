"""The pages of turnout and of the integrity desk."""

import csv
import io
import json
import secrets
from datetime import timedelta
from typing import Any

import pytest

from tests import given
from tests.surfaces.ground import VOTING_DAY, Ground, browser, page, prefix
from viche.ballots.actions import Vote, cast_ballots
from viche.ballots.models import Annulment
from viche.ballots.traces import Circumstances, traces_of
from viche.foundation import clock, keys
from viche.integrity.actions import check_voting
from viche.integrity.models import Decision, Signal
from viche.journal.models import Entry
from viche.projects.queries import admitted_projects


@pytest.fixture
def voted(ground: Ground) -> Ground:
    """Forty people of the district have voted, ten of them in one browser."""
    projects = list(admitted_projects(ground.voting))
    votes = [
        Vote(
            person_token=keys.person_token("tax", f"one of forty {n}"), paper=given.paper(projects[n % 3]),
            request_key=secrets.token_bytes(32), at=VOTING_DAY - timedelta(days=n % 4, minutes=n),
            territory=given.DISTRICT if n % 4 else "",
            circumstances=Circumstances(
                address=f"203.0.113.{n}", device="shared" if n < 10 else f"own {n}", method="isei:bank_id",
            ),
        )
        for n in range(40)
    ]  # fmt: skip
    assert cast_ballots(contest=ground.voting, channel="online", votes=votes) == 40
    check_voting(contest=ground.voting)
    return ground


def desk(ground: Ground, *rest: object) -> str:
    return "/".join([f"{prefix(ground.poltava)}office/2026/integrity", *map(str, rest), ""])


def signal_of(ground: Ground) -> Signal:
    return Signal.objects.get(contest=ground.voting, rule="device")


class TestTurnout:
    def test_a_plain_sentence_tables_and_files_say_the_same(self, voted: Ground) -> None:
        base = prefix(voted.poltava)
        shown = page(browser().get(f"{base}2026/turnout/"))
        assert "Уже проголосували 40 людей: триває день 6 із 21." in shown.text
        document = json.loads(browser().get(f"{base}2026/turnout.json").content)
        assert document["votes"] == document["days"][-1]["together"] == 40
        assert {row["votes"] for row in document["channels"]} == {30}
        rows = list(csv.DictReader(io.StringIO(browser().get(f"{base}2026/turnout.csv").content.decode())))
        assert [row["votes"] for row in rows if row["table"] == "all"] == ["40"]
        assert sum(int(row["votes"]) for row in rows if row["table"] == "day") == 40
        assert "2025" in {row["contest"] for row in document["earlier"]} or document["earlier"] == []

    def test_before_the_voting_it_says_so(self, ground: Ground) -> None:
        with clock.at(given.day(30)):
            answer = browser().get(f"{prefix(ground.poltava)}2026/turnout/")
            assert "Голосування ще не почалося" in page(answer).text
            assert browser().get(f"{prefix(ground.poltava)}2026/turnout.json").status_code == 404

    def test_it_stays_after_the_close(self, voted: Ground) -> None:
        with clock.at(given.day(65)):
            first = browser().get(f"{prefix(voted.poltava)}2026/turnout.json").content
        with clock.at(given.day(300)):
            assert browser().get(f"{prefix(voted.poltava)}2026/turnout.json").content == first
            assert (
                "Проголосували 40 людей." in page(browser().get(f"{prefix(voted.poltava)}2026/turnout/")).text
            )

    def test_where_the_regulation_hides_it_nothing_is_told_before_the_end(self, ground: Ground) -> None:
        contest = given.contest(ground.poltava, slug="hidden", rules={**given.RULES, "live_results": "none"})
        base = f"{prefix(ground.poltava)}{contest.slug}"
        assert "після завершення голосування" in page(browser().get(f"{base}/turnout/")).text
        assert browser().get(f"{base}/turnout.json").status_code == 403
        with clock.at(given.day(61)):
            assert browser().get(f"{base}/turnout.json").status_code == 200


class TestTheDesk:
    def test_a_signal_is_listed_and_explained_without_names_and_choices(self, voted: Ground) -> None:
        client = browser(voted.visitors["commission"])
        listed = page(client.get(desk(voted)))
        assert "Багато виборців в одному браузері" in listed.text
        shown = client.get(desk(voted, signal_of(voted).pk))
        assert "Нараховано голосів: 10" in page(shown).text
        titles = [each.title for each in admitted_projects(voted.voting)]
        assert not [title for title in titles if title in page(shown).text]
        assert b"203.0.113" not in shown.content

    def test_a_decision_ends_it_and_sends_votes_into_quarantine(self, voted: Ground) -> None:
        client, signal = browser(voted.visitors["commission"]), signal_of(voted)
        marks = [str(each.mark) for each in traces_of(voted.voting)][:40]
        sent: dict[str, Any] = {
            "outcome": "annul",
            "text": "Чужі голоси",
            "why": "stolen",
            "which": "all",
            "seen": 10,
        }
        assert client.post(desk(voted, signal.pk), {**sent, "which": "ticked"}).status_code == 422
        assert client.post(desk(voted, signal.pk), {**sent, "why": ""}).status_code == 422
        assert client.post(desk(voted, signal.pk), {**sent, "text": ""}).status_code == 422
        assert client.post(desk(voted, signal.pk), {**sent, "mark": ["none", marks[0]]}).status_code == 302
        assert Annulment.objects.filter(state="open").count() == 10
        again = client.post(desk(voted, signal.pk), sent)
        assert again.status_code == 409
        assert "вже" in page(again).text
        assert Decision.objects.get().proposed == 10
        assert "Запропоновано анулювати" in page(client.get(desk(voted))).text

    def test_names_are_shown_once_and_the_look_is_in_the_journal(self, voted: Ground) -> None:
        client, signal = browser(voted.visitors["administrator"]), signal_of(voted)
        assert "Петро" not in page(client.get(desk(voted, signal.pk, "names"))).text
        assert not Entry.objects.filter(kind="NamesOpened").exists()
        assert client.post(desk(voted, signal.pk, "names"), {"text": ""}).status_code == 422
        shown = client.post(desk(voted, signal.pk, "names"), {"text": "Треба зателефонувати"})
        assert shown.status_code == 200
        assert shown["Cache-Control"] == "no-store"
        assert Entry.objects.filter(kind="NamesOpened").count() == 1

    def test_an_auditor_reads_it_all_and_opens_no_name(self, voted: Ground) -> None:
        client, signal = browser(voted.visitors["auditor"]), signal_of(voted)
        for rest in ((), (signal.pk,), (signal.pk, "names"), ("thresholds",)):
            answer = client.get(desk(voted, *rest))
            assert answer.status_code == 200
            assert b"<form" not in answer.content.partition(b"<main")[2].partition(b"</main>")[0]
        assert client.post(desk(voted, signal.pk, "names"), {"text": "x"}).status_code == 403

    def test_a_signal_of_another_contest_is_not_found(self, voted: Ground) -> None:
        client = browser(voted.visitors["commission"])
        other = f"{prefix(voted.poltava)}office/2025/integrity/{signal_of(voted).pk}/"
        assert client.get(other).status_code == 404

    def test_thresholds_are_kept_and_used_at_the_next_look(self, voted: Ground) -> None:
        client = browser(voted.visitors["administrator"])
        shown = client.get(desk(voted, "thresholds"))
        fields = {each: shown.context["form"][each].initial for each in shown.context["form"].fields}
        assert client.post(desk(voted, "thresholds"), {**fields, "device-least": "1"}).status_code == 422
        assert client.post(desk(voted, "thresholds"), {**fields, "device-least": "5000"}).status_code == 302
        Signal.objects.all().delete()
        assert client.post(desk(voted)).status_code == 302
        assert not Signal.objects.filter(rule="device").exists()

    def test_the_number_of_queries_does_not_grow_with_the_signals(
        self, voted: Ground, django_assert_max_num_queries: Any
    ) -> None:
        client = browser(voted.visitors["commission"])
        for n in range(30):
            Signal.objects.create(
                community=voted.poltava, contest=voted.voting, rule="device", subject=f"{n:016x}", observed=9, limit=6,
                is_alarm=False, raised_at=VOTING_DAY, changed_at=VOTING_DAY,
            )  # fmt: skip
        with django_assert_max_num_queries(25):
            client.get(desk(voted))


class TestCasting:
    def test_a_vote_in_a_browser_leaves_a_cookie_of_its_own_and_a_trace(self, ground: Ground) -> None:
        project = next(iter(admitted_projects(ground.voting)))
        marks = []
        client = None
        for name in ("Петро", "Павло"):
            session = browser(given.person(name, family_name="Шевчук"))
            if client is not None:
                session.cookies["device"] = client.cookies["device"].value
            client = session
            sent = {"choice": [project.code], "value": ["1"], "request_key": secrets.token_hex(32)}
            review = client.get(f"{prefix(ground.poltava)}2026/vote/review/")
            sent["request_key"] = review.context["request_key"]
            answer = client.post(
                f"{prefix(ground.poltava)}2026/vote/review/",
                sent,
                HTTP_USER_AGENT="Firefox",
                REMOTE_ADDR="198.51.100.9",
            )
            assert answer.status_code == 302, answer.content[:500]
            marks.append(client.cookies["device"].value)
        first, second = traces_of(ground.voting)
        assert len(set(marks)) == 1
        assert client.cookies["device"]["httponly"]
        assert first.device == second.device != ""
        assert first.block == second.block != ""
        assert first.agent == second.agent != ""
