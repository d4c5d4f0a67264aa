"""Pages of support and of the check of form: what a person sees and presses, and what is said when it cannot be."""

import hashlib
import json
from datetime import datetime

import pytest
from django.http import HttpResponse

from rulebook.canonical import canonical
from tests import given
from tests.surfaces.ground import browser, holder, outsider, page, prefix, resident
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person
from viche.identity.queries import actor_of
from viche.projects.actions import run_deadlines, sign_project
from viche.projects.models import Project, Signature, State

pytestmark = pytest.mark.django_db


class Desk:
    """A contest that collects support, one project of it, and the day on which its pages are looked at."""

    def __init__(self, day: int = 7, check: dict | None = None, **support: object) -> None:
        self.contest: Contest = given.supported_contest(check=check, **support)
        self.project: Project = given.submitted_project(self.contest)
        self.moment: datetime = given.day(day)
        self.base = f"{prefix(self.contest.community)}2026/"
        self.page = f"{self.base}projects/1/"
        self.office = f"{prefix(self.contest.community)}office/2026/"

    def get(self, address: str, person: Person | None = None) -> HttpResponse:
        with clock.at(self.moment):
            return browser(person, at=self.moment).get(address)

    def post(self, address: str, person: Person | None = None, **fields: object) -> HttpResponse:
        with clock.at(self.moment):
            return browser(person, at=self.moment).post(address, fields)

    def sign(self, person: Person, **facts: object) -> Signature:
        with clock.at(self.moment):
            return sign_project(
                project=self.project, person=person, by=actor_of(person, self.contest.community), **facts
            )

    @property
    def now(self) -> Project:
        return Project.objects.get(pk=self.project.pk)


class TestSigning:
    def test_consent_confirmation_and_my_page(self) -> None:
        desk, petro = Desk(), resident()
        seen = page(desk.get(f"{desk.page}sign/", petro))
        assert "Одна людина підписує проєкт один раз" in seen.text
        unticked = desk.post(f"{desk.page}sign/", petro)
        assert unticked.status_code == 422
        assert page(unticked).wrong == ["agrees"]
        done = desk.post(f"{desk.page}sign/", petro, agrees="on")
        assert done.headers["Location"] == f"{desk.page}signature/"
        assert desk.now.supporters == 1
        confirmation = page(desk.get(f"{desk.page}signature/", petro))
        assert Signature.objects.get().commitment in confirmation.text
        assert "Відбиток правильний" in confirmation.text
        mine = page(desk.get(f"{prefix(desk.contest.community)}my/", petro))
        assert f"{desk.page}signature/" in mine.own_links

    def test_a_double_click_is_one_signature_and_the_same_page(self) -> None:
        desk, petro = Desk(), resident()
        for _click in range(2):
            done = desk.post(f"{desk.page}sign/", petro, agrees="on")
            assert done.headers["Location"] == f"{desk.page}signature/"
        assert desk.now.supporters == 1
        assert desk.get(f"{desk.page}sign/", petro).headers["Location"] == f"{desk.page}signature/"

    def test_the_file_can_be_checked_by_anybody_who_has_it(self) -> None:
        desk, petro = Desk(), resident()
        signature = desk.sign(petro)
        answer = desk.get(f"{desk.page}signature.json", petro)
        document = json.loads(answer.content)
        commitment = document.pop("commitment")
        assert hashlib.sha256(canonical(document)).hexdigest() == commitment == signature.commitment
        assert answer["Cache-Control"] == "no-store"

    def test_the_confirmation_is_its_signatorys_only(self) -> None:
        desk = Desk()
        desk.sign(resident())
        other = resident("Марія")
        assert desk.get(f"{desk.page}signature/", other).status_code == 404
        assert desk.get(f"{desk.page}signature.json", other).status_code == 404
        assert "/login/" in desk.get(f"{desk.page}signature/").headers["Location"]

    def test_who_cannot_sign_reads_why(self) -> None:
        desk = Desk()
        answer = desk.get(f"{desk.page}sign/", outsider())
        assert answer.status_code == 403
        assert f"{desk.base}can-i/" in page(answer).own_links
        assert desk.post(f"{desk.page}sign/", outsider(), agrees="on").status_code == 403
        author = desk.get(f"{desk.page}sign/", given.person("Олена"))
        assert author.status_code == 409
        assert "автор не належить" in page(author).text

    def test_too_late_is_said_with_the_exact_times(self) -> None:
        desk = Desk()
        desk.moment = desk.project.support_until
        answer = desk.post(f"{desk.page}sign/", resident(), agrees="on")
        assert answer.status_code == 409
        assert page(answer).text.count("17.03.2026 00:00:00") == 2
        assert desk.now.state == State.NOT_SUPPORTED
        assert "0 з 3" in page(desk.get(desk.page)).text

    def test_taken_back_after_a_page_that_asks(self) -> None:
        desk, petro = Desk(withdrawal=True), resident()
        desk.sign(petro)
        assert f"{desk.page}signature/withdraw/" in page(desk.get(desk.page, petro)).own_links
        assert desk.get(f"{desk.page}signature/withdraw/", petro).status_code == 200
        assert desk.now.supporters == 1
        desk.post(f"{desk.page}signature/withdraw/", petro)
        assert desk.now.supporters == 0

    def test_not_taken_back_where_the_rules_do_not_foresee_it(self) -> None:
        desk, petro = Desk(), resident()
        desk.sign(petro)
        assert desk.get(f"{desk.page}signature/withdraw/", petro).status_code == 409
        assert desk.post(f"{desk.page}signature/withdraw/", petro).status_code == 409
        assert desk.now.supporters == 1


