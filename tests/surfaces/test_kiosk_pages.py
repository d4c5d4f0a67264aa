"""The public screen: a browser tied to a point; whoever votes there identifies on a telephone and leaves nothing."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client

from tests import given, paper_box, polling
from tests.surfaces.ground import browser, page, resident
from viche.ballots.actions import cast_ballot
from viche.ballots.models import Ballot, Participation
from viche.ballots.traces import traces_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.actions import give_consent
from viche.points.actions import add_screen, close_point, revoke_screen
from viche.points.models import Point, Screen, Visit
from viche.points.visits import hand_over_visit, name_of
from viche.projects.models import Project

K = "/poltava/en/kiosk/"


@dataclass
class Stand:
    contest: Contest
    projects: list[Project]
    point: Point
    screen: Screen
    client: Client = field(default_factory=Client)

    def begin(self) -> Visit:
        assert self.client.post(K, {"contest": self.contest.slug})["Location"] == f"{K}choose/"
        return Visit.objects.get(screen=self.screen)

    def choose(self, *places: int):
        codes = [self.projects[place].code for place in places]
        shown = [each.code for each in self.projects]
        return self.client.post(f"{K}choose/", {"shown": shown, "choice": codes, "go": "review"})

    def identified(self, name: str = "Петро") -> None:
        person = resident(name)
        give_consent(person=person, community=self.contest.community, channel="online", seen=0)
        answer = browser(person).post(f"{K}phone/{name_of(Visit.objects.get())}/")
        assert answer.status_code == 302

    def cast(self):
        hidden = page(self.client.get(f"{K}review/")).hidden
        return self.client.post(f"{K}review/", {name: hidden[name] for name in ("request_key", "choice")})


@pytest.fixture
def stand(db: None, voting_day: None) -> Stand:
    contest, projects = paper_box.paper_contest()
    point = polling.point(contest)
    screen, token = polling.screen(point)
    made = Stand(contest, projects, point, screen)
    made.client.cookies["screen"] = token
    return made


class TestPairing:
    def test_a_browser_without_a_code_is_asked_for_one_and_sees_nothing_else(self, stand):
        other = Client()
        assert "Make this computer a public screen" in page(other.get(K)).headings
        for name in ("choose", "number", "values", "review", "identify", "waiting", "receipt"):
            assert other.get(f"{K}{name}/")["Location"] == K

    def test_the_code_makes_a_screen_once(self, stand):
        with clock.at(polling.DAY):
            _screen, code = add_screen(
                point=stand.point, name="Другий", by=polling.administrator(stand.contest)
            )
        first, second = Client(), Client()
        assert first.post(K, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
        assert "Vote here" in page(first.get(K)).headings
        assert second.post(K, {"code": code}).status_code == 422

    def test_an_old_code_and_a_guessed_one_make_none(self, stand):
        with clock.at(polling.DAY - timedelta(minutes=16)):
            _screen, code = add_screen(
                point=stand.point, name="Другий", by=polling.administrator(stand.contest)
            )
        for tried in (code, "00000000", ""):
            assert Client().post(K, {"code": tried}).status_code == 422

    def test_whoever_was_signed_in_at_the_computer_is_signed_out(self, stand):
        with clock.at(polling.DAY):
            _screen, code = add_screen(
                point=stand.point, name="Другий", by=polling.administrator(stand.contest)
            )
        official = browser(given.person("Віктор"))
        official.post(K, {"code": code})
        assert official.get("/poltava/en/my/").status_code == 302

    @pytest.mark.parametrize("how", ["revoked", "point closed"])
    def test_a_screen_that_is_shut_out_is_a_browser_like_any_other(self, stand, how):
        stand.begin()
        by = polling.administrator(stand.contest)
        with clock.at(polling.DAY):
            if how == "revoked":
                revoke_screen(screen=stand.screen, by=by)
            else:
                close_point(point=stand.point, by=by)
        assert stand.client.get(f"{K}choose/")["Location"] == K
        assert "Make this computer a public screen" in page(stand.client.get(K)).headings


class TestVoting:
    def test_somebody_votes_at_the_screen(self, stand):
        stand.begin()
        assert stand.choose(0)["Location"] == f"{K}review/"
        assert f"{K}identify/" in page(stand.client.get(f"{K}review/")).links
        assert b"<svg" in stand.client.get(f"{K}identify/").content
        stand.identified()
        assert stand.client.get(f"{K}waiting/").json() == {"is_identified": True}
        assert "You vote as Петро" in page(stand.client.get(f"{K}review/")).text
        assert stand.cast()["Location"] == f"{K}receipt/"
        receipt = stand.client.get(f"{K}receipt/")
        assert "Your ballot is in the box" in page(receipt).headings
        mark = Participation.objects.get()
        assert mark.channel == "kiosk"
        trace = next(iter(traces_of(stand.contest)))
        assert (trace.point, trace.terminal) == (str(stand.point.pk), str(stand.screen.pk))
        assert trace.method == "isei:bank_id"

    def test_the_form_sent_twice_casts_once(self, stand):
        stand.begin()
        stand.choose(0)
        stand.identified()
        hidden = page(stand.client.get(f"{K}review/")).hidden
        sent = {name: hidden[name] for name in ("request_key", "choice")}
        assert [stand.client.post(f"{K}review/", sent).status_code for _press in range(2)] == [302, 302]
        assert Ballot.objects.count() == 1

    def test_nobody_casts_without_identifying(self, stand):
        stand.begin()
        stand.choose(0)
        answer = stand.client.post(f"{K}review/", {"choice": stand.projects[0].code, "request_key": "a" * 44})
        assert answer["Location"] == f"{K}identify/"
        assert not Participation.objects.exists()

    def test_an_identification_gets_too_old_as_online(self, stand):
        stand.begin()
        stand.choose(0)
        stand.identified()
        Visit.objects.update(identified_at=polling.DAY - timedelta(hours=3))
        assert f"{K}identify/" in page(stand.client.get(f"{K}review/")).links

    def test_somebody_who_voted_online_is_told_so(self, stand):
        with clock.at(polling.DAY):
            cast_ballot(
                contest=stand.contest, voter=resident(), paper=given.paper(stand.projects[0]), channel="online",
                request_key=b"k" * 32, method="isei:bank_id",
            )  # fmt: skip
        stand.begin()
        stand.choose(1)
        stand.identified()
        shown = page(stand.client.get(f"{K}review/"))
        assert "You have voted already" in shown.headings
        assert "request_key" not in shown.hidden

    def test_somebody_of_another_community_is_told_why_not(self, stand):
        stand.begin()
        stand.choose(0)
        taras = given.person("Тарас", region="Львівська", locality="м. Львів")
        give_consent(person=taras, community=stand.contest.community, channel="online", seen=0)
        browser(taras).post(f"{K}phone/{name_of(Visit.objects.get())}/")
        shown = page(stand.client.get(f"{K}review/"))
        assert "does not lie in this community" in shown.text
        assert "request_key" not in shown.hidden

    def test_the_choice_is_made_anew_before_casting(self, stand):
        stand.begin()
        stand.choose(0)
        assert f"{K}choose/" in page(stand.client.get(f"{K}review/")).links
        stand.choose(1)
        shown = page(stand.client.get(f"{K}choose/"))
        assert shown.checked == [stand.projects[1].code]

    def test_a_project_is_found_by_its_number_with_keys_of_the_page(self, stand):
        stand.begin()
        assert stand.projects[1].title in page(stand.client.get(f"{K}number/?n=2")).text
        assert "There is no project No. 77" in page(stand.client.get(f"{K}number/?n=77")).text
        code = stand.projects[1].code
        stand.client.post(f"{K}number/", {"shown": code, "choice": code})
        assert page(stand.client.get(f"{K}choose/")).checked == [code]


class TestThePhone:
    def test_a_page_of_a_visit_that_is_over_confirms_nothing(self, stand):
        name = name_of(stand.begin())
        stand.begin()
        assert browser(resident()).get(f"{K}phone/{name}/").status_code == 404

    def test_a_forged_name_leads_nowhere(self, stand):
        name = name_of(stand.begin())
        forged = name[:-3] + ("abc" if not name.endswith("abc") else "abd")
        assert browser(resident()).get(f"{K}phone/{forged}/").status_code == 404

    def test_a_second_person_does_not_take_over_the_screen(self, stand):
        visit = stand.begin()
        stand.identified("Петро")
        maria = resident("Марія")
        give_consent(person=maria, community=stand.contest.community, channel="online", seen=0)
        assert browser(maria).post(f"{K}phone/{name_of(visit)}/").status_code == 409
        assert Visit.objects.get().person == resident("Петро")

    def test_the_page_says_which_screen_and_shows_its_number(self, stand):
        visit = stand.begin()
        text = page(browser(resident()).get(f"{K}phone/{name_of(visit)}/")).text
        assert stand.point.name in text
        assert str(visit.number) in text

    def test_an_old_identification_is_not_enough(self, stand):
        visit = stand.begin()
        old = browser(resident(), at=polling.DAY - timedelta(hours=3))
        assert "/login/" in old.post(f"{K}phone/{name_of(visit)}/")["Location"]


class TestAfterwards:
    def voted(self, stand: Stand) -> None:
        stand.begin()
        stand.choose(0)
        stand.identified()
        stand.cast()

    @pytest.mark.parametrize("end", ["reset", "next visitor", "five minutes"])
    def test_nothing_of_the_former_visitor_is_shown(self, stand, end):
        self.voted(stand)
        if end == "reset":
            stand.client.post(f"{K}reset/")
        elif end == "next visitor":
            stand.begin()
        else:
            Visit.objects.update(seen_at=polling.DAY - timedelta(minutes=6))
        for name in ("choose", "number", "values", "review", "identify", "receipt"):
            answer = stand.client.get(f"{K}{name}/", follow=True)
            text = page(answer).text
            assert "Петро" not in text
            assert "in the box" not in text
            assert page(answer).checked == []

    def test_at_the_end_no_row_and_no_cookie_tells_who_was_there(self, stand):
        self.voted(stand)
        stand.client.post(f"{K}reset/")
        assert not Visit.objects.exists()
        left = {name for name, cookie in stand.client.cookies.items() if cookie.value}
        assert not {name for name in left if name.startswith("ballot-") or name in ("receipt", "sessionid")}
        assert "screen" in left

    def test_another_browser_is_not_signed_out_by_the_address(self, stand):
        client = browser(resident())
        client.get(f"{K}reset/")
        assert client.get("/poltava/en/my/").status_code == 200

    def test_no_page_is_kept_by_the_browser_and_no_link_leads_away(self, stand):
        stand.begin()
        stand.choose(0)
        for name in ("", "choose/", "number/?n=1", "review/", "identify/"):
            answer = stand.client.get(f"{K}{name}")
            assert answer["Cache-Control"] == "no-store"
            links = page(answer).own_links
            assert [link for link in links if "/kiosk/" not in link] == []

    def test_what_is_refused_is_said_on_a_page_of_the_screen(self, stand):
        stand.begin()
        with clock.at(given.day(61)):
            Visit.objects.update(seen_at=clock.now(), begun_at=clock.now())
            answer = stand.client.get(f"{K}choose/")
        assert answer.status_code == 409
        assert "Voting is closed" in page(answer).text
        assert [link for link in page(answer).own_links if "/kiosk/" not in link] == []


class TestHandover:
    def handed(self, stand: Stand) -> str:
        person = resident()
        give_consent(person=person, community=stand.contest.community, channel="online", seen=0)
        with clock.at(polling.DAY):
            _visit, name = hand_over_visit(
                contest=stand.contest,
                person=person,
                method="terminal:bank_client",
                issuer="Банк",
                terminal="T-7",
            )
        return f"{K}handover/{name}/"

    def test_who_identified_at_a_partners_machine_votes_without_a_telephone(self, stand):
        assert stand.client.get(self.handed(stand))["Location"] == f"{K}choose/"
        stand.choose(0)
        assert stand.cast()["Location"] == f"{K}receipt/"
        trace = next(iter(traces_of(stand.contest)))
        assert (trace.method, trace.terminal, trace.issuer) == ("terminal:bank_client", "T-7", "Банк")

    def test_the_way_in_opens_once(self, stand):
        there = self.handed(stand)
        stand.client.get(there)
        stand.client.post(f"{K}reset/")
        assert stand.client.get(there).status_code == 403

    def test_the_way_in_is_open_for_two_minutes(self, stand):
        there = self.handed(stand)
        with clock.at(polling.DAY + timedelta(minutes=3)):
            assert stand.client.get(there).status_code == 403

    def test_another_browser_has_no_way_in(self, stand):
        assert Client().get(self.handed(stand))["Location"] == K


def test_a_contest_the_point_does_not_serve_is_not_begun(stand):
    other, _projects = given.voting_contest(slug="school")
    assert stand.client.post(K, {"contest": other.slug})["Location"] == K
    assert not Visit.objects.exists()


def test_before_the_voting_the_screen_says_when_it_opens(stand):
    with clock.at(given.day(30)):
        assert "Voting has not begun yet" in page(stand.client.get(K)).text
