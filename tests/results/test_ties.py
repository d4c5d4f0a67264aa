"""A tie that the rules leave open waits for the commission; its recorded decision is part of what is counted."""

import json
import subprocess
import sys

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override
from tests import given
from tests.architecture.house import SRC
from tests.crowd import at_once, refusals
from tests.results.counted import (
    TIED_COSTS,
    TIED_TWICE_BALLOTS,
    certify,
    commission,
    counted,
    opened,
    publish,
    refused,
    tied,
    tied_twice,
)

from rulebook.counting import RULES
from rulebook.dossier import Dossier
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.journal.models import Entry
from viche.journal.queries import history_of
from viche.results.actions import decide_tie
from viche.results.models import Count, TieDecision
from viche.results.queries import latest_count, open_ties, tie_decisions
from viche.results.wording import Telling


def open_tie(**rules: object) -> Count:
    return counted(opened(tied(**rules), TIED_COSTS))


PROTOCOL = "№ 7 від 03.05.2026"


def decide(
    count: Count, order: list[str], *, by: Actor | None = None, protocol: str = PROTOCOL, **more: str
) -> Count:
    with clock.at(given.day(64)):
        member = by or commission(count.contest)[0]
        return decide_tie(count=count, order=order, protocol=protocol, by=member, **more)


