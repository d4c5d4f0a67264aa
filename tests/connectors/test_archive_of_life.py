"""What people and officials did with projects travels too: reviews, meetings, works, files."""

from pathlib import Path

import pytest
from tests import given
from tests.connectors.test_archive_travels import empty_installation
from tests.projects.test_delivery import begin, picture, winner
from tests.review.test_departments import PDF
from tests.review.test_stages import do, reviewed

from viche.communities.models import Community
from viche.connectors.arrivals.actions import import_archive
from viche.connectors.arrivals.comparing import differences
from viche.connectors.export.archive import write_archive
from viche.foundation import clock, private_files
from viche.foundation.refused import Refused
from viche.journal.actions import publish_logs, sequence_all
from viche.projects import actions
from viche.projects.models import Photograph, Project
from viche.review.actions import ask_author
from viche.review.documents import Upload
from viche.review.models import QuestionFile
from viche.review.models.opinions import SHELF


def travelled(community: Community, tmp_path: Path, settings) -> list[str]:
    """Export, an empty installation, import: the differences."""
    sequence_all()
    publish_logs()
    path = tmp_path / "body.zip"
    write_archive(community=community, path=path)
    empty_installation(tmp_path / "new", settings)
    return differences(path=path, community=import_archive(path=path).community)


def test_a_project_in_works_with_its_photographs(committed_db, tmp_path, settings):
    project, by = winner()
    begin(project, by)
    with clock.at(given.day(75)):
        actions.record_photograph(
            project=project, content=picture(), moment="before", alt="Пустир", taken_on=given.day(70).date(), by=by
        )  # fmt: skip
    # no result was published here: a contest that has not begun comes with all that was written about it
    with clock.at(given.day(-1)):
        assert travelled(project.contest.community, tmp_path, settings) == []
    assert Photograph.objects.get().image.read()[:4] == b"RIFF"
    # the search knows it here
    assert Project.objects.filter(pk=project.pk, search__isnull=False).exists()


def test_a_review_with_its_questions_and_documents(committed_db, tmp_path, settings):
    project, people = reviewed()
    do(
        ask_author,
        project=project,
        text="Чия земля?",
        files=[Upload("запит.pdf", PDF)],
        by=people["reviewer"],
    )
    body = project.contest.community
    with clock.at(given.day(-1)):
        # before its first phase: what was written about it comes all the same
        assert travelled(body, tmp_path, settings) == []
    assert private_files.content_of(QuestionFile.objects.get().pk, shelf=SHELF) == PDF


def test_a_contest_that_people_take_part_in_does_not_come(committed_db, tmp_path, settings):
    project, _people = reviewed()
    body = project.contest.community
    with clock.at(given.day(20)), pytest.raises(Refused) as answer:
        travelled(body, tmp_path, settings)
    assert answer.value.code == "running_contests"
    assert not Community.objects.exists()


@pytest.mark.django_db
def test_a_body_without_contests_travels(tmp_path, settings):
    path = tmp_path / "lviv.zip"
    write_archive(community=given.community(given.LVIV), path=path)
    with pytest.raises(Refused) as answer:
        import_archive(path=path)
    assert answer.value.code == "log_exists"
    settings.LOG_ORIGIN = "new.example"
    assert import_archive(path=path).contests == ()
