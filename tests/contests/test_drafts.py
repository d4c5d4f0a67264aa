"""The draft of the rules: every saving is a version, nothing of two officials is lost, nothing waits for a vote."""

from copy import deepcopy
from typing import Any

import pytest
from django.utils.translation import override
from tests import given
from tests.contests.test_contests import draft, refused
from tests.crowd import at_once, refusals

from rulebook.presets import preset
from viche.contests.actions import (
    EditedMeanwhile,
    discard_contest,
    discard_draft,
    findings,
    issues_before_freeze,
    reschedule_contest,
    revise_rules,
    schedule_stamp,
)
from viche.contests.models import Contest, PhaseWindow, RulesVersion
from viche.contests.queries import draft_of, versions_of
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.journal.models import Entry


def administrator(name: str = "Віктор") -> Actor:
    return given.official(name, "administrator", given.community())


def with_rules(contest: Contest, **changed: Any) -> dict[str, Any]:
    return {**deepcopy(contest.rules_version.document), **changed}


@pytest.mark.django_db
class TestSaving:
    def test_each_saving_is_a_version_that_says_who_and_what(self):
        contest, viktor = draft(), administrator()
        made = revise_rules(
            contest=contest,
            base=1,
            document=with_rules(contest, author_max_projects=2),
            by=viktor,
            note="submission",
        )
        assert (made.number, made.note, made.made_by_id) == (2, "submission", viktor.person_id)
        assert [each.number for each in versions_of(contest)] == [2, 1]
        assert draft_of(contest) == made
        assert Contest.objects.get(pk=contest.pk).rules.author_max_projects == 2

    def test_a_double_click_saves_once(self):
        contest, viktor = draft(), administrator()
        document = with_rules(contest, author_max_projects=2)
        first = revise_rules(contest=contest, base=1, document=document, by=viktor)
        assert revise_rules(contest=contest, base=1, document=document, by=viktor) == first
        assert RulesVersion.objects.count() == 2

    def test_a_draft_may_contradict_itself_and_is_saved_all_the_same(self):
        contest = draft()
        broken = with_rules(contest, pots=[])
        revise_rules(contest=contest, base=1, document=broken, by=administrator())
        assert "no_pot" in {each.code for each in findings(contest)}
        assert issues_before_freeze(contest)

    def test_what_is_no_rules_document_is_refused_at_its_places(self):
        contest = draft()
        broken = with_rules(contest, author_max_projects=-1)
        answer = refused(revise_rules, contest=contest, base=1, document=broken, by=administrator())
        assert (answer.code, set(answer.fields)) == ("bad_rules", {"/author_max_projects"})

    def test_a_document_of_a_later_version_of_the_platform_is_refused_in_one_sentence(self):
        contest = draft()
        document = {**preset("kyiv-2019").document(), "schema": 2, "moon": True}
        with override("en"):
            answer = refused(revise_rules, contest=contest, base=1, document=document, by=administrator())
        assert set(answer.fields) == {"/schema"}
        assert "update" in str(answer.message)

    @pytest.mark.parametrize("role", ["commission", "operator", "reviewer"])
    def test_only_an_administrator_or_an_editor_changes_rules(self, role):
        contest = draft()
        by = given.official("Ірина", role, contest.community)
        assert refused(revise_rules, contest=contest, base=1, document={}, by=by).code == "not_editor"


