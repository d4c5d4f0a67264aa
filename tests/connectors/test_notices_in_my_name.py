"""Whoever has an address for notices is told of what is done in their name; no time leads from a notice to a ballot."""

from datetime import timedelta

import pytest
from django.utils.translation import override
from tests import given

from viche.ballots.actions import cast_ballot
from viche.connectors.messages import actions
from viche.connectors.messages.models import Address, Notice
from viche.connectors.messages.wording import sentence_of
from viche.foundation import clock
from viche.identity.actions import decide_objection, give_consent, identify_person, object_to_act
from viche.identity.models import Person

VOTING = given.day(45)
MORNING = given.day(46, hour=4)


def told(person: Person) -> list[str]:
    with override("en"):
        return [sentence_of(each) for each in Notice.objects.filter(person=person).order_by("at", "id")]


def reachable(person: Person) -> Person:
    Address.objects.create(
        person=person, channel="email", target=f"{person.pk}@example.com", language="uk", base="https://viche.test",
        nonce=b"n" * 16, asked_at=VOTING, confirmed_at=VOTING,
    )  # fmt: skip
    return person


@pytest.mark.django_db
def test_a_vote_is_told_the_next_morning_once_and_without_its_moment():
    contest, projects = given.voting_contest(projects=1)
    petro, olena = reachable(given.person("Петро")), reachable(given.person("Олена"))
    with clock.at(VOTING):
        cast_ballot(
            contest=contest, voter=petro, paper=given.paper(projects[0]), channel="online", request_key=b"k" * 32,
            method="isei:bank_id",
        )  # fmt: skip
    with clock.at(VOTING + timedelta(hours=2)):
        actions.make_reminders()
    assert told(petro) == []
    for hours in (0, 1, 24):
        with clock.at(MORNING + timedelta(hours=hours)):
            actions.make_reminders()
    assert told(petro) == ["A vote was cast in your name. If it was not you, say so at once"]
    assert told(olena) == []
    notice = Notice.objects.get(person=petro)
    assert notice.at == MORNING
    assert notice.words["values"] == {}
    assert notice.is_urgent


@pytest.mark.django_db
def test_who_has_voted_stands_nowhere_for_people_without_an_address():
    contest, projects = given.voting_contest(projects=1)
    petro = given.person("Петро")
    with clock.at(VOTING):
        cast_ballot(
            contest=contest, voter=petro, paper=given.paper(projects[0]), channel="online", request_key=b"k" * 32,
            method="isei:bank_id",
        )  # fmt: skip
    with clock.at(MORNING):
        actions.make_reminders()
    assert told(petro) == []


@pytest.mark.django_db
def test_another_way_to_identify_is_told_to_whoever_takes_part_somewhere():
    body = given.community()
    petro = given.person("Петро")
    give_consent(person=petro, community=body, channel="online", seen=0)
    now = clock.now() + timedelta(days=1)
    with clock.at(now):
        from tests.identity.test_merging import number_and

        claims = number_and(("passport", "003456789"), serial=given.serial_of("Петро"))
        assert identify_person(claims=claims) == petro
        actions.make_reminders()
    assert told(petro) == ["Another way to identify leads to you now. If it was not you who added it, say so"]


@pytest.mark.django_db
def test_officials_hear_that_a_case_waits_and_the_person_that_it_is_answered():
    body = given.community()
    iryna, olena = given.official("Ірина", "commission", body), given.person("Олена")
    case = object_to_act(person=olena, community=body, kind="vote", reference="x", act="A vote", text="Не я.")
    actions.make_reminders()
    commission = Person.objects.get(pk=iryna.person_id)
    assert told(commission) == ["1 person says of an act in their name: this was not me"]
    decide_objection(objection=case, is_upheld=True, answer="Так.", by=iryna)
    actions.make_reminders()
    assert told(olena) == ["The body has answered what you said was not you"]
    assert Notice.objects.get(person=olena).page == "objections"
