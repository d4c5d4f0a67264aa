"""Four eyes: what binds a contest is proposed by one official with the council's decision and confirmed by another."""

import contextvars
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests import given
from tests.contests.test_contests import changed, draft, refused
from tests.crowd import at_once, refusals

from viche.ballots.models import Box
from viche.ballots.preparing import confirm_act
from viche.contests.actions import (
    confirm_proposal,
    create_contest,
    decision_text,
    decline_proposal,
    extend_phase,
    freeze_rules,
    propose_extension,
    propose_rules,
    revise_rules,
    withdraw_proposal,
)
from viche.contests.models import Contest, Extension, PhaseWindow, Proposal, RulesVersion
from viche.contests.queries import draft_of, open_proposals
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.identity.actions import end_office
from viche.identity.models import Office
from viche.journal.models import Entry
from viche.journal.queries import history_of

DECISION = {
    "decision": "№ 12 від 01.02.2026",
    "decision_date": date(2026, 2, 1),
    "decision_url": "https://rada.example/12",
}


def official(name: str, role: str = "administrator") -> Actor:
    return given.official(name, role, given.community())


def proposed(contest: Contest, by: Actor | None = None) -> Proposal:
    return propose_rules(contest=contest, by=by or official("Віктор"), **DECISION)


def test_a_decision_is_cited_by_number_and_date():
    assert decision_text("12-4", date(2026, 2, 1)) == "№ 12-4 від 01.02.2026"
    assert decision_text(" № 7", None) == "№ 7"


