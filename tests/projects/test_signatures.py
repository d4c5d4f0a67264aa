"""Support: one signature a person and project, in time, by whom the rules admit; enough move a project on, once."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.translation import override
from tests import given
from tests.crowd import at_once, refusals

from rulebook.canonical import canonical
from rulebook.rules import parse
from viche.ballots.queries import dossier
from viche.ballots.wording import not_yet_possible
from viche.contests.actions import extend_phase
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import close_unsupported, run_deadlines, sign_project, withdraw_signature
from viche.projects.actions.support import settle_support
from viche.projects.models import Project, Signature, State
from viche.projects.queries import signatures_by, signatures_by_day
from viche.projects.signatures import progress_of, sealed_document
from viche.review.actions import decide_review

TICK = timedelta(microseconds=1)


def sign(project: Project, person: Person, *, at=None, **facts) -> Signature:
    with clock.at(at or given.day(6)):
        return sign_project(
            project=project, person=person, by=actor_of(person, project.contest.community), **facts
        )


def take_back(project: Project, person: Person, *, at=None) -> Signature:
    with clock.at(at or given.day(7)):
        return withdraw_signature(
            project=project, person=person, by=actor_of(person, project.contest.community)
        )


def refused(act, *args, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    assert "%(" not in str(answer.value.message)
    return answer.value


def entries(kind: str) -> list[dict]:
    return [json.loads(each.leaf) for each in Entry.objects.filter(kind=kind).order_by("id")]


def fresh(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def end_of(project: Project):
    return fresh(project).support_until


@pytest.mark.django_db
class TestOneSignature:
    def test_a_signature_counts_and_is_sealed(self):
        project = given.submitted_project(given.supported_contest())
        signature = sign(project, given.person("Петро"), method="isei:bank_id")
        held = fresh(project)
        assert (held.state, held.supporters, signature.ordinal) == (State.SIGNING, 1, 1)
        (entry,) = entries("ProjectSigned")
        assert entry["data"] == {
            "project": str(project.id), "number": 1, "ordinal": 1, "commitment": signature.commitment,
        }  # fmt: skip

    def test_the_signatory_can_check_the_commitment_with_nothing_but_sha256(self):
        signature = sign(given.submitted_project(given.supported_contest()), given.person("Петро"))
        document = sealed_document(signature)
        assert set(document) == {"signature", "project", "person", "moment", "nonce"}
        assert hashlib.sha256(canonical(document)).hexdigest() == signature.commitment
        # read back from the database it is the same to the microsecond
        assert sealed_document(Signature.objects.get()) == document

    def test_the_journal_holds_nothing_of_the_person(self):
        petro = given.person("Петро")
        signature = sign(given.submitted_project(given.supported_contest()), petro)
        leaf = Entry.objects.get(kind="ProjectSigned").leaf
        assert str(petro.id) not in leaf
        assert "by" not in json.loads(leaf)
        assert bytes(signature.token).hex() not in leaf
        assert bytes(signature.nonce).hex() not in leaf

    def test_a_second_signature_is_refused_with_the_time_of_the_first(self):
        project = given.submitted_project(given.supported_contest())
        sign(project, given.person("Петро"), at=given.day(6, hour=9))
        answer = refused(sign, project, given.person("Петро"))
        assert answer.code == "already_signed"
        assert "11:00:00" in str(answer.message), "the time of Kyiv"
        assert fresh(project).supporters == 1

    def test_another_method_of_identification_is_the_same_person(self):
        project = given.submitted_project(given.supported_contest())
        sign(project, given.person("Петро", serial=5))
        assert (
            refused(sign, project, given.person("Петро", serial=5, method="dig_sign")).code
            == "already_signed"
        )

    def test_who_is_forgotten_and_comes_back_has_signed_already(self):
        project = given.submitted_project(given.supported_contest())
        sign(project, given.person("Петро"))
        Person.objects.filter(signatures__project=project).delete()
        assert Signature.objects.get().person is None
        assert refused(sign, project, given.person("Петро")).code == "already_signed"

    def test_nobody_signs_for_another(self):
        project = given.submitted_project(given.supported_contest())
        answer = refused(
            sign_project, project=project, person=given.person("Петро"),
            by=actor_of(given.person("Марія"), project.contest.community),
        )  # fmt: skip
        assert answer.code == "not_yours"

    def test_tokens_of_two_contests_share_nothing(self):
        one, other = given.supported_contest(), given.supported_contest(slug="2027")
        for contest in (one, other):
            sign(given.submitted_project(contest), given.person("Петро"))
        assert len({bytes(token) for token in Signature.objects.values_list("token", flat=True)}) == 2


@pytest.mark.django_db
class TestWhoMay:
    def test_a_resident_of_another_place_is_told_why(self):
        project = given.submitted_project(given.supported_contest())
        outsider = given.person("Тарас", region="Львівська", locality="м. Львів")
        answer = refused(sign, project, outsider)
        assert (answer.code, answer.status) == ("not_eligible", 403)
        assert fresh(project).supporters == 0

    def test_supporters_have_a_rule_of_their_own(self):
        rules = given.RULES | {
            "support": given.THREE_SUPPORTERS,
            "supporter": {"min_age": 18, "age_on": "act", "bases": ["registered"]},
        }
        project = given.submitted_project(given.contest(rules=rules))
        young = given.person("Юля", born=given.START.date().replace(year=2009))
        assert refused(sign, project, young).code == "not_eligible"

    def test_only_the_methods_of_the_rules(self):
        rules = given.RULES | {"support": given.THREE_SUPPORTERS, "identity_methods": ["kep"]}
        project = given.submitted_project(given.contest(rules=rules))
        assert (
            refused(sign, project, given.person("Петро"), method="isei:bank_id").code == "method_not_accepted"
        )
        assert sign(project, given.person("Петро"), method="isei:dig_sign").ordinal == 1

    def test_the_author_is_no_supporter_unless_the_rules_say_so(self):
        project = given.submitted_project(given.supported_contest())
        assert refused(sign, project, given.person("Олена")).code == "own_project"
        assert fresh(project).supporters == 0

    def test_where_the_author_counts_theirs_is_the_first_signature(self):
        project = given.submitted_project(given.supported_contest(author_counts=True))
        assert fresh(project).supporters == 1
        assert Signature.objects.get().way == "author"
        assert refused(sign, project, given.person("Олена")).code == "own_project"

    def test_on_paper_only(self):
        project = given.submitted_project(given.supported_contest(ways=["paper"]))
        assert refused(sign, project, given.person("Петро")).code == "way_not_offered"


@pytest.mark.django_db
class TestLimit:
    def test_no_more_projects_than_the_rules_let_one_person_support(self):
        contest = given.supported_contest(max_per_person=2)
        first, second, third = (given.submitted_project(contest, f"Проєкт {n}") for n in range(3))
        petro = given.person("Петро")
        sign(first, petro)
        sign(second, petro)
        answer = refused(sign, third, petro)
        assert answer.code == "limit_used"
        assert refused(sign, second, petro).code == "already_signed"

    def test_a_signature_taken_back_frees_its_place(self):
        contest = given.supported_contest(max_per_person=1, withdrawal=True)
        first, second = (given.submitted_project(contest, f"Проєкт {n}") for n in range(2))
        petro = given.person("Петро")
        sign(first, petro)
        take_back(first, petro)
        assert sign(second, petro, at=given.day(8)).ordinal == 1

    def test_the_author_is_counted_beside_the_limit(self):
        contest = given.supported_contest(max_per_person=1, author_counts=True)
        given.submitted_project(contest)
        other = given.submitted_project(contest, "Інший", author=given.person("Марія"))
        assert sign(other, given.person("Олена")).ordinal == 2


@pytest.mark.django_db
class TestWindow:
    def test_the_last_moment_counts_and_the_next_does_not(self):
        project = given.submitted_project(given.supported_contest())
        end = end_of(project)
        assert sign(project, given.person("Петро"), at=end - TICK).ordinal == 1
        answer = refused(sign, project, given.person("Марія"), at=end)
        assert answer.code == "support_over"
        # the day of submission is not counted; the tenth day after it ends at midnight in Kyiv
        assert str(answer.message).count("17.03.2026 00:00:00") == 2
        assert fresh(project).supporters == 1

    def test_who_comes_late_closes_the_project(self):
        project = given.submitted_project(given.supported_contest())
        refused(sign, project, given.person("Марія"), at=end_of(project))
        assert fresh(project).state == State.NOT_SUPPORTED
        assert len(entries("ProjectNotSupported")) == 1

    def test_the_phase_of_the_schedule_is_the_window_where_the_rules_count_no_days(self):
        contest = given.supported_contest(days=None)
        project = given.submitted_project(contest)
        assert (
            refused(sign, project, given.person("Петро"), at=given.day(6, hour=0) - TICK).code
            == "support_not_begun"
        )
        assert sign(project, given.person("Петро"), at=given.day(6, hour=0)).ordinal == 1
        with clock.at(given.day(8)):
            extend_phase(
                contest=contest, phase="support", ends_at=given.day(12, hour=0), decision="№ 5", by=SYSTEM
            )
        assert sign(project, given.person("Марія"), at=given.day(11)).ordinal == 2
        assert refused(sign, project, given.person("Ганна"), at=given.day(12, hour=0)).code == "support_over"

    def test_a_project_that_needs_nobody_takes_no_signature(self):
        project = given.submitted_project(given.supported_contest(threshold={"small": 0, "large": 5}))
        assert project.state == State.IN_REVIEW
        assert refused(sign, project, given.person("Петро")).code == "support_not_collected"
        assert entries("SupportReached") == []

    def test_where_the_rules_collect_none_there_is_none(self):
        project = given.submitted_project(given.contest())
        assert project.state == State.IN_REVIEW
        assert refused(sign, project, given.person("Петро")).code == "support_not_collected"
        assert progress_of(project) is None


@pytest.mark.django_db
class TestThreshold:
    def test_the_last_needed_signature_moves_the_project_on(self):
        project = given.submitted_project(given.supported_contest())
        for number in range(3):
            assert fresh(project).state == State.SIGNING
            sign(project, given.resident(number))
        assert fresh(project).state == State.IN_REVIEW
        (entry,) = entries("SupportReached")
        assert entry["data"] == {"project": str(project.id), "number": 1, "supporters": 3, "needed": 3}

    def test_a_larger_class_needs_more(self):
        project = given.submitted_project(given.supported_contest(), cost=100_000_000)
        for number in range(4):
            sign(project, given.resident(number))
        assert fresh(project).state == State.SIGNING
        sign(project, given.resident(4))
        assert fresh(project).state == State.IN_REVIEW

    def test_signatures_are_taken_to_the_end_of_the_window(self):
        """Their number may decide a tie, so enough of them do not close the list."""
        project = given.submitted_project(given.supported_contest())
        for number in range(4):
            sign(project, given.resident(number))
        assert (fresh(project).supporters, len(entries("SupportReached"))) == (4, 1)
        assert refused(sign, project, given.resident(9), at=end_of(project)).code == "support_over"
        assert fresh(project).state == State.IN_REVIEW

    def test_when_an_edit_changes_the_class_the_threshold_follows(self):
        project = given.submitted_project(given.supported_contest(), cost=100_000_000)
        for number in range(3):
            sign(project, given.resident(number))
        held = fresh(project)
        held.size_class = "small"
        held.save(update_fields=["size_class"])
        assert progress_of(held).needed == 3
        with clock.at(given.day(7)):
            assert settle_support(held)
            assert not settle_support(held), "made once"
        assert fresh(project).state == State.IN_REVIEW


@pytest.mark.django_db
class TestTakingBack:
    def test_where_the_rules_do_not_foresee_it_nothing_is_taken_back(self):
        project = given.submitted_project(given.supported_contest())
        sign(project, given.person("Петро"))
        assert refused(take_back, project, given.person("Петро")).code == "withdrawal_not_foreseen"

    def test_a_signature_taken_back_counts_no_more_and_can_be_given_again(self):
        project = given.submitted_project(given.supported_contest(withdrawal=True))
        petro = given.person("Петро")
        first = sign(project, petro)
        take_back(project, petro)
        assert fresh(project).supporters == 0
        assert entries("ProjectSignatureWithdrawn")[0]["data"]["commitment"] == first.commitment
        assert refused(take_back, project, petro).code == "not_signed"
        assert sign(project, petro, at=given.day(8)).ordinal == 2
        assert [each.ordinal for each in signatures_by(petro)] == [2]

    def test_after_the_threshold_nothing_is_taken_back(self):
        project = given.submitted_project(given.supported_contest(withdrawal=True))
        for number in range(3):
            sign(project, given.resident(number))
        assert refused(take_back, project, given.resident(0)).code == "not_collecting"

    def test_nor_after_the_window(self):
        project = given.submitted_project(given.supported_contest(withdrawal=True))
        sign(project, given.person("Петро"))
        assert refused(take_back, project, given.person("Петро"), at=end_of(project)).code == "support_over"


@pytest.mark.django_db
class TestDeadline:
    def test_not_enough_by_the_end_closes_with_the_numbers(self):
        project = given.submitted_project(given.supported_contest())
        sign(project, given.person("Петро"))
        with clock.at(end_of(project) - TICK):
            assert run_deadlines() == 0
        with clock.at(end_of(project)):
            assert run_deadlines() == 1
            assert run_deadlines() == 0
        assert fresh(project).state == State.NOT_SUPPORTED
        (entry,) = entries("ProjectNotSupported")
        assert entry["data"] | {"project": ""} == {
            "project": "", "number": 1, "supporters": 1, "needed": 3, "until": "2026-03-16T22:00:00+00:00",
        }  # fmt: skip

    def test_the_sentence_says_how_many_of_how_many_by_when(self):
        project = given.submitted_project(given.supported_contest())
        with clock.at(end_of(project)):
            run_deadlines()
        from viche.journal.queries import history_of

        with override("uk"):
            said = history_of(project.subject)[-1].sentence
        assert "0 з 3" in said
        assert "17 березня 2026" in said

    def test_one_project_in_trouble_keeps_none_of_the_others(self, monkeypatch):
        contest = given.supported_contest()
        first, second = (given.submitted_project(contest, f"Проєкт {n}") for n in range(2))
        from django.db import OperationalError

        from viche.projects.actions import deadlines

        def failing(*, project):
            if project.pk == first.pk:
                raise OperationalError("no connection")
            return close_unsupported(project=project)

        monkeypatch.setattr(deadlines, "close_unsupported", failing)
        with clock.at(end_of(first)):
            assert run_deadlines() == 1
        assert (fresh(first).state, fresh(second).state) == (State.SIGNING, State.NOT_SUPPORTED)

    def test_a_class_that_needs_no_more_goes_on_instead_of_being_closed(self):
        project = given.submitted_project(given.supported_contest(), cost=100_000_000)
        for number in range(3):
            sign(project, given.resident(number))
        Project.objects.filter(pk=project.pk).update(size_class="small")
        with clock.at(end_of(project)):
            run_deadlines()
        assert fresh(project).state == State.IN_REVIEW

    def test_the_days_of_the_curve_have_no_gap(self):
        project = given.submitted_project(given.supported_contest())
        sign(project, given.resident(0), at=given.day(6))
        sign(project, given.resident(1), at=given.day(8))
        assert [number for _day, number in signatures_by_day(project)] == [1, 0, 1]


def crowd_of_five_hundred(project: Project) -> list:
    """Five hundred people sign one project twice each, all at once, over 50 connections."""
    people = [given.resident(number) for number in range(500)]

    def act(place: int) -> list:
        found = []
        # each of a thread's people also comes in by another thread at about the same moment
        for turn in range(20):
            person = people[(place // 2 * 20 + turn) % 500]
            try:
                found.append(sign(project, person))
            except Refused as no:
                found.append(no)
        return found

    return [each for batch in at_once(50, act) for each in (batch if isinstance(batch, list) else [batch])]


def test_a_thousand_signatures_of_five_hundred_people_at_once_are_five_hundred(committed_db):
    """Also a move made once: the threshold lies in the middle of the crowd."""
    project = given.submitted_project(given.supported_contest(threshold={"*": 300}))
    found = crowd_of_five_hundred(project)
    assert len(found) == 1000
    assert refusals(found) == ["already_signed"] * 500
    held = fresh(project)
    assert (held.supporters, held.state) == (500, State.IN_REVIEW)
    signatures = Signature.objects.filter(project=project)
    assert sorted(signatures.values_list("ordinal", flat=True)) == list(range(1, 501))
    assert len({bytes(token) for token in signatures.values_list("token", flat=True)}) == 500
    assert len(entries("ProjectSigned")) == 500
    (reached,) = entries("SupportReached")
    assert reached["data"]["supporters"] == 300


def test_without_the_constraint_people_would_be_counted_twice(committed_db):
    """The guard is the database's: without it nothing else keeps a second signature out."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_signature_a_person")
    try:
        project = given.submitted_project(given.supported_contest())
        petro = given.person("Петро")
        assert refusals(at_once(4, lambda _place: sign(project, petro))) == []
        assert fresh(project).supporters == 4
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE projects_signature CASCADE")
            cursor.execute(
                "CREATE UNIQUE INDEX one_signature_a_person ON projects_signature (contest_id, project_id, token)"
                " WHERE withdrawn_at IS NULL"
            )


