"""Where things lie on a sheet: every project once, nothing over another, the same wherever it is worked out."""

import hashlib
import re

import cv2
import pypdfium2
import pytest

from viche.channels.paper.sheets import geometry, measure
from viche.channels.paper.sheets.code import PageCode, is_sealed, read, written
from viche.channels.paper.sheets.geometry import Area
from viche.channels.paper.sheets.layout import RANDOM, Line, SheetLayout, Words, texts_of_words
from viche.channels.paper.sheets.printing import ballots_pdf, specimen_pdf

CONTEST = "0190aa11bb22"
KEY = b"a key of the test"
LONG = (
    "Капітальний ремонт тротуару та облаштування безбар’єрного пішохідного переходу біля загальноосвітньої школи "
    "І–ІІІ ступенів № 12 на розі вулиць Європейської та Героїв-чорнобильців у місті Полтава, другий пусковий комплекс"
)
PRINTED = "c8b1c502ffbbfc9e"
KINDS = (("approval", 1), ("choose-1", 1), ("points", 10), ("points", 40), ("ranking", 5), ("plus-minus", 1))


def layout(number: int, kind: str = "approval", most: int = 1, **facts) -> SheetLayout:
    lines = tuple(
        Line(f"c{at}", str(at), LONG if at % 2 else "Сквер", "300 000 ₴ · Полтава")
        for at in range(1, number + 1)
    )
    return SheetLayout(CONTEST, kind, lines, most=most, **facts)


def over_each_other(one: Area, other: Area) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


@pytest.mark.parametrize("number", [3, 40, 200])
@pytest.mark.parametrize(("kind", "most"), KINDS)
@pytest.mark.parametrize("is_large", [False, True])
def test_every_project_has_its_boxes_on_some_page_and_nothing_lies_over_anything(
    number, kind, most, is_large
):
    sheet = layout(number, kind, most, is_large=is_large)
    pages = sheet.pages(7)
    values = {"approval": 1, "choose-1": 1, "plus-minus": 2, "ranking": 5}.get(kind, 10 if most == 10 else 20)
    boxes = [box for page in pages for box in page.boxes]
    assert len(boxes) == number * values
    assert {box.code for box in boxes} == {f"c{at}" for at in range(1, number + 1)}
    for page in pages:
        _, _, corner, _ = page.marks
        fixed = [
            *page.marks,
            Area(geometry.QR.x - 400, geometry.QR.y, geometry.QR.width + 800, geometry.QR.height + 600),
        ]
        for box in page.boxes:
            assert box.area.right <= geometry.WIDTH - geometry.MARGIN
            assert box.area.bottom <= corner.bottom
            assert not any(over_each_other(box.area, each) for each in fixed)
        for at, box in enumerate(page.boxes):
            assert not any(over_each_other(box.area, each.area) for each in page.boxes[at + 1 :])