class TestProjectPage:
    def test_the_bar_and_the_button_for_everybody(self) -> None:
        desk = Desk()
        desk.sign(resident("Марія"))
        for person in (None, resident()):
            seen = page(desk.get(desk.page, person))
            assert "1 з 3" in seen.text
            assert "Ще 2 підписи" in seen.text
            assert f"{desk.page}sign/" in seen.own_links
        assert "1 з 3" in page(desk.get(f"{desk.base}projects/")).text, "also on the card"

    @pytest.mark.parametrize(
        ("who", "said"),
        [
            ("outsider", "Чи можу я взяти участь?"),
            ("signed", "Ви підписали"),
            ("author", "автор не належить"),
            ("limit", "одна людина підтримує щонайбільше 1 проєкт"),
        ],
    )
    def test_why_not_in_words(self, who: str, said: str) -> None:
        desk = Desk(max_per_person=1)
        person = {"outsider": outsider, "author": lambda: given.person("Олена")}.get(who, resident)()
        if who == "signed":
            desk.sign(person)
        if who == "limit":
            other = given.submitted_project(desk.contest, "Інший проєкт")
            with clock.at(desk.moment):
                sign_project(project=other, person=person, by=actor_of(person, desk.contest.community))
        seen = page(desk.get(desk.page, person))
        assert said in seen.text
        assert f"{desk.page}sign/" not in seen.own_links

    def test_before_and_after_the_window(self) -> None:
        desk = Desk(day=5)
        desk.moment = desk.project.support_until
        with clock.at(desk.moment):
            run_deadlines()
        seen = page(desk.get(desk.page))
        assert "Не зібрано до строку: 0 з 3" in seen.text
        assert f"{desk.page}sign/" not in seen.own_links


class TestSignatories:
    def test_only_the_number_where_the_rules_say_so(self) -> None:
        desk = Desk()
        desk.sign(resident())
        seen = page(desk.get(f"{desk.page}signatories/"))
        assert "оприлюднюють лише кількість" in seen.text
        assert "Шевчук" not in seen.text

    def test_initials(self) -> None:
        desk = Desk(signatories="initials")
        desk.sign(resident())
        seen = page(desk.get(f"{desk.page}signatories/"))
        assert "П. Ш." in seen.text
        assert "Шевчук" not in seen.text

    def test_names_of_those_who_agreed(self) -> None:
        desk = Desk(signatories="names")
        desk.post(f"{desk.page}sign/", resident(), agrees="on", shows_name="on")
        desk.post(f"{desk.page}sign/", resident("Марія"), agrees="on")
        seen = page(desk.get(f"{desk.page}signatories/"))
        assert "Петро Шевчук" in seen.text
        assert "Марія" not in seen.text

    def test_a_name_is_never_kept_as_agreed_where_the_rules_publish_none(self) -> None:
        desk = Desk()
        desk.post(f"{desk.page}sign/", resident(), agrees="on", shows_name="on")
        assert Signature.objects.get().shows_name is False

    def test_the_days_are_for_the_author_and_officials(self) -> None:
        desk = Desk()
        desk.sign(resident())
        admin = holder("Віктор", "administrator", desk.contest.community)
        for person, sees in (
            (given.person("Олена"), True),
            (admin, True),
            (resident("Марія"), False),
            (None, False),
        ):
            assert (
                "Підписи, що зростають день за днем"
                in page(desk.get(f"{desk.page}signatories/", person)).text
            ) is sees

    def test_a_long_list_has_pages(self) -> None:
        desk = Desk(signatories="initials", threshold={"*": 200})
        for number in range(101):
            desk.sign(given.resident(number))
        assert "М. К." in page(desk.get(f"{desk.page}signatories/?page=2")).text


