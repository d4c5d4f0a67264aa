"""Polling points as the regulation wants them: named, with hours, shifts of operators, and screens tied to them."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import given, paper_box, polling
from tests.crowd import at_once, refusals

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.points.actions import (
    add_point,
    add_screen,
    cancel_shift,
    close_point,
    pair_screen,
    plan_shift,
    revise_point,
    revoke_screen,
)
from viche.points.hours import closes_at, hours_text, opens_next, read_hours, week_lines
from viche.points.models import Duty, Point, Screen, Shift, Visit
from viche.points.queries import duties_of, is_on_duty, points_of, screen_of_token
from viche.points.tokens import hash_of
from viche.points.visits import begin_visit, confirm_visit, delete_old_visits, live_visit

DAY = polling.DAY


@pytest.fixture
def contest(db):
    return paper_box.paper_contest()[0]


def refused(action, **said):
    with clock.at(DAY), pytest.raises(Refused) as caught:
        action(**said)
    return caught.value


def entries(kind):
    """What the leaves of this kind say."""
    return [json.loads(each.leaf)["data"] for each in Entry.objects.filter(kind=kind).order_by("pk")]


class TestHours:
    @pytest.mark.parametrize(
        ("text", "spans"),
        [
            ("9:00–18:00", [(540, 1080)]), ("9-18", [(540, 1080)]), ("", []),
            ("14:00 - 18.00, 9:00-13:00", [(540, 780), (840, 1080)]), ("0-24", [(0, 1440)]),
        ],
    )  # fmt: skip
    def test_hours_are_read_as_people_write_them(self, text, spans):
        assert read_hours(text) == spans

    @pytest.mark.parametrize("text", ["18-9", "9:00", "9-13, 12-18", "25-26", "9-24:30", "щодня", "9-9"])
    def test_what_are_no_hours_is_refused(self, text):
        with pytest.raises(ValueError):
            read_hours(text)

    def test_equal_days_stand_together(self):
        week = [[(540, 1080)]] * 5 + [[(600, 900)], []]
        assert [text for _days, text in week_lines(week)] == ["09:00–18:00", "10:00–15:00", hours_text([])]

    def test_open_until_and_open_again_in_kyiv(self):
        # 15 April 2026 is a Wednesday; 12:00 UTC is 15:00 in Kyiv
        assert closes_at(polling.WORKDAYS, DAY) == "18:00"
        late = DAY + timedelta(hours=4)
        assert closes_at(polling.WORKDAYS, late) == ""
        assert "09:00" in opens_next(polling.WORKDAYS, late)
        assert opens_next([[]] * 7, late) == ""


class TestPoints:
    def test_a_point_serves_its_contest_and_stands_in_the_journal(self, contest):
        made = polling.point(contest)
        assert list(points_of(contest)) == [made]
        assert entries("PointAdded")[0]["title"] == "ЦНАП № 1"

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"name": " "}, "name"), ({"address": ""}, "address"), ({"kind": "bar"}, "kind"), ({"hours": []}, "hours"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_said_at_its_field(self, contest, said, field):
        no = refused(
            add_point, community=contest.community, facts=polling.facts(contest, **{"name": "Пункт", **said}),
            contests=[], by=polling.administrator(contest),
        )  # fmt: skip
        assert (no.code, list(no.fields)) == ("bad_value", [field])

    def test_neither_a_place_nor_a_contest_of_another_body(self, contest):
        lviv = given.community(given.LVIV)
        by = polling.administrator(contest)
        no = refused(
            add_point, community=contest.community, facts=polling.facts(contest, territory=lviv.territory),
            contests=[], by=by,
        )  # fmt: skip
        assert list(no.fields) == ["territory"]
        foreign = given.contest(lviv, slug="lviv")
        no = refused(
            add_point, community=contest.community, facts=polling.facts(contest), contests=[foreign], by=by
        )
        assert list(no.fields) == ["contests"]

    def test_only_an_administrator_plans(self, contest):
        operator = given.official("Галина", "operator", contest.community)
        no = refused(
            add_point, community=contest.community, facts=polling.facts(contest), contests=[], by=operator
        )
        assert no.code == "not_administrator"

    def test_of_two_officials_at_once_one_adds_a_point_of_a_name(self, contest):
        polling.point(contest)
        no = refused(
            add_point, community=contest.community, facts=polling.facts(contest), contests=[],
            by=polling.administrator(contest),
        )  # fmt: skip
        assert no.code == "name_taken"
        with pytest.raises(IntegrityError), transaction.atomic():
            Point.objects.create(
                community=contest.community, name="ЦНАП № 1", kind="cnap", address="інша",
                territory=contest.community.territory, added_at=DAY,
            )  # fmt: skip

    def test_a_change_names_what_changed_and_the_same_again_is_no_act(self, contest):
        made, by = polling.point(contest), polling.administrator(contest)
        for _time in range(2):
            with clock.at(DAY):
                revise_point(
                    point=made,
                    facts=polling.facts(contest, address="вул. Нова, 1"),
                    contests=[contest],
                    by=by,
                )
        assert [each["changed"] for each in entries("PointChanged")] == [["address"]]

    def test_closing_cancels_coming_shifts_and_shuts_out_the_screens(self, contest):
        made, galyna = polling.point(contest), polling.operator(contest)
        polling.on_duty(made, galyna)
        _screen, token = polling.screen(made)
        with clock.at(DAY):
            assert is_on_duty(made, galyna.pk)
            close_point(point=made, by=polling.administrator(contest))
            assert not is_on_duty(made, galyna.pk)
        assert screen_of_token(contest.community, hash_of(token)) is None
        assert not points_of(contest)
        assert refused(close_point, point=made, by=polling.administrator(contest)).code == "point_closed"


class TestShifts:
    def plan(self, contest, made, *people, **said):
        said = {"starts_at": DAY, "ends_at": DAY + timedelta(hours=8), **said}
        return {"point": made, "operators": people, "by": polling.administrator(contest), **said}

    def test_an_operator_is_on_duty_from_its_first_moment_to_its_last(self, contest):
        made, galyna = polling.point(contest), polling.operator(contest)
        with clock.at(DAY - timedelta(days=1)):
            plan_shift(**self.plan(contest, made, galyna))
        for moment, there in (
            (DAY - timedelta(seconds=1), False),
            (DAY, True),
            (DAY + timedelta(hours=8), False),
        ):
            with clock.at(moment):
                assert is_on_duty(made, galyna.pk) is there

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"ends_at": DAY}, "ends_at"), ({"ends_at": DAY + timedelta(hours=17)}, "ends_at"),
            ({"starts_at": DAY - timedelta(hours=9), "ends_at": DAY - timedelta(hours=1)}, "ends_at"),
            ({"operators": []}, "operators"),
        ],
    )  # fmt: skip
    def test_a_shift_that_is_none_is_refused_at_its_field(self, contest, said, field):
        made, galyna = polling.point(contest), polling.operator(contest)
        assert list(refused(plan_shift, **{**self.plan(contest, made, galyna), **said}).fields) == [field]

    def test_only_operators_work_at_a_desk(self, contest):
        made = polling.point(contest)
        assert refused(plan_shift, **self.plan(contest, made, given.person("Петро"))).code == "not_operator"

    def test_nobody_works_at_two_points_at_once(self, contest):
        first, second = polling.point(contest), polling.point(contest, "Бібліотека № 3", kind="library")
        galyna = polling.operator(contest)
        with clock.at(DAY):
            plan_shift(**self.plan(contest, first, galyna))
        no = refused(plan_shift, **self.plan(contest, second, galyna, starts_at=DAY + timedelta(hours=7)))
        assert (no.code, list(no.fields)) == ("operator_busy", ["operators"])
        with clock.at(DAY):
            plan_shift(
                **self.plan(
                    contest,
                    second,
                    galyna,
                    starts_at=DAY + timedelta(hours=8),
                    ends_at=DAY + timedelta(hours=9),
                )
            )
            assert len(duties_of(contest.community, galyna.pk)) == 2

    def test_a_cancelled_shift_opens_no_desk_and_is_cancelled_once(self, contest):
        made, galyna = polling.point(contest), polling.operator(contest)
        polling.on_duty(made, galyna)
        shift, by = Shift.objects.get(), polling.administrator(contest)
        with clock.at(DAY):
            cancel_shift(shift=shift, by=by)
            assert not is_on_duty(made, galyna.pk)
        assert refused(cancel_shift, shift=shift, by=by).code == "already_done"
        assert len(entries("ShiftCancelled")) == 1

    def test_the_journal_says_how_many_work_and_not_who(self, contest):
        made, galyna = polling.point(contest), polling.operator(contest)
        polling.on_duty(made, galyna)
        said = entries("ShiftPlanned")[0]
        assert said["operators"] == Duty.objects.count() == 1
        assert str(galyna.pk) not in str(said)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_plan_the_same_operator_at_the_same_moment():
    contest, _projects = paper_box.paper_contest()
    places = [polling.point(contest), polling.point(contest, "Бібліотека № 3")]
    galyna, by = polling.operator(contest), polling.administrator(contest)

    def plan(place):
        with clock.at(DAY):
            return plan_shift(
                point=places[place],
                starts_at=DAY,
                ends_at=DAY + timedelta(hours=1),
                operators=[galyna],
                by=by,
            )

    answers = at_once(2, plan)
    assert refusals(answers) == ["operator_busy"]
    assert Duty.objects.count() == 1


class TestScreens:
    def test_the_database_keeps_neither_code_nor_token(self, contest):
        made, token = polling.screen(polling.point(contest))
        row = Screen.objects.get(pk=made.pk)
        assert row.code_hash is None
        assert bytes(row.token_hash) == hash_of(token)
        assert token not in str(Screen.objects.values())

    def test_an_operator_makes_a_code_only_within_a_shift_there(self, contest):
        made, other = polling.point(contest), polling.point(contest, "Бібліотека № 3")
        galyna = polling.operator(contest)
        by = given.official("Галина", "operator", contest.community)
        assert refused(add_screen, point=made, name="Екран", by=by).code == "not_on_duty"
        polling.on_duty(made, galyna)
        with clock.at(DAY):
            add_screen(point=made, name="Екран", by=by)
        assert refused(add_screen, point=other, name="Екран", by=by).code == "not_on_duty"

    def test_pairing_and_shutting_out_stand_in_the_journal_once_each(self, contest):
        made, _token = polling.screen(polling.point(contest))
        by = polling.administrator(contest)
        with clock.at(DAY):
            revoke_screen(screen=made, by=by)
        assert refused(revoke_screen, screen=made, by=by).code == "already_done"
        assert (len(entries("ScreenPaired")), len(entries("ScreenRevoked"))) == (1, 1)

    def test_a_code_of_one_body_opens_nothing_in_another(self, contest):
        lviv = given.community(given.LVIV)
        with clock.at(DAY):
            _made, code = add_screen(
                point=polling.point(contest), name="Екран", by=polling.administrator(contest)
            )
        assert refused(pair_screen, community=lviv, code=code).code == "bad_code"


class TestVisits:
    def test_a_new_visit_forgets_the_former(self, contest):
        made, _token = polling.screen(polling.point(contest))
        with clock.at(DAY):
            first = begin_visit(screen=made, contest=contest)
            confirm_visit(visit=first, person=given.person("Петро"), method="isei:bank_id")
            second = begin_visit(screen=made, contest=contest)
            assert live_visit(made) == second
        assert Visit.objects.get().person is None

    def test_five_minutes_without_a_page_end_it(self, contest):
        made, _token = polling.screen(polling.point(contest))
        with clock.at(DAY):
            begin_visit(screen=made, contest=contest)
        with clock.at(DAY + timedelta(minutes=6)):
            assert live_visit(made) is None

    def test_what_nobody_ended_is_let_go(self, contest):
        made, _token = polling.screen(polling.point(contest))
        with clock.at(DAY):
            begin_visit(screen=made, contest=contest)
            assert delete_old_visits() == 0
        with clock.at(DAY + timedelta(minutes=31)):
            assert delete_old_visits() == 1

    def test_a_screen_has_one_visit_and_a_visitor_the_moment_of_identifying(self, contest):
        made, _token = polling.screen(polling.point(contest))
        with clock.at(DAY):
            visit = begin_visit(screen=made, contest=contest)
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.create(
                community=contest.community,
                contest=contest,
                screen=made,
                number=10,
                begun_at=DAY,
                seen_at=DAY,
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(person=given.person("Петро"))
