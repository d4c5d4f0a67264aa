"""The reconciliation of operators and terminals: what each side says, and what differs."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests import bank, given, polling
from tests.paper_desk import EXPECTED, PDF, PaperDesk, attach_scan, close_stack, decide_sheet, withdraw_stack
from tests.reports.lines import columns
from tests.reports.official import built, check_documents, check_sums, tables_of, told
from tests.reports.test_figures import published

from viche.ballots.actions import open_box
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.reports.files import csv_of
from viche.reports.official.kinds import KINDS

pytestmark = pytest.mark.django_db


def test_paper_is_reconciled_by_point_batch_and_operator():
    desk = PaperDesk()
    place = polling.point(desk.contest)
    desk.give(1, 2, 3, 4)
    stack = desk.stack(point=place.pk, expected={**EXPECTED, "issued": 6, "valid": 3})
    desk.both(stack, "1", "1")
    desk.type(stack, desk.halyna, "2", "1")
    sheet = desk.type(stack, desk.ihor, "2", "2")
    desk.do(decide_sheet, desk.olha, sheet=sheet, turn=2)
    desk.both(stack, "3", reason="blank")
    desk.do(attach_scan, stack=stack, scan=PDF)
    desk.do(close_stack, desk.ihor, stack=stack, difference="Один бюлетень виборець забрав.")
    other = desk.stack("Школа")
    desk.both(other, "4", "1")
    desk.do(close_stack, other.made_by and desk.ihor, stack=other)
    desk.do(withdraw_stack, stack=other, reason="Не той стос.", by=desk.ihor)
    with clock.at(given.day(61)):
        open_box(contest=desk.contest)
    published(desk.contest)
    check_sums(desk.contest)
    assert not KINDS["reconciliation"].is_public
    document = built(desk.contest, "reconciliation")
    found = tables_of(document)
    paper = {row.key: row.values[0] for row in found["paper-ballots"].rows}
    assert (paper["printed"], paper["issued"], paper["valid"], paper["invalid"]) == (10, 4, 2, 1)
    assert {row.key: row.values[0] for row in found["invalid-paper"].rows} == {"blank": 1}
    first, second = found["batches"].rows
    line = columns(found["batches"], row=first.key)
    assert (line["point"], line["state"], line["valid_told"], line["valid"], line["valid_less"]) == (
        "ЦНАП № 1", "closed", 3, 2, -1,
    )  # fmt: skip
    assert columns(found["batches"], row=second.key)["state"] == "undone"
    assert "Один бюлетень виборець забрав." in told(document)
    operators = columns(found["operators-paper"])
    assert (operators["entries"], operators["differing"], operators["wrong"]) == (9, 2, 1)
    every = told(document) + "".join(csv_of(each) for each in document.figures())
    for name in ("Галина", "Ігор", "Ольга", "Коваленко"):
        assert name not in every, "operators stand by the number of their office"
    check_documents(desk.contest)


KEY = Ed25519PrivateKey.generate()


def test_terminals_are_reconciled_by_network_and_day():
    with bank.voted_day(KEY) as (contest, machine, states):
        day = bank.today()
        machine.reconcile(day, {"2026": 3}, {next(iter(states)): "cast"})
    with clock.at(bank.VOTING + timedelta(hours=1)):
        machine.reconcile(day, {"2026": 2}, states)
    with clock.at(given.day(61)):
        open_box(contest=contest, by=SYSTEM)
    published(contest)
    check_sums(contest)
    found = tables_of(built(contest, "reconciliation"))
    assert columns(found["terminals"], row=f"bank/{day}") == {
        "box": 2, "cancelled": 1, "stated": 2, "difference": 0, "missing_here": 0, "missing_there": 0, "differing": 0,
        "other_day": 0, "times": 2, "settled": "settled",
    }  # fmt: skip
    channels = columns(found["ballots-by-channel"], row="terminal")
    assert (channels["marks"], channels["annulled"], channels["ballots"]) == (3, 1, 2)
    check_documents(contest)
