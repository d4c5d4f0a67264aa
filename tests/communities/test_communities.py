"""A self-government body is connected once, under an address nobody else has."""

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.actions import RESERVED_SLUGS, brand_community, connect_community
from viche.communities.latin import slug_of
from viche.communities.models import Community, Territory
from viche.communities.queries import areas_of, communities_of, territories_named, territory_of_address
from viche.config import urls
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.queries import memberships_in
from viche.journal.models import Entry

HRADYZK = "UA53020050010049580"
REGION, POLTAVA_DISTRICT = "UA53000000000028050", "UA53080000000068029"
MACHUKHY_VILLAGE = "UA53080230010079895"


def refusal(**wanted: object) -> str:
    with pytest.raises(Refused) as refused:
        connect_community(**{"code": given.POLTAVA, "by": SYSTEM, **wanted})
    assert str(refused.value.message)
    return refused.value.code


@pytest.mark.django_db
class TestConnecting:
    def test_a_body_gets_its_place_in_the_tree_and_its_address(self):
        city = connect_community(code=given.POLTAVA, by=SYSTEM)
        assert (city.slug, city.territory.full_name, city.title) == ("poltava", "м. Полтава", "м. Полтава")
        assert (
            Entry.objects.filter(kind="CommunityConnected", subject=f"community:{given.POLTAVA}").count() == 1
        )

    def test_the_code_may_be_typed_carelessly(self):
        assert connect_community(code=f" {given.POLTAVA.lower()} ", by=SYSTEM).code == given.POLTAVA

    def test_an_unknown_code_connects_nothing(self):
        assert refusal(code="UA00000000000000000") == "unknown_code"
        assert not Community.objects.exists()

    def test_a_body_is_connected_once(self):
        given.community()
        assert refusal(slug="other") == "already_connected"

    @pytest.mark.parametrize("slug", ["static", "identity", "my", "theme", "pages", "en"])
    def test_an_address_of_the_platform_is_reserved(self, slug):
        assert refusal(slug=slug) == "bad_slug"

    def test_every_page_of_the_platform_is_reserved(self):
        # a name with a dot is no address of a body
        own = {part for each in urls.urlpatterns for part in first_parts(each) if part and "." not in part}
        assert {"login", "my", "ui", "identity"} <= own
        assert own <= RESERVED_SLUGS

    @pytest.mark.parametrize(
        "slug", ["Полтава", "a", "-poltava", "poltava-", "pol tava", "pol/tava", "9poltava", "x" * 41]
    )
    def test_an_address_is_latin_letters_digits_and_hyphens(self, slug):
        assert refusal(slug=slug) == "bad_slug"

    def test_two_bodies_do_not_share_an_address(self):
        given.community()
        assert refusal(code=given.LVIV, slug="poltava") == "slug_taken"
        assert Entry.objects.filter(kind="CommunityConnected").count() == 1

    def test_two_bodies_do_not_share_a_domain(self):
        given.community(host="budget.example")
        assert refusal(code=given.LVIV, host="budget.example") == "slug_taken"

    @pytest.mark.parametrize(
        "face", [{"brand_colour": "red"}, {"contact_email": "nobody"}, {"website": "site"}]
    )
    def test_a_face_is_checked(self, face):
        assert refusal(**face) == "bad_value"

    def test_a_name_is_written_in_latin_letters(self):
        assert [slug_of(name) for name in ("Щастя", "Кам’янське", "Біла Церква", "Згурівка", "Яготин")] == [
            "shchastia", "kamianske", "bila-tserkva", "zghurivka", "yahotyn",
        ]  # fmt: skip


def first_parts(pattern: object) -> list[str]:
    """First parts of the paths a pattern serves; a language prefix is looked through."""
    if hasattr(pattern, "url_patterns"):
        return [part for each in pattern.url_patterns for part in first_parts(each)]
    return [str(pattern.pattern).removeprefix("^").split("/")[0]]


def test_connecting_one_body_many_times_at_once_connects_it_once(committed_db):
    found = at_once(8, lambda place: connect_community(code=given.POLTAVA, slug=f"town-{place}", by=SYSTEM))
    assert len(refusals(found)) == 7
    assert Community.objects.count() == 1
    assert Entry.objects.filter(kind="CommunityConnected").count() == 1


@pytest.mark.django_db
class TestBranding:
    def test_an_administrator_changes_the_face(self):
        city = given.community()
        by = given.official("Віктор", "administrator", city)
        brand_community(community=city, by=by, brand_colour="#0a5c36", contact_phone="+380532000000")
        city.refresh_from_db()
        assert (city.brand_colour, city.contact_phone) == ("#0a5c36", "+380532000000")
        assert Entry.objects.filter(kind="CommunityBranded").count() == 1

    def test_nothing_changed_is_nothing_written(self):
        city = given.community()
        brand_community(community=city, by=SYSTEM, brand_colour=city.brand_colour)
        assert not Entry.objects.filter(kind="CommunityBranded").exists()

    def test_others_do_not(self):
        city = given.community()
        by = Actor(kind="official", reference=str(given.person("Ірина").id), roles=frozenset({"commission"}))
        with pytest.raises(Refused) as refused:
            brand_community(community=city, by=by, brand_colour="#0a5c36")
        assert refused.value.code == "not_administrator"


