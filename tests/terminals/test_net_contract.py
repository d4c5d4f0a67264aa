"""The contract of every terminal protocol, over real HTTP, each driven by its own simulator.

Each test says which codes of the protocol's table it provokes; the last one walks the tables and finds none left out.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests import given
from tests.terminals import nets
from tests.terminals.nets import Site, in_the_box

from viche.channels.terminals.actions import Limits, set_limits, stop_partner
from viche.channels.terminals.networks.actions import stop_way
from viche.channels.terminals.networks.dialects import DIALECTS
from viche.channels.terminals.networks.models import Payment
from viche.channels.terminals.networks.simulator import TERMINALS
from viche.channels.terminals.networks.simulator.terminals import BOMB, EXTERNAL
from viche.contests.models import Contest
from viche.foundation.actor import SYSTEM

DEBT = {"1", "2", "3", "4", "5", "6", "7", "8", "98", "99"}
OSMP = {"0", "1", "4", "5", "7", "300"}
EASYPAY = {"0", "-1", "-2", "-3", "-4", "-5", "-6", "-7"}
CITY24 = {"0", "21"}
TABLES = {"debt": DEBT, "osmp": OSMP, "ibox": OSMP, "easypay": EASYPAY, "city24": CITY24}
PROVOKED: dict[str, set[str]] = {name: set() for name in TABLES}


def provokes(**codes: str) -> Callable[[Any], Any]:
    """Notes which codes of which protocols a test provokes: debt="7 99"."""

    def note(test: Any) -> Any:
        for name, said in codes.items():
            PROVOKED[name] |= set(said.split())
        return test

    return note


@pytest.fixture
def site(db: None) -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def contest(site: Site):
    return nets.vote()


def terminal(site: Site, vote: Contest, dialect: str, *, number: str = "", **facts: Any):
    way = nets.way_in(vote, dialect, **facts)
    return site.terminal(way, number or nets.voter())


QUERYING = pytest.mark.parametrize("dialect", ["osmp", "ibox"])
EVERY = pytest.mark.parametrize("dialect", list(TERMINALS))


# --- every protocol ---------------------------------------------------------------------------------------------


@provokes(osmp="0", ibox="0", easypay="0", city24="0")
@EVERY
def test_a_voter_chooses_two_projects_and_casts(site, contest, dialect):
    at = terminal(site, contest, dialect)
    assert at.is_good(at.check())
    for service in ("1", "2"):
        told = at.pay(service, at.new_id())
        assert at.is_good(told), told
        assert told.reference
    assert in_the_box() == (0, 0)
    told = at.pay("0", at.new_id())
    assert at.is_good(told), told
    assert in_the_box() == (1, 1)


@provokes(osmp="7", ibox="7", easypay="-2", city24="21", debt="99")
@EVERY
def test_whoever_has_voted_is_told_so(site, contest, dialect):
    at = terminal(site, contest, dialect, basket="single")
    assert at.is_good(at.pay("1", at.new_id()))
    told = at.pay("2", at.new_id())
    assert told.code == {"debt": "99", "easypay": "-2", "city24": "21"}.get(dialect, "7")
    assert re.search("already voted|вже проголосували", told.message)
    assert in_the_box() == (1, 1)


@provokes(debt="5", osmp="7", ibox="7", easypay="-2", city24="21")
@EVERY
def test_from_a_foreign_address_nothing_is_taken(site, contest, dialect):
    at = terminal(site, contest, dialect, addresses=["198.51.100.0/24"])
    told = at.check("1")
    assert told.code == {"debt": "5", "easypay": "-2", "city24": "21"}.get(dialect, "7")
    assert not Payment.objects.exists()


@EVERY
def test_a_stopped_way_takes_nothing_and_neither_does_a_stopped_partner(site, contest, dialect):
    way = nets.way_in(contest, dialect)
    at = site.terminal(way, nets.voter())
    stop_way(way=way, by=SYSTEM)
    stopped = at.pay("1", at.new_id())
    assert not at.is_good(stopped)
    other = nets.way_in(contest, dialect, of=way.partner)
    at = site.terminal(other, nets.number_of("Петро"))
    stop_partner(partner=way.partner, reason="Розірвано договір", by=SYSTEM)
    assert not at.is_good(at.pay("1", at.new_id()))
    assert in_the_box() == (0, 0)


@EVERY
def test_another_secret_address_leads_nowhere(site, contest, dialect):
    way = nets.way_in(contest, dialect)
    at = site.terminal(way, nets.voter())
    at.address = at.address.replace(way.path, "A" * 32)
    assert at.http.send(at.check_request("1")).status_code == 404


@provokes(debt="99", osmp="1", ibox="1", easypay="-7", city24="21")
@EVERY
def test_more_than_the_quota_is_asked_to_come_later(site, contest, dialect):
    way = nets.way_in(contest, dialect)
    set_limits(partner=way.partner, limits=Limits(minute=1), by=SYSTEM)
    at = site.terminal(way, nets.voter())
    at.check("1")
    told = at.check("1")
    assert told.code == {"debt": "99", "easypay": "-7", "city24": "21"}.get(dialect, "1")


@provokes(debt="8", osmp="1", ibox="1", easypay="-7", city24="21")
@EVERY
def test_while_the_keys_are_out_of_reach_nothing_is_taken(site, contest, dialect):
    at = terminal(site, contest, dialect)
    kept = Path(settings.KEYS_DIR) / f"{contest.id}.json"
    away = kept.rename(kept.with_suffix(".away"))
    told = at.pay("1", at.new_id())
    assert told.code == {"debt": "8", "easypay": "-7", "city24": "21"}.get(dialect, "1")
    away.rename(kept)
    assert at.is_good(at.pay("1", at.new_id()))


@provokes(debt="3", osmp="300", ibox="300", easypay="-2", city24="21")
@EVERY
def test_another_sum_than_agreed_is_refused(site, contest, dialect):
    at = terminal(site, contest, dialect, amount=100)
    at.amount = "1.01"
    told = at.pay("1", at.new_id())
    assert told.code == {"debt": "3", "easypay": "-2", "city24": "21"}.get(dialect, "300")
    at.amount = "1.00"
    assert at.is_good(at.pay("1", at.new_id()))


@provokes(debt="2", osmp="4 5", ibox="4 5", easypay="-1", city24="21")
@EVERY
def test_lines_that_are_no_account_and_accounts_that_nobody_has(site, contest, dialect):
    at = terminal(site, contest, dialect)
    missing = {"debt": "2", "easypay": "-1", "city24": "21"}.get(dialect, "5")
    assert at.pay("99", at.new_id()).code == missing, "no such project"
    at.number = nets.number_of("Незнайомець")
    assert at.pay("1", at.new_id()).code == missing, "on no register"
    at.number = "12345"
    assert at.pay("1", at.new_id()).code == {"debt": "2", "easypay": "-1", "city24": "21"}.get(dialect, "4")
    assert not Payment.objects.filter(state="done").exists()


@provokes(debt="6", osmp="300", ibox="300", easypay="-6", city24="21")
@EVERY
def test_where_two_votes_are_open_the_terminal_is_told_to_name_one(site, contest, dialect):
    given.voting_contest(slug="school", rules=nets.RULES)
    at = terminal(site, contest, dialect, contest=None)
    told = at.check("1")
    assert told.code == {"debt": "6", "easypay": "-6", "city24": "21"}.get(dialect, "300")


@EVERY
def test_before_and_after_the_voting_the_terminal_says_when(site, contest, dialect):
    at = terminal(site, contest, dialect)
    for moment in (given.day(30), given.day(61)):
        site.moment = moment
        told = at.pay("1", at.new_id())
        assert not at.is_good(told)
        assert re.search("oting|олосування", told.message)
    assert in_the_box() == (0, 0)


@EVERY
def test_a_partner_that_proves_no_number_may_not_vote_where_the_rules_ask_for_one(site, contest, dialect):
    of = nets.partner(contest.community, slug="phones", way="phone")
    at = terminal(site, contest, dialect, of=of)
    told = at.pay("1", at.new_id())
    assert not at.is_good(told)
    assert in_the_box() == (0, 0)


# --- the same id again ------------------------------------------------------------------------------------------


@provokes(debt="7 99", osmp="0 300", ibox="0 300", easypay="0 -3", city24="0 21")
@EVERY
def test_the_same_payment_again_is_done_once_and_another_under_its_id_not_at_all(site, contest, dialect):
    at = terminal(site, contest, dialect, basket="single")
    payment = at.new_id()
    first = at.pay("1", payment)
    again = at.pay("1", payment)
    if dialect == "debt":
        assert again.code == "7"
        assert re.search("accepted|прийнято", again.message)
    else:
        assert (again.code, again.reference) == (first.code, first.reference)
    other = at.pay("2", payment)
    assert other.code == {"debt": "99", "easypay": "-3", "city24": "21"}.get(dialect, "300")
    assert in_the_box() == (1, 1)
    assert Payment.objects.filter(state="done").count() == 1


# --- one protocol each ------------------------------------------------------------------------------------------


@provokes(debt="1 4 98")
def test_debt_from_presearch_to_cancel(site, contest):
    at = terminal(site, contest, "debt", amount=100)
    found = at.presearch()
    assert list(found.services) == ["1", "2", "3", "4"]
    assert list(at.search_found(f"{at.number}-2").services) == ["2"]
    assert list(at.search().services) == ["1", "2", "3", "4"]
    payment = at.new_id()
    assert at.is_good(at.pay("2", payment))
    assert list(at.search().services) == ["1", "2", "3", "4", "0"], "now the basket can be cast"
    assert at.is_good(at.cancel(payment))
    assert at.is_good(at.cancel(payment)), "cancelled twice is cancelled once"
    assert list(at.search().services) == ["1", "2", "3", "4"]
    assert at.cancel(at.new_id()).code == "98"
    assert at.pay("1", at.new_id(), reference="123456").code == "98", "no such check"
    assert at.check("1", created="yesterday").code == "4"
    assert at.transfer("Explode").code == "1"
    assert at.bomb().code == "1"
    assert at.bomb(EXTERNAL).code == "1"


def test_one_check_of_debt_is_paid_once(site, contest):
    at = terminal(site, contest, "debt")
    checked = at.check("1")
    assert at.is_good(at.pay("1", at.new_id(), reference=checked.reference))
    assert at.pay("1", at.new_id(), reference=checked.reference).code == "99"
    other = at.check("2")
    assert at.pay("3", at.new_id(), reference=other.reference).code == "99", "something else was checked"


def test_a_cancelling_that_overtook_its_payment_holds(site, contest):
    at = terminal(site, contest, "debt", basket="single")
    payment = at.new_id()
    assert at.cancel(payment).code == "98"
    assert at.pay("1", payment).code == "99"
    assert in_the_box() == (0, 0)


@provokes(easypay="-4 -5")
def test_easypay_in_two_phases(site, contest):
    at = terminal(site, contest, "easypay", basket="single")
    held = at.hold("1", at.new_id())
    assert at.is_good(held)
    assert in_the_box() == (0, 0), "nothing is chosen before the confirmation"
    dropped = at.hold("2", at.new_id())
    assert at.is_good(at.cancel(dropped.reference))
    assert at.confirm(dropped.reference).code == "-3"
    assert at.is_good(at.confirm(held.reference))
    assert at.is_good(at.confirm(held.reference)), "confirmed twice is confirmed once"
    assert in_the_box() == (1, 1)
    assert at.confirm("1").code == "-4"
    assert at.cancel("1").code == "-4"
    assert at.check("1", moment="yesterday").code == "-5"
    assert at.bomb().code == "-5"
    assert at.bomb(EXTERNAL).code == "-5"


def test_what_is_confirmed_too_late_is_not_chosen(site, contest):
    at = terminal(site, contest, "easypay", basket="single")
    held = at.hold("1", at.new_id())
    site.moment += timedelta(minutes=31)
    assert at.confirm(held.reference).code == "-4"
    assert in_the_box() == (0, 0)


@provokes(osmp="300", ibox="300")
@QUERYING
def test_queries_that_are_not_understood(site, contest, dialect):
    at = terminal(site, contest, dialect)
    assert at.check("1", command="explode").code == "300"
    assert at.check("1", txn_id="<!DOCTYPE x>").code == "300"
    assert at.pay("1", at.new_id(), sum="ten").code == "300"
    assert at.pay("1", at.new_id(), txn_date="yesterday").code == "300"
    posted = at.http.post(at.address, content=BOMB.encode())
    assert "<result>300</result>" in posted.text


def test_ibox_lists_what_may_be_chosen(site, contest):
    at = terminal(site, contest, "ibox")
    assert list(at.check().services) == ["1", "2", "3", "4"]
    paid = at.pay("1", at.new_id())
    assert "<prv_txn_date>" in paid.text
    assert list(at.check().services)[-1] == "0"


def test_city24_revises_a_day(site, contest):
    at = terminal(site, contest, "city24")
    ids = [at.new_id() for _ in range(2)]
    for service, payment in zip(("1", "2"), ids, strict=True):
        at.pay(service, payment)
    day = nets.VOTING_DAY
    listed = at.revise(day.strftime("%Y%m%d"), (day + timedelta(days=1)).strftime("%Y%m%d"))
    assert list(listed.payments) == ids
    assert at.number not in listed.text
    assert at.revise((day + timedelta(days=1)).strftime("%Y%m%d"), day.strftime("%Y%m%d")).code == "21"
    assert at.revise("never", "ever").code == "21"


@EVERY
def test_the_service_may_stand_apart_from_the_account(site, contest, dialect):
    if dialect == "easypay":
        pytest.skip("the simulator's ServiceId is the number of the service at EasyPay")
    at = terminal(site, contest, dialect, basket="single", service_apart=True)
    name = {"osmp": "service", "ibox": "service", "city24": "Service"}.get(dialect)
    field = {"account": at.number} if dialect == "debt" else {}
    if name:
        field = {name: "3", ("Account" if dialect == "city24" else "account"): at.number}
    if dialect == "debt":
        checked = at.check("3", **field)
        field["reference"] = checked.reference
    assert at.is_good(at.pay("3", at.new_id(), **field))
    assert in_the_box() == (1, 1)


def test_the_tables_of_the_dialects_are_those_of_the_protocols():
    for name, codes in TABLES.items():
        ours = {code for code in DIALECTS[name].codes.values() if code}
        assert ours == codes, name


@pytest.mark.parametrize("dialect", TABLES)
def test_every_code_of_the_tables_is_provoked_by_a_test_above(dialect):
    assert PROVOKED[dialect] >= TABLES[dialect]
