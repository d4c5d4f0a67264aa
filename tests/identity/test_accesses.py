"""Looks of officials at personal data: written once, folded within minutes, never changed, deleted after their term."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests import given

from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office, merge_people, record_access
from viche.identity.actions.accesses import delete_old_accesses
from viche.identity.models import Access, DataKind, Person
from viche.identity.queries import accesses_about, accesses_in, officials_who_looked

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 9, tzinfo=UTC)


def operator() -> Person:
    return given.person("Галина")


def look(*, at: datetime = NOON, about: list[Person] | None = None, **facts: object) -> Access:
    said = {"role": "operator", "kind": DataKind.REQUESTS, "page": "office-request", "record": "r"} | facts
    said.setdefault("official", operator())
    said.setdefault("community", given.community())
    people = [each.pk for each in (about if about is not None else [given.person("Олена")])]
    with clock.at(at):
        return record_access(people=people, **said)


def test_a_look_says_who_by_which_office_when_what_and_about_whom() -> None:
    olena = given.person("Олена")
    row = look()
    assert (row.official, row.role, row.community) == (operator(), "operator", given.community())
    assert (row.kind, row.page, row.record, row.people, row.number) == (
        "requests", "office-request", "r", [olena.pk], 1,
    )  # fmt: skip
    assert row.at == row.last_at == NOON


def test_looks_at_the_same_within_ten_minutes_are_one_row_with_a_count() -> None:
    first = look()
    look(at=NOON + timedelta(minutes=9))
    row = Access.objects.get()
    assert (row.pk, row.times, row.last_at) == (first.pk, 2, NOON + timedelta(minutes=9))
    look(at=NOON + timedelta(minutes=11))
    assert Access.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        {"record": "another"},
        {"kind": DataKind.PROOFS},
        {"page": "office-requests"},
        {"role": "administrator"},
    ],
)
def test_a_look_at_something_else_is_a_row_of_its_own(other: dict[str, str]) -> None:
    look()
    look(**other)
    assert Access.objects.count() == 2


def test_an_unknown_kind_of_data_is_not_written() -> None:
    with pytest.raises(ValueError, match="whatever"):
        look(kind="whatever")


@pytest.mark.parametrize(
    "change",
    ["official_id = '01890000-0000-7000-8000-000000000000'", "kind = 'members'", "at = now()", "times = times + 2",
     "people = '{}'", "record = ''", "times = times + 1, role = 'auditor'"],
)  # fmt: skip
def test_the_database_changes_no_row(change: str) -> None:
    look()
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        connection.cursor().execute(f"UPDATE identity_access SET {change}")


def test_the_database_deletes_no_row_before_its_term() -> None:
    look(at=datetime.now(UTC) - timedelta(days=360))
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        Access.objects.all().delete()
    # not even where the clock of the house is wrong
    with (
        clock.at(datetime.now(UTC) + timedelta(days=4000)),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        delete_old_accesses()


def test_a_row_goes_when_the_year_after_its_year_is_over() -> None:
    year = clock.year()
    kept = look(at=datetime(year - 1, 1, 2, tzinfo=UTC))
    look(at=datetime(year - 2, 12, 31, 12, tzinfo=UTC))
    assert delete_old_accesses() == 1
    assert Access.objects.get() == kept


def test_a_person_reads_who_looked_at_their_data_and_not_the_name_of_the_official() -> None:
    look()
    look(about=[given.person("Петро")])
    seen = accesses_about(person=given.person("Олена"))
    assert [(each.role, each.body, each.at, each.kind) for each in seen] == [
        ("operator", given.community(), NOON, "requests")
    ]
    assert not any("Галина" in str(value) for value in vars(seen[0]).values())


def test_a_look_at_ones_own_data_is_no_look_of_an_official() -> None:
    look(about=[operator()])
    assert accesses_about(person=operator()) == []


def test_a_person_of_two_records_reads_of_both() -> None:
    by_passport, olena = given.person("Олена"), None
    passport = Person.objects.create(
        family_name="Коваленко", given_name="Олена", birth_date=by_passport.birth_date, created_at=NOON
    )
    look(about=[passport])
    olena = merge_people(one=by_passport, other=passport)
    assert olena == by_passport
    assert len(accesses_about(person=olena)) == 1


def test_an_official_of_two_records_is_one_in_the_list() -> None:
    galyna = operator()
    other = Person.objects.create(
        family_name="Коваленко", given_name="Галина", birth_date=galyna.birth_date, created_at=NOON
    )
    look(official=other)
    look(official=galyna, record="x")
    assert merge_people(one=galyna, other=other) == galyna
    assert officials_who_looked(given.community()) == [galyna]
    assert accesses_in(given.community(), official=str(galyna.pk)).count() == 2


def test_the_list_is_narrowed_by_official_kind_and_day_of_kyiv() -> None:
    body, iryna = given.community(), given.person("Ірина")
    grant_office(person=iryna, community=body, role="administrator", by=SYSTEM)
    late = look(at=datetime(2026, 5, 4, 20, 59, tzinfo=UTC))  # 23:59 in Kyiv
    next_day = look(
        at=datetime(2026, 5, 4, 21, 1, tzinfo=UTC), record="x", official=iryna, kind=DataKind.STAFF
    )
    look(community=given.community(given.LVIV))
    assert list(accesses_in(body)) == [next_day, late]
    assert list(accesses_in(body, day=datetime(2026, 5, 4, tzinfo=UTC).date())) == [late]
    assert list(accesses_in(body, official=str(iryna.pk))) == [next_day]
    assert list(accesses_in(body, kind="requests")) == [late]
    assert list(accesses_in(body, official="nobody")) == []
    assert list(accesses_in(None)) == []
