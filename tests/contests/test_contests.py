"""A contest is announced with a draft of its rules; a decision of the council freezes them for good."""

import copy
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from tests import given
from tests.crowd import at_once, refusals

from rulebook.calendar import Window, schedule_problems
from viche.config.addresses import ContestSlug
from viche.contests.actions import (
    RESERVED_SLUGS,
    create_contest,
    extend_phase,
    freeze_rules,
    issues_before_freeze,
)
from viche.contests.models import Contest, RulesVersion
from viche.contests.queries import contest_at, contests_of
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal.models import Entry


def changed(**parts) -> dict:
    return {**copy.deepcopy(given.RULES), **parts}


def draft(**wanted) -> Contest:
    facts = {
        "community": given.community(), "slug": "2026", "year": 2026, "title": {"uk": "Бюджет"},
        "rules": given.RULES, "schedule": given.schedule(), "by": SYSTEM,
    }  # fmt: skip
    return create_contest(**{**facts, **wanted})


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value


@pytest.mark.django_db
class TestAnnouncing:
    def test_a_contest_has_its_schedule_and_a_draft_of_its_rules(self):
        contest = draft()
        assert [window.phase for window in contest.schedule] == [phase for phase, _, _ in given.PHASES]
        assert not contest.is_frozen
        assert contest.rules.pot("small").amount == 100_000_000
        assert Entry.objects.filter(kind="ContestCreated").count() == 1

    def test_only_an_administrator_of_the_community_announces(self):
        by = given.official("Ірина", "commission", given.community())
        assert refused(draft, by=by).code == "not_administrator"
        assert draft(by=given.official("Віктор", "administrator", given.community())).pk

    @pytest.mark.parametrize(
        ("rules", "path"),
        [({"schema": 1}, "/title"), (changed(pots="100"), "/pots"), (changed(schema=0), "/schema"),
         (changed(voter={"age_on": "2026-02-30"}), "/voter/age_on"), (changed(surprise=1), "/surprise")],
    )  # fmt: skip
    def test_a_document_that_is_no_rules_is_refused_with_the_place(self, rules, path):
        answer = refused(draft, rules=rules)
        assert answer.code == "bad_rules"
        assert any(path in line for line in answer.fields["rules"])
        assert not Contest.objects.exists()

    def test_an_impossible_schedule_is_refused(self):
        backwards = [
            Window("voting", given.day(5), given.day(9)),
            Window("submission", given.day(6), given.day(7)),
        ]
        assert refused(draft, schedule=backwards).code == "bad_schedule"
        assert refused(draft, schedule=[Window("party", given.day(5), given.day(9))]).code == "bad_schedule"

    @pytest.mark.parametrize("slug", ["Бюджет", "two words", "-2026", "", "a/b", "x" * 61])
    def test_the_address_is_latin_letters_digits_and_hyphens(self, slug):
        assert refused(draft, slug=slug).code == "bad_value"

    def test_an_address_of_a_fixed_page_is_refused(self):
        assert refused(draft, slug="journal").code == "bad_value"
        fixed = ContestSlug.regex.partition("(?:")[2].partition(")")[0].split("|")
        assert len(fixed) > 5
        # brand.css is no slug at all; office/members/ stands before office/<contest>/
        assert {*fixed, "members"} - {r"brand\.css"} <= RESERVED_SLUGS

    def test_two_contests_of_a_community_do_not_share_an_address(self):
        draft()
        assert refused(draft).code == "contest_exists"
        assert draft(community=given.community(given.LVIV)).slug == "2026"
        assert contest_at(given.community(given.LVIV), "2026") != contest_at(given.community(), "2026")

    def test_contests_of_a_body_come_newest_first(self):
        older, newer = draft(slug="2025", year=2025), draft()
        draft(community=given.community(given.LVIV))
        assert list(contests_of(given.community())) == [newer, older]


