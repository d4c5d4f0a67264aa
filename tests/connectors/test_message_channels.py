"""Telegram and SMS against servers that speak their protocol."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests import given
from tests.connectors.bot_server import TOKEN, Bot, bot_server

from viche.connectors.messages import actions
from viche.connectors.messages.channels import CHANNELS, TELEGRAM, Message, NotSent, Undeliverable
from viche.connectors.messages.links import chat_link
from viche.connectors.messages.models import Address, Delivery, Notice
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person

BASE = "https://testserver/"


@pytest.fixture
def bot(settings: Any, db: None) -> Iterator[Bot]:
    with bot_server() as server:
        settings.TELEGRAM_BOT, settings.TELEGRAM_TOKEN, settings.TELEGRAM_URL = "viche_bot", TOKEN, server.url
        settings.SMS_URL, settings.SMS_TOKEN = f"{server.url}/sms", "sms-secret"
        yield server


def petro() -> Person:
    return given.person("Петро")


def asked() -> Address:
    return actions.request_address(person=petro(), channel="telegram", target="", language="uk", base=BASE)


def code(address: Address) -> str:
    return chat_link(address).partition("?start=")[2]


def tell() -> None:
    contest = given.contest()
    with transaction.atomic():
        notice = Notice.objects.create(
            person=petro(), key="test", kind="SearchFits", words={"text": "A new project fits your search"},
            community=contest.community, contest=contest, why="author", is_urgent=True, at=clock.now(),
        )  # fmt: skip
        actions.queue_items(notices=[notice])
    actions.prepare_messages()


def test_a_chat_is_connected_by_the_code_of_its_link_and_gets_notices(bot: Bot) -> None:
    address = asked()
    assert chat_link(address).startswith("https://t.me/viche_bot?start=")
    assert len(code(address)) <= 64
    bot.hear(42, f"/start {code(address)}")
    assert actions.accept_chats() == 1
    actions.send_messages()
    tell()
    actions.send_messages()
    hello, notice = bot.sent
    assert hello["chat_id"] == notice["chat_id"] == "42"
    assert "З’явився новий проєкт" in notice["text"]
    assert "https://testserver/poltava/2026/" in notice["text"]


def test_what_was_heard_once_is_not_heard_again(bot: Bot) -> None:
    bot.hear(42, f"/start {code(asked())}")
    assert [actions.accept_chats(), actions.accept_chats()] == [1, 0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("/start none", "private"), ("/start", "private"), ("привіт", "private"), ("{code}", "group")],
)
def test_nothing_else_connects_a_chat(bot: Bot, text: str, kind: str) -> None:
    address = asked()
    bot.hear(42, text.replace("{code}", f"/start {code(address)}"), kind)
    assert actions.accept_chats() == 0
    address.refresh_from_db()
    assert address.confirmed_at is None


def test_an_old_code_connects_nothing(bot: Bot) -> None:
    bot.hear(42, f"/start {code(asked())}")
    with clock.at(clock.now() + timedelta(hours=49)):
        assert actions.accept_chats() == 0


def test_stop_in_the_chat_ends_it(bot: Bot) -> None:
    bot.hear(42, f"/start {code(asked())}")
    actions.accept_chats()
    bot.hear(42, "/stop")
    actions.accept_chats()
    assert Address.objects.get().is_silent


def test_a_person_who_has_blocked_the_bot_is_left_alone(bot: Bot) -> None:
    bot.hear(42, f"/start {code(asked())}")
    actions.accept_chats()
    bot.blocked.add("42")
    actions.send_messages()
    assert Delivery.objects.get().state == "failed"
    assert "403" in Address.objects.get().fault


def test_telegram_asks_to_wait_and_is_waited_for(bot: Bot) -> None:
    bot.hear(42, f"/start {code(asked())}")
    actions.accept_chats()
    bot.fault = (429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 600}})
    before = clock.now()
    actions.send_messages()
    delivery = Delivery.objects.get()
    assert delivery.state == "queued"
    assert delivery.next_at - before >= timedelta(seconds=600)


def test_the_bots_secret_stands_in_no_error(bot: Bot, settings: Any) -> None:
    settings.TELEGRAM_URL = "http://127.0.0.1:9"
    with pytest.raises(NotSent) as fault:
        TELEGRAM.send(Message("k", "42", "s", "t"))
    assert "secret" not in f"{fault.value!r} {fault.value.__cause__!r} {fault.value.__context__!r}"


def test_a_long_digest_is_cut_to_what_a_message_may_hold(bot: Bot) -> None:
    TELEGRAM.send(Message("k", "42", "s", "рядок\n" * 2000))
    assert len(bot.sent[0]["text"]) <= 4096


def test_an_sms_is_short_and_carries_the_key(bot: Bot) -> None:
    text = "Проєкт № 1 допущено\n\n№ 1: Сквер\n\nhttps://testserver/p/\n\nдовге пояснення"
    CHANNELS["sms"].send(Message("notice:1", "+380671234567", "Проєкт № 1 допущено", text))
    assert bot.sent == [
        {
            "to": "+380671234567", "text": "Проєкт № 1 допущено https://testserver/p/", "key": "notice:1",
            "by": "Bearer sms-secret",
        }
    ]  # fmt: skip


def test_the_gateway_refuses_a_number_for_good_or_is_away(bot: Bot) -> None:
    message = Message("k", "+380671234567", "s", "t")
    bot.fault = (422, {})
    with pytest.raises(Undeliverable):
        CHANNELS["sms"].send(message)
    bot.fault = (503, {})
    with pytest.raises(NotSent):
        CHANNELS["sms"].send(message)


@pytest.mark.parametrize("typed", ["067 123 45 67", "+38 (067) 123-45-67", "380671234567"])
def test_a_number_is_kept_in_one_way(typed: str) -> None:
    assert CHANNELS["sms"].checked(typed) == "+380671234567"


@pytest.mark.parametrize("typed", ["", "123", "+38067123456789012", "+380abc", "телефон"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        CHANNELS["sms"].checked(typed)


def test_what_is_not_set_up_is_not_offered(db: None, settings: Any) -> None:
    settings.TELEGRAM_TOKEN = settings.SMS_URL = ""
    for channel in ("telegram", "sms", "pigeon"):
        with pytest.raises(Refused) as refused:
            actions.request_address(
                person=petro(), channel=channel, target="+380671234567", language="uk", base=BASE
            )
        assert refused.value.code == "not_offered"
    assert actions.accept_chats() == 0
