"""The journal: written in the transaction of the act, never changed, placed in a tree anybody can recompute."""

import hashlib
import json
import threading
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction
from tests import given
from tests.crowd import at_once, refusals

from rulebook.merkle import leaf_hash, root_of
from viche.ballots.events import BallotSealed
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.journal import queries
from viche.journal.actions import CROWD, append, log_of, sequence_all, sequence_community, sequence_log
from viche.journal.events import Event, LogOpened
from viche.journal.models import Entry, Log
from viche.projects.events import ProjectAdmitted

CODE = "UA53080370010073240"


def fact(number: int) -> ProjectAdmitted:
    return ProjectAdmitted(project=f"project-{number}", number=number)


def sealed(number: int) -> BallotSealed:
    """A ballot's entry; its commitment has nothing to do with the order of casting."""
    mark = hashlib.sha256(str(number).encode()).hexdigest()
    return BallotSealed(contest="contest", commitment=mark, envelope=mark)


def write(*events: Event) -> None:
    with transaction.atomic():
        append(*events, community=CODE, year=2026, by=SYSTEM)


def placed() -> list[Entry]:
    return list(Entry.objects.filter(index__isnull=False).order_by("index"))


def test_outside_a_transaction_nothing_is_written(committed_db):
    with pytest.raises(RuntimeError, match="transaction"):
        append(fact(1), community=CODE, year=2026, by=SYSTEM)
    assert not Entry.objects.exists()


def test_an_act_that_fails_leaves_no_entry(committed_db):
    @transaction.atomic
    def act() -> None:
        append(fact(1), community=CODE, year=2026, by=SYSTEM)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not Entry.objects.exists()
    assert not Log.objects.exists()


@pytest.mark.django_db
class TestWhatIsWrittenStays:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE journal_entry SET leaf = '{}'",
            "UPDATE journal_entry SET kind = 'ProjectRefused'",
            "UPDATE journal_entry SET index = 7",
            "UPDATE journal_entry SET index = NULL",
            "DELETE FROM journal_entry",
        ],
    )
    def test_a_placed_entry_is_neither_changed_nor_deleted(self, statement):
        write(fact(1))
        sequence_all()
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), connection.cursor() as cursor:
            cursor.execute(statement)

    @pytest.mark.parametrize(
        "change",
        ["leaf = '{}'", "subject = 'x'", "leaf_hash = ''", "recorded_at = now()", "recorded_at = NULL",
         "sort_key = 'x'", "index = 1, leaf = '{}'", "index = 1, sort_key = 'x'", "index = 1, recorded_at = NULL"],
    )  # fmt: skip
    def test_a_waiting_entry_only_gets_its_place(self, change):
        write(fact(1))
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), connection.cursor() as cursor:
            cursor.execute(f"UPDATE journal_entry SET {change} WHERE kind = 'ProjectAdmitted'")

    def test_a_ballot_waits_for_a_crowd_so_that_nobody_learns_who_voted_just_now(self):
        for number in range(CROWD - 1):
            write(sealed(number))
        sequence_all()
        assert not Entry.objects.filter(kind="BallotSealed", index__isnull=False).exists()
        write(sealed(CROWD))
        sequence_all()
        assert not Entry.objects.filter(index__isnull=True).exists()

    def test_the_last_ballots_get_their_place_when_the_voting_is_over(self):
        write(sealed(1))
        sequence_all()
        assert Entry.objects.get(kind="BallotSealed").index is None
        sequence_community(community=Log.objects.get().community)
        assert Entry.objects.get(kind="BallotSealed").index == 1

    def test_two_entries_never_share_a_place(self):
        write(fact(1), fact(2))
        with pytest.raises(DatabaseError, match="one_entry_an_index"), connection.cursor() as cursor:
            cursor.execute("UPDATE journal_entry SET index = 5")


