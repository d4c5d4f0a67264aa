"""Invitations: offered by e-mail, accepted once by an identified person, seen by name."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection, transaction
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.models import Community
from viche.foundation import clock, mail
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.actions import (
    accept_invitation,
    decline_invitation,
    end_office,
    grant_office,
    invite_official,
    resend_invitation,
    withdraw_invitation,
)
from viche.identity.actions.letters import send_queued_letter
from viche.identity.models import Invitation, Letter, Office
from viche.identity.queries import invitation_of, invitations_of, roles_in
from viche.journal.models import Entry

BASE = "https://viche.example/poltava/"


@pytest.fixture
def city(db) -> Community:
    return given.community()


def invite(city: Community, **facts):
    facts = {"email": "Halyna@Poltava.gov.ua", "role": "operator", "language": "uk", "base": BASE} | facts
    by = facts.pop("by", None) or given.official("Віктор", "administrator", city)
    return invite_official(community=city, by=by, **facts)


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value


def kinds(city: Community) -> list[str]:
    return list(Entry.objects.filter(log__community=city.code).order_by("id").values_list("kind", flat=True))


def test_an_identified_person_accepts_and_holds_the_office_by_their_name(city):
    invitation, token = invite(city, unit="ЦНАП № 2")
    halyna = given.person("Галина")
    found = invitation_of(token, city)
    assert found == invitation
    office = accept_invitation(invitation=found, person=halyna)
    assert roles_in(halyna, city) == {"operator"}
    assert (office.unit, office.granted_by) == ("ЦНАП № 2", given.person("Віктор"))
    assert invitations_of(city)[0].accepted_by == halyna
    assert kinds(city)[-3:] == ["OfficialInvited", "OfficeGranted", "InvitationAccepted"]


def test_the_token_is_in_no_column_of_any_table_and_the_address_in_no_entry(city):
    _invitation, token = invite(city)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS line WHERE strpos(line::text, %s) > 0', [token]
            )
            assert cursor.fetchone() == (0,), table
    assert not Entry.objects.filter(leaf__icontains="halyna").exists()


def test_accepted_twice_by_one_person_is_one_office_and_by_another_is_refused(city):
    invitation, _token = invite(city)
    halyna = given.person("Галина")
    assert accept_invitation(invitation=invitation, person=halyna) == accept_invitation(
        invitation=invitation, person=halyna
    )
    assert Office.objects.filter(person=halyna).count() == 1
    answer = refused(accept_invitation, invitation=invitation, person=given.person("Тарас"))
    assert (answer.code, answer.status) == ("used", 410)


def test_whoever_holds_the_office_already_keeps_it_as_it_is(city):
    halyna = given.person("Галина")
    held = grant_office(person=halyna, community=city, role="operator", by=SYSTEM)
    invitation, _token = invite(city)
    assert accept_invitation(invitation=invitation, person=halyna) == held
    assert kinds(city).count("OfficeGranted") == 2  # hers and Viktor's


def test_fourteen_days_and_not_one_more(city):
    with clock.at(given.day(1)):
        invitation, _token = invite(city)
    with clock.at(given.day(1) + timedelta(days=14)):
        assert (
            refused(accept_invitation, invitation=invitation, person=given.person("Галина")).code == "expired"
        )
        invite(city)  # one that has expired makes room for a new one
    with clock.at(given.day(1) + timedelta(days=13, hours=23)):
        answer = refused(accept_invitation, invitation=invitation, person=given.person("Галина"))
        assert answer.code == "withdrawn"


def test_withdrawn_declined_and_sent_again(city):
    viktor = given.official("Віктор", "administrator", city)
    invitation, first = invite(city, by=viktor)
    second = resend_invitation(invitation=invitation, base=BASE, by=viktor)
    assert second != first
    assert invitation_of(first, city) is None
    assert invitation_of(second, city) == invitation
    withdraw_invitation(invitation=invitation, by=viktor)
    withdraw_invitation(invitation=invitation, by=viktor)
    assert kinds(city).count("InvitationWithdrawn") == 1
    assert refused(resend_invitation, invitation=invitation, base=BASE, by=viktor).code == "not_open"
    other, _token = invite(city, by=viktor)
    decline_invitation(invitation=other)
    assert refused(accept_invitation, invitation=other, person=given.person("Галина")).code == "withdrawn"
    assert "InvitationDeclined" in kinds(city)


def test_what_is_accepted_is_not_withdrawn_any_more(city):
    viktor = given.official("Віктор", "administrator", city)
    invitation, _token = invite(city, by=viktor)
    accept_invitation(invitation=invitation, person=given.person("Галина"))
    assert refused(withdraw_invitation, invitation=invitation, by=viktor).code == "not_open"
    assert refused(decline_invitation, invitation=invitation).code == "not_open"


def test_an_invitation_of_somebody_who_gives_no_offices_any_more_opens_nothing(city):
    viktor = given.official("Віктор", "administrator", city)
    given.official("Марія", "administrator", city)
    invitation, _token = invite(city, by=viktor)
    end_office(office=Office.objects.get(person=given.person("Віктор")), by=SYSTEM)
    assert (
        refused(accept_invitation, invitation=invitation, person=given.person("Галина")).code
        == "inviter_gone"
    )


def test_bad_input_is_said_at_its_field(city):
    viktor = given.official("Віктор", "administrator", city)
    for name, value in (("email", "не адреса"), ("role", "king"), ("role", "platform"), ("unit", "я" * 201)):
        assert refused(invite, city=city, by=viktor, **{name: value}).fields[name], name
    invite(city, by=viktor)
    assert refused(invite, city=city, by=viktor, email="halyna@POLTAVA.gov.ua").code == "already_invited"
    operator = given.official("Галина", "operator", city)
    assert refused(invite, city=city, by=operator).code == "not_administrator"


def test_thirty_a_day_and_five_sendings(city):
    viktor = given.official("Віктор", "administrator", city)
    with clock.at(given.day(1)):
        for number in range(30):
            invitation, _token = invite(city, by=viktor, email=f"a{number}@poltava.gov.ua")
        assert refused(invite, city=city, by=viktor).status == 429
        for _number in range(4):
            resend_invitation(invitation=invitation, base=BASE, by=viktor)
        assert refused(resend_invitation, invitation=invitation, base=BASE, by=viktor).status == 429
    with clock.at(given.day(2, hour=13)):
        assert invite(city, by=viktor)


def test_two_who_open_a_forwarded_link_at_once_get_one_office(committed_db):
    city = given.community()
    invitation, _token = invite(city)
    people = [given.person("Галина"), given.person("Тарас")]
    answers = at_once(2, lambda place: accept_invitation(invitation=invitation, person=people[place]))
    assert refusals(answers) == ["used"]
    assert Office.objects.filter(role="operator").count() == 1


def test_two_administrators_who_invite_one_address_at_once_send_one_letter(committed_db):
    city = given.community()
    by = [given.official(name, "administrator", city) for name in ("Віктор", "Марія")]
    answers = at_once(2, lambda place: invite(city, by=by[place]))
    assert refusals(answers) == ["already_invited"]
    assert (Invitation.objects.count(), Letter.objects.count()) == (1, 1)


class TestLetters:
    def test_the_letter_names_who_what_until_when_and_the_link(self, city):
        _invitation, token = invite(city, language="en")
        assert outbox.outbox == []
        assert send_queued_letter(letter_id=str(Letter.objects.get().pk))
        [letter] = outbox.outbox
        assert letter.to == ["halyna@poltava.gov.ua"]
        assert f"{BASE}en/invitation/{token}/" in letter.body
        assert "Віктор Коваленко" in letter.body
        assert "operator of a service centre" in letter.subject
        assert "%(" not in letter.body + letter.subject

    def test_ukrainian_for_an_inviter_who_reads_ukrainian(self, city):
        _invitation, token = invite(city)
        send_queued_letter(letter_id=str(Letter.objects.get().pk))
        [letter] = outbox.outbox
        assert f"{BASE}invitation/{token}/" in letter.body
        assert re.search(r"[а-яіїє]{4}", letter.body)
        assert "invite" not in letter.body.replace("invitation/", "")

    def test_never_twice_and_never_after_it_was_withdrawn(self, city):
        viktor = given.official("Віктор", "administrator", city)
        invitation, _token = invite(city, by=viktor)
        first = Letter.objects.get()
        assert send_queued_letter(letter_id=str(first.pk))
        assert not send_queued_letter(letter_id=str(first.pk))
        resend_invitation(invitation=invitation, base=BASE, by=viktor)
        second = Letter.objects.exclude(pk=first.pk).get()
        withdraw_invitation(invitation=invitation, by=viktor)
        assert not send_queued_letter(letter_id=str(second.pk))
        assert len(outbox.outbox) == 1

    def test_a_mail_server_that_is_down_is_asked_again(self, city, monkeypatch):
        invite(city)
        letter = Letter.objects.get()

        def down(**_: object) -> None:
            raise SMTPServerDisconnected("down")

        with monkeypatch.context() as patch:
            patch.setattr(mail, "send_letter", down)
            with pytest.raises(SMTPServerDisconnected), transaction.atomic():
                send_queued_letter(letter_id=str(letter.pk))
        letter.refresh_from_db()
        assert letter.sent_at is None
        assert send_queued_letter(letter_id=str(letter.pk))

    def test_an_act_that_was_not_committed_sends_nothing(self, city):
        def act() -> None:
            with transaction.atomic():
                invite(city)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            act()
        assert not Letter.objects.exists()

    def test_nothing_is_queued_where_no_mail_is_set_up(self, city, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        invite(city)
        assert not Letter.objects.exists()

    def test_the_worker_takes_the_letter_from_the_queue(self, committed_db, settings, tmp_path):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = tmp_path
        invite(given.community())
        try:
            call_command("procrastinate", "worker", "--one-shot", "--concurrency", "1")
        finally:
            with connection.cursor() as cursor:  # the worker's own connections, which it leaves open
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        [file] = tmp_path.iterdir()
        assert Letter.objects.get().sent_at is not None
        assert b"halyna@poltava.gov.ua" in file.read_bytes()
