"""Tables as people send them: whatever an office program made of them, read to rows or refused with a reason."""

import datetime
import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, TableCell, TableRow
from odf.table import Table as OdfTable
from odf.text import P

from viche.foundation.refused import Refused
from viche.foundation.tables import (
    CellFault,
    Odd,
    OnDisk,
    Stored,
    digits_of,
    open_table,
    place_of,
    whole_number,
)

HEADING = ["Номер бюлетеня", "Проєкти"]


def rows_of(content: bytes, sheet: str = "") -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in open_table(Stored(content), sheet=sheet).rows()]


def refusal(content: bytes, **more: str) -> Refused:
    with pytest.raises(Refused) as answer:
        list(open_table(Stored(content), **more).rows())
    return answer.value


def workbook(**sheets: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if value is not None:
                    sheet.write(row, column, value)
    book.close()
    return out.getvalue()


def spreadsheet(*rows: list[TableCell]) -> bytes:
    document, table = OpenDocumentSpreadsheet(), OdfTable(name="Аркуш")
    for cells in rows:
        row = TableRow()
        for each in cells:
            row.addElement(each)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def text_cell(text: str, **more: str) -> TableCell:
    cell = TableCell(valuetype="string", **more)
    cell.addElement(P(text=text))
    return cell


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_csv_is_read_in_every_encoding_and_with_every_separator_of_office_programs(encoding, separator):
    text = "".join(separator.join(cells) + "\r\n" for cells in (HEADING, ["1", "Їжак"], ["2", "Ґанок"]))
    assert rows_of(text.encode(encoding)) == [(1, tuple(HEADING)), (2, ("1", "Їжак")), (3, ("2", "Ґанок"))]


def test_choices_with_commas_in_quotes_do_not_make_the_comma_the_separator():
    assert rows_of('№;Проєкти\n1;"3,4,5"\n2;"7,8"\n'.encode()) == [
        (1, ("№", "Проєкти")), (2, ("1", "3,4,5")), (3, ("2", "7,8")),
    ]  # fmt: skip


def test_the_separator_that_excel_names_in_the_first_line_is_believed():
    assert rows_of(b"sep=,\n1;2,3\n") == [(2, ("1;2", "3"))]


def test_empty_rows_are_left_out_and_the_others_keep_their_numbers():
    assert rows_of(b"a;b\n;\n\n1;2\n") == [(1, ("a", "b")), (4, ("1", "2"))]


def test_a_cell_of_two_lines_is_one_row_as_in_the_program():
    assert rows_of(b'a;b\n"one\ntwo";2\n3;4\n')[1:] == [(2, ("one\ntwo", "2")), (3, ("3", "4"))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"a;b\n1;\x002\n", "nul_byte"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "nul_byte"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_format"),
        (b"\x01\x02\x03\x04", "not_a_table"),
        (b"1;" + b"x" * 200_000, "line_too_long"),
        (b'1;2\n3;"4\n' + b"5;6\n" * 60_000, "bad_quotes"),
        (b";" * 5000, "too_many_columns"),
        (b"PK\x03\x04 no archive", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason_at_the_file(content, code):
    said = refusal(content)
    assert said.code == code
    assert said.fields["file"]


def test_the_row_of_a_quotation_mark_that_is_never_closed_is_named():
    assert "1" in str(refusal(b'1;2\n3;"4\n' + b"5;6\n" * 60_000).message)


def test_a_workbook_is_read_like_the_same_table_as_csv():
    content = workbook(А=[list(HEADING), [1, "3, 4"], [None, None], [2987654321, "5"]])
    assert rows_of(content) == [(1, tuple(HEADING)), (2, ("1", "3, 4")), (4, ("2987654321", "5"))]


def test_a_workbook_called_csv_is_still_a_workbook_for_its_content_counts():
    assert open_table(Stored(workbook(А=[[1]]))).kind == "xlsx"


def test_rows_before_the_heading_keep_the_numbers_that_the_program_shows():
    assert rows_of(workbook(А=[[], [], ["№"], [7]])) == [(3, ("№",)), (4, ("7",))]


def test_columns_keep_their_place_where_the_first_are_empty():
    assert rows_of(workbook(А=[[None, None, "№"], [None, None, 7]])) == [
        (1, ("", "", "№")),
        (2, ("", "", "7")),
    ]


def test_of_several_sheets_one_is_chosen_and_empty_ones_are_not_offered():
    content = workbook(Перший=[["a"]], Порожній=[], Другий=[["b"]])
    table = open_table(Stored(content))
    assert (table.sheets, table.sheet) == (("Перший", "Другий"), "")
    assert rows_of(content, "Другий") == [(1, ("b",))]
    assert refusal(content, sheet="Третій").code == "unknown_sheet"
    assert open_table(Stored(workbook(Перший=[["a"]], Порожній=[]))).sheet == "Перший"


def odd_workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_datetime(0, 0, datetime.datetime(2026, 5, 12), book.add_format({"num_format": "dd.mm.yyyy"}))
    sheet.write_formula(0, 1, "=1+1", None, "")
    sheet.write_formula(0, 2, "=3+4", None, 7)
    sheet.write_formula(0, 3, "=1/0", None, "#DIV/0!")
    sheet.write_boolean(0, 4, True)
    sheet.merge_range(1, 0, 2, 1, "разом")
    sheet.write(1, 2, "x")
    sheet.write(2, 2, "y")
    book.close()
    return out.getvalue()


def test_what_excel_made_of_a_cell_is_told_of_the_cell():
    first, second, third = open_table(Stored(odd_workbook())).rows()
    assert first.cells == ("12.05.2026", "", "7", "", "1")
    assert first.odd == {0: Odd.DATE, 1: Odd.FORMULA, 3: Odd.ERROR, 4: Odd.TRUTH}
    assert second.odd == {0: Odd.MERGED, 1: Odd.MERGED}
    assert (third.cells[:3], third.odd) == (("", "", "y"), {0: Odd.MERGED, 1: Odd.MERGED})


def test_a_row_of_formulas_without_values_is_no_empty_row():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write_formula(3, 0, "=1+1", None, "")
    book.close()
    (row,) = open_table(Stored(out.getvalue())).rows()
    assert (row.number, row.odd) == (4, {0: Odd.FORMULA})


def test_an_ods_is_read_with_its_dates_formulas_and_joined_cells():
    number = TableCell(valuetype="float", value="2987654321")
    number.addElement(P(text="2 987 654 321"))
    content = spreadsheet(
        [text_cell("№"), text_cell("Проєкти")],
        [number, TableCell(valuetype="date", datevalue="2026-05-12"), TableCell(formula="of:=1+1")],
        [text_cell("разом", numbercolumnsspanned="2"), CoveredTableCell(), text_cell("x")],
    )
    table = open_table(Stored(content))
    _heading, first, second = table.rows()
    assert table.kind == "ods"
    assert first.cells[:2] == ("2987654321", "12.05.2026")
    assert first.odd == {1: Odd.DATE, 2: Odd.FORMULA}
    assert second.odd == {0: Odd.MERGED, 1: Odd.MERGED}
    assert second.cell(2) == "x"


def test_an_archive_that_unpacks_out_of_proportion_is_refused_before_it_is_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<c/>" * 40_000_000)
    assert refusal(out.getvalue()).code == "packed_too_tight"


def test_a_sheet_of_two_cells_at_its_ends_takes_no_room_for_the_billions_between():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, 1)
    sheet.write(1_048_575, 16_383, 2)
    book.close()
    assert refusal(out.getvalue()).code == "too_many_cells"
    far = TableCell(valuetype="float", value="1", numbercolumnsrepeated="16384")
    rows = spreadsheet([far])
    with zipfile.ZipFile(io.BytesIO(rows)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert refusal(out.getvalue()).code == "too_many_cells"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'r="XFD1048576"', b'r="xfd1048576"', "damaged"),
        (b'r="XFD1048576"', b"", "damaged"),
        (b'r="XFD1048576"', b'r="XFD0001048576"', "damaged"),
        (b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"example.com/other", "too_many_cells"),
    ],
)
def test_no_cell_hides_its_place_from_the_measure(old, new, code):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, 1)
    sheet.write(1_048_575, 16_383, 2)
    book.close()
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(old, new)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert refusal(out.getvalue()).code == code


