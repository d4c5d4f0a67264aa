"""One person over all methods and numbers; two records of one person become one, and nothing counts twice."""

from datetime import date

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.ballots import actions
from viche.ballots.actions import cast_ballot
from viche.ballots.models import Participation
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.actions import (
    identify_person,
    merge_by_documents,
    merge_people,
    record_person,
    remove_account,
)
from viche.identity.models import Identifier, Membership, Person
from viche.identity.numbers import read_number, read_passport
from viche.identity.providers import VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of, has_number, number_tokens
from viche.journal.models import Entry
from viche.projects.actions import sign_project
from viche.projects.models import Signature

PASSPORT, ABROAD = ("passport", "003456789"), ("oidc", "https://login.example|42")


def told(
    *identifiers: tuple[str, str], method: str = "bank_id", provider: str = "bankid", **facts
) -> VerifiedClaims:
    """What a provider told of somebody without a tax number."""
    names = {"family_name": "Коваленко", "given_name": "Петро", "patronymic": "", **facts}
    return VerifiedClaims(
        provider,
        method,
        None,
        address=None,
        issuer="test",
        identifiers=identifiers,
        born=date(1985, 5, 5),
        **names,
    )


def number_and(*identifiers: tuple[str, str], serial: int = 7) -> VerifiedClaims:
    """What a provider told of somebody with a tax number, and other numbers of theirs."""
    plain = given.claims("Петро", serial=serial)
    return VerifiedClaims(
        "isei", "bank_id", plain.tax_number, plain.family_name, plain.given_name, plain.patronymic, plain.address,
        "test", identifiers=identifiers,
    )  # fmt: skip


@pytest.mark.django_db
class TestNumbers:
    def test_a_passport_alone_is_a_person_too(self):
        first = identify_person(claims=told(PASSPORT))
        assert identify_person(claims=told(PASSPORT)) == first
        assert first.birth_date == date(1985, 5, 5)

    def test_a_log_in_service_of_another_country_is_a_person_by_issuer_and_subject(self):
        first = identify_person(claims=told(ABROAD, method="oidc", provider="oidc", family_name="Kowalska"))
        other = ("oidc", "https://other.example|42")
        assert identify_person(claims=told(other, method="oidc", provider="oidc")) != first
        assert identify_person(claims=told(ABROAD, method="oidc", provider="oidc")) == first

    def test_whoever_told_a_passport_and_a_number_once_is_found_by_either(self):
        someone = identify_person(claims=number_and(PASSPORT))
        assert identify_person(claims=told(PASSPORT)) == someone
        assert identify_person(claims=number_and()) == someone
        assert {row.kind for row in Identifier.objects.filter(person=someone)} == {"tax", "passport"}

    def test_a_renewed_passport_is_kept_beside_the_old_one(self):
        someone = identify_person(claims=number_and(PASSPORT))
        identify_person(claims=number_and(("passport", "009999999")))
        assert identify_person(claims=told(("passport", "009999999"))) == someone
        assert identify_person(claims=told(PASSPORT)) == someone

    def test_a_foreign_log_in_does_not_write_over_the_name_a_bank_told(self):
        someone = identify_person(claims=number_and())
        identify_person(
            claims=told(ABROAD, method="oidc", provider="oidc", given_name="Petro", family_name="Kovalenko"),
            joined_to=someone,
        )
        someone.refresh_from_db()
        assert someone.family_name == given.claims("Петро").family_name


@pytest.mark.django_db
class TestAddingAMethod:
    def test_it_leads_to_the_person_who_added_it(self):
        olena = identify_person(claims=number_and())
        assert identify_person(claims=told(ABROAD, method="oidc", provider="oidc"), joined_to=olena) == olena
        assert identify_person(claims=told(ABROAD, method="oidc", provider="oidc")) == olena

    def test_a_record_made_by_it_before_is_merged(self):
        by_service = identify_person(claims=told(ABROAD, method="oidc", provider="oidc"))
        by_bank = identify_person(claims=number_and())
        assert (
            identify_person(claims=told(ABROAD, method="oidc", provider="oidc"), joined_to=by_bank) == by_bank
        )
        assert not Person.objects.filter(pk=by_service.pk).exists()

    def test_the_number_of_another_person_is_refused_and_changes_nothing(self):
        one, other = (
            identify_person(claims=number_and(serial=7)),
            identify_person(claims=number_and(serial=8)),
        )
        with pytest.raises(Refused) as answer:
            identify_person(claims=number_and(serial=8), joined_to=one)
        assert answer.value.code == "different_people"
        assert set(Person.objects.all()) == {one, other}

    def test_another_name_is_refused(self):
        petro = identify_person(claims=number_and())
        with pytest.raises(Refused) as answer:
            identify_person(
                claims=told(ABROAD, method="oidc", provider="oidc", family_name="Шевчук", given_name="Марія"),
                joined_to=petro,
            )
        assert answer.value.code == "different_names"
        assert not Identifier.objects.filter(kind="oidc").exists()


