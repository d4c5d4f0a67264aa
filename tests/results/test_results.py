"""The count is stored with what it counted, certified by two of the commission, published once, repeated by anyone."""

import json
import subprocess
import sys

import pytest
from django.db import DatabaseError, connection
from tests import given
from tests.architecture.house import SRC
from tests.crowd import at_once, refusals
from tests.results.counted import certify, commission, counted, one_pot, opened, publish, refused, voted

from rulebook.counting import count as count_ballots
from rulebook.dossier import Dossier
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.journal.models import Entry
from viche.projects.models import Project
from viche.results.actions import issues_before_publication
from viche.results.models import Count, Publication
from viche.results.queries import certifications_of, latest_count, publication_of
from viche.results.wording import Telling, place_of


@pytest.mark.django_db
class TestCounting:
    def test_the_best_supported_projects_win_while_the_money_of_their_pot_lasts(self):
        outcome = counted().outcome
        assert outcome["funded"] == ["1", "2", "3", "4"]
        assert outcome["totals"] == {"1": 3, "2": 2, "3": 1, "4": 1}
        assert outcome["spent"] == {"small": 90_000_000, "large": 100_000_000}

    def test_what_is_stored_is_what_the_rule_makes_of_the_dossier(self):
        count = counted()
        dossier = Dossier.from_json(count.dossier)
        assert dossier.digest == count.dossier_digest
        again = count_ballots(dossier)
        assert (again.document(), again.digest) == (count.outcome, count.outcome_digest)

    def test_counting_again_is_the_same_count(self):
        contest = opened()
        first, again = counted(contest), counted(contest)
        assert first == again == latest_count(contest)
        assert Entry.objects.filter(kind="CountRun").count() == 1

    def test_the_dossier_holds_nothing_about_voters(self):
        count = counted()
        for personal in ("Виборець", "Коваленко", "Олена", "person", "token", "author"):
            assert personal not in count.dossier.replace('"author":{', "").replace(
                '"author_max_projects"', ""
            )

    def test_before_the_box_is_opened_there_is_nothing_to_count(self):
        assert refused(counted, voted()) == "box_not_opened"

    @pytest.mark.parametrize("role", ["operator", "reviewer", "auditor"])
    def test_others_than_the_commission_do_not_count(self, role):
        contest = opened()
        assert (
            refused(counted, contest, by=given.official("Оксана", role, contest.community))
            == "not_commission"
        )

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE results_count SET outcome = '{}'", "UPDATE results_count SET is_decided = false",
         "DELETE FROM results_count"],
    )  # fmt: skip
    def test_the_database_refuses_to_change_a_count(self, statement):
        counted()
        with pytest.raises(DatabaseError, match="neither changed nor deleted"), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_every_project_is_told_its_place_and_why(self):
        count = counted(opened(one_pot(120_000_000)))
        places = {code: place_of(count, code) for code in "1234"}
        assert [places[code].is_funded for code in "1234"] == [True, True, True, False]
        assert [places[code].rank for code in "12"] == [1, 2]
        assert all(place.reason and "%(" not in place.reason for place in places.values())
        assert place_of(count, "99") is None
        rows = Telling(count).pot_rows()
        assert [(row["spent"], row["left"]) for row in rows] == [(90_000_000, 30_000_000)]
        assert len(rows[0]["places"]) == 4

    def test_money_of_all_pots_that_pays_for_nothing_more_is_told_too(self):
        leftovers = {"leftovers": [{"from": ["*"], "to": "*"}]}
        counting = {"rule": "greedy-v1", "options": leftovers, "ties": ["earlier"]}
        count = counted(opened({**given.RULES, "counting": counting}))
        *pots, together = Telling(count).pot_rows()
        money = sum(pot.amount for pot in count.contest.rules.pots)
        assert [row["left"] for row in pots] == [0, 0]
        assert (together["id"], together["places"]) == ("*", [])
        assert together["left"] == money - 190_000_000
        assert sum(row["amount"] for row in [*pots, together]) == money


def test_many_counts_at_once_are_one(committed_db):
    contest = opened()
    found = at_once(10, lambda place: counted(contest).pk)
    assert refusals(found) == []
    assert len(set(found)) == 1
    assert Entry.objects.filter(kind="CountRun").count() == 1


