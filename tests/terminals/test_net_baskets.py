"""Several choices at a terminal: what is in a basket, when it becomes a ballot, and when it never does."""

import pytest
from tests import given
from tests.terminals import nets
from tests.terminals.nets import VOTING_DAY, in_the_box

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.models import Opening
from viche.channels.terminals.models import TerminalBallot
from viche.channels.terminals.networks.baskets import LIFETIME, open_basket
from viche.channels.terminals.networks.door import answer_terminal
from viche.channels.terminals.networks.models import Basket, Payment
from viche.channels.terminals.networks.speech import Answered, Asked, Outcome, Verb
from viche.foundation import clock
from viche.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _voting_day():
    with clock.at(VOTING_DAY):
        yield


def pay(way, number: str, service: int | str, payment: str, **facts) -> Answered:
    asked = Asked(Verb.PAY, payment=payment, account=f"{number}-{service}", amount=way.amount, **facts)
    return answer_terminal(way=way, asked=asked)


def check(way, account: str, **facts) -> Answered:
    return answer_terminal(way=way, asked=Asked(Verb.CHECK, payment="c", account=account, **facts))


def chosen_at_the_count(contest) -> list:
    with clock.at(given.day(62)):
        open_box(contest=contest, by=SYSTEM)
    return [[code for code, _value in each.choices["choices"]] for each in Opening.objects.all()]


def test_two_projects_and_service_0_are_one_ballot():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "osmp")
    assert "1" in pay(way, number, 1, "101").message
    told = pay(way, number, 2, "102")
    assert "2" in told.message
    assert in_the_box() == (0, 0)
    assert check(way, number).offers[-1].service == "0"
    cast = pay(way, number, 0, "103")
    assert cast.outcome == Outcome.OK
    assert in_the_box() == (1, 1)
    assert TerminalBallot.objects.get().state == "cast"
    assert chosen_at_the_count(contest) == [["1", "2"]]


def test_a_basket_that_nobody_confirms_is_never_a_ballot():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "osmp")
    pay(way, number, 1, "101")
    with clock.at(VOTING_DAY + LIFETIME):
        assert check(way, number).offers[-1].service == "4"
        assert pay(way, number, 0, "102").outcome == Outcome.FORBIDDEN
        assert pay(way, number, 3, "103").outcome == Outcome.OK
        assert pay(way, number, 0, "104").outcome == Outcome.OK
    assert chosen_at_the_count(contest) == [["3"]]
    assert {each.state for each in Basket.objects.all()} == {"expired", "cast"}


def test_a_full_basket_is_cast_by_itself():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "osmp", basket="full")
    for place, project in enumerate((1, 2, 4)):
        assert pay(way, number, project, f"10{place}").outcome == Outcome.OK
    assert in_the_box() == (1, 1)
    assert chosen_at_the_count(contest) == [["1", "2", "4"]]


def test_where_a_ballot_is_one_project_the_payment_is_the_ballot():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "osmp", basket="single")
    assert pay(way, number, 3, "101").outcome == Outcome.OK
    assert in_the_box() == (1, 1)
    told = pay(way, number, 1, "102")
    assert told.outcome == Outcome.FORBIDDEN
    assert "вже" in told.message
    assert in_the_box() == (1, 1)


def test_what_the_rules_do_not_let_into_a_ballot_does_not_get_into_the_basket():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "osmp")
    pay(way, number, 1, "101")
    assert pay(way, number, 1, "102").outcome == Outcome.FORBIDDEN, "the same project"
    pay(way, number, 2, "103")
    assert pay(way, number, 3, "104").outcome == Outcome.FORBIDDEN, "a third small one"
    assert not Payment.objects.filter(external__in=["102", "104"]).exists()
    assert pay(way, number, 0, "105").outcome == Outcome.OK
    assert chosen_at_the_count(contest) == [["1", "2"]]


