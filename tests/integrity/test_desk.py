"""What is kept around a vote, how the desk keeps its signals, and how officials end them."""

import json
import secrets
from datetime import date, timedelta

import pytest
from django.db import connection
from tests import given
from tests.crowd import at_once, refusals
from tests.integrity.watched import moment

from viche.ballots import traces
from viche.ballots.actions import Vote, cast_ballot, cast_ballots
from viche.ballots.models import Annulment, Participation, VoteTrace
from viche.ballots.traces import Circumstances, block_of, seal_trace, trace_key, traces_of
from viche.ballots.unlinking import delete_keys
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.integrity.actions import (
    check_voting,
    decide_signal,
    delete_old_evidence,
    open_names,
    set_thresholds,
)
from viche.integrity.models import Decision, Signal, SignalMark
from viche.integrity.queries import desk_of, evidence_of, signals_of, watched_contests
from viche.journal.models import Entry

NOON = given.day(45)


def neighbour(number: int):
    """One of many residents, of every age and birthday."""
    return given.person(
        "Мешканка", born=date(1950, 1, 2) + timedelta(days=301 * number % 14_000), serial=number
    )


def vote(contest, projects, serial: int, **around):
    voter = neighbour(serial)
    cast_ballot(
        contest=contest, voter=voter, paper=given.paper(projects[0]), channel="online", method="isei:bank_id",
        request_key=secrets.token_bytes(32), circumstances=Circumstances(**around),
    )  # fmt: skip
    return voter


def courtyard(contest, projects, voters: int = 8, start: int = 0):
    """People who vote one after another in one browser."""
    with clock.at(NOON + timedelta(minutes=start)):
        return [
            vote(contest, projects, start + n, device="one phone", address="198.51.100.7")
            for n in range(voters)
        ]


def refused(act, **wanted) -> str:
    with pytest.raises(Refused) as caught:
        act(**wanted)
    return caught.value.code


@pytest.fixture
def signalled(db):
    """A contest with one signal of eight votes, and two officials."""
    contest, projects = given.voting_contest()
    courtyard(contest, projects)
    with clock.at(NOON + timedelta(minutes=20)):
        assert check_voting(contest=contest) == 1
    return contest, projects, Signal.objects.get(contest=contest)


