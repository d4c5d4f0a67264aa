"""The contact page with its form, and the messages in the office and at the platform's desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.surfaces.ground import VOTING_DAY, Ground, browser, page, prefix
from viche.communities.actions import brand_community
from viche.connectors.contact.delivering import send_letters
from viche.connectors.contact.models import ContactMessage
from viche.connectors.messages.actions import confirm_address, request_address
from viche.connectors.messages.models import Address
from viche.foundation import clock
from viche.foundation.actor import SYSTEM

SAID = {
    "subject": "accessibility", "text": "Кнопка замала.\nНе можу натиснути.", "name": "Марія",
    "email": "maria@example.com", "homepage": "",
}  # fmt: skip
LATER = VOTING_DAY + timedelta(seconds=30)


def address(ground: Ground, *, language: str = "en/") -> str:
    return f"{prefix(ground.poltava)}{language}pages/contact/"


def send(client: Any, there: str, *, at: Any = LATER, follow: bool = False, **changed: Any) -> Any:
    """Open the form on the voting day and send it at the moment."""
    opened = page(client.get(there)).hidden["opened"][0]
    with clock.at(at):
        return client.post(there, {**SAID, "opened": opened, **changed}, follow=follow)


def typed(answer: Any, name: str) -> str:
    """What stands in a field of the page."""
    text = answer.content.decode()
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', text, re.S)
    if area:
        return area.group(1).replace("\r\n", "\n")
    (tag,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
    value = re.search(r'value="([^"]*)"', tag)
    return value.group(1) if value else ""


def test_the_contacts_stand_above_a_form_that_works_without_scripts(ground: Ground) -> None:
    brand_community(community=ground.poltava, by=SYSTEM, contact_email="budget@poltava.example")
    client = browser(enforce_csrf_checks=True)
    there = address(ground)
    shown = page(client.get(there))
    assert "mailto:budget@poltava.example" in shown.links
    assert not shown.inline
    with clock.at(LATER):
        sent = {name: values[0] for name, values in shown.hidden.items()}
        answer = client.post(there, {**SAID, **sent}, follow=True)
    assert "Your message is sent" in page(answer).text
    message = ContactMessage.objects.get()
    assert (message.community, message.subject, message.language) == (ground.poltava, "accessibility", "en")
    assert message.text == "Кнопка замала.\nНе можу натиснути."


def test_the_platform_has_a_form_of_its_own(ground: Ground) -> None:
    assert send(browser(), "/en/pages/contact/").status_code == 302
    assert ContactMessage.objects.get().community is None


def test_the_subject_can_be_chosen_by_a_link(ground: Ground) -> None:
    assert "complaint" in page(browser().get(address(ground) + "?subject=complaint")).checked
    assert not page(browser().get(address(ground) + "?subject=other")).checked


@pytest.mark.parametrize("field", ["subject", "text", "name", "email"])
def test_a_fault_keeps_all_that_was_typed(ground: Ground, field: str) -> None:
    answer = send(browser(), address(ground), **{field: ""})
    assert answer.status_code == 422
    shown = page(answer)
    assert set(shown.wrong) == {field}
    for name in {"text", "name", "email"} - {field}:
        assert typed(answer, name) == SAID[name]
    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize(
    ("sent", "at", "says"),
    [
        ({"homepage": "https://spam.example"}, LATER, "It is empty now"),
        ({"opened": "none"}, LATER, "not opened here"),
        ({}, VOTING_DAY + timedelta(seconds=1), "wait 3 seconds"),
        ({}, VOTING_DAY + timedelta(hours=13), "more than 12 hours"),
        ({"text": "https://a.example https://b.example https://c.example"}, LATER, "No more than 2 links"),
    ],
)
def test_who_was_taken_for_a_machine_is_told_what_to_do_and_loses_nothing(
    ground: Ground, sent: dict[str, str], at: Any, says: str
) -> None:
    client, there = browser(), address(ground)
    answer = send(client, there, at=at, **sent)
    assert answer.status_code == 422
    assert says in page(answer).text
    assert typed(answer, "text") == {**SAID, **sent}["text"]
    assert typed(answer, "homepage") == ""
    # doing what the page says is enough
    opened = page(answer).hidden["opened"][0]
    with clock.at(at + timedelta(seconds=5)):
        assert client.post(there, {**SAID, "opened": opened}).status_code == 302
    assert ContactMessage.objects.count() == 1


def test_a_browser_sends_five_an_hour_and_another_one_still_may(ground: Ground) -> None:
    client, there = browser(), address(ground)
    answers = [send(client, there, text=f"Питання {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "an hour later" in page(answers[-1]).text
    assert typed(answers[-1], "text") == "Питання 5"
    assert send(browser(), there).status_code == 302


def test_visitors_without_cookies_are_counted_by_their_network(ground: Ground) -> None:
    there = address(ground)
    codes = [send(browser(REMOTE_ADDR=f"192.0.2.{number}"), there).status_code for number in range(21)]
    assert codes == [302] * 20 + [429]
    assert send(browser(REMOTE_ADDR="192.0.3.1"), there).status_code == 302


def test_behind_the_proxy_the_address_is_what_the_proxy_says(ground: Ground, settings: Any) -> None:
    settings.IS_BEHIND_PROXY = True
    there = address(ground)
    codes = [
        # the first is what the visitor pretends
        send(browser(HTTP_X_FORWARDED_FOR=f"10.0.{number}.1, 192.0.2.5"), there).status_code
        for number in range(21)
    ]
    assert codes == [302] * 20 + [429]


def test_messages_are_read_answered_and_closed_in_the_office(ground: Ground) -> None:
    send(browser(), address(ground))
    message = ContactMessage.objects.get()
    client = browser(ground.visitors["operator"])
    base = f"{prefix(ground.poltava)}en/office/"
    assert f"{base}messages/" in page(client.get(base)).own_links
    listed = page(client.get(f"{base}messages/"))
    there = f"{base}messages/{message.pk}/"
    assert there in listed.own_links
    shown = page(client.get(there))
    assert "maria@example.com" in shown.text
    assert "Кнопка замала." in shown.text
    empty = client.post(there, {"act": "answer", "text": " "})
    assert (empty.status_code, page(empty).wrong) == (422, ["text"])
    answered = client.post(there, {"act": "answer", "text": "Уже більша."}, follow=True)
    assert "The answer is on its way" in page(answered).text
    send_letters()
    assert mail.outbox[-1].to == ["maria@example.com"]
    assert "Send the answer" not in page(client.get(there)).text
    assert client.post(there, {"act": "close"}).status_code == 302
    assert client.post(there, {"act": "close"}).status_code == 409
    assert client.post(there, {"act": "burn"}).status_code == 422
    assert client.get(there)["Cache-Control"] == "no-store"


def test_what_a_visitor_writes_is_text_and_nothing_else(ground: Ground) -> None:
    send(browser(), address(ground), text="<script>alert(1)</script>", name="<b>Марія</b>")
    client = browser(ground.visitors["administrator"])
    base = f"{prefix(ground.poltava)}office/messages/"
    for there in (base, f"{base}{ContactMessage.objects.get().pk}/"):
        content = client.get(there).content.decode()
        assert "<script>alert" not in content
        assert "<b>Марія" not in content


def test_an_auditor_reads_and_changes_nothing(ground: Ground) -> None:
    send(browser(), address(ground))
    there = f"{prefix(ground.poltava)}en/office/messages/{ContactMessage.objects.get().pk}/"
    client = browser(ground.visitors["auditor"])
    assert "Send the answer" not in page(client.get(there)).text
    assert client.post(there, {"act": "close"}).status_code == 403


@pytest.mark.parametrize("visitor", ["resident", "editor", "commission", "foreign administrator", "platform"])
def test_others_read_none_of_it(ground: Ground, visitor: str) -> None:
    send(browser(), address(ground))
    client = browser(ground.visitors[visitor])
    base = f"{prefix(ground.poltava)}office/messages/"
    for there in (base, f"{base}{ContactMessage.objects.get().pk}/"):
        assert client.get(there).status_code == 403


def test_another_bodys_message_is_not_found(ground: Ground) -> None:
    send(browser(), address(ground))
    message = ContactMessage.objects.get()
    client = browser(ground.visitors["foreign administrator"])
    assert client.get(f"{prefix(ground.lviv)}office/messages/{message.pk}/").status_code == 404
    assert browser(ground.visitors["platform"]).get(f"/platform/messages/{message.pk}/").status_code == 404


def test_the_platform_answers_what_was_written_to_it(ground: Ground) -> None:
    send(browser(), "/en/pages/contact/")
    there = f"/en/platform/messages/{ContactMessage.objects.get().pk}/"
    client = browser(ground.visitors["platform"])
    assert there in page(client.get("/en/platform/messages/")).own_links
    assert client.post(there, {"act": "answer", "text": "Дякуємо."}).status_code == 302
    assert ContactMessage.objects.get().state == "answered"


def test_who_has_confirmed_an_address_finds_it_filled_in(ground: Ground) -> None:
    person = ground.visitors["resident"]
    client, there = browser(person), address(ground)
    assert 'name="wants_copy"' not in client.get(there).content.decode()
    request_address(
        person=person, channel="email", target="petro@example.com", language="en", base="http://testserver/"
    )
    confirm_address(address=Address.objects.get())
    shown = client.get(there)
    assert typed(shown, "email") == "petro@example.com"
    assert 'name="wants_copy"' in shown.content.decode()
    assert send(client, there, email="petro@example.com", wants_copy="on").status_code == 302
    assert ContactMessage.objects.get().has_copy