CONTRADICTIONS = {
    "a pot for no class": changed(
        pots=[{"id": "a", "name": {"uk": "А"}, "amount": 1, "size_class": "giant"}]
    ),
    "two pots for one project": changed(
        pots=[{"id": one, "name": {"uk": one}, "amount": 400_000_000} for one in ("a", "b")]
    ),
    "no money": changed(
        pots=[{"id": "a", "name": {"uk": "А"}, "amount": 0, "size_class": one} for one in ("small", "large")]
    ),
    "nobody may vote": changed(voter={"bases": []}),
    "points on an approval ballot": changed(ballot={"kind": "approval", "max_points": 5}),
    "an unknown counting rule": changed(counting={"rule": "luck-v1"}),
    "a minimum out of reach": changed(ballot={"kind": "approval", "min_choices": 9, "max_choices": 3}),
}


@pytest.mark.django_db
class TestFreezing:
    @pytest.mark.parametrize("why", CONTRADICTIONS)
    def test_rules_that_contradict_themselves_are_not_frozen(self, why):
        contest = draft(rules=CONTRADICTIONS[why])
        issues = issues_before_freeze(contest)
        assert issues
        answer = refused(freeze_rules, contest=contest, decision="№ 1", by=SYSTEM)
        assert (answer.code, answer.fields["rules"]) == ("rules_have_problems", issues)
        assert not contest.is_frozen

    def test_a_contest_without_voting_is_not_frozen(self):
        contest = draft(schedule=given.schedule(given.PHASES[:2]))
        # neither a voting nor a place for its result
        assert len(issues_before_freeze(contest)) == 2
        assert refused(freeze_rules, contest=contest, decision="№ 1", by=SYSTEM).code == "rules_have_problems"

    def test_good_rules_have_no_issues(self):
        assert issues_before_freeze(draft()) == []

    def test_the_decision_is_named(self):
        contest = draft()
        answer = refused(freeze_rules, contest=contest, decision="  ", by=SYSTEM)
        assert (answer.code, set(answer.fields)) == ("no_decision", {"decision"})

    @pytest.mark.parametrize("wrong", [{"decision": "№" * 201}, {"decision": "№ 1", "decision_url": "rada"}])
    def test_what_does_not_fit_is_refused_in_words(self, wrong):
        contest = draft()
        assert refused(freeze_rules, contest=contest, by=SYSTEM, **wrong).code == "bad_value"
        assert not contest.is_frozen

    def test_freezing_is_written_with_the_hash_of_the_rules(self):
        contest = given.contest()
        version = contest.rules_version
        assert contest.is_frozen
        assert version.digest == contest.rules.digest
        entry = Entry.objects.get(kind="RulesFrozen")
        assert version.digest in entry.leaf
        assert "№ 1 від 01.02.2026" in entry.leaf

    def test_rules_are_frozen_once(self):
        contest = given.contest()
        assert refused(freeze_rules, contest=contest, decision="№ 2", by=SYSTEM).code == "already_frozen"

    def test_only_an_administrator_freezes(self):
        by = given.official("Ірина", "commission", given.community())
        assert refused(freeze_rules, contest=draft(), decision="№ 1", by=by).code == "not_administrator"

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE contests_rulesversion SET document = '{}'", "UPDATE contests_rulesversion SET frozen_at = NULL",
         "UPDATE contests_rulesversion SET decision = 'інше'", "DELETE FROM contests_rulesversion"],
    )  # fmt: skip
    def test_the_database_refuses_to_change_frozen_rules(self, statement):
        given.contest()
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_a_draft_may_still_change(self):
        draft()
        assert RulesVersion.objects.update(decision="проєкт рішення") == 1


def test_many_who_freeze_at_once_freeze_once(committed_db):
    contest = draft()
    found = at_once(8, lambda place: freeze_rules(contest=contest, decision=f"№ {place}", by=SYSTEM))
    assert refusals(found) == ["already_frozen"] * 7
    assert Entry.objects.filter(kind="RulesFrozen").count() == 1


