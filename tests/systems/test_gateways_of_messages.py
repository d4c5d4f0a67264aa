"""Notices leave by the body's own mail server or SMS gateway, and by the platform's where that one fails."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.core import mail
from django.utils.translation import override
from tests import given
from tests.connectors.test_follows_and_notices import confirmed, petro, send, tell
from tests.systems.certified import certificate

from viche.connectors.messages.channels.own import sent_by_own_gateway
from viche.connectors.messages.channels.ports import Message, NotSent
from viche.connectors.messages.models import Delivery
from viche.connectors.systems import actions, queries
from viche.connectors.systems.kinds.gateways import mail as mail_gateway
from viche.connectors.systems.kinds.gateways.simulator import SmsSimulator, SmtpSimulator
from viche.connectors.systems.kinds.gateways.simulator.sms import TOKEN
from viche.connectors.systems.kinds.gateways.simulator.smtp import PASSWORD, USER
from viche.foundation.refused import Refused
from viche.identity.providers.simulation.server import running

DEAD = "http://127.0.0.1:1/send"


@pytest.fixture
def post(tmp_path) -> Iterator[SmtpSimulator]:
    own, vouches = certificate(tmp_path, "mail")
    server = SmtpSimulator(own=own)
    server.vouches = vouches
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway() -> Iterator[SmsSimulator]:
    with running(SmsSimulator()) as server:
        yield server


def connect_mail(server, body, **facts):
    by = given.official("Ірина", "administrator", body)
    values = {
        "host": "127.0.0.1", "port": str(server.port), "security": "starttls", "sender": "budget@poltava.example",
        "sender_name": "Бюджет участі Полтави", "user": USER, "password": PASSWORD,
        "authority": server.vouches, **facts,
    }  # fmt: skip
    return actions.connect_system(community=body, kind="mail", title="Пошта", values=values, by=by), by


def connect_sms(simulated, body, **facts):
    by = given.official("Ірина", "administrator", body)
    values = {
        "server": f"{simulated.url}/send", "check": f"{simulated.url}/balance", "token": TOKEN, "sender": "Poltava",
        "message": '{"to": "{to}", "from": "{sender}", "text": "{text}", "key": "{key}"}', **facts,
    }  # fmt: skip
    return actions.connect_system(community=body, kind="sms", title="SMS", values=values, by=by), by


@pytest.mark.django_db
class TestMail:
    def test_a_notice_leaves_under_the_bodys_own_address(self, post):
        contest = given.contest()
        system, _by = connect_mail(post, contest.community)
        someone = petro()
        confirmed(someone)
        tell(someone, contest, why="author")
        assert send() == 1
        sender, recipients, letter = post.letters[0]
        assert sender.startswith("FROM:<budget@poltava.example>")
        assert recipients == ("TO:<petro@example.com>",)
        assert b"List-Unsubscribe:" in letter
        assert b"Message-ID: <" in letter
        assert mail.outbox == []
        assert queries.calls_of(system).get().outcome == "ok"

    def test_a_letter_about_another_body_takes_the_platforms_way(self, post):
        contest = given.contest()
        connect_mail(post, given.community(given.MACHUKHY))
        someone = petro()
        confirmed(someone)
        tell(someone, contest, why="author")
        assert send() == 1
        assert post.letters == []
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize("facts", [{"password": "wrong"}, {"port": "1"}, {"authority": ""}])
    def test_where_it_takes_nothing_the_platform_sends(self, post, facts):
        contest = given.contest()
        system, _by = connect_mail(post, contest.community, **facts)
        someone = petro()
        confirmed(someone)
        tell(someone, contest, why="author")
        assert send() == 1
        assert len(mail.outbox) == 1
        assert queries.calls_of(system).get().outcome in {"refused", "connection", "tls"}

    def test_what_it_says_of_an_address_is_left_to_the_platform(self, post):
        contest = given.contest()
        connect_mail(post, contest.community)
        someone = petro()
        confirmed(someone, to="nobody@example.com")
        tell(someone, contest, why="author")
        assert send() == 1
        assert Delivery.objects.get().state == Delivery.State.SENT
        assert (post.letters, len(mail.outbox)) == ([], 1)

    def test_where_it_may_have_been_taken_it_is_tried_there_again(self, post):
        body = given.community()
        connect_mail(post, body)
        post.fault = "cut"
        with pytest.raises(NotSent, match="timeout"):
            sent_by_own_gateway("email", Message("k", "petro@example.com", "s", "t", "", str(body.pk)))

    @pytest.mark.parametrize(
        ("fault", "word"),
        [("", "lets us in"), ("refuse", "does not let us in"), ("garbage", "not what was agreed")],
    )
    def test_the_trial_says_what_is_wrong_and_sends_nothing(self, post, fault, word):
        system, by = connect_mail(post, given.community())
        post.fault = fault
        with override("en"):
            finding = actions.check_system(system=system, by=by)
            assert finding.is_good == (fault == "")
            assert word in str(finding.sentence)
        assert post.letters == []

    @pytest.mark.parametrize(("fault", "outcome"), [("drip", "timeout"), ("flood", "connection")])
    def test_an_answer_without_an_end_holds_nobody(self, post, monkeypatch, fault, outcome):
        monkeypatch.setattr(mail_gateway, "SESSION_SECONDS", 1)
        system, by = connect_mail(post, given.community())
        post.fault = fault
        begun = time.monotonic()
        assert not actions.check_system(system=system, by=by).is_good
        assert time.monotonic() - begun < 5
        assert queries.calls_of(system).get().outcome == outcome

    def test_a_certificate_that_is_none_is_said_at_its_field(self, post):
        bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
        with pytest.raises(Refused) as caught:
            connect_mail(post, given.community(), authority=bad)
        assert "authority" in caught.value.fields

    def test_a_closed_network_is_no_mail_server(self, post, settings):
        system, by = connect_mail(post, given.community())
        settings.OUTGOING_PRIVATE = []
        assert not actions.check_system(system=system, by=by).is_good
        assert queries.calls_of(system).get().outcome == "refused_address"

    def test_no_password_travels_in_the_open(self, post, settings):
        settings.OUTGOING_PLAIN_HTTP = False
        with pytest.raises(Refused) as caught:
            connect_mail(post, given.community(), security="none")
        assert "security" in caught.value.fields


@pytest.mark.django_db
class TestSms:
    def sent(self, body, to="+380671234567", key="notice:1"):
        message = Message(
            key, to, "Проєкт допущено", "Дивіться https://viche.example/1 тут", "", str(body.pk)
        )
        return sent_by_own_gateway("sms", message)

    def test_it_leaves_by_the_bodys_gateway_once(self, gateway):
        body = given.community()
        connect_sms(gateway, body)
        assert self.sent(body)
        assert self.sent(body)
        assert list(gateway.taken) == ["notice:1"]
        assert gateway.taken["notice:1"] == {
            "to": "+380671234567", "from": "Poltava", "key": "notice:1",
            "text": "Проєкт допущено https://viche.example/1",
        }  # fmt: skip

    def test_a_number_it_refuses(self, gateway):
        body = given.community()
        system, _by = connect_sms(gateway, body)
        for _ in range(4):
            assert not self.sent(body, to="+48123456789"), "the platform's gateway may reach it"
        assert system.state == "closed", "one number is no failure of the gateway"

    @pytest.mark.parametrize(
        ("facts", "fault"),
        [({"token": "wrong"}, ""), ({}, "refuse"), ({}, "too_many")],
    )
    def test_the_platforms_way_where_it_took_nothing(self, gateway, facts, fault):
        body = given.community()
        connect_sms(gateway, body, **facts)
        gateway.fault = fault
        assert not self.sent(body)

    @pytest.mark.parametrize(("facts", "fault"), [({}, "500"), ({"server": DEAD}, "")])
    def test_an_error_of_the_gateway_may_have_sent_it_until_the_breaker_opens(self, gateway, facts, fault):
        body = given.community()
        connect_sms(gateway, body, **facts)
        gateway.fault = fault
        for _ in range(3):
            with pytest.raises(NotSent):
                self.sent(body)
        assert not self.sent(body), "not asked any more: the platform's way"

    @pytest.mark.parametrize(
        ("facts", "is_good"),
        [
            ({}, True),
            ({"token": "wrong"}, False),
            ({"check": ""}, True),
            ({"check": "", "server": DEAD}, False),
        ],
    )
    def test_the_trial_sends_nothing(self, gateway, facts, is_good):
        system, by = connect_sms(gateway, given.community(), **facts)
        assert actions.check_system(system=system, by=by).is_good == is_good
        assert gateway.taken == {}

    @pytest.mark.parametrize("pattern", ["[]", '{"to": "{to}"}', '{"text": "{text}"}', "{"])
    def test_a_message_without_number_or_text_is_none(self, gateway, pattern):
        with pytest.raises(Refused) as caught:
            connect_sms(gateway, given.community(), message=pattern)
        assert "message" in caught.value.fields