@pytest.mark.django_db
class TestTwoAtOnce:
    def test_changes_of_different_settings_are_both_kept(self):
        contest = draft()
        one, two = with_rules(contest, author_max_projects=2), with_rules(contest, live_results="none")
        revise_rules(contest=contest, base=1, document=one, by=administrator())
        made = revise_rules(contest=contest, base=1, document=two, by=administrator("Оксана"))
        assert (made.rules.author_max_projects, made.rules.live_results, made.number) == (2, "none", 3)

    def test_changes_of_the_same_setting_are_told_and_nothing_is_overwritten(self):
        contest = draft()
        revise_rules(
            contest=contest, base=1, document=with_rules(contest, author_max_projects=2), by=administrator()
        )
        mine = {**preset_of(contest), "author_max_projects": 7, "live_results": "none"}
        with pytest.raises(EditedMeanwhile) as told:
            revise_rules(contest=contest, base=1, document=mine, by=administrator("Оксана"))
        assert told.value.paths == ["/author_max_projects"]
        assert told.value.latest.number == 2
        assert told.value.merged["author_max_projects"] == 7
        assert told.value.merged["live_results"] == "none"
        assert Contest.objects.get(pk=contest.pk).rules.author_max_projects == 2
        # pressed once more on top of what is there now, it is saved
        made = revise_rules(contest=contest, base=2, document=told.value.merged, by=administrator("Оксана"))
        assert made.rules.author_max_projects == 7

    def test_a_page_made_from_a_version_that_is_gone_is_refused(self):
        contest = draft()
        document = with_rules(contest, author_max_projects=9)
        assert (
            refused(revise_rules, contest=contest, base=77, document=document, by=administrator()).code
            == "no_base"
        )


def preset_of(contest: Contest) -> dict[str, Any]:
    return deepcopy(contest.rules_versions.get(number=1).document)


def test_many_who_save_at_once_lose_nothing(committed_db):
    """Eight officials change eight settings from the same page: all eight stand in the newest version."""
    contest, by = draft(), administrator()
    base = deepcopy(contest.rules_version.document)
    settings = [
        {"author_max_projects": 3}, {"live_results": "none"}, {"total": 600_000_000}, {"source": "рішення"},
        {"author": {**base["author"], "min_age": 14}}, {"voter": {**base["voter"], "min_age": 15}},
        {"ballot": {**base["ballot"], "own_project": False}}, {"implementation": {"year_offset": 2}},
    ]  # fmt: skip
    found = at_once(
        8,
        lambda place: revise_rules(
            contest=Contest.objects.get(pk=contest.pk), base=1, document={**base, **settings[place]}, by=by
        ),
    )
    assert refusals(found) == []
    rules = Contest.objects.get(pk=contest.pk).rules
    assert (rules.author_max_projects, rules.live_results, rules.total, rules.source) == (
        3,
        "none",
        600_000_000,
        "рішення",
    )
    assert (rules.author.min_age, rules.voter.min_age, rules.ballot.own_project) == (14, 15, False)
    assert RulesVersion.objects.count() == 9


@pytest.mark.django_db
class TestSchedule:
    def set(self, contest: Contest, phases: Any, **wanted: Any) -> None:
        facts = {"stamp": schedule_stamp(contest.schedule), "by": administrator(), **wanted}
        reschedule_contest(contest=contest, schedule=given.schedule(phases), **facts)

    LATER = (("submission", 5, 25), ("review", 25, 45), ("voting", 45, 60), ("results", 70, None))

    def test_dates_of_a_draft_are_set_anew_and_told(self):
        contest = draft()
        self.set(contest, self.LATER)
        fresh = Contest.objects.get(pk=contest.pk)
        assert fresh.window("submission").starts_at == given.day(5, hour=0)
        assert fresh.window("counting") is None
        assert Entry.objects.filter(kind="ScheduleSet").count() == 1
        self.set(fresh, self.LATER)
        assert Entry.objects.filter(kind="ScheduleSet").count() == 1, "the same dates are no news"

    def test_somebody_elses_dates_are_not_overwritten_unseen(self):
        contest = draft()
        stamp = schedule_stamp(contest.schedule)
        self.set(contest, self.LATER)
        assert (
            refused(self.set, contest=contest, phases=given.PHASES, stamp=stamp).code == "changed_meanwhile"
        )

    def test_impossible_dates_are_refused_in_words(self):
        contest = draft()
        phases = (("submission", 5, 25), ("voting", 45, 60), ("results", 50, None))
        answer = refused(self.set, contest=contest, phases=phases)
        assert answer.code == "bad_schedule"
        assert answer.fields["schedule"]

    def test_frozen_dates_stay(self):
        assert refused(self.set, contest=given.contest(), phases=self.LATER).code == "frozen"

    def test_only_an_administrator_sets_dates(self):
        by = given.official("Ірина", "commission", given.community())
        assert refused(self.set, contest=draft(), phases=self.LATER, by=by).code == "not_administrator"

    def test_a_contest_is_not_opened_in_the_past(self):
        contest = draft()
        with clock.at(given.day(21)):
            found = {each.code: each.is_warning for each in findings(contest) if each.path == "/schedule"}
            assert found == {"phase_past": False, "phase_begun": True}
        with clock.at(given.day(10)):
            assert {each.code for each in findings(contest) if each.path == "/schedule"} == {"phase_begun"}
            assert issues_before_freeze(contest) == []


