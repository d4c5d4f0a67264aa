"""The life of the projects leaves with the body: every table, or it is named as staying."""

import json
import zipfile

import pytest
from django.apps import apps
from tests import given
from tests.projects.test_delivery import begin, picture, winner
from tests.review.test_departments import PDF
from tests.review.test_stages import DAY, do, reviewed

from viche.connectors.export.archive import write_archive
from viche.connectors.export.life import BODY, ELSEWHERE, ROOMS, STAYING, tables, way_to_contest
from viche.foundation import clock, private_files
from viche.identity.queries import actor_of
from viche.projects import actions
from viche.projects.models import Attachment
from viche.projects.models.files import SHELF as PROJECTS
from viche.review.actions import ask_author
from viche.review.documents import Upload
from viche.talk.actions import write_comment

# words of the search belong to nobody
NOBODYS = {"projects.searchword"}


def test_every_table_of_the_rooms_leaves_or_is_named_as_staying():
    every = {model._meta.label_lower for room in ROOMS for model in apps.get_app_config(room).get_models()}
    assert every - NOBODYS == set(tables()) | set(BODY.values()) | ELSEWHERE | STAYING
    for model in tables().values():
        str(model._default_manager.filter(**{way_to_contest(model): None}).query)


@pytest.mark.django_db
def test_rows_and_photographs_are_in_the_archive_and_no_token_is(tmp_path):
    project, by = winner()
    begin(project, by)
    with clock.at(given.day(75)):
        actions.record_photograph(
            project=project,
            content=picture(),
            moment="before",
            alt="Пустир",
            taken_on=given.day(70).date(),
            by=by,
        )
        petro = given.person("Петро")
        write_comment(project=project, text="Чекаємо!", by=actor_of(petro, project.contest.community))
    path = tmp_path / "body.zip"
    write_archive(community=project.contest.community, path=path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        folder = "contests/2026/life/"
        delivery = json.loads(archive.read(f"{folder}projects.delivery.jsonl"))
        comment = json.loads(archive.read(f"{folder}talk.comment.jsonl"))
    assert delivery["responsible_unit"] == "Відділ благоустрою"
    assert comment["text"] == "Чекаємо!"
    assert any(name.startswith(f"{folder}projects.photograph/") and name.endswith(".webp") for name in names)
    assert f"{folder}projects.version.jsonl" in names
    assert "token" not in comment


@pytest.mark.django_db
def test_documents_of_projects_and_of_their_review_are_in_the_archive(tmp_path):
    project, people = reviewed()
    asked = do(
        ask_author,
        project=project,
        text="Чия земля?",
        files=[Upload("запит.pdf", PDF)],
        by=people["reviewer"],
    )
    attached = Attachment.objects.create(
        project=project,
        name="кошторис.pdf",
        media_type="application/pdf",
        size=len(PDF),
        digest="",
        added_at=DAY,
    )
    private_files.keep(attached.pk, PDF, shelf=PROJECTS)
    path = tmp_path / "body.zip"
    write_archive(community=project.contest.community, path=path)
    with zipfile.ZipFile(path) as archive:
        folder = f"contests/{project.contest.slug}/life/"
        assert archive.read(f"{folder}review.questionfile/{asked.files.get().pk}") == PDF
        assert archive.read(f"{folder}projects.attachment/{attached.pk}") == PDF
