"""A message by the contact form: kept, sent on to the mailbox, answered by e-mail, closed, deleted a year later."""

import json
import smtplib
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils.translation import override
from tests import given

from viche.communities.actions import archive_community, brand_community
from viche.communities.models import Community
from viche.connectors.contact.actions import (
    answer_message,
    close_message,
    delete_old_marks,
    delete_old_messages,
    submit_message,
)
from viche.connectors.contact.delivering import send_letters
from viche.connectors.contact.models import ContactLetter, ContactMessage, SendingMark
from viche.connectors.contact.queries import message_to, messages_to, waiting_number
from viche.connectors.contact.screening import links_in, opened_token, subnet_of
from viche.connectors.messages.actions import confirm_address, request_address
from viche.connectors.messages.models import Address
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions import grant_office
from viche.identity.queries import actor_of
from viche.journal.models import Entry

NOON = given.day(10)
TEXT = "Де подивитися кошторис проєкту № 4?"


@pytest.fixture
def body(db: None) -> Community:
    return brand_community(community=given.community(), by=SYSTEM, contact_email="budget@poltava.example")


@pytest.fixture
def operator(body: Community) -> Actor:
    return given.official("Галина", "operator", body)


def send(
    community: Community | None, text: str = TEXT, *, at: Any = NOON, waited: timedelta = timedelta(seconds=30),
    **other: Any,
) -> ContactMessage:  # fmt: skip
    """A message sent at the moment by a form that was opened `waited` before."""
    with clock.at(at - waited):
        opened = other.pop("opened", None) or opened_token()
    facts = {
        "subject": "question", "name": "Олена", "email": "olena@example.com", "language": "uk",
        "base": "https://testserver/", "trap": "", "session": "first", "address": "192.0.2.7",
    }  # fmt: skip
    with clock.at(at):
        return submit_message(community=community, text=text, opened=opened, **{**facts, **other})


def refused(code: str, field: str = "", **facts: Any) -> str:
    """The words of the refusal, in English."""
    with override("en"), pytest.raises(Refused) as caught:
        send(**facts)
    assert caught.value.code == code
    assert not field or list(caught.value.fields) == [field]
    return str(caught.value.message)


def posted(at: Any = NOON) -> list[Any]:
    """Letters that leave in the minute after the moment."""
    mail.outbox.clear()
    with clock.at(at + timedelta(minutes=1)):
        send_letters()
    return list(mail.outbox)


# --- where it goes -------------------------------------------------------------------------------------------


def test_a_message_goes_to_the_mailbox_of_the_body_with_a_link_to_its_page(body: Community):
    message = send(body)
    (letter,) = posted()
    assert letter.to == ["budget@poltava.example"]
    assert TEXT in letter.body
    assert "olena@example.com" in letter.body
    assert f"https://testserver/{body.slug}/office/messages/{message.pk}/" in letter.body
    assert posted() == []


def test_a_body_without_a_mailbox_leaves_it_to_the_platforms(body: Community, settings: Any):
    settings.CONTACT_EMAIL = "desk@viche.example"
    brand_community(community=body, by=SYSTEM, contact_email="")
    body.refresh_from_db()
    send(body)
    assert [letter.to for letter in posted()] == [["desk@viche.example"]]


def test_a_message_to_the_platform_leads_to_the_platforms_desk(db: None, settings: Any):
    settings.CONTACT_EMAIL = "desk@viche.example"
    message = send(None)
    (letter,) = posted()
    assert f"https://testserver/platform/messages/{message.pk}/" in letter.body
    assert message_to(None, message.pk) == message


def test_without_any_mailbox_it_waits_in_the_office(body: Community, settings: Any):
    settings.CONTACT_EMAIL = ""
    brand_community(community=body, by=SYSTEM, contact_email="")
    body.refresh_from_db()
    send(body)
    assert posted() == []
    assert waiting_number(body) == 1


def test_a_message_is_seen_by_its_own_body_only(body: Community):
    message = send(body)
    assert list(messages_to(body)) == [message]
    assert message_to(given.community(given.LVIV), message.pk) is None
    assert message_to(None, message.pk) is None


