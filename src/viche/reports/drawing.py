"""Charts of figures as SVG: drawn on the server, integers only, right without scripts and on paper.

The colours are classes with plain values beside them, so that a picture is right inside a page of either theme, in a
document and in a file of its own. A picture is never alone: the figure's table says the same to whoever reads.
"""

from collections.abc import Callable, Sequence

from rulebook.explaining.markup import Markup, tag
from viche.foundation.money import money_text
from viche.foundation.numbers import share_of
from viche.reports.figure import MONEY, Column, Figure, Value, value_text

WIDTH = 720
LABEL, VALUE, GAP = 200, 130, 8
BAR, THIN, LINE = 18, 11, 30
INK, SOFT, GROUND = "#1d2433", "#5a6478", "#e7eaf0"
TONES = ("#1f5fbf", "#7a4bb5", "#13795b", "#b25a00")
"""Apart from each other for eyes that see few colours, and each at 4.5:1 on white."""

LETTER = 8
"""About how wide a letter is."""

LONGEST = 52


def svg_of(figure: Figure) -> Markup | None:
    """The picture of a figure; None where it is a table only, or has nothing to draw."""
    draw = CHARTS.get(figure.chart)
    if draw is None or not figure.rows:
        return None
    return draw(figure)


def alternative(figure: Figure) -> str:
    """The picture in a sentence: what it shows, and its largest value."""
    place, column = figure.drawn_columns[0]
    largest = max(figure.rows, key=lambda row: _number(row.values[place]), default=None)
    if largest is None:
        return figure.title
    return f"{figure.title}. {figure.label(largest)}: {figure.text(column, largest.values[place])}"


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _text(
    x: int, y: int, words: str, *, class_: str = "chart-text", anchor: str = "start", fill: str = INK
) -> Markup:
    return tag("text", words, x=x, y=y, class_=class_, fill=fill, text_anchor=anchor, font_size=14)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def _lines(x: int, y: int, words: str) -> list[Markup]:
    """A name in one line, or in two where it would touch the bars."""
    words, room = _short(words), LABEL // LETTER
    if len(words) <= room or " " not in words[1:]:
        return [_text(x, y, words)]
    cut = words.rfind(" ", 0, room + 1)
    cut = cut if cut > 0 else words.find(" ")
    return [_text(x, y - 8, words[:cut]), _text(x, y + 8, words[cut + 1 :])]


def _canvas(figure: Figure, height: int, children: Sequence[Markup]) -> Markup:
    return tag(
        "svg", tag("title", alternative(figure)), list(children), xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}", class_=f"chart chart-{figure.chart}", role="img",
        aria_label=alternative(figure), font_family="Golos Text, Noto Sans, sans-serif",
    )  # fmt: skip


def _legend(columns: Sequence[Column], y: int) -> list[Markup]:
    """One square and name for each column, in rows that fit the width."""
    drawn, x = [], 0
    for tone, column in enumerate(columns):
        words = str(column.title)
        length = 28 + 8 * len(words) + 16
        if x and x + length > WIDTH:
            x, y = 0, y + 22
        drawn += [
            tag(
                "rect",
                x=x,
                y=y - 11,
                width=13,
                height=13,
                rx=2,
                class_=f"chart-tone-{tone}",
                fill=TONES[tone],
            ),
            _text(x + 20, y, words, fill=SOFT),
        ]
        x += length
    return drawn


def _legend_rows(columns: Sequence[Column]) -> int:
    rows, x = 1, 0
    for column in columns:
        length = 28 + 8 * len(str(column.title)) + 16
        if x and x + length > WIDTH:
            rows, x = rows + 1, 0
        x += length
    return rows


