"""Thousands at once are told the same as one by one: whoever may not, and why."""

from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st
from tests import given

from rulebook.presets import preset, presets
from rulebook.rules import Eligibility
from rulebook.rules.vocabulary import CHANNELS, CITIZENSHIPS, EVIDENCE
from viche.communities.models import Community
from viche.foundation import clock
from viche.identity.actions import end_membership, import_register, prepare_register, record_citizenship
from viche.identity.bulk_eligibility import Named, standings
from viche.identity.eligibility import obstacles
from viche.identity.models import Identifier, Person
from viche.identity.numbers import read_number
from viche.identity.queries import number_tokens

MOMENT = given.day(50)


def named(someone: Person) -> Named:
    row = Identifier.objects.filter(person=someone).order_by("pk").first()
    assert row is not None
    return Named(row.kind, bytes(row.token))


@pytest.fixture
def crowd(db: None) -> list[Person]:
    """People of every sort: residents, neighbours, children, foreigners, with grants that end, without a number."""
    city, elsewhere = given.community(), given.community(given.LVIV)
    people = [
        given.person("Петро"), given.person("Юра", born=date(2012, 1, 1)), given.person("Баба", born=date(1930, 1, 1)),
        given.person("Тарас", region="Львівська", locality="м. Львів"),
        given.person("Ганна", region="Львівська", locality="м. Львів", citizenship="foreigner"),
        given.person("Немає", method="mobile_id"), given.person("Село", region="Полтавська", locality="с. Нема"),
    ]  # fmt: skip
    with clock.at(given.day(1)):
        given.grant(people[3], city, basis="work")
        given.grant(people[4], elsewhere, basis="study")
        ended = given.grant(people[5], city, basis="work")
        operator = given.official("Оксана", "operator", city)
        end_membership(membership=ended, reason="помилка", by=operator)
        given.grant(people[6], city, basis="property", ends_on=given.day(40).date())
        record_citizenship(
            person=people[0],
            status="citizen",
            evidence="passport",
            document_reference="№ 1",
            community=city,
            by=operator,
        )
    Identifier.objects.filter(person=people[2]).update(kind="passport")
    return people


RULES = st.builds(
    Eligibility,
    min_age=st.sampled_from([None, 14, 16, 95]),
    max_age=st.sampled_from([None, 35]),
    bases=st.sampled_from([("registered",), ("work", "property"), ("registered", "work", "study"), ()]),
    citizenship=st.sampled_from([tuple(CITIZENSHIPS), ("citizen",), ("citizen", "foreigner")]),
    evidence=st.sampled_from([{}, {"work": ("employment-certificate",)}, {"registered": (EVIDENCE[0],)}]),
    channels=st.sampled_from([{}, {"work": ("desk",)}, {"registered": ("online", "paper")}]),
    operator_grant=st.booleans(),
    personal_number=st.booleans(),
)


def compared(people: list[Person], rule: Eligibility, channel: str) -> None:
    city = Community.objects.select_related("territory").get(territory_id=given.POLTAVA)
    found = standings(
        named=[named(each) for each in people], community=city, rule=rule, moment=MOMENT, channel=channel
    )
    for someone, standing in zip(people, found, strict=True):
        alone = obstacles(person=someone, territory=city.territory, rule=rule, moment=MOMENT, channel=channel)
        assert standing.codes == tuple(each.code for each in alone)
        assert list(standing.tokens) == number_tokens(someone)
        assert standing.is_known


@any_of(RULES, st.sampled_from(CHANNELS))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_rule_the_crowd_is_told_as_each_of_them(crowd, rule, channel):
    compared(crowd, rule, channel)


def test_under_every_preset_too(crowd):
    for entry in presets():
        compared(crowd, preset(entry.id).rules.voter, "paper")


def test_the_number_of_queries_does_not_grow_with_the_people(crowd, django_assert_max_num_queries):
    city = given.community()
    asked = [named(each) for each in crowd]
    rule = Eligibility(min_age=16, citizenship=("citizen",), personal_number=True)
    with django_assert_max_num_queries(12):
        standings(named=asked, community=city, rule=rule, moment=MOMENT, channel="paper")


def test_whoever_never_identified_is_told_by_the_register_of_the_community(db):
    city = given.community()
    numbers = [given.claims("x", serial=serial).tax_number for serial in (1, 2)]
    administrator = given.official("Віктор", "administrator", city)
    draft = prepare_register(community=city, content=f"{numbers[0]};Полтава".encode(), by=administrator).draft
    import_register(community=city, digest=draft.digest, by=administrator)
    asked = []
    for number in numbers:
        read = read_number(number, today=MOMENT.date())
        asked.append(Named(read.kind, read.token, number, read.birth_date))
    rule = Eligibility(min_age=16, bases=("registered",), personal_number=True)
    resident, stranger = standings(named=asked, community=city, rule=rule, moment=MOMENT, channel="paper")
    assert (resident.codes, resident.territory, resident.is_known) == ((), given.POLTAVA, False)
    assert resident.tokens == (asked[0].token,)
    assert stranger.codes == ("not_member",)
    old = Eligibility(min_age=60, bases=("registered",))
    (young, _other) = standings(named=asked, community=city, rule=old, moment=MOMENT, channel="paper")
    assert young.codes == ("too_young",)
