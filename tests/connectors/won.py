"""A project that won, and its work."""

from datetime import timedelta

from tests import given

from viche.foundation import clock
from viche.projects.actions import mark_outcome, start_work
from viche.projects.models import Project

DAY = given.day(75)


def winner():
    """A project that won, and an administrator of its body."""
    contest = given.contest(rules={**given.RULES, "implementation": {"year_offset": 1, "stall_days": 30}})
    project = given.admitted_project(contest)
    with clock.at(given.day(65)):
        mark_outcome(contest=contest, funded=[project.code])
    project = Project.objects.select_related("contest__community__territory").get(pk=project.pk)
    return project, given.official("Віктор", "administrator", contest.community)


def begin(project, by):
    """The work begins: planned with 290 000 hryvnias."""
    with clock.at(DAY):
        start_work(
            project=project, responsible_unit="Відділ благоустрою", plan_cost=29_000_000, starts_on=DAY.date(),
            due_on=DAY.date() + timedelta(days=60), by=by,
        )  # fmt: skip
    project.refresh_from_db()
