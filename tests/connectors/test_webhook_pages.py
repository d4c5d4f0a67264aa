"""Officials' pages of webhooks, what administrators are told of a stopped one, and the public catalogue of events."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import set_script_prefix
from jsonschema import Draft202012Validator
from tests import given
from tests.connectors.hook_receiver import Teller, teller
from tests.surfaces.ground import browser

from viche.connectors.messages.reminders_systems import of_webhooks
from viche.connectors.webhooks.delivering import send_round
from viche.connectors.webhooks.models import Endpoint, Lane, Undelivered
from viche.foundation import clock
from viche.identity.models import Person
from viche.journal import actions as journal
from viche.journal.models import Entry

pytestmark = pytest.mark.django_db

OFFICE = "/poltava/office/webhooks/"


@pytest.fixture(autouse=True)
def _prefix() -> Iterator[None]:
    yield
    set_script_prefix("/")


@pytest.fixture
def oksana() -> Client:
    return client_of("administrator")


@pytest.fixture
def there() -> Iterator[Teller]:
    with teller() as made:
        yield made


def client_of(role: str) -> Client:
    by = given.official("Оксана" if role == "administrator" else "Ірина", role, given.community())
    return browser(Person.objects.get(pk=by.person_id), at=clock.now())


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def set_up(client: Client, there: Teller, **other: object) -> str:
    """The address of a new webhook's page; its secret is what the page shows."""
    sent = client.post(f"{OFFICE}new/", {"title": "Документообіг", "url": there.url, **other})
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    there.secret = secrets_on(read(client, sent["Location"]))[0]
    return str(sent["Location"])


def secrets_on(page: str) -> list[str]:
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", page)


def told() -> None:
    journal.sequence_community(community=given.community().code)
    send_round(Endpoint.objects.get().pk)


def test_a_receiver_is_set_up_and_its_secret_is_shown_once(oksana: Client, there: Teller) -> None:
    assert "new/" in read(oksana, OFFICE)
    page = set_up(oksana, there, groups=["projects", "results"])
    assert secrets_on(read(oksana, page)) == []
    assert Endpoint.objects.get().kinds == ["projects", "results"]
    oksana.post(page, {"act": "rotate"})
    assert len(secrets_on(read(oksana, page))) == 1
    assert secrets_on(read(oksana, page)) == []


def test_a_test_event_says_at_once_whether_the_receiver_is_well(oksana: Client, there: Teller) -> None:
    page = set_up(oksana, there)
    oksana.post(page, {"act": "ping"})
    assert "Пробну подію прийнято" in read(oksana, page)
    there.answers = {"": 500}
    oksana.post(page, {"act": "ping"})
    said = read(oksana, page)
    assert "&lt;b&gt;no&lt;/b&gt; such thing" in said, "what the receiver says is text, never markup"
    assert "<b>no</b>" not in said


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/", "http://10.1.2.3/", "http://localhost/", "gopher://x"]
)
def test_an_address_into_a_closed_network_is_refused_on_the_page(
    oksana: Client, settings: object, url: str
) -> None:
    settings.OUTGOING_PRIVATE = []  # type: ignore[attr-defined]
    sent = oksana.post(f"{OFFICE}new/", {"title": "Документообіг", "url": url})
    assert sent.status_code == 422
    assert "field-wrong" in sent.content.decode()
    assert not Endpoint.objects.exists()


def test_an_address_is_not_changed_into_a_closed_one_either(
    oksana: Client, there: Teller, settings: object
) -> None:
    page = set_up(oksana, there)
    assert oksana.post(f"{page}settings/", {"title": "Сайт", "url": there.url}).status_code == 302
    settings.OUTGOING_PRIVATE = []  # type: ignore[attr-defined]
    assert oksana.post(f"{page}settings/", {"title": "Сайт", "url": there.url}).status_code == 422
    oksana.post(page, {"act": "ping"})
    assert len(there.heard) == 0


def test_what_the_receiver_rejects_waits_is_laid_aside_and_is_sent_again(
    oksana: Client, there: Teller
) -> None:
    page = set_up(oksana, there, groups=["contests"])
    there.answers = {"ContestCreated": 422}
    given.contest()
    told()
    lane = Lane.objects.get()
    assert f'name="position" value="{lane.position}"' in read(oksana, page)
    oksana.post(page, {"act": "skip", "lane": str(lane.pk), "position": str(lane.position)})
    laid = Undelivered.objects.get()
    assert str(laid.pk) in read(oksana, page)
    assert oksana.post(page, {"act": "skip", "lane": str(lane.pk), "position": "0"}).status_code == 409
    there.answers = {}
    oksana.post(page, {"act": "resend", "event": str(laid.pk)})
    told()
    assert not Undelivered.objects.exists()
    assert oksana.post(page, {"act": "resend", "event": str(laid.pk)}).status_code == 404
    for nonsense in ({"act": "resend", "event": "x"}, {"act": "skip", "lane": "x"}, {"act": "drop-all"}):
        assert oksana.post(page, nonsense).status_code == 404
    assert oksana.post(page, {"act": "explode"}).status_code == 422


def test_paused_resumed_and_removed(oksana: Client, there: Teller) -> None:
    page = set_up(oksana, there)
    for act, state in (("pause", "paused"), ("resume", "active")):
        assert oksana.post(page, {"act": act}).status_code == 302
        assert Endpoint.objects.get().state == state
        assert oksana.post(page, {"act": act}).status_code == 409, "a double click changes nothing"
    assert "<form" in read(oksana, f"{page}remove/")
    oksana.post(f"{page}remove/")
    assert not Endpoint.objects.exists()
    assert oksana.get(page).status_code == 404


def test_an_auditor_reads_and_changes_nothing(oksana: Client, there: Teller) -> None:
    page = set_up(oksana, there)
    auditor = client_of("auditor")
    assert there.url in read(auditor, page)
    assert 'name="act"' not in read(auditor, page)
    assert auditor.post(page, {"act": "ping"}).status_code == 403


def test_administrators_are_told_that_a_webhook_stopped(oksana: Client, there: Teller) -> None:
    set_up(oksana, there)
    there.answers = {"": 410}
    told()
    assert Endpoint.objects.get().state == "gone"
    assert Entry.objects.filter(kind="WebhookStopped").count() == 1
    [reminder] = of_webhooks(clock.now())
    assert (reminder.roles, reminder.page) == (("administrator",), "office-webhooks")
    assert list(of_webhooks(clock.now() + timedelta(days=8))) == []


def test_anybody_reads_which_events_there_are(client: Client) -> None:
    given.community()
    page = client.get("/poltava/en/webhooks/events/", follow=True).content.decode()
    assert "ResultPublished" in page
    assert "ContestEvent" not in page, "what others are derived from is no event"
    for kind in ("ResultPublished", "BallotSealed", "WebhookStopped"):
        found = client.get(f"/poltava/webhooks/events/{kind}.json")
        assert found["Content-Type"] == "application/schema+json"
        Draft202012Validator.check_schema(found.json())
        assert found.json()["$id"].endswith(f"/poltava/webhooks/events/{kind}.json")
    assert client.get("/poltava/webhooks/events/Nonsense.json").status_code == 404