def test_external_entities_of_a_workbook_are_never_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("таємниця")
    with zipfile.ZipFile(io.BytesIO(workbook(А=[["x"]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    evil = f'<!DOCTYPE sst [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
    for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
        head, mark, rest = parts[name].partition(b"?>")
        parts[name] = head + mark + evil + rest.replace(b"<t>x</t>", b"<t>&e;</t>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    try:
        found = str(rows_of(out.getvalue()))
    except Refused as answer:
        found = str(answer.message)
    assert "таємниця" not in found


def test_a_csv_of_many_rows_is_read_in_constant_memory(tmp_path):
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as handle:
        handle.writelines(f"{number};12,45,77\n" for number in range(300_000))
    table = open_table(OnDisk(path))
    tracemalloc.start()
    assert sum(1 for _row in table.rows()) == 300_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("12.0", 12),
        ("12,00", 12),
        ("№ 12", 12),
        ("1 250", 1250),
        ("'7", 7),
        ("007", 7),
        ("\u00a012", 12),
    ],
)
def test_a_number_is_read_as_programs_write_it(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), ("2,98765E+09", "scientific"), ("2.98765e9", "scientific"), ("1.5", "fraction"),
        ("дванадцять", "not_a_number"), ("-3", "not_a_number"), ("٣", "not_a_number"), ("9" * 30, "too_large"),
        ("10000001", "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_number_says_why(text, code):
    with pytest.raises(CellFault) as fault:
        whole_number(text)
    assert fault.value.code == code


def test_a_float_of_a_tax_number_loses_what_the_program_added_and_no_digit():
    assert digits_of("2987654321.0") == "2987654321"


def test_a_place_is_named_as_the_program_shows_it(settings):
    assert "12" in place_of(12, 2)
    assert "C" in place_of(12, 2)
    assert "AA" in place_of(12, 26)


def read_or_refused(content: bytes) -> None:
    """Nothing but a refusal may come out of the readers."""
    try:
        table = open_table(Stored(content))
        for _number, _row in zip(range(5_000), table.rows(), strict=False):
            pass
    except Refused:
        return


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_bytes_bring_the_reader_down(content):
    read_or_refused(content)


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1251"]))
@settings(max_examples=200, deadline=None)
def test_no_text_brings_the_reader_down(text, encoding):
    read_or_refused(text.encode(encoding, "ignore"))


BOOKS = [
    workbook(А=[list(HEADING), [1, "3, 4"]]),
    odd_workbook(),
    spreadsheet([text_cell("№")], [text_cell("1")]),
]


@given(
    st.sampled_from(BOOKS),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=8),
)
@settings(max_examples=300, deadline=None)
def test_no_damaged_document_brings_the_reader_down(book, changes):
    broken = bytearray(book)
    for place, value in changes:
        broken[place % len(broken)] = value
    read_or_refused(bytes(broken))


XML = st.sampled_from(
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)


@given(
    XML,
    st.integers(0, 2_000),
    st.sampled_from([b"<", b"&x;", b'"', b"9999999", b"</row>", b"r='ZZZ99'", b"\xff"]),
)
@settings(max_examples=200, deadline=None)
def test_no_damaged_part_of_a_workbook_brings_the_reader_down(part, place, noise):
    with zipfile.ZipFile(io.BytesIO(BOOKS[1])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if part not in parts:
        return
    place %= len(parts[part])
    parts[part] = parts[part][:place] + noise + parts[part][place:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    read_or_refused(out.getvalue())
