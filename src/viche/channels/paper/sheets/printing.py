"""Ballots as PDF. Typst draws what layout.py has laid out; nothing is placed by it."""

from collections.abc import Iterable, Sequence

import segno

from viche.channels.paper.sheets import geometry, measure
from viche.channels.paper.sheets.code import SPECIMEN, PageCode, written
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.layout import DARK, RANDOM, Page, SheetLayout, Text, texts_of_words
from viche.foundation.typesetting import pdf_of, quoted

MOST_SHEETS = 1_000
FRAME = 35
"""How thick the frame of a box is."""

_PREAMBLE = f"""
#set page(width: 210mm, height: 297mm, margin: 0mm)
#set text(font: "{measure.FAMILY}", lang: "uk", top-edge: "baseline", bottom-edge: "baseline", hyphenate: false)
#set par(leading: 0pt, spacing: 0pt)
#let u(n) = n * 0.01mm
#let t(x, y, s, said) = place(top + left, dx: u(x), dy: u(y), text(size: s * 0.1pt, said))
#let b(x, y, s, said) = place(top + left, dx: u(x), dy: u(y), text(size: s * 0.1pt, weight: 700, said))
#let c(x, y, s, said) = place(top + left, dx: u(x) - 50mm, dy: u(y), box(width: 100mm, align(center, text(size: s * 0.1pt, said))))
#let box_(x, y, w, h) = place(top + left, dx: u(x + {FRAME} / 2), dy: u(y + {FRAME} / 2), rect(width: u(w - {FRAME}), height: u(h - {FRAME}), stroke: u({FRAME}) + black))
#let fill(x, y, w, h, ink) = place(top + left, dx: u(x), dy: u(y), rect(width: u(w), height: u(h), fill: ink))
#let cut(x, y, w) = place(top + left, dx: u(x), dy: u(y), line(length: u(w), stroke: (thickness: 0.2mm, dash: "dashed")))
#let code(x, y, w, said) = place(top + left, dx: u(x), dy: u(y), image(bytes(said), format: "svg", width: u(w)))
"""  # noqa: E501


def ballots_pdf(layout: SheetLayout, serials: Sequence[int], *, key: bytes) -> bytes:
    """The sheets of these serials, one after another, each with all its pages; PDF/A-2b.

    key: the contest's key of paper (see book.LayoutBook). ValueError for more than MOST_SHEETS: they are printed in
    several files.
    """
    if len(serials) > MOST_SHEETS:
        raise ValueError(f"at most {MOST_SHEETS} sheets in one file")
    parts = [_PREAMBLE]
    if layout.order != RANDOM:
        for page in layout.pages(0):
            parts.append(f"#let page{page.number} = [{''.join(_drawn(layout, page))}]\n")
    pages: list[str] = []
    for serial in serials:
        for page in layout.pages(serial):
            body = "".join(_drawn(layout, page)) if layout.order == RANDOM else f"#page{page.number}"
            pages.append(f"{body}\n{_own(layout, page, serial, key)}")
    parts.append("\n#pagebreak()\n".join(pages))
    return pdf_of("".join(parts))


def specimen_pdf(layout: SheetLayout, *, key: bytes) -> bytes:
    """One sheet that no box takes, to look at before any is printed."""
    return ballots_pdf(layout, [SPECIMEN], key=key)


def _drawn(layout: SheetLayout, page: Page) -> Iterable[str]:
    """All of a page that is the same on every sheet."""
    for number, mark in enumerate(page.marks):
        yield from _mark(number, mark)
    for area, ink in page.strokes:
        colour = "black" if ink == DARK else "luma(75%)"
        yield f"#fill({area.x}, {area.y}, {max(area.width, 10)}, {max(area.height, 10)}, {colour})\n"
    for box in page.boxes:
        yield f"#box_({box.area.x}, {box.area.y}, {box.area.width}, {box.area.height})\n"
    for text in (*page.texts, *texts_of_words(layout, page)):
        yield _text(text)
    if page.fields is not None:
        yield from _fields(layout, page.fields)


