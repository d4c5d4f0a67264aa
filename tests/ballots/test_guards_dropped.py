"""Every guard of the box's tables is dropped in turn, and something then gets through that must not.

The guards are read from PostgreSQL's catalogue and the offences are made from what each of them says, so that a new
one is covered at once; only a check needs an offence written by hand, and one without is an error here. Whatever the
suite finds is refused while all guards stand. (Conditions and functions: test_guards_in_code.py.)
"""

import secrets
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import Error, connection, transaction
from tests import given
from tests.ceremony import BEFORE, ceremony
from tests.paper_box import given_out, paper_rules, printed

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.holding import propose_change
from viche.ballots.models import CarriedFigures, Participation, VoterGroups
from viche.ballots.papers import PaperRow, open_batch, put_papers
from viche.ballots.tokens import contest_tokens_of
from viche.foundation import clock

PATTERN = "ballots\\_%"
# what a check keeps out: table, column and the value that must not be there
FORBIDDEN = {
    "channel_is_known": ("ballots_participation", "channel = 'pigeon'"),
    "lot_is_shown_after_the_opening": ("ballots_box", "lot_seed = 'early', opened_at = NULL"),
    "annulment_takes_two": ("ballots_annulment", "decided_by_id = proposed_by_id"),
    "key_holder_is_known": ("ballots_box", "holder = 'mayor'"),
    "key_takes_two": ("ballots_boxkey", "confirmed_by_id = proposed_by_id"),
    "confirmed_key_has_its_moment": ("ballots_boxkey", "state = 'confirmed', confirmed_at = NULL"),
    "rehearsed_key_has_its_moment": ("ballots_boxkey", "state = 'rehearsed', rehearsed_at = NULL"),
    "key_change_takes_two": ("ballots_keychange", "decided_by_id = proposed_by_id"),
    "decided_annulment_has_its_moment": ("ballots_annulment", "state = 'confirmed', decided_at = NULL"),
    "paper_from_files_and_protocols_takes_two": (
        "ballots_paperbatch",
        "kind = 'import', closed_by_id = made_by_id",
    ),
    "ended_batch_has_its_moment": ("ballots_paperbatch", "state = 'closed', closed_at = NULL"),
    "state_of_a_sheet_is_known": ("ballots_paperserial", "state = 'eaten'"),
    "reason_of_a_sheet_is_known": ("ballots_paperballot", "reason = 'ugly', serial_id = NULL"),
    "ballots_paperserial_number_check": ("ballots_paperserial", "number = -1"),
}


@dataclass(frozen=True)
class Guard:
    """table, name; kind: p, u, f, c (pg_constraint), i (unique index alone), t (trigger), n (NOT NULL of a column).

    columns: what it is about.
    """

    table: str
    name: str
    kind: str
    columns: tuple[str, ...]

    def drop(self, cursor: Any) -> None:
        cursor.execute(
            f"DROP INDEX {self.name}" if self.kind == "i"
            else f"DROP TRIGGER {self.name} ON {self.table}" if self.kind == "t"
            else f"ALTER TABLE {self.table} ALTER {self.name} DROP NOT NULL" if self.kind == "n"
            else f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name} CASCADE"
        )  # fmt: skip


def rows(sql: str, *wanted: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, wanted)
        return list(cursor.fetchall())


def guards() -> list[Guard]:
    """All guards of the box's tables, as PostgreSQL knows them."""
    found = [
        Guard(table, name, kind, tuple(columns))
        for table, name, kind, columns in rows(
            "SELECT conrelid::regclass::text, conname, contype::text, ARRAY(SELECT attname::text FROM pg_attribute"
            " WHERE attrelid = conrelid AND attnum = ANY(conkey)) FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE %s AND contype IN ('p', 'u', 'f', 'c')", PATTERN,
        )
    ]  # fmt: skip
    found += [
        Guard(table, name, "i", tuple(columns))
        for table, name, columns in rows(
            "SELECT indrelid::regclass::text, indexrelid::regclass::text, ARRAY(SELECT attname::text FROM pg_attribute"
            " WHERE attrelid = indrelid AND attnum = ANY(indkey)) FROM pg_index"
            " WHERE indrelid::regclass::text LIKE %s AND indisunique"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)", PATTERN,
        )
    ]  # fmt: skip
    found += [
        Guard(table, column, "n", (column,))
        for table, column in rows(
            "SELECT attrelid::regclass::text, attname::text FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid"
            " WHERE relkind = 'r' AND relname LIKE %s AND attnum > 0 AND attnotnull AND NOT attisdropped"
            # a primary key is not null by itself
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = attrelid AND contype = 'p'"
            " AND attnum = ANY(conkey))", PATTERN,
        )
    ]  # fmt: skip
    found += [
        Guard(table, name, "t", ())
        for table, name in rows(
            "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger"
            " WHERE tgrelid::regclass::text LIKE %s AND NOT tgisinternal", PATTERN,
        )
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.table, each.name))


