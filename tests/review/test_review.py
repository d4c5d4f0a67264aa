"""What the commission decides, with a reason everybody can read, in the phase of review."""

import pytest
from tests import given

from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.projects.models import Project, State
from viche.review.actions import decide_review
from viche.review.models import Decision
from viche.review.queries import decisions_about, waiting_projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return given.submitted_project(given.contest())


def decide(project: Project, *, on: int = 25, by: Actor | None = None, **wanted) -> Decision:
    with clock.at(given.day(on)):
        iryna = by or given.official("Ірина", "commission", project.contest.community)
        return decide_review(project=project, by=iryna, **{"verdict": "admit", **wanted})


def refused(project: Project, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        decide(project, **wanted)
    assert str(answer.value.message)
    assert not Decision.objects.exists()
    assert Project.objects.get().state == State.IN_REVIEW
    return answer.value.code


def test_an_admitted_project_waits_no_longer(project):
    assert list(waiting_projects(project.contest)) == [project]
    decision = decide(project)
    assert decision.decided_by == given.person("Ірина")
    assert Project.objects.get().state == State.ADMITTED
    assert not waiting_projects(project.contest).exists()


def test_a_refusal_keeps_its_reason_and_the_journal_the_hash_of_it(project):
    decide(project, verdict="refuse", reason="  Земля приватна.  ")
    assert [each.reason for each in decisions_about(project)] == ["Земля приватна."]
    assert Project.objects.get().state == State.REFUSED
    entry = Entry.objects.get(kind="ProjectRefused")
    assert "reason_digest" in entry.leaf
    assert "приватна" not in entry.leaf


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_without_a_reason_is_no_decision(project, reason):
    assert refused(project, verdict="refuse", reason=reason) == "no_reason"


def test_a_third_verdict_is_unknown(project):
    assert refused(project, verdict="maybe") == "unknown_verdict"


@pytest.mark.parametrize("day", [10, 45, 65])
def test_the_commission_decides_in_the_phase_of_review(project, day):
    assert refused(project, on=day) == "wrong_phase"


@pytest.mark.parametrize("role", ["administrator", "operator", "auditor", "reviewer"])
def test_only_the_commission_decides(project, role):
    assert refused(project, by=given.official("Віктор", role, project.contest.community)) == "wrong_role"


def test_the_author_does_not_admit_their_own(project):
    by = Actor("person", str(given.person("Олена").id), frozenset({"author"}))
    assert refused(project, by=by) == "conflict_of_interest"


def test_a_decided_project_is_not_decided_again(project):
    decide(project)
    with pytest.raises(Refused) as answer:
        decide(project, verdict="refuse", reason="Передумали")
    assert answer.value.code == "wrong_state"
    assert Decision.objects.count() == 1
