"""The settlement of an address as banks and registers write it; what fits several places fits none."""

import random
from collections import Counter

import pytest
from tests import given
from tests.communities.edition import present

from viche.communities.codifier import former_names, search_form
from viche.communities.models import SETTLEMENT_CATEGORIES, FormerName, Territory
from viche.communities.queries import address_match, territories_named, territory_of_address

pytestmark = pytest.mark.django_db

KYIV, KHARKIV, DNIPRO = "UA80000000000093317", "UA63120270010096107", "UA12020010010037010"
NIKOPOL, FRANKIVSK = "UA12080050010045604", "UA26040190010045761"
MALA, VELYKA_BAHACHKA = "Мала Перещепина", "Велика Багачка"
POLTAVA_DISTRICTS = {"Київський": "UA53080370010183642", "Шевченківський": given.DISTRICT}


def found(region: str, locality: str, district: str = "") -> tuple[str, str]:
    match = address_match(region=region, locality=locality, district=district)
    assert match.territory == territory_of_address(region=region, locality=locality, district=district)
    return (match.territory.name if match.territory else "", match.how)


@pytest.mark.parametrize(
    ("region", "locality"),
    [
        ("Полтавська обл.", "м.Полтава"), ("обл. Полтавська", "Полтава місто"), ("Полтавська", "місто Полтава"),
        ("ПОЛТАВСЬКА ОБЛ", "М ПОЛТАВА"), ("Полтавська  область", "Полтава (місто)"), ("Полтавcькa", "Пoлтaвa"),
        ("Полтавская область", "г. Полтава"), ("Полтавская", "город Полтава"), ("", "Полтавська обл., м. Полтава"),
        ("Полтавська", "м. Полтава, вул. Соборності, буд. 36, кв. 5"), ("Полтавська", "Полтава, 36000"),
        ("Полтавська", "Україна, Полтавська область, Полтавський район, м. Полтава"), ("Полтавська", "м. Полтава,"),
        ("Полтавська", "Полтавська міська територіальна громада, м. Полтава"), ("Полтавська", "Poltava"),
    ],
)  # fmt: skip
def test_one_city_written_in_many_ways(region, locality):
    assert territory_of_address(region=region, locality=locality).code == given.POLTAVA


@pytest.mark.parametrize(
    ("region", "locality"),
    [("м. Київ", ""), ("м. Київ", "м. Київ"), ("Київ", "Київ"), ("КИЇВ", "місто Київ"), ("Киев", "г. Киев"),
     ("м. Київ", "м. Київ, вул. Хрещатик, 36")],
)  # fmt: skip
def test_kyiv_is_a_region_and_a_city(region, locality):
    assert territory_of_address(region=region, locality=locality).code == KYIV


@pytest.mark.parametrize(
    ("locality", "district", "name"),
    [
        ("м. Полтава, Київський район", "", "Київський"), ("м. Полтава, р-н Шевченківський", "", "Шевченківський"),
        ("Полтава Київський район", "", "Київський"), ("м. Полтава Київський р-н", "", "Київський"),
        ("м. Полтава", "Київський район", "Київський"), ("м. Полтава", "Полтавський район", "Полтава"),
        ("м. Полтава", "Ленінський район", "Полтава"),
        ("м. Полтава, Київський район, Шевченківський район", "", "Полтава"),
    ],
)  # fmt: skip
def test_the_district_of_a_city_beside_it_is_found_and_an_unknown_one_is_left_out(locality, district, name):
    assert found("Полтавська", locality, district)[0] == name


def test_a_district_of_kyiv_is_found():
    assert found("м. Київ", "Печерський район")[0] == "Печерський"
    assert found("м. Київ", "м. Київ, Печерський р-н")[0] == "Печерський"


@pytest.mark.parametrize(
    ("region", "locality", "name"),
    [
        ("Днепропетровская", "г. Днепр", "Дніпро"), ("Харьковская", "Харьков", "Харків"),
        ("Днепропетровская", "Никополь", "Нікополь"), ("Львовская", "Львов", "Львів"),
        ("Запорожская", "Запорожье", "Запоріжжя"), ("Николаевская", "г. Николаев", "Миколаїв"),
        ("Одесская", "Одесса", "Одеса"), ("Черниговская", "Чернигов", "Чернігів"), ("Ровенская", "Ровно", "Рівне"),
        ("Ивано-Франковская", "Ивано - Франковск", "Івано-Франківськ"), ("Киевская", "Белая Церковь", "Біла Церква"),
        ("Донецкая", "г. Краматорск", "Краматорськ"), ("Винницкая", "Винница", "Вінниця"),
        ("Хмельницкая", "Каменец-Подольский", "Кам’янець-Подільський"), ("Полтавская", "Кременчуг", "Кременчук"),
    ],
)  # fmt: skip
def test_a_city_in_its_russian_spelling(region, locality, name):
    assert found(region, locality) == (name, "respelled")