def test_whoever_has_voted_online_is_told_so_and_the_basket_is_no_second_ballot():
    contest = nets.vote()
    petro, number = given.person("Петро"), nets.number_of("Петро")
    way = nets.way_in(contest, "osmp")
    pay(way, number, 1, "101")
    cast_ballot(
        contest=contest, voter=petro, paper=given.paper(*contest.projects.all()[:1]), channel="online",
        request_key=b"1" * 32, method="isei:bank_id",
    )  # fmt: skip
    assert pay(way, number, 0, "102").outcome == Outcome.FORBIDDEN
    assert check(way, number).outcome == Outcome.FORBIDDEN
    assert in_the_box() == (1, 1)


def test_a_cancelled_payment_leaves_the_basket():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "debt")
    pay(way, number, 1, "101")
    pay(way, number, 2, "102")
    gone = answer_terminal(way=way, asked=Asked(Verb.CANCEL, payment="101"))
    assert gone.outcome == Outcome.OK
    again = answer_terminal(way=way, asked=Asked(Verb.CANCEL, payment="101"))
    assert (again.outcome, again.reference) == (Outcome.REPEATED, gone.reference)
    pay(way, number, 0, "103")
    assert chosen_at_the_count(contest) == [["2"]]


def test_after_the_cast_a_payment_is_cancelled_only_where_the_rules_let_a_ballot_be_taken_back():
    number = nets.voter()
    way = nets.way_in(nets.vote(), "debt")
    pay(way, number, 1, "101")
    pay(way, number, 0, "102")
    told = answer_terminal(way=way, asked=Asked(Verb.CANCEL, payment="101"))
    assert told.outcome == Outcome.FORBIDDEN
    assert in_the_box() == (1, 1)
    assert bytes(Basket.objects.get().sealed) == b"", "the secret of the request is gone with the cast"


def test_a_ballot_is_taken_back_and_its_voter_votes_anew():
    contest, number = nets.vote(cancel=True), nets.voter()
    way = nets.way_in(contest, "debt")
    pay(way, number, 1, "101")
    pay(way, number, 0, "102")
    assert answer_terminal(way=way, asked=Asked(Verb.CANCEL, payment="102")).outcome == Outcome.OK
    assert in_the_box() == (0, 1)
    assert TerminalBallot.objects.get().state == "cancelled"
    pay(way, number, 2, "103")
    assert pay(way, number, 0, "104").outcome == Outcome.OK
    assert in_the_box() == (1, 2)
    assert chosen_at_the_count(contest) == [["2"]]


def test_a_dump_shows_neither_who_nor_what():
    from django.core import serializers

    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "easypay")
    pay(way, number, 1, "101")
    held = Asked(Verb.HOLD, payment="102", account=f"{number}-2", amount=0)
    answer_terminal(way=way, asked=held)
    rows = [*Basket.objects.all(), *Payment.objects.all()]
    dumped = serializers.serialize("json", rows)
    assert number not in dumped
    lengths = {len(bytes(each.sealed)) for each in Payment.objects.all()}
    assert len(lengths) == 1, "the length tells nothing"
    empty = Basket.objects.get()
    full = open_basket(empty)
    assert full.choices == ("1",)
    pay(way, number, 0, "103")
    assert all(bytes(each.sealed) == b"" for each in Payment.objects.filter(state="done"))


def test_an_account_that_nobody_knows_is_not_found():
    way = nets.way_in(nets.vote(), "osmp")
    assert check(way, f"{nets.number_of('Незнайомець')}-1").outcome == Outcome.NOT_FOUND


def test_after_a_day_the_answer_is_still_the_same_reference():
    contest, number = nets.vote(), nets.voter()
    way = nets.way_in(contest, "osmp", basket="single")
    first = pay(way, number, 1, "101")
    again = pay(way, number, 1, "101")
    assert (again.outcome, again.message, again.reference) == (
        Outcome.REPEATED,
        first.message,
        first.reference,
    )
    Payment.objects.update(said=b"")
    later = pay(way, number, 1, "101")
    assert first.reference == later.reference
    assert first.reference in later.message
    other = pay(way, number, 2, "101")
    assert other.outcome == Outcome.CLASH
    assert in_the_box() == (1, 1)
