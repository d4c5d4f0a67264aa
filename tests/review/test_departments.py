"""Departments under the pressure of an ordinary day: double presses, colleagues, reviewers who leave, late answers."""

from hashlib import sha256

import pytest
from tests import given
from tests.crowd import at_once, refusals
from tests.review.test_stages import (
    DAY,
    TWO_TIERS,
    asked,
    do,
    full,
    office,
    place,
    refused,
    reviewed,
    state,
)

from viche.foundation import private_files
from viche.identity.actions import end_office
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.estimate import cost_with_reserve, total_of
from viche.projects.models import State
from viche.review import actions
from viche.review.documents import Upload
from viche.review.models import Assignment, Correction, Decision, Opinion, OpinionFile, QuestionFile
from viche.review.models.opinions import SHELF
from viche.review.queries import (
    NOBODY,
    Narrowing,
    assignments_of,
    board,
    corrected,
    due_assignments,
    merged_into,
    standing_of,
    work_in,
)

PDF = b"%PDF-1.7\n" + b"0" * 64 + b"\n%%EOF\n"


def reviewer(name, project, unit=""):
    by = given.official(name, "reviewer", project.contest.community)
    type(office(name)).objects.filter(person=given.person(name)).update(unit=unit)
    return by


def cost_of(project):
    reserve = project.contest.rules.submission.reserve_share
    return cost_with_reserve(total_of(project.items), reserve)


def kinds(project):
    return list(Entry.objects.filter(subject=project.subject).values_list("kind", flat=True).order_by("id"))


@pytest.mark.django_db
class TestAStageIsDecidedOnce:
    def test_a_press_that_comes_twice_does_not_decide_the_next_stage(self):
        project, people = reviewed()
        said = {"project": project, "verdict": "admit", "stage": "form", "by": people["commission"]}
        do(actions.decide_review, **said)
        assert refused(actions.decide_review, **said).code == "stage_decided"
        assert (state(project), place(project)) == (State.IN_REVIEW, "merits")

    def test_conditions_of_an_earlier_stage_are_written_down_and_never_empty(self):
        first = {**TWO_TIERS[0], "outcomes": ["admit", "admit-with-correction"]}
        project, people = reviewed([first, TWO_TIERS[1]])
        said = {"project": project, "verdict": "admit-with-correction", "by": people["commission"]}
        assert set(refused(actions.decide_review, **said).fields) == {"conditions"}
        do(actions.decide_review, conditions="Уточнити межі", **said)
        assert Decision.objects.get().conditions == "Уточнити межі"
        assert place(project) == "merits"

    def test_conditions_that_are_declined_and_refused_by_the_rules_begin_no_review_anew(self):
        project, people = reviewed([TWO_TIERS[1]])
        do(
            actions.decide_review, project=project, verdict="admit-with-correction", conditions="Без фонтана",
            by=people["commission"],
        )  # fmt: skip
        do(actions.answer_conditions, project=project, agrees=False, reason="Ні", by=people["author"])
        assert state(project) == State.REFUSED
        assert [each.verdict for each in Decision.objects.all()] == ["admit-with-correction"]


