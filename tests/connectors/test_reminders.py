"""What is due soon or late is said once to whoever can act."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override
from tests import given
from tests.crowd import at_once

from viche.communities.actions import archive_community
from viche.connectors.messages import actions
from viche.connectors.messages.models import Notice
from viche.connectors.messages.wording import sentence_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.ids import uuid7
from viche.identity.models import ProofRequest
from viche.identity.models.requests import RequestState
from viche.projects.models import Project
from viche.talk.models import Comment

SUPPORTED = {**given.RULES, "support": {"threshold": {"*": 10}, "days": 14}}


@pytest.fixture
def contest(db: None) -> Contest:
    return given.contest()


def remind(at: datetime) -> int:
    with clock.at(at):
        return actions.make_reminders()


def said(person_id: Any) -> list[str]:
    with override("en"):
        return [sentence_of(each) for each in Notice.objects.filter(person=person_id).order_by("at", "id")]


def in_state(project: Project, state: str, **fields: Any) -> None:
    """As the project stands in a procedure that has this step."""
    Project.objects.filter(pk=project.pk).update(state=state, **fields)


def test_a_check_is_said_before_its_end_and_once_more_when_it_is_late(contest: Contest) -> None:
    administrator = given.official("Віктор", "administrator", contest.community)
    given.official("Галина", "operator", contest.community)
    project = given.submitted_project(contest)
    until = given.day(12)
    in_state(project, "checking", check_until=until, published_at=None)
    counts = [remind(until + timedelta(days=shift)) for shift in (-5, -1, -0.5, 1, 2, 30)]
    assert counts == [0, 1, 0, 1, 0, 0]
    first, second = said(administrator.person_id)
    assert first.startswith("Project No. 1 must be checked by")
    assert second.startswith("Project No. 1 should have been checked by")


def test_a_prolonged_check_is_said_anew(contest: Contest) -> None:
    given.official("Віктор", "administrator", contest.community)
    project = given.submitted_project(contest)
    in_state(project, "checking", check_until=given.day(12))
    assert remind(given.day(11)) == 1
    in_state(project, "checking", check_until=given.day(15))
    assert [remind(given.day(11)), remind(given.day(14))] == [0, 1]


def test_an_author_hears_how_many_signatures_are_missing(db: None) -> None:
    contest = given.contest(rules=SUPPORTED)
    project = given.submitted_project(contest)
    in_state(project, "signing", support_until=given.day(15), supporters=7)
    assert [remind(given.day(12)), remind(given.day(14)), remind(given.day(16))] == [0, 1, 0]
    (sentence,) = said(project.author_id)
    assert "lacks 3 signatures of 10" in sentence
    with override("uk"):
        assert "бракує 3 підписів з 10" in sentence_of(Notice.objects.get())


def test_who_has_enough_signatures_is_left_in_peace(db: None) -> None:
    project = given.submitted_project(given.contest(rules=SUPPORTED))
    in_state(project, "signing", support_until=given.day(15), supporters=10)
    assert remind(given.day(14)) == 0


def test_a_draft_is_remembered_three_days_before_the_submission_ends(contest: Contest) -> None:
    project = given.submitted_project(contest)
    in_state(project, "draft", published_at=None)
    assert [remind(given.day(16)), remind(given.day(18)), remind(given.day(19))] == [0, 1, 0]
    assert said(project.author_id)[0].startswith("Your draft is not submitted yet")
    assert remind(given.day(21)) == 0


def test_the_commission_hears_what_is_not_decided_before_the_review_ends(contest: Contest) -> None:
    member = given.official("Ірина", "commission", contest.community)
    for number in range(2):
        given.submitted_project(contest, f"Проєкт {number}")
    assert [remind(given.day(30)), remind(given.day(38)), remind(given.day(39))] == [0, 1, 0]
    assert said(member.person_id)[0].startswith("2 projects are not decided on")


def test_operators_hear_of_requests_and_again_only_when_there_is_a_new_one(contest: Contest) -> None:
    operator = given.official("Галина", "operator", contest.community)
    body, petro = contest.community, given.person("Петро")

    def ask(day: int, basis: str) -> None:
        ProofRequest.objects.create(
            person=petro, community=body, territory=body.territory, basis=basis, key=uuid7(),
            sent_at=given.day(day), state=RequestState.WAITING,
        )  # fmt: skip

    ask(1, "work")
    counts = [remind(given.day(2)), remind(given.day(3))]
    ask(4, "study")
    counts += [remind(given.day(5)), remind(given.day(6))]
    assert counts == [1, 0, 1, 0]
    assert said(operator.person_id) == [
        "1 request to confirm a membership waits", "2 requests to confirm a membership wait",
    ]  # fmt: skip


def test_two_workers_at_once_say_it_once(committed_db: None) -> None:
    contest = given.contest()
    member = given.official("Ірина", "commission", contest.community)
    given.submitted_project(contest)
    with clock.at(given.day(38)):
        results = at_once(4, lambda _place: actions.make_reminders())
    assert sum(results) == 1
    assert len(said(member.person_id)) == 1


def say(project: Project, name: str, day: int, **fields: Any) -> Comment:
    return Comment.objects.create(
        project=project, person=given.person(name), text="Добре", at=given.day(day),
        **{"state": Comment.State.PUBLISHED, **fields},
    )  # fmt: skip


def test_authors_hear_of_new_comments_once_a_day_and_who_asked_hears_of_the_answer(contest: Contest) -> None:
    project = given.submitted_project(contest)
    question = say(project, "Петро", 8)
    say(project, "Марта", 8, state=Comment.State.WAITING)
    say(project, "Олена", 8, parent=question, is_by_author=True)
    assert remind(given.day(8, hour=20)) == 2
    assert said(project.author_id) == ["1 new comment on project No. 1"]
    assert said(question.person_id) == ["Your comment on project No. 1 was answered"]
    assert [remind(given.day(8, hour=21)), remind(given.day(10))] == [0, 0]
    assert not Notice.objects.filter(is_task=True).exists()


def test_moderators_hear_of_comments_that_wait(contest: Contest) -> None:
    editor = given.official("Юлія", "editor", contest.community)
    say(given.submitted_project(contest), "Петро", 8, state=Comment.State.WAITING)
    assert [remind(given.day(12)), remind(given.day(13))] == [1, 0]
    assert said(editor.person_id) == ["1 comment waits for a moderator"]


def test_nothing_is_said_in_a_body_that_has_left(contest: Contest) -> None:
    given.official("Юлія", "editor", contest.community)
    say(given.submitted_project(contest), "Петро", 8, state=Comment.State.WAITING)
    archive_community(community=contest.community, decision="№ 1", by=SYSTEM)
    assert remind(given.day(12)) == 0
