"""My data: taken home whole, erased as the law allows; nobody votes or signs twice by being erased."""

import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from tests import given
from tests.crowd import at_once

from viche.ballots.actions import cast_ballot
from viche.ballots.models import Participation
from viche.connectors.export.own import own_document
from viche.connectors.messages.actions import request_address
from viche.connectors.messages.models import Address
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.actions import (
    ask_erasure,
    cancel_erasure,
    end_office,
    erase_asked,
    erase_person,
    give_consent,
    issues_before_erasure,
    set_name_form,
)
from viche.identity.actions.merging import person_relations
from viche.identity.models import Identifier, Office, Person
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import sign_project
from viche.projects.models import Project, Signature
from viche.talk.actions import write_comment

VOTING, AFTER = given.day(45), given.day(62)


def vote(contest: Any, projects: Any, voter: Person) -> None:
    with clock.at(VOTING):
        cast_ballot(
            contest=contest, voter=voter, paper=given.paper(projects[0]), channel="online", request_key=b"k" * 32,
            method="isei:bank_id",
        )  # fmt: skip


@pytest.mark.django_db
class TestTakenHome:
    def test_everything_that_names_the_person_is_in_the_file_and_nothing_of_others(self):
        contest, projects = given.voting_contest(projects=1)
        olena, petro = given.person("Олена"), given.person("Петро")
        give_consent(person=petro, community=contest.community, channel="online", seen=0)
        vote(contest, projects, petro)
        document = own_document(petro)
        assert document["person"]["given_name"] == "Петро"
        assert [vote["contest"] for vote in document["votes"]] == ["2026"]
        assert {"identity.consent", "identity.identification", "identity.membership"} <= set(
            document["tables"]
        )
        assert "projects.project" not in document["tables"]
        (project,) = own_document(olena)["tables"]["projects.project"]
        assert project["title"] == projects[0].title

    def test_no_number_key_or_choice_is_in_it(self):
        contest, projects = given.voting_contest(projects=1)
        petro = given.person("Петро")
        vote(contest, projects, petro)
        text = json.dumps(own_document(petro), cls=DjangoJSONEncoder, ensure_ascii=False)
        number = given.claims("Петро", serial=given.serial_of("Петро")).tax_number
        assert number
        assert number not in text
        assert "choices" not in text
        assert "commitment" not in text
        for token in Identifier.objects.filter(person=petro).values_list("token", flat=True):
            assert bytes(token).hex() not in text
        assert "token" not in text
        assert "secret" not in text


