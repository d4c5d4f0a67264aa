"""A body draws its own districts from its settlements; each settlement lies in one of them at most."""

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.actions import close_district, connect_community, draw_district, redraw_district
from viche.communities.models import Territory
from viche.communities.queries import (
    areas_of,
    communities_of,
    free_settlements,
    own_districts,
    territories_named,
    territory_of_address,
)
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.queries import memberships_in
from viche.journal.models import Entry
from viche.projects.models import Project

HROMADA = given.MACHUKHY
MACHUKHY, KOVANCHYK, BONDURY = "UA53080230010079895", "UA53080230100021287", "UA53080230030030653"
HOZHULY = "UA53080370150016449"  # of another hromada


def place(code: str) -> Territory:
    return Territory.objects.get(pk=code)


def draw(name: str = "Мачухівський", *settlements: str, body=None, by=SYSTEM) -> Territory:
    return draw_district(
        community=body or given.community(HROMADA),
        name=name,
        settlements=settlements or (MACHUKHY, KOVANCHYK),
        by=by,
    )


def refusal(act, **facts) -> Refused:
    with pytest.raises(Refused) as refused:
        act(**facts)
    assert str(refused.value.message)
    return refused.value


@pytest.mark.django_db
class TestDrawing:
    def test_a_district_lies_between_the_hromada_and_its_settlements(self):
        district = draw()
        assert (district.code, district.full_name) == (f"{HROMADA}-1", "Мачухівський старостинський округ")
        village = place(MACHUKHY)
        assert village.is_inside(district)
        assert district.is_inside(place(HROMADA))
        assert village.path == f"{place(HROMADA).path}{district.code}/{MACHUKHY}/"
        assert not place(BONDURY).is_inside(district)
        entry = Entry.objects.get(kind="DistrictDrawn")
        assert (entry.subject, entry.log.community) == (f"territory:{district.code}", HROMADA)

    def test_its_people_belong_to_it_and_still_to_everything_above(self):
        villager = given.person("Ганна", locality="с. Мачухи")
        district = draw()
        for territory in (district, place(HROMADA), place("UA53000000000028050")):
            assert memberships_in(villager, territory)
        assert given.person("Марта", locality="с. Кованчик").memberships.get().territory.is_inside(district)
        assert territory_of_address(region="Полтавська", locality="с. Мачухи").code == MACHUKHY
        assert communities_of(place(MACHUKHY)).get().code == HROMADA

    def test_the_places_of_the_hromada_are_listed_by_district(self):
        draw("Мачухівський", KOVANCHYK, MACHUKHY)
        codes = [area.code for area in areas_of(place(HROMADA))]
        assert codes[:4] == [HROMADA, f"{HROMADA}-1", KOVANCHYK, MACHUKHY]
        assert len(codes) == len(set(codes)) == 29
        assert [each.code for each in areas_of(place(f"{HROMADA}-1"))] == [
            f"{HROMADA}-1",
            KOVANCHYK,
            MACHUKHY,
        ]
        assert f"{HROMADA}-1" in [
            each.code for each in territories_named("Мачухівський старостинський округ")
        ]

    def test_numbers_are_given_once(self):
        body = given.community(HROMADA)
        first = draw("Перший", MACHUKHY)
        close_district(community=body, district=first, by=SYSTEM)
        assert draw("Другий", MACHUKHY).code == f"{HROMADA}-2"

    def test_a_city_draws_parts_of_itself(self):
        city = given.community()
        part = draw_district(community=city, name="Левада", settlements=[], by=SYSTEM)
        assert (part.full_name, part.parent_id) == ("мікрорайон Левада", given.POLTAVA)
        assert part in areas_of(place(given.POLTAVA))
        found = refusal(draw_district, community=city, name="Алмазний", settlements=[MACHUKHY], by=SYSTEM)
        assert found.code == "bad_district"

    @pytest.mark.parametrize(
        ("name", "settlements", "field"),
        [
            ("", [KOVANCHYK], "name"), ("А", [KOVANCHYK], "name"), ("А" * 121, [KOVANCHYK], "name"),
            ("мачухівський", [KOVANCHYK], "name"), ("Інший", [], "settlements"), ("Інший", [MACHUKHY], "settlements"),
            ("Інший", [HOZHULY], "settlements"), ("Інший", ["UA00000000000000000"], "settlements"),
            ("Інший", [HROMADA], "settlements"), ("Інший", [KOVANCHYK, HOZHULY], "settlements"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(self, name, settlements, field):
        draw("Мачухівський", MACHUKHY)
        body = given.community(HROMADA)
        found = refusal(draw_district, community=body, name=name, settlements=settlements, by=SYSTEM)
        assert (found.code, list(found.fields)) == ("bad_district", [field])
        assert place(KOVANCHYK).parent_id == HROMADA
        assert len(own_districts(body.territory)) == 1

    def test_only_an_administrator_of_this_community(self):
        body, other = given.community(HROMADA), given.community(given.LVIV)
        own = given.official("Віктор", "administrator", body)
        strangers = [
            given.official("Ірина", "commission", body),
            given.official("Зоряна", "administrator", other, region="Львівська", locality="м. Львів"),
        ]
        for by in strangers:
            assert (
                refusal(draw_district, community=body, name="А-Б", settlements=[MACHUKHY], by=by).code
                == "not_administrator"
            )
        district = draw(body=body, by=own)
        for by in strangers:
            for act, facts in (
                (redraw_district, {"name": "В-Г", "settlements": [MACHUKHY]}),
                (close_district, {}),
            ):
                assert (
                    refusal(act, community=body, district=district, by=by, **facts).code
                    == "not_administrator"
                )

    def test_another_communitys_district_is_none_of_this_one(self):
        district = draw()
        other = given.community("UA53080370000025447", slug="poltavska")
        assert (
            refusal(close_district, community=other, district=district, by=SYSTEM).code == "unknown_district"
        )
        facts = {"name": "Інший", "settlements": [HOZHULY]}
        assert (
            refusal(redraw_district, community=other, district=district, by=SYSTEM, **facts).code
            == "unknown_district"
        )

    def test_a_region_draws_none_and_a_district_is_no_body(self):
        region = given.community("UA53000000000028050")
        facts = {"name": "Інший", "settlements": [MACHUKHY]}
        assert refusal(draw_district, community=region, by=SYSTEM, **facts).code == "no_districts"
        district = draw()
        assert refusal(connect_community, code=district.code, by=SYSTEM).code == "unknown_code"


@pytest.mark.django_db
class TestRedrawing:
    def test_settlements_come_and_go(self):
        body, district = given.community(HROMADA), draw("Мачухівський", MACHUKHY, KOVANCHYK)
        redraw_district(
            community=body,
            district=district,
            name="Бондурівський",
            settlements=[KOVANCHYK, BONDURY],
            by=SYSTEM,
        )
        assert [each.code for each in own_districts(body.territory)[0].children.order_by("code")] == [
            BONDURY,
            KOVANCHYK,
        ]
        assert (place(MACHUKHY).parent_id, place(MACHUKHY).path) == (
            HROMADA,
            f"{place(HROMADA).path}{MACHUKHY}/",
        )
        assert MACHUKHY in [each.code for each in free_settlements(place(HROMADA))]
        assert place(district.code).name == "Бондурівський"

    def test_nothing_changed_is_nothing_written(self):
        body, district = given.community(HROMADA), draw()
        redraw_district(
            community=body,
            district=district,
            name=district.name,
            settlements=[MACHUKHY, KOVANCHYK],
            by=SYSTEM,
        )
        assert not Entry.objects.filter(kind="DistrictRedrawn").exists()

    def test_a_settlement_is_not_taken_from_another_district(self):
        body, first = given.community(HROMADA), draw("Перший", MACHUKHY)
        draw("Другий", KOVANCHYK)
        found = refusal(
            redraw_district,
            community=body,
            district=first,
            name="Перший",
            settlements=[MACHUKHY, KOVANCHYK],
            by=SYSTEM,
        )
        assert "Кованчик" in found.fields["settlements"]


@pytest.mark.django_db
class TestClosing:
    def test_its_settlements_lie_in_the_hromada_again(self):
        body, district = given.community(HROMADA), draw()
        villager = given.person("Ганна", locality="с. Мачухи")
        close_district(community=body, district=district, by=SYSTEM)
        assert place(MACHUKHY).parent_id == HROMADA
        assert memberships_in(villager, place(HROMADA))
        assert own_districts(body.territory) == []
        assert district.code not in {each.code for each in areas_of(place(HROMADA))}
        assert (
            refusal(close_district, community=body, district=district, by=SYSTEM).code == "unknown_district"
        )

    def test_not_while_pots_and_projects_name_it(self):
        body, district = given.community(HROMADA), draw()
        pot = {"id": "own", "name": {"uk": "Округ"}, "amount": 400_000_000, "territory": district.code}
        contest = given.contest(
            body, rules={**given.RULES, "pots": [pot, {**pot, "id": "b", "territory": HROMADA}]}
        )
        author = given.person("Ганна", locality="с. Мачухи")
        given.submitted_project(contest, author=author, territory=district)
        found = refusal(close_district, community=body, district=district, by=SYSTEM)
        assert found.code == "in_use"
        assert len(found.fields[district.code]) == 2
        assert "2026" in str(found.fields)


@pytest.mark.django_db
class TestMoneyForADistrict:
    def rules(self, **territories: str) -> dict:
        pots = [
            {"id": name, "name": {"uk": name}, "amount": 400_000_000, "territory": code}
            for name, code in territories.items()
        ]
        return {**given.RULES, "pots": pots}

    def pot_of(self, contest, code: str, locality: str) -> str:
        author = given.person("Ганна", locality=locality)
        return given.submitted_project(contest, author=author, territory=place(code)).pot

    def test_a_project_in_a_village_is_paid_by_its_districts_pot(self):
        district = draw()
        contest = given.contest(given.community(HROMADA), rules=self.rules(all=HROMADA, own=district.code))
        assert self.pot_of(contest, MACHUKHY, "с. Мачухи") == "own"
        assert self.pot_of(contest, district.code, "с. Мачухи") == "own"
        assert self.pot_of(contest, BONDURY, "с. Мачухи") == "all"

    def test_a_city_district_and_a_hromada_of_a_region_too(self):
        city = given.contest(given.community(), rules=self.rules(own=given.DISTRICT, all=given.POLTAVA))
        assert given.submitted_project(city, territory=place(given.DISTRICT)).pot == "own"
        assert given.submitted_project(city, territory=place(given.POLTAVA)).pot == "all"
        region = given.contest(
            given.community("UA53000000000028050"), rules=self.rules(own=HROMADA, one=given.POLTAVA)
        )
        assert self.pot_of(region, MACHUKHY, "с. Мачухи") == "own"
        with pytest.raises(Refused) as refused:
            given.submitted_project(region, territory=place(HOZHULY))
        assert "category" in refused.value.fields

    @pytest.mark.parametrize(
        ("scope", "fits"),
        [
            ("starosta-district", {MACHUKHY, f"{HROMADA}-1"}), ("settlement", {MACHUKHY, BONDURY}),
            ("hromada", {MACHUKHY, BONDURY, f"{HROMADA}-1", HROMADA}), ("city", set()),
        ],
    )  # fmt: skip
    def test_a_class_for_a_level_takes_projects_of_that_level_or_inside_one(self, scope, fits):
        draw()
        classes = [{**given.RULES["size_classes"][0], "scope": scope}, given.RULES["size_classes"][1]]
        contest = given.contest(given.community(HROMADA), rules={**given.RULES, "size_classes": classes})
        author = given.person("Ганна", locality="с. Мачухи")
        for code in fits:
            given.submitted_project(contest, author=author, territory=place(code))
        for code in {MACHUKHY, BONDURY, f"{HROMADA}-1", HROMADA} - fits:
            found = refusal(given.submitted_project, of=contest, author=author, territory=place(code))
            assert list(found.fields) == ["territory"]
            assert "Малі" in found.fields["territory"]
        assert given.submitted_project(contest, author=author, territory=place(HROMADA), cost=100_000_000)
        assert Project.objects.filter(contest=contest).count() == len(fits) + 1


def test_one_settlement_is_put_into_one_district_however_many_try(committed_db):
    body = given.community(HROMADA)
    try:
        found = at_once(6, lambda number: draw(f"Округ {number}", MACHUKHY, body=body))
        assert refusals(found) == ["bad_district"] * 5
        assert len(own_districts(body.territory)) == 1
        assert place(MACHUKHY).parent_id == f"{HROMADA}-1"
    finally:
        Territory.objects.filter(pk=MACHUKHY).update(
            parent_id=HROMADA, path=f"{place(HROMADA).path}{MACHUKHY}/"
        )
        Territory.objects.filter(code__startswith=f"{HROMADA}-").delete()
