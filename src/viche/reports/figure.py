"""A figure: one table of numbers with its words, the same on a page, in a picture, a file and the API.

What is counted (``Rows``) is free of language and kept; a figure is what a reader sees of it, in the language of the
moment. Nothing is rounded but shares, which are hundredths of a percent rounded down. No float is in it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from viche.foundation.money import machine_money, money_text
from viche.foundation.numbers import grouped, percent_text
from viche.projects.models import State

KINDS = COUNT, MONEY, SHARE, DATE, DAYS, STATE, HUNDREDTHS, TEXT, WORD = (
    "count", "money", "share", "date", "days", "state", "hundredths", "text", "word",
)  # fmt: skip

HIDDEN = "hidden"
"""In the place of a number of people that would single somebody out. None stands for what is not known."""

Value = int | str | None


@dataclass(frozen=True)
class Column:
    """key: for programs, never changed. title: for people. kind: one of KINDS: money in kopiykas (minor units), shares
    in hundredths of a percent, dates as ISO texts, states as the words of rulebook.lifecycle, hundredths as whole
    numbers of them, texts as somebody wrote them, words as codes that Figure.words puts into words.
    """

    key: str
    title: Any
    kind: str = COUNT

    @property
    def is_text(self) -> bool:
        """Whether its values are read, not compared as numbers: they stand on the left."""
        return self.kind in (DATE, STATE, TEXT, WORD)


@dataclass(frozen=True)
class Row:
    """key: what is counted, for programs. values: one for each column."""

    key: str
    values: tuple[Value, ...]

    def document(self) -> list[Any]:
        return [self.key, *self.values]


@dataclass(frozen=True)
class Figure:
    """One table of numbers as it is shown.

    key: its name in addresses and files. about: how it is counted, in a sentence. heading: what its rows are. labels:
    the words of each row's key. total: the sums, where they are right to show. chart: how it is drawn
    (drawing.CHARTS), "" where it is a table only; drawn: the keys of the columns in the picture. as_of: the moment of
    counting, UTC. links: addresses of rows, relative to the contest's page. words: of the codes in columns of WORD.
    """

    key: str
    title: str
    about: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    labels: Mapping[str, str]
    total: tuple[Value, ...] | None
    chart: str
    as_of: datetime
    currency: str = "UAH"
    notes: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    drawn: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over what was counted, the same in every language and form."""
        return digest_of(self.key, self.columns, self.rows)

    @property
    def short_digest(self) -> str:
        """Enough of the digest to compare two prints by eye."""
        return self.digest[:12]

    @property
    def drawn_columns(self) -> list[tuple[int, Column]]:
        """(place, column) of what the picture shows: the first column where nothing is said."""
        wanted = self.drawn or (self.columns[0].key,)
        return [(place, each) for place, each in enumerate(self.columns) if each.key in wanted]

    def label(self, row: Row) -> str:
        return self.labels.get(row.key, row.key)

    def text(self, column: Column, value: Value) -> str:
        """A value as a person reads it, in the language of the moment."""
        if column.kind == WORD and isinstance(value, str):
            return self.words.get(value, value)
        return value_text(column.kind, value, self.currency)

    def lines(self) -> list[tuple[str, list[str], str]]:
        """(label, texts of the values, address) of each row."""
        return [
            (
                self.label(row),
                [self.text(column, value) for column, value in zip(self.columns, row.values, strict=True)],
                self.links.get(row.key, ""),
            )
            for row in self.rows
        ]

    def total_texts(self) -> list[str]:
        if self.total is None:
            return []
        return [self.text(column, value) for column, value in zip(self.columns, self.total, strict=True)]

    def document(self) -> dict[str, Any]:
        """For programs: the raw values, with the words beside them."""
        return {
            "key": self.key,
            "title": self.title,
            "about": self.about,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "currency": self.currency,
            "heading": self.heading,
            "columns": [
                {"key": column.key, "title": str(column.title), "kind": column.kind}
                for column in self.columns
            ],
            "rows": [
                {"key": row.key, "label": self.label(row), "values": list(row.values)} for row in self.rows
            ],
            "total": list(self.total) if self.total is not None else None,
            "notes": list(self.notes),
            "words": dict(self.words),
            "sha256": self.digest,
        }


def digest_of(key: str, columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """SHA-256 (hex) over the canonical JSON of what was counted."""
    counted = {
        "figure": key,
        "columns": [[column.key, column.kind] for column in columns],
        "rows": [row.document() for row in rows],
    }
    return hashlib.sha256(canonical(counted)).hexdigest()


def value_text(kind: str, value: Value, currency: str = "UAH") -> str:
    """One value in words of the active language."""
    if value is None:
        return "–"
    if value == HIDDEN:
        return _("hidden")
    if kind == DATE:
        return date_format(date.fromisoformat(str(value)), "d.m.Y")
    if kind == STATE:
        return str(State(value).label)
    if isinstance(value, str):
        return value
    if kind == MONEY:
        return money_text(value, currency)
    if kind == SHARE:
        return percent_text(value)
    if kind == HUNDREDTHS:
        return percent_text(value).rstrip("%").rstrip()
    return grouped(value)


def plain_value(kind: str, value: Value) -> str:
    """One value for a CSV: money and shares as decimals with a point, what is not known as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if kind in (MONEY, SHARE, HUNDREDTHS):
        return machine_money(value)
    return str(value)


def sum_of(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Value, ...]:
    """The sums of the columns that can be summed up: counts and money without a hidden or unknown value."""
    found: list[Value] = []
    for place, column in enumerate(columns):
        values = [row.values[place] for row in rows]
        if column.kind in (COUNT, MONEY) and all(isinstance(value, int) for value in values):
            found.append(sum(value for value in values if isinstance(value, int)))
        else:
            found.append(None)
    return tuple(found)
