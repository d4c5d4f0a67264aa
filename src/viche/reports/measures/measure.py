"""What a measure is: how something of a contest is counted, and with which words it is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viche.contests.models import Contest
from viche.reports.figure import Column, Row

Rows = Sequence[Row]


def no_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    """The keys speak for themselves."""
    return {}


def median(values: Iterable[int]) -> int | None:
    """The lower median; None of nothing."""
    found = sorted(values)
    return found[(len(found) - 1) // 2] if found else None


@dataclass(frozen=True)
class Measure:
    """One measure of a contest.

    key: its name in addresses, files and the API, never changed. group: the part of the page it stands in. title,
    about (how it is counted, in a sentence), heading (what its rows are): translated when shown. count: the rows; None
    where there is nothing to show yet, or the regulation does not show it yet. What would single a person out is HIDDEN
    already. labels: words for the keys of rows. links: addresses of rows, relative to the contest's page. chart: one of
    drawing.CHARTS, or ""; drawn: keys of the columns in the picture, the first where none is named. is_summed: whether
    a line of sums stands under it. is_lasting: what a published result says
    is said once for good, and is not counted again. notes: what a reader must know.
    """

    key: str
    group: str
    title: Any
    about: Any
    heading: Any
    columns: tuple[Column, ...]
    count: Callable[[Contest], Rows | None] = field(repr=False)
    labels: Callable[[Contest, Rows], Mapping[str, str]] = field(default=no_labels, repr=False)
    links: Callable[[Contest, Rows], Mapping[str, str]] = field(default=no_labels, repr=False)
    chart: str = ""
    is_summed: bool = False
    notes: tuple[Any, ...] = ()
    drawn: tuple[str, ...] = ()
    is_lasting: bool = False