def offence(guard: Guard) -> str:
    """The statement that the guard is there to refuse. Raises LookupError where nobody has written one."""
    if guard.kind == "f":
        # a row that hangs on nothing: its parent is one that never was
        (kind,) = rows(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
            guard.table, guard.columns[0],
        )  # fmt: skip
        nobody = {"uuid": "gen_random_uuid()", "bigint": "-7", "integer": "-7"}.get(kind[0], "'nowhere'")
        return f"UPDATE {guard.table} SET {guard.columns[0]} = {nobody}"
    if guard.kind == "n":
        return f"UPDATE {guard.table} SET {guard.columns[0]} = NULL"
    if guard.kind in "pui":
        return copied(guard)
    if guard.kind == "c" and guard.name in FORBIDDEN:
        table, values = FORBIDDEN[guard.name]
        return f"UPDATE {table} SET {values}"
    raise LookupError(f"no offence is written against {guard.name} of {guard.table}: say what it keeps out")


FRESH = {
    "uuid": "gen_random_uuid()", "bytea": "uuid_send(gen_random_uuid())", "bigint": "id + 1000000",
    "character varying": "md5(random()::text)", "integer": "number + 1000000",
}  # fmt: skip


def copied(guard: Guard) -> str:
    """The row a second time, new in everything that another guard keeps single."""
    columns = rows(
        "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum", guard.table,
    )  # fmt: skip
    references = {each.columns[0] for each in guards() if each.table == guard.table and each.kind == "f"}
    single = {
        name
        for each in guards()
        if each.table == guard.table and each.kind in "pui" and each != guard
        for name in set(each.columns) - references or set(each.columns)
    } - set(guard.columns)  # fmt: skip
    values = [
        OTHERWISE.get(guard.name, {}).get(name)
        or (SPARE.get((guard.table, name), FRESH[kind]) if name in single else name)
        for name, kind in columns
    ]
    names = ", ".join(name for name, _kind in columns)
    return f"INSERT INTO {guard.table} ({names}) SELECT {', '.join(values)} FROM {guard.table} LIMIT 1"


# where the new value has to be another row that is there
SPARE = {
    ("ballots_box", "contest_id"): "(SELECT id FROM contests_contest"
    " WHERE id NOT IN (SELECT contest_id FROM ballots_box))",
    ("ballots_boxkey", "contest_id"): "(SELECT id FROM contests_contest"
    " WHERE id NOT IN (SELECT contest_id FROM ballots_boxkey) LIMIT 1)",
    ("ballots_votergroups", "contest_id"): "(SELECT id FROM contests_contest"
    " WHERE id NOT IN (SELECT contest_id FROM ballots_votergroups) LIMIT 1)",
    ("ballots_paperballot", "serial_id"): "NULL::uuid",
    ("ballots_annulment", "participation_id"): "(SELECT id FROM ballots_participation"
    " WHERE id NOT IN (SELECT participation_id FROM ballots_annulment) LIMIT 1)",
}  # fmt: skip

# where the copy must stay out of the reach of a guard that holds for some rows only
OTHERWISE = {
    "withdrawn_key_stays_withdrawn": {"state": "'withdrawn'"},
    "ballots_keychange_pkey": {"state": "'declined'", "key_id": "key_id"},
}


def gets_through(statement: str) -> bool:
    """Whether the database carries it out, deferred constraints included; nothing of it stays."""
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount, f"touched nothing: {statement}"
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return True
    except Error:
        return False
    finally:
        transaction.savepoint_rollback(point)


