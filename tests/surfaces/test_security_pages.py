"""Officials' pages open only to who has used a second factor; what was typed is kept on the way."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.surfaces.ground import VOTING_DAY, Ground, browser, page, prefix
from tests.surfaces.test_guards import addresses
from viche.foundation import clock
from viche.identity.actions import set_codes
from viche.identity.factors import totp
from viche.identity.queries import has_factor

SECRET = b"12345678901234567890"
STAFF = ("administrator", "operator", "commission", "auditor", "platform")


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"


def code(moment=None) -> str:
    return totp.code_of(SECRET, (moment or clock.now()).timestamp())


@pytest.fixture
def official(ground: Ground) -> Client:
    """An administrator with one-time codes set up a minute ago, not yet used in this session."""
    person = ground.visitors["administrator"]
    with clock.at(clock.now() - timedelta(minutes=2)):
        set_codes(person=person, secret=SECRET, code=code())
    return browser(person)


def desk(ground: Ground) -> str:
    return f"{prefix(ground.poltava)}office/"


@pytest.mark.parametrize("visitor", STAFF)
def test_no_page_of_officials_opens_without_a_second_factor(ground: Ground, visitor: str) -> None:
    client = browser(ground.visitors[visitor])
    opened = []
    for route, address in addresses(ground):
        if not route.guard.startswith(("official", "platform")):
            continue
        response = client.get(address)
        is_sent_away = response.status_code == 302 and "/my/security/" in response["Location"]
        if not is_sent_away and response.status_code not in {403, 404}:
            opened.append(f"{address}: {response.status_code}")
    assert opened == []


def test_who_has_none_sets_one_up_and_comes_back(ground: Ground) -> None:
    client = browser(ground.visitors["administrator"])
    answer = client.get(desk(ground))
    assert (
        answer["Location"] == f"{prefix(ground.poltava)}my/security/?next={desk(ground).replace('/', '%2F')}"
    )
    seen = page(client.get(answer["Location"]))
    assert "Спершу налаштуйте другий чинник" in seen.text
    there = f"{prefix(ground.poltava)}my/security/codes/?next={desk(ground)}"
    secret = client.get(there).context["secret"].replace(" ", "")
    typed = totp.code_of(base64.b32decode(secret), clock.now().timestamp())
    answer = client.post(there, {"code": typed, "next": desk(ground)}, follow=True)
    assert len(answer.context["codes"]) == 10
    assert client.get(desk(ground)).status_code == 200
    assert client.get(f"{prefix(ground.poltava)}my/security/recovery/").status_code == 302, "shown once"


def test_a_wrong_first_code_sets_up_nothing(ground: Ground) -> None:
    client = browser(ground.visitors["administrator"])
    there = f"{prefix(ground.poltava)}my/security/codes/"
    first = client.get(there).context["secret"]
    answer = client.post(there, {"code": "000000"})
    assert answer.status_code == 422
    assert answer.context["secret"] == first, "the phone has read this one already"
    assert client.get(desk(ground)).status_code == 302


def test_the_question_and_back(ground: Ground, official: Client) -> None:
    answer = official.get(desk(ground))
    assert "/my/security/check/" in answer["Location"]
    assert official.post(answer["Location"], {"code": "000000", "next": desk(ground)}).status_code == 422
    answer = official.post(answer["Location"], {"code": code(), "next": desk(ground)})
    assert answer["Location"] == desk(ground)
    assert official.get(desk(ground)).status_code == 200


def test_the_session_key_is_new_after_it(ground: Ground, official: Client) -> None:
    official.get(desk(ground))
    before = official.cookies["viche"].value if "viche" in official.cookies else ""
    official.post(f"{prefix(ground.poltava)}my/security/check/", {"code": code()})
    assert official.cookies["viche"].value != before


def test_it_leads_to_no_other_site(ground: Ground, official: Client) -> None:
    answer = official.post(
        f"{prefix(ground.poltava)}my/security/check/", {"code": code(), "next": "https://evil.example/"}
    )
    assert "evil" not in answer["Location"]


def test_after_a_pause_and_after_a_working_day_it_is_asked_again(ground: Ground, official: Client) -> None:
    official.post(f"{prefix(ground.poltava)}my/security/check/", {"code": code()})
    start = VOTING_DAY
    for minutes in range(10, 300, 25):
        with clock.at(start + timedelta(minutes=minutes)):
            assert official.get(desk(ground)).status_code == 200
    with clock.at(start + timedelta(minutes=300 + 31)):
        assert official.get(desk(ground)).status_code == 302
        official.post(f"{prefix(ground.poltava)}my/security/check/", {"code": code()})
    for hours in range(1, 13):
        for part in (0, 25):
            with clock.at(start + timedelta(minutes=332 + 60 * hours + part)):
                last = official.get(desk(ground)).status_code
    assert last == 302, "twelve hours in any case"


def test_what_was_typed_is_kept(ground: Ground, official: Client) -> None:
    answer = official.post(
        f"{desk(ground)}staff/", {"act": "invite", "email": "new@poltava.gov.ua", "role": "reviewer"}
    )
    assert answer.status_code == 401
    assert "new@poltava.gov.ua" in answer.content.decode()
    assert "/my/security/check/" in answer.content.decode()


def test_where_it_is_only_offered_it_is_asked_of_those_who_have_one(
    ground: Ground, official: Client, settings
) -> None:
    settings.SECOND_FACTOR = "offered"
    assert official.get(desk(ground)).status_code == 302
    assert browser(ground.visitors["operator"]).get(f"{desk(ground)}members/").status_code == 200


def test_a_resident_is_asked_for_nothing(ground: Ground) -> None:
    client = browser(ground.visitors["resident"])
    assert client.get(f"{prefix(ground.poltava)}my/").status_code == 200


def test_an_administrator_sees_who_has_none_and_resets_a_lost_one(ground: Ground, settings) -> None:
    settings.SECOND_FACTOR = "offered"
    operator = ground.visitors["operator"]
    client = browser(ground.visitors["administrator"])
    assert "ще немає другого чинника" in page(client.get(f"{desk(ground)}staff/")).text
    with clock.at(clock.now() - timedelta(minutes=2)):
        set_codes(person=operator, secret=SECRET, code=code())
    office = operator.offices.get(until=None)
    there = f"{desk(ground)}staff/reset/?office={office.pk}"
    assert client.post(there, {"office": office.pk, "reason": ""}).status_code == 422
    assert client.post(there, {"office": office.pk, "reason": "прийшла з паспортом"}).status_code == 302
    assert not has_factor(operator)
