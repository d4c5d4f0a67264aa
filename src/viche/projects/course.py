"""When the steps of a project's own course end: its formal check, its collection of support."""

from datetime import date, datetime, timedelta
from typing import Any

from rulebook.calendar import SUPPORT, event_day
from rulebook.workdays import add_days
from viche.contests.models import Contest
from viche.contests.planning import midnight
from viche.projects.models import Project, State


def end_of(day: date) -> datetime:
    """The moment at which a last day in Kyiv is over, UTC."""
    return midnight(day + timedelta(days=1))


def course_from(project: Project, moment: datetime) -> dict[str, Any]:
    """What a project that has just come into its state (checking, signing, under review) gets written with it.

    moment: when it came there. The fields published_at, check_until and support_until, where they begin now.
    """
    if project.state == State.CHECKING:
        return {"check_until": check_end(project.contest, moment)}
    if project.state == State.SIGNING:
        return {
            "published_at": project.published_at or moment,
            "support_until": support_end(
                project.contest, submitted=project.submitted_at or moment, published=moment
            ),
        }
    if project.state == State.IN_REVIEW:
        return {"published_at": project.published_at or moment}
    return {}


def check_end(contest: Contest, submitted: datetime) -> datetime | None:
    """The end of the formal check of a project submitted then; None where the rules set no term."""
    rules = contest.rules
    check = rules.submission.check
    last = check.deadline(event_day(submitted), rules.working_calendar) if check is not None else None
    return end_of(last) if last is not None else None


def support_end(contest: Contest, *, submitted: datetime, published: datetime) -> datetime | None:
    """The end of a project's own collection of support; None where the support phase of the schedule is its window."""
    rules = contest.rules
    support = rules.support
    if support is None or support.days is None:
        return None
    start = submitted if support.counted_from == "submission" else published
    return end_of(add_days(event_day(start), support.days, calendar=rules.working_calendar))


def support_window(project: Project) -> tuple[datetime | None, datetime | None]:
    """From when to when the project can be supported, [from, to); None where there is no bound yet.

    A term of the project's own runs from its publication; else it is the support phase of the contest's schedule,
    with every extension of it.
    """
    if project.support_until is not None:
        return project.published_at, project.support_until
    window = project.contest.window(SUPPORT)
    return (window.starts_at, window.ends_at) if window is not None else (None, None)
