"""What a scan may be, and what is said of a page that cannot be taken as read."""

import contextlib
import io
import itertools
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.paper_sheets.proof import BLUE, DPI, KEY, Hand, blank, book, layouts, mark

from viche.channels.paper.scanning import pages
from viche.channels.paper.scanning import pictures as limits
from viche.channels.paper.scanning.reading import read_scan
from viche.channels.paper.sheets import geometry
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.layout import LayoutBook, SheetLayout
from viche.channels.paper.sheets.printing import ballots_pdf, specimen_pdf
from viche.foundation.refused import Refused

APPROVAL, _, NAMED, POINTS, *_ = layouts()
SERIAL = 4_711


def marked(layout: SheetLayout, *places: int, serial: int = SERIAL, pen: str = "cross") -> list[np.ndarray]:
    """The pages of a sheet; on the first these boxes are marked."""
    found = blank(layout, serial)
    hand = Hand(found[0], np.random.default_rng(1))
    for place in places:
        mark(hand, layout.pages(serial)[0].boxes[place].area, pen)
    return found


def file_of(*pictures: np.ndarray, form: str = "PNG", **options) -> bytes:
    kept = io.BytesIO()
    first, *others = [Image.fromarray(each).convert("L") for each in pictures]
    more = {"save_all": True, "append_images": others} if others else {}
    first.save(kept, form, **more, **options)
    return kept.getvalue()


def read(data: bytes, layouts: LayoutBook | None = None):
    return read_scan(data, layouts=layouts or book())