def _bars(figure: Figure) -> Markup:
    """Bars from left to right, one for each drawn column of a row, all on one scale for each kind of value."""
    columns = figure.drawn_columns
    longest = max(
        (_number(row.values[place]) for row in figure.rows for place, _column in columns), default=0
    )
    room = WIDTH - LABEL - VALUE - 2 * GAP
    thick = BAR if len(columns) == 1 else THIN
    drawn: list[Markup] = []
    y = 0
    if len(columns) > 1:
        drawn += _legend([column for _place, column in columns], 14)
        y = 22 * _legend_rows([column for _place, column in columns]) + 8
    for row in figure.rows:
        height = max(len(columns) * (thick + 4), 30)
        drawn += _lines(0, y + height // 2 + 3, figure.label(row))
        for tone, (place, column) in enumerate(columns):
            value = row.values[place]
            top = y + tone * (thick + 4) + (2 if len(columns) > 1 else 1)
            length = share_of(_number(value), longest, room)
            drawn += [
                tag("rect", x=LABEL + GAP, y=top, width=room, height=thick, class_="chart-ground", fill=GROUND, rx=2),
                tag("rect", x=LABEL + GAP, y=top, width=length, height=thick, class_=f"chart-tone-{tone}",
                    fill=TONES[tone], rx=2),
                _text(WIDTH, top + thick - 1, _value(column, value, figure), anchor="end", class_="chart-value"),
            ]  # fmt: skip
        y += height + 10
    return _canvas(figure, max(y, 10), drawn)


def _value(column: Column, value: Value, figure: Figure) -> str:
    if column.kind == MONEY and isinstance(value, int):
        return money_text(value, figure.currency, short=True)
    return value_text(column.kind, value, figure.currency)


def _columns(figure: Figure) -> Markup:
    """Upright columns along time; every nth is named, so that names never touch."""
    (place, column), *_others = figure.drawn_columns
    values = [_number(row.values[place]) for row in figure.rows]
    highest, height, left, top = max(values, default=0), 220, 64, 12
    step = max((WIDTH - left) // max(len(values), 1), 1)
    width = max(step - 2, 1) if step < 12 else step - 4
    drawn: list[Markup] = []
    for part, mark in enumerate(_marks(highest)):
        y = top + height - share_of(mark, highest or 1, height)
        drawn += [
            tag("line", x1=left, x2=WIDTH, y1=y, y2=y, stroke=GROUND, class_="chart-rule", stroke_width=1),
            _text(left - 8, y + 5, _value(column, mark, figure), anchor="end", fill=SOFT)
            if part or not highest
            else _text(left - 8, y + 5, "0", anchor="end", fill=SOFT),
        ]
    free = 0
    for number, (row, value) in enumerate(zip(figure.rows, values, strict=True)):
        length = share_of(value, highest, height)
        x = left + number * step
        said = f"{figure.label(row)}: {figure.text(column, row.values[place])}"
        drawn.append(
            tag("rect", tag("title", said), x=x, y=top + height - length, width=width, height=length,
                class_="chart-tone-0", fill=TONES[0])
        )  # fmt: skip
        words = _short(figure.label(row))
        half = len(words) * LETTER // 2
        # named where the name touches neither the edge nor the name before it
        middle = min(max(x + width // 2, left + half), WIDTH - half)
        if middle - half >= free and abs(middle - x - width // 2) <= max(half, width):
            drawn.append(_text(middle, top + height + 20, words, anchor="middle", fill=SOFT))
            free = middle + half + 2 * GAP
    return _canvas(figure, top + height + 30, drawn)


def _marks(highest: int) -> list[int]:
    """Round values from nought up to the highest: 0, 50, 100 …; at most five."""
    if highest <= 0:
        return [0]
    step = 1
    while highest // step > 4:
        step = step * 2 if str(step)[0] == "1" else step // 2 * 5 if str(step)[0] == "2" else step * 2
    return list(range(0, highest + 1, step))


def _funnel(figure: Figure) -> Markup:
    """Bars about one middle, each as long as its number: what is lost from step to step is seen."""
    place, column = figure.drawn_columns[0]
    longest = max((_number(row.values[place]) for row in figure.rows), default=0)
    room, middle = WIDTH - LABEL - VALUE, LABEL + (WIDTH - LABEL - VALUE) // 2
    drawn: list[Markup] = []
    for number, row in enumerate(figure.rows):
        value = row.values[place]
        length, y = share_of(_number(value), longest, room - 2 * GAP), number * 40
        drawn += [
            *_lines(0, y + 20, figure.label(row)),
            tag("rect", x=middle - length // 2, y=y + 2, width=length, height=28, rx=3, class_="chart-tone-0",
                fill=TONES[0]),
            _text(WIDTH, y + 20, _value(column, value, figure), anchor="end", class_="chart-value"),
        ]  # fmt: skip
    return _canvas(figure, len(figure.rows) * 40, drawn)


CHARTS: dict[str, Callable[[Figure], Markup]] = {"bars": _bars, "columns": _columns, "funnel": _funnel}
"""How a figure may be drawn."""
