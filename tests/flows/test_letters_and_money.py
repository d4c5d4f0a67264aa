"""A year of a body with its document system and its treasury: what leaves, what comes back, what everybody reads."""

from datetime import timedelta

import pytest
from tests import given
from tests.connectors.won import DAY, begin, winner
from tests.surfaces.ground import browser, prefix

from viche.connectors.documents import actions as documents
from viche.connectors.documents.models import Dispatch, Kind
from viche.connectors.documents.simulator import DocumentSystem
from viche.connectors.documents.simulator.server import KEY as DOCUMENT_KEY
from viche.connectors.systems.actions import connect_system
from viche.connectors.treasury import actions as treasury
from viche.connectors.treasury.plans import planned_of
from viche.connectors.treasury.simulator import TreasurySystem
from viche.connectors.treasury.simulator.server import KEY as TREASURY_KEY
from viche.foundation import clock
from viche.identity.providers.simulation import running
from viche.review.actions import decide_review


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"


def page_of(project, at):
    """The page of the project as a stranger reads it."""
    with clock.at(at):
        address = f"{prefix(project.contest.community)}2026/projects/{project.number}/"
        return browser().get(address).content.decode().replace("\xa0", " ")


@pytest.mark.django_db
def test_a_refusal_is_registered_once_though_the_document_system_was_down_for_a_day():
    contest = given.contest()
    project = given.submitted_project(contest)
    by = given.official("Віктор", "administrator", contest.community)
    decided, body = given.day(25), contest.community
    with running(DocumentSystem()) as system:
        connect_system(
            community=body, kind="documents", title="", by=by,
            values={"address": system.url, "key": DOCUMENT_KEY},
        )  # fmt: skip
        with clock.at(given.day(20)):
            documents.set_registry(
                community=body,
                organisation="21044301",
                executor="Відділ",
                makes=[Kind.ANSWER],
                revision=0,
                by=by,
            )
        system.fault = "any_500"
        with clock.at(decided):
            decide_review(
                project=project, verdict="reject", reason="Земля приватна.",
                by=given.official("Ірина", "commission", body),
            )  # fmt: skip
        for hour in range(26):
            if hour == 24:
                system.fault = ""
            with clock.at(decided + timedelta(hours=hour)):
                documents.make_due_documents()
                documents.send_documents()
        letter = Dispatch.objects.get()
        assert [each.sent for each in system.documents.values()] == [1]
    assert (letter.state, letter.register_number) == ("registered", "01-12/1")
    assert "01-12/1" in page_of(project, decided + timedelta(days=2))


@pytest.mark.django_db
def test_the_plan_goes_out_and_the_payments_tie_out_to_the_kopiyka():
    project, by = winner()
    begin(project, by)
    contest = project.contest
    with running(TreasurySystem()) as system, clock.at(DAY):
        found = connect_system(
            community=contest.community, kind="treasury", title="", by=by,
            values={"address": system.url, "key": TREASURY_KEY, "payer": "21044301"},
        )  # fmt: skip
        treasury.save_line(
            contest=contest, programme="0117370", economic="3132", fund="special", executor_code="21044301",
            executor_title="Департамент благоустрою", by=by,
        )  # fmt: skip
        treasury.submit_plan(contest=contest, by=by)
        assert treasury.send_plans() == 1
        assert [row["code"] for plan in system.plans.values() for row in plan["winners"]] == ["ГБ-2026-1"]

        system.pay(1, DAY.date() - timedelta(days=9), 10_000_001, "Аванс, ГБ-2026-1")
        system.pay(2, DAY.date() - timedelta(days=8), 5_000_010, "Роботи, ГБ-2026-1")
        period = {"system": found, "since": DAY.date() - timedelta(days=30), "until": DAY.date(), "by": by}
        treasury.record_statement(statement=treasury.request_payments(**period), by=by)
        system.pay(3, DAY.date() - timedelta(days=1), -5_000_010, "Повернення, ГБ-2026-1")
        second = treasury.request_payments(**period)
        assert (second.known, second.payments.count()) == (2, 1), (
            "what came before comes again and counts once"
        )
        treasury.record_statement(statement=second, by=by)
    assert [(each.plan, each.paid) for each in planned_of(contest)] == [(29_000_000, 10_000_001)]
    page = page_of(project, DAY)
    assert page.count("100 000,01 ₴") == 3, "the first payment, the sum of all, and what was paid so far"
    assert "−50 000,10 ₴" in page
