"""Figures as pages show them: a picture where there is one, the table that says the same, how it was counted."""

from collections.abc import Sequence
from typing import Any

from viche.reports.drawing import NARROW, svg_of
from viche.reports.figure import Figure
from viche.reports.measures import GROUPS, MEASURES
from viche.reports.telling import sentence_of


def shown(figure: Figure) -> dict[str, Any]:
    """One figure for a template."""
    return {
        "figure": figure,
        "said": sentence_of(figure),
        "svg": svg_of(figure),
        "narrow": svg_of(figure, NARROW),
        "lines": figure.lines(),
        "totals": figure.total_texts(),
        "columns": [
            {"title": str(column.title), "is_number": not column.is_text} for column in figure.columns
        ],
    }


def grouped_figures(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """The figures by the parts of the page, in its order; parts with nothing to show are left out."""
    found: list[dict[str, Any]] = []
    for name, title in GROUPS.items():
        mine = [shown(each) for each in figures if MEASURES[each.key].group == name and each.key != "summary"]
        if mine:
            found.append({"name": name, "title": str(title), "figures": mine})
    return found
