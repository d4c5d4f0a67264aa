"""A meeting of the commission: quorum less recused, roll-call by name, decision by majority, a frozen protocol."""

from collections.abc import Iterator

import pytest
from tests import given
from tests.review import commission
from tests.review.commission import IRYNA, NINA, SERHII, VIKTOR, actor, begun, called, opened, vote

from rulebook.canonical import digest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.actions import end_office
from viche.identity.models import Office
from viche.journal.models import Entry
from viche.projects.models import Project, State
from viche.review.actions import (
    approve_protocol,
    close_item,
    close_meeting,
    decide_review,
    declare_conflict,
    open_item,
    open_meeting,
    plan_item,
    record_attendance,
    record_vote,
    revise_agenda,
    write_notes,
)
from viche.review.models import AgendaItem, Conflict, Decision, Meeting, RollCallRecord, RollCallVote
from viche.review.queries import projects_for_agenda

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest() -> Contest:
    return commission.contest()


@pytest.fixture
def project(contest: Contest) -> Project:
    return given.submitted_project(contest)


@pytest.fixture
def item(contest: Contest, project: Project) -> Iterator[AgendaItem]:
    """The one item of a meeting that has begun, being voted on."""
    meeting = called(contest, (project, "admit"))
    with clock.at(given.day(25)):
        yield opened(begun(meeting).items.get())


