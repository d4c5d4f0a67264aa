"""The dates that follow from a regulation and its schedule, worked out by hand on a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from documents import EVERYTHING, changed

from rulebook.calendar import Window, days_of, event_day, first_day, last_day
from rulebook.milestones import MILESTONES, milestones
from rulebook.presets import presets
from rulebook.rules import parse, schedule_contradictions

KYIV = ZoneInfo("Europe/Kyiv")


def phase(name, first, last):
    """A phase of whole days in Kyiv, both counted."""
    midnight = datetime(first.year, first.month, first.day, tzinfo=KYIV)
    after = last + timedelta(days=1)
    return Window(name, midnight, datetime(after.year, after.month, after.day, tzinfo=KYIV))


SCHEDULE = [
    phase("submission", date(2027, 3, 1), date(2027, 3, 30)),
    phase("support", date(2027, 3, 1), date(2027, 4, 20)),
    phase("review", date(2027, 4, 30), date(2027, 6, 15)),
    phase("voting", date(2027, 10, 20), date(2027, 11, 18)),
]


def dates(rules, schedule=SCHEDULE):
    return [(each.code, each.starts_on, each.ends_on) for each in milestones(rules, schedule)]


def test_every_date_of_a_contest_under_the_labour_code():
    rules = parse(changed(EVERYTHING, working_calendar="ukraine"))
    assert dates(rules) == [
        # three working days from 30 March
        ("formal_check", date(2027, 3, 1), date(2027, 4, 2)),
        # 20 days from 30 March, the last day of submission: Monday 19 April
        ("support", date(2027, 3, 1), date(2027, 4, 19)),
        # 30 April, 5, 6, 7 and 11 May; the corrections 12 to 14 May
        ("review_stage", date(2027, 4, 30), date(2027, 5, 11)),
        ("correction", date(2027, 5, 12), date(2027, 5, 14)),
        ("review_stage", date(2027, 5, 12), date(2027, 6, 10)),
        ("correction", date(2027, 6, 11), date(2027, 6, 17)),
        # a refusal of Thursday 10 June: Friday and Monday
        ("appeal", date(2027, 6, 11), date(2027, 6, 14)),
        # days 1 to 30, twice 16 to 29, and 16 to 28 of the voting; the clocks change on 31 October
        ("channel", date(2027, 10, 20), date(2027, 11, 18)),
        ("channel", date(2027, 11, 4), date(2027, 11, 17)),
        ("channel", date(2027, 11, 4), date(2027, 11, 17)),
        ("channel", date(2027, 11, 4), date(2027, 11, 16)),
        # eight working days after Thursday 18 November; thirty days after 30 November
        ("approval", date(2027, 11, 19), date(2027, 11, 30)),
        ("approval", date(2027, 12, 1), date(2027, 12, 30)),
        ("implementation", date(2028, 1, 1), date(2028, 12, 31)),
    ]


def test_under_martial_law_holidays_put_nothing_off():
    rules = parse(EVERYTHING)
    stages = [end for code, _, end in dates(rules) if code == "review_stage"]
    assert stages == [date(2027, 5, 6), date(2027, 6, 7)]


def test_each_date_says_what_a_page_needs():
    found = {each.code: each for each in milestones(parse(EVERYTHING), SCHEDULE)}
    assert set(found) == set(MILESTONES)
    assert found["support"].params == {"days": 20, "counted_from": "submission"}
    assert found["review_stage"].params["body"].get("en") == "working group"
    assert found["correction"].params["days"] == 7
    assert found["formal_check"].params["body"].get("en") == "economic department"
    assert found["appeal"].params["decision_days"] == 2
    assert found["channel"].params == {"index": 3, "channel": "paper", "from_day": 16, "to_day": 28}
    assert found["implementation"].params["year"] == 2028


@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_change_of_the_clocks_neither_adds_nor_takes_a_day(change):
    week = phase("voting", change - timedelta(days=3), change + timedelta(days=3))
    days = days_of("voting", [week])
    assert days == [change + timedelta(days=shift) for shift in range(-3, 4)]
    assert (first_day(week), last_day(week)) == (days[0], days[-1])
    assert week.ends_at - week.starts_at != timedelta(days=7)
    channels = [{"kind": "online"}, {"kind": "paper", "from_day": 4, "to_day": 7}]
    rules = parse(changed(EVERYTHING, channels=channels))
    found = [each for each in milestones(rules, [week]) if each.code == "channel"]
    assert [(each.starts_on, each.ends_on) for each in found] == [(days[0], days[6]), (change, days[6])]


def test_an_event_at_midnight_ends_the_day_before():
    assert event_day(datetime(2027, 5, 3, tzinfo=KYIV)) == date(2027, 5, 2)
    assert event_day(datetime(2027, 5, 3, 0, 1, tzinfo=KYIV)) == date(2027, 5, 3)
    # 23:00 in London is one o'clock of the next day in Kyiv
    assert event_day(datetime(2027, 5, 3, 22, tzinfo=UTC)) == date(2027, 5, 4)
    assert event_day(datetime(2027, 5, 3, 22, tzinfo=UTC), UTC) == date(2027, 5, 3)


def test_a_voting_in_two_windows_counts_only_its_own_days():
    """An extension after a pause: day 4 of the voting is the first day of the second window."""
    voting = [
        phase("voting", date(2027, 6, 1), date(2027, 6, 3)),
        phase("voting", date(2027, 6, 10), date(2027, 6, 12)),
    ]
    rules = parse(changed(EVERYTHING, channels=[{"kind": "paper", "from_day": 4, "to_day": 9}]))
    [paper] = [each for each in milestones(rules, voting) if each.code == "channel"]
    assert (paper.starts_on, paper.ends_on) == (date(2027, 6, 10), date(2027, 6, 12))


def test_a_phase_without_an_end_leaves_the_dates_after_it_out():
    open_ended = [Window("voting", datetime(2027, 6, 1, tzinfo=KYIV))]
    rules = parse(
        changed(EVERYTHING, channels=[{"kind": "paper", "from_day": 4}, {"kind": "desk", "to_day": 2}])
    )
    assert dates(rules, open_ended) == [
        ("channel", date(2027, 6, 4), None),
        ("channel", date(2027, 6, 1), date(2027, 6, 2)),
    ]
    assert dates(rules, []) == []


def test_a_stage_without_a_term_takes_no_days_from_the_next():
    rules = parse(changed(EVERYTHING, review__0__days=None, working_calendar="ukraine"))
    stages = [each[1:] for each in dates(rules) if each[0] == "review_stage"]
    assert stages == [(date(2027, 4, 30), None), (date(2027, 4, 30), date(2027, 5, 31))]


def test_a_year_mistyped_as_the_last_one_breaks_nothing():
    late = [
        phase(name, date(9999, 12, 20), date(9999, 12, 28)) for name in ("submission", "review", "voting")
    ]
    found = milestones(parse(EVERYTHING), late)
    assert max(each.ends_on for each in found) <= date.max
    assert "review_longer_than_phase" in [
        each.code for each in schedule_contradictions(parse(EVERYTHING), late)
    ]


@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_every_preset_has_its_dates_in_order(each):
    found = milestones(each.rules, SCHEDULE)
    assert all(one.ends_on is None or one.starts_on <= one.ends_on for one in found)
    ends = [one.ends_on for one in found if one.code == "approval" and one.ends_on]
    assert ends == sorted(ends)


def ends_of(code, rules, schedule=SCHEDULE):
    return [each.ends_on for each in milestones(rules, schedule) if each.code == code]


def test_support_that_runs_from_publication_waits_for_the_check_of_form():
    rules = parse(changed(EVERYTHING, support__counted_from="publication"))
    # the last project is checked by Friday 2 April, and 20 days later is Thursday 22 April
    assert ends_of("support", rules) == [date(2027, 4, 22)]
    unstated = parse(
        changed(
            EVERYTHING,
            support__counted_from="publication",
            submission__check={"body": {"uk": "відділ"}, "publish_silent": False},
        )
    )
    assert ends_of("formal_check", unstated) == []
    assert ends_of("support", unstated) == [date(2027, 4, 19)]


def test_an_appeal_against_a_review_without_terms_runs_from_the_end_of_its_phase():
    stages = [{**stage, "days": None} for stage in EVERYTHING["review"]]
    rules = parse(changed(EVERYTHING, review=stages))
    # the review ends on Tuesday 15 June
    assert ends_of("appeal", rules) == [date(2027, 6, 17)]
    less = {name: part for name, part in EVERYTHING.items() if name != "appeal"}
    assert ends_of("appeal", parse(less)) == []
