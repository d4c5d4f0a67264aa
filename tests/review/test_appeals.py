"""An author appeals against a refusal in the term of the rules; somebody else decides, with a reason."""

import pytest
from tests import given
from tests.review import commission
from tests.review.commission import IRYNA, NINA, SERHII, VIKTOR, actor, begun, called, opened, vote

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.projects.models import Project, State
from viche.review.actions import appeal_refusal, close_item, decide_appeal, decide_review
from viche.review.models import Appeal
from viche.review.queries import last_appeal_day, waiting_appeals

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def project() -> Project:
    """Refused by Iryna on the 25th day; three calendar days to appeal."""
    made = given.submitted_project(commission.contest())
    with clock.at(given.day(25)):
        decide_review(
            project=made,
            verdict="refuse",
            reason="Земля приватна.",
            protocol="№ 1",
            by=actor(IRYNA, made.contest),
        )
    return Project.objects.get()


def appeal(project: Project, *, on: int = 26, hour: int = 12, by: str = "Олена", **wanted) -> Appeal:
    with clock.at(given.day(on, hour=hour)):
        return appeal_refusal(
            project=project,
            by=actor(by, project.contest),
            **{"reason": "Земля громади, ось витяг.", **wanted},
        )


def decide(
    waiting: Appeal, *, by: str = SERHII, granted: bool = True, answer: str = "Витяг переконує."
) -> Appeal:
    with clock.at(given.day(27)):
        return decide_appeal(
            appeal=waiting, is_granted=granted, answer=answer, by=actor(by, waiting.project.contest)
        )


def refused(act, *args, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    return answer.value.code


def test_a_granted_appeal_brings_the_project_back_into_the_review(project):
    filed = appeal(project, documents=[("витяг.pdf", PDF)])
    assert Project.objects.get().state == State.APPEALED
    assert filed.documents.get().name == "витяг.pdf"
    assert filed.decide_by > given.day(30)
    assert list(waiting_appeals(project.contest)) == [filed]
    decide(filed)
    assert Project.objects.get().state == State.IN_REVIEW
    assert [entry.kind for entry in Entry.objects.filter(kind__startswith="Appeal").order_by("id")] == [
        "AppealFiled", "AppealGranted",
    ]  # fmt: skip


def test_a_dismissed_appeal_is_final(project):
    decide(appeal(project), granted=False, answer="Витяг про іншу ділянку.")
    project = Project.objects.get()
    assert project.state == State.REFUSED
    assert last_appeal_day(project) is None
    assert refused(appeal, project, on=28) == "already_appealed"


def test_the_term_ends_with_its_last_day_in_kyiv(project):
    """Refused on 26 March: the third day is a Sunday, so the term ends on Monday the 30th."""
    assert str(last_appeal_day(project)) == "2026-03-30"
    with pytest.raises(Refused) as answer:
        appeal(project, on=29, hour=21)
    assert answer.value.code == "appeal_late"
    assert "2026" in str(answer.value.message)
    with clock.at(given.day(29, hour=20)):
        appeal_refusal(project=project, reason="Земля громади.", by=actor("Олена", project.contest))


def test_who_may_appeal_and_how(project):
    assert refused(appeal, project, by="Петро") == "wrong_role"
    assert refused(appeal, project, reason=" ") == "no_reason"
    assert refused(appeal, project, documents=[("a.exe", b"MZ")]) == "not_a_document"
    assert refused(appeal, project, documents=[("a.pdf", PDF)] * 6) == "too_many_documents"
    appeal(project)
    assert refused(appeal, project) == "wrong_state"
    assert Appeal.objects.count() == 1


def test_another_official_than_the_one_who_refused_decides(project):
    filed = appeal(project)
    assert refused(decide, filed, by=IRYNA) == "same_decider"
    assert refused(decide, filed, by="Олена") == "not_commission"
    assert refused(decide, filed, answer="") == "no_reason"
    decide(filed, by=VIKTOR)
    assert refused(decide, filed) == "already_decided"


def test_a_meeting_decides_about_an_appeal(project):
    filed = appeal(project)
    meeting = called(project.contest, (Project.objects.get(), "grant-appeal"), on=28)
    with clock.at(given.day(28)):
        item = begun(meeting).items.get()
        item.reason = "Витяг переконує."
        item.save()
        opened(item)
        vote(item, iryna="for", serhii="for", nina="for")
        close_item(item=item, by=actor(NINA, project.contest))
    assert Appeal.objects.get(pk=filed.pk).answer == "Витяг переконує."
    assert Project.objects.get().state == State.IN_REVIEW


def test_without_appeals_in_the_rules_there_is_none():
    made = given.submitted_project(given.contest())
    with clock.at(given.day(25)):
        decide_review(
            project=made,
            verdict="refuse",
            reason="Ні.",
            by=given.official(IRYNA, "commission", made.contest.community),
        )
    assert refused(appeal, made) == "wrong_procedure"