@pytest.mark.django_db
class TestTheTree:
    def test_places_follow_each_other_from_the_opening_of_the_log(self):
        for number in range(5):
            write(fact(number))
            sequence_all()
        write(fact(5), fact(6))
        assert sequence_all() == 2
        found = placed()
        assert [entry.index for entry in found] == list(range(8))
        assert found[0].kind == LogOpened.__name__
        assert Log.objects.get().size == 8

    def test_the_root_is_the_root_of_all_leaves(self):
        for number in range(13):
            write(fact(number), sealed(number))
            if number % 3 == 0:
                sequence_all()
        sequence_all()
        log = Log.objects.get()
        leaves = [leaf_hash(entry.leaf.encode()) for entry in placed()]
        assert log.root == root_of(leaves).hex() == queries.recomputed_root(log)

    def test_a_changed_leaf_gives_another_root(self):
        write(fact(1), fact(2))
        sequence_all()
        log = Log.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_is_kept")
            cursor.execute("UPDATE journal_entry SET leaf = replace(leaf, 'project-1', 'project-9')")
            cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_is_kept")
        assert queries.recomputed_root(log) != log.root

    def test_ballots_of_a_batch_stand_after_the_acts_in_the_order_of_their_commitments(self):
        for number in range(CROWD):
            write(sealed(number))
        write(fact(1))
        sequence_all()
        found = placed()
        kinds = [entry.kind for entry in found]
        assert kinds == ["LogOpened", "ProjectAdmitted"] + ["BallotSealed"] * CROWD
        marks = [bytes(entry.sort_key) for entry in found[2:]]
        assert marks == sorted(marks)
        assert marks != [bytes.fromhex(sealed(number).commitment) for number in range(CROWD)]

    def test_sequencing_with_nothing_waiting_changes_nothing(self):
        write(fact(1))
        sequence_all()
        before = Log.objects.values().get()
        assert sequence_all() == 0
        assert sequence_log(log=Log.objects.get()) == 0
        assert Log.objects.values().get() == before

    def test_each_community_and_year_has_its_own_log(self):
        write(fact(1))
        with transaction.atomic():
            append(fact(2), community="UA53080230000047239", year=2026, by=SYSTEM)
            append(fact(3), community=CODE, year=2027, by=SYSTEM)
        sequence_all()
        assert sorted(Log.objects.values_list("name", "size")) == [
            ("UA53080230000047239/2026", 2), (f"{CODE}/2026", 2), (f"{CODE}/2027", 2),
        ]  # fmt: skip


@pytest.mark.django_db
class TestWhatAnEntrySays:
    def test_an_act_says_who_and_when(self):
        by = Actor(kind="official", reference="0190b0c8-0000-7000-8000-000000000001")
        with clock.at(given.day(3)), transaction.atomic():
            append(fact(4), community=CODE, year=2026, by=by)
        entry = Entry.objects.get(kind="ProjectAdmitted")
        assert json.loads(entry.leaf) == {
            "kind": "ProjectAdmitted", "subject": "project:project-4", "at": "2026-03-04T12:00:00Z",
            "data": {"project": "project-4", "number": 4},
            "by": {"kind": "official", "reference": "0190b0c8-0000-7000-8000-000000000001"},
        }  # fmt: skip

    def test_a_ballot_says_neither_time_nor_person(self):
        write(sealed(1))
        entry = Entry.objects.get(kind="BallotSealed")
        assert entry.recorded_at is None
        assert set(json.loads(entry.leaf)) == {"kind", "subject", "data"}
        assert set(json.loads(entry.leaf)["data"]) == {"contest", "commitment", "envelope"}

    def test_the_stored_hash_is_the_hash_of_the_stored_text(self):
        write(fact(1), sealed(1))
        for entry in Entry.objects.all():
            assert bytes(entry.leaf_hash) == hashlib.sha256(b"\x00" + entry.leaf.encode()).digest()

    def test_the_history_of_a_project_is_read_in_order(self):
        write(fact(1), fact(2))
        write(fact(1))
        assert [line.data["number"] for line in queries.history_of("project:project-1")] == [1, 1]

    def test_two_events_may_not_share_a_name(self):
        with pytest.raises(TypeError, match="two events are called LogOpened"):

            @dataclass(frozen=True)
            class LogOpened(Event):
                sentence = "Another log"


def test_a_log_opened_by_many_at_once_is_opened_once(committed_db):
    found = at_once(20, lambda place: log_of(CODE, 2026).pk)
    assert refusals(found) == []
    assert len(set(found)) == 1
    assert Entry.objects.filter(kind="LogOpened").count() == 1


def test_many_sequencers_and_writers_at_once_make_one_unbroken_log(committed_db):
    def work(place: int) -> None:
        for number in range(5):
            if place % 2:
                write(fact(number), sealed(place * 100 + number))
            else:
                sequence_all()

    assert refusals(at_once(20, work)) == []
    sequence_all()
    log = Log.objects.get()
    assert [entry.index for entry in placed()] == list(range(101))
    assert log.size == 101
    assert log.root == queries.recomputed_root(log)


def test_sequencing_waits_for_another_sequencer(committed_db):
    write(fact(1))
    log = Log.objects.get()
    done = threading.Event()

    def sequence() -> None:
        try:
            sequence_log(log=log)
        finally:
            connection.close()
            done.set()

    with transaction.atomic():
        Log.objects.select_for_update().get(pk=log.pk)
        other = threading.Thread(target=sequence)
        other.start()
        assert not done.wait(0.3)
    assert done.wait(10)
    other.join()
    assert Log.objects.get().size == 2