@pytest.mark.django_db
class TestMerging:
    def test_what_either_had_is_the_one_persons_and_what_both_had_is_there_once(self):
        city = given.community()
        numbered = identify_person(claims=number_and())
        by_passport = identify_person(claims=told(PASSPORT))
        for someone in (numbered, by_passport):
            given.grant(someone, city)
        given.grant(by_passport, city, basis="study")
        kept = merge_people(one=by_passport, other=numbered)
        assert kept == numbered
        live = Membership.objects.filter(person=kept, until__isnull=True, granted_in=city)
        assert sorted(live.values_list("basis", flat=True)) == ["study", "work"]
        assert not Person.objects.filter(pk=by_passport.pk).exists()
        assert len(number_tokens(kept)) == 2

    def test_the_journal_says_so_and_names_nobody(self):
        kept = merge_people(
            one=identify_person(claims=told(PASSPORT)), other=identify_person(claims=number_and()),
            document="паспорт, запис № 7",
        )  # fmt: skip
        entry = Entry.objects.get(kind="PeopleMerged")
        assert '"document":true' in entry.leaf
        assert "паспорт" not in entry.leaf
        assert kept.family_name not in entry.leaf

    def test_merging_twice_is_merging_once(self):
        one, other = identify_person(claims=told(PASSPORT)), identify_person(claims=number_and())
        assert merge_people(one=one, other=other) == merge_people(one=one, other=other) == other
        assert Entry.objects.filter(kind="PeopleMerged").count() == 1

    def test_of_two_signatures_under_one_project_the_later_goes(self):
        of = given.supported_contest()
        project = given.submitted_project(of)
        with clock.at(given.day(4)):
            numbered = identify_person(claims=number_and())
            by_passport = identify_person(claims=told(PASSPORT))
            for someone in (numbered, by_passport):
                given.grant(someone, of.community, basis="registered")
        for hour, someone in ((13, by_passport), (14, numbered)):
            with clock.at(given.day(6, hour=hour)):
                sign_project(project=project, person=someone, by=actor_of(someone, of.community))
        project.refresh_from_db()
        assert project.supporters == 2
        with clock.at(given.day(7)):
            kept = merge_people(one=numbered, other=by_passport)
        project.refresh_from_db()
        assert project.supporters == 1
        standing = Signature.objects.get(person=kept, withdrawn_at__isnull=True)
        assert standing.signed_at == given.day(6, hour=13)
        with clock.at(given.day(8)), pytest.raises(Refused) as answer:
            sign_project(project=project, person=kept, by=actor_of(kept, of.community))
        assert answer.value.code == "already_signed"


@pytest.mark.django_db
class TestOneVote:
    def vote(self, of, person, project, key: bytes):
        with clock.at(given.day(45)):
            return cast_ballot(
                contest=of, voter=person, paper=given.paper(project), channel="online", request_key=key,
                method="isei:bank_id",
            )  # fmt: skip

    def test_whoever_voted_by_a_passport_has_voted_when_the_tax_number_is_known(self):
        of, (project, *_others) = given.voting_contest()
        someone = record_person(
            kind="passport", token=keys.person_token(*PASSPORT), family_name="Коваленко", given_name="Петро",
            birth_date=date(1985, 5, 5),
        )  # fmt: skip
        given.grant(someone, of.community, basis="registered")
        self.vote(of, someone, project, b"1" * 32)
        with clock.at(given.day(45)):
            joined = identify_person(claims=number_and(PASSPORT))
        assert joined == someone
        with pytest.raises(Refused) as answer:
            self.vote(of, joined, project, b"2" * 32)
        assert answer.value.code == "already_voted"
        assert Participation.objects.count() == 1

    def test_two_ballots_of_two_records_are_told_to_the_commission(self):
        of, (project, *_others) = given.voting_contest()
        one, other = identify_person(claims=number_and()), identify_person(claims=told(PASSPORT))
        for place, someone in enumerate((one, other)):
            given.grant(someone, of.community, basis="registered")
            self.vote(of, someone, project, bytes([place]) * 32)
        with clock.at(given.day(46)):
            merge_people(one=one, other=other)
        assert Entry.objects.filter(kind="DoubleMarkFound", subject=f"contest:{of.pk}").count() == 1


