"""Pages of people and texts around a project: team, invitations, versions, print, coach, likeness, prices."""

import re

import pytest

from tests import given
from tests.surfaces.ground import Ground, browser, holder, page, prefix
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects.actions import (
    accept_coauthor_invitation,
    create_draft,
    invite_coauthor,
    save_project,
    submit_draft,
)
from viche.projects.models import Project, TeamMember
from viche.review.actions import decide_review

OPEN = given.day(6)
RULES = {
    **given.RULES,
    "submission": {
        "max_team": 3, "edits": "until-decided",
        "questions": [
            {"id": "who", "name": {"uk": "Хто доглядатиме?", "en": "Who looks after it?"}, "kind": "line"},
            {"id": "phone", "name": {"uk": "Сусід", "en": "Neighbour"}, "kind": "line", "is_public": False},
        ],
    },
}  # fmt: skip
GOOD = {
    "title": "Скейтпарк на Подолі", "summary": "Рампи для всіх.", "text": "Поставимо рампи.", "category": "parks",
    "contact": "067 000 00 00", "agreed": {"publication": True}, "answers": {"who": "ОСББ", "phone": "таємниця"},
    "items": [{"name": "Рампа", "unit": "шт", "quantity": "2", "price": 5_000_000}],
}  # fmt: skip


@pytest.fixture
def writing(ground: Ground) -> Contest:
    return given.contest(ground.poltava, slug="2028", rules=RULES)


def draft(contest: Contest) -> Project:
    olena = given.person("Олена")
    by = actor_of(olena, contest.community)
    with clock.at(given.day(5)):
        made = create_draft(contest=contest, author=olena, by=by)
        return save_project(project=made, changes=GOOD, revision=made.revision, by=by)


def submitted(contest: Contest) -> Project:
    project = draft(contest)
    with clock.at(given.day(5)):
        return submit_draft(project=project, by=actor_of(project.author, contest.community))


def own(project: Project, name: str) -> str:
    return f"{prefix(project.contest.community)}{project.contest.slug}/write/{project.pk}/{name}/"


def as_author():
    return browser(given.person("Олена"), at=OPEN)


class TestTheTeamPage:
    def test_an_invitation_is_a_link_shown_once(self, writing):
        project = draft(writing)
        with clock.at(OPEN):
            client = as_author()
            assert client.post(own(project, "team"), {"act": "invite", "name": "Петро"}).status_code == 302
            shown = page(client.get(own(project, "team")))
            link = re.search(r"http://testserver\S+/team/[0-9a-f]{64}/", shown.text)
            assert link
            assert link[0] not in page(client.get(own(project, "team"))).text

    def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(self, writing):
        project = draft(writing)
        with clock.at(OPEN):
            sent = {"act": "invite", "name": "Петро", "email": "не адреса"}
            answer = as_author().post(own(project, "team"), sent)
        assert answer.status_code == 422
        assert page(answer).wrong == ["email"]
        assert 'value="Петро"' in answer.content.decode()

    def test_it_is_the_authors_own(self, writing, ground):
        project = draft(writing)
        with clock.at(OPEN):
            for name in ("team", "like", "prices"):
                assert (
                    browser(ground.visitors["resident"], at=OPEN).get(own(project, name)).status_code == 404
                )
                assert browser().get(own(project, name)).status_code == 302
                assert as_author().get(own(project, name)).status_code == 200

    def test_whoever_does_not_answer_keeps_nothing_and_the_author_reads_it(self, writing):
        project = draft(writing)
        with clock.at(OPEN):
            client = as_author()
            client.post(own(project, "team"), {"act": "invite", "name": "Петро"})
            assert "Ще не відповіла 1 людина" in page(client.get(own(project, "team"))).text
        with clock.at(given.day(21)):
            shown = page(browser(given.person("Олена"), at=given.day(21)).get(own(project, "team"))).text
            assert "не відповів вчасно" in shown

    def test_taken_off_invited_again_and_left(self, writing, ground):
        project = draft(writing)
        with clock.at(OPEN):
            client = as_author()
            client.post(own(project, "team"), {"act": "invite", "name": "Петро"})
            member = TeamMember.objects.get()
            client.post(own(project, "team"), {"act": "resend", "member": str(member.pk)})
            again = TeamMember.objects.get(state="invited")
            assert again != member
            petro = ground.visitors["resident"]
            accept_coauthor_invitation(member=again, person=petro, shows_name=True)
            his = browser(petro, at=OPEN)
            assert (
                his.post(own(project, "team"), {"act": "leave", "member": str(again.pk)}).status_code == 302
            )
            assert his.get(own(project, "team")).status_code == 404
            assert client.post(own(project, "team"), {"act": "remove", "member": "none"}).status_code == 404


class TestTheInvitation:
    def invited(self, contest: Contest) -> tuple[TeamMember, str]:
        project = draft(contest)
        with clock.at(OPEN):
            member, secret = invite_coauthor(
                project=project, name="Петро", language="uk", base="http://testserver/poltava/",
                by=actor_of(project.author, contest.community),
            )  # fmt: skip
        return member, f"{prefix(contest.community)}{contest.slug}/team/{secret}/"

    def test_one_identifies_sees_the_project_and_joins(self, writing, ground):
        member, address = self.invited(writing)
        with clock.at(OPEN):
            before = page(browser().get(address)).text
            assert "Скейтпарк на Подолі" in before
            assert "Поставимо рампи" not in before
            assert "/login/" in browser().post(address, {"act": "accept"})["Location"]
            client = browser(ground.visitors["resident"], at=OPEN)
            assert "Поставимо рампи" in page(client.get(address)).text
            answer = client.post(address, {"act": "accept", "shows_name": "1"})
            assert answer["Location"] == own(member.project, "team")
            assert client.get(address).status_code == 200
        member.refresh_from_db()
        assert (member.state, member.shows_name) == ("confirmed", True)

    def test_whoever_may_not_be_an_author_is_told_why(self, writing, ground):
        _member, address = self.invited(writing)
        with clock.at(OPEN):
            client = browser(ground.visitors["outsider"], at=OPEN)
            assert "Полтав" in page(client.get(address)).text
            assert client.post(address, {"act": "accept"}).status_code == 403
        assert not TeamMember.objects.filter(state="confirmed").exists()

    def test_declined_used_and_late_links_say_so(self, writing, ground):
        _member, address = self.invited(writing)
        with clock.at(OPEN):
            assert browser().post(address, {"act": "decline"}).status_code == 302
            assert browser().get(address).status_code == 410
        _member, address = self.invited(writing)
        with clock.at(given.day(21)):
            assert browser().get(address).status_code == 410


