"""Maps: the regions of the country in shades, and places as circles."""

from decimal import Decimal

from django.utils.translation import gettext as _

from rulebook.explaining.markup import Markup, tag
from viche.communities.outlines import HEIGHT, INSIDE, POINTS, WIDTH, outlines
from viche.foundation.money import machine_money
from viche.foundation.plane import circles, laid_out
from viche.reports.drawing.strokes import (
    BOLD,
    GROUND,
    LETTER,
    SOFT,
    TONES,
    Frame,
    canvas,
    marks_up_to,
    number_of,
    text,
    value_said,
    wrapped,
)
from viche.reports.figure import Figure

SHADES = ("#d5e1f3", "#a8c3e8", "#7199d3", "#3f76c0", "#12428a")
"""Few steps of one colour, from light to dark."""

DEGREES = ("latitude", "longitude")


def draw_country(figure: Figure, frame: Frame) -> Markup:
    """Ukraine with its regions shaded in steps of round values; the rows are keyed by codes of the regions."""
    place, column = figure.drawn_columns[0]
    values = {row.key: row.values[place] for row in figure.rows}
    marks = marks_up_to(max((number_of(value) for value in values.values()), default=0))
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
    for words in wrapped(str(column.title), frame.width // BOLD):
        drawn.append(text(0, top + 12, words, class_="chart-value"))
        top += 19
    legend = [
        (
            f"chart-shade-{number}",
            SHADES[number],
            _("from %(value)s") % {"value": value_said(column, mark, figure)},
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
            text(x + 22, y, words, fill=SOFT),
        ]  # fmt: skip
        x += length
    return canvas(figure, frame, y + 10, drawn)


def draw_places(figure: Figure, frame: Frame) -> Markup:
    """A circle where each row lies, the larger the greater its value, with its number in it; north is up.

    The rows have columns number, latitude and longitude beside the drawn one.
    """
    place, column = figure.drawn_columns[0]
    where = {each.key: place for place, each in enumerate(figure.columns)}
    width, height = frame.width, frame.width * 5 // 8
    rows = sorted(figure.rows, key=lambda row: -number_of(row.values[place]))
    values = [number_of(row.values[place]) for row in rows]
    degrees = [tuple(Decimal(str(row.values[where[key]])) for key in DEGREES) for row in rows]
    points = laid_out(degrees, width=width, height=height, margin=width // 20)
    spots = circles(points, values, width=width, height=height, least=9, most=max(width // 32, 14))
    drawn = [tag("rect", width=width, height=height, rx=8, class_="chart-ground", fill=GROUND)]
    for row, (x, y, radius) in zip(rows, spots, strict=True):
        number = str(row.values[where["number"]])
        size = 13 if len(number) * LETTER <= 2 * radius else 9
        said = tag("title", f"{figure.label(row)}: {figure.text(column, row.values[place])}")
        drawn += [
            tag("circle", said, cx=x, cy=y, r=radius, class_="chart-tone-0 chart-spot", fill=TONES[0], stroke=GROUND,
                stroke_width=1),
            tag("text", number, x=x, y=y + size // 3 + 1, class_="chart-mark", fill="#ffffff", text_anchor="middle",
                font_size=size),
        ]  # fmt: skip
    return canvas(figure, frame, height, drawn)