def hold_a_key() -> None:
    """A key of the commission that is tried out, in a contest of its own, and a proposal about it."""
    made, _projects = ceremony(slug="2028")
    key = made.rehearsed()
    with clock.at(BEFORE):
        propose_change(key=key, act="rewrap", reason="Частку загублено.", by=made.iryna)


def enter_a_sheet() -> None:
    """A batch of one numbered sheet, imported from a file by an operator, in a contest of its own."""
    contest, projects = given.voting_contest(slug="2029", rules=paper_rules())
    printed(contest, 1)
    oksana = given.official("Оксана", "operator", contest.community)
    given_out(contest, given.person("Степан"), 1, oksana)
    with clock.at(given.day(45)):
        batch = open_batch(contest=contest, kind="import", name="Файл", by=oksana, source="ab" * 32)
        put_papers(batch=batch, rows=[PaperRow("1", given.paper(projects[0]), serial=1)])


@pytest.fixture
def full_box(db: None) -> None:
    """Something in each table: votes, one replaced, one in quarantine, an opened box, a contest without a box."""
    rules = {**given.RULES, "ballot": {**given.RULES["ballot"], "revote": True}}
    contest = given.contest(rules=rules)
    park, garden = (given.admitted_project(contest, f"Проєкт {number}", cost=10_000_000) for number in (1, 2))
    petro, maria = given.person("Петро"), given.person("Марія")
    with clock.at(given.day(45)):
        for voter, project in ((petro, park), (petro, garden), (maria, park)):
            cast_ballot(
                contest=contest, voter=voter, paper=given.paper(project), channel="online",
                request_key=secrets.token_bytes(32),
            )  # fmt: skip
    iryna, viktor = (given.official(name, "commission", contest.community) for name in ("Ірина", "Віктор"))
    mark = Participation.objects.get(person_token=contest_tokens_of(contest, maria)[0])
    found = propose_annulment(contest=contest, mark=mark.pk, why="forced", text="Так.", by=iryna)
    decide_annulment(annulment=found, is_confirmed=False, answer="Ні.", by=viktor)
    again = propose_annulment(contest=contest, mark=mark.pk, why="forced", text="Так.", by=iryna)
    decide_annulment(annulment=again, is_confirmed=True, answer="Так.", by=viktor)
    with clock.at(given.day(60)):
        open_box(contest=contest)
    CarriedFigures.objects.create(
        contest=given.contest(slug="2027"), days=[], marks=[], channels={}, hours={}, numbers={}
    )
    VoterGroups.objects.create(community=contest.community, contest=contest)
    with connection.cursor() as cursor:
        # a statement of the offences takes the first row: of the box that is full; the declined case goes
        cursor.execute("DELETE FROM ballots_annulment WHERE state = 'declined'")
        cursor.execute("DELETE FROM ballots_box WHERE opened_at IS NULL")
        cursor.execute("INSERT INTO ballots_claim (community_id, contest_id, participation_id, token)"
                       " SELECT community_id, contest_id, id, 'spare' FROM ballots_participation LIMIT 1")  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    hold_a_key()
    enter_a_sheet()


def test_each_guard_alone_keeps_something_out(full_box):
    found = guards()
    assert {each.table for each in found} == {
        table for (table,) in rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE %s", PATTERN)
    }  # fmt: skip
    stands, idle = [], []
    for guard in found:
        statement = offence(guard)
        if gets_through(statement):
            stands.append((guard, statement))
        point = transaction.savepoint()
        with connection.cursor() as cursor:
            guard.drop(cursor)
        if not gets_through(statement):
            idle.append((guard, statement))
        transaction.savepoint_rollback(point)
    assert stands == [], "got through although every guard stands"
    assert idle == [], "was refused although the guard was dropped: it proves nothing about it"


def test_a_guard_nobody_has_thought_of_is_an_error(full_box):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ballots_ballot ADD CONSTRAINT something_new CHECK (length(envelope) > 0)")
    (new,) = [each for each in guards() if each.name == "something_new"]
    with pytest.raises(LookupError, match="something_new"):
        offence(new)
