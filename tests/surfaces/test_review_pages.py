"""Pages of the review: the board, a project, an opinion, the author's answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.review.test_stages import TWO_TIERS, office
from tests.surfaces.ground import browser, prefix
from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects.models import Project, State
from viche.review import actions
from viche.review.models import Assignment, Opinion

NOW = given.day(25)


@pytest.fixture
def project(db):
    contest = given.contest(rules={**given.RULES, "review": TWO_TIERS})
    made = given.submitted_project(contest)
    for name, role in (("Ірина", "commission"), ("Богдан", "reviewer"), ("Віктор", "administrator")):
        given.official(name, role, contest.community)
    return made


def home(project):
    return f"{prefix(project.contest.community)}"


def get(client, path):
    with clock.at(NOW):
        return client.get(path)


def post(client, path, **fields):
    with clock.at(NOW):
        return client.post(path, fields)


def of(name):
    return browser(given.person(name), at=NOW)


def desk(project):
    return f"{home(project)}office/2026/review/{project.number}/"


def page(project, tail=""):
    return f"{home(project)}2026/projects/{project.number}/{tail}"


def state(project):
    return Project.objects.get(pk=project.pk).state


@pytest.mark.django_db
class TestTheOffice:
    def test_from_the_board_to_a_department_and_its_signed_opinion(self, project):
        clerk, reviewer = of("Віктор"), of("Богдан")
        assert project.title in get(clerk, f"{home(project)}office/2026/review/").content.decode()
        said = {"act": "assign", "assign-office": str(office().pk), "assign-unit": "Управління землі"}
        assert post(clerk, desk(project), **said).status_code == 302
        assignment = Assignment.objects.get()
        path = f"{home(project)}office/2026/opinions/{assignment.pk}/"
        assert project.title in get(reviewer, f"{home(project)}office/2026/review/").content.decode()
        assert get(reviewer, path).status_code == 200
        half = post(reviewer, path, act="give", revision="0", check_cost="yes")
        assert half.status_code == 422
        assert Opinion.objects.get().checks["cost"]["answer"] == "yes", "what was filled in is saved"
        whole = {
            "act": "give", "revision": str(Opinion.objects.get().revision), "check_cost": "yes",
            "check_competence": "remarks", "note_competence": "Погодити з водоканалом", "conclusion": "with_changes",
            "reasons": "Перенести на метр", "file": SimpleUploadedFile("висновок.pdf", b"%PDF-1.7 ... %%EOF"),
        }  # fmt: skip
        assert post(reviewer, path, **whole).status_code == 302
        public = get(browser(), page(project)).content.decode()
        assert "Перенести на метр" in public
        assert "Погодити з водоканалом" in public
        file = Opinion.objects.get().files.get()
        answer = get(browser(), f"{home(project)}2026/opinions/{file.pk}/")
        assert answer["Content-Disposition"].startswith("attachment")

    def test_a_stale_opinion_shows_what_is_saved_and_keeps_what_was_typed(self, project):
        with clock.at(NOW):
            made = actions.assign_review(
                project=project, unit="Відділ", office=office(),
                by=actor_of(given.person("Віктор"), project.contest.community),
            )  # fmt: skip
        path = f"{home(project)}office/2026/opinions/{made.pk}/"
        reviewer = of("Богдан")
        post(reviewer, path, act="save", revision="0", reasons="Одне")
        stale = post(reviewer, path, act="save", revision="0", reasons="Інше")
        assert stale.status_code == 422
        text = stale.content.decode()
        assert "Одне" in text
        assert "Інше" in text
        assert post(reviewer, path, act="save", revision="1", reasons="Інше").status_code == 302

    def test_a_program_is_no_document_of_an_opinion(self, project):
        by = actor_of(given.person("Віктор"), project.contest.community)
        with clock.at(NOW):
            made = actions.assign_review(project=project, unit="Відділ", office=office(), by=by)
        path = f"{home(project)}office/2026/opinions/{made.pk}/"
        bad = post(of("Богдан"), path, act="save", revision="0", file=SimpleUploadedFile("x.pdf", b"MZ..."))
        assert bad.status_code == 422
        assert "file" in bad.context["form"].errors

    def test_deciding_asks_for_its_reason_at_the_field(self, project):
        iryna = of("Ірина")
        bad = post(iryna, desk(project), act="decide", verdict="return", reason="")
        assert bad.status_code == 422
        assert "reason" in bad.context["forms"]["decide"].errors
        assert (
            post(iryna, desk(project), act="decide", verdict="return", reason="Уточніть").status_code == 302
        )
        assert state(project) == State.RETURNED
        board = get(iryna, f"{home(project)}office/2026/review/").content.decode()
        assert "30 березня 2026" in board


@pytest.mark.django_db
class TestTheAuthor:
    def test_a_return_is_answered_and_a_question_too(self, project):
        olena, iryna = of("Олена"), of("Ірина")
        post(iryna, desk(project), act="decide", verdict="return", reason="Уточніть кошторис")
        post(of("Богдан"), desk(project), act="ask", **{"ask-text": "Чия земля?"})
        path = page(project, "review/")
        shown = get(olena, path).content.decode()
        assert "Уточніть кошторис" in shown
        assert "Чия земля?" in shown
        assert "review/" in get(olena, page(project)).content.decode()
        question = project.questions.get()
        assert post(olena, path, act="answer", question=str(question.pk), text="").status_code == 422
        assert post(olena, path, act="answer", question=str(question.pk), text="Громади").status_code == 302
        assert post(olena, path, act="decline", text="").status_code == 422
        assert post(olena, path, act="submit", text="Додано").status_code == 302
        assert state(project) == State.IN_REVIEW
        public = get(browser(), page(project)).content.decode()
        assert "Громади" in public
        assert "Додано" in public

    def test_corrections_stand_side_by_side(self, project):
        post(
            of("Богдан"),
            desk(project),
            act="correct",
            **{
                "correct-title": "Сквер замість пустиря",
                "correct-summary": project.summary,
                "correct-text": project.text,
            },
        )
        post(of("Ірина"), desk(project), act="decide", verdict="return", reason="Назва")
        olena = of("Олена")
        shown = get(olena, page(project, "review/")).content.decode()
        assert project.title in shown
        assert " замість<" in shown, "the words that differ are marked"
        correction = project.corrections.get()
        assert set(correction.changes) == {"title"}
        assert post(olena, page(project, "review/"), act="apply", row=str(correction.pk)).status_code == 302
        assert Project.objects.get(pk=project.pk).title == "Сквер замість пустиря"

    def test_others_do_not_answer_for_the_author(self, project):
        assert get(of("Ірина"), page(project, "review/")).status_code == 403
        assert get(browser(), page(project, "review/")).status_code == 302

    def test_an_offer_to_merge_goes_from_author_to_author(self, project):
        other = given.submitted_project(project.contest, "Сквер і майданчик", author=given.person("Марта"))
        olena, marta = of("Олена"), of("Марта")
        path = page(project, "review/")
        assert post(olena, path, act="merge", into="99").status_code == 422
        assert post(olena, path, act="merge", into=str(other.number), note="Разом").status_code == 302
        offer = project.merge_offers.get()
        assert "Разом" in get(marta, page(other, "review/")).content.decode()
        assert post(marta, page(other, "review/"), act="join", row=str(offer.pk)).status_code == 302
        assert state(project) == State.MERGED
        assert f"№ {other.number}" in get(browser(), page(project)).content.decode()