@pytest.mark.django_db
class TestFreezing:
    def test_one_proposes_another_confirms_and_the_contest_is_ready(self):
        contest = draft()
        proposal = proposed(contest)
        assert not Contest.objects.get(pk=contest.pk).is_frozen
        confirm_act(proposal=proposal, by=official("Оксана"))
        fresh = Contest.objects.get(pk=contest.pk)
        version = fresh.rules_version
        assert fresh.is_frozen
        assert (version.decision, version.decision_date, version.decision_url) == tuple(DECISION.values())
        assert Box.objects.filter(contest=contest).exists()
        assert [line.kind for line in history_of(f"contest:{contest.id}")] == [
            "ContestCreated",
            "ProposalMade",
            "RulesFrozen",
            "BoxMade",
        ]

    def test_nobody_confirms_what_they_proposed_themselves(self):
        contest, viktor = draft(), official("Віктор")
        proposal = proposed(contest, viktor)
        assert refused(confirm_act, proposal=proposal, by=viktor).code == "same_person"
        assert not Contest.objects.get(pk=contest.pk).is_frozen

    def test_the_proposal_of_a_dismissed_administrator_is_not_confirmed(self):
        """Two officials who hold their offices now, not one who holds it and one who held it."""
        contest, oksana = draft(), official("Оксана")
        proposal = proposed(contest, official("Віктор"))
        office = Office.objects.get(person=given.person("Віктор"), role="administrator")
        end_office(office=office, by=oksana)
        assert refused(confirm_act, proposal=proposal, by=oksana).code == "proposer_left"
        withdraw_proposal(proposal=proposal, by=oksana)
        confirm_act(proposal=proposed(contest, oksana), by=official("Ірина", "commission"))
        assert Contest.objects.get(pk=contest.pk).is_frozen

    @pytest.mark.parametrize(
        ("role", "may"), [("commission", True), ("editor", True), ("operator", False), ("auditor", False)]
    )
    def test_who_may_be_the_second_official(self, role: str, may: bool):
        by = Actor(
            kind="official",
            reference=str(given.person("Оксана").id),
            roles=frozenset({role}),
            community=given.POLTAVA,
        )
        proposal = proposed(draft())
        if may:
            confirm_act(proposal=proposal, by=by)
        else:
            assert refused(confirm_act, proposal=proposal, by=by).code == "not_second_official"
        assert Contest.objects.get().is_frozen is may

    def test_an_official_of_another_community_is_no_second_official(self):
        given.community(given.LVIV)
        stranger = given.official(
            "Тарас", "administrator", given.community(given.LVIV), region="Львівська", locality="м. Львів"
        )
        assert refused(confirm_act, proposal=proposed(draft()), by=stranger).code == "not_second_official"

    def test_one_official_alone_freezes_nothing(self):
        assert (
            refused(freeze_rules, contest=draft(), decision="№ 1", by=official("Віктор")).code
            == "second_official"
        )

    def test_rules_that_contradict_themselves_are_not_even_proposed(self):
        contest = draft(rules=changed(pots=[]))
        answer = refused(proposed, contest=contest)
        assert answer.code == "rules_have_problems"
        assert not Proposal.objects.exists()

    def test_what_is_confirmed_is_what_was_proposed(self):
        """While a proposal is open the draft stands still; a draft changed behind its back is not frozen."""
        contest = draft()
        proposal = proposed(contest)
        document = {**deepcopy(contest.rules_version.document), "author_max_projects": 1}
        answer = refused(revise_rules, contest=contest, base=1, document=document, by=official("Оксана"))
        assert answer.code == "proposal_open"
        RulesVersion.objects.create(contest=contest, number=2, document=document, digest="0" * 64)
        assert refused(confirm_proposal, proposal=proposal, by=official("Оксана")).code == "draft_changed"

    def test_a_day_that_passed_meanwhile_is_seen_at_the_confirmation(self):
        contest = draft()
        proposal = proposed(contest)
        with clock.at(given.day(21)):
            assert (
                refused(confirm_act, proposal=proposal, by=official("Оксана")).code == "rules_have_problems"
            )
        assert not Contest.objects.get(pk=contest.pk).is_frozen

    def test_a_second_proposal_waits_for_the_first(self):
        contest = draft()
        proposed(contest)
        assert refused(proposed, contest=contest).code == "proposal_open"

    def test_declined_with_a_reason_the_draft_goes_on(self):
        contest = draft()
        proposal = proposed(contest)
        oksana = official("Оксана", "commission")
        assert refused(decline_proposal, proposal=proposal, reason=" ", by=oksana).code == "no_reason"
        decline_proposal(proposal=proposal, reason="Поріг завеликий", by=oksana)
        assert open_proposals(contest) == []
        assert Entry.objects.filter(kind="ProposalDeclined").count() == 1
        document = {**deepcopy(contest.rules_version.document), "author_max_projects": 1}
        revise_rules(contest=contest, base=1, document=document, by=official("Віктор"))
        confirm_act(proposal=proposed(contest), by=oksana)
        assert Contest.objects.get(pk=contest.pk).rules.author_max_projects == 1

    def test_withdrawn_it_can_no_longer_be_confirmed(self):
        proposal = proposed(draft())
        withdraw_proposal(proposal=proposal, by=official("Віктор"))
        answer = refused(confirm_act, proposal=proposal, by=official("Оксана"))
        assert answer.code == "already_decided"
        assert "Віктор" in str(answer.message)

    def test_a_link_that_is_no_link_is_refused_at_its_field(self):
        answer = refused(
            propose_rules, contest=draft(), decision="№ 1", decision_url="рада", by=official("Віктор")
        )
        assert (answer.code, set(answer.fields)) == ("bad_value", {"decision_url"})


def test_many_who_confirm_at_once_freeze_once(committed_db):
    proposal = proposed(draft())
    seconds = [official(name) for name in ("Оксана", "Роман", "Ганна", "Юрій")]
    found = at_once(
        8, lambda place: confirm_act(proposal=Proposal.objects.get(pk=proposal.pk), by=seconds[place % 4])
    )
    assert refusals(found) == ["already_decided"] * 7
    assert Entry.objects.filter(kind="RulesFrozen").count() == 1
    assert Box.objects.count() == 1


