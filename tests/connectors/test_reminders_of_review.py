"""Departments and authors hear of what the review asks of them: once, in time, whoever answers for it now."""

from datetime import timedelta

import pytest
from tests import given
from tests.connectors.test_reminders import remind, said
from tests.review.test_stages import asked, do, office, reviewed

from viche.identity.actions import end_office
from viche.identity.models import Office
from viche.review import actions

# the morning after the day on which everything is asked: DAY itself is the stage's last one
DAY = given.day(21)


@pytest.mark.django_db
class TestDepartments:
    def test_who_is_asked_hears_it_once_then_before_the_last_day_and_after_it(self):
        project, people = reviewed()
        asked(project, people, at=DAY)
        counts = [remind(given.day(number)) for number in (21, 22, 23, 24, 26, 27)]
        assert counts == [1, 0, 1, 0, 1, 0]
        told = said(given.person("Богдан").pk)
        assert told[0] == "You are asked for an opinion about project No. 1: Управління землі"
        assert told[1].startswith("The opinion about project No. 1 is due until")
        assert "23:59" in told[1]
        assert told[2].startswith("The opinion about project No. 1 was due until")

    def test_another_reviewer_hears_it_anew_and_nobody_hears_it_for_who_has_left(self):
        project, people = reviewed()
        asked(project, people, at=DAY)
        remind(DAY)
        do(end_office, DAY, office=office(), by=people["administrator"])
        assert remind(DAY + timedelta(hours=1)) == 1
        assert said(given.person("Віктор").pk)[-1].startswith("An opinion about project No. 1 needs another")
        given.official("Лариса", "reviewer", project.contest.community)
        Office.objects.filter(person=given.person("Лариса")).update(unit="управління землі")
        assert remind(DAY + timedelta(hours=2)) == 1, "a colleague of the department"
        assert len(said(given.person("Богдан").pk)) == 1


@pytest.mark.django_db
def test_the_author_hears_of_the_last_day_to_correct():
    project, people = reviewed()
    do(
        actions.decide_review, given.day(25), project=project, verdict="return", reason="Уточніть",
        by=people["commission"],
    )  # fmt: skip
    counts = [remind(given.day(number)) for number in (26, 28, 29, 30)]
    assert counts == [0, 1, 0, 0]
    [told] = [each for each in said(given.person("Олена").pk) if "waits for your answer" in each]
    assert "30 March 2026, 23:59" in told
