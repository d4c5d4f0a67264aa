"""Charts of figures as SVG: drawn on the server, integers only, right without scripts and on paper.

A picture is never alone: the figure's table says the same to whoever reads.
"""

from collections.abc import Callable

from rulebook.explaining.markup import Markup
from viche.reports.drawing.charts import (
    draw_bars,
    draw_columns,
    draw_funnel,
    draw_lines,
    draw_quarters,
    draw_stacked,
)
from viche.reports.drawing.maps import draw_country, draw_places
from viche.reports.drawing.strokes import Frame, alternative
from viche.reports.figure import Figure

__all__ = ["CHARTS", "NARROW", "WIDE", "alternative", "svg_of"]

WIDE, NARROW = Frame(720, 200, 130), Frame(340, 0, 96)
"""On a desk and in documents; on a telephone, where letters stay as large as the text around them."""

CHARTS: dict[str, Callable[[Figure, Frame], Markup]] = {
    "bars": draw_bars, "stacked": draw_stacked, "columns": draw_columns, "lines": draw_lines, "funnel": draw_funnel,
    "quarters": draw_quarters, "map": draw_country, "places": draw_places,
}  # fmt: skip
"""How a figure may be drawn."""


def svg_of(figure: Figure, frame: Frame = WIDE) -> Markup | None:
    """The picture of a figure; None where it is a table only, or has nothing to draw."""
    draw = CHARTS.get(figure.chart)
    if draw is None or not figure.rows:
        return None
    return draw(figure, frame)
