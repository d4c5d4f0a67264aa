"""A decision becomes a letter: made once, handed to the document system once, and its number comes back to the page."""

import json
import zipfile
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pytest
from lxml import etree
from tests import given
from tests.crowd import at_once, refusals
from tests.review.test_stages import TWO_TIERS

from viche.connectors.documents import actions, queries
from viche.connectors.documents.models import Dispatch, Kind, Registry
from viche.connectors.documents.simulator import DocumentSystem
from viche.connectors.documents.simulator.server import KEY
from viche.connectors.systems.actions import check_system, connect_system
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.providers.simulation import running
from viche.journal.queries import history_of
from viche.review.actions import decide_review

MADE_AT = given.day(26)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def office_system():
    with running(DocumentSystem()) as server:
        yield server


def administrator(contest):
    return given.official("Віктор", "administrator", contest.community)


def refused_project(contest, title="Сквер на місці пустиря", reason="Земля приватна."):
    project = given.submitted_project(contest, title)
    with clock.at(given.day(25)):
        decide_review(
            project=project, verdict="reject", reason=reason,
            by=given.official("Ірина", "commission", contest.community),
        )  # fmt: skip
    return project


def connected(contest, server, key=KEY):
    return connect_system(
        community=contest.community, kind="documents", title="", values={"address": server.url, "key": key},
        by=administrator(contest),
    )  # fmt: skip


def registry(contest, makes=(Kind.ANSWER,), since=None):
    return actions.set_registry(
        community=contest.community, organisation="21044301", executor="Відділ бюджету участі", makes=makes,
        since=since, revision=0, by=administrator(contest),
    )  # fmt: skip


def letter(contest, reason="Земля приватна."):
    refused_project(contest, reason=reason)
    with clock.at(MADE_AT):
        actions.make_documents(contest=contest, kinds=[Kind.ANSWER], by=administrator(contest))
    return Dispatch.objects.get()


def sent(at):
    with clock.at(at):
        return actions.send_documents()


@pytest.mark.django_db
class TestMaking:
    def test_a_refused_project_has_one_letter_with_its_reasons(self):
        contest = given.contest()
        document = letter(contest, "Земля приватна.")
        assert "Земля приватна." in document.text
        assert (document.our_number, document.state) == ("1/2026", "waiting")
        content = queries.content_of(document)
        assert content.startswith(b"%PDF-")
        assert b"pdfaid" in content
        assert sha256(content).hexdigest() == document.digest
        assert history_of(f"document:{document.pk}")[0].data["digest"] == document.digest
        with clock.at(MADE_AT):
            assert (
                actions.make_documents(contest=contest, kinds=[Kind.ANSWER], by=administrator(contest)) == 0
            )

    def test_decisions_that_lead_to_no_letter_stand_in_nobodys_way(self, monkeypatch):
        monkeypatch.setattr("viche.connectors.documents.actions.making.MOST", 1)
        contest = given.contest(rules={**given.RULES, "review": TWO_TIERS})
        registry(contest, since=given.day(20))
        iryna = given.official("Ірина", "commission", contest.community)
        for day, title, facts in [
            (22, "Сквер", {"verdict": "admit"}),
            (23, "Майданчик", {"verdict": "admit"}),
            (24, "Освітлення", {"verdict": "return", "reason": "Немає схеми."}),
        ]:
            project = given.submitted_project(contest, title)
            with clock.at(given.day(day)):
                decide_review(project=project, by=iryna, **facts)
        with clock.at(MADE_AT):
            assert actions.make_due_documents() == 1
        assert "Немає схеми." in Dispatch.objects.get().text

    def test_what_happened_since_is_made_by_itself_and_only_the_kinds_that_were_chosen(self):
        contest = given.contest()
        registry(contest, since=given.day(24))
        refused_project(contest)
        with clock.at(MADE_AT):
            assert actions.make_due_documents() == 1
            assert actions.make_due_documents() == 0
        assert Dispatch.objects.get().kind == Kind.ANSWER

    def test_what_happened_before_is_not(self):
        contest = given.contest()
        registry(contest, since=given.day(26))
        refused_project(contest)
        with clock.at(MADE_AT):
            assert actions.make_due_documents() == 0

    def test_hostile_reasons_stay_text(self):
        document = letter(given.contest(), '#import "x" \\ "); #panic() $ <a>')
        assert '#import "x"' in document.text
        assert queries.content_of(document).startswith(b"%PDF-")

    @pytest.mark.parametrize("role", ["operator", "commission", "auditor"])
    def test_only_who_runs_the_contest_makes_documents(self, role):
        contest = given.contest()
        with pytest.raises(Refused) as caught:
            actions.make_documents(
                contest=contest, kinds=[Kind.ANSWER], by=given.official("Ганна", role, contest.community)
            )
        assert (caught.value.code, caught.value.status) == ("not_registrar", 403)

    def test_the_registry_needs_a_code_of_eight_digits_and_what_was_looked_at(self):
        contest = given.contest()
        facts = {"community": contest.community, "executor": "", "makes": (), "by": administrator(contest)}
        with pytest.raises(Refused) as caught:
            actions.set_registry(organisation="2104430", revision=0, **facts)
        assert set(caught.value.fields) == {"organisation"}
        actions.set_registry(organisation="21044301", revision=0, **facts)
        with pytest.raises(Refused) as caught:
            actions.set_registry(organisation="21044302", revision=0, **facts)
        assert caught.value.code == "changed_meanwhile"


