"""A part of the entered sheets is drawn in public and compared with the paper again."""

import hashlib

import pytest
from tests.paper_desk import PaperDesk, close_stack, record_recheck

from viche.ballots.papers.batches import sheets_digest
from viche.channels.paper.models import Recheck, Sheet
from viche.channels.paper.queries import batch_document, recheck_figures
from viche.journal.models import Entry as Leaf


@pytest.fixture
def desk(db: None) -> PaperDesk:
    """Four sheets are in the box, half of which are drawn; No. n marks project n, and No. 4 is unsigned."""
    desk = PaperDesk(recheck_percent=50)
    desk.give(1, 2, 3, 4)
    stack = desk.stack()
    for number in (1, 2, 3):
        desk.both(stack, str(number), str(number))
    desk.both(stack, "4", "", "unsigned")
    desk.done = desk.do(close_stack, stack=stack)
    desk.drawn = list(Sheet.objects.filter(is_drawn=True).order_by("key"))
    return desk


def as_entered(sheet: Sheet) -> dict[str, str]:
    return {"reason": "unsigned"} if sheet.key == "4" else {"choices": sheet.key}


def test_anybody_can_draw_the_same_sheets_from_the_leaf(desk):
    document = batch_document(desk.contest, desk.done.batch)
    leaf = Leaf.objects.get(kind="PaperBatchEntered")
    assert f'"sheets":"{sheets_digest([tuple(row) for row in document["sheets"]])}"' in leaf.leaf
    seed = bytes.fromhex(document["leaf"])
    keys = sorted(
        (key for key, _reason in document["sheets"]),
        key=lambda key: hashlib.sha256(seed + key.encode()).digest(),
    )
    assert document["drawn"] == sorted(keys[:2]) == [each.key for each in desk.drawn]


def test_what_is_read_anew_as_it_was_entered_is_said_in_the_journal_once_all_are_looked_at(desk):
    desk.do(record_recheck, desk.olha, sheet=desk.drawn[0], **as_entered(desk.drawn[0]))
    assert recheck_figures(desk.done).waiting == 1
    assert not Leaf.objects.filter(kind="PaperRechecked").exists()
    desk.do(record_recheck, desk.olha, sheet=desk.drawn[1], **as_entered(desk.drawn[1]))
    figures = recheck_figures(desk.done)
    assert (figures.drawn, figures.same, figures.different, figures.waiting) == (2, 2, 0, 0)
    assert '"same":2' in Leaf.objects.get(kind="PaperRechecked").leaf


def test_a_difference_asks_for_words_and_is_shown_in_numbers(desk):
    said = desk.refused(desk.do, record_recheck, desk.olha, sheet=desk.drawn[0], choices="4")
    assert (said.code, list(said.fields)) == ("recheck_differs", ["words"])
    assert not Recheck.objects.exists()
    desk.do(record_recheck, desk.olha, sheet=desk.drawn[0], choices="4", words="Введено сусідній бюлетень")
    assert recheck_figures(desk.done).different == 1


def test_whoever_entered_a_sheet_does_not_look_at_it_again(desk):
    said = desk.refused(desk.do, record_recheck, desk.halyna, sheet=desk.drawn[0], choices="1")
    assert said.code == "entered_by_you"


def test_only_drawn_sheets_are_looked_at_and_each_once(desk):
    other = Sheet.objects.filter(is_drawn=False).first()
    assert desk.refused(desk.do, record_recheck, desk.olha, sheet=other, choices="1").code == "not_drawn"
    desk.do(record_recheck, desk.olha, sheet=desk.drawn[0], **as_entered(desk.drawn[0]))
    again = desk.refused(desk.do, record_recheck, desk.olha, sheet=desk.drawn[0], choices="1")
    assert again.code == "checked_already"


def test_of_the_drawn_sheets_alone_a_sealed_reading_is_kept_and_it_goes_when_it_was_looked_at(desk):
    assert [bool(each.kept) for each in Sheet.objects.order_by("key")] == [
        each.is_drawn for each in Sheet.objects.order_by("key")
    ]
    desk.do(record_recheck, desk.olha, sheet=desk.drawn[0], **as_entered(desk.drawn[0]))
    assert bytes(Sheet.objects.get(pk=desk.drawn[0].pk).kept) == b""