@pytest.mark.django_db
class TestMembershipFollowsTheTree:
    def test_a_villager_belongs_to_the_village_the_hromada_the_district_and_the_region(self):
        villager = given.person("Ганна", locality="с. Мачухи")
        for code in (MACHUKHY_VILLAGE, given.MACHUKHY, POLTAVA_DISTRICT, REGION):
            assert len(memberships_in(villager, Territory.objects.get(pk=code))) == 1, code
        for code in (given.POLTAVA, given.LVIV, "UA53080370000025447"):
            assert memberships_in(villager, Territory.objects.get(pk=code)) == [], code

    def test_connected_bodies_of_a_village_come_from_the_broadest(self):
        hromada, region = given.community(given.MACHUKHY), given.community(REGION)
        given.community(given.POLTAVA)
        assert list(communities_of(Territory.objects.get(pk=MACHUKHY_VILLAGE))) == [region, hromada]

    @pytest.mark.parametrize(
        ("code", "inside", "kinds"),
        [
            (given.POLTAVA, given.DISTRICT, "B"),
            (given.MACHUKHY, MACHUKHY_VILLAGE, "CXM"),
            (REGION, given.MACHUKHY, "H"),
        ],
    )
    def test_a_project_names_a_place_inside_its_body(self, code, inside, kinds):
        territory = Territory.objects.get(pk=code)
        areas = areas_of(territory)
        assert areas[0] == territory
        assert inside in {area.code for area in areas}
        assert {area.category for area in areas[1:]} <= set(kinds)
        assert all(area.is_inside(territory) for area in areas)


@pytest.mark.django_db
class TestAnAddressIsMatchedToTheCodifier:
    @pytest.mark.parametrize(
        ("region", "locality", "code"),
        [
            ("Полтавська", "м. Полтава", given.POLTAVA), ("Полтавська область", "Полтава", given.POLTAVA),
            ("ПОЛТАВСЬКА ОБЛАСТЬ", "ПОЛТАВА", given.POLTAVA), ("полтавська обл.", "м.Полтава", given.POLTAVA),
            ("Полтавська обл", "місто Полтава", given.POLTAVA), (" Полтавська ", "  м  Полтава ", given.POLTAVA),
            ("обл. Полтавська", "М. ПОЛТАВА", given.POLTAVA),
            ("Полтавська", "с. Мачухи", MACHUKHY_VILLAGE), ("Полтавська", "село Мачухи", MACHUKHY_VILLAGE),
            ("Полтавська", "с.Мачухи", MACHUKHY_VILLAGE), ("Полтавська", "Мачухи", MACHUKHY_VILLAGE),
            ("Полтавська", "смт Градизьк", HRADYZK), ("Полтавська", "смт. Градизьк", HRADYZK),
            ("Полтавська", "селище Градизьк", HRADYZK), ("Полтавська", "с-ще Градизьк", HRADYZK),
            ("Полтавська", "селище міського типу Градизьк", HRADYZK),
            ("Полтавська", "с. Кам'яні Потоки", "UA53020070010066580"),
            ("Полтавська", "с. Кам`яні  Потоки", "UA53020070010066580"),
            ("Полтавська", "С. КАМʼЯНІ ПОТОКИ", "UA53020070010066580"),
            ("м. Київ", "м. Київ", "UA80000000000093317"), ("Київ", "Київ", "UA80000000000093317"),
            ("м.Київ", "місто Київ", "UA80000000000093317"), ("місто Київ", "м. Київ", "UA80000000000093317"),
            ("Львівська", "м. Львів", given.LVIV),
        ],
    )  # fmt: skip
    def test_many_ways_to_write_one_settlement(self, region, locality, code):
        found = territory_of_address(region=region, locality=locality)
        assert found is not None
        assert found.code == code

    @pytest.mark.parametrize(
        ("region", "locality", "why"),
        [
            ("Полтавська", "с. Новоселівка", "nine villages of the region bear the name"),
            ("Полтавська", "м. Мачухи", "Machukhy is no city"), ("Львівська", "м. Полтава", "another region"),
            ("Полтавська", "м. Нетут", "no such place"), ("Нетутська", "м. Полтава", "no such region"),
            ("", "м. Полтава", "no region"), ("Полтавська", "", "no settlement"), ("Полтавська", "м.", "no name"),
            ("Полтавська", "Полтавська", "a region is no settlement"), ("м. Київ", "м. Полтава", "not in Kyiv"),
            ("Київська", "м. Київ", "Kyiv is not in its region"),
        ],
    )  # fmt: skip
    def test_what_fits_none_or_several_is_left_to_an_operator(self, region, locality, why):
        assert territory_of_address(region=region, locality=locality) is None, why


@pytest.mark.django_db
class TestSearchByName:
    def test_an_exact_name_comes_first(self):
        assert territories_named("м. Полтава")[0].code == given.POLTAVA
        assert territories_named("ПОЛТАВ")[0].name.startswith("Полтав")

    def test_any_apostrophe_finds(self):
        assert {each.code for each in territories_named("кам'яні потоки")} >= {"UA53020070010066580"}

    @pytest.mark.parametrize("text", ["", "   ", "с. ", "%", "_олтава", "нетутакого"])
    def test_nothing_is_found_where_there_is_nothing(self, text):
        assert territories_named(text) == []
