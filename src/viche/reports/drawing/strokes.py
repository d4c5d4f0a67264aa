"""What pictures of figures are put together from: the frame, letters, blocks, legends. Whole numbers only.

The colours are classes with plain values beside them, so that a picture is right inside a page of either theme, in a
document and in a file of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rulebook.explaining.markup import Markup, tag
from viche.foundation.money import money_text
from viche.reports.figure import MONEY, Column, Figure, Value, value_text

GAP = 8

INK, SOFT, GROUND = "#1d2433", "#5a6478", "#e7eaf0"
TONES = ("#1f5fbf", "#7a4bb5", "#13795b", "#b25a00", "#a3231c", "#00687a", "#6b5500", "#3d4658")
"""Apart from each other for eyes that see few colours, and each at 4.5:1 on white. A number in each says the same."""

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


def alternative(figure: Figure) -> str:
    """The picture in a sentence: what it shows, and its largest value."""
    cells = [
        (number_of(row.values[place]), row, place, column)
        for row in figure.rows
        for place, column in figure.drawn_columns
    ]
    if not cells:
        return figure.title
    _most, row, place, column = max(cells, key=lambda cell: cell[0])
    whose = f", {column.title}" if len(figure.drawn_columns) > 1 else ""
    return f"{figure.title}. {figure.label(row)}{whose}: {figure.text(column, row.values[place])}"


def number_of(value: Value) -> int:
    return value if isinstance(value, int) else 0


def value_said(column: Column, value: Value, figure: Figure) -> str:
    if column.kind == MONEY and isinstance(value, int):
        return money_text(value, figure.currency, short=True)
    return value_text(column.kind, value, figure.currency)


def text(
    x: int, y: int, words: str, *, class_: str = "chart-text", anchor: str = "start", fill: str = INK
) -> Markup:
    return tag("text", words, x=x, y=y, class_=class_, fill=fill, text_anchor=anchor, font_size=14)


def short(words: str, most: int = LONGEST) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def wrapped(words: str, most: int) -> list[str]:
    """Words broken between words into lines of so many letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {short(word, most)}".strip()
    return lines


def name_beside(words: str, y: int, height: int, frame: Frame) -> list[Markup]:
    """A name beside bars of this height, in one line, or in two where it would touch them; above them in a narrow
    picture.
    """
    if not frame.label:
        return [text(0, y + 12, short(words, frame.width // LETTER))]
    words, room, middle = short(words), frame.label // LETTER, y + height // 2 + 3
    if len(words) <= room:
        return [text(0, middle, words)]
    cut = words.rfind(" ", 0, room + 1)
    # a word that no line takes is broken
    first = words[: cut if cut > 0 else room]
    rest = short(words[len(first) :].lstrip(), room)
    return [text(0, middle - 8, first), text(0, middle + 8, rest)]


def above(frame: Frame) -> int:
    """Room for a name above its bars."""
    return 0 if frame.label else 20


def canvas(figure: Figure, frame: Frame, height: int, children: Sequence[Markup]) -> Markup:
    said = alternative(figure)
    return tag(
        "svg", tag("title", said), list(children), xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width} {max(height, 10)}", class_=f"chart chart-{figure.chart}", role="img",
        aria_label=said, font_family="Golos Text, Noto Sans, sans-serif",
    )  # fmt: skip


def legend(columns: Sequence[Column], frame: Frame) -> tuple[list[Markup], int]:
    """One numbered square and name for each column, in rows that fit the width; how high they are."""
    drawn: list[Markup] = []
    x, y = 0, 14
    for tone, column in enumerate(columns):
        words = short(str(column.title), (frame.width - 44) // LETTER)
        length = 31 + LETTER * len(words) + 16
        if x and x + length > frame.width:
            x, y = 0, y + 22
        drawn += [*block(x, y - 12, 16, 16, tone, is_numbered=True), text(x + 23, y, words, fill=SOFT)]
        x += length
    return drawn, y + 16


def block(
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


def marks_up_to(highest: int) -> list[int]:
    """Round values from nought up to the highest: 0, 50, 100 …; at most five."""
    step = 1
    while highest // step > 4:
        step = step // 2 * 5 if str(step)[0] == "2" else step * 2
    return list(range(0, highest + 1, step))