def code(act, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value.code


def closed(item: AgendaItem, by: str = IRYNA) -> AgendaItem:
    return close_item(item=item, by=actor(by, item.meeting.contest))


def test_more_than_half_of_those_who_take_part_admit_a_project(item, project):
    vote(item, iryna="for", serhii="for", nina="against")
    assert closed(item).state == AgendaItem.State.ADOPTED
    assert Project.objects.get().state == State.ADMITTED
    assert AgendaItem.objects.get().decision == Decision.objects.get()


@pytest.mark.parametrize("serhii", ["against", "abstained"])
def test_a_tie_adopts_nothing_whoever_is_in_the_chair(contest, project, serhii):
    meeting = called(contest, (project, "admit"))
    with clock.at(given.day(25)):
        item = opened(begun(meeting, IRYNA, SERHII).items.get())
        vote(item, iryna="for", serhii=serhii)
        assert closed(item).state == AgendaItem.State.NOT_ADOPTED
    assert Project.objects.get().state == State.IN_REVIEW
    assert not Decision.objects.exists()


def test_a_project_is_not_admitted_with_the_reason_that_was_voted_on(contest, project):
    meeting = called(contest, (project, "reject"))
    viktor = actor(VIKTOR, contest)
    with clock.at(given.day(25)):
        item = begun(meeting).items.get()
        assert code(open_item, item=item, by=viktor) == "no_reason"
        plan_item(item=item, verdict="reject", reason="Земля приватна.", by=viktor)
        opened(item)
        assert code(plan_item, item=item, verdict="admit", reason="", by=viktor) == "item_begun"
        vote(item, iryna="for", serhii="for", nina="for")
        closed(item)
    assert Project.objects.get().state == State.REFUSED
    assert Decision.objects.get().reason == "Земля приватна."


def test_a_recusal_that_breaks_the_quorum_leaves_the_item_undecided(contest, project):
    meeting = called(contest, (project, "admit"))
    with clock.at(given.day(25)):
        item = opened(begun(meeting, IRYNA, SERHII).items.get())
        vote(item, iryna="for", serhii="for")
        declare_conflict(project=project, reason="Моя сестра — співвласниця.", by=actor(SERHII, contest))
        assert closed(item).state == AgendaItem.State.NO_QUORUM
        held = AgendaItem.objects.get()
        assert (held.present, held.recused) == (2, 1)
        assert RollCallVote.objects.get(person=given.person(SERHII)).choice == "recused"
        done = close_meeting(meeting=meeting, by=actor(VIKTOR, contest))
        assert projects_for_agenda(contest) == [project]
    assert done.protocol["items"][0]["result"] == "no_quorum"
    assert Project.objects.get().state == State.IN_REVIEW


def test_an_author_in_the_commission_is_recused_without_a_word(contest):
    own = given.submitted_project(contest, author=given.person(NINA))
    meeting = called(contest, (own, "admit"))
    with clock.at(given.day(25)):
        item = opened(begun(meeting).items.get())
        nina = actor(NINA, contest)
        assert (
            code(record_vote, item=item, member=given.person(NINA), choice="for", by=nina)
            == "conflict_of_interest"
        )
        vote(item, iryna="for", serhii="for")
        assert code(close_item, item=item, by=nina) == "conflict_of_interest"
        assert closed(item).state == AgendaItem.State.ADOPTED


def test_a_conflict_is_declared_once_and_its_reason_is_not_sealed(contest, project):
    iryna = actor(IRYNA, contest)
    with clock.at(given.day(25)):
        for _time in range(2):
            declare_conflict(project=project, reason="Я проєктувала цей сквер.", by=iryna)
        assert code(declare_conflict, project=project, reason=" ", by=iryna) == "no_reason"
        stranger = actor("Петро", contest)
        assert code(declare_conflict, project=project, reason="так", by=stranger) == "not_official"
        assert code(decide_review, project=project, verdict="admit", protocol="№ 1", by=iryna) == (
            "conflict_of_interest"
        )
    assert Conflict.objects.count() == 1
    assert "сквер" not in Entry.objects.get(kind="ConflictDeclared").leaf


def test_where_the_rules_name_a_quorum_no_member_decides_alone(contest, project):
    with clock.at(given.day(25)):
        assert (
            code(decide_review, project=project, verdict="admit", by=actor(IRYNA, contest)) == "needs_meeting"
        )


def test_everybody_who_takes_part_votes_before_the_item_is_closed(item):
    vote(item, iryna="for", serhii="for")
    assert code(close_item, item=item, by=actor(IRYNA, item.meeting.contest)) == "votes_missing"
    # who has left takes no part any more; who has voted cannot be sent away
    viktor = actor(VIKTOR, item.meeting.contest)
    present = [given.person(name).pk for name in (IRYNA, SERHII)]
    assert code(record_attendance, meeting=item.meeting, present=present[:1], by=viktor) == "has_voted"
    record_attendance(meeting=item.meeting, present=present, by=viktor)
    assert closed(item).state == AgendaItem.State.ADOPTED


def test_a_vote_written_down_by_voice_is_objected_to_by_ones_own(item):
    viktor, nina = actor(VIKTOR, item.meeting.contest), given.person(NINA)
    record_vote(item=item, member=nina, choice="for", by=viktor)
    assert RollCallVote.objects.get().by_voice
    vote(item, nina="against")
    assert code(record_vote, item=item, member=nina, choice="for", by=viktor) == "own_vote"
    vote(item, nina="abstained")
    vote(item, nina="abstained")
    assert list(RollCallRecord.objects.values_list("choice", "by_voice")) == [
        ("for", True), ("against", False), ("abstained", False),
    ]  # fmt: skip


def test_who_may_not_vote(item):
    contest = item.meeting.contest
    viktor, iryna = actor(VIKTOR, contest), actor(IRYNA, contest)
    serhii = actor(SERHII, contest)
    vote_of = {"item": item, "choice": "for"}
    assert code(record_vote, **vote_of, member=given.person(VIKTOR), by=viktor) == "not_present"
    assert code(record_vote, **vote_of, member=given.person(NINA), by=serhii) == "not_secretary"
    assert (
        code(record_vote, item=item, choice="recused", member=given.person(IRYNA), by=iryna) == "bad_choice"
    )
    vote(item, iryna="for", serhii="for", nina="for")
    assert code(close_item, item=item, by=viktor) == "not_commission"
    closed(item)
    assert code(record_vote, **vote_of, member=given.person(IRYNA), by=iryna) == "item_not_open"


def test_a_member_removed_during_the_meeting_counts_no_more(item):
    vote(item, iryna="for", serhii="against", nina="against")
    office = Office.objects.get(person=given.person(NINA), role="commission")
    end_office(office=office, by=given.official("Оксана", "administrator", item.meeting.community))
    # one for and one against is a tie
    assert closed(item).state == AgendaItem.State.NOT_ADOPTED


def test_what_cannot_be_called(contest, project):
    iryna = given.person(IRYNA)
    assert code(called, of=contest) == "empty_agenda"
    for wanted, expected in (
        ({"secretary": iryna}, "same_person"),
        ({"chair": given.person(VIKTOR)}, "not_a_member"),
        ({"secretary": given.person("Петро")}, "not_a_member"),
    ):
        with pytest.raises(Refused) as answer:
            called(contest, (project, "admit"), **wanted)
        assert answer.value.code == expected
    with pytest.raises(Refused) as answer:
        called(contest, (project, "grant-appeal"))
    assert answer.value.code == "bad_verdict"
    assert not Meeting.objects.exists()
    called(contest, (project, "admit"))
    with pytest.raises(Refused) as answer:
        called(contest, (project, "admit"))
    assert answer.value.code == "not_waiting"


def test_the_agenda_is_put_in_order_and_the_meeting_waits_for_its_time(contest):
    first, second = (given.submitted_project(contest, f"Проєкт {number}") for number in (1, 2))
    meeting = called(contest, (first, "admit"), (second, "admit"))
    viktor = actor(VIKTOR, contest)
    with clock.at(given.day(24)):
        revise_agenda(item=meeting.items.get(project=second), is_up=True, by=viktor)
        revise_agenda(item=meeting.items.get(project=second), is_up=True, by=viktor)
        assert [item.project for item in meeting.items.all()] == [second, first]
        assert (
            code(revise_agenda, item=meeting.items.first(), is_up=False, by=actor(NINA, contest))
            == "not_secretary"
        )
        assert code(open_meeting, meeting=meeting, by=viktor) == "too_early"
    with clock.at(given.day(25)):
        assert code(open_meeting, meeting=meeting, by=viktor) == "no_attendance"
        begun(meeting)
        opened(meeting.items.get(project=second))
        assert code(open_item, item=meeting.items.get(project=first), by=viktor) == "another_open"


def test_what_is_left_goes_to_the_meeting_that_is_called_already(contest):
    first, second = (given.submitted_project(contest, f"Проєкт {number}") for number in (1, 2))
    meeting = called(contest, (first, "admit"))
    following = called(contest, (second, "admit"), on=30)
    assert (meeting.number, following.number) == (1, 2)
    with clock.at(given.day(25)):
        begun(meeting)
        close_meeting(meeting=meeting, by=actor(VIKTOR, contest))
    assert [item.project for item in following.items.all()] == [second, first]
    assert meeting.items.get().state == AgendaItem.State.MOVED


def test_the_protocol_is_frozen_sealed_and_approved_by_two(item):
    meeting, viktor, iryna = item.meeting, *(actor(name, item.meeting.contest) for name in (VIKTOR, IRYNA))
    vote(item, iryna="for", serhii="for", nina="abstained")
    write_notes(item=item, notes="Виступила Ніна: просить дерева, а не кущі.", by=viktor)
    closed(item)
    assert code(approve_protocol, meeting=meeting, digest_seen="", by=viktor) == "not_closed"
    done = close_meeting(meeting=meeting, by=viktor)
    assert close_meeting(meeting=meeting, by=viktor).closed_at == done.closed_at
    line = done.protocol["items"][0]
    assert line["totals"] == {"for": 2, "against": 0, "abstained": 1, "recused": 0}
    assert [vote["choice"] for vote in line["votes"]] == ["for", "abstained", "for"]
    assert done.digest == digest(done.protocol)
    assert done.digest in Entry.objects.get(kind="MeetingClosed").leaf
    assert "Ніна" not in "".join(Entry.objects.values_list("leaf", flat=True))
    assert code(write_notes, item=item, notes="інше", by=viktor) == "closed"
    assert code(
        approve_protocol, meeting=meeting, digest_seen=done.digest, by=actor(NINA, meeting.contest)
    ) == ("not_secretary")
    assert code(approve_protocol, meeting=meeting, digest_seen="other", by=viktor) == "changed"
    for by in (viktor, viktor):
        approve_protocol(meeting=meeting, digest_seen=done.digest, by=by)
    assert not Meeting.objects.get().is_approved
    approve_protocol(meeting=meeting, digest_seen=done.digest, by=iryna)
    assert Meeting.objects.get().is_approved
    assert Entry.objects.filter(kind="ProtocolApproved").count() == 2