@pytest.mark.django_db
class TestDeciding:
    def test_the_order_of_the_commission_decides_and_the_ballots_are_counted_again(self):
        first = open_tie()
        assert open_ties(first)[0]["projects"] == ["3", "4"]
        second = decide(first, ["4", "3"])
        assert (second.number, second.is_decided) == (2, True)
        assert second.outcome["funded"] == ["1", "2", "4"]
        assert second.outcome["ties"][0]["decided_by"] == "decision"
        assert latest_count(first.contest) == second

    def test_the_other_order_funds_the_other_project(self):
        assert decide(open_tie(), ["3", "4"]).outcome["funded"] == ["1", "2", "3"]

    @pytest.mark.parametrize("rule", RULES)
    @pytest.mark.parametrize("order", [["1", "2"], ["2", "1"]])
    def test_it_is_so_under_every_counting_rule(self, rule, order):
        """Four voters chose both projects, and the money pays for one."""
        first = counted(opened(tied(rule=rule), (60_000_000, 60_000_000), ([1, 2],) * 4))
        assert not first.is_decided
        second = decide(first, order)
        assert second.is_decided
        assert second.outcome["funded"] == order[:1]

    def test_the_decision_is_part_of_the_dossier_that_anybody_recounts(self, tmp_path):
        second = decide(open_tie(), ["4", "3"])
        assert Dossier.from_json(second.dossier).decisions == (("4", "3"),)
        (tmp_path / "dossier.json").write_text(second.dossier, encoding="utf-8")
        (tmp_path / "outcome.json").write_text(json.dumps(second.outcome), encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-S", "-m", "rulebook", "verify", "dossier.json", "outcome.json"], cwd=tmp_path,
            env={"PYTHONPATH": str(SRC), "PATH": "/usr/bin"}, capture_output=True, text=True,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr

    def test_everybody_reads_of_it_in_the_journal(self):
        second = decide(open_tie(), ["4", "3"], note="Жереб тягнув наймолодший.")
        with override("en"):
            said = [
                line.sentence
                for line in history_of(f"contest:{second.contest_id}")
                if line.kind == "TieDecided"
            ]
        assert said == [
            f"The commission decided a tie of count No. 1 by protocol “{PROTOCOL}”; the order of the projects: 4, 3"
        ]
        leaf = Entry.objects.get(kind="TieDecided").leaf
        assert "Жереб" not in leaf  # a text may have to be erased; the log keeps its hash

    def test_two_ties_are_decided_one_after_the_other(self):
        first = counted(opened(*tied_twice(), TIED_TWICE_BALLOTS))
        assert [tie["projects"] for tie in open_ties(first)] == [["3", "5"], ["4", "6"]]
        second = decide(first, ["6", "4"])
        assert not second.is_decided
        assert [tie["projects"] for tie in open_ties(second)] == [["3", "5"]]
        third = decide(second, ["5", "3"])
        assert third.is_decided
        assert set(third.outcome["funded"]) == {"1", "2", "5", "6"}
        assert [decision.order for decision in tie_decisions(third.contest)] == [["6", "4"], ["5", "3"]]

    def test_certified_and_published_it_is_the_result(self):
        count = decide(open_tie(), ["4", "3"])
        for member in commission(count.contest):
            certify(count, member)
        assert publish(count).count == count
        row = Telling(count).tie_rows(tie_decisions(count.contest))[0]
        assert row["decision"].protocol == PROTOCOL
        assert row["order"] == ["Проєкт 4", "Проєкт 3"]


@pytest.mark.django_db
class TestRefusals:
    @pytest.mark.parametrize(
        "order", [[], ["3"], ["3", "3"], ["3", "4", "4"], ["1", "3"], ["3", "4", "1"], ["3", "9"]]
    )
    def test_it_names_exactly_the_projects_of_one_open_tie(self, order):
        assert refused(decide, open_tie(), order) == "bad_order"
        assert not TieDecision.objects.exists()

    def test_two_ties_are_not_decided_in_one(self):
        count = counted(opened(*tied_twice(), TIED_TWICE_BALLOTS))
        assert refused(decide, count, ["3", "5", "4", "6"]) == "bad_order"

    def test_the_protocol_is_named(self):
        assert refused(decide, open_tie(), ["3", "4"], protocol="  ") == "no_protocol"
        assert refused(decide, open_tie_again(), ["3", "4"], protocol="№" * 201) == "bad_value"

    def test_only_a_member_of_the_commission_decides(self):
        count = open_tie()
        others = [
            given.official("Віктор", "administrator", count.contest.community),
            given.official("Тетяна", "commission", given.community(given.LVIV)),
            Actor("person", str(given.person("Петро").id)),
            SYSTEM,
        ]
        for by in others:
            assert refused(decide, count, ["3", "4"], by=by) == "not_commission"

    def test_of_a_count_that_was_repeated_since_nothing_is_decided(self):
        first = open_tie()
        decide(first, ["3", "4"])
        assert refused(decide, first, ["4", "3"]) == "not_latest"
        assert latest_count(first.contest).outcome["funded"] == ["1", "2", "3"]

    def test_what_is_not_open_is_not_decided(self):
        second = decide(open_tie(), ["3", "4"])
        assert refused(decide, second, ["4", "3"]) == "bad_order"

    def test_after_the_publication_nothing_is_decided(self):
        count = decide(open_tie(), ["3", "4"])
        for member in commission(count.contest):
            certify(count, member)
        publish(count)
        assert refused(decide, count, ["4", "3"]) == "published"

    @pytest.mark.parametrize(
        "statement", ["UPDATE results_tiedecision SET protocol = '№ 8'", "DELETE FROM results_tiedecision"]
    )
    def test_the_database_refuses_to_change_a_decision(self, statement):
        decide(open_tie(), ["3", "4"])
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_the_database_refuses_a_second_decision_of_one_count(self):
        first = open_tie()
        decide(first, ["3", "4"])
        with pytest.raises(IntegrityError), transaction.atomic():
            TieDecision.objects.create(
                community=first.contest.community, contest=first.contest, count=first, number=2, order=["4", "3"],
                protocol="№ 8", decided_at=clock.now(),
            )  # fmt: skip


def open_tie_again() -> Count:
    return latest_count(Contest.objects.get())


def test_two_officials_at_once_record_one_decision(committed_db):
    count = open_tie()
    members = commission(count.contest)

    def press(place: int) -> int:
        order = ["3", "4"] if place % 2 else ["4", "3"]
        return decide(Count.objects.get(pk=count.pk), order, by=members[place % 2]).number

    found = at_once(6, press)
    assert refusals(found) == ["not_latest"] * 5
    decision = TieDecision.objects.get()
    assert Count.objects.count() == 2
    assert Entry.objects.filter(kind="TieDecided").count() == 1
    assert latest_count(count.contest).outcome["funded"] == ["1", "2", decision.order[0]]


@pytest.mark.django_db
def test_the_public_lot_decides_before_the_commission():
    count = counted(opened(tied(ties=("lot",)), TIED_COSTS))
    assert count.is_decided
    assert [tie["decided_by"] for tie in count.outcome["ties"]] == ["lot"]
    row = Telling(count).tie_rows([])[0]
    assert (row["way"], row["is_open"], row["decision"]) == ("lot", False, None)