@pytest.mark.django_db
class TestHandingOver:
    def test_the_system_is_down_for_a_day_and_the_letter_is_registered_once(self, office_system):
        contest = given.contest()
        connected(contest, office_system)
        document = letter(contest)
        # twice the system takes the letter and breaks down before it can say so
        office_system.fault = "answer_500"
        assert sent(MADE_AT) == 0
        assert sent(MADE_AT + timedelta(minutes=2)) == 0
        # then it is down for a day
        office_system.fault = "any_500"
        for minutes in range(10, 24 * 60, 10):
            assert sent(MADE_AT + timedelta(minutes=minutes)) == 0
        document.refresh_from_db()
        assert document.state == "waiting"
        assert document.fault
        office_system.fault = ""
        for minutes in range(0, 120, 10):
            sent(MADE_AT + timedelta(hours=24, minutes=minutes))
        document.refresh_from_db()
        assert (document.state, document.register_number) == ("registered", "01-12/1")
        assert len(office_system.documents) == 1
        kept = office_system.documents[str(document.pk)]
        assert kept.sent == 3, "the same key each time"
        assert kept.content == queries.content_of(document)
        assert [line.kind for line in history_of(f"document:{document.pk}")] == [
            "DocumentMade", "DocumentHandedOver", "DocumentRegistered",
        ]  # fmt: skip

    def test_the_number_that_a_clerk_gives_later_is_asked_for(self, office_system):
        office_system.has_clerk = True
        contest = given.contest()
        connected(contest, office_system)
        document = letter(contest)
        assert sent(MADE_AT) == 1
        document.refresh_from_db()
        assert (document.state, document.foreign_id) == ("handed", "doc-1")
        assert sent(MADE_AT + timedelta(minutes=1)) == 0
        office_system.register(str(document.pk))
        assert sent(MADE_AT + timedelta(hours=1)) == 1
        document.refresh_from_db()
        assert document.state == "registered"
        assert sent(MADE_AT + timedelta(days=1)) == 0

    def test_what_the_system_refuses_is_not_sent_for_ever_and_can_be_sent_again(self, office_system):
        contest = given.contest()
        connected(contest, office_system)
        document = letter(contest)
        Dispatch.objects.update(digest="0" * 64)
        sent(MADE_AT)
        document.refresh_from_db()
        assert (document.state, document.fault) == ("failed", "fault:422")
        Dispatch.objects.update(digest=sha256(queries.content_of(document)).hexdigest())
        with clock.at(MADE_AT + timedelta(days=1)):
            actions.resend_document(document=document, by=administrator(contest))
        assert sent(MADE_AT + timedelta(days=1)) == 1

    def test_the_connection_can_be_tried(self, office_system):
        contest = given.contest()
        good, by = connected(contest, office_system), administrator(contest)
        assert check_system(system=good, by=by).is_good
        office_system.fault = "any_html"
        assert not check_system(system=good, by=by).is_good

    def test_without_a_system_nothing_is_sent_and_nothing_is_lost(self):
        document = letter(given.contest())
        assert sent(MADE_AT) == 0
        document.refresh_from_db()
        assert document.state == "waiting"


