"""A bank's terminal through our own API: from the question to the slip, and every way in which a request may be bad.

Each refusal has a stable code, an HTTP status and a sentence; the answers are signed, refusals too.
"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from tests import bank, given

from rulebook.ballot import commitment
from viche.ballots.models import Ballot, Participation
from viche.channels.terminals.actions import Limits, revoke_key, set_limits, stop_partner
from viche.channels.terminals.messages import sign_request
from viche.channels.terminals.models import TerminalBallot, TerminalRequest
from viche.foundation import clock

KEY = Ed25519PrivateKey.generate()
PETRO = bank.number_of("Петро")


@pytest.fixture
def ground(db):
    """A contest that votes now, a connected bank, a terminal, and Petro, who is on record."""
    made, projects = bank.contest(cancel=True)
    given.person("Петро")
    partner = bank.partner(made.community, KEY)
    with clock.at(bank.VOTING):
        yield bank.terminal(partner, KEY), made, projects, partner


def counts() -> tuple[int, int, int]:
    """Marks, sealed ballots, references."""
    return Participation.objects.count(), Ballot.objects.count(), TerminalBallot.objects.count()


# --- the way of a voter -------------------------------------------------------------------------------------


def test_a_voter_finds_the_contest_and_casts_a_ballot(ground):
    machine, contest, (park, garden, *_), _partner = ground
    found = machine.contests(PETRO).document["contests"]
    assert [(each["contest"], each["eligibility"]["may"]) for each in found] == [("2026", True)]
    printed = machine.paper("2026").document
    assert park.code in {each["code"] for each in printed["projects"]}
    assert printed["limits"]["max_choices"] == 3
    assert "3" in " ".join(printed["words"])
    slip = machine.cast("2026", PETRO, [park.code, garden.code])
    assert (slip.status, slip.document["state"], slip.document["is_repeat"]) == (201, "cast", False)
    assert counts() == (1, 1, 1)
    # the slip proves the ballot in the box
    nonce = bytes.fromhex(slip.document["nonce"])
    sealed = commitment(str(contest.id), given.paper(park, garden), nonce)
    assert sealed.hex() == slip.document["commitment"]
    assert bytes(Ballot.objects.get().commitment) == sealed
    mark = Participation.objects.get()
    assert mark.channel == "terminal"
    status = machine.status(slip.document["reference"])
    assert (status.status, status.document["state"]) == (200, "cast")


def test_whoever_has_voted_is_told_so_before_and_after(ground):
    machine, _contest, (park, *_), _partner = ground
    machine.cast("2026", PETRO, [park.code])
    answer = machine.eligibility("2026", PETRO).document
    assert (answer["may"], answer["code"]) == (False, "already_voted")
    again = machine.cast("2026", PETRO, [park.code])
    assert (again.status, again.code) == (409, "already_voted")
    assert counts() == (1, 1, 1)


def test_somebody_nobody_knows_is_refused_with_the_reason(ground):
    machine, _contest, (park, *_), _partner = ground
    stranger = bank.number_of("Невідома")
    answer = machine.eligibility("2026", stranger).document
    assert (answer["may"], answer["code"]) == (False, "not_on_register")
    assert "Полтав" in answer["message"]
    cast = machine.cast("2026", stranger, [park.code])
    assert (cast.status, cast.code) == (403, "not_on_register")
    assert counts() == (0, 0, 0)


def test_somebody_of_another_community_is_refused_with_the_reason(ground):
    machine, _contest, (park, *_), _partner = ground
    given.person("Тарас", region="Львівська", locality="м. Львів")
    cast = machine.cast("2026", bank.number_of("Тарас"), [park.code])
    assert (cast.status, cast.code) == (403, "not_eligible")
    assert cast.document["title"]


def test_a_ballot_the_rules_do_not_allow_is_refused_in_words(ground):
    machine, _contest, projects, _partner = ground
    cast = machine.cast("2026", PETRO, [each.code for each in projects])
    assert (cast.status, cast.code) == (422, "bad_ballot")
    assert cast.document["errors"]["choices"]
    assert machine.cast("2026", PETRO, ["nothing"]).code == "bad_ballot"
    assert counts() == (0, 0, 0)


def test_messages_come_in_the_language_asked_for(ground):
    _machine, _contest, _projects, partner = ground
    english = bank.terminal(partner, KEY, language="en")
    said = english.contests("1234567890").document["title"]
    assert said.isascii()


def test_a_number_with_a_wrong_check_digit_is_refused(ground):
    machine, *_ = ground
    wrong = PETRO[:9] + str((int(PETRO[9]) + 1) % 10)
    heard = machine.contests(wrong)
    assert (heard.status, heard.code, list(heard.document["errors"])) == (422, "bad_number", ["tax_number"])


# --- repeated, replayed, reordered --------------------------------------------------------------------------


def test_the_same_request_sent_again_gets_the_same_slip(ground):
    """The terminal timed out after our commit: the key and the body are the same, signature and nonce are new."""
    machine, _contest, (park, *_), _partner = ground
    first = machine.cast("2026", PETRO, [park.code], request="request-0001")
    again = machine.cast("2026", PETRO, [park.code], request="request-0001")
    assert again.status == 201
    assert {**again.document, "is_repeat": False} == first.document
    assert again.document["is_repeat"] is True
    assert counts() == (1, 1, 1)


def test_the_same_request_after_the_close_still_gets_its_slip(ground):
    machine, _contest, (park, *_), _partner = ground
    first = machine.cast("2026", PETRO, [park.code], request="request-0001").document
    with clock.at(given.day(61)):
        late = machine.cast("2026", PETRO, [park.code], request="request-0001")
        new = machine.cast("2026", bank.number_of("Олена"), [park.code])
    assert {**late.document, "is_repeat": False} == first
    assert (new.status, new.code) == (409, "voting_closed")


def test_the_same_key_with_another_body_is_refused(ground):
    machine, _contest, (park, garden, *_), _partner = ground
    machine.cast("2026", PETRO, [park.code], request="request-0001")
    other = machine.cast("2026", PETRO, [garden.code], request="request-0001")
    assert (other.status, other.code) == (422, "idempotency_reused")
    assert counts() == (1, 1, 1)


def test_what_was_refused_may_be_sent_again(ground):
    """A refusal changed nothing, so it is not the answer for ever."""
    machine, _contest, (park, *_), _partner = ground
    with clock.at(given.day(39)):
        early = machine.cast("2026", PETRO, [park.code], request="request-0001")
    assert (early.status, early.code) == (409, "voting_closed")
    assert machine.cast("2026", PETRO, [park.code], request="request-0001").status == 201


def test_the_very_bytes_of_a_request_are_taken_once(ground):
    machine, _contest, (park, *_), _partner = ground
    message, raw = machine.prepared(
        "POST", "ballots", machine.ballot("2026", PETRO, [park.code]), request="request-1"
    )
    assert machine.deliver(message, raw).status == 201
    replayed = machine.deliver(message, raw)
    assert (replayed.status, replayed.code) == (401, "replayed")
    assert counts() == (1, 1, 1)


def test_a_refused_request_has_used_its_nonce_too(ground):
    machine, *_ = ground
    message, raw = machine.prepared("POST", "contests", {"tax_number": "1"})
    assert machine.deliver(message, raw).status == 422
    assert machine.deliver(message, raw).code == "replayed"


def test_requests_that_overtake_each_other_are_judged_each_by_itself(ground):
    machine, _contest, (park, garden, *_), _partner = ground
    given.person("Ганна")
    earlier = machine.prepared(
        "POST", "ballots", machine.ballot("2026", PETRO, [park.code]), request="request-1"
    )
    later = machine.prepared(
        "POST", "ballots", machine.ballot("2026", bank.number_of("Ганна"), [garden.code]), request="request-2"
    )
    assert machine.deliver(*later).status == 201
    assert machine.deliver(*earlier).status == 201
    assert counts() == (2, 2, 2)


# --- forged, stale, wrong -----------------------------------------------------------------------------------


def test_another_key_is_refused(ground):
    machine, *_ = ground
    machine.key = Ed25519PrivateKey.generate()
    heard = machine.greet()
    assert (heard.status, heard.code) == (401, "bad_signature")


def test_a_key_nobody_confirmed_is_unknown(ground):
    machine, *_ = ground
    machine.key_id = "bank-ffffffff"
    heard = machine.greet()
    assert (heard.status, heard.code) == (401, "unknown_key")


def test_a_revoked_key_is_unknown_at_once(ground):
    machine, _contest, _projects, partner = ground
    assert machine.greet().status == 200
    revoke_key(key=partner.keys.get(), by=bank.administrators(partner.community)[0])
    assert machine.greet().code == "unknown_key"


def test_a_changed_body_is_refused(ground):
    machine, _contest, (park, garden, *_), _partner = ground
    message, raw = machine.prepared(
        "POST", "ballots", machine.ballot("2026", PETRO, [park.code]), request="request-1"
    )
    heard = machine.deliver(message, raw.replace(park.code.encode(), garden.code.encode()))
    assert (heard.status, heard.code) == (400, "bad_digest")
    assert counts() == (0, 0, 0)


def test_a_changed_idempotency_key_is_refused(ground):
    machine, _contest, (park, *_), _partner = ground
    message, raw = machine.prepared(
        "POST", "ballots", machine.ballot("2026", PETRO, [park.code]), request="request-1"
    )
    message.headers["Idempotency-Key"] = "request-2"
    machine.answers_key = b""
    assert machine.deliver(message, raw).code == "bad_signature"


def test_a_signature_that_leaves_something_out_is_refused(ground):
    """Whoever signs the method only lets others choose the address and the body."""
    machine, *_ = ground
    message, raw = machine.prepared("GET", "partner")
    message.headers["Signature-Input"] = message.headers["Signature-Input"].replace('"@target-uri" ', "")
    assert machine.deliver(message, raw).code == "bad_signature"


@pytest.mark.parametrize("minutes", [-60, -6, 6, 60])
def test_a_clock_that_is_off_is_told_ours(ground, minutes):
    machine, *_ = ground
    machine.clock = lambda: clock.now() + timedelta(minutes=minutes)
    heard = machine.greet()
    assert (heard.status, heard.code) == (401, "clock_skew")
    assert heard.document["now"].startswith(clock.now().isoformat()[:16])
    # set right by what we said, the next request is good
    machine.clock = clock.now
    assert machine.greet().status == 200


@pytest.mark.parametrize("minutes", [-4, 4])
def test_a_clock_a_little_off_is_good_enough(ground, minutes):
    machine, *_ = ground
    machine.clock = lambda: clock.now() + timedelta(minutes=minutes)
    assert machine.greet().status == 200


def test_an_expired_request_is_refused(ground):
    machine, *_ = ground
    message, raw = machine.prepared("GET", "partner")
    sign_request(
        message, key_id=machine.key_id, private_key=KEY, body=raw, created=clock.now() - timedelta(seconds=30),
        nonce=uuid4().hex, seconds=10,
    )  # fmt: skip
    assert machine.deliver(message, raw).code == "clock_skew"


def test_an_unsigned_request_is_refused_and_the_refusal_is_signed(ground):
    _machine, contest, *_ = ground
    heard = Client().get(f"/{contest.community.slug}/api/terminals/v1/partner")
    assert (heard.status_code, heard.json()["code"]) == (401, "unsigned")
    assert heard["Content-Type"] == "application/problem+json"
    assert heard["Signature"]
    assert "@status" in heard["Signature-Input"]


def test_an_answer_for_another_request_is_noticed_by_the_terminal(ground):
    machine, *_ = ground
    send, kept = machine.send, []

    def swapped(*said):
        kept.append(send(*said))
        return kept[0]

    machine.send = swapped
    machine.greet()
    with pytest.raises(HTTPMessageSignaturesException):
        machine.greet()


def test_another_communitys_key_is_unknown_here(ground):
    machine, contest, *_ = ground
    lviv = given.community(given.LVIV)
    machine.base = f"http://testserver/{lviv.slug}/"
    machine.answers_key = b""
    assert machine.greet().code == "unknown_key"
    assert contest.community != lviv


@pytest.mark.parametrize("headers", [
    {"Signature": "nonsense", "Signature-Input": "nonsense"},
    {"Signature": "sig1=:AAAA:", "Signature-Input": 'sig1=("@method");created=1;keyid="x"'},
    {"Signature": "sig1=:AAAA:", "Signature-Input": 'sig1=("@nothing");tag="viche-terminals";keyid="x"'},
    {"Signature": "sig1=:AAAA:", "Signature-Input": 'sig1=("@method" "@method");tag="viche-terminals";keyid="bank"'},
    {"Signature": "", "Signature-Input": ""},
])  # fmt: skip
def test_signatures_that_are_none_break_nothing(ground, headers):
    _machine, contest, *_ = ground
    heard = Client().get(f"/{contest.community.slug}/api/terminals/v1/partner", headers=headers)
    assert heard.status_code == 401
    assert heard.json()["code"] in {"bad_signature", "unknown_key"}


# --- what is agreed with the partner ------------------------------------------------------------------------


def test_the_kill_switch_stops_the_next_ballot(ground):
    machine, contest, (park, *_), partner = ground
    stop_partner(partner=partner, reason="Витік ключа", by=bank.administrators(contest.community)[0])
    heard = machine.cast("2026", PETRO, [park.code])
    assert (heard.status, heard.code) == (403, "partner_stopped")
    assert machine.contests(PETRO).code == "partner_stopped"
    assert counts() == (0, 0, 0)


def test_a_stopped_partner_may_still_compare_the_day(ground):
    machine, contest, (park, *_), partner = ground
    slip = machine.cast("2026", PETRO, [park.code]).document
    stop_partner(partner=partner, reason="Перерва", by=bank.administrators(contest.community)[0])
    day = clock.now().astimezone(clock.KYIV).date().isoformat()
    assert machine.reconcile(day, {"2026": 1}, {slip["reference"]: "cast"}).document["is_equal"] is True


def test_outside_its_window_a_partner_brings_nothing(ground):
    machine, contest, (park, *_), partner = ground
    by = bank.administrators(contest.community)[0]
    set_limits(partner=partner, limits=Limits(from_at=given.day(46), to_at=given.day(50)), by=by)
    early = machine.cast("2026", PETRO, [park.code])
    assert (early.status, early.code) == (403, "partner_window")
    with clock.at(given.day(47)):
        assert machine.cast("2026", PETRO, [park.code]).status == 201
    with clock.at(given.day(51)):
        assert machine.eligibility("2026", bank.number_of("Олена")).code == "partner_window"


def test_more_requests_than_agreed_wait(ground):
    machine, contest, _projects, partner = ground
    set_limits(partner=partner, limits=Limits(minute=2), by=bank.administrators(contest.community)[0])
    assert [machine.greet().status for _ in range(3)] == [200, 200, 429]
    heard = machine.greet()
    assert heard.code == "too_many_requests"
    assert 1 <= int(heard.headers["Retry-After"]) <= 60
    with clock.at(bank.VOTING + timedelta(minutes=1)):
        assert machine.greet().status == 200


def test_the_day_has_its_quota_too(ground):
    machine, contest, _projects, partner = ground
    set_limits(partner=partner, limits=Limits(day=2), by=bank.administrators(contest.community)[0])
    assert [machine.greet().status for _ in range(3)] == [200, 200, 429]
    with clock.at(bank.VOTING + timedelta(days=1)):
        assert machine.greet().status == 200


def test_a_certificate_that_was_agreed_on_is_asked_for(ground, settings):
    machine, contest, _projects, partner = ground
    wanted = "ab" * 32
    set_limits(
        partner=partner, limits=Limits(certificate=wanted), by=bank.administrators(contest.community)[0]
    )
    assert machine.greet().code == "certificate_mismatch"
    proxied = bank.terminal(partner, KEY, **{"X-Client-Cert": "AB:" * 31 + "AB"})
    # a header that no setting names proves nothing: anybody can send it
    assert proxied.greet().code == "certificate_mismatch"
    settings.CLIENT_CERTIFICATE_HEADER = "X-Client-Cert"
    assert proxied.greet().status == 200
    assert bank.terminal(partner, KEY, **{"X-Client-Cert": "cd" * 32}).greet().code == "certificate_mismatch"


def test_machines_come_from_the_addresses_agreed_on(ground):
    machine, contest, _projects, partner = ground
    by = bank.administrators(contest.community)[0]
    set_limits(partner=partner, limits=Limits(addresses=("198.51.100.0/24",)), by=by)
    assert machine.greet().code == "address_refused"
    set_limits(partner=partner, limits=Limits(addresses=("127.0.0.0/8", "2001:db8::/32")), by=by)
    assert machine.greet().status == 200


def test_a_partner_that_proves_no_number_votes_only_where_the_rules_let_it(db):
    """The regulation asks for a terminal that knows its client; a card with a typed number proves nothing."""
    made, (park, *_) = bank.contest()
    given.person("Петро")
    partner = bank.partner(made.community, KEY, way="card")
    assert partner.proves == frozenset()
    with clock.at(bank.VOTING):
        machine = bank.terminal(partner, KEY)
        answer = machine.eligibility("2026", PETRO).document
        assert (answer["may"], answer["code"]) == (False, "method_not_accepted")
        heard = machine.cast("2026", PETRO, [park.code])
    assert (heard.status, heard.code) == (403, "method_not_accepted")
    assert counts() == (0, 0, 0)


def test_a_contest_without_terminals_is_not_offered(db):
    made, (park, *_) = given.voting_contest(
        rules={**given.RULES, "channels": [
            {"kind": "online", "from_day": 1, "to_day": None, "identity_methods": []}
        ]}
    )  # fmt: skip
    given.person("Петро")
    partner = bank.partner(made.community, KEY)
    with clock.at(bank.VOTING):
        machine = bank.terminal(partner, KEY)
        assert machine.contests(PETRO).document["contests"] == []
        heard = machine.cast("2026", PETRO, [park.code])
    assert (heard.status, heard.code) == (409, "channel_not_offered")


# --- taken back ---------------------------------------------------------------------------------------------


def test_a_voter_takes_the_ballot_back_and_votes_again(ground):
    machine, _contest, (park, garden, *_), _partner = ground
    slip = machine.cast("2026", PETRO, [park.code], request="request-0001").document
    gone = machine.cancel(slip["reference"], "request-0001")
    assert (gone.status, gone.document["state"]) == (200, "cancelled")
    assert machine.cancel(slip["reference"], "request-0001").document == gone.document
    assert machine.cast("2026", PETRO, [park.code], request="request-0001").code == "request_cancelled"
    assert machine.cast("2026", PETRO, [garden.code]).status == 201
    assert Participation.objects.filter(annulled_at=None).count() == 1


def test_only_whoever_cast_it_takes_a_ballot_back(ground):
    machine, _contest, (park, *_), _partner = ground
    slip = machine.cast("2026", PETRO, [park.code], request="request-0001").document
    heard = machine.cancel(slip["reference"], "request-0002")
    assert (heard.status, heard.code) == (404, "no_ballot")
    assert machine.cancel(str(uuid4()), "request-0001").code == "no_ballot"


def test_nothing_is_taken_back_after_the_close(ground):
    machine, _contest, (park, *_), _partner = ground
    slip = machine.cast("2026", PETRO, [park.code], request="request-0001").document
    with clock.at(given.day(61)):
        assert machine.cancel(slip["reference"], "request-0001").code == "voting_closed"
    assert machine.status(slip["reference"]).document["state"] == "cast"


def test_where_the_rules_let_nobody_take_a_ballot_back_it_stays(db):
    made, (park, *_) = bank.contest()
    given.person("Петро")
    partner = bank.partner(made.community, KEY)
    with clock.at(bank.VOTING):
        machine = bank.terminal(partner, KEY)
        slip = machine.cast("2026", PETRO, [park.code], request="request-0001").document
        heard = machine.cancel(slip["reference"], "request-0001")
    assert (heard.status, heard.code) == (409, "not_withdrawable")


# --- bodies that are not what they should be ----------------------------------------------------------------


def test_what_is_not_described_is_refused_and_not_repeated(ground):
    machine, *_ = ground
    heard = machine.call("POST", "contests", {"tax_number": PETRO, "pin": "4321"})
    assert (heard.status, heard.code) == (422, "bad_request")
    assert "4321" not in json.dumps(heard.document)
    assert machine.call("POST", "contests", {"tax_number": 12}).code == "bad_request"


def test_a_fraction_or_a_truth_is_no_number_of_points(ground):
    machine, _contest, (park, *_), _partner = ground
    for value in (1.0, True, "1", None, 10**30):
        body = {**machine.ballot("2026", PETRO, []), "choices": [{"project": park.code, "value": value}]}
        assert machine.call("POST", "ballots", body, request=uuid4().hex).code == "bad_request"
    assert counts() == (0, 0, 0)


def test_a_write_without_an_idempotency_key_is_refused(ground):
    machine, _contest, (park, *_), _partner = ground
    heard = machine.call("POST", "ballots", machine.ballot("2026", PETRO, [park.code]))
    assert (heard.status, heard.code) == (422, "bad_request")
    assert machine.cast("2026", PETRO, [park.code], request="short").status == 422


def test_a_body_that_is_no_json_is_refused(ground):
    machine, *_ = ground
    message, _raw = machine.prepared("POST", "contests", {})
    sign_request(
        message, key_id=machine.key_id, private_key=KEY, body=b"{", created=clock.now(), nonce=uuid4().hex
    )
    heard = machine.deliver(message, b"{")
    assert (heard.status, heard.code) == (400, "bad_request")


def test_an_address_or_a_method_that_is_none_is_answered_in_json(ground):
    machine, *_ = ground
    heard = machine.call("DELETE", "ballots")
    assert (heard.status, heard.code) == (405, "no_such_operation")
    assert machine.paper("2031").code == "no_contest"


# --- what is kept -------------------------------------------------------------------------------------------


def test_nothing_that_is_kept_names_a_voter_or_a_choice(ground):
    machine, _contest, (park, *_), _partner = ground
    slip = machine.cast("2026", PETRO, [park.code], request="request-0001").document
    kept = TerminalRequest.objects.get()
    rows = [*TerminalRequest.objects.values(), *TerminalBallot.objects.values()]
    said = repr([
        {name: bytes(value).hex() if isinstance(value, memoryview) else value for name, value in row.items()}
        for row in rows
    ])  # fmt: skip
    for secret in (PETRO, "choices", slip["commitment"], slip["nonce"], "request-0001"):
        assert secret not in said
    assert kept.answer == {"reference": slip["reference"]}
    # nothing leads from the reference to the mark
    assert bytes(Participation.objects.get().request_hash) != bytes(TerminalBallot.objects.get().request_mac)
