"""Reminders of the review: what departments are asked, what authors must correct or answer."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from viche.connectors.messages.reminders import LATE_FOR, SOON, Reminder, writers_of
from viche.foundation.clock import KYIV
from viche.identity.models import Role
from viche.projects.course import end_of
from viche.projects.models import Project
from viche.review.models import Assignment
from viche.review.queries import due_assignments, due_corrections, open_assignments, reviewers_of

ASSIGNING = (Role.EDITOR, Role.ADMINISTRATOR)


def of_assignments(now: datetime) -> Iterator[Reminder]:
    """What a department is asked: once when it is asked, and to another reviewer when the work is given over.

    Where nobody holds the office any more, whoever may ask another reviewer hears it.
    """
    for each in open_assignments():
        if not (people := reviewers_of(each)):
            yield _of_assignment("opinion-nobody", each, NOBODY, roles=ASSIGNING)
            continue
        yield _of_assignment(f"opinion:{each.office_id}", each, ASKED, people=people)


def of_opinions(now: datetime) -> Iterator[Reminder]:
    """Opinions whose last day is near, and those that are late."""
    today = now.astimezone(KYIV).date()
    for each in due_assignments(now, within_days=SOON.days):
        if each.due_on is None or each.due_on < today - LATE_FOR:
            continue
        is_late = each.due_on < today
        people = reviewers_of(each)
        yield _of_assignment(
            f"opinion-{'late' if is_late else 'soon'}:{each.due_on:%Y%m%d}", each, LATE if is_late else DUE,
            people=people, roles=() if people else ASSIGNING, until_at=last_minute(each.due_on),
        )  # fmt: skip


def of_corrections(now: datetime) -> Iterator[Reminder]:
    """Authors' last days to correct a returned project, or to answer conditions, that are near."""
    today = now.astimezone(KYIV).date()
    for project, decision in due_corrections(now, within_days=SOON.days):
        if decision.due_on is None or decision.due_on < today:
            continue
        yield Reminder(
            f"correction:{decision.pk}",
            gettext_noop("The review waits for your answer about project No. %(number)s until %(until_at)s"), "",
            project.contest.community,
            values={"number": project.number, "until_at": last_minute(decision.due_on)},
            contest=project.contest, project=project, people=writers_of(project), page="project-review",
        )  # fmt: skip


ASKED = gettext_noop("You are asked for an opinion about project No. %(number)s: %(unit)s")
NOBODY = gettext_noop("An opinion about project No. %(number)s needs another reviewer: %(unit)s")
DUE = gettext_noop("The opinion about project No. %(number)s is due until %(until_at)s: %(unit)s")
LATE = gettext_noop("The opinion about project No. %(number)s was due until %(until_at)s: %(unit)s")


def last_minute(day: date) -> str:
    """The last minute of a day in Kyiv, ISO: what a person reads as "until that day"."""
    return (end_of(day) - timedelta(minutes=1)).isoformat()


def _of_assignment(
    sort: str, assignment: Assignment, text: str, *, until_at: str = "", **whom: Any
) -> Reminder:
    project: Project = assignment.project
    return Reminder(
        f"{sort}:{assignment.pk}", text, "", project.contest.community,
        values={"number": project.number, "unit": assignment.unit, "until_at": until_at},
        contest=project.contest, project=project, page="office-review", **whom,
    )  # fmt: skip