@pytest.mark.django_db
class TestErased:
    def test_what_is_known_of_a_person_goes(self):
        body = given.community()
        petro = given.person("Петро")
        give_consent(person=petro, community=body, channel="online", seen=0)
        assert ask_erasure(person=petro, by=actor_of(petro, body))
        assert not Person.objects.filter(pk=petro.pk).exists()
        assert not Identifier.objects.filter(person_id=petro.pk).exists()
        (entry,) = Entry.objects.filter(kind="PersonErased")
        assert str(petro.pk) not in entry.leaf

    def test_while_a_voting_goes_on_the_voter_waits_and_goes_by_itself_afterwards(self):
        contest, projects = given.voting_contest(projects=1)
        petro = given.person("Петро")
        vote(contest, projects, petro)
        with clock.at(VOTING):
            assert not ask_erasure(person=petro, by=actor_of(petro, contest.community))
            assert erase_asked() == 0
        assert Person.objects.get(pk=petro.pk).erasure_asked_at is not None
        with clock.at(AFTER):
            assert erase_asked() == 1
        assert not Person.objects.filter(pk=petro.pk).exists()
        assert Participation.objects.filter(contest=contest).count() == 1

    def test_whoever_comes_back_is_a_new_record_and_has_still_voted(self):
        contest, projects = given.voting_contest(projects=1)
        petro = given.person("Петро")
        vote(contest, projects, petro)
        with clock.at(AFTER):
            erase_person(person=petro)
        again = given.person("Петро")
        assert again.pk != petro.pk
        with clock.at(VOTING), pytest.raises(Refused) as refused:
            cast_ballot(
                contest=contest, voter=again, paper=given.paper(projects[0]), channel="online",
                request_key=b"z" * 32, method="isei:bank_id",
            )  # fmt: skip
        assert refused.value.code == "already_voted"

    def test_whoever_thinks_again_stays(self):
        contest, projects = given.voting_contest(projects=1)
        petro = given.person("Петро")
        vote(contest, projects, petro)
        with clock.at(VOTING):
            ask_erasure(person=petro, by=actor_of(petro, contest.community))
            cancel_erasure(person=petro, by=actor_of(petro, contest.community))
        with clock.at(AFTER):
            assert erase_asked() == 0

    def test_an_author_ends_their_projects_first_and_a_decided_one_stays_without_the_name(self):
        contest = given.contest()
        olena = given.person("Олена")
        project = given.submitted_project(contest, author=olena)
        assert len(issues_before_erasure(olena)) == 1
        Project.objects.filter(pk=project.pk).update(state="refused", contact="olena@example.com")
        erase_person(person=olena)
        project.refresh_from_db()
        assert (project.author, project.author_name, project.contact) == (None, "", "")
        assert project.title
        shell = Person.objects.filter(pk=olena.pk).first()
        assert shell is None or (shell.display_name, shell.birth_date, shell.sex) == ("", None, "")

    def test_a_signature_that_is_being_counted_keeps_its_person_until_the_end(self):
        contest = given.supported_contest()
        project = given.submitted_project(contest)
        petro = given.resident(3)
        with clock.at(given.day(6)):
            sign_project(
                project=project, person=petro, method="isei:bank_id", by=actor_of(petro, contest.community)
            )
            assert len(issues_before_erasure(petro)) == 1
        Project.objects.filter(pk=project.pk).update(state="refused")
        erase_person(person=petro)
        signature = Signature.objects.get(way="online")
        assert signature.person is None
        assert bytes(signature.token)

    def test_an_official_leaves_the_office_first_and_the_record_of_it_stays_nameless(self):
        body = given.community()
        given.official("Віктор", "administrator", body)
        actor = given.official("Галина", "operator", body)
        galyna = Person.objects.get(pk=actor.person_id)
        with pytest.raises(Refused):
            erase_person(person=galyna)
        office = Office.objects.get(person=galyna)
        end_office(office=office, by=given.official("Віктор", "administrator", body))
        erase_person(person=galyna)
        shell = Person.objects.get(pk=galyna.pk)
        assert (shell.display_name, shell.birth_date, shell.sex) == ("", None, "")
        assert shell.erased_at is not None
        assert Office.objects.filter(person=shell).exists()

    def test_a_comment_stays_and_addresses_for_notices_go(self):
        contest = given.contest()
        project = given.submitted_project(contest)
        petro = given.person("Петро")
        comment = write_comment(project=project, text="Гарна думка", by=actor_of(petro, contest.community))
        request_address(
            person=petro,
            channel="email",
            target="petro@example.com",
            language="uk",
            base="https://viche.test",
        )
        erase_person(person=petro)
        comment.refresh_from_db()
        assert comment.person is None
        assert comment.text == "Гарна думка"
        assert not Address.objects.exists()

    def test_two_presses_at_once_erase_once(self, transactional_db):
        petro = given.person("Петро")
        at_once(2, lambda _place: erase_person(person=petro))
        assert Entry.objects.filter(kind="PersonErased").count() == 1

    def test_only_oneself(self):
        body = given.community()
        petro, olena = given.person("Петро"), given.person("Олена")
        with pytest.raises(Refused) as refused:
            ask_erasure(person=petro, by=actor_of(olena, body))
        assert refused.value.code == "not_yours"

    def test_every_table_that_names_people_is_looked_at(self):
        """A person with a row in a table that cannot let go is left as an empty record, never half erased."""
        assert len(person_relations()) > 50


@pytest.mark.django_db
def test_a_name_is_shown_as_its_owner_wishes():
    body = given.community()
    petro = given.person("Петро")
    assert petro.public_name == "Петро К."
    for form, shown in (("full", "Петро Коваленко"), ("initials", "П. К."), ("short", "Петро К.")):
        set_name_form(person=petro, form=form, by=actor_of(petro, body))
        petro.refresh_from_db()
        assert petro.public_name == shown
    with pytest.raises(Refused):
        set_name_form(person=petro, form="nobody", by=actor_of(petro, body))