class TestVersionsAndPrint:
    def changed(self, contest: Contest) -> str:
        project = submitted(contest)
        changes = {
            "title": "Скейтпарк на Подолі", "text": "Поставимо три рампи.",
            "answers": {"who": "КП «Парки»", "phone": "інша таємниця"},
            "items": [{"name": "Рампа", "unit": "шт", "quantity": "3", "price": 5_000_000}],
        }  # fmt: skip
        with clock.at(OPEN):
            save_project(
                project=project, changes=changes, revision=project.revision,
                by=actor_of(project.author, contest.community),
            )  # fmt: skip
        return f"{prefix(contest.community)}{contest.slug}/projects/{project.number}/"

    def test_two_versions_read_as_text_and_say_nothing_private(self, writing):
        base = self.changed(writing)
        answer = browser().get(f"{base}versions/")
        html = answer.content.decode()
        assert "<ins>" in html
        assert "<del>" in html
        assert "[додано: три" in " ".join(page(answer).text.split())
        assert "КП «Парки»" in html
        assert "таємниця" not in html
        assert "150" in page(answer).text
        assert f"{base}versions/" in page(browser().get(base)).own_links

    @pytest.mark.parametrize("query", ["?from=2&to=1", "?from=9&to=x", "?from=1&to=1", "?from=&to="])
    def test_any_two_are_compared_and_nonsense_breaks_nothing(self, writing, query):
        assert "<ins>" in browser().get(f"{self.changed(writing)}versions/{query}").content.decode()

    def test_the_paper_has_number_authors_answers_and_the_address(self, writing):
        base = self.changed(writing)
        answer = browser().get(f"{base}print/")
        text = page(answer).text
        for words in (
            "№ 1: Скейтпарк на Подолі",
            "Олена Коваленко",
            "Рампа",
            "КП «Парки»",
            f"http://testserver{base}",
        ):
            assert words in text
        assert 'class="qr"' in answer.content.decode()
        assert "таємниця" not in text
        assert "067 000" not in text
        assert f"{base}print/" in page(browser().get(base)).own_links

    def test_the_authors_who_agreed_stand_on_the_page(self, writing, ground):
        project = submitted(writing)
        with clock.at(OPEN):
            for name, person, shows in (
                ("Петро", ground.visitors["resident"], True), ("Марта", given.person("Марта"), False),
            ):  # fmt: skip
                member, _secret = invite_coauthor(
                    project=project, name=name, language="uk", base="http://testserver/",
                    by=actor_of(project.author, writing.community),
                )  # fmt: skip
                accept_coauthor_invitation(member=member, person=person, shows_name=shows)
        text = page(browser().get(f"{prefix(writing.community)}2028/projects/1/")).text
        assert "Олена Коваленко, Петро Шевчук" in text
        assert "Марта" not in text


class TestTheCoach:
    def test_the_checklist_and_the_prices_are_for_everybody(self, writing):
        submitted(writing)
        address = f"{prefix(writing.community)}2028/coach/"
        assert len(re.findall("<h3>", browser().get(address).content.decode())) == 8
        text = page(browser().get(address, {"q": "рампа"})).text
        assert "50 000" in text.replace("\u00a0", " ")
        assert "№ 1, 2026" in text

    def test_a_similar_project_is_shown_with_the_reason_of_its_refusal(self, writing, ground):
        old = given.submitted_project(ground.foreign.__class__.objects.get(slug="2026", community=ground.poltava),
                                      "Скейтпарк на Подолі", summary="Рампи для всіх.")  # fmt: skip
        iryna = holder("Ірина", "commission", ground.poltava)
        with clock.at(given.day(25)):
            decide_review(
                project=old, verdict="refuse", reason="Ділянка приватна.", by=actor_of(iryna, ground.poltava)
            )
        project = draft(writing)
        with clock.at(OPEN):
            whole = as_author().get(own(project, "like"))
            assert "Ділянка приватна." in page(whole).text
            part = as_author().get(
                own(project, "like"),
                {"title": "Бібліотека просто неба", "summary": "Читальня."},
                headers={"HX-Request": "true"},
            )
        assert "<html" not in part.content.decode()
        assert "Ділянка приватна." not in part.content.decode()
        assert f"{prefix(writing.community)}2028/coach/" in page(part).own_links

    def test_prices_beside_the_calculator_are_a_part_of_a_page(self, writing):
        project = submitted(writing)
        with clock.at(OPEN):
            part = as_author().get(own(project, "prices"), {"q": "рампа"}, headers={"HX-Request": "true"})
            nothing = as_author().get(own(project, "prices"), {"q": "<b>'%"})
        assert "<html" not in part.content.decode()
        assert "50" in part.content.decode()
        assert nothing.status_code == 200
        assert "<b>'" not in nothing.content.decode()