@pytest.mark.parametrize(
    ("region", "locality", "name"),
    [
        ("Дніпропетровська", "м. Дніпропетровськ", "Дніпро"), ("Дніпропетровська", "Новомосковськ", "Самар"),
        ("Кіровоградська", "м. Кіровоград", "Кропивницький"), ("Полтавська", "м. Комсомольськ", "Горішні Плавні"),
        ("Львівська", "м.Червоноград", "Шептицький"), ("Харківська", "м. Красноград", "Берестин"),
        ("Житомирська", "Новоград - Волинський", "Звягель"), ("Миколаївська", "м. Южноукраїнськ", "Південноукраїнськ"),
    ],
)  # fmt: skip
def test_a_settlement_by_the_name_it_bore_before(region, locality, name):
    assert found(region, locality) == (name, "former name")
    assert name in [each.name for each in territories_named(locality.split(".")[-1].replace(" - ", "-"))]


@pytest.mark.parametrize(
    ("region", "locality", "name", "how"),
    [
        ("Івано-Франківська", "м. Івано Франківськ", "Івано-Франківськ", "respelled"),
        ("Івано - Франківська", "м. Івано–Франківськ", "Івано-Франківськ", "exact"),
        ("Полтавська", "с. Камяні Потоки", "Кам’яні Потоки", "respelled"),
        ("Полтавська", "с. Кам`яні   Потоки", "Кам’яні Потоки", "exact"),
        ("Полтавська", "с. М. Перещепина", MALA, "respelled"), ("Полтавська", "М. Перещепина", MALA, "respelled"),
        ("Полтавська", "Мал. Перещепина", MALA, "respelled"),
        ("Полтавська", "смт В. Багачка", VELYKA_BAHACHKA, "respelled"),
        ("Полтавська", "с. Градизьк", "Градизьк", "exact"), ("Полтавська", "Градизьк селище", "Градизьк", "exact"),
        ("Полтавська", "м. Кременчукк", "Кременчук", "fuzzy"), ("Полтавська", "м. Миргорд", "Миргород", "fuzzy"),
    ],
)  # fmt: skip
def test_other_dashes_shortened_words_and_one_letter_amiss(region, locality, name, how):
    assert found(region, locality) == (name, how)


class TestOneNameInSeveralPlaces:
    def test_it_is_refused_with_the_candidates(self):
        match = address_match(region="Полтавська", locality="с. Новоселівка")
        assert match.territory is None
        assert {each.name for each in match.candidates} == {"Новоселівка"}
        assert len(match.candidates) == 9

    @pytest.mark.parametrize(
        ("locality", "district", "code"),
        [
            ("с. Новоселівка", "Миргородський район", "UA53060310100045734"),
            ("с. Новоселівка, Миргородський р-н", "", "UA53060310100045734"),
            ("Новоселівка", "Полтавський", ""), ("с. Новоселівка", "Кременчуцький", ""),
            # raions until 2020: what lay in them lies in one raion now
            ("с. Лисівка", "Новосанжарський район", "UA53080310250061635"),
            ("с. Попове, Новосанжарський р-н", "", "UA53080310350067206"),
            ("с. Новоселівка", "Новосанжарський район", ""),
        ],
    )  # fmt: skip
    def test_the_raion_settles_it_where_it_can(self, locality, district, code):
        match = address_match(region="Полтавська", locality=locality, district=district)
        if code and match.territory is None:
            raise AssertionError([each.path for each in match.candidates])
        assert (match.territory.code if match.territory else "") == code
        assert code or len(match.candidates) > 1

    def test_so_does_the_hromada(self):
        village = Territory.objects.get(pk="UA53020070050074155")
        hromada = village.parent.name
        assert territory_of_address(region="Полтавська", locality=f"{hromada} ТГ, с. Новоселівка") == village

    def test_a_village_of_the_same_name_in_another_region_is_no_match(self):
        """Never across regions, and never a guess where the name as typed exists."""
        assert found("Львівська", "м. Полтава") == ("", "")
        assert found("Полтавська", "с. Яблунівка")[1] != "fuzzy"