@pytest.mark.django_db
class TestCertification:
    def test_two_members_of_the_commission_make_the_quorum(self):
        count = counted()
        iryna, serhii = commission(count.contest)
        certify(count, iryna)
        assert refused(publish, count) == "not_ready"
        certify(count, serhii)
        assert publish(count).count == count
        assert [each.person.given_name for each in certifications_of(count)] == ["Ірина", "Сергій"]

    def test_one_member_twice_is_one_member(self):
        count = counted()
        iryna, _ = commission(count.contest)
        certify(count, iryna)
        assert refused(certify, count, iryna) == "already_certified"
        assert Entry.objects.filter(kind="ResultCertified").count() == 1
        assert refused(publish, count) == "not_ready"

    def test_nobody_else_certifies(self):
        count = counted()
        for by in (SYSTEM, given.official("Віктор", "administrator", count.contest.community)):
            assert refused(certify, count, by) == "not_commission"

    def test_an_open_tie_is_neither_certified_nor_published(self):
        counting = {"rule": "greedy-v1", "options": {}, "ties": ["refuse"]}
        # after the first two 55 are left: either the third or the fourth, and both have one vote
        costs = (15_000_000, 30_000_000, 45_000_000, 50_000_000)
        count = counted(
            opened(
                one_pot(100_000_000, counting=counting, ballot={"kind": "approval", "max_choices": 3}), costs
            )
        )
        assert not count.is_decided
        iryna, _ = commission(count.contest)
        assert refused(certify, count, iryna) == "undecided"
        assert refused(publish, count) == "not_ready"


@pytest.mark.django_db
class TestPublication:
    def ready(self) -> Count:
        count = counted(opened({**given.RULES, "counting": {
            "rule": "greedy-v1", "options": {"threshold": {"*": 2}}, "ties": ["earlier"]}}))  # fmt: skip
        for by in commission(count.contest):
            certify(count, by)
        return count

    def test_projects_are_told_their_outcome(self):
        count = self.ready()
        publish(count)
        assert dict(Project.objects.values_list("code", "state")) == {
            "1": "funded", "2": "funded", "3": "not_funded", "4": "not_funded",
        }  # fmt: skip
        assert publication_of(count.contest).count == count

    def test_publishing_again_is_harmless(self):
        count = self.ready()
        first = publish(count)
        entries = Entry.objects.count()
        assert publish(count, on=80) == first
        assert (Publication.objects.count(), Entry.objects.count()) == (1, entries)

    def test_not_by_everybody(self):
        count = self.ready()
        assert refused(publish, count, by=Actor("person", str(given.person("Петро").id))) == "not_commission"
        assert publication_of(count.contest) is None

    def test_what_is_missing_is_said(self):
        count = counted()
        with clock.at(given.day(71)):
            issues = issues_before_publication(count)
        assert len(issues) == 1
        assert "2" in issues[0]

    def test_the_same_dossier_after_publication_is_the_same_count(self):
        count = self.ready()
        publish(count)
        assert counted(Contest.objects.get(pk=count.contest_id)) == count


def test_publishing_at_once_is_publishing_once(committed_db):
    count = counted()
    for by in commission(count.contest):
        certify(count, by)
    found = at_once(8, lambda place: publish(count).pk)
    assert refusals(found) == []
    assert len(set(found)) == 1
    assert Entry.objects.filter(kind="ResultPublished").count() == 1
    assert Entry.objects.filter(kind="ProjectFunded").count() == 4


@pytest.mark.django_db
def test_anyone_repeats_the_published_count_with_python_alone(tmp_path):
    """``python -m rulebook verify`` needs neither Django nor the database."""
    count = counted()
    dossier, outcome = tmp_path / "dossier.json", tmp_path / "outcome.json"
    dossier.write_text(count.dossier, encoding="utf-8")
    outcome.write_text(json.dumps(count.outcome, ensure_ascii=False), encoding="utf-8")

    def verify() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-S", "-m", "rulebook", "verify", dossier, outcome], cwd=tmp_path,
            env={"PYTHONPATH": str(SRC), "PATH": "/usr/bin"}, capture_output=True, text=True,
        )  # fmt: skip

    told = verify()
    assert told.returncode == 0, told.stderr
    assert count.outcome_digest in told.stdout
    outcome.write_text(json.dumps({**count.outcome, "funded": ["4"]}), encoding="utf-8")
    assert verify().returncode == 1
