"""A scan read: pictures, the page in each, its boxes."""

import hashlib
from collections.abc import Iterator

import cv2

from viche.channels.paper.scanning import pages
from viche.channels.paper.scanning.boxes import MARKED, UNSURE, Measured, around_box, darkness, measured
from viche.channels.paper.scanning.finding import FARTHEST, code_in, flat, flattening, marks_in
from viche.channels.paper.scanning.pages import ReadPage, ScanResult, Unsure
from viche.channels.paper.scanning.pictures import Grey, pictures_in
from viche.channels.paper.sheets import code, geometry
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.layout import Box, LayoutBook, Page, SheetLayout, values_of

SMALLEST = 1_200
"""Pixels of the longer side: less than 110 dots an inch hide thin strokes."""
_WHOLE = Area(0, 0, geometry.WIDTH, geometry.HEIGHT)


def read_scan(data: bytes, *, layouts: LayoutBook) -> ScanResult:
    """Everything that stands on the pages of one file: JPEG, PNG, TIFF of several pages, a PDF made by a scanner.

    Reads only, keeps nothing. Refused: not_a_scan, scan_too_large, scan_damaged, no_pages (a PDF without pictures).
    """
    return ScanResult(hashlib.sha256(data).hexdigest(), tuple(pages_read(data, layouts=layouts)))


def pages_read(data: bytes, *, layouts: LayoutBook) -> Iterator[ReadPage]:
    """The same page by page, so that a long file is never in memory unpacked. Refused: as read_scan."""
    for number, picture in enumerate(pictures_in(data), start=1):
        yield read_page(picture, layouts=layouts, number=number)


def read_page(picture: Grey, *, layouts: LayoutBook, number: int = 1) -> ReadPage:
    """One page. What makes it unreadable is among its faults; the picture of it goes along."""
    if max(picture.shape) < SMALLEST or 2 * min(picture.shape) < SMALLEST:
        return _unread(picture, number, pages.SMALL)
    marks = marks_in(picture)
    text = code_in(picture, marks)
    if text is None:
        return _unread(picture, number, pages.NO_CODE if marks.are_enough else pages.NO_MARKS)
    said = code.read(text)
    assert said is not None
    fault, layout, page = _printed(said, text, layouts)
    if page is None or layout is None:
        return _unread(picture, number, fault, said)
    laid = flattening(marks, page.marks) if marks.are_enough else None
    if laid is None or laid[1] > FARTHEST:
        return _unread(picture, number, pages.NO_MARKS, said)
    paper = flat(picture, laid[0], _WHOLE)
    found = measured(darkness(paper, page.marks), page.boxes, layout.kind not in ("approval", "choose-1"))
    choices, unsure = _choices(layout, paper, found)
    return ReadPage(
        number, said.serial, said.page, said.pages, said.layout, choices, unsure, (fault,) if fault else (),
        {(each.box.code, each.box.value): each.covered for each in found},
        _jpeg(paper), _png(_cut(paper, page.fields)) if page.fields else b"",
    )  # fmt: skip


def _printed(
    said: code.PageCode, text: str, layouts: LayoutBook
) -> tuple[str, SheetLayout | None, Page | None]:  # fmt: skip
    """The page as it was printed, and what is wrong with the claim that it is one of ours."""
    if said.contest != layouts.contest:
        return pages.FOREIGN, None, None
    if not code.is_sealed(text, layouts.key):
        return pages.FORGED, None, None
    layout = layouts.layouts.get(said.layout)
    if layout is None:
        return pages.UNKNOWN_LAYOUT, None, None
    printed = layout.pages(said.serial)
    if said.pages != len(printed) or said.page > len(printed):
        return pages.UNKNOWN_LAYOUT, None, None
    return pages.SPECIMEN_SHEET if said.serial == code.SPECIMEN else "", layout, printed[said.page - 1]


def _choices(
    layout: SheetLayout, paper: Grey, found: list[Measured]
) -> tuple[tuple[tuple[str, int], ...], tuple[Unsure, ...]]:
    """What is clear and what is not. One unsure box of a project makes all marked boxes of that project unsure."""
    by_code: dict[str, list[Measured]] = {}
    for each in found:
        if each.state in (MARKED, UNSURE):
            by_code.setdefault(each.box.code, []).append(each)
    choices: list[tuple[str, int]] = []
    unsure: list[Unsure] = []
    for name, boxes in by_code.items():
        value, is_clear = values_of([each.box for each in boxes])
        if all(each.state == MARKED for each in boxes) and is_clear:
            if value:
                choices.append((name, value))
            continue
        for each in boxes:
            unsure.append(_unsure(each, paper))
    return tuple(choices), tuple(unsure)


def _unsure(each: Measured, paper: Grey) -> Unsure:
    box: Box = each.box
    return Unsure(
        box.code, box.value, each.why or pages.SEVERAL, each.covered, _png(around_box(paper, each.place))
    )


def _unread(picture: Grey, number: int, fault: str, said: code.PageCode | None = None) -> ReadPage:
    """A page whose boxes are not read. A forged or foreign code gives no serial."""
    is_ours = said is not None and fault not in (pages.FOREIGN, pages.FORGED)
    return ReadPage(
        number, said.serial if said and is_ours else None, said.page if said and is_ours else None,
        said.pages if said and is_ours else None, said.layout if said and is_ours else "", faults=(fault,),
        picture=_jpeg(picture),
    )  # fmt: skip


def _cut(paper: Grey, area: Area) -> Grey:
    x, y = area.x // 10, area.y // 10
    return paper[y : y + area.height // 10, x : x + area.width // 10]


def _jpeg(picture: Grey) -> bytes:
    """For the screen: no larger than 1,700 pixels."""
    longest = max(picture.shape)
    if longest > 1_700:
        height, width = (side * 1_700 // longest for side in picture.shape)
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])[1])


def _png(picture: Grey) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])
