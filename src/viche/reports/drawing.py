"""Charts of figures as SVG: drawn on the server, integers only, right without scripts and on paper.

The colours are classes with plain values beside them, so that a picture is right inside a page of either theme, in a
document and in a file of its own. A picture is never alone: the figure's table says the same to whoever reads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rulebook.explaining.markup import Markup, tag
from viche.communities.outlines import HEIGHT, INSIDE, POINTS, WIDTH, outlines
from viche.foundation.money import machine_money, money_text
from viche.foundation.numbers import share_of
from viche.reports.figure import MONEY, Column, Figure, Value, value_text

GAP = 8
BAR, THIN = 18, 11
INK, SOFT, GROUND = "#1d2433", "#5a6478", "#e7eaf0"
TONES = ("#1f5fbf", "#7a4bb5", "#13795b", "#b25a00")
"""Apart from each other for eyes that see few colours, and each at 4.5:1 on white."""

LETTER = 8
"""About how wide a letter is."""

BOLD = 9
"""And a letter of a heading."""

LONGEST = 52


@dataclass(frozen=True)
class Frame:
    """How wide a picture is, and what stands beside its bars. label: room for names; 0: they stand above the bars."""

    width: int
    label: int
    value: int

    @property
    def room(self) -> int:
        """How long the longest bar is."""
        return self.width - self.label - self.value - (2 * GAP if self.label else GAP)

    @property
    def start(self) -> int:
        """Where bars begin."""
        return self.label + GAP if self.label else 0


WIDE, NARROW = Frame(720, 200, 130), Frame(340, 0, 96)
"""On a desk and in documents; on a telephone, where letters stay as large as the text around them."""


def svg_of(figure: Figure, frame: Frame = WIDE) -> Markup | None:
    """The picture of a figure; None where it is a table only, or has nothing to draw."""
    draw = CHARTS.get(figure.chart)
    if draw is None or not figure.rows:
        return None
    return draw(figure, frame)


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


def _short(words: str, most: int = LONGEST) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _lines(words: str, most: int) -> list[str]:
    """Words broken between words into lines of so many letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _name(words: str, y: int, height: int, frame: Frame) -> list[Markup]:
    """A name beside bars of this height, in one line, or in two where it would touch them; above them in a narrow
    picture.
    """
    if not frame.label:
        return [_text(0, y + 12, _short(words, frame.width // LETTER))]
    words, room, middle = _short(words), frame.label // LETTER, y + height // 2 + 3
    if len(words) <= room or " " not in words[1:]:
        return [_text(0, middle, words)]
    cut = words.rfind(" ", 0, room + 1)
    cut = cut if cut > 0 else words.find(" ")
    return [_text(0, middle - 8, words[:cut]), _text(0, middle + 8, words[cut + 1 :])]


def _above(frame: Frame) -> int:
    """Room for a name above its bars."""
    return 0 if frame.label else 20


def _canvas(figure: Figure, frame: Frame, height: int, children: Sequence[Markup]) -> Markup:
    said = alternative(figure)
    return tag(
        "svg", tag("title", said), list(children), xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width} {max(height, 10)}", class_=f"chart chart-{figure.chart}", role="img",
        aria_label=said, font_family="Golos Text, Noto Sans, sans-serif",
    )  # fmt: skip


def _legend(columns: Sequence[Column], frame: Frame) -> tuple[list[Markup], int]:
    """One square and name for each column, in rows that fit the width; how high they are."""
    drawn, x, y = [], 0, 14
    for tone, column in enumerate(columns):
        words = str(column.title)
        length = 28 + LETTER * len(words) + 16
        if x and x + length > frame.width:
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
    return drawn, y + 16


def _bars(figure: Figure, frame: Frame) -> Markup:
    """Bars from left to right, one for each drawn column of a row, all on one scale."""
    columns = figure.drawn_columns
    longest = max(
        (_number(row.values[place]) for row in figure.rows for place, _column in columns), default=0
    )
    thick = BAR if len(columns) == 1 else THIN
    height = max(len(columns) * (thick + 4), 30 if frame.label else 0)
    drawn, y = _legend([column for _place, column in columns], frame) if len(columns) > 1 else ([], 0)
    for row in figure.rows:
        drawn += _name(figure.label(row), y, height, frame)
        y += _above(frame)
        for tone, (place, column) in enumerate(columns):
            value = row.values[place]
            top = y + tone * (thick + 4) + (2 if len(columns) > 1 else 1)
            drawn += [
                tag("rect", x=frame.start, y=top, width=frame.room, height=thick, class_="chart-ground", fill=GROUND,
                    rx=2),
                tag("rect", x=frame.start, y=top, width=share_of(_number(value), longest, frame.room), height=thick,
                    class_=f"chart-tone-{tone}", fill=TONES[tone], rx=2),
                _text(frame.width, top + thick - 1, _value(column, value, figure), anchor="end", class_="chart-value"),
            ]  # fmt: skip
        y += height + 10
    return _canvas(figure, frame, y, drawn)


def _value(column: Column, value: Value, figure: Figure) -> str:
    if column.kind == MONEY and isinstance(value, int):
        return money_text(value, figure.currency, short=True)
    return value_text(column.kind, value, figure.currency)


def _columns(figure: Figure, frame: Frame) -> Markup:
    """Upright columns along time; a column is named where its name touches neither the edge nor another."""
    (place, column), *_others = figure.drawn_columns
    values = [_number(row.values[place]) for row in figure.rows]
    highest, height, top = max(values, default=0), 220, 12
    # as much room as the longest mark takes
    left = max(64, *(LETTER * len(_value(column, mark, figure)) + 2 * GAP for mark in _marks(highest)))
    step = max((frame.width - left) // max(len(values), 1), 1)
    width = max(step - 2, 1) if step < 12 else step - 4
    drawn: list[Markup] = []
    for mark in _marks(highest):
        y = top + height - share_of(mark, highest or 1, height)
        drawn += [
            tag(
                "line",
                x1=left,
                x2=frame.width,
                y1=y,
                y2=y,
                stroke=GROUND,
                class_="chart-rule",
                stroke_width=1,
            ),
            _text(left - 8, y + 5, _value(column, mark, figure) if mark else "0", anchor="end", fill=SOFT),
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
        middle = min(max(x + width // 2, left + half), frame.width - half)
        if middle - half >= free and abs(middle - x - width // 2) <= max(half, width):
            drawn.append(_text(middle, top + height + 20, words, anchor="middle", fill=SOFT))
            free = middle + half + 2 * GAP
    return _canvas(figure, frame, top + height + 30, drawn)


def _marks(highest: int) -> list[int]:
    """Round values from nought up to the highest: 0, 50, 100 …; at most five."""
    step = 1
    while highest // step > 4:
        step = step // 2 * 5 if str(step)[0] == "2" else step * 2
    return list(range(0, highest + 1, step))


def _funnel(figure: Figure, frame: Frame) -> Markup:
    """Bars about one middle, each as long as its number: what is lost from step to step is seen."""
    place, column = figure.drawn_columns[0]
    longest = max((_number(row.values[place]) for row in figure.rows), default=0)
    middle, y = frame.start + frame.room // 2, 0
    drawn: list[Markup] = []
    for row in figure.rows:
        value = row.values[place]
        drawn += _name(figure.label(row), y, 34, frame)
        y += _above(frame)
        length = share_of(_number(value), longest, frame.room)
        drawn += [
            tag("rect", x=middle - length // 2, y=y + 2, width=length, height=28, rx=3, class_="chart-tone-0",
                fill=TONES[0]),
            _text(frame.width, y + 20, _value(column, value, figure), anchor="end", class_="chart-value"),
        ]  # fmt: skip
        y += 40
    return _canvas(figure, frame, y, drawn)


def _quarters(figure: Figure, frame: Frame) -> Markup:
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
        for words in _lines(str(column.title), frame.width // BOLD):
            drawn.append(_text(0, y + 14, words, class_="chart-value"))
            y += 19
        y += 5
        here = _("Here: %(value)s") % {"value": _value(column, own, figure)}
        if not (isinstance(low, int) and isinstance(middle, int) and isinstance(top, int)):
            for words in (here, _("Too few similar communities have this number.")):
                drawn.append(_text(0, y + 14, words, fill=SOFT))
                y += 19
            y += 18
            continue
        whole = max(low, middle, top, _number(own)) * 9 // 8
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
        texts = {"low": _value(column, low, figure), "top": _value(column, top, figure)}
        median = _("Median: %(value)s") % {"value": _value(column, middle, figure)}
        for words in (here, median, _("Quarters: %(low)s and %(top)s") % texts):
            drawn.append(_text(0, y + 18, words, fill=INK if words == here else SOFT))
            y += 19
        y += 22
    return _canvas(figure, frame, y, drawn)


SHADES = ("#d5e1f3", "#a8c3e8", "#7199d3", "#3f76c0", "#12428a")
"""Few steps of one colour, from light to dark."""


def _map(figure: Figure, frame: Frame) -> Markup:
    """Ukraine with its regions shaded in steps of round values; the rows are keyed by codes of the regions."""
    place, column = figure.drawn_columns[0]
    values = {row.key: row.values[place] for row in figure.rows}
    marks = _marks(max((_number(value) for value in values.values()), default=0))
    names = {row.key: f"{figure.label(row)}: {figure.text(column, row.values[place])}" for row in figure.rows}
    regions = []
    for code in sorted({*outlines(), *POINTS}, key=lambda code: (code in INSIDE, code in POINTS, code)):
        value = values.get(code)
        shade = max(n for n, least in enumerate(marks) if value >= least) if isinstance(value, int) else None
        shown: dict[str, str] = {
            "class_": "chart-region chart-shade-none" if shade is None else f"chart-region chart-shade-{shade}",
            "fill": GROUND if shade is None else SHADES[shade], "stroke": SOFT, "vector_effect": "non-scaling-stroke",
        }  # fmt: skip
        title = tag("title", names.get(code, code))
        if code in POINTS:
            x, y = POINTS[code]
            regions.append(tag("circle", title, cx=x, cy=y, r=5, **shown))
        else:
            regions.append(tag("path", title, d=outlines()[code], **shown))
    # transform is no number here: hundredths of the drawing's own size, written with a point
    scale = machine_money(frame.width * 100 // WIDTH)
    top = frame.width * HEIGHT // WIDTH + 12
    drawn = [tag("g", regions, transform=f"scale({scale})")]
    for words in _lines(str(column.title), frame.width // BOLD):
        drawn.append(_text(0, top + 12, words, class_="chart-value"))
        top += 19
    legend = [
        (
            f"chart-shade-{number}",
            SHADES[number],
            _("from %(value)s") % {"value": _value(column, mark, figure)},
        )
        for number, mark in enumerate(marks)
    ]
    if any(not isinstance(value, int) for value in values.values()):
        legend.append(("chart-shade-none", GROUND, _("not known")))
    x, y = 0, top + 19
    for class_, fill, words in legend:
        length = 22 + LETTER * len(words) + 16
        if x and x + length > frame.width:
            x, y = 0, y + 22
        drawn += [
            tag("rect", x=x + 1, y=y - 12, width=14, height=14, fill=fill, stroke=SOFT,
                class_=f"chart-region {class_}"),
            _text(x + 22, y, words, fill=SOFT),
        ]  # fmt: skip
        x += length
    return _canvas(figure, frame, y + 10, drawn)


CHARTS: dict[str, Callable[[Figure, Frame], Markup]] = {
    "bars": _bars, "columns": _columns, "funnel": _funnel, "quarters": _quarters, "map": _map,
}  # fmt: skip
"""How a figure may be drawn."""
