"""Each real regulation becomes a contest here: suggested dates fit it, two officials freeze it, a member may vote."""

from datetime import date, timedelta

import pytest
from tests import given

from rulebook.presets import presets
from rulebook.rules import schedule_contradictions
from viche.ballots.actions import issues_before_voting
from viche.ballots.channels import why_method_refused
from viche.ballots.models import Box
from viche.ballots.preparing import confirm_act
from viche.contests.actions import create_contest, propose_rules
from viche.contests.models import Contest
from viche.contests.planning import day_of, last_day_of, moved_schedule, suggested_schedule
from viche.foundation import clock
from viche.identity.eligibility import obstacles

FIRST = date(2026, 3, 2)
PRESETS = {each.id: each for each in presets()}


@pytest.mark.parametrize("preset_id", PRESETS)
def test_the_suggested_dates_leave_room_for_every_term(preset_id: str):
    rules = PRESETS[preset_id].rules
    schedule = suggested_schedule(rules, FIRST)
    assert schedule_contradictions(rules, schedule) == []
    assert day_of(schedule[0].starts_at) == FIRST


def test_an_earlier_contests_dates_move_with_their_lengths_over_a_change_of_the_clocks():
    rules = PRESETS["chernihiv"].rules
    earlier = suggested_schedule(rules, FIRST)
    later = moved_schedule(earlier, date(2026, 9, 1))
    shift = date(2026, 9, 1) - FIRST
    for one, two in zip(earlier, later, strict=True):
        assert day_of(two.starts_at) - day_of(one.starts_at) == shift
        assert (last_day_of(one) is None) == (last_day_of(two) is None)
        assert two.starts_at.astimezone(clock.KYIV).hour == 0
    assert schedule_contradictions(rules, later) == []


@pytest.mark.django_db
@pytest.mark.parametrize("preset_id", PRESETS)
def test_a_contest_of_the_regulation_is_frozen_by_two_and_opens(preset_id: str):
    found = PRESETS[preset_id]
    body = given.community()
    viktor, oksana = (given.official(name, "administrator", body) for name in ("Віктор", "Оксана"))
    contest = create_contest(
        community=body, slug="2026", year=2026, title={"uk": "Бюджет"}, rules=found.document(), by=viktor,
        schedule=suggested_schedule(found.rules, FIRST), note=f"preset:{preset_id}",
    )  # fmt: skip
    assert issues_before_voting(contest) == []
    confirm_act(proposal=propose_rules(contest=contest, decision="№ 1", by=viktor), by=oksana)
    frozen = Contest.objects.get(pk=contest.pk)
    assert frozen.rules.digest == found.rules.digest
    assert Box.objects.filter(contest=frozen).exists()
    # a grown-up resident who identifies by BankID through id.gov.ua is let in
    petro = given.person("Петро", born=date(1980, 1, 1))
    voting = frozen.window("voting")
    with clock.at(voting.starts_at + timedelta(hours=1)):
        barred = obstacles(
            person=petro,
            territory=body.territory,
            rule=frozen.rules.voter,
            moment=clock.now(),
            channel="online",
        )
        # where only citizens vote, the bank does not say who is one: the person shows a passport
        assert {each.code for each in barred} <= {"citizenship_unproven"}
        assert why_method_refused(frozen.rules, "online", "isei:bank_id") is None
