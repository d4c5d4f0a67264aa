"""A winner is built in the open: a plan, steps, photographs, delays with reasons, acceptance, residents' rating."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image
from tests import given
from tests.crowd import at_once, refusals

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.journal.queries import history_of
from viche.projects import actions
from viche.projects.actions import mark_outcome
from viche.projects.delivery import (
    built_by,
    built_years,
    delivery_of,
    ratings_of,
    stalled_works,
    standing_of,
    sums_of,
    works_of,
)
from viche.projects.models import Delivery, Project, Rating, State

DAY = given.day(75)
TODAY = DAY.date()
IMPLEMENTATION = {"year_offset": 1, "stall_days": 30}


def winner(*, rules=None):
    """A project that won, its contest, and an administrator of the body."""
    contest = given.contest(rules=rules or {**given.RULES, "implementation": IMPLEMENTATION})
    project = given.admitted_project(contest)
    with clock.at(given.day(65)):
        mark_outcome(contest=contest, funded=[project.code])
    project = Project.objects.select_related("contest__community__territory").get(pk=project.pk)
    return project, given.official("Віктор", "administrator", contest.community)


def begin(project, by, **facts):
    plan = {
        "responsible_unit": "Відділ благоустрою", "plan_cost": 29_000_000, "starts_on": TODAY,
        "due_on": TODAY + timedelta(days=60), **facts,
    }  # fmt: skip
    with clock.at(DAY):
        return actions.start_work(project=project, by=by, **plan)


def refused(action, *, at=DAY, **said):
    with clock.at(at), pytest.raises(Refused) as caught:
        action(**said)
    return caught.value


def picture(colour="green"):
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.django_db
class TestTheWork:
    def test_a_winner_is_begun_and_everybody_sees_by_whom_and_until_when(self):
        project, by = winner()
        begin(project, by)
        project.refresh_from_db()
        delivery = delivery_of(project)
        assert project.state == State.IN_PROGRESS
        assert (delivery.responsible_unit, delivery.due_on) == (
            "Відділ благоустрою",
            TODAY + timedelta(days=60),
        )
        assert history_of(project.subject)[-1].kind == "WorkStarted"

    def test_the_plan_has_a_unit_a_cost_and_a_term_after_its_beginning(self):
        project, by = winner()
        said = refused(
            actions.start_work, project=project, by=by, responsible_unit=" ", plan_cost=0, starts_on=TODAY,
            due_on=TODAY - timedelta(days=1),
        )  # fmt: skip
        assert (said.code, set(said.fields)) == ("bad_plan", {"responsible_unit", "plan_cost", "due_on"})
        assert not Delivery.objects.exists()

    def test_no_work_begins_before_the_result_stands_nor_by_a_stranger(self):
        project, by = winner()
        plan = {"responsible_unit": "Відділ", "plan_cost": 1, "starts_on": TODAY, "due_on": TODAY}
        assert (
            refused(actions.start_work, at=given.day(65), project=project, by=by, **plan).code
            == "wrong_phase"
        )
        olena = actor_of(given.person("Олена"), project.contest.community)
        assert refused(actions.start_work, project=project, by=olena, **plan).status == 403
        commission = given.official("Ірина", "commission", project.contest.community)
        assert refused(actions.start_work, project=project, by=commission, **plan).status == 403

    def test_steps_are_planned_done_and_counted(self):
        project, by = winner()
        begin(project, by)
        with clock.at(DAY):
            steps = [
                actions.plan_milestone(project=project, title=title, due_on=TODAY + timedelta(days=n), by=by)
                for n, title in enumerate(("Тендер", "Земляні роботи", "Озеленення"))
            ]
            actions.mark_milestone(project=project, milestone=steps[0].pk, done_on=TODAY, by=by)
        project.refresh_from_db()
        standing = standing_of(delivery_of(project), state=project.state, stall_days=30, moment=DAY)
        assert (standing.done, standing.planned, standing.percent) == (1, 3, 33)
        assert Entry.objects.get(kind="MilestoneReached").leaf.count('"done":1') == 1
        # pressed twice: one entry
        with clock.at(DAY):
            actions.mark_milestone(project=project, milestone=steps[0].pk, done_on=TODAY, by=by)
        assert Entry.objects.filter(kind="MilestoneReached").count() == 1
        assert (
            refused(actions.delete_milestone, project=project, milestone=steps[0].pk, by=by).code
            == "done_already"
        )
        with clock.at(DAY):
            actions.delete_milestone(project=project, milestone=steps[2].pk, by=by)
        assert refused(actions.delete_milestone, project=project, milestone=steps[2].pk, by=by).code == "gone"

    def test_a_step_is_not_done_on_a_day_to_come(self):
        project, by = winner()
        begin(project, by)
        with clock.at(DAY):
            step = actions.plan_milestone(project=project, title="Тендер", due_on=TODAY, by=by)
        said = refused(
            actions.mark_milestone,
            project=project,
            milestone=step.pk,
            done_on=TODAY + timedelta(days=1),
            by=by,
        )
        assert set(said.fields) == {"done_on"}

    def test_a_delay_has_a_reason_and_the_former_term_stays_readable(self):
        project, by = winner()
        begin(project, by)
        new = TODAY + timedelta(days=90)
        said = refused(
            actions.delay_work, project=project, new_due=TODAY + timedelta(days=60), reason=" ", by=by
        )
        assert set(said.fields) == {"reason", "new_due"}
        with clock.at(DAY):
            actions.delay_work(project=project, new_due=new, reason="Тендер не відбувся", by=by)
        delivery = delivery_of(project)
        assert delivery.due_on == new
        assert [each.former_due for each in delivery.delays.all()] == [TODAY + timedelta(days=60)]
        assert "Тендер" not in Entry.objects.get(kind="WorkDelayed").leaf

    def test_a_contract_is_recorded_once_and_may_be_taken_back(self):
        project, by = winner()
        begin(project, by)
        said = {
            "number": "14/2026", "signed_on": TODAY, "contractor": "ТОВ «Сквер»", "amount": 28_500_000,
            "url": "https://prozorro.gov.ua/tender/UA-2026-01-01-000001-a",
        }  # fmt: skip
        with clock.at(DAY):
            contract = actions.record_contract(project=project, by=by, **said)
        assert set(refused(actions.record_contract, project=project, by=by, **said).fields) == {"number"}
        with clock.at(DAY):
            actions.withdraw_contract(project=project, contract=str(contract.pk), by=by)
        kinds = [line.kind for line in history_of(project.subject)]
        assert kinds[-2:] == ["ContractRecorded", "ContractWithdrawn"]

    def test_a_photograph_is_re_encoded_and_says_what_it_shows(self):
        project, by = winner()
        begin(project, by)
        with clock.at(DAY):
            actions.record_photograph(
                project=project, content=picture(), moment="before", alt="Пустир", taken_on=TODAY, by=by
            )
        kept = delivery_of(project).photographs.get()
        assert kept.image.name.endswith(".webp")
        said = refused(
            actions.record_photograph, project=project, content=picture(), moment="never", alt="",
            taken_on=TODAY + timedelta(days=2), by=by,
        )  # fmt: skip
        assert set(said.fields) == {"moment", "alt", "taken_on"}
        bad = refused(
            actions.record_photograph, project=project, content=b"<svg/>", moment="after", alt="x", taken_on=TODAY,
            by=by,
        )  # fmt: skip
        assert bad.code == "not_a_picture"

    def test_somebody_who_saves_an_old_plan_is_told_so(self):
        project, by = winner()
        delivery = begin(project, by)
        plan = {
            "responsible_unit": "Інший відділ",
            "responsible_contact": "",
            "plan_cost": 1,
            "actual_cost": None,
        }
        with clock.at(DAY):
            actions.revise_work(project=project, revision=delivery.revision, by=by, **plan)
        assert (
            refused(actions.revise_work, project=project, revision=delivery.revision, by=by, **plan).code
            == "edited_meanwhile"
        )

    def test_it_is_accepted_by_an_act_and_then_built(self):
        project, by = winner()
        begin(project, by)
        with clock.at(DAY):
            actions.implement_project(
                project=project,
                accepted_on=TODAY,
                acceptance="№ 14 від 15.05.2026",
                actual_cost=28_400_000,
                by=by,
            )
        project.refresh_from_db()
        assert project.state == State.IMPLEMENTED
        assert sums_of(works_of(project.contest)) == {
            "number": 1, "plan": project.cost, "paid": 28_400_000, "funded": 0, "in_progress": 0, "implemented": 1,
            "cancelled": 0,
        }  # fmt: skip
        early = refused(
            actions.implement_project, project=project, accepted_on=TODAY - timedelta(days=3), acceptance="",
            actual_cost=0, by=by,
        )  # fmt: skip
        assert set(early.fields) == {"acceptance", "actual_cost"}

    def test_a_winner_given_up_before_the_work_says_why_and_may_go_on_after_all(self):
        project, by = winner()
        assert set(refused(actions.cancel_work, project=project, reason="", by=by).fields) == {"reason"}
        with clock.at(DAY):
            actions.cancel_work(project=project, reason="Ділянка виявилась приватною", by=by)
        project.refresh_from_db()
        assert (project.state, delivery_of(project).closing_note) == (
            "cancelled",
            "Ділянка виявилась приватною",
        )
        with clock.at(DAY):
            actions.reopen_work(project=project, reason="Суд повернув ділянку", by=by)
        project.refresh_from_db()
        assert (project.state, delivery_of(project).closing_note) == ("in_progress", "")


@pytest.mark.django_db
class TestStandingStill:
    def test_a_work_without_movement_for_the_days_of_the_rules_is_stalled(self):
        project, by = winner()
        begin(project, by)
        assert stalled_works(DAY + timedelta(days=29)) == []
        assert stalled_works(DAY + timedelta(days=30)) == [project]
        with clock.at(DAY + timedelta(days=20)):
            step = actions.plan_milestone(project=project, title="Тендер", due_on=TODAY, by=by)
            actions.mark_milestone(project=project, milestone=step.pk, done_on=TODAY, by=by)
        assert stalled_works(DAY + timedelta(days=40)) == []

    def test_a_plan_alone_moves_nothing(self):
        project, by = winner()
        begin(project, by)
        with clock.at(DAY + timedelta(days=20)):
            actions.plan_milestone(project=project, title="Тендер", due_on=TODAY, by=by)
        assert stalled_works(DAY + timedelta(days=31)) == [project]

    def test_rules_without_such_a_term_remind_nobody(self):
        project, by = winner(rules=given.RULES)
        begin(project, by)
        assert stalled_works(DAY + timedelta(days=999)) == []

    def test_a_work_past_its_term_is_late_by_whole_days(self):
        project, by = winner()
        begin(project, by, due_on=TODAY)
        project.refresh_from_db()
        later = DAY + timedelta(days=4)
        assert (
            standing_of(delivery_of(project), state=project.state, stall_days=None, moment=later).late_days
            == 4
        )
        assert (
            standing_of(delivery_of(project), state="implemented", stall_days=None, moment=later).late_days
            == 0
        )


@pytest.mark.django_db
class TestRating:
    def built(self):
        project, by = winner()
        begin(project, by)
        with clock.at(DAY):
            actions.implement_project(
                project=project, accepted_on=TODAY, acceptance="№ 14", actual_cost=28_400_000, by=by
            )
        return Project.objects.select_related("contest__community__territory").get(pk=project.pk)

    def rate(self, project, name, stars, promise="kept"):
        someone = given.person(name)
        with clock.at(DAY):
            return actions.rate_project(
                project=project, person=someone, stars=stars, promise=promise, by=actor_of(someone)
            )

    def test_the_mean_is_exact_and_a_changed_mind_counts_once(self):
        project = self.built()
        for name, stars in (("Петро", 5), ("Марта", 4), ("Юрій", 4)):
            self.rate(project, name, stars)
        self.rate(project, "Петро", 3, "partly")
        found = ratings_of(project)
        assert (found.number, found.mean) == (3, "3,7")
        assert found.by_stars == {5: 0, 4: 2, 3: 1, 2: 0, 1: 0}
        assert found.by_promise == {"kept": 2, "partly": 1, "broken": 0}

    def test_only_members_rate_and_only_what_is_built(self):
        project = self.built()
        stranger = given.person("Тарас", region="Львівська", locality="м. Львів")
        said = {"stars": 5, "promise": "kept", "by": actor_of(stranger)}
        assert refused(actions.rate_project, project=project, person=stranger, **said).code == "not_eligible"
        Project.objects.update(state=State.IN_PROGRESS)
        petro = given.person("Петро")
        said["by"] = actor_of(petro)
        assert refused(actions.rate_project, project=project, person=petro, **said).code == "not_built"

    def test_six_stars_are_refused_here_and_in_the_database(self):
        project = self.built()
        petro = given.person("Петро")
        said = refused(
            actions.rate_project, project=project, person=petro, stars=6, promise="", by=actor_of(petro)
        )
        assert set(said.fields) == {"stars", "promise"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Rating.objects.create(project=project, person=petro, stars=6, promise="kept", at=DAY)


@pytest.mark.django_db
def test_the_tracker_of_a_body_holds_the_winners_of_all_years():
    project, by = winner()
    begin(project, by)
    body = project.contest.community
    assert [each.pk for each in built_by(body)] == [project.pk]
    assert built_years(body) == [2026]
    assert not built_by(body, year=2025).exists()
    assert not built_by(body, state=State.IMPLEMENTED).exists()
    assert built_by(body, state=State.IN_PROGRESS).exists()
    assert date.fromisoformat("2026-05-15") == TODAY


def test_two_officials_who_begin_at_once_begin_one_work(committed_db):
    project, by = winner()
    found = at_once(6, lambda place: begin(project, by))
    assert refusals(found) == ["wrong_state"] * 5
    assert Entry.objects.filter(kind="WorkStarted").count() == 1
