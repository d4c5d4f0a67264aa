"""What people write and send in must break no report: strange signs, endless words, formulas, foreign files."""

import base64
import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pypdfium2
import pytest
from tests import given
from tests.reports.test_designed_letters import DUE, planned, run_at

from viche.foundation import clock
from viche.foundation.limits import MAX_FILE_BYTES, MAX_REQUEST_BYTES
from viche.foundation.refused import Refused
from viche.foundation.typesetting import FAMILY, pdf_of, quoted, running
from viche.portal.forms_official_reports import CheckForm
from viche.reports.designing.actions import plan_report, queue_reports, send_reports
from viche.reports.document import Document, Heading, Paragraph, Shown
from viche.reports.drawing import svg_of
from viche.reports.figure import TEXT, Column, Figure, Row
from viche.reports.files import csv_of
from viche.reports.official import queries, signing
from viche.reports.official.setting import Head, pdf_of_document
from viche.reports.printing import pdf_of_figures

STRANGE = "Сквер 🌳👨‍👩‍👧 漢字\u0301 \u202eЗЗА → α\u0308 ✓️ и\u0306"
ENDLESS = "Щ" * 140


def figure(label: str, *, heading: str = "Проєкт", title: str = "Гроші") -> Figure:
    return Figure(
        "tried", title, "Як пораховано", heading, (Column("n", "Голоси"), Column("t", title, TEXT)),
        (Row("a", (7, label)), Row("b", (5, "б"))), {"a": label, "b": "Б"}, None, "bars", given.day(1), drawn=("n",),
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


def furthest(pdf: bytes) -> float:
    """How far to the right letters stand, in parts of the page's width."""
    found = 0.0
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            said = page.get_textpage()
            for place in range(said.count_chars()):
                found = max(found, said.get_charbox(place)[2] / page.get_width())
    return found


@pytest.mark.parametrize(
    "words", [STRANGE, "🌳", "漢字", "\u202eабв", "漢\u0301", "א\u05b7", "\ufe0f", "ﷺ", "\U0001d54f"]
)
def test_every_sign_can_be_set_for_an_archive(words: str):
    said = text_of(
        pdf_of(
            f'#set document(title: {quoted(words)})\n#set text(font: "{FAMILY}")\nслово #text({quoted(words)})'
        )
    )
    assert "слово" in said


def test_a_sign_without_a_glyph_is_a_box_and_others_stay():
    assert quoted("Сквер 🌳 → Їжак № 5 ₴") == '"Сквер □ → Їжак № 5 ₴"'
    assert quoted("и\u0306 🌳") == '"й □"'
    assert quoted("漢\u0301") == '"□"'


@pytest.mark.parametrize("words", [STRANGE, ENDLESS])
def test_reports_are_set_whatever_stands_in_titles(words: str):
    shown = figure(words, title=words, heading=words)
    found = pdf_of_figures([shown], title=words, subtitle=words, opening=[words], signatures=[words])
    official = pdf_of_document(
        Document(words, words, (Heading(words), Paragraph(words), Shown(shown))), head=Head((words,), closing=(words,)),
        number="1/2026", day=given.day(1).date(), digest="0" * 64,
    )  # fmt: skip
    for each in (found, official):
        assert furthest(each) < 0.97


def test_numbers_are_never_broken():
    assert running("12\u00a0345\u00a0678\u00a0901\u00a0234,00\u00a0грн.") == quoted(
        "12\u00a0345\u00a0678\u00a0901\u00a0234,00\u00a0грн."
    )


def test_a_long_word_ends_before_the_bars():
    drawn = str(svg_of(figure(ENDLESS)))
    assert "Щ" * 26 not in drawn.replace(f"{ENDLESS}", "")
    assert ">" + "Щ" * 25 + "<" in drawn


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "\t"])
def test_no_head_and_no_label_is_a_formula(sign: str):
    words = f"{sign}HYPERLINK(1)"
    lines = list(csv.reader(io.StringIO(csv_of(figure(words, heading=words, title=words)))))
    assert (lines[0][1], lines[0][3]) == (f"'{words}", f"'{words}")
    assert (lines[1][1], lines[1][3]) == (f"'{words}", f"'{words}")


def container(pdf: bytes, *, more: dict[str, bytes] | None = None, names: tuple[str, ...] = ()) -> bytes:
    value = base64.b64encode(hashlib.sha256(pdf).digest()).decode()
    named = "".join(
        f'<asic:DataObjectReference URI="{name}"><ds:DigestMethod '
        'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{value}</ds:DigestValue></asic:DataObjectReference>"
        for name in names
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
        archive.writestr("report.pdf", pdf)
        archive.writestr("META-INF/signature001.p7s", b"signature")
        if names:
            archive.writestr(
                "META-INF/ASiCManifest001.xml",
                '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
                'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><asic:SigReference URI="META-INF/signature001.p7s"/>'
                f"{named}</asic:ASiCManifest>",
            )
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_container_holds_and_names_the_report_alone():
    pdf = b"%PDF-1.7 report"
    assert signing._container(container(pdf), pdf) == (b"signature", pdf)
    assert signing._container(container(pdf, names=("report.pdf",)), pdf)[0] == b"signature"
    spoilt = {
        "other_files": [
            container(pdf, more={"other.pdf": b"%PDF-1.7 other"}), container(pdf, names=("report.pdf", "other.pdf")),
            container(pdf, names=("report.pdf",), more={"note.txt": b"more"}),
        ],
        "other_document": [container(b"%PDF-1.7 other"), container(pdf, names=("other.pdf",))],
    }  # fmt: skip
    for code, copies in spoilt.items():
        for copy in copies:
            with pytest.raises(Refused) as answer:
                signing._container(copy, pdf)
            assert answer.value.code == code


def test_every_byte_of_a_file_is_hashed_once(monkeypatch):
    read = []

    class Counting:
        def __init__(self) -> None:
            self.real = hashlib.sha256()

        def update(self, content) -> None:
            read.append(len(content))
            self.real.update(content)

        def hexdigest(self) -> str:
            return self.real.hexdigest()

    monkeypatch.setattr(queries, "sha256", Counting)
    content = b"%PDF-1.7 " + b"x%%EOF\r\n" * 25
    found = list(queries._revisions(content))
    ends = [content[: 9 + 8 * place + end] for place in range(25) for end in (6, 8)]
    assert found == [hashlib.sha256(each).hexdigest() for each in ends]
    assert sum(read) <= len(content)


def test_the_form_takes_no_more_than_a_request_may_bring():
    assert MAX_FILE_BYTES < MAX_REQUEST_BYTES
    form = CheckForm({}, {"file": SimpleNamespace(name="a.pdf", size=MAX_FILE_BYTES + 1)})
    assert not form.is_valid()
    assert "30 MB" in str(form.fields["file"].help_text) or "30 МБ" in str(form.fields["file"].help_text)
    with pytest.raises(Refused) as answer:
        signing.signature_of(bytes(MAX_FILE_BYTES + 1), b"")
    assert answer.value.code == "too_large"


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [8, 9])
def test_a_letter_that_is_due_is_not_lost_when_its_schedule_is_saved(hour: int):
    schedule = planned()
    by = given.official("Віктор", "administrator", schedule.report.community)
    with clock.at(DUE + timedelta(minutes=1)):
        plan_report(
            report=schedule.report, every="week", day=1, hour=hour, form="xlsx", base="https://viche.test/", by=by,
            readers=list(schedule.readers.values_list("person_id", flat=True)),
        )  # fmt: skip
        queue_reports()
        assert send_reports() == 2
    assert len(run_at(DUE + timedelta(days=7, hours=1))) == 2
