"""Who may take part: every clause of a rule about people, its words and the way to fix what is missing."""

from datetime import UTC, date, datetime

import pytest
from tests import given

from rulebook.presets import preset, presets
from rulebook.rules import Eligibility
from viche.communities.models import Territory
from viche.foundation import clock
from viche.identity.actions import end_membership, grant_membership, record_citizenship
from viche.identity.eligibility import obstacles, requirements
from viche.identity.models import Identifier, Membership, Person
from viche.identity.queries import citizenship_in, live_memberships

pytestmark = pytest.mark.django_db

RULE = Eligibility(min_age=16, bases=("registered", "work"))


def rule(**changed) -> Eligibility:
    return Eligibility(**{**vars(RULE), **changed})


def poltava() -> Territory:
    return Territory.objects.get(pk=given.POLTAVA)


def why_not(someone: Person, of: Eligibility = RULE, *, moment=None, channel="online", territory=None):
    found = obstacles(
        person=someone,
        territory=territory or poltava(),
        rule=of,
        moment=moment or given.day(50),
        channel=channel,
    )
    assert all(each.message for each in found)
    return found


def codes(*args, **wanted) -> list[str]:
    return [each.code for each in why_not(*args, **wanted)]


def granted(someone: Person, basis: str = "work", **facts) -> Membership:
    city = facts.pop("community", None) or given.community()
    return grant_membership(
        person=someone, territory=facts.pop("territory", city.territory), basis=basis, community=city,
        document_reference="довідка № 5", by=given.official("Оксана", "operator", city), **facts,
    )  # fmt: skip


def guest(name: str = "Ганна", **facts) -> Person:
    return given.person(name, region="Львівська", locality="м. Львів", **facts)


class TestAge:
    def test_the_birthday_that_is_the_reference_date_counts(self):
        someone = given.person("Юра", born=date(2010, 4, 20))
        assert codes(someone, rule(age_on="2026-04-20")) == []
        assert codes(someone, rule(age_on="2026-04-19")) == ["too_young"]

    def test_who_is_under_age_today_but_not_on_the_named_day_may(self):
        someone = given.person("Юра", born=date(2010, 4, 20))
        assert codes(someone, rule(age_on="2026-04-20"), moment=given.day(0)) == []

    def test_born_on_the_29th_of_february_one_is_of_age_on_the_1st_of_march_of_a_common_year(self):
        someone = given.person("Юра", born=date(2008, 2, 29))
        assert codes(someone, rule(min_age=18, age_on="2026-02-28")) == ["too_young"]
        assert codes(someone, rule(min_age=18, age_on="2026-03-01")) == []

    def test_the_highest_age_is_inclusive_to_the_last_second_before_the_birthday(self):
        someone = given.person("Юра", born=date(1990, 4, 20))
        # midnight in Kyiv is 21:00 UTC (summer time)
        last = datetime(2026, 4, 19, 20, 59, 59, tzinfo=UTC)
        assert codes(someone, rule(min_age=None, max_age=35), moment=last) == []
        late = last.replace(hour=21, minute=0, second=0)
        assert codes(someone, rule(min_age=None, max_age=35), moment=late) == ["too_old"]

    def test_an_unproven_age_may_be_proved_at_the_service_centre(self):
        someone = given.person("Петро")
        Person.objects.update(birth_date=None)
        someone.refresh_from_db()
        [found] = why_not(someone, rule(min_age=None, max_age=35))
        assert (found.code, found.fix, found.is_unknown) == ("age_unproven", "visit", True)


class TestTheLastSecondOfAMembership:
    def test_it_counts_to_the_end_of_its_last_day_in_kyiv(self):
        with clock.at(given.day(10)):
            someone = guest()
            granted(someone, ends_on=date(2026, 4, 19))
        last = datetime(2026, 4, 19, 20, 59, 59, tzinfo=UTC)
        assert codes(someone, moment=last) == []
        assert codes(someone, moment=last.replace(hour=21, minute=0, second=0)) == ["not_member"]

    def test_my_page_shows_it_no_longer_after_that_day(self):
        with clock.at(given.day(10)):
            someone = given.person("Ганна", method="dig_sign")
            granted(someone, ends_on=date(2026, 4, 19))
            assert len(live_memberships(someone)) == 1
        with clock.at(given.day(51)):
            assert len(live_memberships(someone)) == 0

    def test_what_was_taken_back_counts_no_more(self):
        someone = guest()
        membership = granted(someone)
        end_membership(
            membership=membership,
            reason="Звільнено",
            by=given.official("Оксана", "operator", given.community()),
        )
        assert codes(someone) == ["not_member"]


