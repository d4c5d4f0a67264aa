"""A request is in the community of its exact host or of the first part of its path, and in no other."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import get_script_prefix, reverse
from tests import given

from viche.communities.place import PlaceMiddleware

pytestmark = pytest.mark.django_db

CITY_URLS = "viche.config.community_urls"


def visit(path: str, **headers: str):
    """The request as the views would see it, with a link made inside."""
    seen = {}

    def view(request):
        community = request.place.community
        seen["link"] = reverse("journal", urlconf=CITY_URLS) if community else None
        return HttpResponse("seen")

    request = RequestFactory().get(path, **headers)
    response = PlaceMiddleware(view)(request)
    return request, response, seen.get("link")


@pytest.fixture(autouse=True)
def city():
    return given.community(host="budget.poltava.example")


hosts = override_settings(ALLOWED_HOSTS=["testserver", "[::1]", "budget.poltava.example", "stranger.example"])


def test_the_first_part_of_the_path_names_the_community(city):
    request, _, link = visit("/poltava/2026/projects/?page=2")
    assert request.place.community == city
    assert request.path_info == "/2026/projects/"
    assert request.urlconf == CITY_URLS
    assert link == "/poltava/journal/"


@hosts
def test_its_own_host_names_the_community(city):
    request, _, link = visit("/2026/", headers={"host": "budget.poltava.example:8443"})
    assert request.place.community == city
    assert request.path_info == "/2026/"
    assert link == "/journal/"


def test_the_platform_itself_is_no_community():
    for path in ("/", "/login/", "/nowhere/", "/Poltava/", "//poltava", "/static/poltava/"):
        request, _, _ = visit(path)
        if path != "//poltava":
            assert request.place.community is None, path
            assert not hasattr(request, "urlconf")


def test_an_address_without_its_last_stroke_is_sent_on():
    _, response, _ = visit("/poltava")
    assert (response.status_code, response["Location"]) == (301, "/poltava/")


@hosts
def test_an_unknown_host_is_no_community():
    request, _, _ = visit("/poltava/", headers={"host": "stranger.example"})
    assert request.place.community is None


def test_a_host_that_is_not_ours_is_left_to_django():
    request, response, _ = visit("/", headers={"host": "evil.example"})
    assert request.place.community is None
    assert response.status_code == 200


@hosts
def test_an_address_in_brackets_is_a_host_too():
    with override_settings(PLATFORM_HOSTS=["[::1]"]):
        assert visit("/poltava/", headers={"host": "[::1]:8000"})[0].place.community is not None
        assert visit("/poltava/", headers={"host": "[::1]"})[0].place.community is not None


def test_the_prefix_ends_with_the_request():
    before = get_script_prefix()
    visit("/poltava/")
    assert get_script_prefix() == before


def test_another_communitys_contest_is_not_found_under_this_one(client):
    given.contest(slug="2026")
    given.community(given.LVIV)
    assert client.get("/poltava/2026/").status_code == 200
    assert client.get("/lviv/2026/").status_code == 404
