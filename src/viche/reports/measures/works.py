"""How the winners are built: plan and fact, and what residents think of it."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count
from django.utils.translation import gettext_lazy, pgettext_lazy

from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.projects.delivery import WON, works_of
from viche.projects.models import Rating, State
from viche.reports.figure import DATE, DAYS, MONEY, STATE, Column, Row, Value
from viche.reports.measures.measure import Measure, Rows
from viche.reports.measures.result import project_links


def count_works(contest: Contest) -> Rows | None:
    """Each winner with its plan and what came of it."""
    rows = []
    for project in works_of(contest):
        delivery = getattr(project, "delivery", None)
        if delivery is None:
            rows.append(Row(project.code, (project.state, project.cost, None, None, None, None)))
            continue
        late: Value = None
        if delivery.accepted_on is not None:
            late = max((delivery.accepted_on - delivery.due_on).days, 0)
        rows.append(
            Row(
                project.code,
                (
                    project.state, delivery.plan_cost, delivery.actual_cost, delivery.due_on.isoformat(),
                    delivery.accepted_on.isoformat() if delivery.accepted_on else None, late,
                ),
            )
        )  # fmt: skip
    return rows or None


def count_work_states(contest: Contest) -> Rows | None:
    number = Counter(project.state for project in works_of(contest))
    return [Row(state, (number.get(state, 0),)) for state in WON] if number else None


def count_ratings(contest: Contest) -> Rows | None:
    rows = Rating.objects.filter(project__contest=contest).order_by().values_list("stars")
    number = dict(rows.annotate(number=Count("pk")))
    return [Row(str(stars), (number.get(stars, 0),)) for stars in range(5, 0, -1)] if number else None


def days_to_deliver(contest: Contest) -> list[int]:
    """For each winner that is built: days from the publication of the result to the acceptance, in order."""
    published = getattr(contest, "publication", None)
    if published is None:
        return []
    first = published.published_at.astimezone(KYIV).date()
    return sorted(
        max((project.delivery.accepted_on - first).days, 0)
        for project in works_of(contest)
        if getattr(project, "delivery", None) is not None and project.delivery.accepted_on is not None
    )


def _titles(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {project.code: project.title for project in works_of(contest)}


def _states(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {state.value: str(state.label) for state in State}


def _stars(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {str(stars): "★" * stars for stars in range(1, 6)}


MEASURES = (
    Measure(
        "works-by-state", "works", gettext_lazy("Where the winners stand"),
        gettext_lazy("Winners of the contest by their state today."),
        gettext_lazy("State"), (Column("projects", gettext_lazy("Projects")),), count_work_states, _states,
        chart="bars", is_summed=True,
    ),
    Measure(
        "works", "works", gettext_lazy("Plan and fact of each winner"),
        gettext_lazy("The costs and terms that the body planned and those that came of it; late: days past the term."),
        gettext_lazy("Project"),
        (Column("state", gettext_lazy("State"), STATE), Column("plan", gettext_lazy("Plan"), MONEY),
         Column("fact", gettext_lazy("Fact"), MONEY), Column("due", gettext_lazy("Term"), DATE),
         Column("accepted", gettext_lazy("Accepted"), DATE), Column("late", gettext_lazy("Days late"), DAYS)),
        count_works, _titles, project_links, is_summed=True,
    ),
    Measure(
        "ratings", "works", gettext_lazy("What residents think of what was built"),
        gettext_lazy("Ratings of residents for the projects that are built, one of a person and project."),
        pgettext_lazy("a rating", "Stars"), (Column("ratings", gettext_lazy("Ratings")),), count_ratings, _stars,
        chart="bars", is_summed=True,
    ),
)  # fmt: skip