@pytest.mark.django_db
class TestPotsForLowerNodes:
    def pots(self, *territories: str | None) -> list[dict[str, Any]]:
        return [
            {"id": f"p{place}", "name": {"uk": f"Частина {place}"}, "amount": 400_000_000, "territory": code}
            for place, code in enumerate(territories)
        ]

    def codes(self, *territories: str | None) -> set[str]:
        rules = {**given.RULES, "pots": self.pots(*territories)}
        return {each.code for each in findings(draft(rules=rules)) if each.path.startswith("/pots")}

    def test_a_pot_for_a_district_of_the_city_is_fine(self):
        assert self.codes(given.DISTRICT, "UA53080370010183642") == set()

    @pytest.mark.parametrize(
        ("code", "why"), [(given.LVIV, "territory_outside"), ("UA00000000000000000", "unknown_territory")]
    )
    def test_a_pot_for_somewhere_else_is_not(self, code: str, why: str):
        assert self.codes(code) == {why}

    def test_a_pot_inside_another_pots_territory_is_fine_the_narrowest_pays(self):
        assert self.codes(given.POLTAVA, given.DISTRICT) == set()


@pytest.mark.django_db
class TestTakingBack:
    def test_a_draft_contest_is_taken_back_and_the_journal_keeps_it(self):
        contest = draft()
        discard_contest(contest=contest, by=administrator())
        assert not Contest.objects.exists()
        assert not PhaseWindow.objects.exists()
        assert Entry.objects.filter(kind="ContestDiscarded").count() == 1

    def test_a_frozen_one_is_not(self):
        assert refused(discard_contest, contest=given.contest(), by=administrator()).code == "frozen"

    def test_the_draft_of_a_correction_is_forgotten_and_the_rules_in_force_stay(self):
        contest, by = given.contest(), administrator()
        revise_rules(contest=contest, base=1, document=with_rules(contest, author_max_projects=4), by=by)
        assert contest.rules.author_max_projects == 100, "what is in force counts"
        discard_draft(contest=contest, by=by)
        assert draft_of(contest) is None
        assert contest.rules_version.number == 1
        assert [each.note for each in versions_of(contest)] == ["discarded", "", ""], "the history keeps it"
        discard_draft(contest=contest, by=by)
        assert len(versions_of(contest)) == 3, "pressed twice is once"

    def test_a_page_open_since_before_takes_nothing_of_the_next_draft_away(self):
        contest, by, other = given.contest(), administrator(), administrator("Оксана")
        stale = with_rules(contest, author_max_projects=4)
        revise_rules(contest=contest, base=1, document=stale, by=by)
        discard_draft(contest=contest, by=by)
        theirs = revise_rules(contest=contest, base=1, document=with_rules(contest, source="№ 7"), by=other)
        stale["working_calendar"] = "ukraine-martial-law"
        saved = revise_rules(contest=contest, base=2, document=stale, by=by)
        assert saved.rules.source == theirs.rules.source == "№ 7"
        assert saved.rules.author_max_projects == 100, "what was forgotten stays forgotten"
        assert saved.rules.working_calendar == "ukraine-martial-law"

    def test_rules_never_frozen_have_nothing_to_go_back_to(self):
        assert refused(discard_draft, contest=draft(), by=administrator()).code == "not_frozen"
