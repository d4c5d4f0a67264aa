"""Pages of the review as they are used by several: a board narrowed, a desk, colleagues, documents, double presses."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.review.test_departments import PDF
from tests.review.test_stages import TWO_TIERS, office
from tests.surfaces.ground import browser
from tests.surfaces.test_review_pages import NOW, desk, get, home, of, page, post, state
from viche.foundation import clock
from viche.identity.models import Office
from viche.identity.queries import actor_of
from viche.projects.models import State
from viche.review import actions
from viche.review.models import Opinion
from viche.review.queries import standing_of


@pytest.fixture
def project(db):
    contest = given.contest(rules={**given.RULES, "review": TWO_TIERS})
    made = given.submitted_project(contest)
    for name, role in (("Ірина", "commission"), ("Богдан", "reviewer"), ("Віктор", "administrator")):
        given.official(name, role, contest.community)
    return made


def assigned(project, unit="Управління землі"):
    by = actor_of(given.person("Віктор"), project.contest.community)
    with clock.at(NOW):
        return actions.assign_review(project=project, unit=unit, office=office(), by=by)


def text(answer):
    return answer.content.decode()


@pytest.mark.django_db
class TestTheBoard:
    def test_it_is_narrowed_by_its_address_and_says_when_nothing_fits(self, project):
        assigned(project)
        viktor, path = of("Віктор"), f"{home(project)}office/2026/review/"
        shown = text(get(viktor, path))
        assert "Управління землі" in shown
        assert project.title in text(get(viktor, f"{path}?stage=form"))
        other = get(viktor, f"{path}?unit=щось&late=on")
        assert other.status_code == 200
        assert project.title not in text(other)

    def test_the_desk_says_what_is_asked_of_a_reviewer(self, project):
        made = assigned(project)
        link = f"office/2026/opinions/{made.pk}/"
        assert link in text(get(of("Богдан"), f"{home(project)}office/"))
        assert link not in text(get(of("Ірина"), f"{home(project)}office/"))


@pytest.mark.django_db
class TestOneProject:
    def test_a_press_that_comes_twice_is_told_and_decides_nothing(self, project):
        iryna = of("Ірина")
        shown = get(iryna, desk(project))
        assert shown.context["forms"]["decide"]["stage"].value() == "form"
        said = {"act": "decide", "verdict": "admit", "stage": "form"}
        assert post(iryna, desk(project), **said).status_code == 302
        again = post(iryna, desk(project), **said)
        assert again.status_code == 422
        assert standing_of(project).stage.id == "merits"
        # what is pressed next on that page is about the stage that it shows
        assert again.context["forms"]["decide"]["stage"].value() == "merits"
        assert post(iryna, desk(project), **{**said, "stage": "merits"}).status_code == 302
        assert state(project) == State.ADMITTED

    def test_a_question_with_its_document_is_answered_with_one(self, project):
        file = SimpleUploadedFile("витяг.pdf", PDF)
        said = {"act": "ask", "ask-text": "Чия земля?", "ask-file": file}
        assert post(of("Богдан"), desk(project), **said).status_code == 302
        question = project.questions.get()
        olena, path = of("Олена"), page(project, "review/")
        wrong = {"act": "answer", "question": str(question.pk), "text": "Громади"}
        bad = post(olena, path, **wrong, file=SimpleUploadedFile("акт.pdf", b"MZ"))
        assert bad.status_code == 422
        assert "Громади" in text(bad)
        assert post(olena, path, **wrong, file=SimpleUploadedFile("акт.pdf", PDF)).status_code == 302
        public = text(get(browser(), page(project)))
        for each in question.files.all():
            assert str(each.pk) in public
            answer = get(browser(), f"{home(project)}2026/opinions/{each.pk}/")
            assert answer.content == PDF
            assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
class TestAnOpinion:
    def test_a_colleague_of_the_department_goes_on_with_it(self, project):
        made = assigned(project)
        given.official("Лариса", "reviewer", project.contest.community)
        path = f"{home(project)}office/2026/opinions/{made.pk}/"
        larysa = of("Лариса")
        assert post(larysa, path, act="save", revision="0", reasons="Так").status_code == 403
        Office.objects.filter(person=given.person("Лариса")).update(unit="Управління землі")
        assert post(larysa, path, act="save", revision="0", reasons="Так").status_code == 302
        assert "Так" in text(get(of("Богдан"), path))

    def test_a_document_is_taken_out_and_what_was_typed_is_saved(self, project):
        made = assigned(project)
        bohdan, path = of("Богдан"), f"{home(project)}office/2026/opinions/{made.pk}/"
        post(bohdan, path, act="save", revision="0", file=SimpleUploadedFile("лист.pdf", PDF))
        file = Opinion.objects.get().files.get()
        drafted = f"{home(project)}2026/opinions/{file.pk}/"
        assert get(browser(), drafted).status_code == 404
        assert get(bohdan, drafted).status_code == 200
        gone = post(bohdan, path, remove=str(file.pk), revision="1", reasons="Дописано")
        assert gone.status_code == 302
        kept = Opinion.objects.get()
        assert (kept.reasons, kept.files.count()) == ("Дописано", 0)
        assert get(bohdan, drafted).status_code == 404

    def test_after_the_decision_it_is_read_and_not_written(self, project):
        made = assigned(project)
        bohdan, path = of("Богдан"), f"{home(project)}office/2026/opinions/{made.pk}/"
        whole = {
            "act": "give", "revision": "0", "check_cost": "yes", "check_competence": "yes",
            "conclusion": "positive", "reasons": "Підтримуємо",
        }  # fmt: skip
        assert post(bohdan, path, **whole).status_code == 302
        post(of("Ірина"), desk(project), act="decide", verdict="admit", stage="form")
        shown = text(get(bohdan, path))
        assert "Підтримуємо" in shown
        assert 'value="give"' not in shown
        late = post(bohdan, path, **{**whole, "reasons": "Інше"})
        assert late.status_code == 422
        assert Opinion.objects.get().reasons == "Підтримуємо"


@pytest.mark.django_db
class TestMerging:
    def test_both_pages_name_each_other(self, project):
        other = given.submitted_project(project.contest, "Сквер і майданчик", author=given.person("Марта"))
        post(of("Олена"), page(project, "review/"), act="merge", into=str(other.number))
        marta = of("Марта")
        assert "review/" in text(get(marta, page(other)))
        offer = project.merge_offers.get()
        assert post(marta, page(other, "review/"), act="join", row=str(offer.pk)).status_code == 302
        assert f"№ {project.number}" in text(get(browser(), page(other)))
        assert f"№ {other.number}" in text(get(browser(), page(project)))
