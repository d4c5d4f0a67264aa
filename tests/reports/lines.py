"""The lines of a figure for the tests."""

from typing import Any

from viche.reports.figure import Figure, Row


def columns(figure: Figure, row: Row | str | None = None) -> dict[str, Any]:
    """The values of a row, or of that with this key, or the sums, by column."""
    if isinstance(row, str):
        row = next(each for each in figure.rows if each.key == row)
    values = figure.total if row is None else row.values
    return dict(zip([column.key for column in figure.columns], values, strict=True))
