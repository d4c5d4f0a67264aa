"""An author finds the place of a project by its address, and goes on without where nothing answers."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from tests import given
from tests.surfaces.ground import browser, page, prefix, resident

from viche.connectors.systems import actions
from viche.connectors.systems.kinds.geocoder import searching
from viche.connectors.systems.kinds.geocoder.searching import NotFound, search_places
from viche.connectors.systems.kinds.geocoder.simulator import GeocoderSimulator
from viche.connectors.systems.models import FoundPlaces, SystemCall
from viche.foundation import clock
from viche.identity.providers.simulation.server import running
from viche.identity.queries import actor_of
from viche.projects.actions import create_draft
from viche.projects.models import Project

NOW = given.day(5)
POINT = (Decimal("49.589417"), Decimal("34.551022"))


@pytest.fixture
def geocoder() -> Iterator[GeocoderSimulator]:
    with running(GeocoderSimulator(slow_seconds=5)) as server:
        yield server


def connect(simulated, body, flavour="nominatim", **facts):
    by = given.official("Ірина", "administrator", body)
    values = {
        "server": simulated.url, "flavour": flavour, "country": "ua", "attribution": "© OpenStreetMap contributors",
        **facts,
    }  # fmt: skip
    return actions.connect_system(community=body, kind="geocoder", title="x", values=values, by=by), by


@pytest.mark.django_db
@pytest.mark.parametrize("flavour", ["nominatim", "photon"])
class TestSearch:
    def test_a_house_is_found_to_the_last_digit(self, geocoder, flavour):
        system, _by = connect(geocoder, given.community(), flavour)
        (found,) = search_places(system, "Соборна 12", language="uk")
        assert (found.latitude, found.longitude) == POINT
        assert "Соборна вулиця" in found.words
        assert found.point == "49.589417, 34.551022"

    def test_the_same_question_is_asked_once_a_month_and_nobody_reads_it_from_the_table(
        self, geocoder, flavour
    ):
        system, _by = connect(geocoder, given.community(), flavour)
        with clock.at(NOW):
            first = search_places(system, "Соборна  12", language="uk")
            assert search_places(system, "соборна 12", language="uk") == first
            assert len(geocoder.asked) == 1
            assert "оборна 12" not in FoundPlaces.objects.get().mark
        with clock.at(NOW + timedelta(days=30)):
            assert searching.delete_old_places() == 1

    def test_one_question_a_second(self, geocoder, flavour):
        system, _by = connect(geocoder, given.community(), flavour)
        with clock.at(NOW):
            search_places(system, "Соборна 12", language="uk")
            with translation.override("en"), pytest.raises(NotFound, match="once more"):
                search_places(system, "Соборна 13", language="uk")
        with clock.at(NOW + timedelta(seconds=2)):
            search_places(system, "Соборна 13", language="uk")
        assert len(geocoder.asked) == 2

    @pytest.mark.parametrize("fault", ["500", "garbage", "refuse", "too_many", "slow"])
    def test_a_fault_is_said_and_not_kept(self, geocoder, flavour, fault):
        system, _by = connect(geocoder, given.community(), flavour)
        geocoder.fault = fault
        with translation.override("en"), pytest.raises(NotFound, match="without them"):
            search_places(system, "Соборна 12", language="uk")
        assert not FoundPlaces.objects.exists()

    def test_the_trial_asks_where_the_body_lies(self, geocoder, flavour):
        system, by = connect(geocoder, given.community(), flavour)
        finding = actions.check_system(system=system, by=by)
        assert finding.is_good
        assert finding.facts[0][1] == "49.589417, 34.551022"
        geocoder.fault = "garbage"
        assert not actions.check_system(system=system, by=by).is_good


class TestPlaceOfAProject:
    @pytest.fixture
    def writing(self, db):
        with clock.at(NOW):
            contest = given.contest()
            author = resident()
            project = create_draft(contest=contest, author=author, by=actor_of(author, contest.community))
            place = f"{prefix(contest.community)}en/{contest.slug}/write/{project.pk}/place/"
            yield contest, project, browser(author, at=NOW), place

    def sent(self, project, place, **facts):
        return {
            "territory": project.territory_id, "place_name": place, "coordinates": "", "area": "",
            "revision": project.revision, **facts,
        }  # fmt: skip

    def test_found_chosen_and_kept_without_scripts(self, writing, geocoder):
        contest, project, client, place = writing
        connect(geocoder, contest.community)
        project = Project.objects.get(pk=project.pk)
        answer = client.post(place, self.sent(project, "Соборна 12", act="find"))
        shown = client.get(answer["Location"].partition("#")[0]).content.decode()
        assert "Соборна вулиця 12" in shown
        assert "© OpenStreetMap contributors" in shown
        project.refresh_from_db()
        client.post(place, self.sent(project, "Соборна 12", act="pick:49.589417, 34.551022"))
        project.refresh_from_db()
        assert (project.latitude, project.longitude) == POINT

    def test_a_dead_geocoder_keeps_no_author_from_writing(self, writing, geocoder):
        contest, project, client, place = writing
        connect(geocoder, contest.community, server="http://127.0.0.1:1")
        project = Project.objects.get(pk=project.pk)
        answer = client.post(place, self.sent(project, "Соборна 12", act="find"))
        assert "go on without them" in page(client.get(answer["Location"].partition("#")[0])).text
        assert SystemCall.objects.get().outcome == "connection"

    def test_without_a_geocoder_there_is_no_button(self, writing):
        _contest, _project, client, place = writing
        assert "Find this address" not in page(client.get(place)).text