@pytest.mark.django_db
class TestAnOpinionBelongsToItsStage:
    def test_its_points_are_those_of_the_stage_it_was_asked_in(self):
        project, people = reviewed()
        assignment = asked(project, people)
        do(
            actions.save_opinion, assignment=assignment, checks=full("competence", "cost", "land"),
            conclusion="positive", revision=0, by=people["reviewer"],
        )  # fmt: skip
        assert set(Opinion.objects.get().checks) == {"competence", "cost"}

    def test_once_the_stage_is_decided_nothing_is_asked_in_it_any_more(self):
        project, people = reviewed()
        open_one = asked(project, people)
        given_one = asked(project, people, unit="Фінансове управління")
        do(
            actions.save_opinion, assignment=given_one, checks=full("competence", "cost"), conclusion="positive",
            revision=0, by=people["reviewer"],
        )  # fmt: skip
        do(actions.give_opinion, assignment=given_one, by=people["reviewer"])
        do(actions.decide_review, project=project, verdict="admit", by=people["commission"])
        assert not assignments_of(given.person("Богдан"))
        assert not due_assignments(given.day(60))
        open_one.refresh_from_db()
        assert open_one.state == Assignment.State.ENDED
        late = {"checks": {}, "conclusion": "negative", "revision": 0, "by": people["reviewer"]}
        assert refused(actions.save_opinion, assignment=given_one, **late).code == "stage_decided"
        assert refused(actions.save_opinion, assignment=open_one, **late).code == "not_reviewer"

    def test_work_that_was_taken_back_goes_on_where_the_department_is_asked_again(self):
        project, people = reviewed()
        assignment = asked(project, people)
        do(
            actions.save_opinion, assignment=assignment, checks={}, reasons="Початок", revision=0,
            by=people["reviewer"],
        )  # fmt: skip
        do(actions.end_assignment, assignment=assignment, by=people["administrator"])
        again = asked(project, people, unit="управління землі")
        assert again.pk == assignment.pk
        assert again.state == Assignment.State.OPEN
        assert again.opinions.get().reasons == "Початок"
        assert kinds(project).count("ReviewAssigned") == 2


@pytest.mark.django_db
class TestColleagues:
    def test_the_whole_department_writes_the_opinion_and_nobody_else(self):
        project, people = reviewed()
        colleague = reviewer("Лариса", project, "управління землі")
        other = reviewer("Назар", project, "Фінансове управління")
        assignment = asked(project, people)
        assert list(assignments_of(given.person("Лариса"))) == [assignment]
        assert list(work_in(project.contest.community, given.person("Лариса"))) == [assignment]
        assert not assignments_of(given.person("Назар"))
        do(actions.save_opinion, assignment=assignment, checks={}, reasons="А", revision=0, by=colleague)
        said = {"assignment": assignment, "checks": {}, "reasons": "Б"}
        assert refused(actions.save_opinion, revision=1, by=other, **said).status == 403
        # who has not seen the colleague's words overwrites nothing
        assert (
            refused(actions.save_opinion, revision=0, by=people["reviewer"], **said).code
            == "edited_meanwhile"
        )
        do(actions.save_opinion, revision=1, by=people["reviewer"], **said)

    def test_a_colleague_signs_only_what_they_have_read(self):
        project, people = reviewed()
        colleague = reviewer("Лариса", project, "Управління землі")
        assignment = asked(project, people)
        said = {"assignment": assignment, "checks": full("competence", "cost"), "conclusion": "positive"}
        do(actions.save_opinion, revision=0, by=people["reviewer"], **said)
        do(actions.save_opinion, revision=1, reasons="Доповнено", by=colleague, **said)
        late = {"assignment": assignment, "by": people["reviewer"]}
        assert refused(actions.give_opinion, revision=1, **late).code == "edited_meanwhile"
        do(actions.give_opinion, revision=2, **late)

    def test_a_reviewer_who_has_left_cannot_be_asked_and_a_past_day_is_none(self):
        project, people = reviewed()
        gone = office()
        do(end_office, office=gone, by=people["administrator"])
        said = {"project": project, "unit": "Відділ", "by": people["administrator"]}
        assert set(refused(actions.assign_review, office=gone, **said).fields) == {"office"}
        assert set(refused(actions.assign_review, due_on=given.day(24).date(), **said).fields) == {"due_on"}
        do(actions.assign_review, due_on=DAY.date(), **said)

    def test_another_reviewer_keeps_the_day_that_was_set_and_the_journal_says_so(self):
        project, people = reviewed()
        said = {"project": project, "unit": "Відділ", "by": people["administrator"]}
        do(actions.assign_review, office=office(), due_on=given.day(28).date(), **said)
        reviewer("Лариса", project)
        moved = do(actions.assign_review, office=office("Лариса"), **said)
        assert moved.due_on == given.day(28).date()
        assert kinds(project)[-1] == "ReviewerChanged"

    def test_the_opinion_of_a_reviewer_who_left_stays_with_the_project(self):
        project, people = reviewed()
        assignment = asked(project, people)
        said = {"assignment": assignment, "by": people["reviewer"]}
        do(actions.save_opinion, checks=full("competence", "cost"), conclusion="positive", revision=0, **said)
        do(actions.give_opinion, **said)
        do(end_office, office=office(), by=people["administrator"])
        assert Opinion.objects.get().given_at is not None
        row = board(project.contest, DAY)[0]
        assert Narrowing(reviewer=NOBODY).fits(row)