@pytest.mark.django_db
class TestByHand:
    def test_the_package_holds_files_and_metadata_in_two_forms(self):
        contest = given.contest()
        registry(contest, makes=())
        document, by = letter(contest), administrator(contest)
        with clock.at(MADE_AT):
            packed = actions.hand_package(community=contest.community, documents=[document], by=by)
            again = actions.hand_package(community=contest.community, documents=[document], by=by)
        assert packed == again
        archive = zipfile.ZipFile(BytesIO(packed))
        said = json.loads(archive.read("metadata.json"))[0]
        assert said["organisation"]["edrpou"] == "21044301"
        assert said["file"]["sha256"] == sha256(archive.read(said["file"]["name"])).hexdigest()
        root = etree.fromstring(archive.read("metadata.xml"))
        space = {"d": "urn:viche:documents:1"}
        assert root.findtext("d:document/d:key", namespaces=space) == said["key"] == str(document.pk)
        assert root.findtext("d:document/d:file/d:sha256", namespaces=space) == said["file"]["sha256"]
        document.refresh_from_db()
        assert (document.state, document.way) == ("handed", "package")
        assert len(history_of(f"document:{document.pk}")) == 2, "handed over once"

    def test_a_number_is_recorded_by_hand_once(self):
        contest = given.contest()
        document, by = letter(contest), administrator(contest)
        with clock.at(MADE_AT):
            facts = {"document": document, "day": MADE_AT.date(), "by": by}
            actions.record_number(number=" 02-10/7 ", **facts)
            actions.record_number(number="02-10/7", **facts)
            with pytest.raises(Refused) as caught:
                actions.record_number(number="02-10/8", **facts)
        assert caught.value.code == "other_number"
        document.refresh_from_db()
        assert (document.state, document.register_number) == ("registered", "02-10/7")

    @pytest.mark.parametrize(
        ("number", "day", "fields"),
        [
            ("", date(2026, 3, 5), {"number"}),
            ("7", date(2030, 1, 1), {"day"}),
            ("7\x007", date(2026, 3, 5), {"number"}),
        ],
    )
    def test_what_is_no_number_is_said_at_its_field(self, number, day, fields):
        contest = given.contest()
        document = letter(contest)
        with clock.at(MADE_AT), pytest.raises(Refused) as caught:
            actions.record_number(document=document, number=number, day=day, by=administrator(contest))
        assert set(caught.value.fields) == fields


@pytest.mark.django_db
class TestTold:
    def test_the_system_tells_a_number_with_its_token(self):
        contest = given.contest()
        document = letter(contest)
        first = actions.make_token(community=contest.community, by=administrator(contest))
        token = actions.make_token(community=contest.community, by=administrator(contest))
        assert token not in str(Registry.objects.values_list())
        facts = {"community": contest.community, "key": document.pk, "number": "5", "day": MADE_AT.date()}
        with clock.at(MADE_AT):
            for wrong in ("", "x", first):
                with pytest.raises(Refused) as caught:
                    actions.record_told_number(token=wrong, **facts)
                assert (caught.value.code, caught.value.status) == ("bad_token", 401)
            actions.record_told_number(token=token, **facts)
        document.refresh_from_db()
        assert document.register_number == "5"

    def test_of_another_body_nothing_is_found(self):
        contest = given.contest()
        document = letter(contest)
        other = given.community(given.LVIV)
        token = actions.make_token(community=other, by=given.official("Тарас", "administrator", other))
        for key in (document.pk, uuid4()):
            with pytest.raises(Refused) as caught:
                actions.record_told_number(
                    community=other, token=token, key=key, number="5", day=MADE_AT.date()
                )
            assert caught.value.status == 404


class TestAtOnce:
    def test_two_officials_at_once_make_one_letter(self, committed_db):
        contest = given.contest()
        refused_project(contest)
        by = administrator(contest)
        with clock.at(MADE_AT):
            made = at_once(
                4, lambda _place: actions.make_documents(contest=contest, kinds=[Kind.ANSWER], by=by)
            )
        assert sorted(made) == [0, 0, 0, 1]
        assert list(Dispatch.objects.values_list("number", flat=True)) == [1]

    def test_two_numbers_at_once_leave_one(self, committed_db):
        contest = given.contest()
        document, by = letter(contest), administrator(contest)
        with clock.at(MADE_AT):
            said = at_once(
                4,
                lambda place: actions.record_number(
                    document=document, number=f"{place}", day=MADE_AT.date(), by=by
                ),
            )
        assert refusals(said) == ["other_number"] * 3

    def test_two_workers_at_once_register_it_once(self, committed_db, office_system):
        contest = given.contest()
        connected(contest, office_system)
        document = letter(contest)
        with clock.at(MADE_AT):
            assert sorted(at_once(3, lambda _place: actions.send_documents())) == [0, 0, 1]
        assert office_system.documents[str(document.pk)].sent == 1
