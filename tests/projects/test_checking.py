"""The check of form: published, sent back with what is missing, refused with a reason, or silence."""

import json
from datetime import timedelta

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import (
    publish_project,
    publish_unchecked,
    refuse_unpublished,
    resubmit_for_check,
    run_deadlines,
    send_back_project,
    submit_project,
    withdraw_project,
)
from viche.projects.models import CheckDecision, Project, Signature, State
from viche.projects.queries import checks_of, projects_in_check, public_projects

TICK = timedelta(microseconds=1)


def checked_contest(**facts) -> Contest:
    return given.supported_contest(check=given.CHECKED_IN_FIVE_DAYS | facts)


def editor(contest: Contest) -> Actor:
    return given.official("Юлія", "editor", contest.community)


def author_of(project: Project) -> Actor:
    return actor_of(project.author, project.contest.community)


def at(moment, act, **facts):
    with clock.at(moment):
        return act(**facts)


def refused(act, **facts) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**facts)
    return answer.value


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


@pytest.mark.django_db
class TestVerdicts:
    def test_a_submitted_project_waits_unseen(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        assert (project.state, project.is_public) == (State.CHECKING, False)
        # submitted on 6 March: five days after it, to the end of the fifth, midnight in Kyiv
        assert project.check_until.astimezone(clock.KYIV).strftime("%d.%m %H:%M") == "12.03 00:00"
        assert list(public_projects(contest)) == []
        assert projects_in_check(contest) == [project]

    def test_published_it_begins_to_collect_support(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        at(given.day(7), publish_project, project=project, by=editor(contest))
        held = fresh(project)
        assert (held.state, held.published_at) == (State.SIGNING, given.day(7))
        # the ten days run from the publication
        assert held.support_until.astimezone(clock.KYIV).strftime("%d.%m %H:%M") == "19.03 00:00"
        assert [each.verdict for each in checks_of(held)] == ["published"]
        assert Entry.objects.filter(kind="ProjectPublished").count() == 1

    def test_the_author_is_counted_from_the_publication(self):
        contest = given.supported_contest(check=given.CHECKED_IN_FIVE_DAYS, author_counts=True)
        project = given.submitted_project(contest)
        assert not Signature.objects.exists()
        at(given.day(7), publish_project, project=project, by=editor(contest))
        assert (Signature.objects.get().way, fresh(project).supporters) == ("author", 1)

    def test_a_class_that_needs_nobody_goes_straight_to_the_review(self):
        contest = given.supported_contest(
            check=given.CHECKED_IN_FIVE_DAYS, threshold={"small": 0, "large": 5}
        )
        project = given.submitted_project(contest)
        at(given.day(7), publish_project, project=project, by=editor(contest))
        assert fresh(project).state == State.IN_REVIEW

    def test_sent_back_it_says_what_is_missing_and_comes_back(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        at(
            given.day(7), send_back_project, project=project, by=editor(contest), text="  Додайте кошторис. ",
            faults=["files", "estimate"],
        )  # fmt: skip
        assert fresh(project).state == State.SENT_BACK
        asked = checks_of(project)[0]
        assert (asked.text, asked.faults) == ("Додайте кошторис.", ["estimate", "files"])
        at(given.day(9), resubmit_for_check, project=project, by=author_of(project))
        held = fresh(project)
        assert held.state == State.CHECKING
        assert held.check_until.astimezone(clock.KYIV).strftime("%d.%m") == "17.03", (
            "the term runs anew; its fifth day is a Sunday, so it ends with the Monday"
        )
        assert [each.verdict for each in checks_of(project)] == ["resubmitted", "sent_back"]

    def test_refused_it_is_never_published_and_the_reason_is_the_authors(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        at(given.day(7), refuse_unpublished, project=project, by=editor(contest), text="Це реклама.")
        held = fresh(project)
        assert (held.state, held.is_public) == (State.REFUSED, False)
        assert checks_of(held)[0].text == "Це реклама."
        leaf = Entry.objects.get(kind="ProjectRefusedByCheck").leaf
        assert "реклама" not in leaf
        assert len(json.loads(leaf)["data"]["reason_digest"]) == 64

    @pytest.mark.parametrize(
        ("act", "code"), [(send_back_project, "no_text"), (refuse_unpublished, "no_reason")]
    )
    def test_words_are_asked_for(self, act, code):
        contest = checked_contest()
        project = given.submitted_project(contest)
        with clock.at(given.day(7)):
            answer = refused(act, project=project, by=editor(contest), text="  ")
            assert (answer.code, set(answer.fields)) == (code, {"text"})
            assert refused(act, project=project, by=editor(contest), text="ні" * 2001).code == "text_too_long"
            assert (
                refused(act, project=project, by=editor(contest), text="ні", faults=["x"]).code
                == "unknown_fault"
            )
        assert fresh(project).state == State.CHECKING

    def test_only_an_editor_or_an_administrator_checks(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        with clock.at(given.day(7)):
            for role in ("commission", "operator", "reviewer", "auditor"):
                by = given.official("Хтось", role, contest.community)
                assert refused(publish_project, project=project, by=by).code == "not_checker"
            lviv = given.community(given.LVIV)
            by = given.official("Зоряна", "administrator", lviv)
            assert refused(publish_project, project=project, by=by).code == "not_checker"

    def test_nobody_checks_a_project_of_their_own(self):
        contest = checked_contest()
        project = given.submitted_project(contest, author=given.person("Юлія"))
        with clock.at(given.day(7)):
            assert refused(publish_project, project=project, by=editor(contest)).code == "own_project"

    def test_only_the_author_submits_again(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        with clock.at(given.day(7)):
            send_back_project(project=project, by=editor(contest), text="Мало.")
            assert refused(resubmit_for_check, project=project, by=editor(contest)).code == "wrong_role"

    def test_a_public_project_is_not_refused_by_the_check(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        with clock.at(given.day(7)):
            publish_project(project=project, by=editor(contest))
            answer = refused(refuse_unpublished, project=project, by=editor(contest), text="Пізно.")
        assert answer.code == "wrong_state"

    def test_a_withdrawn_project_waits_no_more(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        at(given.day(6), withdraw_project, project=project, by=author_of(project))
        assert projects_in_check(contest) == []


@pytest.mark.django_db
class TestSilence:
    def test_it_publishes_where_the_rules_say_so(self):
        project = given.submitted_project(checked_contest(publish_silent=True))
        end = project.check_until
        with clock.at(end - TICK):
            assert run_deadlines() == 0
        with clock.at(end):
            assert run_deadlines() == 1
            assert run_deadlines() == 0
        held = fresh(project)
        assert (held.state, held.published_at) == (State.SIGNING, end)
        decision = CheckDecision.objects.get()
        assert (decision.verdict, decision.decided_by) == ("unchecked", None)

    def test_elsewhere_it_is_only_late(self):
        contest = checked_contest()
        project = given.submitted_project(contest)
        with clock.at(given.day(15)):
            assert run_deadlines() == 0
            assert not publish_unchecked(project=project)
        assert fresh(project).state == State.CHECKING

    def test_late_ones_stand_first(self):
        contest = checked_contest()
        first = given.submitted_project(contest, "Перший")
        with clock.at(given.day(8)):
            second = submit_project(
                contest=contest, author=given.person("Олена"), draft=given.draft("Другий"),
                by=actor_of(given.person("Олена"), contest.community),
            )  # fmt: skip
        assert projects_in_check(contest) == [first, second]


def test_an_official_and_the_job_publish_once(committed_db):
    contest = checked_contest(publish_silent=True)
    project = given.submitted_project(contest)
    by = editor(contest)

    def act(place: int):
        with clock.at(project.check_until):
            if place % 2:
                return publish_unchecked(project=project)
            return publish_project(project=project, by=by)

    found = at_once(6, act)
    assert set(refusals(found)) <= {"wrong_state"}
    assert CheckDecision.objects.count() == 1
    assert fresh(project).state == State.SIGNING