@pytest.mark.django_db
class TestDocuments:
    def draft(self):
        project, people = reviewed()
        assignment = asked(project, people)
        said = {"assignment": assignment, "by": people["reviewer"]}
        do(actions.save_opinion, checks=full("competence", "cost"), conclusion="positive", revision=0, **said)
        return project, people, said

    def test_the_same_document_is_one_and_may_be_taken_out_until_it_is_signed(self):
        _project, _people, said = self.draft()
        one = do(actions.attach_to_opinion, name="лист.pdf", content=PDF, **said)
        assert do(actions.attach_to_opinion, name="лист (2).pdf", content=PDF, **said).pk == one.pk
        assert one.digest == sha256(PDF).hexdigest()
        assert private_files.content_of(one.pk, shelf=SHELF) == PDF
        do(actions.delete_opinion_file, reference=one.pk, **said)
        assert not OpinionFile.objects.exists()
        kept = do(actions.attach_to_opinion, name="лист.pdf", content=PDF, **said)
        do(actions.give_opinion, **said)
        do(actions.delete_opinion_file, reference=kept.pk, **said)
        assert OpinionFile.objects.get().pk == kept.pk

    def test_programs_and_too_many_documents_are_refused_and_leave_nothing(self):
        _project, _people, said = self.draft()
        bad = refused(actions.attach_to_opinion, name="лист.pdf", content=b"MZ" + PDF[5:], **said)
        assert (bad.code, set(bad.fields)) == ("bad_file", {"file"})
        for n in range(5):
            do(actions.attach_to_opinion, name=f"{n}.pdf", content=PDF + bytes([48 + n]), **said)
        before = len(list(private_files.kept_files(shelf=SHELF)))
        assert refused(actions.attach_to_opinion, name="6.pdf", content=PDF + b"x", **said).code == "bad_file"
        assert len(list(private_files.kept_files(shelf=SHELF))) == before

    def test_a_question_and_its_answer_carry_documents(self):
        project, people = reviewed()
        made = do(
            actions.ask_author, project=project, text="Чия земля?", files=[Upload("витяг.pdf", PDF)],
            by=people["reviewer"],
        )  # fmt: skip
        do(
            actions.answer_question, project=project, question=made.pk, text="Громади",
            files=[Upload("..\\державний акт.pdf", PDF)], by=people["author"],
        )  # fmt: skip
        found = list(QuestionFile.objects.values_list("is_answer", "name"))
        assert found == [(False, "витяг.pdf"), (True, "державний акт.pdf")]


@pytest.mark.django_db
class TestCorrections:
    def test_two_departments_propose_each_its_own_and_neither_is_lost(self):
        project, people = reviewed()
        larysa = reviewer("Лариса", project)
        said = {"project": project}
        do(actions.propose_correction, changes={"title": "Сквер"}, by=people["reviewer"], **said)
        do(actions.propose_correction, changes={"summary": "Коротко"}, by=larysa, **said)
        do(actions.propose_correction, changes={"title": "Сквер на Лісовій"}, by=larysa, **said)
        states = list(Correction.objects.order_by("proposed_at", "id").values_list("state", flat=True))
        assert states == ["open", "replaced", "open"]

    def test_an_estimate_is_corrected_line_by_line_and_the_cost_follows(self):
        project, people = reviewed()
        items = [{"name": "Лавка", "unit": "шт.", "quantity": "4", "price": 1_250_000}]
        type(project).objects.filter(pk=project.pk).update(items=items)
        project.refresh_from_db()
        said = {"project": project, "by": people["reviewer"]}
        same = [{**items[0], "quantity": "4,0"}]
        assert refused(actions.propose_correction, changes={"items": same}, **said).code == "no_changes"
        bad = [{**items[0], "quantity": "чотири"}]
        assert set(refused(actions.propose_correction, changes={"items": bad}, **said).fields) == {"items"}
        made = do(actions.propose_correction, changes={"items": [{**items[0], "quantity": "6"}]}, **said)
        after = corrected(project, made)
        assert (after.cost, project.items[0]["quantity"]) == (cost_of(after), "4")
        assert cost_of(after) >= 6 * 1_250_000

    def test_the_author_takes_over_only_beside_what_they_have_seen(self):
        project, people = reviewed()
        made = do(
            actions.propose_correction, project=project, changes={"title": "Сквер"}, by=people["reviewer"]
        )
        do(actions.decide_review, project=project, verdict="return", reason="Назва", by=people["commission"])
        said = {"project": project, "correction": made.pk, "agrees": True, "by": people["author"]}
        assert refused(actions.apply_correction, revision=project.revision + 1, **said).code == "stale"
        do(actions.apply_correction, revision=project.revision, **said)
        assert project.versions.last().note == "corrected"


