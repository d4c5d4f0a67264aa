"""What lies where on the pages of a ballot: a pure function of the layout and the serial, printed and read alike.

Words never move a box: a sentence mended between the printing and the reading changes nothing. What moves them (the
kind of ballot, the projects with their titles, the print, the order) is in the digest that every page carries.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rulebook.canonical import canonical
from viche.channels.paper.sheets import geometry, measure
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.order import in_order

VERSION = 1
"""Of the geometry: grows with any change that moves a box, so that earlier sheets are told from later ones."""
FIXED, RANDOM = ORDERS = ("fixed", "random")
MOST_IN_A_ROW = 10
"""More values than these are written with digits: a row of boxes 0 to 9 for each digit."""
LIGHT, DARK = 1, 2


@dataclass(frozen=True)
class Line:
    """A project on the ballot. code: what the box knows it by. note: one line under the title (cost, place)."""

    code: str
    label: str
    title: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True)
class Words:
    """What the sheet says beside the projects; each in the languages of the sheet."""

    community: str = ""
    contest: str = ""
    heading: str = ""
    instructions: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    page: str = "{page} / {pages}"
    specimen: str = ""
    stub: str = ""
    stub_signature: str = ""
    name: str = ""
    number: str = ""
    signature: str = ""
    stand: tuple[str, str] = ("+", "−")
    places: tuple[str, ...] = ("1", "10", "100", "1000")


@dataclass(frozen=True)
class SheetLayout:
    """A kind of sheet. contest: short id. most: the greatest points or rank. is_tall: words in two languages."""

    contest: str
    kind: str
    lines: tuple[Line, ...]
    groups: tuple[str, ...] = ("",)
    most: int = 1
    is_large: bool = False
    is_tall: bool = False
    order: str = FIXED
    is_named: bool = False
    words: Words = field(default=Words(), compare=False)

    @cached_property
    def digest(self) -> str:
        """Eight hexadecimal digits of all that moves a box."""
        document = {
            "version": VERSION, "contest": self.contest, "kind": self.kind, "most": self.most, "order": self.order,
            "is_large": self.is_large, "is_tall": self.is_tall, "is_named": self.is_named, "groups": list(self.groups),
            "lines": [[each.code, each.label, each.title, each.group] for each in self.lines],
        }  # fmt: skip
        return hashlib.sha256(canonical(document)).hexdigest()[:8]

    def pages(self, serial: int) -> tuple["Page", ...]:
        """The pages of a sheet."""
        return _pages(self, serial if self.order == RANDOM else 0)


@dataclass(frozen=True)
class LayoutBook:
    """Every layout that a sheet of the contest may have been printed in, by its digest, and the key of their seals.

    contest: its short id, as the codes of pages say it.
    """

    contest: str
    layouts: Mapping[str, SheetLayout]
    key: bytes


@dataclass(frozen=True)
class Box:
    """A box to mark. value: what it stands for; of a number of several digits what it adds (30 of 34)."""

    code: str
    value: int
    area: Area
    row: int = 0


@dataclass(frozen=True)
class Text:
    """A line of text from the left; y is the line that the letters stand on, size in tenths of a point."""

    x: int
    y: int
    size: int
    text: str
    is_bold: bool = False
    is_centred: bool = False


@dataclass(frozen=True)
class Page:
    """One page: corner marks, boxes, texts, lines (area of no height or width, how dark). fields: the name and number
    of a named sheet, to be shown to who enters it.
    """

    number: int
    pages: int
    marks: tuple[Area, Area, Area, Area]
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]
    strokes: tuple[tuple[Area, int], ...]
    fields: Area | None = None


@dataclass(frozen=True)
class _Print:
    """Sizes of one print; letters in tenths of a point."""

    title: int
    note: int
    label: int
    box: int
    gap: int
    pad: int
    words: int
    least_words: int
    instructions: int
    head: tuple[int, int, int]


_PITCH = {(False, False): 1_100, (False, True): 2_400, (True, False): 2_400, (True, True): 5_600}
"""From the box "for" to the box "against", by large print and two languages: room for the words above."""
_BETWEEN_ROWS = 220
"""So that what is written above a row of digits is not taken for a stroke out of the row over it."""
_NORMAL = _Print(95, 80, 70, 500, 260, 130, 95, 65, 2_300, (85, 115, 105))
_LARGE = _Print(180, 180, 180, 700, 450, 200, 180, 150, 7_600, (140, 180, 180))


@dataclass(frozen=True)
class _Row:
    """A project laid out from its own upper left corner."""

    height: int
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]


@lru_cache(maxsize=64)
def _pages(layout: SheetLayout, serial: int) -> tuple[Page, ...]:
    is_short = layout.kind in ("approval", "choose-1", "plus-minus") and not layout.is_large
    pages = _flow(layout, serial, 1)
    return _flow(layout, serial, 2) if len(pages) > 1 and is_short else pages


def _flow(layout: SheetLayout, serial: int, columns: int) -> tuple[Page, ...]:
    """Rows down each column, column by column, page by page; a heading never stands last in a column."""
    between = 500
    left, whole = geometry.MARGIN, geometry.WIDTH - 2 * geometry.MARGIN
    width = (whole - between * (columns - 1)) // columns
    blocks = list(_blocks(layout, serial, width))
    sheets: list[tuple[list[Box], list[Text], list[tuple[Area, int]]]] = []
    column, y, low = columns, 0, 0
    for at, (row, group) in enumerate(blocks):
        needed = row.height + (blocks[at + 1][0].height if group and at + 1 < len(blocks) else 0)
        if not sheets or y + needed > low:
            column += 1
            if column >= columns:
                sheets.append(([], [], []))
                column = 0
            top, low = _body(layout, len(sheets))
            y = top
            if column:
                line = Area(left + column * (width + between) - between // 2, top, 0, low - top)
                sheets[-1][2].append((line, LIGHT))
        boxes, texts, strokes = sheets[-1]
        x = left + column * (width + between)
        boxes.extend(Box(each.code, each.value, _moved(each.area, x, y), each.row) for each in row.boxes)
        texts.extend(
            Text(each.x + x, each.y + y, each.size, each.text, each.is_bold, each.is_centred)
            for each in row.texts
        )
        y += row.height
        strokes.append((Area(x, y, width, 0), LIGHT))
    count = max(len(sheets), 1)
    return tuple(
        _page(layout, number, count, *parts) for number, parts in enumerate(sheets or [([], [], [])], start=1)
    )


def _moved(area: Area, x: int, y: int) -> Area:
    return Area(area.x + x, area.y + y, area.width, area.height)


def _print(layout: SheetLayout) -> _Print:
    return _LARGE if layout.is_large else _NORMAL


def _bottom(layout: SheetLayout, number: int) -> int:
    """Where the lower corner marks end."""
    has_stub = number == 1 and not layout.is_named
    return geometry.HEIGHT - geometry.MARGIN - (geometry.STUB if has_stub else 0)


def _body(layout: SheetLayout, number: int) -> tuple[int, int]:
    """Between which heights the projects of a page lie."""
    top, low = geometry.BODY_TOP, _bottom(layout, number) - geometry.MARK - 300
    if number == 1:
        height = _print(layout).instructions
        top += height * 8 // 5 if layout.is_tall else height
        if layout.is_named:
            low -= _fields_height(layout)
    return top, low


def _fields_height(layout: SheetLayout) -> int:
    return 5_200 if layout.is_large else 3_000


def _page(
    layout: SheetLayout, number: int, count: int, boxes: list[Box], texts: list[Text], strokes: list[tuple[Area, int]]
) -> Page:  # fmt: skip
    """The page with its corner marks and, on the first, the place for a name."""
    bottom = _bottom(layout, number)
    fields = None
    if number == 1 and layout.is_named:
        _, low = _body(layout, 1)
        fields = Area(
            geometry.MARGIN, low + 100, geometry.WIDTH - 2 * geometry.MARGIN, _fields_height(layout) - 200
        )
    return Page(number, count, geometry.marks(bottom), tuple(boxes), tuple(texts), tuple(strokes), fields)


def _blocks(layout: SheetLayout, serial: int, width: int) -> Iterator[tuple[_Row, bool]]:
    """Headings of groups (True) and projects (False), in the order of this sheet."""
    names, size = dict(layout.words.groups), _print(layout)
    for group in layout.groups:
        rows = [each for each in layout.lines if each.group == group]
        if not rows:
            continue
        if group:
            height = size.title * 4 + 2 * size.pad
            said = measure.lines(names.get(group, group), size.title + 10, width, is_bold=True, most=1)[0]
            yield _Row(height, (), (Text(0, height - size.pad - 80, size.title + 10, said, True),)), True
        if layout.order == RANDOM:
            rows = in_order(rows, contest=layout.contest, serial=serial, group=group)
        for each in rows:
            yield _row(layout, each, width), False


def _row(layout: SheetLayout, line: Line, width: int) -> _Row:
    """One project: its number and title beside a single box, or beside or above its row of boxes."""
    size = _print(layout)
    grid = _grid(layout, line.code)
    # a word above a box may be broader than the box
    first, last = grid[0][0].area, max(each.area.right for each, _ in grid)
    broad = last + first.x
    is_beside = len(grid) == 1 or broad * 20 <= width * 11
    leads = len(grid) == 1
    indent = size.box + 350 if leads else 0
    room = width - indent - (0 if leads or not is_beside else broad + 400) - 100
    texts: list[Text] = []
    y = size.pad
    step = size.title * 42 // 10
    for said in measure.lines(f"{line.label}. {line.title}", size.title, room, is_bold=True, most=12):
        texts.append(Text(indent, y + size.title * 33 // 10, size.title, said, True))
        y += step
    note = size.note * 42 // 10
    if line.note:
        said = measure.lines(line.note, size.note, room, most=1)[0]
        texts.append(Text(indent, y + size.note * 33 // 10, size.note, said))
    y += note
    if leads:
        top, x = size.pad + 60, 60
        height = max(y, top + size.box) + size.pad
    else:
        tall = max(each.area.bottom for each, _ in grid)
        top = size.pad if is_beside else y + 80
        x = width - broad - 60 if is_beside else 60
        height = max(y, top + tall) + size.pad
    boxes = tuple(Box(each.code, each.value, _moved(each.area, x, top), each.row) for each, _ in grid)
    for box, (_, label) in zip(boxes, grid, strict=True):
        if label:
            middle = box.area.x + box.area.width // 2
            texts.append(Text(middle, box.area.y - 70, size.label, label, False, True))
    return _Row(height, boxes, tuple(texts))


def _grid(layout: SheetLayout, code: str) -> list[tuple[Box, str]]:
    """The boxes of one project with what is written above each, from the grid's own corner."""
    size = _print(layout)
    step, over = size.box + size.gap, size.label * 36 // 10 + 40

    def box(value: int, column: int, row: int = 0, start: int = 0, label: str = "") -> tuple[Box, str]:
        area = Area(start + column * step, over + row * (over + size.box + _BETWEEN_ROWS), size.box, size.box)
        return Box(code, value, area, row), label

    if layout.kind in ("approval", "choose-1"):
        return [(Box(code, 1, Area(0, 0, size.box, size.box)), "")]
    if layout.kind == "plus-minus":
        pitch = _PITCH[layout.is_large, layout.is_tall]
        start = (pitch - size.box) // 2
        return [
            box(1, 0, start=start, label=layout.words.stand[0]),
            box(-1, 0, start=start + pitch, label=layout.words.stand[1]),
        ]
    if layout.most <= MOST_IN_A_ROW:
        return [box(value, value - 1, label=str(value)) for value in range(1, layout.most + 1)]
    digits = len(str(layout.most))
    return [
        box(digit * 10 ** (digits - 1 - row), digit, row, label=str(digit) + "0" * (digits - 1 - row))
        for row in range(digits)
        for digit in range(10)
    ]


