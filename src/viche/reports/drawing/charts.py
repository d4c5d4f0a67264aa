"""Bars, columns, lines and the like."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from rulebook.explaining.markup import Markup, tag
from viche.foundation.numbers import share_of
from viche.reports.drawing.strokes import (
    BOLD,
    GAP,
    GROUND,
    INK,
    LETTER,
    SOFT,
    TONES,
    Frame,
    above,
    block,
    canvas,
    legend,
    marks_up_to,
    name_beside,
    number_of,
    short,
    text,
    value_said,
    wrapped,
)
from viche.reports.figure import Column, Figure, Row

BAR, THIN = 18, 11
BROADEST = 72
"""An upright column is no broader, however few there are."""

DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "1 3", "12 4", "6 2 1 2")


def draw_bars(figure: Figure, frame: Frame) -> Markup:
    """Bars from left to right, one for each drawn column of a row, all on one scale."""
    columns = figure.drawn_columns
    longest = max(
        (number_of(row.values[place]) for row in figure.rows for place, _column in columns), default=0
    )
    thick = BAR if len(columns) == 1 else THIN
    height = max(len(columns) * (thick + 4), 30 if frame.label else 0)
    drawn, y = legend([column for _place, column in columns], frame) if len(columns) > 1 else ([], 0)
    for row in figure.rows:
        drawn += name_beside(figure.label(row), y, height, frame)
        y += above(frame)
        for tone, (place, column) in enumerate(columns):
            value = row.values[place]
            top = y + tone * (thick + 4) + (2 if len(columns) > 1 else 1)
            drawn += [
                tag("rect", x=frame.start, y=top, width=frame.room, height=thick, class_="chart-ground", fill=GROUND,
                    rx=2),
                *block(frame.start, top, share_of(number_of(value), longest, frame.room), thick, tone,
                        is_numbered=len(columns) > 1),
                text(frame.width, top + thick - 1, value_said(column, value, figure), anchor="end",
                     class_="chart-value"),
            ]  # fmt: skip
        y += height + 10
    return canvas(figure, frame, y, drawn)


def draw_columns(figure: Figure, frame: Frame) -> Markup:
    """Upright columns along time; a column is named where its name touches neither the edge nor another."""
    (place, column), *_others = figure.drawn_columns
    values = [number_of(row.values[place]) for row in figure.rows]
    highest, height, top = max(values, default=0), 220, 12
    # as much room as the longest mark takes
    left = max(
        64, *(LETTER * len(value_said(column, mark, figure)) + 2 * GAP for mark in marks_up_to(highest))
    )
    step = max((frame.width - left) // max(len(values), 1), 1)
    width = max(step - 2, 1) if step < 12 else min(step - 4, BROADEST)
    aside = (step - width) // 2 if width == BROADEST else 0
    drawn = _rules(highest, top, height, left, frame, column, figure)
    for number, (row, value) in enumerate(zip(figure.rows, values, strict=True)):
        length = share_of(value, highest, height)
        said = f"{figure.label(row)}: {figure.text(column, row.values[place])}"
        drawn += block(left + number * step + aside, top + height - length, width, length, 0, said=said)
    middles = [left + number * step + aside + width // 2 for number in range(len(values))]
    drawn += _names_below(figure, middles, width, left, top + height + 20, frame)
    return canvas(figure, frame, top + height + 30, drawn)


def _rules(
    highest: int, top: int, height: int, left: int, frame: Frame, column: Column, figure: Figure
) -> list[Markup]:
    """Level lines at round values, with the values before them."""
    drawn: list[Markup] = []
    for mark in marks_up_to(highest):
        y = top + height - share_of(mark, highest or 1, height)
        drawn += [
            tag("line", x1=left, x2=frame.width, y1=y, y2=y, stroke=GROUND, class_="chart-rule", stroke_width=1),
            text(left - 8, y + 5, value_said(column, mark, figure) if mark else "0", anchor="end", fill=SOFT),
        ]  # fmt: skip
    return drawn


def _names_below(
    figure: Figure, middles: Sequence[int], width: int, left: int, y: int, frame: Frame
) -> list[Markup]:
    """Names of rows under their places, as many as touch neither the edge nor another."""
    drawn, free = [], 0
    for row, wanted in zip(figure.rows, middles, strict=True):
        words = short(figure.label(row))
        half = len(words) * LETTER // 2
        middle = min(max(wanted, left + half), frame.width - half)
        if middle - half >= free and abs(middle - wanted) <= max(half, width):
            drawn.append(text(middle, y, words, anchor="middle", fill=SOFT))
            free = middle + half + 2 * GAP
    return drawn


def draw_stacked(figure: Figure, frame: Frame) -> Markup:
    """One bar a row, put together from its columns, with the sum of what is seen at its end."""
    columns = figure.drawn_columns
    known = [[row.values[place] for place, _column in columns] for row in figure.rows]
    sums = [sum(number_of(value) for value in values) for values in known]
    longest = max(sums, default=0)
    drawn, y = legend([column for _place, column in columns], frame)
    for row, values, together in zip(figure.rows, known, sums, strict=True):
        drawn += name_beside(figure.label(row), y, 30 if frame.label else BAR, frame)
        y += above(frame)
        top, so_far = y + (6 if frame.label else 1), 0
        drawn.append(
            tag(
                "rect",
                x=frame.start,
                y=top,
                width=frame.room,
                height=BAR,
                class_="chart-ground",
                fill=GROUND,
                rx=2,
            )
        )
        for tone, (place, column) in enumerate(columns):
            value = number_of(row.values[place])
            begin = share_of(so_far, longest, frame.room)
            so_far += value
            # ends are shares of the whole bar, so that the parts never add up to more than it
            length = share_of(so_far, longest, frame.room) - begin
            said = f"{figure.label(row)}, {column.title}: {figure.text(column, row.values[place])}"
            if length:
                drawn += block(frame.start + begin, top, length, BAR, tone, said=said, is_numbered=True)
        told = together if any(isinstance(value, int) for value in values) else None
        drawn.append(
            text(frame.width, top + BAR - 4, value_said(columns[0][1], told, figure), anchor="end",
                  class_="chart-value")
        )  # fmt: skip
        y += (30 if frame.label else BAR) + 10
    return canvas(figure, frame, y, drawn)


def draw_lines(figure: Figure, frame: Frame) -> Markup:
    """A line along time for each drawn column, dashed in its own way and numbered at its end; a gap where nothing is
    known.
    """
    columns = figure.drawn_columns
    first = columns[0][1]
    highest = max(
        (number_of(row.values[place]) for row in figure.rows for place, _column in columns), default=0
    )
    drawn, begin = legend([column for _place, column in columns], frame) if len(columns) > 1 else ([], 0)
    height, left, top, right = 220, 64, begin + 12, 22
    drawn += _rules(highest, top, height, left, frame, first, figure)
    step = max((frame.width - left - right) // max(len(figure.rows) - 1, 1), 1)
    middles = [left + number * step for number in range(len(figure.rows))]
    for tone, (place, column) in enumerate(columns):
        points = [
            (x, top + height - share_of(value, highest, height), row)
            for x, row in zip(middles, figure.rows, strict=True)
            for value in [row.values[place]]
            if isinstance(value, int)
        ]
        drawn += _line(points, middles, place, column, tone, figure)
        if points and len(columns) > 1:
            drawn += block(points[-1][0] + 4, points[-1][1] - 8, 16, 16, tone, is_numbered=True)
    drawn += _names_below(figure, middles, 12, left, top + height + 20, frame)
    return canvas(figure, frame, top + height + 30, drawn)


def _line(
    points: Sequence[tuple[int, int, Row]], middles: Sequence[int], place: int, column: Column, tone: int,
    figure: Figure,
) -> list[Markup]:  # fmt: skip
    """Points joined where no row between them is unknown."""
    tone %= len(TONES)
    drawn, run = [], []
    known = {x for x, _y, _row in points}
    heights = {x: y for x, y, _row in points}
    for x in [*middles, -1]:
        if x in known:
            run.append(f"{x},{heights[x]}")
            continue
        if len(run) > 1:
            drawn.append(
                tag("polyline", points=" ".join(run), fill="none", stroke=TONES[tone], stroke_width=2,
                    class_=f"chart-line-{tone}", stroke_dasharray=DASHES[tone] or "none")
            )  # fmt: skip
        run = []
    for x, y, row in points:
        said = f"{figure.label(row)}, {column.title}: {figure.text(column, row.values[place])}"
        drawn.append(
            tag("circle", tag("title", said), cx=x, cy=y, r=3, class_=f"chart-tone-{tone}", fill=TONES[tone])
        )
    return drawn


def draw_funnel(figure: Figure, frame: Frame) -> Markup:
    """Bars about one middle, each as long as its number: what is lost from step to step is seen."""
    place, column = figure.drawn_columns[0]
    longest = max((number_of(row.values[place]) for row in figure.rows), default=0)
    middle, y = frame.start + frame.room // 2, 0
    drawn: list[Markup] = []
    for row in figure.rows:
        value = row.values[place]
        drawn += name_beside(figure.label(row), y, 34, frame)
        y += above(frame)
        length = share_of(number_of(value), longest, frame.room)
        drawn += [
            tag("rect", x=middle - length // 2, y=y + 2, width=length, height=28, rx=3, class_="chart-tone-0",
                fill=TONES[0]),
            text(frame.width, y + 20, value_said(column, value, figure), anchor="end", class_="chart-value"),
        ]  # fmt: skip
        y += 40
    return canvas(figure, frame, y, drawn)


def draw_quarters(figure: Figure, frame: Frame) -> Markup:
    """For each column a line of its own from nought: a box from the lower to the upper quarter, a rule at the median, a
    diamond at the own value. The rows are named own, lower, median and upper.
    """
    places = {row.key: number for number, row in enumerate(figure.rows)}
    drawn: list[Markup] = []
    y, high, width = 0, 22, frame.width - 2 * GAP
    for place, column in enumerate(figure.columns):
        own, low, middle, top = (
            figure.rows[places[key]].values[place] for key in ("own", "lower", "median", "upper")
        )
        for words in wrapped(str(column.title), frame.width // BOLD):
            drawn.append(text(0, y + 14, words, class_="chart-value"))
            y += 19
        y += 5
        here = _("Here: %(value)s") % {"value": value_said(column, own, figure)}
        if not (isinstance(low, int) and isinstance(middle, int) and isinstance(top, int)):
            for words in (here, _("Too few similar communities have this number.")):
                drawn.append(text(0, y + 14, words, fill=SOFT))
                y += 19
            y += 18
            continue
        whole = max(low, middle, top, number_of(own)) * 9 // 8
        left, right, rule = (GAP + share_of(value, whole, width) for value in (low, top, middle))
        drawn += [
            tag("rect", x=GAP, y=y, width=width, height=high, rx=2, class_="chart-ground", fill=GROUND),
            tag(
                "rect",
                x=left,
                y=y,
                width=max(right - left, 2),
                height=high,
                class_="chart-tone-0",
                fill=TONES[0],
            ),
            tag("rect", x=rule - 1, y=y - 3, width=3, height=high + 6, class_="chart-ink", fill=INK),
        ]
        if isinstance(own, int):
            x = GAP + share_of(own, whole, width)
            points = f"{x},{y - 5} {x + 9},{y + 11} {x},{y + 27} {x - 9},{y + 11}"
            drawn.append(
                tag("polygon", points=points, class_="chart-own", fill="#ffffff", stroke=INK, stroke_width=3)
            )
        y += high + 6
        texts = {"low": value_said(column, low, figure), "top": value_said(column, top, figure)}
        median = _("Median: %(value)s") % {"value": value_said(column, middle, figure)}
        for words in (here, median, _("Quarters: %(low)s and %(top)s") % texts):
            drawn.append(text(0, y + 18, words, fill=INK if words == here else SOFT))
            y += 19
        y += 22
    return canvas(figure, frame, y, drawn)