class TestEvidence:
    STRICT = rule(evidence={"work": ("employment-certificate",), "registered": ("passport",)})

    def test_a_document_the_rule_names_counts(self):
        someone = guest()
        granted(someone, evidence="employment-certificate")
        assert codes(someone, self.STRICT) == []

    @pytest.mark.parametrize("evidence", ["", "study-certificate"])
    def test_another_or_an_unnamed_one_does_not_and_the_accepted_is_named(self, evidence):
        someone = guest()
        granted(someone, evidence=evidence)
        [found] = why_not(someone, self.STRICT)
        assert (found.code, found.fix) == ("wrong_evidence", "prove:work")
        assert "роботодавця" in found.message or "employer" in found.message

    def test_an_address_from_bankid_is_proved_by_the_identity_provider(self):
        someone = given.person("Петро")
        assert live_memberships(someone).get().evidence == "identity-provider"
        assert codes(someone, rule(evidence={"registered": ("identity-provider",)})) == []
        assert codes(someone, self.STRICT) == ["wrong_evidence"]

    def test_a_basis_without_named_evidence_is_proved_by_anything(self):
        someone = guest()
        granted(someone)
        assert codes(someone, rule(evidence={"registered": ("passport",)})) == []


class TestOperatorGrant:
    def test_where_the_rule_refuses_grants_none_counts(self):
        someone = guest()
        granted(someone)
        [found] = why_not(someone, rule(operator_grant=False))
        assert (found.code, found.fix) == ("operator_grant", "identify")

    def test_an_address_of_the_provider_counts_beside_it(self):
        someone = given.person("Петро")
        granted(someone)
        assert codes(someone, rule(operator_grant=False)) == []


class TestPersonalNumber:
    def test_a_passport_stands_for_the_number_of_who_refused_one(self):
        someone = given.person("Петро")
        Identifier.objects.update(kind="passport", is_marked=True)
        assert codes(someone, rule(personal_number=True)) == []

    def test_an_account_at_a_log_in_service_is_no_number(self):
        someone = given.person("Петро")
        assert codes(someone, rule(personal_number=True)) == []
        Identifier.objects.update(kind="oidc")
        [found] = why_not(someone, rule(personal_number=True))
        assert (found.code, found.fix, found.is_unknown) == ("number_unproven", "identify", True)
        assert codes(someone) == []


class TestCitizenship:
    CITIZENS = rule(citizenship=("citizen",))

    def record(self, someone: Person, status: str, **facts):
        city = facts.pop("community", None) or given.community()
        return record_citizenship(
            person=someone, status=status, document_reference="паспорт № 1", community=city,
            by=given.official("Оксана", "operator", city), **facts,
        )  # fmt: skip

    def test_a_rule_that_admits_all_asks_nothing(self):
        assert codes(given.person("Петро")) == []
        assert len(requirements(person=None, territory=poltava(), rule=RULE, moment=given.day(50))) == 2

    def test_an_unknown_one_is_proved_by_showing_a_passport(self):
        [found] = why_not(given.person("Петро"), self.CITIZENS)
        assert (found.code, found.fix, found.is_unknown) == (
            "citizenship_unproven",
            "prove:citizenship",
            True,
        )

    def test_an_operator_records_it_by_a_document(self):
        someone = given.person("Петро")
        self.record(someone, "citizen")
        assert codes(someone, self.CITIZENS) == []
        self.record(someone, "foreigner", evidence="residence-permit")
        assert codes(someone, self.CITIZENS) == ["citizenship_not_admitted"]

    def test_what_one_body_recorded_says_nothing_in_another(self):
        someone = given.person("Петро")
        self.record(someone, "citizen", community=given.community(given.LVIV))
        assert citizenship_in(someone, poltava()) == ""
        self.record(someone, "foreigner")
        assert citizenship_in(someone, Territory.objects.get(pk=given.LVIV)) == "citizen"
        assert citizenship_in(someone, Territory.objects.get(pk=given.POLTAVA).parent) == "foreigner"

    def test_a_providers_claim_counts_everywhere(self):
        someone = given.person("Петро", citizenship="citizen")
        assert codes(someone, self.CITIZENS) == []
        assert citizenship_in(someone, Territory.objects.get(pk=given.LVIV)) == "citizen"
        given.person("Петро", citizenship="foreigner")
        assert codes(someone, self.CITIZENS) == ["citizenship_not_admitted"]
        assert someone.citizenships.filter(until=None).count() == 1

    def test_a_silent_provider_changes_nothing(self):
        given.person("Петро", citizenship="citizen")
        assert codes(given.person("Петро"), self.CITIZENS) == []


