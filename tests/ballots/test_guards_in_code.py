"""Every guard of the box that is a condition of the statement or a function is taken out in turn, and what it kept out
then gets through. (Constraints: test_guards_dropped.py.)
"""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from tests import given

from rulebook.ballot import BallotPaper
from viche.ballots import putting
from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.models import Annulment, Ballot, Box, Participation
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry

pytestmark = pytest.mark.django_db
VOTING, AFTER = given.day(45), given.day(62)


def vote(contest: Contest, *codes: str, name: str = "Петро", **facts: Any) -> None:
    cast_ballot(
        contest=contest, voter=given.person(name, **facts), paper=BallotPaper.approval(codes or ("1",)),
        channel="online", request_key=secrets.token_bytes(32),
    )  # fmt: skip


def contest_of(**rules: Any) -> Contest:
    return given.voting_contest(rules={**given.RULES, **rules})[0]


def too_early() -> None:
    # in Kyiv it is the first day already, some hours before the voting begins
    with clock.at(given.day(39, hour=22)):
        vote(contest_of())


def too_late() -> None:
    with clock.at(AFTER):
        vote(contest_of())


def on_a_day_without_the_channel() -> None:
    with clock.at(given.day(42)):
        vote(contest_of(channels=[{"kind": "desk"}, {"kind": "online", "from_day": 10}]))


def into_an_opened_box() -> None:
    contest = contest_of()
    Box.objects.filter(contest=contest).update(opened_at=given.day(41))
    with clock.at(VOTING):
        vote(contest)


def for_a_project_that_is_not_there() -> None:
    with clock.at(VOTING):
        vote(contest_of(), "99")


def by_somebody_from_elsewhere() -> None:
    with clock.at(VOTING):
        vote(contest_of(), region="Львівська", locality="м. Львів")


def a_second_time_where_it_is_final() -> None:
    contest = contest_of()
    with clock.at(VOTING):
        vote(contest, "1")
        vote(contest, "2")


def annulled_by_an_operator() -> None:
    contest = contest_of()
    with clock.at(VOTING):
        vote(contest)
        operator = given.official("Галина", "operator", contest.community)
        mark = Participation.objects.get(contest=contest)
        propose_annulment(contest=contest, mark=mark.pk, why="stolen", text="Так.", by=operator)


def annulled_after_the_count() -> None:
    contest = contest_of()
    with clock.at(VOTING):
        vote(contest)
    with clock.at(AFTER):
        open_box(contest=Contest.objects.get(pk=contest.pk))
        iryna = given.official("Ірина", "commission", contest.community)
        mark = Participation.objects.get(contest=contest)
        propose_annulment(contest=contest, mark=mark.pk, why="stolen", text="Так.", by=iryna)


def decided_without_a_reason() -> None:
    contest = contest_of()
    iryna, viktor = (given.official(name, "commission", contest.community) for name in ("Ірина", "Віктор"))
    with clock.at(VOTING):
        vote(contest)
        mark = Participation.objects.get(contest=contest)
        found = propose_annulment(contest=contest, mark=mark.pk, why="stolen", text="Так.", by=iryna)
        decide_annulment(annulment=found, is_confirmed=True, answer=" ", by=viktor)
    assert Annulment.objects.get().state == "confirmed"


def a_ballot_vanishes_with_its_mark() -> None:
    contest = contest_of()
    with clock.at(VOTING):
        vote(contest)
        vote(contest, name="Марія")
    # numbers alone would agree: one mark and one ballot go
    for model in (Participation, Ballot):
        model.objects.filter(contest=contest).first().delete()
    with clock.at(AFTER):
        open_box(contest=Contest.objects.get(pk=contest.pk))


Offence = Callable[[], None]
# a condition of the statements, and what it keeps out
CONDITIONS: list[tuple[str, str, Offence]] = [
    ("starts_at <= %(now)s AND ", "", too_early),
    (" AND (ends_at IS NULL OR %(now)s < ends_at)", "", too_late),
    ("BETWEEN %(from_day)s AND coalesce(%(to_day)s::integer, 2147483647)", "IS NOT NULL",
     on_a_day_without_the_channel),
    (" AND opened_at IS NULL", "", into_an_opened_box),
]  # fmt: skip
# a function, what it answers where it finds nothing wrong, and what it keeps out
FUNCTIONS: list[tuple[str, Any, Offence]] = [
    ("viche.ballots.actions.check_paper", None, for_a_project_that_is_not_there),
    ("viche.ballots.actions.obstacles", [], by_somebody_from_elsewhere),
    ("viche.ballots.annulling._deciding_only", None, annulled_by_an_operator),
    ("viche.ballots.annulling._hold_closed_box", None, annulled_after_the_count),
    ("viche.ballots.annulling._said", "", decided_without_a_reason),
    ("viche.ballots.actions._compare_with_journal", None, a_ballot_vanishes_with_its_mark),
]


@pytest.mark.parametrize(
    ("condition", "instead", "offence"), CONDITIONS, ids=[row[2].__name__ for row in CONDITIONS]
)
def test_without_a_condition_of_the_statement_it_gets_in(
    monkeypatch: pytest.MonkeyPatch, condition: str, instead: str, offence: Offence
) -> None:
    assert putting._CAST.count(condition) == 1, "the condition is not in the statement any more"
    with monkeypatch.context() as patch:
        patch.setattr(putting, "_CAST", putting._CAST.replace(condition, instead))
        offence()
    assert Entry.objects.filter(kind="BallotSealed").count() == 1


@pytest.mark.parametrize(
    ("function", "nothing", "offence"), FUNCTIONS, ids=[row[2].__name__ for row in FUNCTIONS]
)
def test_without_a_function_it_gets_through(
    monkeypatch: pytest.MonkeyPatch, function: str, nothing: Any, offence: Offence
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(function, lambda *_args, **_wanted: nothing)
        offence()


OFFENCES = [*(row[2] for row in CONDITIONS), *(row[2] for row in FUNCTIONS), a_second_time_where_it_is_final]


@pytest.mark.parametrize("offence", OFFENCES, ids=[each.__name__ for each in OFFENCES])
def test_with_all_guards_it_is_refused(offence: Offence) -> None:
    with pytest.raises(Refused):
        offence()