def test_two_who_propose_at_once_make_one_proposal(committed_db):
    contest = draft()
    by = [official("Віктор"), official("Оксана")]
    found = at_once(2, lambda place: proposed(Contest.objects.get(pk=contest.pk), by[place]))
    assert refusals(found) == ["proposal_open"]
    assert Proposal.objects.count() == 1


@pytest.mark.django_db
class TestCorrection:
    """After the freezing only a decision changes the rules, and never what people have already relied on."""

    def correct(self, contest: Contest, at: int, **changed: Any) -> Contest:
        document = {**deepcopy(contest.rules_version.document), **changed}
        with clock.at(given.day(at)):
            revise_rules(
                contest=contest, base=contest.rules_version.number, document=document, by=official("Віктор")
            )
            confirm_act(proposal=proposed(contest), by=official("Оксана"))
        return Contest.objects.get(pk=contest.pk)

    def test_a_number_is_corrected_by_decision_before_anybody_relied_on_it(self):
        contest = given.contest()
        fresh = self.correct(contest, -5, author_max_projects=3)
        assert fresh.rules.author_max_projects == 3
        assert (fresh.rules_version.number, fresh.is_frozen) == (2, True)
        assert RulesVersion.objects.get(contest=contest, number=1).frozen_at is not None, (
            "the first stays to be read"
        )
        assert Entry.objects.filter(kind="RulesCorrected").count() == 1

    def test_more_money_may_come_until_the_voting(self):
        contest = given.contest()
        pots = deepcopy(given.RULES["pots"])
        pots[0]["amount"] += 5_000_000
        assert self.correct(contest, 30, pots=pots).rules.pots[0].amount == 105_000_000

    @pytest.mark.parametrize(
        ("at", "changed_part"),
        [
            (5, {"author_max_projects": 1}),
            (
                5,
                {
                    "size_classes": [
                        {**given.RULES["size_classes"][0], "max_cost": 49_999_999},
                        given.RULES["size_classes"][1],
                    ]
                },
            ),
            (45, {"ballot": {"kind": "approval", "max_choices": 5}}),
            (45, {"voter": {"min_age": 14}}),
            (45, {"paper": {"mode": "totals"}}),
            (45, {"counting": {"rule": "phragmen-v1"}}),
        ],
    )
    def test_what_was_relied_on_is_not_changed(self, at: int, changed_part: dict[str, Any]):
        contest = given.contest()
        answer = refused(self.correct, contest=contest, at=at, **changed_part)
        assert answer.code == "rules_have_problems"
        assert Contest.objects.get(pk=contest.pk).rules.digest == contest.rules.digest

    def test_the_lot_is_not_added_after_the_box_was_made(self):
        counting = {**given.RULES["counting"], "ties": ["lot"]}
        answer = refused(self.correct, contest=given.contest(), at=-5, counting=counting)
        assert answer.code == "rules_have_problems"

    def test_a_draft_that_changes_nothing_corrects_nothing(self):
        contest = given.contest()
        assert draft_of(contest) is None
        assert refused(proposed, contest=contest).code == "nothing_to_confirm"


LIMITED = {"extension": {"body": {"uk": "міський голова"}, "phases": ["voting"], "times": 1, "days": 5}}