def texts_of_words(layout: SheetLayout, page: Page) -> list[Text]:
    """The words of a page around its projects: heading, instructions on the first, the number of the page."""
    words, size = layout.words, _print(layout)
    x, y = geometry.HEADER.x, geometry.HEADER.y
    texts: list[Text] = []
    for said, letters, is_bold, most in (
        (words.community, size.head[0], False, 1), (words.contest, size.head[1], True, 2),
        (words.heading, size.head[2], False, 2),
    ):  # fmt: skip
        for line in (
            measure.lines(said, letters, geometry.HEADER.width, is_bold=is_bold, most=most) if said else ()
        ):
            y += letters * 44 // 10
            texts.append(Text(x, y, letters, line, is_bold))
    if page.number == 1:
        texts += _instructions(layout, size)
    foot = page.marks[2].bottom - 150
    said = words.page.format(page=page.number, pages=page.pages)
    texts.append(Text(geometry.WIDTH // 2, foot, size.words, said, False, True))
    return texts


def _instructions(layout: SheetLayout, size: _Print) -> list[Text]:
    """In the largest letters with which all of it fits the place left for it."""
    top, room = geometry.BODY_TOP, _body(layout, 1)[0] - geometry.BODY_TOP - 200
    width = geometry.WIDTH - 2 * geometry.MARGIN
    letters = size.words
    while True:
        found = [line for said in layout.words.instructions for line in measure.lines(said, letters, width)]
        step = letters * 45 // 10
        if len(found) * step <= room or letters <= 50:
            break
        letters -= 5
    return [Text(geometry.MARGIN, top + step * (at + 1) - 60, letters, line) for at, line in enumerate(found)]


def values_of(marked: Sequence[Box]) -> tuple[int, bool]:
    """The value of what is marked in a project, and whether that is clear: one box in each row of digits at most."""
    rows = [each.row for each in marked]
    return sum(each.value for each in marked), len(rows) == len(set(rows))
