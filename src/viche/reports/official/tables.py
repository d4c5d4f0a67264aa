"""Figures that stand in official reports only: built anew for each, with the same parts as those of the page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.projects.models import Project
from viche.reports.document import Document, Heading, Paragraph, Part, Shown
from viche.reports.figure import Column, Figure, Row, Value


def table(
    contest: Contest, key: str, title: str, heading: str, columns: Sequence[Column], rows: Iterable[Row], *,
    about: str = "", labels: Mapping[str, str] | None = None, summed: Sequence[str] = (), chart: str = "",
    drawn: Sequence[str] = (), words: Mapping[str, Any] | None = None, notes: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> Figure:  # fmt: skip
    """A figure of a report, counted now.

    summed: keys of the columns whose known values are added up below. optional: keys of columns that are left out where
    no row has a value.
    """
    columns, found = _without_empty(tuple(columns), tuple(rows), optional)
    return Figure(
        key=key, title=title, about=about, heading=heading, columns=columns, rows=found, labels=labels or {},
        total=_sums(columns, found, summed) if summed and found else None, chart=chart, as_of=clock.now(),
        currency=contest.currency, notes=tuple(notes), drawn=tuple(drawn),
        words={code: str(text) for code, text in (words or {}).items()},
    )  # fmt: skip


def shown_or(figure: Figure | None, sentence: str) -> list[Part]:
    """The figure; a sentence where there is none."""
    return [Shown(figure)] if figure is not None else [Paragraph(sentence)]


def _without_empty(
    columns: tuple[Column, ...], rows: tuple[Row, ...], optional: Sequence[str]
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    kept = [
        place
        for place, column in enumerate(columns)
        if column.key not in optional or any(row.values[place] is not None for row in rows)
    ]
    return (
        tuple(columns[place] for place in kept),
        tuple(Row(row.key, tuple(row.values[place] for place in kept)) for row in rows),
    )


def document_of(contest: Contest, title: str, parts: Iterable[Part]) -> Document:
    """The document of a contest. A heading that says what the table behind it is called is left out."""
    found: list[Part] = []
    for part in parts:
        before = found[-1] if found else None
        if isinstance(part, Shown) and isinstance(before, Heading) and before.text == part.figure.title:
            found.pop()
        found.append(part)
    return Document(title, f"{contest.name}. {contest.community.title}", tuple(found))


def _sums(columns: Sequence[Column], rows: Sequence[Row], keys: Sequence[str]) -> tuple[Value, ...]:
    """What is known of each column of these keys, added up; None for every other column."""
    return tuple(
        sum(value for row in rows if isinstance(value := row.values[place], int))
        if column.key in keys
        else None
        for place, column in enumerate(columns)
    )


def numbered(project: Project) -> str:
    """What a table calls a project: its number in the contest and its title."""
    return f"{project.number}. {project.title}"


def moment_text(moment: datetime) -> str:
    """A moment as a protocol writes it, in Kyiv time, in the language of the moment."""
    return date_format(moment.astimezone(KYIV), "j E Y, H:i")


def day_of(moment: datetime | date | None) -> str | None:
    """The day in Kyiv as ISO text; None where there is none."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(KYIV).date()
    return moment.isoformat() if moment is not None else None


def days_between(first: datetime, last: datetime) -> int:
    """From the day of one moment to that of another, in Kyiv; never below nought."""
    return max((last.astimezone(KYIV).date() - first.astimezone(KYIV).date()).days, 0)
