"""Support on paper: a scan, two blind entries by two people, differences settled, and the same door as online."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.models import Territory
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Identifier, Person
from viche.identity.providers import make_tax_number
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import (
    close_sheet,
    decide_line,
    discard_sheet,
    end_entry,
    record_line,
    record_sheet,
    run_deadlines,
    sign_project,
)
from viche.projects.models import Project, SheetEntry, SheetRow, Signature, State, SupportSheet
from viche.projects.models.sheets import SCANS
from viche.projects.queries import lines_of, operators_of
from viche.projects.sheets import TypedLine

PDF = b"%PDF-1.4\nsigned by hand\n%%EOF\n"
BORN = date(1970, 1, 2)


def number_of(serial: int) -> str:
    """The tax number of given.resident(serial)."""
    return make_tax_number(BORN, "female", serial * 2).number


def typed(serial: int = 0, **facts) -> TypedLine:
    base = {
        "family_name": "Коваленко", "given_name": "Мешканка", "number": number_of(serial),
        "territory": Territory.objects.get(pk=given.POLTAVA),
    }  # fmt: skip
    return TypedLine(**{**base, **facts})


def refused(call, **facts) -> Refused:
    with pytest.raises(Refused) as answer:
        call(**facts)
    return answer.value


class Desk:
    """A project, three operators, and the moment at which they work."""

    def __init__(self, moment=None, **support) -> None:
        self.project = given.submitted_project(given.supported_contest(**support))
        body = self.project.contest.community
        self.galyna, self.ihor, self.olha = (
            given.official(name, "operator", body) for name in ("Галина", "Ігор", "Ольга")
        )
        self.moment = moment or given.day(7)

    def do(self, act, **facts):
        with clock.at(self.moment):
            return act(**facts)

    def sheet(self, lines: int = 2, scan: bytes = PDF) -> SupportSheet:
        return self.do(record_sheet, project=self.project, lines=lines, scan=scan, by=self.galyna)

    def enter(self, sheet: SupportSheet, by: Actor, *lines: TypedLine) -> None:
        for place, line in enumerate(lines, start=1):
            self.do(record_line, sheet=sheet, line=place, typed=line, by=by)
        self.do(end_entry, sheet=sheet, by=by)

    def entered(self, *lines: TypedLine) -> SupportSheet:
        """A sheet that both operators have read the same."""
        sheet = self.sheet(len(lines))
        self.enter(sheet, self.galyna, *lines)
        self.enter(sheet, self.ihor, *lines)
        return sheet

    def counted(self, *lines: TypedLine) -> list[tuple[str, str]]:
        sheet = self.entered(*lines)
        self.do(close_sheet, sheet=sheet, by=self.olha)
        return list(SheetRow.objects.filter(sheet=sheet).values_list("outcome", "reason"))

    @property
    def now(self) -> Project:
        return Project.objects.get(pk=self.project.pk)


@pytest.mark.django_db
class TestReceiving:
    def test_the_scan_is_kept_privately_as_it_came_and_hashed(self):
        desk = Desk()
        sheet = desk.sheet()
        assert private_files.content_of(sheet.id, shelf=SCANS) == PDF
        entry = json.loads(Entry.objects.get(kind="SupportSheetReceived").leaf)
        assert entry["data"]["scan"] == sheet.scan_digest

    @pytest.mark.parametrize(
        ("scan", "code"),
        [(b"MZ\x90renamed", "not_a_scan"), (b"%PDF-1.4 cut", "not_a_scan"), (b"\xff\xd8\xffno picture", "not_a_scan"),
         (b"%PDF-" + b"0" * 15_000_001, "scan_too_large")],
    )  # fmt: skip
    def test_what_is_no_scan_is_not_taken(self, scan, code):
        assert refused(Desk().sheet, scan=scan).code == code
        assert not SupportSheet.objects.exists()

    def test_the_same_scan_is_taken_once(self):
        desk = Desk()
        desk.sheet()
        assert refused(desk.sheet).code == "known_scan"
        assert len(list(private_files.kept_files(shelf=SCANS))) == 1

    def test_only_operators_while_paper_is_collected(self):
        desk = Desk()
        by = given.official("Юлія", "editor", desk.project.contest.community)
        assert (
            refused(desk.do, act=record_sheet, project=desk.project, lines=1, scan=PDF, by=by).code
            == "not_operator"
        )
        desk.moment = desk.project.support_until
        assert refused(desk.sheet).code == "support_over"

    def test_no_sheet_where_signatures_are_online_only(self):
        assert refused(Desk(ways=["online"]).sheet).code == "way_not_offered"


@pytest.mark.django_db
class TestEntering:
    def test_the_number_is_never_kept(self):
        desk = Desk()
        sheet = desk.sheet(1)
        desk.do(record_line, sheet=sheet, line=1, typed=typed(3), by=desk.galyna)
        entry = SheetEntry.objects.get()
        assert number_of(3) not in json.dumps(
            {field.name: str(getattr(entry, field.name)) for field in SheetEntry._meta.fields}
        )
        assert number_of(3) not in repr(typed(3))
        assert entry.birth_date == BORN

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"number": "1234567890"}, "bad_number"),
            ({"number": "АВ12345"}, "bad_number"),
            ({"number": "АВ123456"}, "no_birth_date"),
            ({"given_name": " "}, "no_name"),
            ({"territory": None}, "no_territory"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, facts, code):
        desk = Desk()
        answer = refused(
            desk.do, act=record_line, sheet=desk.sheet(), line=1, typed=typed(**facts), by=desk.galyna
        )
        assert (answer.code, answer.status, len(answer.fields)) == (code, 422, 1)

    def test_a_passport_in_latin_letters_is_the_same_passport(self):
        desk = Desk()
        facts = {"birth_date": BORN}
        sheet = desk.sheet(1)
        desk.enter(sheet, desk.galyna, typed(number="АВ 123456", **facts))
        desk.enter(sheet, desk.ihor, typed(number="ab123456", **facts))
        assert not lines_of(sheet)[0].differs
        desk.do(close_sheet, sheet=sheet, by=desk.olha)
        assert Identifier.objects.filter(kind="passport").count() == 1

    def test_the_second_entry_is_another_persons(self):
        desk = Desk()
        sheet = desk.sheet(1)
        desk.enter(sheet, desk.galyna, typed())
        answer = refused(desk.do, act=record_line, sheet=sheet, line=1, typed=typed(), by=desk.galyna)
        assert answer.code == "not_your_turn"
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportSheet.objects.filter(pk=sheet.pk).update(second_by=desk.galyna.person_id)

    def test_two_operators_do_not_share_a_turn(self):
        desk = Desk()
        sheet = desk.sheet(2)
        desk.do(record_line, sheet=sheet, line=1, typed=typed(), by=desk.galyna)
        answer = refused(desk.do, act=record_line, sheet=sheet, line=2, typed=typed(), by=desk.ihor)
        assert answer.code == "not_your_turn"

    def test_every_line_is_asked_for(self):
        desk = Desk()
        sheet = desk.sheet(2)
        desk.do(record_line, sheet=sheet, line=1, typed=typed(), by=desk.galyna)
        answer = refused(desk.do, act=end_entry, sheet=sheet, by=desk.galyna)
        assert answer.code == "lines_missing"
        assert "2" in str(answer.message)


@pytest.mark.django_db
class TestDifferences:
    def differing(self) -> tuple[Desk, SupportSheet]:
        desk = Desk()
        sheet = desk.sheet(2)
        desk.enter(sheet, desk.galyna, typed(1), typed(2))
        desk.enter(sheet, desk.ihor, typed(1, family_name="КОВАЛЕНКО "), typed(3))
        return desk, SupportSheet.objects.get(pk=sheet.pk)

    def test_capitals_and_spaces_are_no_difference(self):
        _desk, sheet = self.differing()
        assert [line.differs for line in lines_of(sheet)] == [False, True]

    def test_a_sheet_is_not_counted_while_one_is_open(self):
        desk, sheet = self.differing()
        assert refused(desk.do, act=close_sheet, sheet=sheet, by=desk.olha).code == "not_settled"
        assert not Signature.objects.exists()

    def test_one_operator_alone_settles_nothing(self):
        desk, sheet = self.differing()
        desk.do(decide_line, sheet=sheet, line=2, turn=1, by=desk.galyna)
        assert lines_of(sheet)[1].settled is None
        desk.do(decide_line, sheet=sheet, line=2, turn=2, by=desk.ihor)
        assert lines_of(sheet)[1].settled is None
        desk.do(decide_line, sheet=sheet, line=2, turn=2, by=desk.galyna)
        assert lines_of(sheet)[1].settled.turn == 2

    def test_a_third_person_settles_it_alone(self):
        desk, sheet = self.differing()
        desk.do(decide_line, sheet=sheet, line=2, turn=1, by=desk.olha)
        desk.do(close_sheet, sheet=sheet, by=desk.galyna)
        assert desk.now.supporters == 2

    def test_or_reads_the_line_anew(self):
        desk, sheet = self.differing()
        desk.do(record_line, sheet=sheet, line=2, typed=typed(4), by=desk.olha)
        desk.do(close_sheet, sheet=sheet, by=desk.olha)
        people = set(Signature.objects.values_list("person", flat=True))
        assert given.resident(4).pk in people


@pytest.mark.django_db
class TestCounting:
    def test_lines_become_signatures_of_the_moment_the_sheet_was_brought(self):
        desk = Desk()
        sheet = desk.entered(typed(1), typed(2))
        desk.moment = given.day(9)
        desk.do(close_sheet, sheet=sheet, by=desk.olha)
        signatures = list(Signature.objects.all())
        assert {(each.way, each.signed_at) for each in signatures} == {("paper", given.day(7))}
        assert desk.now.supporters == 2
        closed = json.loads(Entry.objects.get(kind="SupportSheetClosed").leaf)["data"]
        assert (closed["counted"], closed["repeated"], closed["not_eligible"], closed["unreadable"]) == (
            2,
            0,
            0,
            0,
        )
        assert not SheetEntry.objects.exists(), "what was typed is gone"

    def test_online_and_paper_meet(self):
        desk = Desk()
        person = given.resident(1)
        desk.do(
            sign_project,
            project=desk.project,
            person=person,
            by=actor_of(person, desk.project.contest.community),
        )
        assert [outcome for outcome, _why in desk.counted(typed(1), typed(2), typed(2))] == [
            "repeated", "counted", "repeated",
        ]  # fmt: skip
        later = given.resident(2)
        answer = refused(
            desk.do, act=sign_project, project=desk.project, person=later,
            by=actor_of(later, desk.project.contest.community),
        )  # fmt: skip
        assert answer.code == "already_signed"

    def test_who_cannot_is_told_why(self):
        desk = Desk(max_per_person=1)
        other = given.submitted_project(desk.project.contest, "Інший")
        busy = given.resident(7)
        desk.do(sign_project, project=other, person=busy, by=actor_of(busy, desk.project.contest.community))
        given.person("Тарас", serial=8, born=BORN, region="Львівська", locality="м. Львів")
        child = make_tax_number(date(2015, 5, 5), "female", 10).number
        author = make_tax_number(date(1985, 5, 5), "female", given.serial_of("Олена") * 2).number
        rows = desk.counted(
            typed(7), typed(8), typed(number=child), typed(9, territory=None, is_elsewhere=True), typed(number=author),
            typed(is_unreadable=True), typed(1),
        )  # fmt: skip
        assert [outcome for outcome, _why in rows] == ["not_eligible"] * 5 + ["unreadable", "counted"]
        assert all(why for _outcome, why in rows[:5])

    def test_a_sheet_makes_nobody_a_member_for_anything_else(self):
        desk = Desk()
        desk.counted(typed(1))
        person = Person.objects.get(signatures__project=desk.project)
        assert not person.memberships.exists()
        assert not person.identifications.exists()

    def test_a_known_person_keeps_their_name(self):
        desk = Desk()
        known = given.resident(1)
        desk.counted(typed(1, family_name="Інша"))
        assert Person.objects.get(pk=known.pk).family_name == known.family_name

    def test_the_threshold_is_reached_by_a_sheet(self):
        desk = Desk()
        desk.counted(typed(1), typed(2), typed(3), typed(4))
        assert (desk.now.state, desk.now.supporters) == (State.IN_REVIEW, 4)
        assert Entry.objects.filter(kind="SupportReached").count() == 1

    def test_a_project_waits_for_a_sheet_brought_in_time(self):
        desk = Desk()
        sheet = desk.entered(typed(1), typed(2), typed(3))
        desk.moment = desk.project.support_until
        assert desk.do(run_deadlines) == 0
        assert desk.now.state == State.SIGNING
        desk.do(close_sheet, sheet=sheet, by=desk.olha)
        assert desk.now.state == State.IN_REVIEW

    def test_and_is_closed_with_it_where_it_is_too_little(self):
        desk = Desk()
        sheet = desk.entered(typed(1))
        desk.moment = desk.project.support_until
        desk.do(close_sheet, sheet=sheet, by=desk.olha)
        assert (desk.now.state, desk.now.supporters) == (State.NOT_SUPPORTED, 1)

    def test_put_aside_with_a_reason_it_counts_nothing(self):
        desk = Desk()
        sheet = desk.entered(typed(1))
        assert (
            refused(desk.do, act=discard_sheet, sheet=sheet, reason=" ", by=desk.galyna).code == "no_reason"
        )
        with clock.at(desk.moment):
            discard_sheet(sheet=sheet, reason="Не той проєкт", by=desk.galyna)
        assert refused(desk.do, act=close_sheet, sheet=sheet, by=desk.olha).code == "closed"
        assert (desk.now.supporters, SheetEntry.objects.count()) == (0, 0)

    def test_who_entered_how_many(self):
        desk = Desk()
        desk.counted(typed(1), typed(2))
        rows = {row["person"].given_name: row for row in operators_of(desk.project.contest)}
        assert (rows["Галина"]["first"], rows["Ігор"]["second"], rows["Ольга"]["closed"]) == (1, 1, 1)
        assert rows["Галина"]["lines"] == 2


def test_a_sheet_counted_twice_at_once_is_counted_once(committed_db):
    desk = Desk()
    sheet = desk.entered(typed(1), typed(2))
    found = at_once(4, lambda _place: desk.do(close_sheet, sheet=sheet, by=desk.olha))
    assert set(refusals(found)) == {"closed"}
    assert len(refusals(found)) == 3
    assert desk.now.supporters == 2


def test_a_person_on_a_sheet_and_online_at_once_is_one_signature(committed_db):
    desk = Desk()
    sheet = desk.entered(typed(1), typed(2))
    person = given.resident(1)
    by = actor_of(person, desk.project.contest.community)

    def act(place: int):
        if place:
            return desk.do(sign_project, project=desk.project, person=person, by=by)
        return desk.do(close_sheet, sheet=sheet, by=desk.olha)

    at_once(3, act)
    assert desk.now.supporters == 2
    assert Signature.objects.count() == 2
