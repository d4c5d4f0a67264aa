"""Protocols of polling points from a file: one row a point, or one row a point and project."""

from typing import Any

import pytest
from tests import given
from tests.paper_box import VOTING, paper_contest
from tests.paper_files import checked, confirmed, csv_of, entered, findings

from viche.ballots.models import PaperBatch
from viche.ballots.papers import votes_of
from viche.channels.paper.importing.actions import undo_import
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.queries import report_file
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.points.actions import PointFacts, add_point

LONG = (
    "Дільниця",
    "Отримано",
    "Дійсних",
    "Недійсних",
    "Зіпсованих",
    "Невикористаних",
    "Номер проєкту",
    "Голосів",
)
State = PaperImport.State


def point(contest: Any, name: str) -> Any:
    facts = PointFacts(
        name=name, kind="cnap", address=f"вул. Соборності, {len(name)}", territory=contest.community.territory,
        hours=[[(540, 1080)]] * 5 + [[]] * 2, access_note="",
    )  # fmt: skip
    return add_point(community=contest.community, facts=facts, contests=[contest], by=SYSTEM)


@pytest.fixture
def counting(db: None) -> Any:
    contest, projects = paper_contest(mode="totals")
    for name in ("ЦНАП", "Бібліотека"):
        point(contest, name)
    oksana = given.official("Оксана", "operator", contest.community)
    iryna = given.official("Ірина", "commission", contest.community)
    return contest, [each.number for each in projects], oksana, iryna


def test_rows_of_a_point_come_in_as_its_protocol_and_a_second_official_confirms_all(counting):
    contest, (first, second, *_), oksana, iryna = counting
    content = csv_of(
        ("ЦНАП", 10, 6, 1, 1, 2, first, 5), ("ЦНАП", "", "", "", "", "", second, 3),
        ("бібліотека", 4, 4, 0, 0, 0, first, 4), heading=LONG,
    )  # fmt: skip
    brought = entered(contest, content, oksana)
    assert (brought.state, brought.counts["valid"]) == (State.ENTERED, 2)
    found = {batch.name.rpartition(": ")[2]: batch for batch in PaperBatch.objects.all()}
    assert votes_of(found["ЦНАП"]) == {str(first): 5, str(second): 3}
    assert found["ЦНАП"].expected == {"issued": 10, "valid": 6, "invalid": 1, "spoiled": 1, "unused": 2}
    assert votes_of(found["Бібліотека"]) == {str(first): 4}
    confirmed(brought, iryna)
    assert set(PaperBatch.objects.values_list("state", flat=True)) == {"closed"}
    report = "".join(report_file(brought)).splitlines()
    assert len(report) == 4


def test_one_row_a_point_with_a_column_a_project_is_the_same(counting):
    contest, numbers, oksana, _iryna = counting
    heading = (*LONG[:6], *(f"Проєкт № {each}" for each in numbers))
    brought = entered(contest, csv_of(("ЦНАП", 10, 6, 1, 1, 2, 5, 3, 0, ""), heading=heading), oksana)
    assert brought.state == State.ENTERED
    assert votes_of(PaperBatch.objects.get()) == {str(numbers[0]): 5, str(numbers[1]): 3}


@pytest.mark.parametrize(
    ("row", "place", "code"),
    [
        (("Школа", 10, 6, 1, 1, 2, "{0}", 5), 0, "unknown_point"),
        (("", 10, 6, 1, 1, 2, "{0}", 5), 0, "no_point"),
        (("ЦНАП", 10, "шість", 1, 1, 2, "{0}", 5), 2, "not_a_number"),
        (("ЦНАП", 10, 6, 1, 1, 2, 99, 5), 6, "unknown_project"),
        (("ЦНАП", 10, 6, 1, 1, 2, "{0}", 7), None, "too_many_votes"),
        (("ЦНАП", "", 6, 1, 1, 2, "{0}", 5), 1, "empty"),
    ],
)
def test_a_row_that_cannot_be_is_told_at_its_cell_and_no_protocol_comes_in(counting, row, place, code):
    contest, numbers, oksana, _iryna = counting
    content = csv_of(tuple(str(each).format(*numbers) for each in row), heading=LONG)
    assert findings(checked(contest, content, oksana)) == [(2, place, code)]
    assert not PaperBatch.objects.exists()


def test_votes_of_one_project_at_one_point_stand_once(counting):
    contest, (first, *_), oksana, _iryna = counting
    rows = [("ЦНАП", 10, 6, 1, 1, 2, first, 5), ("ЦНАП", 10, 7, 1, 1, 2, first, 1)]
    assert findings(checked(contest, csv_of(*rows, heading=LONG), oksana)) == [
        (3, 2, "numbers_differ"),
        (3, 7, "votes_twice"),
    ]


def test_protocols_of_a_file_are_taken_back_together(counting):
    contest, (first, *_), oksana, iryna = counting
    rows = [("ЦНАП", 10, 6, 1, 1, 2, first, 5), ("Бібліотека", 4, 4, 0, 0, 0, first, 4)]
    brought = entered(contest, csv_of(*rows, heading=LONG), oksana)
    confirmed(brought, iryna)
    with clock.at(VOTING):
        undo_import(paper_import=brought, reason="Не ті протоколи", by=iryna)
    assert set(PaperBatch.objects.values_list("state", flat=True)) == {"undone"}
