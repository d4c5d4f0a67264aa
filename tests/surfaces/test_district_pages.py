"""An administrator draws districts on a page, without a script."""

import pytest

from tests import given
from tests.surfaces.ground import browser, holder, page, prefix
from viche.communities.models import Community, Territory

MACHUKHY, KOVANCHYK, BONDURY = "UA53080230010079895", "UA53080230100021287", "UA53080230030030653"
CODE = f"{given.MACHUKHY}-1"


@pytest.fixture
def hromada(db: None) -> Community:
    return given.community(given.MACHUKHY)


def client_of(body: Community, role: str = "administrator"):
    return browser(holder("Віктор" if role == "administrator" else "Ірина", role, body, locality="с. Мачухи"))


def test_a_district_is_drawn_changed_and_closed(hromada: Community, voting_day: None) -> None:
    client, address = client_of(hromada), f"{prefix(hromada)}office/districts/"
    assert address in page(client.get(f"{prefix(hromada)}office/")).own_links
    before = client.get(address).content.decode()
    assert before.count('type="checkbox"') == 27
    answer = client.post(
        address, {"act": "draw", "name": "Мачухівський", "settlements": [MACHUKHY, KOVANCHYK]}
    )
    assert answer["Location"] == address
    after = client.get(address)
    assert "Мачухівський старостинський округ" in page(after).text
    assert after.content.decode().count('type="checkbox"') == 25
    own = f"{address}{CODE}/"
    assert client.get(own).content.decode().count(" checked") == 2
    client.post(own, {"act": "redraw", "name": "Бондурівський", "settlements": [BONDURY]})
    assert Territory.objects.get(pk=BONDURY).parent_id == CODE
    assert Territory.objects.get(pk=MACHUKHY).parent_id == given.MACHUKHY
    assert client.post(own, {"act": "close"})["Location"] == address
    assert client.get(own).status_code == 404


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"name": "", "settlements": [MACHUKHY]}, {"name"}), ({"name": "Новий"}, {"settlements"}),
        ({"name": "Новий", "settlements": [given.POLTAVA]}, {"settlements"}), ({}, {"name", "settlements"}),
        ({"name": "Новий", "settlements": [KOVANCHYK]}, {"settlements"}),
    ],
)  # fmt: skip
def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(
    hromada: Community, voting_day: None, sent: dict, wrong: set
) -> None:
    client, address = client_of(hromada), f"{prefix(hromada)}office/districts/"
    client.post(address, {"name": "Перший", "settlements": [KOVANCHYK]})
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert f'value="{sent.get("name", "")}"' in answer.content.decode() or not sent.get("name")
    assert Territory.objects.filter(code__startswith=f"{given.MACHUKHY}-").count() == 1


def test_what_names_the_district_is_said_where_it_cannot_be_closed(
    hromada: Community, voting_day: None
) -> None:
    client, address = client_of(hromada), f"{prefix(hromada)}office/districts/"
    client.post(address, {"name": "Мачухівський", "settlements": [MACHUKHY]})
    pots = [
        {"id": name, "name": {"uk": name}, "amount": 400_000_000, "territory": code}
        for name, code in (("own", CODE), ("all", given.MACHUKHY))
    ]
    given.contest(hromada, rules={**given.RULES, "pots": pots})
    answer = client.post(f"{address}{CODE}/", {"act": "close"})
    assert answer.status_code == 409
    assert "Громадський бюджет 2026" in page(answer).text
    assert Territory.objects.get(pk=CODE).closed_at is None


def test_another_communitys_district_and_other_officials(hromada: Community, voting_day: None) -> None:
    client = client_of(hromada)
    client.post(f"{prefix(hromada)}office/districts/", {"name": "Мачухівський", "settlements": [MACHUKHY]})
    other = given.community("UA53080370000025447", slug="poltavska")
    foreign = browser(holder("Зоряна", "administrator", other))
    assert foreign.get(f"{prefix(other)}office/districts/{CODE}/").status_code == 404
    assert foreign.post(f"{prefix(other)}office/districts/{CODE}/", {"act": "close"}).status_code == 404
    assert foreign.get(f"{prefix(hromada)}office/districts/").status_code == 403
    assert client_of(hromada, "commission").get(f"{prefix(hromada)}office/districts/").status_code == 403


def test_a_city_draws_parts_without_settlements_and_a_region_nothing(db: None, voting_day: None) -> None:
    city, region = given.community(), given.community("UA53000000000028050")
    client, address = client_of(city), f"{prefix(city)}office/districts/"
    assert 'type="checkbox"' not in client.get(address).content.decode()
    client.post(address, {"name": "Левада"})
    assert "мікрорайон Левада" in page(client.get(address)).text
    assert client_of(region).get(f"{prefix(region)}office/districts/").status_code == 404
