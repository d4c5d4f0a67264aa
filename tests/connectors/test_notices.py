"""From the journal to notices: who is told, of what, exactly once, and never of their own act."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import gettext, override
from tests import given
from tests.crowd import at_once

from viche.connectors.messages import actions, queries, relevance
from viche.connectors.messages.actions import noticing
from viche.connectors.messages.models import Cursor, Follow, Notice
from viche.connectors.messages.searches import filters_from, query_from
from viche.connectors.messages.wording import heading_of, sentence_of
from viche.contests.events import PhaseMoved
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.journal.actions import append, log_of, sequence_all
from viche.journal.events import REGISTRY
from viche.journal.models import Entry, Log
from viche.projects.actions import admit_project
from viche.projects.models import Project, TeamMember


@pytest.fixture
def contest(db: None) -> Contest:
    return given.contest()


def told(day: int = 6) -> int:
    """The worker's round: the journal is sequenced, entries become notices."""
    with clock.at(given.day(day)):
        sequence_all()
        return actions.make_notices()


def kinds(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("at", "id").values_list("kind", flat=True))


def petro() -> Person:
    return given.person("Петро")


def follow(person: Person, within: Contest, **subject: Any) -> None:
    with clock.at(given.day(1)):
        actions.follow_subject(person=person, community=within.community, **subject)


def test_the_author_hears_of_their_project_and_not_of_their_own_act(contest: Contest) -> None:
    project = given.admitted_project(contest)
    told(26)
    assert kinds(project.author) == ["ProjectAdmitted"]
    assert Notice.objects.get(person=project.author).why == "author"


def test_a_follower_hears_of_what_happens_after_they_began(contest: Contest) -> None:
    project = given.submitted_project(contest)
    with clock.at(given.day(6)):
        actions.follow_subject(person=petro(), community=contest.community, contest=contest, project=project)
    with clock.at(given.day(25)):
        admit_project(project=project, by=given.official("Ірина", "commission", contest.community))
    told(26)
    assert kinds(petro()) == ["ProjectAdmitted"]
    found = Notice.objects.get(person=petro())
    with override("uk"):
        assert sentence_of(found) == "Проєкт № 1 допущено до голосування"
    with override("en"):
        assert sentence_of(found) == "Project No. 1 is admitted to voting"
        assert heading_of(found) == "№ 1: Сквер на місці пустиря"


def test_a_confirmed_co_author_hears_as_the_author_does_and_an_invited_one_does_not(contest: Contest) -> None:
    project = given.submitted_project(contest)
    for person, state in ((given.person("Марта"), "confirmed"), (given.person("Юрій"), "invited")):
        TeamMember.objects.create(
            project=project,
            person=person,
            name="х",
            code_hash=b"x" * 32,
            state=state,
            invited_at=given.day(5),
        )
    told()
    assert kinds(given.person("Марта")) == ["ProjectSubmitted"]
    assert kinds(given.person("Юрій")) == []


def test_an_author_who_would_rather_not_hears_only_what_waits_for_them(contest: Contest) -> None:
    project = given.submitted_project(contest)
    actions.end_follow(person=project.author, community=contest.community, contest=contest, project=project)
    assert not queries.is_followed(
        project.author, community=contest.community, contest=contest, project=project
    )
    with clock.at(given.day(25)):
        admit_project(project=project, by=given.official("Ірина", "commission", contest.community))
    told(26)
    assert kinds(project.author) == []
    Project.objects.filter(pk=project.pk).update(state="returned")
    _write("ProjectReturned", project)
    told(26)
    (found,) = Notice.objects.filter(person=project.author)
    assert found.kind == "ProjectReturned"
    assert found.is_task


def _write(kind: str, project: Project) -> None:
    """An entry of a kind that some room may write some day."""
    leaf = json.dumps({"kind": kind, "subject": project.subject, "data": {"number": project.number}})
    Entry.objects.create(
        log=log_of(project.contest.community.code, 2026), kind=kind, subject=project.subject, leaf=leaf,
        leaf_hash=sha256(leaf.encode()).digest(), recorded_at=given.day(26),
    )  # fmt: skip