@pytest.mark.django_db
class TestTheBoard:
    def test_it_is_narrowed_by_stage_department_reviewer_and_lateness(self):
        project, people = reviewed()
        do(
            actions.assign_review, given.day(21), project=project, unit="Відділ землі", office=office(),
            due_on=given.day(23).date(), by=people["administrator"],
        )  # fmt: skip
        [row] = board(project.contest, given.day(24))
        assert (row.late_days, row.late_opinions) == (0, 1)
        assert row.urgency == given.day(23).date()
        fits = [
            Narrowing(), Narrowing(stage="form"), Narrowing(unit="Відділ землі"), Narrowing(is_late=True),
            Narrowing(reviewer=str(office().pk)),
        ]  # fmt: skip
        assert all(each.fits(row) for each in fits)
        others = [Narrowing(stage="merits"), Narrowing(unit="Фінансове"), Narrowing(reviewer=NOBODY)]
        assert not any(each.fits(row) for each in others)

    def test_what_is_most_urgent_stands_first(self):
        project, people = reviewed()
        other = given.submitted_project(project.contest, "Лавки біля школи")
        do(
            actions.assign_review, given.day(21), project=other, unit="Відділ", office=office(),
            due_on=given.day(22).date(), by=people["administrator"],
        )  # fmt: skip
        rows = board(project.contest, given.day(21))
        assert [row.project for row in rows] == [other, project]


@pytest.mark.django_db
def test_a_merged_project_is_named_by_the_one_that_goes_on():
    one, people = reviewed()
    marta = given.person("Марта")
    other = given.submitted_project(one.contest, "Сквер і майданчик", author=marta)
    offer = do(actions.propose_merge, project=one, into=other, by=people["author"])
    do(actions.answer_merge, offer=offer, agrees=True, by=actor_of(marta, one.contest.community))
    assert list(merged_into(other)) == [one]


@pytest.mark.django_db
def test_a_project_that_the_check_of_form_refused_is_not_reviewed_anew():
    project, people = reviewed()
    type(project).objects.filter(pk=project.pk).update(state="refused", published_at=None)
    said = refused(actions.reopen_review, project=project, reason="Помилка", by=people["commission"])
    assert said.code == "wrong_state"


def test_colleagues_who_save_at_once_overwrite_nothing(committed_db):
    project, people = reviewed()
    assignment = asked(project, people)
    found = at_once(
        4,
        lambda n: do(
            actions.save_opinion, assignment=assignment, checks={}, reasons=f"Варіант {n}", revision=0,
            by=people["reviewer"],
        ),
    )  # fmt: skip
    assert refusals(found) == ["edited_meanwhile"] * 3
    assert Opinion.objects.get().revision == 1


def test_departments_that_are_asked_at_once_are_asked_once(committed_db):
    project, people = reviewed()
    at_once(4, lambda n: asked(project, people))
    assert Assignment.objects.count() == 1


def test_two_who_pass_a_stage_at_once_pass_one(committed_db):
    project, people = reviewed()
    said = {"project": project, "verdict": "admit", "stage": "form", "by": people["commission"]}
    found = at_once(4, lambda n: do(actions.decide_review, **said))
    assert refusals(found) == ["stage_decided"] * 3
    assert standing_of(project).stage.id == "merits"
