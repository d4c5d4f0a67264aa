"""A printed ballot, filled in by pen and scanned: read by the job, confirmed by a person, counted."""

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from tests.paper_desk import PaperDesk, attach_scan, close_stack, confirm_sheet
from tests.paper_sheets.proof import DPI, Hand, mark

from viche.channels.paper.jobs import read_paper_scan
from viche.channels.paper.models import Scan, Sheet
from viche.channels.paper.queries import readings_of
from viche.channels.paper.sheets.book import paper_key, sheet_layout
from viche.channels.paper.sheets.printing import ballots_pdf


def scan_of(desk: PaperDesk, serial: int, *numbers: int) -> bytes:
    """The sheet of this number with a cross at these projects, as a scanner's JPEG."""
    layout = sheet_layout(desk.contest)
    document = pypdfium2.PdfDocument(ballots_pdf(layout, [serial], key=paper_key(desk.contest)))
    page = np.array(document[0].render(scale=DPI / 72).to_pil().convert("RGB"))
    hand = Hand(page, np.random.default_rng(7))
    codes = {desk.projects[number - 1].code for number in numbers}
    for box in layout.pages(serial)[0].boxes:
        if box.code in codes:
            mark(hand, box.area, "cross")
    kept = io.BytesIO()
    Image.fromarray(page).save(kept, "JPEG", quality=90)
    return kept.getvalue()


def test_a_ballot_from_the_printer_to_the_box(db):
    desk = PaperDesk()
    desk.give(1)
    stack = desk.stack()
    scan = desk.do(attach_scan, stack=stack, scan=scan_of(desk, 1, 1, 3))
    read_paper_scan(str(scan.pk))
    read_paper_scan(str(scan.pk))  # a job may run twice
    scan.refresh_from_db()
    assert (scan.found, scan.left) == (1, 0)
    sheet = Sheet.objects.get()
    (_entry, reading), *_rest = readings_of(sheet)
    chosen = ((desk.projects[0].code, 1), (desk.projects[2].code, 1))
    assert (reading.choices, reading.unsure) == (tuple(sorted(chosen)), ())
    desk.do(confirm_sheet, desk.ihor, sheet=sheet, marked=chosen)
    stack = desk.do(close_stack, stack=stack)
    assert stack.batch.counts["valid"] == 1


@pytest.mark.parametrize("content", [b"%PDF-1.4\nno pictures\n%%EOF\n"])
def test_a_scan_that_cannot_be_read_is_left_to_people(db, content):
    desk = PaperDesk()
    scan = desk.do(attach_scan, stack=desk.stack(), scan=content)
    read_paper_scan(str(scan.pk))
    kept = Scan.objects.get()
    assert (kept.read_at is not None, kept.found) == (True, 0)
    assert not Sheet.objects.exists()