@pytest.mark.django_db
class TestTheTrace:
    def test_it_tells_what_was_known_and_no_address(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=2)
        first, second = traces_of(contest)
        assert first.block == second.block != ""
        assert first.device == second.device != ""
        assert (first.method, first.channel) == ("isei:bank_id", "online")
        assert {first.born, second.born} == {neighbour(n).birth_date for n in range(2)}
        assert "198.51" not in repr(first)

    def test_the_sex_of_the_tax_number_stands_in_it_and_nowhere_beside_the_mark(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=2)
        assert {trace.sex for trace in traces_of(contest)} == {"female"}
        with connection.cursor() as cursor:
            for table in ("ballots_participation", "ballots_votetrace", "ballots_claim", "ballots_ballot"):
                cursor.execute(f"SELECT string_agg(line::text, ' ') FROM {table} AS line")
                assert "female" not in str(cursor.fetchone()[0])

    def test_a_trace_that_was_sealed_before_a_word_was_added_opens(self, monkeypatch):
        contest, projects = given.voting_contest()
        monkeypatch.setattr(traces, "_SEALED", traces._SEALED[:-1])
        courtyard(contest, projects, voters=1)
        monkeypatch.undo()
        (trace,) = traces_of(contest)
        assert (trace.sex, trace.is_known, trace.born) == ("", True, neighbour(0).birth_date)

    def test_every_trace_has_one_length_and_no_two_look_alike(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=3)
        with clock.at(NOON):
            vote(
                contest, projects, 50, device="", address="", agent="a" * 500, point="Ц" * 90, issuer='"' * 90
            )
        rows = [bytes(row) for row in VoteTrace.objects.values_list("sealed", flat=True)]
        assert len({len(row) for row in rows}) == 1
        assert len(set(rows)) == 4

    def test_a_dump_holds_neither_addresses_nor_devices_nor_what_is_alike(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=3)
        known = next(iter(traces_of(contest)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(line::text, ' ') FROM ballots_votetrace AS line")
            held = cursor.fetchone()[0]
        for secret in ("198.51.100.7", "one phone", known.block, known.device, str(known.born)):
            assert secret not in held
            assert secret.encode().hex() not in held

    def test_it_opens_with_its_own_mark_only(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=2)
        first, second = VoteTrace.objects.all()
        VoteTrace.objects.filter(pk=first.pk).update(sealed=second.sealed)
        assert [each.is_known for each in traces_of(contest)].count(False) == 1
        with clock.at(NOON):
            check_voting(contest=contest)
        assert desk_of(contest).untraced == 1

    def test_nothing_in_it_leads_to_a_ballot(self):
        fields = {field.name for field in VoteTrace._meta.get_fields()}
        assert fields == {"participation", "community", "contest", "sealed"}
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=1)
        (trace,) = traces_of(contest)
        said = json.dumps({name: str(value) for name, value in vars(trace).items()})
        assert not [each.code for each in projects if f'"{each.code}"' in said]

    def test_it_goes_with_the_keys(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects, voters=2)
        key = trace_key(contest)
        assert len(key) == 32
        delete_keys(contest=contest)
        assert not VoteTrace.objects.exists()
        with pytest.raises(keys.KeyMissing):
            list(traces_of(contest))

    def test_a_vote_cast_anew_has_the_trace_of_the_ballot_that_counts(self):
        rules = {**given.RULES, "ballot": {**given.RULES["ballot"], "revote": True}}
        contest = given.contest(rules=rules)
        project = given.admitted_project(contest)
        with clock.at(NOON):
            for device in ("first", "second"):
                vote(contest, [project], 7, device=device)
        (trace,) = traces_of(contest)
        key = trace_key(contest)
        alone = seal_trace(key, contest=str(contest.id), request=b"x", around=Circumstances(device="second"))
        assert len(alone) == len(bytes(VoteTrace.objects.get().sealed))
        assert trace.is_known
        assert Participation.objects.count() == 1

    @pytest.mark.parametrize(
        ("address", "block"),
        [
            ("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48"),
            ("::ffff:203.0.113.9", "203.0.113.0/24"), ("fe80::1%eth0", "fe80::/48"), ("unix:", ""), ("", ""),
        ],
    )  # fmt: skip
    def test_an_address_is_cut_to_its_block(self, address: str, block: str):
        assert block_of(address) == block


@pytest.mark.django_db
class TestASignal:
    def test_it_is_kept_with_its_arithmetic_and_its_votes(self, signalled):
        contest, _projects, signal = signalled
        assert (signal.rule, signal.observed, signal.limit, signal.is_alarm) == ("device", 8, 6, False)
        assert len(evidence_of(signal)) == 8
        assert desk_of(contest).marks == 8

    def test_looking_again_makes_no_second_one_and_does_not_touch_it(self, signalled):
        contest, _projects, signal = signalled
        with clock.at(NOON + timedelta(hours=2)):
            assert check_voting(contest=contest) == 0
        again = Signal.objects.get(contest=contest)
        assert again.changed_at == signal.changed_at

    def test_more_votes_update_it(self, signalled):
        contest, projects, signal = signalled
        courtyard(contest, projects, voters=4, start=30)
        with clock.at(NOON + timedelta(hours=2)):
            assert check_voting(contest=contest) == 0
        again = Signal.objects.get(contest=contest)
        assert (again.pk, again.observed, again.is_alarm) == (signal.pk, 12, True)

    def test_a_decided_one_opens_again_with_new_votes_only(self, signalled):
        contest, projects, signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        with clock.at(NOON + timedelta(hours=1)):
            decide_signal(signal=signal, outcome="nothing", text="Гуртожиток", seen=8, by=by)
        courtyard(contest, projects, voters=9, start=100)
        with clock.at(NOON + timedelta(hours=3)):
            assert check_voting(contest=contest) == 0
        assert Signal.objects.get().state == "decided"
        courtyard(contest, projects, voters=1, start=120)
        with clock.at(NOON + timedelta(hours=4)):
            assert check_voting(contest=contest) == 1
        signal = signals_of(contest).get()
        assert (signal.state, signal.votes) == ("open", 18)
        assert signal.reopened_at == NOON + timedelta(hours=4)

    def test_annulled_votes_no_longer_count_for_it(self, signalled):
        contest, _projects, _signal = signalled
        Participation.objects.filter(contest=contest).update(annulled_at=NOON)
        with clock.at(NOON + timedelta(hours=1)):
            check_voting(contest=contest)
        assert desk_of(contest).marks == 0

    def test_the_rules_look_at_votings_that_run_and_a_week_longer(self):
        contest, _projects = given.voting_contest()
        for day, is_watched in ((39, False), (41, True), (66, True), (68, False)):
            with clock.at(given.day(day)):
                assert (contest in watched_contests()) is is_watched, day

    def test_without_keys_it_says_so_and_its_votes_are_forgotten(self, signalled):
        contest, _projects, signal = signalled
        assert delete_old_evidence() == 0
        delete_keys(contest=contest)
        assert refused(check_voting, contest=contest) == "no_key"
        assert delete_old_evidence() == 8
        assert Signal.objects.get() == signal
        assert evidence_of(signal) is None


@pytest.mark.django_db
class TestADecision:
    def test_it_is_recorded_with_its_reason_and_names_nobody(self, signalled):
        contest, _projects, signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        with clock.at(NOON + timedelta(hours=1)):
            made = decide_signal(
                signal=signal, outcome="warned", text="Гуртожиток  попереджено", seen=8, by=by
            )
        assert (made.text, made.votes, made.proposed) == ("Гуртожиток попереджено", 8, 0)
        entry = Entry.objects.get(kind="SignalDecided")
        data = json.loads(entry.leaf)["data"]
        assert data["text"] == "Гуртожиток попереджено"
        assert set(data) == {"contest", "signal", "rule", "outcome", "votes", "proposed", "text"}
        assert signal.subject not in entry.leaf

    def test_annulment_is_proposed_for_the_chosen_votes_and_nothing_is_deleted(self, signalled):
        contest, _projects, signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        chosen = [each.trace.mark for each in evidence_of(signal)][:3]
        with clock.at(NOON + timedelta(hours=1)):
            made = decide_signal(
                signal=signal, outcome="annul", text="Чужі голоси", why="stolen", seen=8, marks=chosen, by=by
            )
        assert made.proposed == 3
        assert set(Annulment.objects.values_list("participation", flat=True)) == set(chosen)
        assert set(Annulment.objects.values_list("state", flat=True)) == {"open"}
        assert Participation.objects.filter(annulled_at=None).count() == 8

    def test_votes_in_quarantine_already_are_left_as_they_are(self, signalled):
        contest, _projects, signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        wanted = {"outcome": "annul", "text": "Чужі голоси", "why": "stolen", "by": by}
        with clock.at(NOON + timedelta(hours=1)):
            assert decide_signal(signal=signal, seen=8, **wanted).proposed == 8
            Signal.objects.update(state="open")
            assert refused(decide_signal, signal=signal, seen=8, **wanted) == "nothing_to_annul"
        assert Annulment.objects.count() == 8

    def test_what_is_refused(self, signalled):
        contest, _projects, signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        auditor = given.official("Аліна", "auditor", contest.community)
        wanted = {"signal": signal, "outcome": "nothing", "text": "так", "seen": 8, "by": by}
        with clock.at(NOON + timedelta(hours=1)):
            assert refused(decide_signal, **wanted | {"by": auditor}) == "not_deciding"
            assert refused(decide_signal, **wanted | {"outcome": "delete"}) == "bad_value"
            assert refused(decide_signal, **wanted | {"text": "  "}) == "bad_value"
            assert refused(decide_signal, **wanted | {"seen": 7}) == "evidence_changed"
            annul = wanted | {"outcome": "annul", "why": "stolen"}
            assert refused(decide_signal, **annul | {"marks": []}) == "bad_value"
            assert refused(decide_signal, **annul | {"why": "envy"}) == "bad_value"
            assert not Annulment.objects.exists()
            decide_signal(**wanted)
            assert refused(decide_signal, **wanted) == "already_done"
        assert Decision.objects.count() == 1

    def test_names_are_opened_with_a_reason_that_the_journal_tells(self, signalled):
        contest, _projects, signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        assert refused(open_names, signal=signal, text="", by=by) == "bad_value"
        with clock.at(NOON + timedelta(hours=1)):
            found = open_names(signal=signal, text="Подзвонити кільком", by=by)
        assert {person.pk for person in found.values()} == {neighbour(n).pk for n in range(8)}
        entry = Entry.objects.get(kind="NamesOpened")
        assert json.loads(entry.leaf)["by"] == by.as_document()
        assert "Мешканка" not in entry.leaf

    def test_thresholds_are_set_within_bounds_and_the_journal_hides_the_numbers(self, signalled):
        contest, _projects, _signal = signalled
        by = given.official("Ірина", "commission", contest.community)
        with clock.at(NOON):
            assert (
                refused(set_thresholds, contest=contest, values={"device": {"least": 1}}, by=by)
                == "bad_value"
            )
            assert (
                refused(set_thresholds, contest=contest, values={"mood": {"least": 5}}, by=by) == "bad_value"
            )
            set_thresholds(contest=contest, values={"device": {"least": 77}, "age": {"least": 15}}, by=by)
        assert desk_of(contest).thresholds == {"device": {"least": 77}}
        data = json.loads(Entry.objects.get(kind="ThresholdsSet").leaf)["data"]
        assert data["rules"] == ["device"]
        assert "77" not in json.dumps(data["rules"])
        assert len(data["digest"]) == 64
        with clock.at(NOON):
            set_thresholds(contest=contest, values={"device": {"least": 77}}, by=by)
        assert Entry.objects.filter(kind="ThresholdsSet").count() == 1


@pytest.mark.usefixtures("committed_db")
class TestTwoOfficialsAtOnce:
    def test_one_decides_and_the_other_is_told(self):
        contest, projects = given.voting_contest()
        courtyard(contest, projects)
        with clock.at(NOON + timedelta(hours=1)):
            check_voting(contest=contest)
        signal = Signal.objects.get()
        officials = [given.official(name, "commission", contest.community) for name in ("Ірина", "Сергій")]

        def decide(place: int) -> object:
            with clock.at(NOON + timedelta(hours=2)):
                return decide_signal(
                    signal=Signal.objects.select_related("contest__community").get(pk=signal.pk),
                    outcome="annul", why="stolen", text=f"рішення {place}", seen=8, by=officials[place],
                )  # fmt: skip

        answers = at_once(2, decide)
        assert refusals(answers) == ["already_done"]
        assert Decision.objects.count() == 1
        assert Annulment.objects.count() == 8


@pytest.mark.django_db
def test_a_batch_of_wroclaw_is_found_from_the_box_itself():
    """320 votes from one address with 65 devices, cast through the door of all channels."""
    contest, projects = given.voting_contest()
    votes = [
        Vote(
            person_token=keys.person_token("tax", f"house-{n}"), paper=given.paper(projects[n % 3]),
            request_key=secrets.token_bytes(32), at=moment(2 + n % 10, 10, n % 60),
            circumstances=Circumstances(address=f"198.51.100.{n % 5}", device=f"phone {n % 65}"),
        )
        for n in range(320)
    ]  # fmt: skip
    with clock.at(given.day(55)):
        assert cast_ballots(contest=contest, channel="online", votes=votes) == 320
        check_voting(contest=contest)
    house = signals_of(contest).get(rule="network")
    assert (house.observed, house.expected, house.is_alarm, house.votes) == (320, 65, True, 320)
    assert SignalMark.objects.filter(signal=house).count() == 320
