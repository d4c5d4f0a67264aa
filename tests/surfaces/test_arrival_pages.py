"""Pages on which files of other platforms and archives of bodies arrive."""

import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.connectors.test_sources import data
from tests.surfaces.ground import browser, holder, platform_administrator
from viche.connectors.arrivals.models import Bringing
from viche.connectors.arrivals.shelf import archive_at
from viche.foundation import clock


@pytest.fixture
def contest(db):
    return given.contest()


def sent(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data(name))


def test_an_administrator_uploads_looks_and_brings(contest):
    client = browser(holder("Віктор", "administrator", contest.community), at=given.day(1))
    with clock.at(given.day(1)):
        page = client.post("/poltava/office/arrivals/", {"file": sent("decidim-projects.json")}, follow=True)
        html = page.content.decode()
        assert "Decidim" in html
        assert "Сквер на Подолі" in html
        assert "Олена" not in html
        done = client.post(
            page.request["PATH_INFO"], {"act": "bring", "contest": str(contest.pk)}, follow=True
        )
    assert done.status_code == 200
    assert contest.projects.count() == 2


def test_faults_are_shown_by_row_and_nothing_is_brought(contest):
    client = browser(holder("Віктор", "administrator", contest.community), at=given.day(1))
    with clock.at(given.day(1)):
        page = client.post("/poltava/office/arrivals/", {"file": sent("table.csv")}, follow=True)
        assert (
            "рядок 3, «Категорія»" in page.content.decode() or "row 3, «Категорія»" in page.content.decode()
        )
        answer = client.post(page.request["PATH_INFO"], {"act": "bring", "contest": str(contest.pk)})
    assert answer.status_code == 422
    assert contest.projects.count() == 0


def test_columns_that_nobody_could_guess_are_named_by_hand(contest):
    client = browser(holder("Віктор", "administrator", contest.community), at=given.day(1))
    file = SimpleUploadedFile("x.csv", "Що;Скільки;Де\nСквер;300000;Парки\n".encode())
    with clock.at(given.day(1)):
        page = client.post("/poltava/office/arrivals/", {"file": file}, follow=True)
        place = page.request["PATH_INFO"]
        twice = client.post(place, {"act": "map", "column_0": "title", "column_1": "title"})
        assert twice.status_code == 422
        client.post(place, {"act": "map", "column_0": "title", "column_1": "cost", "column_2": "category"})
        client.post(place, {"act": "bring", "contest": str(contest.pk)})
    assert [each.cost for each in contest.projects.all()] == [30_000_000]


def test_another_administrator_publishes_a_finished_contest(contest):
    viktor = browser(holder("Віктор", "administrator", contest.community), at=given.day(1))
    page = viktor.post("/poltava/office/arrivals/", {"file": sent("r835-projects.csv")}, follow=True)
    place = page.request["PATH_INFO"]
    told = {"act": "finish", "title": "Бюджет 2026", "budget": "600 000"}
    assert viktor.post(place, {**told, "votes": sent("r835-votings.csv")}).status_code == 403
    maria = browser(holder("Марія", "administrator", contest.community), at=given.day(1))
    assert maria.post(place, {**told, "votes": sent("r835-votings-faulty.csv")}).status_code == 422
    done = maria.post(place, {**told, "votes": sent("r835-votings.csv")}, follow=True)
    assert done.status_code == 200
    assert Bringing.objects.get().contest.name.startswith("Бюджет 2026")


def test_the_platform_refuses_what_is_no_archive(db, tmp_path, settings):
    settings.EXPORTS_DIR = tmp_path / "exports"
    client = browser(platform_administrator())
    answer = client.post(
        "/platform/arrivals/", {"file": SimpleUploadedFile("x.zip", b"no archive")}, follow=True
    )
    assert answer.status_code == 422
    assert not list((tmp_path / "exports").iterdir())


def test_the_platform_checks_an_archive_and_takes_it_over(db, tmp_path, settings):
    from viche.communities.models import Community
    from viche.connectors.export.archive import write_archive

    settings.EXPORTS_DIR = tmp_path / "exports"
    lviv = given.community(given.LVIV)
    path = tmp_path / "lviv.zip"
    write_archive(community=lviv, path=path)
    settings.LOG_ORIGIN = "new.example"
    with zipfile.ZipFile(path) as archive:
        assert "community.json" in archive.namelist()
    client = browser(platform_administrator())
    page = client.post(
        "/platform/arrivals/", {"file": SimpleUploadedFile("x.zip", path.read_bytes())}, follow=True
    )
    assert page.status_code == 200
    reference = page.context["reference"]
    assert archive_at(reference) is not None
    done = client.post("/platform/arrivals/", {"act": "take", "reference": str(reference)}, follow=True)
    assert done.status_code == 200
    assert archive_at(reference) is None
    assert Community.objects.get(pk=lviv.pk).arrivals.count() == 1
