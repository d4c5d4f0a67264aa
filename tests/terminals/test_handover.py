"""A bank's machine beside a public screen: card and PIN there, the ballot at the screen, one vote."""

from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from tests import bank, given, polling

from viche.ballots.models import Participation
from viche.foundation import clock
from viche.identity.actions import give_consent
from viche.portal.kiosk import COOKIE

KEY = Ed25519PrivateKey.generate()
PETRO = bank.number_of("Петро")
KIOSK = "/poltava/kiosk/"


@pytest.fixture
def place(db):
    """A contest, a connected bank's machine, a paired screen of a polling point, and Petro."""
    contest, projects = bank.contest()
    machine = bank.terminal(bank.partner(contest.community, KEY), KEY)
    petro = given.person("Петро")
    give_consent(person=petro, community=contest.community, channel="online", seen=0)
    _screen, token = polling.screen(polling.point(contest))
    screen = Client()
    screen.cookies[COOKIE] = token
    with clock.at(bank.VOTING):
        yield machine, contest, projects, screen


def test_the_client_of_a_bank_votes_at_the_screen_without_identifying_again(place):
    machine, _contest, _projects, screen = place
    heard = machine.hand_over("2026", PETRO)
    assert heard.status == 201
    opened = screen.get(urlsplit(heard.document["address"]).path)
    assert (opened.status_code, opened["Location"]) == (302, f"{KIOSK}choose/")
    assert screen.get(f"{KIOSK}choose/").status_code == 200
    again = screen.get(urlsplit(heard.document["address"]).path)
    assert again.status_code == 403
    assert Participation.objects.count() == 0


def test_who_has_voted_or_may_not_vote_is_not_handed_over_and_told_why(place):
    machine, _contest, (park, *_), _screen = place
    given.person("Тарас", region="Львівська", locality="м. Львів")
    stranger = machine.hand_over("2026", bank.number_of("Тарас"))
    assert (stranger.status, stranger.code) == (403, "not_eligible")
    machine.cast("2026", PETRO, [park.code])
    voted = machine.hand_over("2026", PETRO)
    assert (voted.status, voted.code) == (409, "already_voted")


def test_nobody_is_handed_over_when_the_voting_is_closed(place):
    machine, *_ = place
    with clock.at(given.day(61)):
        late = machine.hand_over("2026", PETRO)
    assert (late.status, late.code) == (409, "voting_closed")
