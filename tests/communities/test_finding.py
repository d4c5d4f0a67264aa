"""Anyone finds their community as they call it."""

import pytest
from tests import given

from viche.communities.queries import communities_named, territories_named


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Полтава", given.POLTAVA), ("м. Полтава", given.POLTAVA), ("місто Полтава", given.POLTAVA),
        ("Poltava", given.POLTAVA), ("Мачухівська громада", given.MACHUKHY),
        ("мачухівська сільська територіальна громада", given.MACHUKHY), ("Мачухівська ОТГ", given.MACHUKHY),
        ("Полтавська область", "UA53000000000028050"), ("Полтавський район", "UA53080000000068029"),
        ("Machukhivska", given.MACHUKHY),
    ],
)  # fmt: skip
def test_a_place_is_found_with_its_kind_and_in_latin_letters(typed, code):
    assert code in [found.code for found in territories_named(typed)]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", " ", "громада", "%", "_", "'; DROP TABLE", "\\"])
def test_what_names_nothing_finds_nothing(typed):
    assert territories_named(typed) == []


@pytest.mark.django_db
def test_a_connected_body_is_found_by_its_own_name():
    body = given.community(given.MACHUKHY, name={"uk": "Наша громада", "en": "Our village"})
    assert communities_named("наша") == [body]
    assert communities_named("our vill") == [body]
    assert communities_named("н") == []