def test_an_unknown_kind_of_something_followed_is_told_all_the_same(contest: Contest) -> None:
    project = given.submitted_project(contest)
    follow(petro(), contest, contest=contest, project=project)
    told()
    _write("SomethingNobodyForesaw", project)
    told(26)
    assert kinds(petro()) == ["ProjectSubmitted", "SomethingNobodyForesaw"]
    assert sentence_of(Notice.objects.get(kind="SomethingNobodyForesaw", person=petro()))


def test_an_extension_concerns_who_follows_the_contest_and_who_has_a_project_in_it(contest: Contest) -> None:
    project = given.submitted_project(contest)
    follow(petro(), contest, contest=contest)
    outsider = given.person("Юрій")
    event = PhaseMoved(
        contest=str(contest.pk), phase="review", ends_at="2026-04-30T21:00:00+00:00", decision="№ 1"
    )
    with clock.at(given.day(10)), transaction.atomic():
        append(event, community=contest.community.code, year=2026, by=SYSTEM)
    told(11)
    assert kinds(petro()) == ["PhaseMoved"]
    assert "PhaseMoved" in kinds(project.author)
    assert kinds(outsider) == []


def test_a_project_not_public_yet_is_told_to_its_authors_only(contest: Contest) -> None:
    project = given.submitted_project(contest)
    follow(petro(), contest, contest=contest, project=project)
    Project.objects.filter(pk=project.pk).update(state="checking", published_at=None)
    _write("SomethingSecret", project)
    told(26)
    assert kinds(petro()) == []
    assert "SomethingSecret" in kinds(project.author)


def test_a_project_that_waits_for_the_check_is_a_task_of_those_who_check(contest: Contest) -> None:
    administrator = given.official("Віктор", "administrator", contest.community)
    operator = given.official("Галина", "operator", contest.community)
    project = given.submitted_project(contest)
    Project.objects.filter(pk=project.pk).update(state="checking", published_at=None)
    told()
    (found,) = Notice.objects.filter(person_id=administrator.person_id)
    assert (found.kind, found.why, found.is_task) == ("ProjectSubmitted", "office", True)
    assert not Notice.objects.filter(person_id=operator.person_id).exists()


def test_what_is_already_done_is_nobodys_task(contest: Contest) -> None:
    administrator = given.official("Віктор", "administrator", contest.community)
    given.submitted_project(contest)
    told()
    assert not Notice.objects.filter(person_id=administrator.person_id).exists()


def test_who_follows_the_body_hears_of_a_new_contest_and_of_no_draft(db: None) -> None:
    body = given.community()
    with clock.at(given.day(-11)):
        actions.follow_subject(person=petro(), community=body)
    given.contest(body)
    told(-9)
    assert kinds(petro()) == ["RulesFrozen"]


def test_a_search_tells_of_a_new_project_that_fits_once(contest: Contest) -> None:
    for query in ("q=сквер", "q=сквер&type=parks", "q=басейн"):
        fields = dict(each.split("=") for each in query.split("&"))
        follow(petro(), contest, contest=contest, query=query_from(fields))
    follow(given.person("Марта"), contest, contest=contest, query=query_from({"q": "басейн"}))
    project = given.submitted_project(contest)
    told()
    assert kinds(petro()) == ["SearchFits"]
    assert kinds(given.person("Марта")) == []
    found = Notice.objects.get(person=petro())
    assert found.project == project
    with override("uk"):
        assert "сквер" in sentence_of(found)


