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
from viche.reports.figure import MONEY, Column, Figure, Row, Value, value_text

GAP = 8
BAR, THIN = 18, 11
BROADEST = 72
"""An upright column is no broader, however few there are."""

INK, SOFT, GROUND = "#1d2433", "#5a6478", "#e7eaf0"
TONES = ("#1f5fbf", "#7a4bb5", "#13795b", "#b25a00", "#a3231c", "#00687a", "#6b5500", "#3d4658")
"""Apart from each other for eyes that see few colours, and each at 4.5:1 on white. A number in each says the same."""

DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "1 3", "12 4", "6 2 1 2")

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
    cells = [
        (_number(row.values[place]), row, place, column)
        for row in figure.rows
        for place, column in figure.drawn_columns
    ]
    if not cells:
        return figure.title
    _most, row, place, column = max(cells, key=lambda cell: cell[0])
    whose = f", {column.title}" if len(figure.drawn_columns) > 1 else ""
    return f"{figure.title}. {figure.label(row)}{whose}: {figure.text(column, row.values[place])}"


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _text(
    x: int, y: int, words: str, *, class_: str = "chart-text", anchor: str = "start", fill: str = INK
) -> Markup:
    return tag("text", words, x=x, y=y, class_=class_, fill=fill, text_anchor=anchor, font_size=14)


