"""The bell, the list of notices and what a person follows."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.surfaces.ground import Ground, browser, page, prefix
from viche.connectors.messages.actions import confirm_address, make_notices, request_address, send_messages
from viche.connectors.messages.models import Address, Follow, Notice, Wish
from viche.connectors.messages.tokens import UNSUBSCRIBE, token_of
from viche.identity.models import Person
from viche.journal.actions import sequence_all


@pytest.fixture
def petro(ground: Ground) -> Person:
    person = ground.visitors["resident"]
    assert person is not None
    return person


@pytest.fixture
def told(ground: Ground) -> None:
    sequence_all()
    make_notices()


def press(client: Any, ground: Ground, **sent: Any) -> Any:
    here = f"{prefix(ground.poltava)}2026/"
    return client.post(f"{prefix(ground.poltava)}my/follow/", {"contest": "2026", "next": here, **sent})


def test_a_resident_follows_a_project_from_its_page_and_ends_it_there(ground: Ground, petro: Person) -> None:
    client, address = browser(petro), f"{prefix(ground.poltava)}2026/projects/1/"
    assert "Стежити за проєктом" in page(client.get(address)).text
    assert press(client, ground, number=1, act="follow", next=address)["Location"] == address
    assert "Ви стежите" in page(client.get(address)).text
    assert "№ 1" in page(client.get(f"{prefix(ground.poltava)}my/follows/")).text
    press(client, ground, number=1, act="end")
    assert not Follow.objects.filter(person=petro).exists()


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({}, "2026/"),
        ({"contest": ""}, ""),
        ({"is_search": "1", "query": "q=%D1%81%D0%BA%D0%B2%D0%B5%D1%80"}, "2026/projects/?q=сквер"),
        ({"is_search": "1", "query": ""}, "2026/projects/"),
    ],
)
def test_a_contest_a_search_and_a_community_are_followed_too(
    ground: Ground, petro: Person, sent: dict[str, str], where: str
) -> None:
    client = browser(petro)
    press(client, ground, act="follow", **sent)
    assert "Ви стежите" in page(client.get(prefix(ground.poltava) + where)).text
    listed = page(client.get(f"{prefix(ground.poltava)}my/follows/"))
    assert [href for href in listed.own_links if where.partition("?")[0] in href]


def test_an_author_follows_their_own_project_by_itself(ground: Ground) -> None:
    client = browser(ground.visitors["author"])
    assert "Ви стежите" in page(client.get(f"{prefix(ground.poltava)}2026/projects/1/")).text


def test_who_is_not_identified_is_asked_to_and_keeps_the_form(ground: Ground) -> None:
    answer = press(browser(), ground, number=1, act="follow")
    assert answer.status_code == 401
    assert b'name="number"' in answer.content


def test_another_communitys_contest_and_a_foreign_address_lead_nowhere(ground: Ground, petro: Person) -> None:
    client = browser(petro)
    assert press(client, ground, contest="lviv", act="follow").status_code == 404
    assert press(client, ground, number=999, act="follow").status_code == 404
    answer = press(client, ground, act="follow", next="https://evil.example/")
    assert answer["Location"] == f"{prefix(ground.poltava)}my/follows/"


def test_the_list_shows_the_unread_first_and_opening_one_reads_it(ground: Ground, told: None) -> None:
    author = ground.visitors["author"]
    assert author is not None
    client, address = browser(author), f"{prefix(ground.poltava)}my/notices/"
    seen = page(client.get(address))
    assert "Проєкт № 1 допущено до голосування" in seen.text
    first = next(href for href in seen.own_links if "/my/notices/0" in href)
    answer = client.get(first)
    assert answer["Location"].startswith(f"{prefix(ground.poltava)}2025/") or answer["Location"].startswith(
        f"{prefix(ground.poltava)}2026/"
    )
    assert client.get(answer["Location"]).status_code == 200
    number = Notice.objects.filter(person=author, read_at__isnull=True).count()
    assert str(number) in page(client.get(address)).text
    client.post(f"{prefix(ground.poltava)}my/notices/read/")
    assert not Notice.objects.filter(person=author, read_at__isnull=True).exists()


def test_a_notice_of_somebody_else_is_not_found(ground: Ground, told: None, petro: Person) -> None:
    foreign = Notice.objects.filter(person=ground.visitors["author"]).first()
    assert foreign is not None
    assert browser(petro).get(f"/my/notices/{foreign.pk}/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_the_list_is_the_same_on_the_platforms_own_pages_and_in_english(ground: Ground, told: None) -> None:
    client = browser(ground.visitors["author"])
    seen = page(client.get("/en/my/notices/"))
    assert "Project No. 1 is admitted to voting" in seen.text
    first = next(href for href in seen.own_links if "/my/notices/0" in href)
    assert client.get(first)["Location"].startswith("/poltava/en/")


def test_the_bell_costs_who_is_not_identified_nothing_and_others_one_query(
    ground: Ground, petro: Person
) -> None:
    address = f"{prefix(ground.poltava)}pages/about/"

    def asked(client: Any) -> list[str]:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return [each["sql"] for each in captured if "notices_" in each["sql"]]

    assert asked(browser()) == []
    assert len(asked(browser(petro))) == 1


def test_followers_are_shown_to_nobody(ground: Ground, petro: Person) -> None:
    press(browser(petro), ground, number=1, act="follow")
    for visitor in ("author", "administrator", "auditor", "commission"):
        client = browser(ground.visitors[visitor])
        for name in ("2026/projects/1/", "2026/", "office/2026/", "journal/", "my/follows/"):
            assert petro.family_name not in page(client.get(prefix(ground.poltava) + name)).text


# how a person is told


def settings_page(client: Any, ground: Ground, **sent: str) -> Any:
    address = f"{prefix(ground.poltava)}my/notices/settings/"
    return client.post(address, sent) if sent else client.get(address)


def link_in(letter: Any, name: str) -> str:
    found = re.search(rf"http://testserver(/\S*my/notices/{name}/\S+)", letter.body)
    assert found is not None
    return found[1]


def test_an_address_is_given_confirmed_set_up_and_erased(ground: Ground, petro: Person) -> None:
    client = browser(petro)
    assert (
        settings_page(client, ground, act="ask", channel="email", target="petro@example.com").status_code
        == 302
    )
    assert "petro@example.com" in page(settings_page(client, ground)).text
    send_messages()
    link = link_in(mail.outbox[0], "confirm")
    stranger = browser()
    assert not Address.objects.filter(confirmed_at__isnull=False).exists()
    assert b"<form" in stranger.get(link).content
    assert not Address.objects.filter(confirmed_at__isnull=False).exists()  # looking is not confirming
    assert stranger.post(link).status_code == 200
    modes = {"tasks": "at_once", "own": "digest", "followed": "none", "searches": "none"}
    settings_page(client, ground, act="wish", channel="email", language="en", **modes)
    assert Address.objects.get().language == "en"
    assert {each.group: each.mode for each in Wish.objects.filter(person=petro)} == modes
    settings_page(client, ground, act="delete", channel="email")
    assert not Address.objects.exists()
    assert stranger.get(link).status_code == 404


def test_a_wrong_address_is_said_at_its_field_and_kept(ground: Ground, petro: Person) -> None:
    answer = settings_page(browser(petro), ground, act="ask", channel="email", target="petro@")
    assert answer.status_code == 422
    assert page(answer).wrong == ["target"]
    assert b'value="petro@"' in answer.content


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "none", "channel": "email"}, {"act": "ask", "channel": "pigeon"},
        {"act": "wish", "channel": "email", "tasks": "never", "language": "uk"},
    ],
)  # fmt: skip
def test_what_no_form_of_ours_sends_is_refused(ground: Ground, petro: Person, sent: dict[str, str]) -> None:
    assert settings_page(browser(petro), ground, **sent).status_code == 422


def test_a_mail_program_unsubscribes_by_one_press_without_identification(
    ground: Ground, petro: Person
) -> None:
    asked = request_address(
        person=petro, channel="email", target="petro@example.com", language="uk", base="http://testserver/"
    )
    address = confirm_address(address=asked)
    link = f"/my/notices/unsubscribe/{token_of(address, UNSUBSCRIBE)}/"
    machine = browser(enforce_csrf_checks=True)
    assert b"<form" in machine.get(link).content
    address.refresh_from_db()
    assert not address.is_silent
    assert machine.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    address.refresh_from_db()
    assert address.is_silent
    client = browser(petro)
    assert "Ви відписалися" in page(settings_page(client, ground)).text
    settings_page(client, ground, act="restore", channel="email")
    address.refresh_from_db()
    assert not address.is_silent


def test_without_any_way_the_page_says_so(ground: Ground, petro: Person, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    seen = page(settings_page(browser(petro), ground))
    assert "не налаштовано" in seen.text


def test_a_chat_is_offered_where_there_is_a_bot(ground: Ground, petro: Person, settings: Any) -> None:
    client = browser(petro)
    assert "Telegram" not in page(settings_page(client, ground)).text
    settings.TELEGRAM_BOT, settings.TELEGRAM_TOKEN = "viche_bot", "1:x"
    settings_page(client, ground, act="ask", channel="telegram")
    assert any(
        href.startswith("https://t.me/viche_bot?start=") for href in page(settings_page(client, ground)).links
    )
