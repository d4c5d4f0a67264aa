"""The way to a provider and back belongs to one browser, once, for a quarter of an hour."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from tests import given

from viche.communities.place import Place
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity import sessions

pytestmark = pytest.mark.django_db


def browser(session: SessionStore | None = None) -> HttpRequest:
    """A request of a browser; with a session, of the same browser again."""
    request = RequestFactory().get("/login/")
    request.session = session or SessionStore()
    request.place = Place()
    request.visitor = sessions.Visitor(request)
    return request


def begun(request: HttpRequest, *, provider: str = "isei", next_url: str = "/poltava/2026/") -> str:
    return sessions.begin(request, provider=provider, next_url=next_url)


def refused(request: HttpRequest, state: str, provider: str = "isei") -> str:
    with pytest.raises(Refused) as answer:
        sessions.redeem(request, provider=provider, state=state)
    assert answer.value.status == 400
    return answer.value.code


def test_the_browser_that_went_comes_back_to_where_it_was():
    request = browser()
    assert sessions.redeem(request, provider="isei", state=begun(request)).next_url == "/poltava/2026/"


@pytest.mark.parametrize("state", ["", "forged", "х" * 40])
def test_a_state_that_was_never_sent_is_refused(state):
    request = browser()
    begun(request)
    assert refused(request, state) == "bad_state"


def test_another_browser_cannot_use_the_state():
    state = begun(browser())
    assert refused(browser(), state) == "bad_state"


def test_a_state_is_used_once():
    request = browser()
    state = begun(request)
    sessions.redeem(request, provider="isei", state=state)
    assert refused(request, state) == "bad_state"


def test_a_state_is_for_its_provider_only():
    request = browser()
    state = begun(request)
    assert refused(request, state, provider="other") == "bad_state"
    assert sessions.redeem(request, provider="isei", state=state).next_url == "/poltava/2026/"


def test_a_state_lives_a_quarter_of_an_hour():
    request = browser()
    with clock.at(given.day(1)):
        state, late = begun(request), begun(request)
    with clock.at(given.day(1) + timedelta(seconds=900)):
        sessions.redeem(request, provider="isei", state=state)
    with clock.at(given.day(1) + timedelta(seconds=901)):
        assert refused(request, late) == "expired_state"
        assert refused(request, late) == "bad_state"


def test_several_tabs_are_ordinary_and_a_flood_forgets_the_oldest():
    request = browser()
    states = []
    for minute in range(6):
        with clock.at(given.day(1) + timedelta(minutes=minute)):
            states.append(begun(request))
    with clock.at(given.day(1) + timedelta(minutes=6)):
        assert refused(request, states[0]) == "bad_state"
        for state in states[1:]:
            sessions.redeem(request, provider="isei", state=state)


def test_states_cannot_be_guessed():
    request = browser()
    states = {begun(request) for _ in range(5)}
    assert len(states) == 5
    assert all(len(state) >= 43 for state in states)


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_sent_to_another_site_afterwards(next_url):
    request = browser()
    assert sessions.redeem(request, provider="isei", state=begun(request, next_url=next_url)).next_url == "/"


def test_entering_changes_the_key_of_the_session_and_keeps_no_number_and_no_name():
    request = browser()
    request.session.save()
    before = request.session.session_key
    claims = given.claims("Олена", family_name="Шевченко")
    someone = sessions.enter(request, claims)
    assert request.session.session_key != before
    assert request.visitor.person == someone
    kept = str(dict(request.session.items()))
    for personal in (claims.tax_number, "Олена", "Шевченко"):
        assert personal not in kept


def test_leaving_forgets_everything():
    request = browser()
    sessions.enter(request, given.claims("Олена"))
    sessions.leave(request)
    assert request.visitor.person is None
    assert dict(request.session.items()) == {}
    with pytest.raises(Refused) as answer:
        request.visitor.actor()
    assert answer.value.code == "not_identified"


def test_an_identification_is_fresh_for_half_an_hour():
    request = browser()
    with clock.at(given.day(1)):
        sessions.enter(request, given.claims("Олена"))
        assert sessions.Visitor(request).is_fresh()
    with clock.at(given.day(1) + timedelta(seconds=1801)):
        assert not sessions.Visitor(request).is_fresh()


def test_roles_are_those_of_the_community_one_is_in():
    city, hromada = given.community(), given.community(given.MACHUKHY)
    given.official("Ірина", "commission", city)
    request = browser()
    sessions.enter(request, given.claims("Ірина", serial=given.serial_of("Ірина")))
    roles = {}
    for name, place in (("city", city), ("hromada", hromada), ("platform", None)):
        request.place = Place(community=place)
        roles[name] = sessions.Visitor(request).actor("author").roles
    assert roles == {
        "city": {"commission", "author"}, "hromada": {"author"}, "platform": {"author"},
    }  # fmt: skip