@pytest.mark.parametrize("is_tall", [False, True])
@pytest.mark.parametrize("is_large", [False, True])
def test_no_line_of_text_runs_over_the_edge_or_through_a_box(is_large, is_tall):
    for kind, most in KINDS:
        words = Words(stand=("проти / against", "проти / against") if is_tall else ("проти", "проти"))
        for page in layout(12, kind, most, is_large=is_large, is_tall=is_tall, words=words).pages(7):
            for text in page.texts:
                wide = measure.length(text.text, text.size, is_bold=text.is_bold)
                left = text.x - wide // 2 if text.is_centred else text.x
                place = Area(left, text.y - text.size * 25 // 10, wide, text.size * 25 // 10)
                assert place.right <= geometry.WIDTH - geometry.MARGIN
                assert not any(over_each_other(place, box.area) for box in page.boxes), text.text


def test_two_hundred_projects_take_a_few_pages_in_ordinary_print():
    assert len(layout(3).pages(1)) == 1
    assert len(layout(200).pages(1)) <= 10


def test_the_drawn_order_is_the_same_for_one_number_and_another_for_another():
    sheet = layout(40, order=RANDOM)
    order = [[box.code for page in sheet.pages(serial) for box in page.boxes] for serial in (1, 1, 2)]
    assert order[0] == order[1] != order[2]
    assert sorted(order[0]) == sorted(order[2])


def test_over_many_sheets_each_project_stands_first_about_equally_often():
    sheet = layout(4, order=RANDOM)
    first = [sheet.pages(serial)[0].boxes[0].code for serial in range(1, 401)]
    assert all(70 <= first.count(f"c{at}") <= 130 for at in range(1, 5))


def test_words_move_no_box_and_projects_do():
    plain, worded = layout(12), layout(12, words=Words("Полтава", "Бюджет", "Бюлетень", ("Речення. " * 40,)))
    assert plain.digest == worded.digest
    assert [page.boxes for page in plain.pages(1)] == [page.boxes for page in worded.pages(1)]
    others = [layout(13), layout(12, "choose-1"), layout(12, is_large=True), layout(12, is_named=True),
              layout(12, is_tall=True), layout(12, order=RANDOM)]  # fmt: skip
    assert len({plain.digest, *(each.digest for each in others)}) == 7


def test_the_geometry_of_sheets_already_printed_does_not_change():
    """If this fails, boxes have moved: VERSION has to grow, and what was printed before is told by its digest."""
    seen = hashlib.sha256()
    for kind, most in KINDS:
        for facts in ({}, {"is_large": True}, {"is_tall": True}, {"is_named": True}, {"order": RANDOM}):
            sheet = layout(40, kind, most, **facts)
            places = [
                (box.code, box.value, box.area.x, box.area.y) for page in sheet.pages(9) for box in page.boxes
            ]
            seen.update(repr((sheet.digest, [page.marks for page in sheet.pages(9)], places)).encode())
    assert seen.hexdigest()[:16] == PRINTED


def test_instructions_stay_in_the_place_left_for_them():
    many = tuple(["Поставте позначку в квадраті біля кожного проєкту, який обираєте. " * 3] * 4)
    for is_large in (False, True):
        sheet = layout(12, is_large=is_large, is_tall=True, words=Words(instructions=many))
        page = sheet.pages(1)[0]
        top = min(box.area.y for box in page.boxes)
        said = [
            text for text in texts_of_words(sheet, page) if text.text and geometry.BODY_TOP < text.y < top
        ]
        assert sum(len(text.text.split()) for text in said) == sum(len(each.split()) for each in many)


def test_corner_marks_are_those_of_the_public_dictionary():
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, rows in enumerate(geometry.CORNERS):
        image = cv2.aruco.generateImageMarker(dictionary, number, geometry.CELLS)
        inner = [[value > 0 for value in line[1:-1]] for line in image[1:-1].tolist()]
        assert inner == [[bool(bits >> (3 - at) & 1) for at in range(4)] for bits in rows]


def test_the_code_of_a_page_says_what_it_is_and_only_our_key_seals_it():
    page = PageCode(CONTEST, "00ff00ff", 123_456, 2, 3)
    text = written(page, KEY)
    assert read(text) == page
    assert is_sealed(text, KEY)
    assert not is_sealed(text, b"another key")
    assert not is_sealed(text.replace("-123456-", "-123457-"), KEY)
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", text), "fits the alphanumeric alphabet of QR codes"
    for strange in ("", "V1", text[:-1], text + "0", text.lower(), "https://example.org/" + text):
        assert read(strange) is None


def test_a_file_has_every_page_of_every_sheet_and_says_its_numbers():
    sheet = layout(40)
    document = pypdfium2.PdfDocument(ballots_pdf(sheet, [5, 6], key=KEY))
    pages = len(sheet.pages(5))
    assert len(document) == 2 * pages
    texts = [page.get_textpage().get_text_range() for page in document]
    assert all("№ 000005" in text for text in texts[:pages])
    assert all("№ 000006" in text for text in texts[pages:])


def test_titles_written_to_break_out_of_the_text_stay_text():
    hostile = '#panic("x") \\ " $x$ @a <b> #import "/etc/passwd" *_`[]'
    sheet = SheetLayout(CONTEST, "approval", (Line("1", "1", hostile),))
    text = pypdfium2.PdfDocument(specimen_pdf(sheet, key=KEY))[0].get_textpage().get_text_range()
    assert '#panic("x")' in text
    assert "#import" in text


def test_the_file_is_for_keeping_and_all_letters_are_in_it():
    content = ballots_pdf(layout(3, words=Words("Ґалаґан’ — «Їжак» ₴ №")), [1], key=KEY)
    assert b"pdfaid:part" in content
    assert b"GolosText" in content
    assert "Ґалаґан’ — «Їжак» ₴ №" in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
