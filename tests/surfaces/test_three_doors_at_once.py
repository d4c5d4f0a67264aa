"""One person in the same second at three doors: the page of the web, a signed terminal of a bank, the desk that gives
out paper. One vote stands, and the other two doors say why.
"""

import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from tests import bank, given, paper_box, polling
from tests.crowd import at_once
from tests.surfaces.ground import browser, page, resident
from viche.ballots.actions import open_box
from viche.ballots.models import Ballot, Claim, Opening, PaperSerial, Participation
from viche.ballots.papers import print_papers
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.actions import give_consent

WEB, TERMINAL, DESK = range(3)
TRIES = 4


def test_one_vote_stands_and_the_two_other_doors_say_why(committed_db: None, voting_day: None) -> None:
    key = Ed25519PrivateKey.generate()
    contest, _projects = paper_box.paper_contest()
    partner = bank.partner(contest.community, key)
    point, galyna = polling.point(contest), polling.operator(contest)
    polling.on_duty(point, galyna)
    print_papers(contest=contest, number=TRIES, point=point.pk, by=SYSTEM)
    winners = set()
    for serial in range(1, TRIES + 1):
        name = f"Виборець {serial}"
        voter = resident(name)
        give_consent(person=voter, community=contest.community, channel="online", seen=0)
        doors = _doors(contest, name, voter, serial, galyna, point, partner, key)
        answers = at_once(3, lambda place, doors=doors: doors[place]())
        taken = [place for place, (is_taken, _said) in enumerate(answers) if is_taken]
        assert len(taken) == 1, answers
        winners.add(taken[0])
        for place, (is_taken, said) in enumerate(answers):
            assert is_taken or re.search("вже|уже", said.lower()), (place, said)
        assert Participation.objects.count() == Claim.objects.count() == serial
        is_on_paper = PaperSerial.objects.get(number=serial).state == "issued"
        assert is_on_paper == (taken == [DESK])
    on_paper = PaperSerial.objects.filter(state="issued").count()
    assert Ballot.objects.count() == TRIES - on_paper
    with clock.at(given.day(60)):
        open_box(contest=Contest.objects.get(pk=contest.pk))
    assert Opening.objects.count() == TRIES - on_paper


def _doors(
    contest: Contest, name: str, voter: Any, serial: int, galyna: Any, point: Any, partner: Any, key: Any
) -> list[Any]:
    """Everything up to the last press is done; each door returns whether it took the vote, and what it said."""
    web, desk = browser(voter), browser(galyna)
    review = f"/poltava/{contest.slug}/vote/review/"
    web.post(
        f"/poltava/{contest.slug}/vote/", {"choice": ["1"], "shown": ["1", "2", "3", "4"], "review": "1"}
    )
    sent = {field: page(web.get(review)).hidden[field] for field in ("request_key", "choice")}
    address = f"/poltava/office/{contest.slug}/desk/{point.pk}/"
    number = bank.number_of(name)
    there = desk.post(address, {"number": number})["Location"]
    paper = {
        "act": "issue", "serial": str(serial), "request_key": page(desk.get(there)).hidden["request_key"][0],
    }  # fmt: skip
    machine = bank.terminal(partner, key)

    def at_the_web() -> tuple[bool, str]:
        answer = web.post(review, sent)
        return answer.status_code == 302 and "receipt" in answer["Location"], _text(web, answer)

    def at_the_terminal() -> tuple[bool, str]:
        heard = machine.cast(contest.slug, number, ["2"])
        return heard.status == 201, heard.document.get("title", "")

    def at_the_desk() -> tuple[bool, str]:
        answer = desk.post(there, paper)
        return answer.status_code == 302, _text(desk, answer)

    return [at_the_web, at_the_terminal, at_the_desk]


def _text(client: Client, answer: Any) -> str:
    return page(client.get(answer["Location"]) if answer.status_code == 302 else answer).text