def test_a_copy_goes_only_to_an_address_that_its_owner_has_confirmed(body: Community):
    olena = given.person("Олена")
    with clock.at(NOON):
        request_address(
            person=olena,
            channel="email",
            target="Olena@example.com",
            language="uk",
            base="https://testserver/",
        )
        assert not send(body, writer=olena, wants_copy=True).has_copy
        confirm_address(address=Address.objects.get())
    assert not send(body, writer=None, wants_copy=True).has_copy
    assert not send(body, writer=olena, wants_copy=True, email="taras@example.com").has_copy
    assert send(body, writer=olena, wants_copy=True).has_copy
    letters = posted()
    assert [letter.to for letter in letters].count(["olena@example.com"]) == 1
    assert len(letters) == 5


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "advertising"),
        ("text", "  "),
        ("text", "а" * 5001),
        ("name", ""),
        ("name", "а" * 121),
        ("email", "olena"),
        ("email", f"{'a' * 250}@example.com"),
    ],
)
def test_a_fault_is_said_at_its_field(body: Community, field: str, value: str):
    assert refused("bad_value", field, community=body, **{field: value})
    assert not ContactMessage.objects.exists()
    assert not SendingMark.objects.exists()


def test_the_field_nobody_sees_stays_empty(body: Community):
    assert "send your message once more" in refused("trap_filled", community=body, trap="http://x")


@pytest.mark.parametrize(("seconds", "is_taken"), [(0, False), (2, False), (3, True), (43_200, True)])
def test_a_form_is_sent_three_seconds_to_twelve_hours_after_it_was_opened(
    body: Community, seconds: int, is_taken: bool
):
    waited = timedelta(seconds=seconds)
    if is_taken:
        assert send(body, waited=waited)
    else:
        assert "wait 3 seconds" in refused("form_too_soon", community=body, waited=waited)


def test_an_older_form_is_looked_through_once_more(body: Community):
    assert "12 hours" in refused("form_too_old", community=body, waited=timedelta(hours=12, seconds=1))


@pytest.mark.parametrize("opened", ["none", "eyJhIjoxfQ:1abcde:sig", "'"])
def test_a_form_that_was_not_opened_here_sends_nothing(body: Community, opened: str):
    assert "once more" in refused("form_unknown", community=body, opened=opened)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("проєкт № 4, 1.5 га", 0),
        ("http://a.example і HTTPS://b.example", 2),
        ("www.a.example, http :// b.example, https://c.example", 3),
    ],
)
def test_two_links_are_enough(body: Community, text: str, links: int):
    assert links_in(text) == links
    if links > 2:
        assert "2 links" in refused("bad_value", "text", community=body, text=text)
    else:
        assert send(body, text)


def test_a_session_sends_five_messages_an_hour(body: Community):
    for number in range(5):
        send(body, f"{TEXT} {number}", address=f"198.51.{number}.1")
    assert "an hour later" in refused("too_many_messages", community=body, address="198.51.9.1")
    assert send(body, address="198.51.9.1", session="second")
    assert send(body, at=NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("near", "far"), [("192.0.2.{}", "192.0.3.1"), ("2001:db8:7:{}::1", "2001:db8:8::1")]
)
def test_a_subnet_sends_twenty_messages_an_hour(body: Community, near: str, far: str):
    for number in range(20):
        send(body, session=f"session {number}", address=near.format(number))
    message = refused("too_many_messages", community=body, session="one more", address=near.format(99))
    assert "your network" in message
    assert send(body, session="one more", address=far)