@pytest.mark.parametrize(
    "locality",
    ["", " ", "м.", ",,,", "м. ", "вул. Соборності", "36000", "Полтавська", "%", "______", "\\", "м. Нетут",
     "с. Аааааа", "1" * 500, "м. " * 50, "(((", "район", "р-н "],
)  # fmt: skip
def test_what_names_nothing_finds_nothing(locality):
    assert found("Полтавська", locality) == ("", "")


class TestEverySettlementOfTheCodifier:
    """All of them, or a drawn part of them where each takes queries."""

    def unique(self) -> list[tuple[str, str, str, str]]:
        """(region, category, name, code) of the settlements whose name their region has once."""
        rows = present()
        tops = {code: code for code, row in rows.items() if not row.parent}

        def top(code: str) -> str:
            if code not in tops:
                tops[code] = top(rows[code].parent)
            return tops[code]

        kinds = set(SETTLEMENT_CATEGORIES) - {"K"}
        settlements = [
            (rows[top(code)].name, row.category, row.name, code)
            for code, row in rows.items()
            if row.category in kinds
        ]
        names = Counter((region, search_form(name)) for region, _kind, name, _code in settlements)
        return [each for each in settlements if names[each[0], search_form(each[2])] == 1]

    def drawn(self, number: int) -> list[tuple[str, str, str, str]]:
        return random.Random(4).sample(self.unique(), number)

    def test_it_is_found_by_its_full_name_in_capitals_and_with_other_apostrophes(self):
        words = {"M": "м. ", "T": "смт ", "X": "с-ще ", "C": "с. "}
        faults = []
        odd = [
            each
            for each in self.unique()
            if "’" in each[2] or "." in each[2] or each[2].split()[-1] in {"Село", "Рада"}
        ]
        for region, kind, name, code in [*self.drawn(700), *random.Random(5).sample(odd, 150)]:
            for written in (
                words[kind] + name,
                name,
                (words[kind] + name).upper(),
                name.replace("’", "'"),
                name.replace("’", "`"),
                f"{name.replace('’', 'ʼ')}, вул. Миру, 1",
            ):
                match = address_match(region=f"{region} область", locality=written)
                if match.territory is None or match.territory.code != code or match.how != "exact":
                    faults.append((region, written, match))
        assert faults == []

    def test_a_letter_typed_wrong_never_leads_away_from_a_place_that_bears_the_name_typed(self):
        exact = {search_form(name) for _region, _kind, name, _code in self.unique()}
        letters = "абвгдеєжзиіїйклмнопрстуфхцчшщьюя"
        chance = random.Random(6)
        rest = 0
        for region, _kind, name, code in self.drawn(400):
            place = chance.randrange(1, len(name))
            typed = search_form(name[:place] + chance.choice(letters) + name[place + chance.choice((0, 1)) :])
            match = address_match(region=region, locality=typed)
            if match.territory is None:
                continue
            if typed in exact or Territory.objects.filter(search_name=typed).exists():
                assert match.how != "fuzzy" or match.territory.search_name == typed, (typed, match)
            elif match.how == "fuzzy":
                rest += 1
                assert match.territory.code == code, (name, typed, match)
        assert rest > 50, "the test met typing faults that are mended"

    def test_a_settlement_is_not_found_in_another_region(self):
        for region, _kind, name, code in self.drawn(150):
            other = "Львівська" if region != "Львівська" else "Полтавська"
            match = address_match(region=other, locality=name)
            assert match.territory is None or match.territory.code != code, (name, match)


class TestFormerNames:
    def test_each_belongs_to_an_object_of_the_codifier_and_is_in_the_database(self):
        written = list(former_names())
        assert len(written) > 60
        assert {(code, name) for code, name, *_rest in written} == set(
            FormerName.objects.values_list("territory_id", "name")
        )

    def test_no_object_bears_its_former_name_now(self):
        for row in FormerName.objects.select_related("territory"):
            assert row.search_name != row.territory.search_name or row.territory.category == "P"
            assert 1990 <= row.since <= 2026
