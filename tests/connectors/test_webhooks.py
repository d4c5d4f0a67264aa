"""Webhooks as officials set them up: who may, which addresses, what a receiver gets, and what is never shown."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator
from standardwebhooks import Webhook, WebhookVerificationError
from tests import given
from tests.connectors.hook_receiver import teller

from viche.connectors.webhooks import actions
from viche.connectors.webhooks.bodies import entry_body
from viche.connectors.webhooks.catalogue import GROUPS, kinds_in, schema_of
from viche.connectors.webhooks.delivering import send_round
from viche.connectors.webhooks.lanes import belongings_of
from viche.connectors.webhooks.models import Cursor, Endpoint, Undelivered
from viche.connectors.webhooks.signing import opened
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.models import Entry

pytestmark = pytest.mark.django_db

BASE = "http://localhost:8000/poltava/"
URL = "https://127.0.0.1/hook?token=hidden"


@pytest.fixture
def oksana() -> Actor:
    return given.official("Оксана", "administrator", given.community())


def connected(by: Actor, url: str = URL, **facts: object) -> tuple[Endpoint, str]:
    facts = {"title": "Документообіг", "kinds": [], "contest": None, "base": BASE, **facts}
    return actions.connect_endpoint(community=given.community(), url=url, by=by, **facts)  # type: ignore[arg-type]


def refusal(**facts: object) -> Refused:
    with pytest.raises(Refused) as caught:
        connected(**facts)  # type: ignore[arg-type]
    return caught.value


def sequenced() -> None:
    journal.sequence_community(community=given.community().code)


def test_only_an_administrator_sets_a_webhook_up(oksana: Actor) -> None:
    for role in ("operator", "commission", "auditor"):
        assert refusal(by=given.official("Ірина", role, given.community())).code == "not_administrator"
    other = given.official("Тарас", "administrator", given.community("UA46060250010015970"))
    assert refusal(by=other).code == "not_administrator"
    assert connected(oksana)[0].is_active


@pytest.mark.parametrize(
    "url",
    ["https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://localhost:5432/",
     "https://2130706433/", "https://user:secret@127.0.0.1/", "http://127.0.0.1/", "ftp://example.com/", "", "x"],
)  # fmt: skip
def test_an_address_into_a_closed_network_is_refused_at_its_field(
    oksana: Actor, settings: object, url: str
) -> None:
    settings.OUTGOING_PRIVATE, settings.OUTGOING_PLAIN_HTTP = [], False  # type: ignore[attr-defined]
    refused = refusal(by=oksana, url=url)
    assert (refused.code, list(refused.fields), refused.status) == ("bad_value", ["url"], 422)
    assert not Endpoint.objects.exists()


def test_an_address_that_leads_into_a_closed_network_later_is_not_called(
    oksana: Actor, settings: object
) -> None:
    """The name was public when it was typed; where it leads is looked at each time anew."""
    with teller() as there:
        endpoint, there.secret = connected(oksana, there.url)
        settings.OUTGOING_PRIVATE = []  # type: ignore[attr-defined]
        assert actions.ping_endpoint(endpoint=endpoint, by=oksana).outcome == "refused_address"
        sequenced()
        send_round(endpoint.pk)
        endpoint.refresh_from_db()
        assert endpoint.outcome == "refused_address"
        assert not there.heard


def test_every_fault_of_the_form_is_said_at_its_field(oksana: Actor) -> None:
    contest = given.contest(given.community("UA46060250010015970"))
    refused = refusal(by=oksana, url="nonsense", title=" ", kinds=["Nonsense"], contest=contest)
    assert set(refused.fields) == {"url", "title", "kinds", "contest"}
    assert set(refusal(by=oksana, title="а" * 81).fields) == {"title"}


def test_no_more_than_twenty(oksana: Actor) -> None:
    for _number in range(20):
        connected(oksana)
    assert refusal(by=oksana).code == "too_many_webhooks"


def test_the_receiver_gets_a_signed_cloudevent_that_explains_itself(oksana: Actor) -> None:
    contest = given.contest()
    project = given.admitted_project(contest)
    with teller() as there:
        endpoint, there.secret = connected(oksana, there.url, kinds=["ProjectAdmitted"], from_start=True)
        sequenced()
        send_round(endpoint.pk)
        [(headers, said)] = there.heard
    entry = Entry.objects.get(kind="ProjectAdmitted")
    assert headers["content-type"] == "application/cloudevents+json"
    assert (
        headers["webhook-id"] == said["id"] == f"{contest.community.code}/{entry.log.address}/{entry.index}"
    )
    event = JSONFormat().read(CloudEvent, json.dumps(said))
    assert event.get_type() == "ua.viche.ProjectAdmitted.v1"
    assert event.get_source() == "http://localhost:8000/poltava/"
    assert event.get_subject() == f"project:{project.pk}"
    assert event.get_time() == entry.recorded_at.replace(microsecond=0)  # type: ignore[union-attr]
    data = said["data"]
    assert data["facts"] == json.loads(entry.leaf)["data"]
    assert data["log"] == {
        "name": entry.log.name, "index": entry.index, "leaf_hash": bytes(entry.leaf_hash).hex(),
    }  # fmt: skip
    assert data["sentence"]["uk"] != data["sentence"]["en"]
    assert data["contest"] == {"id": str(contest.pk), "slug": "2026"}
    assert data["project"] == {"id": str(project.pk), "number": project.number}
    assert data["links"]["project"] == f"http://localhost:8000/poltava/2026/projects/{project.number}/"
    assert data["links"]["entry"].startswith("http://localhost:8000/poltava/journal/entries/")


def test_every_event_is_as_its_schema_says(oksana: Actor) -> None:
    given.voting_contest(projects=2)
    endpoint, _secret = connected(oksana)
    sequenced()
    entries = list(Entry.objects.filter(index__isnull=False))
    kinds = {each.code: each for name in GROUPS for each in kinds_in(name)}
    seen = set()
    for entry, belonging in belongings_of(entries):
        _reference, body = entry_body(endpoint, entry.log, entry, belonging)
        schema = schema_of(kinds[entry.kind], "https://example.com/schema.json")
        Draft202012Validator(schema).validate(json.loads(body)["data"])
        seen.add(entry.kind)
    assert len(seen) > 8


def test_while_a_secret_changes_both_are_right_and_then_only_the_new_one(oksana: Actor) -> None:
    with teller() as there:
        there.is_verifying = False
        endpoint, old = connected(oksana, there.url, from_start=True)
        new = actions.rotate_secret(endpoint=endpoint, by=oksana)
        with pytest.raises(Refused) as caught:
            actions.rotate_secret(endpoint=endpoint, by=oksana)
        assert caught.value.code == "still_two"
        sequenced()
        send_round(endpoint.pk)
        assert "," in there.heard[0][0]["webhook-signature"]
        headers, _said = there.heard[0]
        assert headers["webhook-signature"].count("v1,") == 2
        actions.end_former_secret(endpoint=endpoint, by=oksana)
        sequenced()
        count = len(there.heard)
        send_round(endpoint.pk)
        assert there.heard[count][0]["webhook-signature"].count("v1,") == 1
    assert old != new


def test_the_former_secret_ends_by_itself(oksana: Actor) -> None:
    endpoint, _old = connected(oksana)
    actions.rotate_secret(endpoint=endpoint, by=oksana)
    with clock.at(clock.now() + timedelta(hours=25)):
        actions.rotate_secret(endpoint=endpoint, by=oksana)


def test_a_ping_is_signed_and_stands_in_no_log(oksana: Actor) -> None:
    with teller() as there:
        endpoint, there.secret = connected(oksana, there.url)
        before = Entry.objects.count()
        said = actions.ping_endpoint(endpoint=endpoint, by=oksana)
        assert said.is_taken
        assert there.events[0]["type"] == "ua.viche.Ping.v1"
        assert Entry.objects.count() == before


def test_a_stranger_s_signature_and_a_changed_body_are_noticed(oksana: Actor) -> None:
    with teller() as there:
        endpoint, secret = connected(oksana, there.url)
        there.secret = secret
        actions.ping_endpoint(endpoint=endpoint, by=oksana)
        headers, said = there.heard[0]
    body = json.dumps(said)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + " ", headers)


def test_neither_the_journal_nor_a_dump_gives_a_secret_or_an_address_away(oksana: Actor) -> None:
    endpoint, secret = connected(oksana)
    actions.pause_endpoint(endpoint=endpoint, by=oksana)
    actions.resume_endpoint(endpoint=endpoint, by=oksana)
    rotated = actions.rotate_secret(endpoint=endpoint, by=oksana)
    said = " ".join(Entry.objects.filter(kind__startswith="Webhook").values_list("leaf", flat=True))
    assert said.count("Документообіг") == 4
    assert "hidden" not in said
    endpoint.refresh_from_db()
    stored = bytes(endpoint.secret) + bytes(endpoint.former or b"")
    for each in (secret, rotated):
        assert each.encode() not in stored
        assert each not in said


def test_what_was_laid_aside_is_sent_again_or_struck_off(oksana: Actor) -> None:
    contest = given.contest()
    with teller() as there:
        endpoint, there.secret = connected(oksana, there.url, kinds=["contests"], from_start=True)
        there.answers = {"ContestCreated": 400}
        sequenced()
        send_round(endpoint.pk)
        lane = endpoint.lanes.get()
        with pytest.raises(Refused) as caught:
            actions.skip_entry(lane=lane, position=lane.position + 1, by=oksana)
        assert caught.value.code == "already_done", "the official saw another event"
        actions.skip_entry(lane=lane, position=lane.position, by=oksana)
        send_round(endpoint.pk)
        assert [each["type"] for each in there.events][-1] == "ua.viche.RulesFrozen.v1"
        laid = Undelivered.objects.get()
        assert (laid.kind, laid.outcome) == ("ContestCreated", "400")

        actions.resend_entries(endpoint=endpoint, references=[], by=oksana)
        send_round(endpoint.pk)
        laid.refresh_from_db()
        assert laid.asked_at is None, "it was tried, in vain"
        there.answers = {}
        actions.resend_entries(endpoint=endpoint, references=[laid.pk], by=oksana)
        send_round(endpoint.pk)
        assert not Undelivered.objects.exists()
        assert there.events[-1]["type"] == "ua.viche.ContestCreated.v1"
    assert contest.slug == "2026"


def test_paused_it_hears_nothing_and_resumed_everything(oksana: Actor) -> None:
    with teller() as there:
        endpoint, there.secret = connected(oksana, there.url, kinds=["contests"])
        actions.pause_endpoint(endpoint=endpoint, by=oksana)
        given.contest()
        sequenced()
        assert send_round(endpoint.pk) == 0
        with pytest.raises(Refused) as caught:
            actions.pause_endpoint(endpoint=endpoint, by=oksana)
        assert caught.value.code == "already_done"
        actions.resume_endpoint(endpoint=endpoint, by=oksana)
        assert send_round(endpoint.pk) == 2


def test_removed_it_is_forgotten_with_its_secret(oksana: Actor) -> None:
    endpoint, _secret = connected(oksana)
    actions.remove_endpoint(endpoint=endpoint, by=oksana)
    assert not Endpoint.objects.exists()
    assert not Cursor.objects.exists()
    with pytest.raises(Refused) as caught:
        actions.remove_endpoint(endpoint=endpoint, by=oksana)
    assert caught.value.code == "removed"


def test_sealed_ballots_are_told_only_where_they_are_chosen_by_their_kind(oksana: Actor) -> None:
    from viche.connectors.webhooks.catalogue import BALLOT, chosen_kinds

    assert BALLOT not in chosen_kinds([])
    assert BALLOT not in chosen_kinds(["voting"])
    assert BALLOT in chosen_kinds([BALLOT])
    assert len(chosen_kinds([])) > 90


def test_under_another_key_nothing_is_signed_until_there_is_a_new_secret(
    oksana: Actor, settings: Any
) -> None:
    """A database that came to a server with another key: the official is told, and what was missed is told then."""
    endpoint, _secret = connected(oksana)
    settings.PERSON_KEY = "the key of another server"
    with pytest.raises(Refused) as refused:
        actions.ping_endpoint(endpoint=endpoint, by=oksana)
    assert refused.value.code == "seal_broken"
    send_round(endpoint.pk)
    endpoint.refresh_from_db()
    assert endpoint.state == Endpoint.State.SEALED
    secret = actions.rotate_secret(endpoint=endpoint, by=oksana)
    endpoint.refresh_from_db()
    assert endpoint.former is None
    assert opened(bytes(endpoint.secret), endpoint.pk) == secret
    actions.resume_endpoint(endpoint=endpoint, by=oksana)
    endpoint.refresh_from_db()
    assert endpoint.is_active