@pytest.mark.parametrize(
    ("address", "subnet"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        ("nowhere", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_48(address: str, subnet: str):
    assert subnet_of(address) == subnet


def test_neither_the_address_nor_the_session_is_kept(body: Community):
    send(body, session="abcdef", address="192.0.2.7")
    marks = list(SendingMark.objects.values_list("mark", flat=True))
    assert len(marks) == 2
    # an HMAC in hex, not the same under another key
    assert all(len(mark) == 64 and int(mark, 16) for mark in marks)
    plain = {sha256(said.encode()).hexdigest() for said in ("abcdef", "192.0.2.0/24", "192.0.2.7")}
    assert not plain & set(marks)
    with clock.at(NOON + timedelta(hours=1)):
        delete_old_marks()
    assert not SendingMark.objects.exists()


def test_one_form_pressed_twice_is_one_message(body: Community):
    with clock.at(NOON - timedelta(seconds=30)):
        opened = opened_token()
    assert send(body, opened=opened) == send(body, opened=opened)
    assert ContactMessage.objects.count() == 1
    assert SendingMark.objects.count() == 2
    assert "once more" in refused("form_used", community=body, text="Інше питання", opened=opened)


def test_nobody_reads_for_a_body_that_has_left(body: Community):
    archive_community(community=body, decision="№ 5 від 1.03.2026", by=SYSTEM)
    body.refresh_from_db()
    assert refused("archived", community=body)


# --- answered and closed -------------------------------------------------------------------------------------


def test_an_answer_goes_by_e_mail_in_the_writers_language_with_what_they_wrote(
    body: Community, operator: Actor
):
    message = send(body, language="en")
    posted()
    with clock.at(NOON):
        answered = answer_message(message=message, text=" Кошторис на сторінці проєкту. ", by=operator)
    assert (answered.state, answered.answered_at) == ("answered", NOON)
    (letter,) = posted()
    assert letter.to == ["olena@example.com"]
    assert letter.subject.startswith("Answer to your message")
    assert "Кошторис на сторінці проєкту." in letter.body
    assert f"> {TEXT}" in letter.body


def test_an_answer_is_given_once(body: Community, operator: Actor):
    message = send(body)
    answer_message(message=message, text="Так.", by=operator)
    with pytest.raises(Refused, match="already_done"):
        answer_message(message=message, text="Ні.", by=operator)
    assert ContactMessage.objects.get().answer == "Так."


def test_an_empty_answer_is_none(body: Community, operator: Actor):
    with pytest.raises(Refused, match="bad_value"):
        answer_message(message=send(body), text=" \n ", by=operator)


def test_without_letters_a_message_can_only_be_closed(body: Community, operator: Actor, settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    message = send(body)
    assert not ContactLetter.objects.exists()
    with pytest.raises(Refused, match="no_mail"):
        answer_message(message=message, text="Так.", by=operator)
    closed = close_message(message=message, by=operator)
    assert (closed.state, closed.closed_by_id) == ("closed", operator.person_id)


def test_what_is_closed_is_closed(body: Community, operator: Actor):
    message = send(body)
    answer_message(message=message, text="Так.", by=operator)
    close_message(message=message, by=operator)
    for act in (lambda: close_message(message=message, by=operator),
                lambda: answer_message(message=message, text="Ще.", by=operator)):  # fmt: skip
        with pytest.raises(Refused, match="already_done"):
            act()


@pytest.mark.parametrize(
    ("role", "is_allowed"), [("administrator", True), ("editor", False), ("auditor", False)]
)
def test_those_who_answer_for_the_body_answer(body: Community, role: str, is_allowed: bool):
    by, message = given.official("Юлія", role, body), send(body)
    if is_allowed:
        assert close_message(message=message, by=by)
        return
    for act in (close_message, lambda **facts: answer_message(text="Так.", **facts)):
        with pytest.raises(Refused, match="not_answering"):
            act(message=message, by=by)


def test_an_official_of_another_body_and_of_the_platform_answer_for_their_own(body: Community):
    foreign = given.official("Зоряна", "administrator", given.community(given.LVIV))
    nazar = given.person("Назар")
    grant_office(person=nazar, community=None, role="platform", by=SYSTEM)
    platform = actor_of(nazar, None)
    for by in (foreign, platform):
        with pytest.raises(Refused, match="not_answering"):
            close_message(message=send(body), by=by)
    with pytest.raises(Refused, match="not_answering"):
        close_message(message=send(None), by=foreign)
    assert close_message(message=send(None), by=platform).state == "closed"


# --- letters that do not leave -------------------------------------------------------------------------------


def test_a_letter_that_cannot_leave_is_tried_again_as_the_same_letter(
    body: Community, monkeypatch: pytest.MonkeyPatch
):
    send(body)
    with monkeypatch.context() as broken:

        def down(*_args: Any, **_facts: Any) -> None:
            raise smtplib.SMTPServerDisconnected

        broken.setattr("viche.foundation.mail.EmailMessage.send", down)
        assert posted() == []
    letter = ContactLetter.objects.get()
    assert (letter.state, letter.attempts) == ("queued", 1)
    assert "example" not in letter.error
    assert posted() == []
    (sent,) = posted(NOON + timedelta(minutes=5))
    assert sent.extra_headers["Message-ID"].startswith("<")
    assert ContactLetter.objects.get().state == "sent"


def test_an_address_that_is_refused_for_good_is_given_up(
    body: Community, operator: Actor, monkeypatch: pytest.MonkeyPatch
):
    message = send(body)
    posted()
    with clock.at(NOON):
        answer_message(message=message, text="Так.", by=operator)

    def unknown(*_args: Any, **_facts: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({"olena@example.com": (550, b"no such user")})

    monkeypatch.setattr("viche.foundation.mail.EmailMessage.send", unknown)
    posted()
    letter = ContactLetter.objects.get(kind="answer")
    assert letter.state == "failed"
    assert "olena" not in letter.error


# --- what stays ----------------------------------------------------------------------------------------------


def test_the_journal_holds_counts_and_nobody(body: Community, operator: Actor):
    first, second = send(body), send(body)
    answer_message(message=first, text="Так.", by=operator)
    close_message(message=second, by=operator)
    leaves = [
        json.loads(leaf)
        for leaf in Entry.objects.filter(kind__startswith="Message")
        .order_by("id")
        .values_list("leaf", flat=True)
    ]
    assert [(leaf["kind"], leaf["data"]["waiting"]) for leaf in leaves] == [
        ("MessageReceived", 1),
        ("MessageReceived", 2),
        ("MessageAnswered", 1),
        ("MessageClosed", 0),
    ]
    assert all(set(leaf["data"]) == {"community", "waiting"} for leaf in leaves)
    assert "by" not in leaves[0]
    said = json.dumps(leaves, ensure_ascii=False)
    assert not any(word in said for word in ("Олена", "olena", "кошторис", str(first.pk)))


def test_neither_text_nor_address_stands_in_the_name_of_a_row(body: Community):
    message = send(body)
    shown = f"{message!r} {message} {ContactLetter.objects.get()!r} {SendingMark.objects.first()!r}"
    assert not any(word in shown for word in ("Олена", "olena", "кошторис", "192.0.2"))


def test_a_message_goes_a_year_after_the_last_thing_done_with_it(body: Community, operator: Actor):
    answered, closed, waiting = (send(body, f"{TEXT} {number}") for number in range(3))
    with clock.at(NOON):
        answer_message(message=answered, text="Так.", by=operator)
        answer_message(message=closed, text="Так.", by=operator)
    with clock.at(NOON + timedelta(days=100)):
        close_message(message=closed, by=operator)
    kept = []
    for days in (365, 366, 465, 466):
        with clock.at(NOON + timedelta(days=days)):
            delete_old_messages()
        kept.append(ContactMessage.objects.count())
    assert kept == [3, 2, 2, 1]
    assert ContactMessage.objects.get() == waiting


def test_messages_of_a_body_that_left_go_a_year_after_it(body: Community):
    send(body)
    with clock.at(NOON):
        archive_community(community=body, decision="№ 5 від 1.03.2026", by=SYSTEM)
    with clock.at(NOON + timedelta(days=366)):
        assert delete_old_messages() == 1


def test_the_database_knows_the_states_too(body: Community):
    message = send(body)
    for state in ("answered", "closed"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ContactMessage.objects.filter(pk=message.pk).update(state=state)