class TestSheet:
    def test_a_sheet_to_print(self) -> None:
        desk = Desk()
        answer = desk.get(f"{desk.page}sheet/")
        assert answer.content.count(b'class="sheet-row"') == 15
        assert b"<svg" in answer.content

    def test_none_where_signatures_are_online_only(self) -> None:
        desk = Desk(ways=["online"])
        assert desk.get(f"{desk.page}sheet/").status_code == 409
        assert f"{desk.page}sheet/" not in page(desk.get(desk.page)).own_links


class TestCheckOfForm:
    def desk(self, **facts: object) -> Desk:
        return Desk(check=given.CHECKED_IN_FIVE_DAYS | facts)

    def test_an_unpublished_project_is_its_authors_and_the_officials(self) -> None:
        desk = self.desk()
        own = f"{desk.base}mine/{desk.project.id}/"
        olena = given.person("Олена")
        assert desk.get(desk.page).status_code == 404
        assert desk.get(own, resident()).status_code == 404
        assert "/login/" in desk.get(own).headers["Location"]
        assert "Форму проєкту перевіряють" in page(desk.get(own, olena)).text
        assert own in page(desk.get(f"{prefix(desk.contest.community)}my/", olena)).own_links
        assert (
            desk.get(f"{prefix(given.community(given.LVIV))}2026/mine/{desk.project.id}/", olena).status_code
            == 404
        )

    def test_sent_back_corrected_and_published(self) -> None:
        desk = self.desk()
        editor, olena = holder("Юлія", "editor", desk.contest.community), given.person("Олена")
        queue = page(desk.get(f"{desk.office}check/", editor))
        assert f"{desk.office}check/1/" in queue.own_links
        empty = desk.post(f"{desk.office}check/1/", editor, verdict="send_back")
        assert empty.status_code == 422
        assert page(empty).wrong == ["text"]
        desk.post(
            f"{desk.office}check/1/",
            editor,
            verdict="send_back",
            text="Додайте кошторис.",
            faults=["estimate"],
        )
        own = f"{desk.base}mine/{desk.project.id}/"
        seen = page(desk.get(own, olena))
        assert "Додайте кошторис." in seen.text
        assert "Кошторис має статті" in seen.text
        desk.post(own, olena, act="resubmit")
        assert desk.now.state == State.CHECKING
        desk.post(f"{desk.office}check/1/", editor, verdict="publish")
        assert desk.now.state == State.SIGNING
        assert desk.get(desk.page).status_code == 200
        assert desk.get(own, olena).headers["Location"] == desk.page

    def test_what_was_typed_stands_when_publish_is_pressed_by_mistake(self) -> None:
        desk = self.desk()
        editor = holder("Юлія", "editor", desk.contest.community)
        answer = desk.post(
            f"{desk.office}check/1/", editor, verdict="publish", text="Не те.", faults=["language"]
        )
        assert answer.status_code == 422
        assert "Не те." in answer.content.decode()
        assert "language" in page(answer).checked
        assert desk.now.state == State.CHECKING

    def test_refused_with_the_reason_on_the_authors_page(self) -> None:
        desk = self.desk()
        admin = holder("Віктор", "administrator", desk.contest.community)
        desk.post(f"{desk.office}check/1/", admin, verdict="refuse", text="Це реклама.")
        seen = page(desk.get(f"{desk.base}mine/{desk.project.id}/", given.person("Олена")))
        assert "Це реклама." in seen.text
        assert desk.get(desk.page).status_code == 404

    def test_a_verdict_that_comes_second_is_told_so(self) -> None:
        desk = self.desk()
        admin = holder("Віктор", "administrator", desk.contest.community)
        desk.post(f"{desk.office}check/1/", admin, verdict="publish")
        assert desk.post(f"{desk.office}check/1/", admin, verdict="publish").status_code == 409

    def test_late_ones_are_marked(self) -> None:
        desk = self.desk()
        desk.moment = desk.project.check_until
        editor = holder("Юлія", "editor", desk.contest.community)
        assert "прострочено" in page(desk.get(f"{desk.office}check/", editor)).text

    def test_the_author_withdraws_before_publication(self) -> None:
        desk = self.desk()
        olena = given.person("Олена")
        desk.post(f"{desk.base}mine/{desk.project.id}/", olena, act="withdraw")
        assert desk.now.state == State.WITHDRAWN
        assert desk.get(f"{desk.base}mine/{desk.project.id}/", olena).status_code == 200

    def test_an_auditor_reads_and_changes_nothing(self) -> None:
        desk = self.desk()
        auditor = holder("Аліна", "auditor", desk.contest.community)
        assert desk.get(f"{desk.office}check/1/", auditor).status_code == 200
        assert desk.post(f"{desk.office}check/1/", auditor, verdict="publish").status_code == 403