def _short(words: str, most: int = LONGEST) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _wrapped(words: str, most: int) -> list[str]:
    """Words broken between words into lines of so many letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {_short(word, most)}".strip()
    return lines


def _name(words: str, y: int, height: int, frame: Frame) -> list[Markup]:
    """A name beside bars of this height, in one line, or in two where it would touch them; above them in a narrow
    picture.
    """
    if not frame.label:
        return [_text(0, y + 12, _short(words, frame.width // LETTER))]
    words, room, middle = _short(words), frame.label // LETTER, y + height // 2 + 3
    if len(words) <= room:
        return [_text(0, middle, words)]
    cut = words.rfind(" ", 0, room + 1)
    # a word that no line takes is broken
    first = words[: cut if cut > 0 else room]
    rest = _short(words[len(first) :].lstrip(), room)
    return [_text(0, middle - 8, first), _text(0, middle + 8, rest)]


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
    """One numbered square and name for each column, in rows that fit the width; how high they are."""
    drawn: list[Markup] = []
    x, y = 0, 14
    for tone, column in enumerate(columns):
        words = _short(str(column.title), (frame.width - 44) // LETTER)
        length = 31 + LETTER * len(words) + 16
        if x and x + length > frame.width:
            x, y = 0, y + 22
        drawn += [*_block(x, y - 12, 16, 16, tone, is_numbered=True), _text(x + 23, y, words, fill=SOFT)]
        x += length
    return drawn, y + 16


def _block(
    x: int, y: int, width: int, height: int, tone: int, *, said: str = "", is_numbered: bool = False
) -> list[Markup]:
    """A filled rectangle of a tone; with the tone's number in it where there is room, for colour is not seen by all."""
    tone %= len(TONES)
    children = [tag("title", said)] if said else []
    drawn = [
        tag("rect", children, x=x, y=y, width=width, height=height, rx=2, class_=f"chart-tone-{tone}",
            fill=TONES[tone])
    ]  # fmt: skip
    if is_numbered and width >= 14:
        size = min(height, 13)
        drawn.append(
            tag("text", str(tone + 1), x=x + width // 2, y=y + (height + size) // 2 - 2, class_="chart-mark",
                fill="#ffffff", text_anchor="middle", font_size=size)
        )  # fmt: skip
    return drawn


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
                *_block(frame.start, top, share_of(_number(value), longest, frame.room), thick, tone,
                        is_numbered=len(columns) > 1),
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
    width = max(step - 2, 1) if step < 12 else min(step - 4, BROADEST)
    aside = (step - width) // 2 if width == BROADEST else 0
    drawn = _rules(highest, top, height, left, frame, column, figure)
    for number, (row, value) in enumerate(zip(figure.rows, values, strict=True)):
        length = share_of(value, highest, height)
        said = f"{figure.label(row)}: {figure.text(column, row.values[place])}"
        drawn += _block(left + number * step + aside, top + height - length, width, length, 0, said=said)
    middles = [left + number * step + aside + width // 2 for number in range(len(values))]
    drawn += _names_below(figure, middles, width, left, top + height + 20, frame)
    return _canvas(figure, frame, top + height + 30, drawn)


def _rules(
    highest: int, top: int, height: int, left: int, frame: Frame, column: Column, figure: Figure
) -> list[Markup]:
    """Level lines at round values, with the values before them."""
    drawn: list[Markup] = []
    for mark in _marks(highest):
        y = top + height - share_of(mark, highest or 1, height)
        drawn += [
            tag("line", x1=left, x2=frame.width, y1=y, y2=y, stroke=GROUND, class_="chart-rule", stroke_width=1),
            _text(left - 8, y + 5, _value(column, mark, figure) if mark else "0", anchor="end", fill=SOFT),
        ]  # fmt: skip
    return drawn


def _names_below(
    figure: Figure, middles: Sequence[int], width: int, left: int, y: int, frame: Frame
) -> list[Markup]:
    """Names of rows under their places, as many as touch neither the edge nor another."""
    drawn, free = [], 0
    for row, wanted in zip(figure.rows, middles, strict=True):
        words = _short(figure.label(row))
        half = len(words) * LETTER // 2
        middle = min(max(wanted, left + half), frame.width - half)
        if middle - half >= free and abs(middle - wanted) <= max(half, width):
            drawn.append(_text(middle, y, words, anchor="middle", fill=SOFT))
            free = middle + half + 2 * GAP
    return drawn


def _stacked(figure: Figure, frame: Frame) -> Markup:
    """One bar a row, put together from its columns, with the sum of what is seen at its end."""
    columns = figure.drawn_columns
    known = [[row.values[place] for place, _column in columns] for row in figure.rows]
    sums = [sum(_number(value) for value in values) for values in known]
    longest = max(sums, default=0)
    drawn, y = _legend([column for _place, column in columns], frame)
    for row, values, together in zip(figure.rows, known, sums, strict=True):
        drawn += _name(figure.label(row), y, 30 if frame.label else BAR, frame)
        y += _above(frame)
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
            value = _number(row.values[place])
            begin = share_of(so_far, longest, frame.room)
            so_far += value
            # ends are shares of the whole bar, so that the parts never add up to more than it
            length = share_of(so_far, longest, frame.room) - begin
            said = f"{figure.label(row)}, {column.title}: {figure.text(column, row.values[place])}"
            if length:
                drawn += _block(frame.start + begin, top, length, BAR, tone, said=said, is_numbered=True)
        told = together if any(isinstance(value, int) for value in values) else None
        drawn.append(
            _text(frame.width, top + BAR - 4, _value(columns[0][1], told, figure), anchor="end",
                  class_="chart-value")
        )  # fmt: skip
        y += (30 if frame.label else BAR) + 10
    return _canvas(figure, frame, y, drawn)


def _lines(figure: Figure, frame: Frame) -> Markup:
    """A line along time for each drawn column, dashed in its own way and numbered at its end; a gap where nothing is
    known.
    """
    columns = figure.drawn_columns
    first = columns[0][1]
    highest = max(
        (_number(row.values[place]) for row in figure.rows for place, _column in columns), default=0
    )
    drawn, begin = _legend([column for _place, column in columns], frame) if len(columns) > 1 else ([], 0)
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
            drawn += _block(points[-1][0] + 4, points[-1][1] - 8, 16, 16, tone, is_numbered=True)
    drawn += _names_below(figure, middles, 12, left, top + height + 20, frame)
    return _canvas(figure, frame, top + height + 30, drawn)


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
        for words in _wrapped(str(column.title), frame.width // BOLD):
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
    for words in _wrapped(str(column.title), frame.width // BOLD):
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
    "bars": _bars, "stacked": _stacked, "columns": _columns, "lines": _lines, "funnel": _funnel,
    "quarters": _quarters, "map": _map,
}  # fmt: skip
"""How a figure may be drawn."""
