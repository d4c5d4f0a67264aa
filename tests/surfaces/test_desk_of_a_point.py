"""The desk of a polling point: one sentence about the voter, a ballot on the screen or on paper, never a second one."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from tests import given, paper_box, polling
from tests.surfaces.ground import browser, page, resident
from viche.ballots.actions import cast_ballot
from viche.ballots.models import Ballot, PaperSerial, Participation
from viche.ballots.papers import print_papers
from viche.ballots.traces import traces_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.actions import give_consent
from viche.identity.models import Access, Consent
from viche.identity.providers import make_tax_number
from viche.points.models import Point
from viche.projects.models import Project


@dataclass
class Desk:
    contest: Contest
    projects: list[Project]
    point: Point
    client: Client

    @property
    def address(self) -> str:
        return f"/poltava/en/office/{self.contest.slug}/desk/{self.point.pk}/"

    def find(self, number: str, client: Client | None = None):
        return (client or self.client).post(self.address, {"number": number})

    def voter(self, name: str = "Петро", client: Client | None = None) -> str:
        """The address of the page about the voter."""
        return self.find(number_of(name), client)["Location"]


def number_of(name: str, born: date = date(1985, 5, 5)) -> str:
    return make_tax_number(born, "female", given.serial_of(name) * 2).number


def agreed(contest: Contest, *names: str) -> None:
    for name in names:
        give_consent(person=resident(name), community=contest.community, channel="online", seen=0)


@pytest.fixture
def desk(db: None, voting_day: None) -> Desk:
    contest, projects = paper_box.paper_contest()
    point = polling.point(contest)
    galyna = polling.operator(contest)
    polling.on_duty(point, galyna)
    for name in ("Петро", "Марія"):
        resident(name)
    print_papers(contest=contest, number=5, point=point.pk, by=SYSTEM)
    return Desk(contest, projects, point, browser(galyna))


def heading(answer) -> str:
    return " ".join(page(answer).headings)


def consented(desk: Desk, name: str = "Петро") -> str:
    agreed(desk.contest, name)
    return desk.voter(name)


class TestWhatTheDeskSays:
    def test_a_resident_may_vote(self, desk):
        answer = desk.client.get(desk.voter())
        assert heading(answer) == "May vote"
        assert "Петро" in page(answer).text

    def test_somebody_who_voted_is_told_when_and_where(self, desk):
        with clock.at(given.day(44, hour=9)):
            cast_ballot(
                contest=desk.contest, voter=resident(), paper=given.paper(desk.projects[0]), channel="online",
                request_key=b"k" * 32, method="isei:bank_id",
            )  # fmt: skip
        said = heading(desk.client.get(desk.voter()))
        assert said.startswith("Has voted already: on 14 April 2026 at 12:00")
        assert said.endswith("online")

    def test_somebody_of_another_community_may_not_and_is_told_what_to_do(self, desk):
        given.person("Тарас", region="Львівська", locality="м. Львів")
        answer = desk.client.get(desk.voter("Тарас"))
        assert heading(answer) == "May not vote here"
        assert "does not lie in this community" in page(answer).text
        assert "office/members/" in " ".join(page(answer).links)

    def test_when_neither_way_is_open_the_desk_says_so_and_offers_nothing(self, desk):
        with clock.at(given.day(60, hour=1)):
            polling.on_duty(desk.point, given.person("Галина"), day=given.day(60, hour=1))
            late = browser(given.person("Галина"), at=clock.now())
            answer = late.get(late.post(desk.address, {"number": number_of("Петро")})["Location"])
        assert heading(answer) == "Nobody can vote here now"
        assert "Voting is closed" in page(answer).text

    def test_a_number_nobody_is_known_by_is_answered_on_the_spot(self, desk):
        answer = desk.find(number_of("Незнайомка"))
        assert answer.status_code == 200
        assert "Nobody is known by this number" in page(answer).text

    def test_digits_that_are_no_number_are_said_at_the_field(self, desk):
        answer = desk.find("1234567890")
        assert (answer.status_code, page(answer).wrong) == (422, ["number"])

    def test_every_look_is_written_down(self, desk):
        petro = resident()
        desk.client.get(desk.voter())
        rows = set(Access.objects.filter(people__contains=[petro.pk]).values_list("page", "kind"))
        assert rows == {("office-desk-point", "searches"), ("office-desk-voter", "votes")}

    def test_the_number_stands_nowhere_on_the_way(self, desk):
        there = desk.voter()
        assert number_of("Петро") not in there + desk.client.get(there).content.decode()


class TestWhoMayWorkAtTheDesk:
    def test_an_operator_without_a_shift_is_refused(self, desk):
        other = browser(polling.operator(desk.contest, "Оксана"))
        assert other.get(desk.address).status_code == 403

    def test_an_operator_whose_shift_is_over_is_refused(self, desk):
        with clock.at(given.day(46)):
            late = browser(given.person("Галина"), at=given.day(46))
            assert late.get(desk.address).status_code == 403

    def test_a_voter_looked_up_by_one_operator_is_nobody_for_another(self, desk):
        oksana = polling.operator(desk.contest, "Оксана")
        polling.on_duty(desk.point, oksana)
        there = desk.voter()
        assert desk.client.get(there).status_code == 200
        assert browser(oksana).get(there).status_code == 404

    def test_the_desk_of_a_contest_that_the_point_does_not_serve_is_not_there(self, desk):
        other, _projects = given.voting_contest(slug="school")
        assert desk.client.get(desk.address.replace("2026", other.slug)).status_code == 404


class TestOnThisScreen:
    def choose(self, desk: Desk, there: str, *places: int) -> str:
        shown = page(desk.client.get(f"{there}vote/")).hidden["shown"]
        chosen = [desk.projects[place].code for place in places]
        answer = desk.client.post(f"{there}vote/", {"shown": shown, "choice": chosen, "review": "1"})
        return answer["Location"]

    def test_a_ballot_is_cast_with_the_voter_and_the_receipt_is_shown(self, desk):
        there = consented(desk)
        review = desk.client.get(self.choose(desk, there, 0))
        sent = {name: page(review).hidden[name] for name in ("request_key", "choice")}
        answer = desk.client.post(f"{there}review/", sent)
        receipt = desk.client.get(answer["Location"])
        assert "The ballot is in the box" in heading(receipt)
        assert b"<svg" in receipt.content
        mark = Participation.objects.get()
        assert mark.channel == "desk"
        trace = next(iter(traces_of(desk.contest)))
        assert (trace.operator, trace.point) == (str(given.person("Галина").pk), str(desk.point.pk))

    def test_a_double_click_gives_no_second_ballot(self, desk):
        there = consented(desk)
        review = desk.client.get(self.choose(desk, there, 0))
        sent = {name: page(review).hidden[name] for name in ("request_key", "choice")}
        answers = [desk.client.post(f"{there}review/", sent) for _press in range(2)]
        codes = {page(desk.client.get(each["Location"])).text for each in answers}
        assert (len(codes), Ballot.objects.count()) == (1, 1)

    def test_two_voters_in_two_windows_are_not_mixed(self, desk):
        first, second = consented(desk, "Петро"), consented(desk, "Марія")
        self.choose(desk, first, 0)
        self.choose(desk, second, 1)
        for there, place in ((first, 0), (second, 1)):
            assert page(desk.client.get(f"{there}review/")).hidden["choice"] == [desk.projects[place].code]

    def test_after_the_next_voter_nothing_of_the_former_is_left_in_the_browser(self, desk):
        there = consented(desk)
        review = desk.client.get(self.choose(desk, there, 0))
        sent = {name: page(review).hidden[name] for name in ("request_key", "choice")}
        desk.client.post(f"{there}review/", sent)
        desk.client.post(f"{there}receipt/")
        left = [name for name, cookie in desk.client.cookies.items() if cookie.value]
        assert not [name for name in left if name.startswith("ballot-") or name == "receipt"]
        assert desk.client.get(f"{there}receipt/").status_code == 302

    def test_without_consent_nothing_is_cast_and_the_consent_is_recorded_as_given_at_the_desk(self, desk):
        there = desk.voter()
        assert desk.client.get(f"{there}vote/")["Location"] == there
        assert (
            desk.client.post(f"{there}review/", {"choice": "1", "request_key": "a" * 44}).status_code == 422
        )
        desk.client.post(there, {"act": "consent", "seen": "0", "agreed": "1"})
        assert Consent.objects.get(person=resident()).channel == "desk"
        assert "vote/" in " ".join(page(desk.client.get(there)).links)


class TestOnPaper:
    def issue(self, desk: Desk, there: str, serial: str, key: str = ""):
        key = key or page(desk.client.get(there)).hidden["request_key"][0]
        return desk.client.post(there, {"act": "issue", "serial": serial, "request_key": key})

    def test_a_ballot_is_given_out_by_its_number_and_the_person_has_voted(self, desk):
        there = consented(desk)
        assert self.issue(desk, there, "№ 2").status_code == 302
        assert PaperSerial.objects.get(number=2).state == "issued"
        assert heading(desk.client.get(there)).startswith("Has voted already")

    def test_the_number_is_read_from_the_code_of_the_sheet(self, desk):
        assert (
            self.issue(desk, consented(desk), "https://viche.example/poltava/2026/paper/3").status_code == 302
        )
        assert PaperSerial.objects.get(number=3).state == "issued"

    def test_a_double_click_gives_no_second_ballot(self, desk):
        there = consented(desk)
        key = page(desk.client.get(there)).hidden["request_key"][0]
        assert [self.issue(desk, there, "1", key).status_code for _press in range(2)] == [302, 302]
        assert PaperSerial.objects.filter(state="issued").count() == 1

    def test_two_operators_who_give_out_the_same_number(self, desk):
        first = consented(desk, "Петро")
        agreed(desk.contest, "Марія")
        oksana = polling.operator(desk.contest, "Оксана")
        polling.on_duty(desk.point, oksana)
        other = browser(oksana)
        second = desk.voter("Марія", other)
        key = page(other.get(second)).hidden["request_key"][0]
        assert self.issue(desk, first, "1").status_code == 302
        answer = other.post(second, {"act": "issue", "serial": "1", "request_key": key})
        assert (answer.status_code, page(answer).wrong) == (422, ["serial"])
        assert "Take another one" in page(answer).text
        assert Participation.objects.count() == 1

    @pytest.mark.parametrize("typed", ["", "сім", "99"])
    def test_a_number_that_is_none_is_said_at_the_field(self, desk, typed):
        answer = self.issue(desk, consented(desk), typed)
        assert (answer.status_code, page(answer).wrong) == (422, ["serial"])

    def test_a_spoiled_ballot_is_exchanged_for_its_own_voter_only(self, desk):
        there, other = consented(desk, "Петро"), consented(desk, "Марія")
        self.issue(desk, there, "1")
        self.issue(desk, other, "2")
        wrong = desk.client.post(there, {"act": "replace", "old": "2", "new": "3"})
        assert (wrong.status_code, page(wrong).wrong) == (422, ["old"])
        assert desk.client.post(there, {"act": "replace", "old": "1", "new": "3"}).status_code == 302
        states = dict(PaperSerial.objects.values_list("number", "state"))
        assert states == {1: "spoiled", 2: "issued", 3: "issued", 4: "printed", 5: "printed"}
        assert Participation.objects.count() == 2

    def test_the_figures_of_the_point_follow(self, desk):
        self.issue(desk, consented(desk), "1")
        desk.client.post(desk.address, {"act": "papers", "state": "spoiled", "serials": "4–5"})
        shown = page(desk.client.get(desk.address)).text
        assert re.search(r"Printed for this point 5 Given out 1 Spoiled 2 Still at hand 2", shown)

    @pytest.mark.parametrize(
        ("paper", "said"),
        [({"is_named": True}, "name stands on the paper ballot"), ({"mode": "totals"}, "knows totals only")],
    )
    def test_where_no_numbered_ballots_are_given_out_the_page_says_so(self, db, voting_day, paper, said):
        contest, projects = paper_box.paper_contest(**paper)
        point, galyna = polling.point(contest), polling.operator(contest)
        polling.on_duty(point, galyna)
        resident()
        desk = Desk(contest, projects, point, browser(galyna))
        shown = page(desk.client.get(consented(desk)))
        assert said in shown.text
        assert "request_key" not in shown.hidden