@pytest.mark.django_db
class TestExtension:
    def contest(self, **rules: Any) -> Contest:
        return given.contest(rules={**deepcopy(given.RULES), **rules})

    def propose(self, contest: Contest, day: int, phase: str = "voting") -> Proposal:
        with clock.at(given.day(45)):
            return propose_extension(
                contest=contest,
                phase=phase,
                ends_at=given.day(day, hour=0),
                by=official("Віктор"),
                **DECISION,
            )

    def confirm(self, proposal: Proposal) -> None:
        with clock.at(given.day(46)):
            confirm_act(proposal=proposal, by=official("Оксана", "commission"))

    def test_two_officials_extend_the_voting(self):
        contest = self.contest()
        proposal = self.propose(contest, 63)
        assert contest.window("voting").ends_at == given.day(60, hour=0), "proposed is not done"
        self.confirm(proposal)
        fresh = Contest.objects.get(pk=contest.pk)
        assert fresh.window("voting").ends_at == given.day(63, hour=0) == fresh.window("counting").starts_at
        made = Extension.objects.get()
        assert (made.former_end, made.new_end) == (given.day(60, hour=0), given.day(63, hour=0))

    def test_what_could_not_be_done_is_not_proposed(self):
        assert refused(self.propose, contest=self.contest(), day=59).code == "not_later"
        assert not Extension.objects.exists()
        assert not Entry.objects.filter(kind="PhaseMoved").exists()

    def test_the_regulation_bounds_by_how_much_how_often_and_what(self):
        contest = self.contest(**LIMITED)
        assert refused(self.propose, contest=contest, day=66).code == "too_many_days"
        self.confirm(self.propose(contest, 65))
        assert refused(self.propose, contest=contest, day=66).code == "extended_enough"
        assert refused(self.propose, contest=contest, day=75, phase="counting").code == "not_extensible"

    def test_one_official_alone_extends_nothing(self):
        with clock.at(given.day(45)):
            answer = refused(
                extend_phase,
                contest=self.contest(),
                phase="voting",
                ends_at=given.day(65),
                decision="№ 1",
                by=official("Віктор"),
            )
        assert answer.code == "second_official"

    def test_a_day_is_a_day_where_the_clocks_change(self):
        """25 October 2026 has 25 hours in Kyiv: five days later is midnight there all the same."""
        body = given.community()
        from rulebook.calendar import Window
        from viche.contests.planning import midnight
        from viche.foundation.actor import SYSTEM

        windows = [
            Window("submission", midnight(date(2026, 9, 1)), midnight(date(2026, 10, 1))),
            Window("voting", midnight(date(2026, 10, 10)), midnight(date(2026, 10, 24))),
            Window("results", midnight(date(2026, 11, 20)), None),
        ]
        rules = {**deepcopy(given.RULES), **LIMITED}
        contest = create_contest(
            community=body,
            slug="autumn",
            year=2026,
            title={"uk": "Осінь"},
            rules=rules,
            schedule=windows,
            by=SYSTEM,
        )
        freeze_rules(contest=contest, decision="№ 1", by=SYSTEM)
        with clock.at(midnight(date(2026, 10, 20))):
            latest = midnight(date(2026, 10, 29))
            late = latest + timedelta(minutes=1)
            wrong = refused(
                extend_phase, contest=contest, phase="voting", ends_at=late, decision="№ 2", by=SYSTEM
            )
            assert wrong.code == "too_many_days"
            extend_phase(contest=contest, phase="voting", ends_at=latest, decision="№ 2", by=SYSTEM)
        assert contest.window("voting").ends_at == latest


def test_an_extension_waits_for_the_contest_before_it_locks_its_dates(committed_db):
    """In the order in which dates are set anew: of two officials who do both at once neither waits for ever."""
    contest = draft()

    def extend() -> None:
        try:
            extend_phase(contest=contest, phase="voting", ends_at=given.day(62), decision="№ 3", by=SYSTEM)
        finally:
            connection.close()

    def someone_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0] > 0

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Contest.objects.select_for_update().get(pk=contest.pk)
            waiting = pool.submit(contextvars.copy_context().run, extend)
            deadline = time.monotonic() + 20
            while not someone_waits():
                assert time.monotonic() < deadline, waiting
                time.sleep(0.05)
            assert list(PhaseWindow.objects.select_for_update(nowait=True).filter(contest=contest))
        waiting.result(timeout=20)
    assert Extension.objects.filter(contest=contest).count() == 1