class TestRegulations:
    """The presets' own peculiarities, met by people."""

    def who(self, name: str, role: str = "voter") -> Eligibility:
        return getattr(preset(name).rules, role)

    def test_lviv_sends_an_unregistered_resident_to_the_service_centre_only(self):
        lviv = given.community(given.LVIV)
        someone = given.person("Ганна", method="dig_sign")
        granted(someone, "study", community=lviv, evidence="study-certificate")
        [found] = why_not(someone, self.who("lviv-2020"), territory=lviv.territory)
        assert (found.code, found.fix) == ("other_channel", "visit")
        assert "operator" in found.message or "оператора" in found.message
        assert codes(someone, self.who("lviv-2020"), territory=lviv.territory, channel="desk") == []
        assert codes(someone, self.who("lviv-2020", "author"), territory=lviv.territory) == []

    def test_lviv_lets_a_registered_one_vote_online(self):
        lviv = given.community(given.LVIV)
        assert codes(guest(), self.who("lviv-2020"), territory=lviv.territory) == []

    def test_khmilnyk_gives_an_unregistered_resident_paper_only(self):
        someone = given.person("Ганна", method="dig_sign", citizenship="citizen")
        granted(someone, "work", evidence="employment-certificate")
        [found] = why_not(someone, self.who("khmilnyk"))
        assert found.code == "other_channel"
        assert "на папері" in found.message or "on paper" in found.message
        assert codes(someone, self.who("khmilnyk"), channel="paper") == []
        assert codes(someone, self.who("khmilnyk", "author")) == []

    def test_khmilnyk_admits_a_foreigner_with_a_permit_but_no_stateless_person(self):
        someone = given.person("Ганна", citizenship="foreigner")
        assert codes(someone, self.who("khmilnyk")) == []
        nobody = given.person("Юра", citizenship="stateless")
        assert codes(nobody, self.who("khmilnyk")) == ["citizenship_not_admitted"]

    def test_two_bases_one_may_use_online(self):
        someone = given.person("Петро", citizenship="citizen")
        granted(someone, "work", evidence="employment-certificate")
        assert codes(someone, self.who("khmilnyk")) == []

    @pytest.mark.parametrize("name", [entry.id for entry in presets()])
    def test_every_regulation_can_be_asked(self, name):
        rules = preset(name).rules
        for role in (rules.author, rules.supporters, rules.voter):
            unmet = [
                each for each in why_not(given.person("Петро"), role) if each.code != "citizenship_unproven"
            ]
            lines = requirements(person=None, territory=poltava(), rule=role, moment=given.day(50))
            assert all(line.text and line.is_met is None for line in lines)
            assert {each.code for each in unmet} <= {"wrong_evidence"}


class TestWhereToGo:
    def test_without_any_address_one_identifies_first(self):
        [found] = why_not(given.person("Петро", method="dig_sign"))
        assert (found.code, found.fix, found.is_unknown) == ("not_member", "identify", True)

    def test_with_an_address_elsewhere_one_proves_another_basis(self):
        [found] = why_not(guest())
        assert (found.code, found.fix, found.is_unknown) == ("not_member", "prove:work", False)

    def test_an_address_nobody_can_place_is_proved_by_a_document(self):
        [found] = why_not(given.person("Петро", locality="с. Новоселівка"))
        assert (found.code, found.fix, found.is_unknown) == ("address_unknown", "prove:work", True)

    def test_where_no_grant_counts_nobody_is_sent_to_an_operator(self):
        [found] = why_not(guest(), rule(operator_grant=False))
        assert found.fix == "identify"

    def test_a_rule_without_bases_admits_any(self):
        someone = guest()
        granted(someone, "birth")
        assert codes(someone, rule(bases=())) == []

    def test_somebody_who_moved_belongs_to_the_new_place(self):
        given.person("Петро")
        moved = given.person("Петро", region="Львівська", locality="м. Львів")
        assert codes(moved) == ["not_member"]
        assert codes(moved, territory=Territory.objects.get(pk=given.LVIV)) == []


class TestRequirements:
    STRICT = rule(citizenship=("citizen",), personal_number=True, age_on="2026-01-01")

    def lines(self, someone: Person | None, of: Eligibility = STRICT, **wanted):
        return requirements(person=someone, territory=poltava(), rule=of, moment=given.day(50), **wanted)

    def test_each_clause_is_a_line_with_its_state(self):
        lines = self.lines(given.person("Юра", born=date(2015, 1, 1)))
        assert [line.is_met for line in lines] == [True, False, None, True, True]
        assert [line.fix for line in lines] == ["", "", "prove:citizenship", "", ""]
        assert "Полтава" in lines[3].why

    def test_a_stranger_is_told_who_may_and_nothing_of_themselves(self):
        lines = self.lines(None)
        assert [line.is_met for line in lines] == [None] * 4
        assert {line.fix for line in lines} == {"identify"}

    def test_what_keeps_out_is_exactly_what_is_not_met(self):
        for someone in (
            given.person("Петро"),
            guest(),
            given.person("Марта", method="dig_sign", born=date(2014, 1, 1)),
        ):
            unmet = [line.code for line in self.lines(someone) if not line.is_met]
            assert unmet == codes(someone, self.STRICT)

    def test_only_channels_the_contest_has_are_named(self):
        someone = guest()
        granted(someone)
        of = rule(channels={"work": ("paper", "desk")})
        [line] = [each for each in self.lines(someone, of, channels=("online", "paper")) if not each.is_met]
        assert "папері" in line.why or "on paper" in line.why
        assert "центр" not in line.why