def test_the_limit_holds_when_one_person_signs_many_projects_at_once(committed_db):
    contest = given.supported_contest(max_per_person=2)
    projects = [given.submitted_project(contest, f"Проєкт {n}") for n in range(8)]
    petro = given.person("Петро")
    found = at_once(8, lambda place: sign(projects[place], petro))
    assert refusals(found) == ["limit_used"] * 6
    assert sum(Project.objects.values_list("supporters", flat=True)) == 2


def test_closing_and_the_last_signature_meet_and_one_of_them_is_first(committed_db):
    project = given.submitted_project(given.supported_contest())
    end = end_of(project)
    people = [given.resident(number) for number in range(6)]

    def act(place: int):
        if place % 2:
            with clock.at(end):
                return close_unsupported(project=project)
        return sign(project, people[place], at=end - TICK)

    found = at_once(6, act)
    held = fresh(project)
    counted = sum(isinstance(each, Signature) for each in found)
    assert held.supporters == counted
    # either all three were in before the first closing, or the project is closed and later ones were told so
    assert (held.state == State.IN_REVIEW) == (counted == 3)
    assert len(entries("ProjectNotSupported")) == (held.state == State.NOT_SUPPORTED)


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "is_said"), [("required", True), ("optional", False), ("none", False)])
def test_rules_that_require_a_qualified_signature_cannot_be_frozen_yet(asked, is_said):
    rules = parse(given.RULES | {"support": given.THREE_SUPPORTERS | {"e_signature": asked}})
    assert bool(not_yet_possible(rules)) is is_said


@pytest.mark.django_db
def test_the_count_sees_how_many_support_a_project():
    """A tie may be decided by their number."""
    contest = given.supported_contest()
    project = given.submitted_project(contest)
    for number in range(4):
        sign(project, given.resident(number))
    with clock.at(given.day(25)):
        decide_review(
            project=project, verdict="admit", by=given.official("Ірина", "commission", contest.community)
        )
    assert [each.support for each in dossier(contest).projects] == [4]
