"""Reads of the reports room: figures as they are shown."""

from collections.abc import Sequence

from viche.contests.models import Contest
from viche.reports.figure import Figure, Row, sum_of
from viche.reports.measures import MEASURES, Measure
from viche.reports.models import Tally


def figures_of(contest: Contest, keys: Sequence[str] = ()) -> list[Figure]:
    """The figures of a contest that are there to show, in the order of the measures; in the language of the moment.

    keys: only these. One query for all of them, and those that fetch the words of rows.
    """
    tallies = Tally.objects.filter(contest=contest)
    if keys:
        tallies = tallies.filter(measure__in=keys)
    kept = {each.measure: each for each in tallies}
    return [figure_from(measure, kept[key], contest) for key, measure in MEASURES.items() if key in kept]


def figure_of(contest: Contest, key: str) -> Figure | None:
    """One figure; None where there is none of this key, or nothing to show yet."""
    found = figures_of(contest, [key])
    return found[0] if found else None


def figure_from(measure: Measure, tally: Tally, contest: Contest) -> Figure:
    """What was kept, with its words."""
    rows = tuple(rows_of(tally))
    return Figure(
        key=measure.key, title=str(measure.title), about=str(measure.about), heading=str(measure.heading),
        columns=measure.columns, rows=rows, labels=measure.labels(contest, rows),
        total=sum_of(measure.columns, rows) if measure.is_summed else None, chart=measure.chart,
        as_of=tally.counted_at, currency=contest.currency, notes=tuple(str(note) for note in measure.notes),
        links=measure.links(contest, rows), drawn=measure.drawn,
    )  # fmt: skip


def rows_of(tally: Tally) -> list[Row]:
    """What a tally keeps, as rows."""
    return [Row(str(key), tuple(values)) for key, *values in tally.rows]
