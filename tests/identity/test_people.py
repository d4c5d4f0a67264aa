"""One person over all methods of identification, known by a keyed token and never by a number."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from tests import given
from tests.crowd import at_once, refusals

from rulebook.rules import Eligibility
from viche.communities.models import Territory
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions import (
    end_office,
    grant_membership,
    grant_office,
    identify_person,
    person_by_number,
)
from viche.identity.eligibility import obstacles, reference_day
from viche.identity.models import Identification, Identifier, Membership, Office, Person
from viche.identity.providers import VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of, live_memberships, roles_in
from viche.journal.models import Entry

BORN = date(1985, 5, 5)


def refused(act, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value.code


@pytest.mark.django_db
class TestIdentification:
    def test_two_methods_of_one_number_are_one_person(self):
        first = given.person("Петро", serial=7)
        second = given.person("Петро", serial=7, method="dig_sign", family_name="Іваненко")
        assert first == second
        assert (Person.objects.count(), Identifier.objects.count(), Identification.objects.count()) == (
            1,
            1,
            2,
        )
        assert Person.objects.get().family_name == "Іваненко"

    def test_two_numbers_are_two_people_of_whatever_name(self):
        assert given.person("Петро", serial=7) != given.person("Петро", serial=8)

    def test_the_number_is_in_no_column_of_any_table(self):
        given.person("Петро", serial=7)
        number = make_tax_number(BORN, "female", 14).number
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS line WHERE strpos(line::text, %s) > 0', [number]
                )
                assert cursor.fetchone() == (0,), table

    def test_a_known_person_is_found_by_the_number_only_through_the_token(self):
        someone = given.person("Петро", serial=7)
        assert person_by_number(tax_number=make_tax_number(BORN, "female", 14).number) == someone
        assert person_by_number(tax_number=make_tax_number(BORN, "female", 18).number) is None

    def test_without_a_number_an_operator_is_needed(self):
        claims = VerifiedClaims("isei", "dig_sign", None, "Коваленко", "Петро", "", None, "test")
        assert refused(identify_person, claims=claims) == "no_number"
        assert not Person.objects.exists()

    def test_the_birthday_comes_from_the_number(self):
        assert given.person("Петро", born=date(2001, 2, 28)).birth_date == date(2001, 2, 28)

    def test_the_sex_is_the_one_of_the_tax_number_or_none(self):
        assert given.person("Марія").sex == "female"
        number = make_tax_number(date(1990, 1, 1), "male", 77).number
        assert identify_person(claims=replace(given.claims("Петро"), tax_number=number)).sex == "male"
        by_passport = replace(given.claims("Іван"), tax_number=None, identifiers=(("passport", "123456789"),))
        assert identify_person(claims=by_passport).sex == ""

    def test_a_name_too_long_for_its_field_is_cut_not_refused(self):
        assert len(given.person("Петро", family_name="К" * 200).family_name) == 80


def test_a_person_who_comes_in_many_windows_at_once_is_one_person(committed_db):
    found = at_once(24, lambda place: given.person("Петро", serial=7).pk)
    assert refusals(found) == []
    assert len(set(found)) == 1
    assert (Person.objects.count(), Identifier.objects.count(), Membership.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
class TestResidence:
    def places(self, someone: Person) -> list[str]:
        return [each.territory.full_name for each in live_memberships(someone).order_by("since")]

    def test_a_proven_address_makes_a_resident(self):
        assert self.places(given.person("Петро")) == ["м. Полтава"]

    def test_the_same_address_again_changes_nothing(self):
        given.person("Петро")
        before = Membership.objects.values().get()
        given.person("Петро")
        assert Membership.objects.values().get() == before

    def test_a_new_address_ends_the_earlier_residence(self):
        with clock.at(given.day(1)):
            given.person("Петро")
        with clock.at(given.day(2)):
            someone = given.person("Петро", locality="с. Мачухи")
        assert self.places(someone) == ["с. Мачухи"]
        ended = Membership.objects.get(until__isnull=False)
        assert (ended.territory_id, ended.until) == (given.POLTAVA, given.day(2))

    def test_back_home_is_a_residence_again(self):
        for locality in ("м. Полтава", "с. Мачухи", "м. Полтава"):
            someone = given.person("Петро", locality=locality)
        assert self.places(someone) == ["м. Полтава"]
        assert Membership.objects.count() == 3

    def test_an_address_nobody_can_place_proves_nothing_and_ends_nothing(self):
        given.person("Петро")
        assert self.places(given.person("Петро", locality="с. Новоселівка")) == ["м. Полтава"]

    def test_an_electronic_signature_proves_no_address(self):
        assert self.places(given.person("Петро", method="dig_sign")) == []

    def test_a_new_address_does_not_end_what_an_operator_confirmed(self):
        city = given.community()
        someone = given.person("Петро", method="dig_sign")
        operator = given.official("Оксана", "operator", city)
        grant_membership(
            person=someone, territory=city.territory, basis="registered", document_reference="довідка № 5",
            community=city, by=operator,
        )  # fmt: skip
        given.person("Петро", locality="м. Львів", region="Львівська")
        assert self.places(someone) == ["м. Полтава", "м. Львів"]


@pytest.mark.django_db
class TestMembershipByAnOperator:
    def grant(self, **wanted) -> Membership:
        city = given.community()
        fitting = {
            "person": given.person("Ганна", region="Львівська", locality="м. Львів"), "territory": city.territory,
            "basis": "displaced", "document_reference": "довідка ВПО № 123 від 01.03.2026", "community": city,
            "by": given.official("Оксана", "operator", city),
        }  # fmt: skip
        return grant_membership(**{**fitting, **wanted})

    def test_it_names_the_document_and_who_granted_it(self):
        granted = self.grant()
        assert (granted.source, granted.basis) == ("operator", "displaced")
        assert granted.granted_by == given.person("Оксана")
        assert "№ 123" in granted.document_reference

    def test_the_journal_says_it_without_the_person_and_the_document(self):
        granted = self.grant()
        entry = Entry.objects.get(kind="MembershipGranted")
        assert entry.subject == f"membership:{granted.id}"
        assert str(granted.person_id) not in entry.leaf
        assert "123" not in entry.leaf.partition('"data"')[2].partition("}")[0].replace(str(granted.id), "")

    def test_a_place_inside_the_community_will_do(self):
        assert self.grant(territory=Territory.objects.get(pk=given.DISTRICT)).territory_id == given.DISTRICT

    @pytest.mark.parametrize(
        ("wanted", "code"),
        [
            ({"document_reference": "   "}, "no_document"), ({"document_reference": "№" * 201}, "bad_document"),
            ({"basis": "friendship"}, "unknown_basis"), ({"by": Actor("person", "0" * 32)}, "not_operator"),
        ],
    )  # fmt: skip
    def test_it_is_refused_without_document_basis_or_office(self, wanted, code):
        assert refused(self.grant, **wanted) == code
        assert not Entry.objects.filter(kind="MembershipGranted").exists()

    def test_not_outside_the_community(self):
        assert refused(self.grant, territory=Territory.objects.get(pk=given.LVIV)) == "outside"
        assert refused(self.grant, territory=Territory.objects.get(pk="UA53000000000028050")) == "outside"

    def test_the_same_twice_is_said_to_be_there(self):
        self.grant()
        assert refused(self.grant) == "already_member"
        assert Entry.objects.filter(kind="MembershipGranted").count() == 1

    @pytest.mark.parametrize("role", ["commission", "reviewer", "auditor"])
    def test_other_officials_do_not_grant(self, role):
        assert refused(self.grant, by=given.official("Сергій", role, given.community())) == "not_operator"


@pytest.mark.django_db
class TestOffices:
    def test_an_office_is_held_in_one_community_only(self):
        city, hromada = given.community(), given.community(given.MACHUKHY)
        by = given.official("Ірина", "commission", city)
        assert by.kind == "official"
        someone = given.person("Ірина")
        assert roles_in(someone, city) == {"commission"}
        assert roles_in(someone, hromada) == frozenset()
        assert actor_of(someone, hromada).kind == "person"

    def test_the_same_office_again_is_the_same_office(self):
        city = given.community()
        given.official("Ірина", "commission", city)
        given.official("Ірина", "commission", city)
        assert Office.objects.count() == 1
        assert Entry.objects.filter(kind="OfficeGranted").count() == 1

    def test_only_an_administrator_gives_and_ends_offices(self):
        city = given.community()
        iryna = given.official("Ірина", "commission", city)
        wanted = {"person": given.person("Сергій"), "community": city, "role": "commission"}
        assert refused(grant_office, **wanted, by=iryna) == "not_administrator"
        granted = grant_office(**wanted, by=given.official("Віктор", "administrator", city))
        assert refused(end_office, office=granted, by=iryna) == "not_administrator"

    def test_an_ended_office_is_no_office_and_may_be_given_again(self):
        city = given.community()
        given.official("Ірина", "commission", city)
        end_office(office=Office.objects.get(), by=SYSTEM)
        assert roles_in(given.person("Ірина"), city) == frozenset()
        given.official("Ірина", "commission", city)
        assert Office.objects.count() == 2

    def test_ending_an_ended_office_writes_nothing(self):
        city = given.community()
        given.official("Ірина", "commission", city)
        office = Office.objects.get()
        end_office(office=office, by=SYSTEM)
        end_office(office=office, by=SYSTEM)
        assert Entry.objects.filter(kind="OfficeEnded").count() == 1

    def test_the_last_administrator_stays(self):
        city = given.community()
        given.official("Віктор", "administrator", city)
        office = Office.objects.get()
        assert refused(end_office, office=office, by=SYSTEM) == "last_administrator"
        given.official("Марія", "administrator", city)
        end_office(office=office, by=SYSTEM)
        assert (
            refused(end_office, office=Office.objects.get(until__isnull=True), by=SYSTEM)
            == "last_administrator"
        )

    def test_an_administrator_elsewhere_does_not_count(self):
        city = given.community()
        given.official("Віктор", "administrator", city)
        given.official("Марія", "administrator", given.community(given.LVIV))
        assert (
            refused(end_office, office=Office.objects.get(community=city), by=SYSTEM) == "last_administrator"
        )


def test_administrators_who_remove_each_other_leave_one(committed_db):
    city = given.community()
    for name in ("Віктор", "Марія", "Юрій"):
        given.official(name, "administrator", city)
    offices = list(Office.objects.all())
    found = at_once(3, lambda place: end_office(office=offices[place], by=SYSTEM))
    assert refusals(found) == ["last_administrator"]
    assert Office.objects.filter(until__isnull=True).count() == 1


@pytest.mark.django_db
class TestEligibility:
    RULE = Eligibility(min_age=16, bases=("registered", "work"))

    def why_not(self, someone: Person, moment=None, **changed) -> list[str]:
        rule = Eligibility(**{**vars(self.RULE), **changed})
        territory = Territory.objects.get(pk=given.POLTAVA)
        found = obstacles(person=someone, territory=territory, rule=rule, moment=moment or given.day(50))
        assert all(each.message for each in found)
        return [each.code for each in found]

    def test_a_grown_up_resident_is_welcome(self):
        assert self.why_not(given.person("Петро")) == []

    def test_sixteen_is_reached_on_the_birthday_in_kyiv(self):
        someone = given.person("Юра", born=date(2010, 4, 20))
        # midnight in Kyiv is 21:00 UTC of the day before (summer time)
        before = given.START.replace(month=4, day=19, hour=20, minute=59)
        assert self.why_not(someone, before) == ["too_young"]
        assert self.why_not(someone, before.replace(hour=21, minute=0)) == []

    def test_a_regulation_may_name_the_day_on_which_age_counts(self):
        someone = given.person("Юра", born=date(2010, 4, 20))
        assert self.why_not(someone, age_on="2026-01-01") == ["too_young"]
        assert reference_day(Eligibility(age_on="2026-01-01"), given.day(0)) == date(2026, 1, 1)

    def test_born_on_the_29th_of_february_one_is_of_age_on_the_1st_of_march(self):
        someone = given.person("Юра", born=date(2012, 2, 29))
        assert someone.age_on(date(2028, 2, 28)) == 15
        assert someone.age_on(date(2028, 2, 29)) == 16
        assert someone.age_on(date(2026, 2, 28)) == 13
        assert someone.age_on(date(2026, 3, 1)) == 14

    def test_an_unproven_age_is_no_age(self):
        someone = given.person("Петро")
        Person.objects.update(birth_date=None)
        someone.refresh_from_db()
        assert self.why_not(someone) == ["age_unproven"]
        assert self.why_not(someone, min_age=None) == []

    def test_a_resident_of_another_town_is_told_so(self):
        assert self.why_not(given.person("Тарас", region="Львівська", locality="м. Львів")) == ["not_member"]

    def test_without_a_proven_address_one_is_told_how_to_prove_it(self):
        someone = given.person("Петро", method="dig_sign")
        found = obstacles(
            person=someone,
            territory=Territory.objects.get(pk=given.POLTAVA),
            rule=self.RULE,
            moment=given.day(50),
        )
        assert [each.code for each in found] == ["not_member"]
        assert "BankID" in found[0].remedy

    def test_the_basis_must_be_one_the_regulation_names(self):
        city = given.community()
        someone = given.person("Ганна", method="dig_sign")
        grant_membership(
            person=someone, territory=city.territory, basis="study", document_reference="№ 1", community=city,
            by=given.official("Оксана", "operator", city),
        )  # fmt: skip
        assert self.why_not(someone) == ["wrong_basis"]
        assert self.why_not(someone, bases=("study",)) == []

    def test_everything_that_is_in_the_way_is_said_at_once(self):
        someone = given.person("Юра", born=date(2015, 1, 1), region="Львівська", locality="м. Львів")
        assert self.why_not(someone) == ["too_young", "not_member"]
