"""A review in two tiers: a department looks at the form, the commission at the merits; authors answer in time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import given
from tests.crowd import at_once, refusals

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.actions import end_office
from viche.identity.models import Office
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.models import Project, State
from viche.review import actions
from viche.review.models import Assignment, Opinion
from viche.review.queries import (
    assignments_of,
    board,
    due_assignments,
    due_corrections,
    given_opinions,
    standing_of,
)
from viche.review.queries import silent_projects as silent

DAY = given.day(25)
TWO_TIERS = [
    {
        "id": "form", "name": {"uk": "Перевірка форми"}, "body": {"uk": "Відділ"}, "days": 5,
        "outcomes": ["admit", "return"], "correction_days": 3, "reject_silent": True, "checks": ["competence", "cost"],
    },
    {
        "id": "merits", "name": {"uk": "Розгляд по суті"}, "body": {"uk": "Комісія"}, "days": 10,
        "outcomes": ["admit", "admit-with-correction", "return", "reject"], "correction_days": 4,
        "reject_refusal": True, "checks": ["land"],
    },
]  # fmt: skip


def reviewed(stages=TWO_TIERS):
    """A project under review, its author, a commission member and a reviewer of a department."""
    contest = given.contest(rules={**given.RULES, "review": stages})
    project = given.submitted_project(contest)
    body = contest.community
    people = {
        "author": actor_of(given.person("Олена"), body),
        "commission": given.official("Ірина", "commission", body),
        "reviewer": given.official("Богдан", "reviewer", body),
        "administrator": given.official("Віктор", "administrator", body),
    }
    return project, people


def do(action, at=DAY, **said):
    with clock.at(at):
        return action(**said)


def refused(action, at=DAY, **said):
    with clock.at(at), pytest.raises(Refused) as caught:
        action(**said)
    return caught.value


def state(project):
    return Project.objects.get(pk=project.pk).state


def place(project):
    return standing_of(
        Project.objects.select_related("contest__community__territory").get(pk=project.pk)
    ).stage.id


def office(name="Богдан"):
    return Office.objects.get(person=given.person(name))


def asked(project, people, *, unit="Управління землі", at=DAY):
    return do(
        actions.assign_review, at, project=project, unit=unit, office=office(), by=people["administrator"]
    )


def full(*checks):
    return {code: {"answer": "yes", "note": ""} for code in checks}


@pytest.mark.django_db
class TestTwoTiers:
    def test_a_project_passes_the_form_and_then_the_merits(self):
        project, people = reviewed()
        assert place(project) == "form"
        do(actions.decide_review, project=project, verdict="admit", by=people["administrator"])
        assert (state(project), place(project)) == (State.IN_REVIEW, "merits")
        do(actions.decide_review, project=project, verdict="admit", by=people["commission"])
        assert state(project) == State.ADMITTED
        kinds = list(
            Entry.objects.filter(subject=project.subject).values_list("kind", flat=True).order_by("id")
        )
        assert kinds[-2:] == ["StagePassed", "ProjectAdmitted"]

    def test_each_stage_decides_only_what_the_rules_foresee(self):
        project, people = reviewed()
        said = refused(
            actions.decide_review, project=project, verdict="reject", reason="Ні", by=people["commission"]
        )
        assert said.code == "not_foreseen"
        assert (
            refused(actions.decide_review, project=project, verdict="ні", by=people["commission"]).status
            == 422
        )

    def test_the_merits_are_the_commissions(self):
        project, people = reviewed()
        do(actions.decide_review, project=project, verdict="admit", by=people["reviewer"])
        for who in ("reviewer", "administrator", "author"):
            assert (
                refused(actions.decide_review, project=project, verdict="admit", by=people[who]).status == 403
            )

    def test_a_stage_with_a_quorum_is_decided_at_a_meeting(self):
        stages = [{**TWO_TIERS[1], "quorum": 3}]
        project, people = reviewed(stages)
        said = refused(actions.decide_review, project=project, verdict="admit", by=people["commission"])
        assert said.code == "needs_meeting"
        made = do(
            actions.decide_review, project=project, verdict="admit", protocol="№ 2 від 26.03.2026",
            by=people["commission"],
        )  # fmt: skip
        assert made.protocol == "№ 2 від 26.03.2026"

    def test_the_term_of_a_stage_runs_from_when_the_project_came_there(self):
        project, people = reviewed()
        first = standing_of(project)
        assert first.due_on == given.day(25).date()
        do(actions.decide_review, given.day(22), project=project, verdict="admit", by=people["administrator"])
        project = Project.objects.select_related("contest__community__territory").get(pk=project.pk)
        assert standing_of(project).due_on == given.day(32).date()


@pytest.mark.django_db
class TestTheAuthorAnswers:
    def returned(self):
        project, people = reviewed()
        do(
            actions.decide_review,
            project=project,
            verdict="return",
            reason="Уточніть",
            by=people["commission"],
        )
        return project, people

    def test_a_return_says_what_to_change_and_until_when(self):
        project, people = reviewed()
        said = refused(actions.decide_review, project=project, verdict="return", by=people["commission"])
        assert set(said.fields) == {"reason"}
        made = do(
            actions.decide_review,
            project=project,
            verdict="return",
            reason="Уточніть",
            by=people["commission"],
        )
        # the third day is a Sunday: the term ends on the Monday after it (Civil Code, article 254)
        assert made.due_on == given.day(29).date()
        assert state(project) == State.RETURNED

    def test_a_corrected_project_is_reviewed_in_the_same_stage(self):
        project, people = self.returned()
        do(actions.submit_correction, project=project, by=people["author"])
        assert (state(project), place(project)) == (State.IN_REVIEW, "form")
        assert refused(actions.submit_correction, project=project, by=people["author"]).code == "wrong_state"

    def test_the_last_day_counts_and_the_day_after_is_too_late(self):
        project, people = self.returned()
        last = given.day(29, hour=21)
        with clock.at(last - timedelta(minutes=1)):
            assert silent(clock.now()) == []
        late = given.day(30)
        assert (
            refused(actions.submit_correction, late, project=project, by=people["author"]).code == "too_late"
        )
        do(actions.submit_correction, last - timedelta(minutes=1), project=project, by=people["author"])

    def test_silence_refuses_where_the_rules_say_so(self):
        project, _people = self.returned()
        assert not do(actions.end_silence, given.day(29), project=project)
        assert do(actions.end_silence, given.day(30), project=project)
        assert state(project) == State.REFUSED
        assert not do(actions.end_silence, given.day(30), project=project)
        assert Entry.objects.filter(kind="ProjectLapsed").count() == 1

    def test_who_does_not_agree_is_decided_about_as_is_or_refused_by_the_rules(self):
        project, people = self.returned()
        assert set(
            refused(actions.decline_return, project=project, reason=" ", by=people["author"]).fields
        ) == {"reason"}
        do(actions.decline_return, project=project, reason="Кошторис точний", by=people["author"])
        assert state(project) == State.IN_REVIEW
        do(actions.decide_review, project=project, verdict="admit", by=people["administrator"])
        do(
            actions.decide_review,
            project=project,
            verdict="return",
            reason="Змінити",
            by=people["commission"],
        )
        do(actions.decline_return, project=project, reason="Ні", by=people["author"])
        assert state(project) == State.REFUSED, "reject_refusal of the second stage"

    def test_conditions_are_agreed_to_or_not(self):
        project, people = reviewed([TWO_TIERS[1]])
        said = refused(
            actions.decide_review, project=project, verdict="admit-with-correction", by=people["commission"]
        )
        assert set(said.fields) == {"conditions"}
        do(
            actions.decide_review, project=project, verdict="admit-with-correction", conditions="Без фонтана",
            by=people["commission"],
        )  # fmt: skip
        assert state(project) == State.CONDITIONAL
        do(actions.answer_conditions, project=project, agrees=True, by=people["author"])
        assert state(project) == State.ADMITTED

    def test_not_agreeing_to_conditions_refuses_where_the_rules_say_so_and_else_decides_anew(self):
        for rejects, outcome in ((True, State.REFUSED), (False, State.IN_REVIEW)):
            Project.objects.all()
            stage = {**TWO_TIERS[1], "reject_refusal": rejects}
            contest = given.contest(rules={**given.RULES, "review": [stage]}, slug=f"r{int(rejects)}")
            project = given.submitted_project(contest)
            by = given.official("Ірина", "commission", contest.community)
            do(
                actions.decide_review,
                project=project,
                verdict="admit-with-correction",
                conditions="Інше місце",
                by=by,
            )
            author = actor_of(given.person("Олена"), contest.community)
            do(actions.answer_conditions, project=project, agrees=False, reason="Місце важливе", by=author)
            assert state(project) == outcome
            assert place(project) == "merits"

    def test_the_commission_takes_its_own_decision_back(self):
        project, people = reviewed([TWO_TIERS[1]])
        do(
            actions.decide_review,
            project=project,
            verdict="reject",
            reason="Помилка",
            by=people["commission"],
        )
        do(actions.reopen_review, project=project, reason="Лист загубився", by=people["commission"])
        assert (state(project), place(project)) == (State.IN_REVIEW, "merits")


@pytest.mark.django_db
class TestDepartments:
    def test_a_department_saves_half_an_opinion_and_gives_it_whole(self):
        project, people = reviewed()
        assignment = asked(project, people)
        by = people["reviewer"]
        draft = do(actions.save_opinion, assignment=assignment, checks=full("cost"), revision=0, by=by)
        said = refused(actions.give_opinion, assignment=assignment, by=by)
        assert set(said.fields) == {"check_competence", "conclusion", "reasons"}
        do(
            actions.save_opinion, assignment=assignment, checks=full("competence", "cost"), conclusion="with_changes",
            reasons="Додати пандус", corrected_cost=31_000_000, revision=draft.revision, by=by,
        )  # fmt: skip
        do(actions.give_opinion, assignment=assignment, by=by)
        [opinion] = given_opinions(project)
        assert (opinion.reasons, opinion.corrected_cost) == ("Додати пандус", 31_000_000)
        assert "пандус" not in Entry.objects.get(kind="OpinionGiven").leaf

    def test_a_given_opinion_never_changes_a_new_version_follows_it(self):
        project, people = reviewed()
        assignment = asked(project, people)
        for number, reasons in enumerate(("Перша", "Друга")):
            do(
                actions.save_opinion, assignment=assignment, checks=full("competence", "cost"), conclusion="negative",
                reasons=reasons, revision=0, by=people["reviewer"],
            )  # fmt: skip
            do(actions.give_opinion, assignment=assignment, by=people["reviewer"])
            assert assignment.opinions.count() == number + 1
        assert given_opinions(project)[0].reasons == "Друга"
        assert assignment.opinions.get(number=1).reasons == "Перша"

    def test_two_windows_that_save_at_once_lose_nothing(self):
        project, people = reviewed()
        assignment = asked(project, people)
        said = {"assignment": assignment, "checks": {}, "revision": 0, "by": people["reviewer"]}
        do(actions.save_opinion, reasons="Одне", **said)
        assert refused(actions.save_opinion, reasons="Інше", **said).code == "edited_meanwhile"
        assert Opinion.objects.get().reasons == "Одне"

    def test_a_reviewer_removed_mid_review_leaves_the_work_to_the_next_one(self):
        project, people = reviewed()
        assignment = asked(project, people)
        do(
            actions.save_opinion, assignment=assignment, checks=full("cost"), reasons="Початок", revision=0,
            by=people["reviewer"],
        )  # fmt: skip
        do(end_office, office=office(), by=people["administrator"])
        assert (
            refused(
                actions.save_opinion, assignment=assignment, checks={}, revision=1, by=people["reviewer"]
            ).status
            == 403
        )
        assert not Assignment.objects.get().has_reviewer
        given.official("Лариса", "reviewer", project.contest.community)
        again = do(
            actions.assign_review, project=project, unit="Управління землі", office=office("Лариса"),
            by=people["administrator"],
        )  # fmt: skip
        assert again.pk == assignment.pk
        larysa = actor_of(given.person("Лариса"), project.contest.community)
        do(actions.save_opinion, assignment=again, checks=full("cost"), reasons="Далі", revision=1, by=larysa)
        assert Opinion.objects.get().revision == 2

    def test_the_database_keeps_one_live_assignment_a_department(self):
        project, people = reviewed()
        first = asked(project, people)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.create(project=project, stage="form", unit=first.unit, assigned_at=DAY)

    def test_what_is_due_is_known_to_reviewer_board_and_reminders(self):
        project, people = reviewed()
        assignment = asked(project, people, at=given.day(21))
        assert assignment.due_on == given.day(25).date()
        assert list(assignments_of(given.person("Богдан"))) == [assignment]
        assert list(due_assignments(given.day(23))) == [assignment]
        assert not due_assignments(given.day(21), within_days=1)
        [row] = board(project.contest, given.day(26))
        assert (row.waits_for, row.late_days) == ("decision", 1)

    def test_the_board_asks_as_much_for_three_projects_as_for_one(self, django_assert_max_num_queries):
        project, _people = reviewed()
        for title in ("Лавки біля школи", "Дорога до садка"):
            given.submitted_project(project.contest, title)
        with django_assert_max_num_queries(5):
            assert len(board(project.contest, DAY)) == 3

    def test_a_question_is_answered_once_by_the_author(self):
        project, people = reviewed()
        made = do(actions.ask_author, project=project, text="Чия земля?", by=people["reviewer"])
        said = {"project": project, "question": made.pk, "text": "Громади"}
        assert refused(actions.answer_question, by=people["commission"], **said).code == "not_author"
        do(actions.answer_question, by=people["author"], **said)
        assert refused(actions.answer_question, by=people["author"], **said).code == "gone"
        assert refused(actions.ask_author, project=project, text="?", by=people["author"]).status == 403

    def test_corrections_of_a_reviewer_are_taken_over_by_the_author_as_a_version(self):
        project, people = reviewed()
        made = do(
            actions.propose_correction, project=project, changes={"title": "Сквер замість пустиря", "number": 9},
            by=people["reviewer"],
        )  # fmt: skip
        assert made.changes == {"title": "Сквер замість пустиря"}
        do(actions.decide_review, project=project, verdict="return", reason="Назва", by=people["commission"])
        do(actions.apply_correction, project=project, correction=made.pk, agrees=True, by=people["author"])
        project.refresh_from_db()
        assert project.title == "Сквер замість пустиря"
        assert project.versions.count() >= 1
        assert (
            refused(
                actions.propose_correction,
                project=project,
                changes={"title": project.title},
                by=people["reviewer"],
            ).code
            == "no_changes"
        )


@pytest.mark.django_db
class TestMerging:
    def test_one_author_offers_the_other_accepts_and_becomes_one_team(self):
        one, people = reviewed()
        marta = given.person("Марта")
        other = given.submitted_project(one.contest, "Сквер і майданчик", author=marta)
        offer = do(actions.propose_merge, project=one, into=other, note="Разом краще", by=people["author"])
        assert (
            refused(actions.answer_merge, offer=offer, agrees=True, by=people["author"]).code == "not_author"
        )
        do(actions.answer_merge, offer=offer, agrees=True, by=actor_of(marta, one.contest.community))
        one.refresh_from_db()
        assert (one.state, one.merged_into) == (State.MERGED, other)
        assert other.team.get().person == given.person("Олена")
        assert Entry.objects.filter(kind="ProjectMerged").count() == 1

    def test_an_offer_is_declined_or_taken_back(self):
        one, people = reviewed()
        other = given.submitted_project(one.contest, "Сквер і майданчик", author=given.person("Марта"))
        for by in (people["author"], actor_of(given.person("Марта"), one.contest.community)):
            offer = do(actions.propose_merge, project=one, into=other, by=people["author"])
            assert (
                refused(actions.propose_merge, project=one, into=other, by=people["author"]).code
                == "offered_already"
            )
            do(actions.answer_merge, offer=offer, agrees=False, by=by)
        assert state(one) == State.IN_REVIEW
        assert refused(actions.answer_merge, offer=offer, agrees=True, by=by).code == "gone"


@pytest.mark.django_db
def test_corrections_that_are_due_are_known_to_reminders():
    project, people = reviewed()
    do(actions.decide_review, project=project, verdict="return", reason="Уточніть", by=people["commission"])
    assert [pair[0] for pair in due_corrections(given.day(27))] == [project]
    assert due_corrections(given.day(25)) == []


def test_two_members_who_decide_at_once_decide_once(committed_db):
    project, people = reviewed([TWO_TIERS[1]])
    found = at_once(
        4, lambda n: do(actions.decide_review, project=project, verdict="admit", by=people["commission"])
    )
    assert refusals(found) == ["wrong_state"] * 3
    assert project.decisions.count() == 1