@pytest.mark.django_db
class TestPhases:
    def names(self, contest: Contest, moment) -> set[str]:
        with clock.at(moment):
            return set(Contest.objects.get(pk=contest.pk).phases)

    def test_a_phase_runs_from_its_first_moment_to_just_before_its_end(self):
        contest = draft()
        opens, closes = given.day(40, hour=0), given.day(60, hour=0)
        tick = timedelta(microseconds=1)
        assert self.names(contest, opens - tick) == {"review"}
        assert self.names(contest, opens) == {"voting"}
        assert self.names(contest, closes - tick) == {"voting"}
        assert self.names(contest, closes) == {"counting"}

    @pytest.mark.parametrize(
        ("day", "phase"), [(5, "submission"), (45, "voting"), (80, "results"), (8000, "results")]
    )
    def test_a_phase_without_an_end_runs_on(self, day, phase):
        assert self.names(draft(), given.day(day)) == {phase}

    def test_nothing_runs_before_the_first_phase(self):
        assert self.names(draft(), given.day(-1)) == set()


@pytest.mark.django_db
class TestExtension:
    def extend(self, contest: Contest, **wanted) -> None:
        facts = {
            "phase": "voting",
            "ends_at": given.day(65, hour=0),
            "decision": "№ 7 від 20.04.2026",
            "by": SYSTEM,
        }
        with clock.at(given.day(45)):
            extend_phase(contest=contest, **{**facts, **wanted})

    def test_the_voting_goes_on_and_the_count_waits_for_it(self):
        contest = given.contest()
        self.extend(contest)
        fresh = Contest.objects.get(pk=contest.pk)
        assert fresh.window("voting").ends_at == given.day(65, hour=0) == fresh.window("counting").starts_at
        assert fresh.window("counting").ends_at == given.day(70, hour=0)
        assert schedule_problems(fresh.schedule) == []
        assert contest.window("voting") == fresh.window("voting"), "the contest at hand is up to date"

    def test_the_journal_tells_what_was_moved_and_by_which_decision(self):
        contest = given.contest()
        self.extend(contest)
        moved = Entry.objects.filter(kind__in=["PhaseMoved", "PhaseDelayed"]).order_by("id")
        assert [entry.kind for entry in moved] == ["PhaseMoved", "PhaseDelayed"]
        assert all("№ 7 від 20.04.2026" in entry.leaf for entry in moved)

    def test_a_phase_in_the_way_is_extended_first(self):
        contest = given.contest()
        answer = refused(self.extend, contest=contest, ends_at=given.day(70, hour=0))
        assert answer.code == "next_phase_swallowed"
        assert contest.window("voting").ends_at == given.day(60, hour=0)
        self.extend(contest, phase="counting", ends_at=given.day(80, hour=0))
        self.extend(contest, ends_at=given.day(70, hour=0))
        assert schedule_problems([each for each in contest.schedule if each.phase != "results"]) == []

    @pytest.mark.parametrize(
        ("wanted", "code"),
        [
            ({"decision": " "}, "no_decision"), ({"phase": "support"}, "no_phase"), ({"phase": "review"}, "phase_over"),
            ({"phase": "results"}, "phase_over"), ({"ends_at": given.day(60, hour=0)}, "not_later"),
            ({"ends_at": given.day(50)}, "not_later"),
        ],
    )  # fmt: skip
    def test_it_is_refused(self, wanted, code):
        contest = given.contest()
        assert refused(self.extend, contest=contest, **wanted).code == code
        assert not Entry.objects.filter(kind="PhaseMoved").exists()

    def test_only_an_administrator_extends(self):
        contest = given.contest()
        by = given.official("Ірина", "commission", contest.community)
        assert refused(self.extend, contest=contest, by=by).code == "not_administrator"