def _text(text: Text) -> str:
    name = "c" if text.is_centred else "b" if text.is_bold else "t"
    return f"#{name}({text.x}, {text.y}, {text.size}, {quoted(text.text)})\n"


def _mark(number: int, mark: Area) -> Iterable[str]:
    yield f"#fill({mark.x}, {mark.y}, {mark.width}, {mark.height}, black)\n"
    for row, bits in enumerate(geometry.CORNERS[number], start=1):
        for column in range(1, geometry.CELLS - 1):
            if bits >> (geometry.CELLS - 2 - column) & 1:
                left, right = (mark.width * at // geometry.CELLS for at in (column, column + 1))
                top, bottom = (mark.height * at // geometry.CELLS for at in (row, row + 1))
                yield f"#fill({mark.x + left}, {mark.y + top}, {right - left}, {bottom - top}, white)\n"


def _fields(layout: SheetLayout, area: Area) -> Iterable[str]:
    """Name, number in ten cells, signature: each a word and a line to write on."""
    words = layout.words
    letters, step = (180, area.height // 3) if layout.is_large else (90, area.height // 3)
    for at, said in enumerate((words.name, words.number, words.signature)):
        y = area.y + step * (at + 1) - 120
        yield _text(Text(area.x, y, letters, said))
        start = (
            area.x
            + max(measure.length(each, letters) for each in (words.name, words.number, words.signature))
            + 300
        )
        yield f"#fill({start}, {y + 60}, {area.right - start}, 15, black)\n"


def _own(layout: SheetLayout, page: Page, serial: int, key: bytes) -> str:
    """What only this sheet has: its code, its serial in figures, its stub."""
    words, qr = layout.words, geometry.QR
    text = written(PageCode(layout.contest, layout.digest, serial, page.number, page.pages), key)
    said = words.specimen if serial == SPECIMEN else figures(serial)
    parts = [
        f"#code({qr.x}, {qr.y}, {qr.width}, {quoted(_svg(text))})\n",
        _text(Text(qr.x + qr.width // 2, qr.bottom + 560, 130, said, True, True)),
        _text(Text(geometry.MARGIN + geometry.MARK + 400, page.marks[3].bottom - 150, 90, said)),
    ]
    if page.number == 1 and not layout.is_named:
        cut = geometry.HEIGHT - geometry.STUB
        parts.append(f"#cut(0, {cut}, {geometry.WIDTH})\n")
        parts.append(_text(Text(geometry.MARGIN, cut + 800, 100, f"{words.stub} {said}", True)))
        line = (
            measure.lines(words.contest, 80, geometry.WIDTH - 2 * geometry.MARGIN, most=1)[0]
            if words.contest
            else ""
        )
        parts.append(_text(Text(geometry.MARGIN, cut + 1_250, 80, line)))
        parts.append(_text(Text(geometry.MARGIN, cut + 2_200, 80, words.stub_signature)))
        start = geometry.MARGIN + measure.length(words.stub_signature, 80) + 200
        parts.append(
            f"#fill({start}, {cut + 2_230}, {max(geometry.WIDTH - geometry.MARGIN - start, 10)}, 15, black)\n"
        )
    return "".join(parts)


def figures(serial: int) -> str:
    """A serial as it is printed."""
    return f"№ {serial:06d}"


def _svg(text: str) -> str:
    """The code as one path, a square for each run of dark cells: sharp in any size."""
    code = segno.make(text, error="q", mode="alphanumeric", micro=False, boost_error=False)
    path: list[str] = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                path.append(f"M{x} {y}h{run - x}v1h-{run - x}z")
            x = max(run, x + 1)
    side = len(code.matrix)
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}'><path d='{''.join(path)}'/></svg>"
