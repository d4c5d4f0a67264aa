"""One line of a contest: what years, bodies, regions and the country are put together from."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.projects.models import Signature
from viche.reports.figure import DAYS, MONEY, SHARE, Column, Row, Value
from viche.reports.measures.course import count_course
from viche.reports.measures.measure import Measure, Rows, median
from viche.reports.measures.works import count_works, days_to_deliver
from viche.reports.turnout import WHOLE, members_of, turnout_document
from viche.results.queries import publication_of

KEY = "summary"

COLUMNS = (
    Column("submitted", gettext_lazy("Projects submitted")),
    Column("published", gettext_lazy("Projects published")),
    Column("asked", gettext_lazy("Asked for"), MONEY),
    Column("admitted", gettext_lazy("Projects admitted")),
    Column("admission", gettext_lazy("Admitted of the published"), SHARE),
    Column("signatures", gettext_lazy("Signatures")),
    Column("voters", gettext_lazy("Voters")),
    Column("members", gettext_lazy("On the register")),
    Column("turnout", gettext_lazy("Turnout"), SHARE),
    Column("budget", gettext_lazy("Money of the contest"), MONEY),
    Column("won", gettext_lazy("Winners")),
    Column("won_amount", gettext_lazy("Money of the winners"), MONEY),
    Column("built", gettext_lazy("Built")),
    Column("spent", gettext_lazy("Spent so far"), MONEY),
    Column("days", gettext_lazy("Days from result to acceptance (median)"), DAYS),
)
BY_KEY = {column.key: column for column in COLUMNS}
"""The columns by their keys: tables of many contests show some of them in the same words."""


def count_summary(contest: Contest) -> Rows | None:
    steps = {row.key: row.values for row in count_course(contest) or ()}
    if not steps:
        return None
    published, admitted = int(steps["published"][0] or 0), int(steps["admitted"][0] or 0)
    voters, members = _turnout(contest)
    result = publication_of(contest)
    is_out = result is not None
    amounts = result.count.outcome["amounts"] if result is not None else {}
    works = count_works(contest) or ()
    values: tuple[Value, ...] = (
        steps["submitted"][0], published, steps["published"][1], admitted,
        admitted * WHOLE // published if published else None,
        Signature.objects.filter(contest=contest, withdrawn_at=None).count(),
        voters, members, voters * WHOLE // members if voters is not None and members else None,
        sum(pot.amount for pot in contest.rules.pots),
        len(amounts) if is_out else None, sum(amounts.values()) if is_out else None, steps["built"][0],
        sum(int(row.values[2] or 0) for row in works) if is_out else None,
        median(days_to_deliver(contest)),
    )  # fmt: skip
    return [Row(KEY, values)]


def _turnout(contest: Contest) -> tuple[int | None, int | None]:
    try:
        document = turnout_document(contest)
    except Refused:
        return None, members_of(contest)
    return document["votes"], document["members"]


def _label(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {KEY: contest.name}


MEASURES = (
    Measure(
        KEY, "course", gettext_lazy("The contest in one line"),
        gettext_lazy("The sums of the other figures, as years and bodies are compared by them."),
        gettext_lazy("Contest"), COLUMNS, count_summary, _label,
    ),
)  # fmt: skip