def test_a_search_is_the_same_search_however_its_address_is_written() -> None:
    one = query_from(
        {"type": "parks", "q": "  сквер ", "page": "2", "seed": "ab", "sort": "cheap", "min": ""}
    )
    assert one == query_from({"q": "сквер", "type": "parks"})
    filters = filters_from(
        query_from({"q": "сквер", "min": "1 000,50", "max": "не число", "state": "admitted"})
    )
    assert (filters.text, filters.min_cost, filters.max_cost, filters.state) == (
        "сквер", 100_050, None, "admitted",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_sentence_of_the_tables_own_uses_what_its_entry_holds_and_no_hash(language: str) -> None:
    owned = {kind: row.sentence for kind, row in relevance.ROWS.items() if row.sentence}
    assert len(owned) > 4
    with override(language):
        for kind, sentence in owned.items():
            names = REGISTRY[kind].__dataclass_fields__
            text = gettext(sentence) % {name: f"<{name}>" for name in names}
            assert not [name for name in ("digest", "outcome", "dossier", "seed") if f"<{name}>" in text]


def test_every_row_of_the_table_speaks_of_real_roles_and_states() -> None:
    from rulebook.lifecycle import STATES
    from viche.identity.models import Role

    for row in relevance.ROWS.values():
        assert set(row.roles) <= set(Role)
        assert set(row.while_in) | set(row.task) <= set(STATES)


def test_nobody_is_told_twice_however_often_the_log_is_read(contest: Contest) -> None:
    given.admitted_project(contest)
    told(26)
    before = Notice.objects.count()
    Cursor.objects.update(next_index=0)
    told(26)
    assert Notice.objects.count() == before > 0


def test_a_crash_between_writing_and_moving_the_cursor_leaves_nothing(
    contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = given.admitted_project(contest)
    with monkeypatch.context() as broken:
        broken.setattr(noticing, "queue_items", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            told(26)
    assert Notice.objects.count() == 0
    told(26)
    assert kinds(project.author) == ["ProjectAdmitted"]


def test_two_workers_at_once_tell_each_person_once(committed_db: None) -> None:
    contest = given.contest()
    projects = [given.admitted_project(contest, f"Проєкт {number}") for number in range(6)]
    for project in projects:
        follow(petro(), contest, contest=contest, project=project)
    with clock.at(given.day(26)):
        sequence_all()
        results = at_once(4, lambda _place: actions.make_notices())
    assert not [each for each in results if isinstance(each, Exception)]
    assert sorted(kinds(petro())) == ["ProjectAdmitted"] * 6 + ["ProjectSubmitted"] * 6
    assert (
        Cursor.objects.get(log__community=contest.community.code).next_index
        == Log.objects.get(community=contest.community.code).size
    )


def test_following_twice_at_once_is_one_row(committed_db: None) -> None:
    contest = given.contest()
    project = given.submitted_project(contest)
    person = petro()
    results = at_once(6, lambda _place: follow(person, contest, contest=contest, project=project))
    assert results == [None] * 6
    assert Follow.objects.count() == 1


def test_nobody_follows_what_is_not_published(contest: Contest) -> None:
    project = given.submitted_project(contest)
    Project.objects.filter(pk=project.pk).update(published_at=None)
    project.refresh_from_db()
    with pytest.raises(Refused, match="not published"), override("en"):
        follow(petro(), contest, contest=contest, project=project)


def test_a_year_later_notices_are_gone_and_the_journal_is_not(contest: Contest) -> None:
    project = given.admitted_project(contest)
    told(26)
    entries = Entry.objects.count()
    with clock.at(given.day(26 + 300)):
        assert actions.delete_old_notices() == 0
    with clock.at(given.day(26 + 366)):
        actions.delete_old_notices()
    assert kinds(project.author) == []
    assert Entry.objects.count() == entries


def test_what_a_log_said_long_ago_is_no_news(contest: Contest) -> None:
    project = given.admitted_project(contest)
    told(26 + 400)
    assert kinds(project.author) == []


def test_the_unread_are_counted_by_one_query(
    contest: Contest, django_assert_num_queries: Callable[..., Any]
) -> None:
    project = given.admitted_project(contest)
    told(26)
    with django_assert_num_queries(1):
        assert queries.unread_number(project.author) == 1
    actions.mark_read(person=petro())
    assert queries.unread_number(project.author) == 1
    actions.mark_read(person=project.author)
    assert queries.unread_number(project.author) == 0


def test_erasing_leaves_nothing_of_a_person(contest: Contest) -> None:
    project = given.admitted_project(contest)
    follow(project.author, contest, contest=contest)
    told(26)
    actions.delete_messages_of(person=project.author)
    assert not Follow.objects.filter(person=project.author).exists()
    assert not Notice.objects.filter(person=project.author).exists()


def test_a_thousand_signatures_are_no_thousand_notices(contest: Contest) -> None:
    project = given.submitted_project(contest)
    follow(petro(), contest, contest=contest, project=project)
    told()
    before = Notice.objects.count()
    for kind in ("ProjectSigned", "ProjectSignatureWithdrawn"):
        _write(kind, project)
    assert told(26) == 0
    assert Notice.objects.count() == before
