"""Once a day bank and platform compare: what both have, what one lacks, what differs; nothing is corrected."""

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests import bank, given

from viche.channels.terminals.models import Reconciliation
from viche.foundation import clock
from viche.journal.models import Entry

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def day(db):
    """A day on which three voted, and one of them took the ballot back."""
    with bank.voted_day(KEY) as (_contest, machine, states):
        yield machine, states, bank.today()


def test_an_equal_day_is_kept_and_told(day):
    machine, states, when = day
    heard = machine.reconcile(when, {"2026": 2}, states)
    assert heard.status == 201
    assert heard.document["is_equal"] is True
    assert heard.document["ours"] == heard.document["theirs"] == {"2026": 2}
    kept = Reconciliation.objects.get()
    assert (kept.is_equal, kept.key_id, kept.statement) == (True, machine.key_id, heard.document["statement"])
    assert Entry.objects.filter(kind="PartnerReconciled").count() == 1


def test_every_kind_of_difference_is_named(day):
    machine, states, when = day
    first, second, third = states
    unknown = str(uuid4())
    heard = machine.reconcile(when, {"2026": 3}, {first: "cast", third: "cast", unknown: "cast"})
    assert heard.document["is_equal"] is False
    assert heard.document["difference"] == {
        "missing_here": [unknown], "missing_there": [second], "differing": [[third, "cancelled", "cast"]],
        "other_day": [], "totals": ["2026"],
    }  # fmt: skip
    assert '"missing_here":1' in Entry.objects.get(kind="PartnerReconciled").leaf.replace(" ", "")


def test_a_ballot_at_midnight_is_not_missing(day):
    """Clocks differ: what the bank counts to the next day is found in ours."""
    machine, states, _when = day
    with clock.at(given.day(46)):
        heard = machine.reconcile(bank.today(), {}, {next(iter(states)): "cast"})
    assert heard.document["difference"]["missing_here"] == []
    assert heard.document["difference"]["other_day"] == [next(iter(states))]
    assert heard.document["is_equal"] is False


def test_the_same_statement_sent_again_is_compared_once(day):
    machine, states, when = day
    one = machine.reconcile(when, {"2026": 2}, states, request="compare-1")
    two = machine.reconcile(when, {"2026": 2}, states, request="compare-1")
    assert one.document == two.document
    assert Reconciliation.objects.count() == 1
    other = machine.reconcile(when, {"2026": 1}, states, request="compare-1")
    assert (other.status, other.code) == (422, "idempotency_reused")
    assert machine.reconcile(when, {"2026": 2}, states, request="compare-2").status == 201
    assert Reconciliation.objects.count() == 2


def test_a_list_that_cannot_be_is_refused(day):
    machine, states, when = day
    body = {"day": when, "totals": {}, "ballots": [{"reference": next(iter(states)), "state": "cast"}] * 2}
    twice = machine.call("POST", "reconciliations", body, request="compare-3")
    assert (twice.status, twice.code, list(twice.document["errors"])) == (422, "bad_value", ["ballots"])
    late = machine.reconcile("2027-01-01", {}, {})
    assert (late.status, late.code) == (422, "day_not_over")
    assert machine.reconcile(when, {"2026": -1}, {}).code == "bad_request"
    assert Reconciliation.objects.count() == 0
