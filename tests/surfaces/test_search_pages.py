"""Pages of the search: no script needed, nothing of a visitor's text runs, addresses keep what was asked."""

import json
import re
from decimal import Decimal

import pytest

from tests.surfaces.ground import browser, prefix
from viche.projects.actions.indexing import index_projects
from viche.projects.models import Project


@pytest.fixture
def base(ground):
    shifts = {1: "0", 2: "0.00001", 3: "0.02", 4: "0.05"}
    for number, shift in shifts.items():
        Project.objects.filter(contest=ground.voting, number=number).update(
            latitude=Decimal("49.58"),
            longitude=Decimal("34.55") + Decimal(shift),
            place_name=f"вул. Садова, {number}",
        )
    project = Project.objects.get(contest=ground.voting, number=1)
    project.title, project.text = "Сквер <b>& школи</b>", "Поруч <script>alert(1)</script> школа і парк."
    project.save(update_fields=["title", "text"])
    index_projects(Project.objects.filter(contest=ground.voting))
    return f"{prefix(ground.poltava)}2026/"


def text_of(address):
    response = browser().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def page_numbers(shown):
    return re.findall(r'class="project-card-title"><a href="[^"]*/projects/(\d+)/"', shown)


def test_found_words_are_marked_and_nothing_runs(base):
    shown = text_of(f"{base}projects/?q=школа")
    assert "<mark>школи</mark>" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>школа</mark>" in shown
    assert "<script>alert" not in shown
    assert "<b>& школи" not in shown


def test_a_slip_is_said_and_exact_search_is_one_link_away(base):
    shown = text_of(f"{base}projects/?q=скверр")
    assert "<b>сквер</b>" in shown
    assert "exact=1" in shown
    assert "Сквер" not in text_of(f"{base}projects/?q=скверр&exact=1").split('id="list"')[1]


def test_what_narrows_the_list_is_taken_away_one_by_one(base):
    shown = text_of(f"{base}projects/?q=школа&type=parks&state=admitted")
    assert 'href="?type=parks&amp;state=admitted"' in shown
    assert "Парки (1)" in shown


@pytest.mark.parametrize(
    "query",
    ["lat=a&lon=b", "box=1,2", "box=9,9,1,1", "state=none", "min=x", "q='%3A*%26", "sort=near", "page=99",
     "lat=NaN&lon=1", "near=ніде", "exact=1", "kind=none", "q=" + "а" * 3000],
)  # fmt: skip
@pytest.mark.parametrize("name", ["2026/projects/", "2026/projects/map/", "2026/projects.geojson", "search/"])
def test_an_odd_address_is_no_fault(base, name, query):
    text_of(f"{base.removesuffix('2026/')}{name}?{query}")


def test_near_an_address_without_scripts(base):
    shown = text_of(f"{base}projects/?near=Садова 3")
    assert page_numbers(shown)[0] == "3"
    assert "2,2 км" in shown  # the fourth, 0.03° further east
    assert "Садова, 3" in shown


def test_the_map_leads_closer_and_to_projects(base):
    shown = text_of(f"{base}projects/map/")
    assert f'href="{base}projects/4/"' in shown
    assert f'href="{base}projects/?box=34.5' in shown  # two in one place: their list
    inside = text_of(f"{base}projects/map/?box=34.549,49.57,34.551,49.59")
    assert f'href="{base}projects/4/"' not in inside


def test_the_file_holds_public_located_projects_only(base, ground):
    Project.objects.filter(contest=ground.voting, number=4).update(published_at=None)
    response = browser().get(f"{base}projects.geojson?q=проєкт")
    assert response["Content-Type"] == "application/geo+json"
    found = json.loads(response.content)["features"]
    assert [each["properties"]["number"] for each in found] == [2, 3]
    assert found[0]["geometry"]["coordinates"] == [34.55001, 49.58]


def test_the_search_of_the_body_reaches_all_its_contests(base):
    shown = text_of(base.removesuffix("2026/") + "search/?q=проєкт")
    assert "/2025/projects/1/" in shown
    assert "/2026/projects/2/" in shown
    assert browser().get("/search/").status_code == 404
