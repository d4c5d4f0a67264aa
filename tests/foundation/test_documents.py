"""A document is what it holds, whatever its name says."""

import io
import zipfile

import pytest
from PIL import Image

from viche.foundation.documents import MAX_BYTES, safe_document, shown_name
from viche.foundation.refused import Refused

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def open_xml(part: str, **more: bytes) -> bytes:
    return packed(**{"[Content_Types].xml": b"<Types/>", part: b"<w/>", **more})


def open_document(kind: str) -> bytes:
    return packed(mimetype=f"application/vnd.oasis.opendocument.{kind}".encode(), **{"content.xml": b"<o/>"})


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"), (open_xml("word/document.xml"), "docx"), (open_xml("xl/workbook.xml"), "xlsx"),
        (open_xml("ppt/presentation.xml"), "pptx"), (open_document("text"), "odt"),
        (open_document("spreadsheet"), "ods"), (open_document("presentation"), "odp"),
    ],
)  # fmt: skip
def test_every_kind_that_is_taken_is_kept_as_it_came(content, ending):
    found = safe_document(content)
    assert (found.ending, found.content) == (ending, content)


def test_a_pdf_of_two_hundred_pages_is_taken_up_to_the_limit_of_size():
    pages = b"".join(b"%d 0 obj<</Type/Page>>endobj\n" % number for number in range(200))
    long = b"%PDF-1.7\n" + pages + b"%" * (MAX_BYTES - len(pages) - 30) + b"\n%%EOF\n"
    assert safe_document(long).ending == "pdf"
    with pytest.raises(Refused) as answer:
        safe_document(long + b" " * 1000)
    assert answer.value.code == "file_too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\x00" * 200, b"\x7fELF" + b"\x00" * 200, b"", b"PK\x03\x04 cut", b"#!/bin/sh\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html></html>", packed(readme=b"hello"),
        packed(mimetype=b"application/epub+zip"), b"MZ%PDF-1.7 without an end",
        packed(**{"word/document.xml": b"<w/>"}),
    ],
    ids=["exe", "elf", "empty", "cut", "script", "svg", "html", "zip", "epub", "cut pdf", "half a docx"],
)  # fmt: skip
def test_whatever_else_is_called_a_document_is_refused(content):
    with pytest.raises(Refused) as answer:
        safe_document(content)
    assert (answer.value.code, answer.value.status) == ("not_a_document", 422)


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/embeddings/setup.EXE"])
def test_macros_and_programs_inside_are_refused(part):
    with pytest.raises(Refused) as answer:
        safe_document(open_xml("word/document.xml", **{part: b"MZ"}))
    assert answer.value.code == "has_macros"


def test_a_photograph_loses_where_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "Samsung"
    exif.get_ifd(0x8825).update({1: "N", 2: (49.0, 35.0, 18.0)})
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#7aa06a").save(out, "JPEG", exif=exif)
    found = safe_document(out.getvalue())
    assert found.ending == "jpg"
    assert b"Samsung" not in found.content
    assert not Image.open(io.BytesIO(found.content)).getexif()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("кошторис.pdf", "кошторис.pdf"), ("C:\\Users\\О\\план.docx.exe", "план.docx.pdf"),
        ("../../etc/passwd", "passwd.pdf"), ('a"b\u202egnp.exe', "abgnp.pdf"), ("...", "файл.pdf"),
    ],
)  # fmt: skip
def test_the_name_is_shown_without_folders_and_with_its_true_ending(name, shown):
    from django.utils.translation import override

    with override("uk"):
        assert shown_name(name, "pdf") == shown