def test_at_the_same_moment_in_many_windows_it_is_still_one_person(committed_db):
    answers = at_once(8, lambda _place: identify_person(claims=number_and(PASSPORT)))
    assert refusals(answers) == []
    assert (Person.objects.count(), Identifier.objects.count()) == (1, 2)


@pytest.mark.django_db
class TestNobodyTwice:
    """Ways to count twice, or to become somebody else, that were thought of."""

    def account(self, number: int) -> VerifiedClaims:
        return told(("oidc", f"https://login.example|{number}"), method="oidc", provider="oidc")

    def test_an_account_taken_off_and_another_added_give_no_second_vote(self):
        of, (project, *_others) = given.voting_contest()
        someone = identify_person(claims=self.account(1))
        given.grant(someone, of.community, basis="registered")
        votes = TestOneVote()
        votes.vote(of, someone, project, b"1" * 32)
        identify_person(claims=self.account(2), joined_to=someone)
        first = someone.identifiers.order_by("pk").first()
        remove_account(person=someone, reference=str(first.pk), by=actor_of(someone, of.community))
        with pytest.raises(Refused) as answer:
            votes.vote(of, someone, project, b"2" * 32)
        assert answer.value.code == "already_voted"
        with pytest.raises(Refused) as answer:
            identify_person(claims=self.account(1))
        assert answer.value.code == "account_removed"

    def test_a_passport_mistyped_by_somebody_hands_no_record_over(self):
        maria = identify_person(claims=told(PASSPORT, family_name="Шевчук", given_name="Марія"))
        petro = identify_person(claims=number_and(PASSPORT))
        assert petro != maria
        maria.refresh_from_db()
        assert maria.family_name == "Шевчук"
        assert not Identifier.objects.filter(person=petro, kind="passport").exists()

    def test_an_operator_makes_nobody_an_official(self):
        body = given.community()
        given.official("Петро", "administrator", body, serial=7)
        identify_person(claims=told(PASSPORT))
        number = make_tax_number(date(1985, 5, 5), "female", 14).number
        with pytest.raises(Refused) as answer:
            merge_by_documents(
                number=read_number(number, today=date(2026, 3, 1)), passport=read_passport(PASSPORT[1]),
                document_reference="паспорт", community=body, by=given.official("Оксана", "operator", body),
            )  # fmt: skip
        assert answer.value.code == "holds_office"

    def test_a_passport_counts_as_a_number_only_with_the_mark(self):
        someone = identify_person(claims=told(PASSPORT))
        assert not has_number(someone)
        someone.identifiers.update(is_marked=True)
        assert has_number(someone)

    def test_a_number_added_between_the_look_and_the_vote_is_no_second_vote(self, monkeypatch):
        of, (project, *_others) = given.voting_contest()
        someone = identify_person(claims=told(PASSPORT))
        given.grant(someone, of.community, basis="registered")
        votes, whole = TestOneVote(), actions.check_paper

        def meanwhile(*arguments):
            monkeypatch.setattr(actions, "check_paper", whole)
            identify_person(claims=number_and(PASSPORT))
            votes.vote(of, someone, project, b"1" * 32)
            return whole(*arguments)

        monkeypatch.setattr(actions, "check_paper", meanwhile)
        with pytest.raises(Refused) as answer:
            votes.vote(of, someone, project, b"2" * 32)
        assert answer.value.code == "try_again"
        assert Participation.objects.count() == 1
