"""Offices: who holds what, where a right reaches, and how it ends."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.actions import admit_staff_from_above, archive_community
from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions import end_office, grant_office
from viche.identity.models import COMMUNITY_ROLES, INHERITED_ROLES, PLATFORM, Office, Role
from viche.identity.queries import actor_of, roles_in, staff_of
from viche.journal.models import Entry

REGION, RAION, HROMADA = "UA53000000000028050", "UA53080000000068029", "UA53080370000025447"
CITY, CITY_DISTRICT, SIBLING = given.POLTAVA, given.DISTRICT, given.MACHUKHY


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value


@pytest.fixture
def tree(db) -> dict[str, Community]:
    """A region, a hromada in it, the city of the hromada, a district of the city; and a sibling hromada."""
    codes = {
        "region": REGION,
        "hromada": HROMADA,
        "city": CITY,
        "district": CITY_DISTRICT,
        "sibling": SIBLING,
    }
    return {name: given.community(code, slug=f"body-{name}") for name, code in codes.items()}


class TestInheritance:
    """Rights of staff go downwards and never sideways, nor up."""

    @pytest.mark.parametrize("role", INHERITED_ROLES)
    def test_staff_of_a_region_have_their_rights_in_everything_inside_it(self, tree, role):
        roman = given.person("Роман")
        grant_office(person=roman, community=tree["region"], role=role, by=SYSTEM)
        for name in ("region", "hromada", "city", "district", "sibling"):
            assert roles_in(roman, tree[name]) == {role}, name
            assert actor_of(roman, tree[name]).holds(role, community=tree[name].code)

    @pytest.mark.parametrize("role", sorted(set(COMMUNITY_ROLES) - set(INHERITED_ROLES)))
    def test_a_commission_and_a_partner_stay_in_the_body_that_chose_them(self, tree, role):
        roman = given.person("Роман")
        grant_office(person=roman, community=tree["region"], role=role, by=SYSTEM)
        assert roles_in(roman, tree["region"]) == {role}
        assert not roles_in(roman, tree["hromada"])

    def test_never_upwards_and_never_sideways(self, tree):
        petro = given.person("Петро")
        grant_office(person=petro, community=tree["hromada"], role="administrator", by=SYSTEM)
        assert roles_in(petro, tree["city"]) == roles_in(petro, tree["district"]) == {"administrator"}
        assert not roles_in(petro, tree["region"])
        assert not roles_in(petro, tree["sibling"])

    def test_a_body_that_closes_its_door_keeps_out_those_above_for_itself_and_for_those_below(self, tree):
        roman, petro = given.person("Роман"), given.person("Петро")
        grant_office(person=roman, community=tree["region"], role="administrator", by=SYSTEM)
        grant_office(person=petro, community=tree["hromada"], role="administrator", by=SYSTEM)
        admit_staff_from_above(community=tree["hromada"], is_open=False, by=actor_of(petro, tree["hromada"]))
        bodies = {name: Community.objects.get(pk=body.pk) for name, body in tree.items()}
        assert not roles_in(roman, bodies["hromada"])
        assert not roles_in(roman, bodies["district"])
        assert roles_in(petro, bodies["district"]) == {"administrator"}
        assert roles_in(roman, bodies["sibling"]) == {"administrator"}
        assert [each.office.person for each in staff_of(bodies["district"])] == [petro]

    def test_an_office_that_has_ended_and_a_body_that_has_left_give_nothing(self, tree):
        roman = given.person("Роман")
        office = grant_office(person=roman, community=tree["region"], role="operator", by=SYSTEM)
        end_office(office=office, by=SYSTEM)
        assert not roles_in(roman, tree["city"])
        grant_office(person=roman, community=tree["region"], role="operator", by=SYSTEM)
        archive_community(community=tree["region"], decision="№ 1", by=SYSTEM)
        assert not roles_in(roman, tree["city"])

    def test_an_inherited_right_does_the_act_itself(self, tree):
        roman = given.official("Роман", "administrator", tree["region"])
        by = actor_of(given.person("Роман"), tree["city"])
        assert grant_office(person=given.person("Ганна"), community=tree["city"], role="operator", by=by)
        assert (
            refused(
                grant_office, person=given.person("Ганна"), community=tree["city"], role="auditor", by=roman
            ).code
            == "not_administrator"
        )

    def test_two_queries_however_many_bodies_stand_above(self, tree):
        roman = given.person("Роман")
        for name in ("region", "hromada", "city"):
            grant_office(person=roman, community=tree[name], role="auditor", by=SYSTEM)
        district = Community.objects.select_related("territory").get(pk=tree["district"].pk)
        with CaptureQueriesContext(connection) as captured:
            assert roles_in(roman, district) == {"auditor"}
        assert len(captured) == 2
        nobody = given_nobody()
        with CaptureQueriesContext(connection) as captured:
            assert not roles_in(nobody, district)
        assert len(captured) == 1

    def test_the_list_of_staff_says_where_from(self, tree):
        grant_office(person=given.person("Роман"), community=tree["region"], role="auditor", by=SYSTEM)
        grant_office(person=given.person("Ірина"), community=tree["region"], role="commission", by=SYSTEM)
        grant_office(person=given.person("Петро"), community=tree["city"], role="operator", by=SYSTEM)
        rows = [(each.office.person.given_name, each.origin) for each in staff_of(tree["city"])]
        assert rows == [("Петро", None), ("Роман", tree["region"])]


def given_nobody():
    from viche.identity.models import Person

    return Person.objects.create(family_name="Ніхто", given_name="Немає", created_at=clock.now())


class TestPlatform:
    def test_the_platforms_administrator_has_no_community_and_nobody_else_has_none(self, db):
        nazar = given.person("Назар")
        office = grant_office(person=nazar, community=None, role="platform", by=SYSTEM)
        assert office.community is None
        assert actor_of(nazar).holds(Role.PLATFORM, community=PLATFORM)
        assert not roles_in(nazar, given.community())
        assert Entry.objects.filter(log__community=PLATFORM, kind="OfficeGranted").count() == 1
        for community, role in ((None, "administrator"), (given.community(), "platform")):
            assert (
                refused(grant_office, person=nazar, community=community, role=role, by=SYSTEM).code
                == "wrong_place"
            )

    @pytest.mark.parametrize("role", ["administrator", "platform"])
    def test_the_database_itself_refuses_an_office_in_the_wrong_place(self, db, role):
        community = given.community() if role == "platform" else None
        with pytest.raises(IntegrityError, match="only_the_platform_has_no_community"), transaction.atomic():
            Office.objects.create(
                person=given.person("Назар"), community=community, role=role, since=clock.now()
            )

    def test_a_second_grant_is_the_same_office_and_the_last_one_stays(self, db):
        nazar = given.person("Назар")
        office = grant_office(person=nazar, community=None, role="platform", by=SYSTEM)
        assert grant_office(person=nazar, community=None, role="platform", by=SYSTEM) == office
        assert refused(end_office, office=office, by=SYSTEM).code == "last_administrator"
        grant_office(person=given.person("Ганна"), community=None, role="platform", by=actor_of(nazar))
        end_office(office=office, by=SYSTEM)
        assert not roles_in(nazar, None)

    def test_an_administrator_of_a_body_gives_no_office_on_the_platform(self, db):
        viktor = given.official("Віктор", "administrator", given.community())
        answer = refused(
            grant_office, person=given.person("Назар"), community=None, role="platform", by=viktor
        )
        assert (answer.code, answer.status) == ("not_platform", 403)


class TestEnding:
    def test_the_unit_is_kept_and_bounded(self, db):
        city = given.community()
        office = grant_office(
            person=given.person("Ганна"), community=city, role="reviewer", unit=" Відділ ЖКГ ", by=SYSTEM
        )
        assert office.unit == "Відділ ЖКГ"
        answer = refused(
            grant_office,
            person=given.person("Ганна"),
            community=city,
            role="operator",
            unit="я" * 201,
            by=SYSTEM,
        )
        assert answer.fields["unit"]

    def test_two_administrators_who_end_each_other_at_once_leave_one(self, committed_db):
        city = given.community()
        people = [given.person(name) for name in ("Віктор", "Марія")]
        offices = [
            grant_office(person=person, community=city, role="administrator", by=SYSTEM) for person in people
        ]
        actors: list[Actor] = [actor_of(person, city) for person in people]
        answers = at_once(2, lambda place: end_office(office=offices[1 - place], by=actors[place]))
        assert refusals(answers) == ["last_administrator"]
        assert Office.objects.filter(until__isnull=True, role="administrator").count() == 1