def pixels(area: Area) -> tuple[slice, slice]:
    x, y, right, bottom = (value * DPI // 2540 for value in (area.x, area.y, area.right, area.bottom))
    return slice(y, bottom), slice(x, right)


def test_a_marked_page_says_its_number_and_what_is_marked():
    [page] = read(file_of(marked(APPROVAL, 0, 5)[0])).pages
    assert (page.serial, page.page, page.pages, page.faults) == (SERIAL, 1, 2, ())
    assert page.choices == (("1", 1), ("6", 1))
    assert page.unsure == ()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_is_read_whatever_way_it_lies(quarters):
    [page] = read(file_of(np.rot90(marked(APPROVAL, 3)[0], quarters))).pages
    assert page.choices == (("4", 1),)


def test_points_are_read_by_their_box_and_two_boxes_of_one_project_are_asked_about():
    boxes = POINTS.pages(SERIAL)[0].boxes
    first = [at for at, box in enumerate(boxes) if box.code == "1"]
    second = [at for at, box in enumerate(boxes) if box.code == "2"]
    [page, *_] = read(file_of(marked(POINTS, first[6], second[0], second[4])[0])).pages
    assert page.choices == (("1", 7),)
    assert [(each.code, each.value, each.why) for each in page.unsure] == [
        ("2", 1, "several"),
        ("2", 5, "several"),
    ]
    assert all(each.picture.startswith(b"\x89PNG") for each in page.unsure)


def test_the_drawn_order_is_undone_by_the_number_of_the_sheet():
    page = NAMED.pages(SERIAL)[0]
    codes = {page.boxes[at].code for at in (0, 7)}
    [found] = read(file_of(marked(NAMED, 0, 7)[0])).pages
    assert {code for code, _ in found.choices} == codes
    assert codes != {"1", "8"}


def test_a_named_sheet_shows_the_place_of_its_name_to_who_enters_it():
    [page] = read(file_of(marked(NAMED, 0)[0])).pages
    assert page.fields.startswith(b"\x89PNG")


def test_the_pages_of_a_sheet_are_put_together_and_a_missing_one_is_said():
    both = marked(APPROVAL, 1)
    [sheet] = read(file_of(*both, form="TIFF")).sheets
    assert (sheet.serial, sheet.choices, sheet.faults) == (SERIAL, (("2", 1),), ())
    [sheet] = read(file_of(both[0])).sheets
    assert sheet.faults == (pages.MISSING_PAGE,)
    [sheet] = read(file_of(both[0], both[1], both[0], form="TIFF")).sheets
    assert sheet.faults == (pages.TWICE,)


class TestAPageThatCannotBeTakenAsRead:
    def fault(self, picture: np.ndarray, layouts: LayoutBook | None = None) -> str:
        [page] = read(file_of(picture), layouts).pages
        assert page.choices == ()
        assert page.picture.startswith(b"\xff\xd8\xff"), "somebody has to see it"
        [fault] = page.faults
        return fault

    def test_without_a_code_that_can_be_read(self):
        page = marked(APPROVAL, 0)[0]
        page[pixels(geometry.QR)] = 255
        assert self.fault(page) == pages.NO_CODE

    def test_with_two_corners_torn_off(self):
        page = marked(APPROVAL, 0)[0]
        for corner in APPROVAL.pages(SERIAL)[0].marks[2:]:
            page[pixels(corner)] = 255
        assert self.fault(page) == pages.NO_MARKS

    def test_that_is_a_white_sheet(self):
        assert self.fault(np.full((3_508, 2_480, 3), 255, dtype=np.uint8)) == pages.NO_MARKS

    def test_scanned_too_small(self):
        assert self.fault(cv2.resize(marked(APPROVAL, 0)[0], (600, 850))) == pages.SMALL

    def test_of_another_contest(self):
        other = LayoutBook("0190aa11bb33", book().layouts, KEY)
        assert self.fault(marked(APPROVAL, 0)[0], other) == pages.FOREIGN

    def test_made_at_home_with_a_number_that_nobody_gave_out(self):
        other = LayoutBook(book().contest, book().layouts, b"the true key of the contest")
        [page] = read(file_of(marked(APPROVAL, 0)[0]), other).pages
        assert (page.faults, page.serial) == ((pages.FORGED,), None)

    def test_of_a_layout_that_is_not_known(self):
        other = LayoutBook(book().contest, {}, KEY)
        assert self.fault(marked(APPROVAL, 0)[0], other) == pages.UNKNOWN_LAYOUT

    def test_a_specimen_is_read_and_said_to_be_one(self):
        [page, *_] = read(file_of(*marked(APPROVAL, 0, serial=0), form="TIFF")).pages
        assert page.faults == (pages.SPECIMEN_SHEET,)

    def test_two_sheets_in_one_picture(self):
        page = marked(APPROVAL, 0)[0]
        small = cv2.resize(page, None, fx=0.7, fy=0.7)
        assert self.fault(np.hstack([small, small])) == pages.NO_MARKS


def test_one_corner_torn_off_still_holds_the_page():
    page = marked(APPROVAL, 2)[0]
    page[pixels(APPROVAL.pages(SERIAL)[0].marks[3])] = 255
    [found] = read(file_of(page)).pages
    assert found.choices == (("3", 1),)


class TestABoxThatAPersonMustLookAt:
    def why(self, draw) -> list[str]:
        page = marked(APPROVAL)[0]
        draw(Hand(page, np.random.default_rng(2)), [box.area for box in APPROVAL.pages(SERIAL)[0].boxes])
        [found] = read(file_of(page)).pages
        assert not {code for code, _ in found.choices} & {each.code for each in found.unsure}
        return [each.why for each in found.unsure]

    def test_filled_and_then_struck_out(self):
        def draw(hand, areas):
            mark(hand, areas[0], "filled")
            x, y, side = areas[0].x, areas[0].y, areas[0].width
            hand.stroke([(x - side, y + side), (x + 2 * side, y)], 50, BLUE)
            hand.stroke([(x - side, y), (x + 2 * side, y + side)], 50, BLUE)

        assert self.why(draw) == [pages.CORRECTED]

    def test_hardly_touched(self):
        assert self.why(
            lambda hand, areas: hand.blot(areas[0].x + 250, areas[0].y + 250, 25, (20, 20, 20))
        ) == [pages.FAINT]

    def test_run_into_by_the_mark_of_another(self):
        def draw(hand, areas):
            mark(hand, areas[0], "cross")
            hand.stroke(
                [(areas[0].x + 250, areas[0].y + 250), (areas[1].x + 250, areas[1].y + 200)], 45, BLUE
            )

        assert self.why(draw) == [pages.STRAY]

    def test_with_a_circle_around_it(self):
        def draw(hand, areas):
            x, y = areas[0].x + 250, areas[0].y + 250
            around = np.linspace(0, 6.3, 30)
            hand.stroke([(x + 380 * np.cos(at), y + 380 * np.sin(at)) for at in around], 45, BLUE)

        assert self.why(draw) == [pages.STRAY]


class TestWhatAScannerSaves:
    def pdf(self, *streams: tuple[str, bytes]) -> bytes:
        parts = [b"%PDF-1.4\n"]
        for number, (head, body) in enumerate(streams, start=1):
            parts.append(f"{number} 0 obj\n<< {head} /Length {len(body)} >>\nstream\n".encode() + body)
            parts.append(b"\nendstream\nendobj\n")
        return b"".join([*parts, b"%%EOF"])

    def head(self, filter_name: str, more: str = "") -> str:
        page = marked(APPROVAL, 0)[0]
        height, width = page.shape[:2]
        return f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /Filter /{filter_name} {more}"

    def choices(self, data: bytes):
        return [page.choices for page in read(data).pages]

    def test_a_pdf_of_jpegs(self):
        body = file_of(marked(APPROVAL, 0)[0], form="JPEG", quality=80)
        stream = (self.head("DCTDecode", "/ColorSpace /DeviceGray /BitsPerComponent 8"), body)
        assert self.choices(self.pdf(stream, stream)) == [(("1", 1),)] * 2

    def test_a_pdf_of_plain_points(self):
        grey = cv2.cvtColor(marked(APPROVAL, 0)[0], cv2.COLOR_RGB2GRAY)
        head = self.head("FlateDecode", "/ColorSpace /DeviceGray /BitsPerComponent 8")
        assert self.choices(self.pdf((head, zlib.compress(grey.tobytes())))) == [(("1", 1),)]

    def test_a_pdf_of_fax_pages(self):
        black = (
            Image.fromarray(marked(APPROVAL, 0)[0])
            .convert("L")
            .point(lambda level: 255 if level > 128 else 0)
        )
        kept = io.BytesIO()
        black.convert("1").save(kept, "TIFF", compression="group4", tiffinfo={278: black.height})
        with Image.open(io.BytesIO(kept.getvalue())) as tiff:
            offsets, counts = tiff.tag_v2[273], tiff.tag_v2[279]
            is_black_one = tiff.tag_v2[262] == 1
        assert len(offsets) == 1
        body = kept.getvalue()[offsets[0] : offsets[0] + counts[0]]
        more = f"/DecodeParms << /K -1 /BlackIs1 {'true' if is_black_one else 'false'} >>"
        assert self.choices(self.pdf((self.head("CCITTFaxDecode", more), body))) == [(("1", 1),)]

    def test_a_negative(self):
        assert self.choices(file_of(255 - marked(APPROVAL, 0)[0])) == [(("1", 1),)]

    def test_a_picture_of_one_bit_a_point_a_grey_and_a_coloured_one_are_read_alike(self):
        page = marked(APPROVAL, 0)[0]
        kept = io.BytesIO()
        Image.fromarray(page).convert("L").point(lambda level: 255 if level > 128 else 0).convert("1").save(
            kept, "PNG"
        )
        coloured = io.BytesIO()
        Image.fromarray(page).save(coloured, "JPEG", quality=60)
        assert self.choices(kept.getvalue()) == self.choices(coloured.getvalue()) == [(("1", 1),)]


class TestAFileThatIsRefused:
    def code(self, data: bytes) -> str:
        with pytest.raises(Refused) as refused:
            read(data)
        assert refused.value.status == 422
        return refused.value.code

    def test_no_picture(self):
        assert self.code(b"PK\x03\x04 a spreadsheet") == "not_a_scan"
        assert self.code(b"") == "not_a_scan"
        assert self.code(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not_a_scan"

    def test_a_picture_that_ends_too_early(self):
        data = file_of(marked(APPROVAL, 0)[0], form="JPEG")
        assert self.code(data[: len(data) // 3]) == "scan_damaged"

    def test_a_pdf_without_pictures(self):
        assert self.code(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF") == "no_pages"
        assert self.code(specimen_pdf(APPROVAL, key=KEY)) == "no_pages"
        assert self.code(ballots_pdf(APPROVAL, [1], key=KEY)) == "no_pages"

    def test_a_picture_that_unpacks_to_too_much(self):
        kept = io.BytesIO()
        Image.new("1", (9_000, 9_000)).save(kept, "PNG")
        assert len(kept.getvalue()) < 100_000
        assert self.code(kept.getvalue()) == "scan_too_large"

    def test_a_pdf_whose_stream_unpacks_to_more_than_it_says_is_unpacked_no_further(self):
        head = "/Subtype /Image /Width 800 /Height 800 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode"
        body = zlib.compress(b"\xff" * 50_000_000)
        data = (
            f"%PDF-1.4\n1 0 obj\n<< {head} /Length {len(body)} >>\nstream\n".encode()
            + body
            + b"\nendstream\n%%EOF"
        )
        [page] = read(data).pages
        assert page.faults == (pages.SMALL,)

    def test_too_many_pages_and_too_many_bytes(self, monkeypatch):
        data = file_of(*[np.full((900, 900, 3), 255, dtype=np.uint8)] * 4, form="TIFF")
        monkeypatch.setattr(limits, "MAX_PAGES", 3)
        assert self.code(data) == "scan_too_large"
        monkeypatch.setattr(limits, "MAX_BYTES", 100)
        assert self.code(data) == "scan_too_large"


def test_a_file_damaged_at_random_is_refused_or_has_no_page_that_is_read():
    draw = np.random.default_rng(5)
    page = np.full((1_300, 1_300, 3), 255, dtype=np.uint8)
    for form, _ in itertools.product(("JPEG", "PNG", "TIFF"), range(15)):
        data = bytearray(file_of(page, form=form))
        for at in draw.integers(0, len(data), 25):
            data[at] = int(draw.integers(0, 256))
        with contextlib.suppress(Refused):
            assert all(each.faults for each in read(bytes(data)).pages)
