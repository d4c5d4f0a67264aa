"""The operator's desk for people whom no provider vouches for (Tax Code of Ukraine, article 63.5)."""

from datetime import date

import pytest
from django.test import Client

from tests import given
from tests.surfaces.ground import Ground, browser, page, prefix
from viche.foundation import keys
from viche.identity.actions import identify_person
from viche.identity.models import Identifier, Membership, Person
from viche.identity.providers import VerifiedClaims, make_tax_number
from viche.journal.models import Entry

SHOWN = {
    "family_name": "Мороз", "given_name": "Степан", "birth_date": "1970-03-04", "passport": "kh 123456",
    "is_marked": "on", "basis": "registered", "territory": given.POLTAVA, "evidence": "passport",
    "document_reference": "паспорт із відміткою",
}  # fmt: skip


@pytest.fixture
def desk(ground: Ground) -> Client:
    return browser(ground.visitors["operator"])


def address(ground: Ground, which: str) -> str:
    return f"{prefix(ground.poltava)}office/members/{which}/"


def known() -> Identifier:
    return Identifier.objects.get(kind="passport", token=keys.person_token("passport", "КН123456"))


class TestWithoutATaxNumber:
    def test_the_person_is_recorded_with_a_membership_and_without_the_number(self, ground, desk):
        answer = desk.post(address(ground, "passport"), SHOWN, follow=True)
        assert answer.status_code == 200
        person = known().person
        assert (person.family_name, person.birth_date) == ("Мороз", date(1970, 3, 4))
        assert Membership.objects.get(person=person).basis == "registered"
        assert "123456" not in answer.content.decode()
        assert not Entry.objects.filter(leaf__contains="123456").exists()

    def test_twice_is_once(self, ground, desk):
        desk.post(address(ground, "passport"), SHOWN)
        answer = desk.post(address(ground, "passport"), SHOWN)
        assert answer.status_code == 422
        assert Person.objects.filter(family_name="Мороз").count() == 1

    def test_another_date_of_birth_for_a_known_passport_is_asked_about(self, ground, desk):
        desk.post(address(ground, "passport"), SHOWN)
        answer = desk.post(address(ground, "passport"), SHOWN | {"birth_date": "1971-03-04", "basis": "work"})
        assert answer.status_code == 422
        assert "іншою датою народження" in page(answer).text

    @pytest.mark.parametrize("wrong", ["1234567890", "АБВ12345", "12345678", ""])
    def test_what_is_no_number_of_a_passport_is_said_at_the_field(self, ground, desk, wrong):
        answer = desk.post(address(ground, "passport"), SHOWN | {"passport": wrong})
        assert answer.status_code == 422
        assert not Person.objects.filter(family_name="Мороз").exists()

    def test_without_the_mark_nobody_is_recorded_by_a_passport(self, ground, desk):
        without = {name: value for name, value in SHOWN.items() if name != "is_marked"}
        assert desk.post(address(ground, "passport"), without).status_code == 422
        assert not Person.objects.filter(family_name="Мороз").exists()

    def test_the_same_passport_told_by_a_bank_is_the_same_person(self, ground, desk):
        desk.post(address(ground, "passport"), SHOWN)
        told = VerifiedClaims(
            "bankid", "bank_id", None, "Мороз", "Степан", "", None, "bank",
            identifiers=(("passport", "КН123456"),), born=date(1970, 3, 4),
        )  # fmt: skip
        assert identify_person(claims=told) == known().person


class TestMakingOneOfTwo:
    def documents(self, **facts: str) -> dict[str, str]:
        number = make_tax_number(date(1985, 5, 5), "female", 14).number
        return {
            "tax_number": number,
            "passport": "КН123456",
            "document_reference": "паспорт і картка",
        } | facts

    def test_both_numbers_lead_to_one_person(self, ground, desk):
        numbered = given.person("Степан", serial=7, family_name="Мороз")
        desk.post(address(ground, "passport"), SHOWN | {"birth_date": "1985-05-05"})
        answer = desk.post(address(ground, "merge"), self.documents(), follow=True)
        assert answer.status_code == 200
        assert known().person == numbered
        entry = Entry.objects.get(kind="PeopleMerged")
        assert '"document":true' in entry.leaf

    def test_a_number_nobody_is_known_by_is_said_at_its_field(self, ground, desk):
        answer = desk.post(address(ground, "merge"), self.documents())
        assert answer.status_code == 422
        assert "За цим номером нікого не знайдено" in page(answer).text

    def test_one_person_already(self, ground, desk):
        given.person("Степан", serial=7)
        desk.post(address(ground, "passport"), SHOWN | {"birth_date": "1985-05-05"})
        desk.post(address(ground, "merge"), self.documents())
        answer = desk.post(address(ground, "merge"), self.documents())
        assert answer.status_code == 422
        assert Entry.objects.filter(kind="PeopleMerged").count() == 1
