"""Pages of officials about the body's website: sites for results, the static copy."""

import pytest
from django.test import override_settings

from tests import given
from tests.surfaces.ground import browser, holder, publish
from viche.connectors.website.copies.keeping import refresh_copies
from viche.connectors.website.models import Push, PushTarget, SiteCopy
from viche.connectors.website.pushing.delivering import queue_pushes, send_pushes
from viche.connectors.website.pushing.simulator.server import PASSWORD, USER, site_server
from viche.foundation import clock
from viche.journal.actions import publish_logs, sequence_all

pytestmark = pytest.mark.django_db

WAY = "/poltava/en/office/website/"


@pytest.fixture
def contest():
    contest, projects = given.voting_contest(projects=4)
    publish(contest, {"Марта": projects[:2], "Юрій": [projects[0], projects[3]]})
    return contest


@pytest.fixture
def official(contest):
    with clock.at(given.day(71)):
        yield browser(holder("Віктор", "administrator", contest.community), at=given.day(71))


def test_a_site_is_connected_tested_and_pushed_to(contest, official):
    with site_server("wordpress") as site:
        form = {
            "kind": "wordpress",
            "title": "Сайт міста",
            "address": site.url,
            "user": USER,
            "password": PASSWORD,
        }
        answer = official.post(f"{WAY}pushes/new/", form)
        target = PushTarget.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{WAY}pushes/{target.pk}/")
        assert target.site == "http://testserver/poltava/"
        page = f"{WAY}pushes/{target.pk}/"
        assert "not pushed" in official.get(page).content.decode()
        official.post(page, {"act": "check"})
        assert "It worked." in official.get(page).content.decode()
        official.post(page, {"act": "push", "contest": contest.slug})
        site.fault = 401
        send_pushes()
        text = official.get(page).content.decode()
        assert "The site does not let us in" in text
        assert "HTTP 401" in text
        assert "Next try" in text
        site.fault = 0
        official.post(page, {"act": "push", "contest": contest.slug})
        send_pushes()
        text = official.get(page).content.decode()
        assert "stands on the site" in text
        assert f"{site.url}/viche-2026/" in text
        assert PASSWORD not in text
        assert "in order" in official.get(f"{WAY}pushes/").content.decode()
        assert official.post(page, {"act": "remove"}).status_code == 302
    assert not Push.objects.exists()


def test_faults_of_the_form_stand_at_their_fields(official):
    answer = official.post(
        f"{WAY}pushes/new/", {"kind": "wordpress", "title": "", "address": "x", "user": "", "password": ""}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "user", "password"}
    form = {"kind": "webdav", "title": "Папка", "address": "http://10.1.1.1/", "user": "u", "password": "p"}
    answer = official.post(f"{WAY}pushes/new/", form)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"address"})


def test_the_signing_secret_is_shown_once(official):
    form = {
        "kind": "signed-post",
        "title": "Портал",
        "address": "http://127.0.0.1:9/x",
        "user": "",
        "password": "",
    }
    page = official.post(f"{WAY}pushes/new/", form)["Location"]
    assert "whsec_" in official.get(page).content.decode()
    assert "whsec_" not in official.get(page).content.decode()


def test_another_bodys_site_is_not_there(contest, official):
    lviv = given.community(given.LVIV)
    stranger = browser(
        holder("Зоряна", "administrator", lviv, region="Львівська", locality="м. Львів"), at=given.day(71)
    )
    form = {"kind": "signed-post", "title": "Портал", "address": "http://127.0.0.1:9/x"}
    official.post(f"{WAY}pushes/new/", form)
    target = PushTarget.objects.get()
    assert stranger.get(f"/lviv/office/website/pushes/{target.pk}/").status_code == 404
    assert queue_pushes() == 0


def test_the_copy_is_made_when_the_journal_moves_and_at_an_officials_wish(contest, official, tmp_path):
    assert "keeps no copies" in official.get(f"{WAY}copies/").content.decode()
    assert official.post(f"{WAY}copies/").status_code == 409
    with override_settings(STATIC_COPIES_DIR=str(tmp_path / "copies")):
        sequence_all()
        publish_logs()
        assert refresh_copies() == 1
        assert (tmp_path / "copies" / "poltava" / "2026" / "results" / "index.html").is_file()
        assert refresh_copies() == 0
        official.post(f"{WAY}copies/")
        assert "a fresh copy is being made" in official.get(f"{WAY}copies/").content.decode()
        assert refresh_copies() == 1
        copy = SiteCopy.objects.get()
        assert (copy.written, copy.wanted_at, copy.fault) == (0, None, "")
        assert "Make a fresh copy" in official.get(f"{WAY}copies/").content.decode()


def test_a_copy_that_cannot_be_written_is_said_and_tried_again_later(contest, official, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")
    with override_settings(STATIC_COPIES_DIR=str(tmp_path)):
        assert refresh_copies() == 0
        assert "The folder for copies holds other files." in official.get(f"{WAY}copies/").content.decode()
        assert refresh_copies() == 0
    with override_settings(STATIC_COPIES_DIR=str(tmp_path / "own")), clock.at(given.day(72)):
        assert refresh_copies() == 1
    assert SiteCopy.objects.get().fault == ""
