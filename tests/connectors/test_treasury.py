"""Money between the body's systems and its projects: plans out, payments in, sums exact to the kopiyka."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from python_calamine import load_workbook
from tests import given
from tests.connectors.won import DAY, begin, winner
from tests.crowd import at_once, refusals

from viche.connectors.systems.actions import check_system, connect_system
from viche.connectors.systems.calls import NeighbourFault
from viche.connectors.treasury import actions, queries
from viche.connectors.treasury.codes import codes_in
from viche.connectors.treasury.formats import plan_file
from viche.connectors.treasury.models import Payment, PlanHandover
from viche.connectors.treasury.ocds import release_package
from viche.connectors.treasury.simulator import ProcurementSystem, TreasurySystem
from viche.connectors.treasury.simulator.server import KEY
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.providers.simulation import running
from viche.journal.queries import history_of
from viche.projects.actions import record_contract
from viche.projects.delivery import delivery_of

HEAD = "Номер платежу;Дата;Сума;Код отримувача;Отримувач;Призначення платежу;Договір"
CODES = {
    "programme": "0117370", "economic": "3132", "fund": "special", "executor_code": "21044301",
    "executor_title": "Департамент благоустрою",
}  # fmt: skip
REFERENCE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def treasury():
    with running(TreasurySystem()) as server:
        yield server


@pytest.fixture
def procurement():
    with running(ProcurementSystem()) as server:
        yield server


def in_work():
    project, by = winner()
    begin(project, by)
    with clock.at(DAY):
        record_contract(
            project=project, number="44/2026", signed_on=DAY.date(), contractor="ТОВ «Будівник»",
            amount=28_000_000, by=by,
        )  # fmt: skip
    return project, by


def bring(community, by, *rows, head=HEAD, columns=None):
    content = "\r\n".join([head, *rows]).encode()
    with clock.at(DAY):
        return actions.import_statement(
            community=community, content=content, title="виписка.csv", columns=columns, by=by
        )


def record(statement, by, **more):
    with clock.at(DAY):
        return actions.record_statement(statement=statement, by=by, **more)


def connected(kind, server, project, by, **values):
    return connect_system(
        community=project.contest.community, kind=kind, title="", by=by,
        values={"address": server.url, "payer": "21044301", "key": KEY, **values},
    )  # fmt: skip


FIRST = "77;10.05.2026;100 000,01;32101234;ТОВ «Будівник»;Аванс за роботи;№ 44/2026"
SECOND = "78;12.05.2026;50000.10;32101234;ТОВ «Будівник»;Оплата, ГБ-2026-1;"
STRANGER = "79;12.05.2026;7,50;32101234;ТОВ «Будівник»;За папір;№ 3"


@pytest.mark.django_db
class TestPaymentsIn:
    def test_a_payment_is_matched_by_its_contract_or_by_the_code_of_the_project(self):
        project, by = in_work()
        statement = bring(project.contest.community, by, FIRST, SECOND, STRANGER)
        assert queries.figures_of(statement) == {
            "matched": 2, "matched_sum": 15_000_011, "unmatched": 1, "unmatched_sum": 750,
        }  # fmt: skip
        assert list(Payment.objects.order_by("row").values_list("how", flat=True)) == ["contract", "code", ""]
        assert delivery_of(project).actual_cost is None, "nothing counts before an official confirms"

    def test_payments_that_come_twice_count_once_and_what_is_taken_back_is_taken_off(self):
        project, by = in_work()
        body = project.contest.community
        record(bring(body, by, FIRST, SECOND, STRANGER), by)
        with pytest.raises(Refused) as caught:
            bring(body, by, FIRST, SECOND, STRANGER)
        assert caught.value.code == "nothing_new"
        back = "80;13.05.2026;-50000.10;32101234;ТОВ «Будівник»;Повернення, ГБ-2026-1;"
        second = bring(body, by, FIRST, FIRST, SECOND, back)
        assert (second.total, second.known, second.payments.count()) == (4, 2, 1)
        record(second, by)
        assert delivery_of(project).actual_cost == 10_000_001
        assert queries.paid_for(project).total == 10_000_001
        told = [line.data for line in history_of(project.subject) if line.kind == "PaymentsRecorded"]
        assert [each["paid"] for each in told] == [15_000_011, 10_000_001]

    def test_an_official_says_otherwise_before_and_after(self):
        project, by = in_work()
        statement = bring(project.contest.community, by, FIRST, SECOND, STRANGER)
        first, second, stranger = Payment.objects.order_by("row")
        with clock.at(DAY):
            actions.assign_payment(payment=stranger, project=project, by=by)
            record(statement, by, left_out=[second.pk])
            assert delivery_of(project).actual_cost == 10_000_001 + 750
            actions.assign_payment(payment=first, project=None, by=by)
            actions.assign_payment(payment=second, project=project, by=by)
        assert delivery_of(project).actual_cost == 5_000_010 + 750
        assert [line.kind for line in history_of(f"payment:{first.pk}")] == ["PaymentMoved"]

    def test_no_more_is_taken_back_than_was_paid(self):
        project, by = in_work()
        statement = bring(project.contest.community, by, "1;10.05.2026;-0,01;;;ГБ-2026-1;")
        with pytest.raises(Refused) as caught:
            record(statement, by)
        assert caught.value.code == "below_zero"
        statement.refresh_from_db()
        assert statement.state == "proposed", "nothing of it is recorded"

    def test_a_work_that_has_not_begun_is_named(self):
        project, by = winner()
        statement = bring(project.contest.community, by, SECOND)
        with pytest.raises(Refused) as caught:
            record(statement, by)
        assert caught.value.code == "no_work"
        assert "1" in caught.value.message

    def test_what_was_thrown_away_can_be_brought_again(self):
        project, by = in_work()
        statement = bring(project.contest.community, by, FIRST)
        with clock.at(DAY):
            actions.discard_statement(statement=statement, by=by)
        record(bring(project.contest.community, by, FIRST), by)
        assert delivery_of(project).actual_cost == 10_000_001

    def test_the_number_of_a_person_is_not_kept(self):
        project, by = in_work()
        bring(project.contest.community, by, "5;10.05.2026;1,00;3012345678;ФОП Коваль;ГБ-2026-1;")
        assert Payment.objects.get().recipient_code == ""

    @pytest.mark.parametrize("role", ["operator", "commission", "auditor"])
    def test_only_who_runs_the_contest_brings_payments(self, role):
        project, _by = in_work()
        body = project.contest.community
        with pytest.raises(Refused) as caught:
            bring(body, given.official("Ганна", role, body), FIRST)
        assert caught.value.status == 403


@pytest.mark.django_db
class TestFaults:
    def test_twenty_thousand_payments_with_errors_by_row(self):
        project, by = in_work()
        rows = [f"{n};10.05.2026;{n},{n % 100:02d};32101234;ТОВ;ГБ-2026-1;" for n in range(1, 20_001)]
        rows[99] = "100;10.13.2026;1,00;;;;"
        rows[4_999] = "5000;10.05.2026;1,005;;;;"
        rows[9_999] = ";10.05.2026;1,00;;;;"
        rows[14_999] = "15000;10.05.2026;0;;;;"
        rows[19_999] = "1;10.05.2026;999,99;;;;"
        statement = bring(project.contest.community, by, *rows)
        assert (statement.total, statement.bad) == (20_000, 5)
        assert [each.row for each in queries.faults_of(statement)] == [101, 5_001, 10_001, 15_001, 20_001]
        record(statement, by)
        wanted = sum(n * 100 + n % 100 for n in range(1, 20_000) if n not in {100, 5000, 10_000, 15_000})
        assert delivery_of(project).actual_cost == wanted
        assert Payment.objects.aggregate(total=Sum("amount"))["total"] == wanted

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("1", 100),
            ("0,1", 10),
            ("1 234,56", 123_456),
            ("1,234.56", 123_456),
            ("−5.00", -500),
            ("12.30 грн", 1_230),
        ],
    )
    def test_an_amount_is_read_exactly(self, text, amount):
        project, by = in_work()
        bring(project.contest.community, by, f"1;10.05.2026;{text};;;;")
        assert Payment.objects.get().amount == amount

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("1;2026-02-30;1;;;;", "bad_day"), ("1;01.01.1999;1;;;;", "far_day"), ("1;01.01.2030;1;;;;", "far_day"),
            ("1;10.05.2026;1e3;;;;", "bad_amount"), ("1;10.05.2026;;;;;", "bad_amount"),
            ("1;10.05.2026;NaN;;;;", "bad_amount"), (f"{'9' * 101};10.05.2026;1;;;;", "too_long"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_by_its_row(self, row, code):
        project, by = in_work()
        statement = bring(project.contest.community, by, row, FIRST)
        assert [each[2] for each in statement.faults] == [code]
        assert statement.payments.count() == 1

    def test_a_known_payment_that_says_something_else_is_a_fault(self):
        project, by = in_work()
        record(bring(project.contest.community, by, FIRST), by)
        other = bring(project.contest.community, by, FIRST.replace("100 000,01", "100 000,02"))
        assert [each[2] for each in other.faults] == ["differs"]
        assert Payment.objects.get().amount == 10_000_001

    def test_headings_that_are_not_understood_are_chosen_by_hand(self):
        project, by = in_work()
        with pytest.raises(Refused) as caught:
            bring(project.contest.community, by, "1;10.05.2026;1", head="a;b;c")
        assert (caught.value.code, set(caught.value.fields)) == (
            "bad_columns",
            {"reference", "paid_on", "amount"},
        )
        columns = {"reference": 0, "paid_on": 1, "amount": 2}
        assert bring(project.contest.community, by, "1;10.05.2026;1", head="a;b;c", columns=columns).bad == 0


class TestAtOnce:
    def test_two_officials_who_confirm_at_once_count_it_once(self, committed_db):
        project, by = in_work()
        statement = bring(project.contest.community, by, FIRST)
        said = at_once(3, lambda _place: record(statement, by))
        assert refusals(said) == ["already_decided"] * 2
        assert delivery_of(project).actual_cost == 10_000_001

    def test_two_statements_confirmed_at_once_are_both_in_the_sum(self, committed_db):
        project, by = in_work()
        both = [bring(project.contest.community, by, row) for row in (FIRST, SECOND)]
        assert refusals(at_once(2, lambda place: record(both[place], by))) == []
        assert delivery_of(project).actual_cost == 15_000_011

    def test_the_same_file_brought_at_once_is_there_once(self, committed_db):
        project, by = in_work()
        said = at_once(3, lambda _place: bring(project.contest.community, by, FIRST))
        assert set(refusals(said)) <= {"nothing_new", "brought_meanwhile"}
        assert Payment.objects.count() == 1


@pytest.mark.django_db
class TestTheSystem:
    def test_payments_are_asked_for_and_none_is_taken_twice(self, treasury):
        project, by = in_work()
        system = connected("treasury", treasury, project, by)
        treasury.pay(1, date(2026, 1, 5), 12_345, "ГБ-2026-1")
        treasury.pay(2, date(2026, 5, 10), 10, "Роботи", contract="№44/2026")
        treasury.pay(3, date(2026, 5, 11), 99, "ГБ-2026-1", payer="00000001")
        with clock.at(DAY):
            facts = {"system": system, "since": date(2026, 1, 1), "until": DAY.date(), "by": by}
            record(actions.request_payments(**facts), by)
            with pytest.raises(Refused) as caught:
                actions.request_payments(**facts)
        assert caught.value.code == "nothing_new"
        assert delivery_of(project).actual_cost == 12_355

    def test_a_system_that_answers_nonsense_changes_nothing(self, treasury):
        project, by = in_work()
        system = connected("treasury", treasury, project, by)
        treasury.fault = "any_html"
        with clock.at(DAY), pytest.raises(NeighbourFault):
            actions.request_payments(system=system, since=date(2026, 5, 1), until=DAY.date(), by=by)
        assert not check_system(system=system, by=by).is_good
        assert not Payment.objects.exists()

    def test_the_plan_is_taken_over_once_whatever_happens_on_the_way(self, treasury):
        project, by = in_work()
        connected("treasury", treasury, project, by)
        with clock.at(DAY):
            with pytest.raises(Refused) as caught:
                actions.submit_plan(contest=project.contest, by=by)
            assert caught.value.code == "no_codes"
            actions.save_line(contest=project.contest, by=by, **CODES)
            plan = actions.submit_plan(contest=project.contest, by=by)
            treasury.fault = "answer_500"
            assert actions.send_plans() == 0
        treasury.fault = ""
        with clock.at(DAY + timedelta(hours=1)):
            assert actions.send_plans() == 1
            assert actions.submit_plan(contest=project.contest, by=by) == plan, "the same plan is sent once"
            assert actions.send_plans() == 0
        row = treasury.plans[str(plan.pk)]["winners"][0]
        assert (row["code"], row["programme"], row["plan"] * 100) == ("ГБ-2026-1", "0117370", 29_000_000)
        assert len(treasury.plans) == PlanHandover.objects.count() == 1

    def test_a_newer_plan_takes_the_place_of_one_on_its_way_and_an_earlier_may_come_back(self, treasury):
        project, by = in_work()
        connected("treasury", treasury, project, by)

        def planned(at, economic):
            with clock.at(at):
                actions.save_line(contest=project.contest, by=by, **{**CODES, "economic": economic})
                return actions.submit_plan(contest=project.contest, by=by)

        def round_at(at):
            with clock.at(at):
                return actions.send_plans()

        hour = timedelta(hours=1)
        first = planned(DAY, "3132")
        assert round_at(DAY) == 1
        second = planned(DAY + hour, "3110")
        treasury.fault = "answer_500"
        assert round_at(DAY + hour) == 0
        treasury.fault = ""
        third = planned(DAY + hour, "3132")
        assert third.pk != first.pk, "the second was taken, but its answer was lost"
        second.refresh_from_db()
        assert second.state == "old"
        assert round_at(DAY + hour) == 0, "the second may still be on the wire"
        with clock.at(DAY + hour), pytest.raises(Refused) as caught:
            actions.resend_plan(plan=second, by=by)
        assert caught.value.code == "outdated"
        assert round_at(DAY + 2 * hour) == 1
        assert list(treasury.plans) == [str(first.pk), str(second.pk), str(third.pk)]
        assert planned(DAY + 3 * hour, "3132") == third


@pytest.mark.parametrize(
    ("purpose", "found"),
    [
        ("Оплата ГБ-2026-7, зг. акта", [("2026", 7)]),
        ("ГБ-2026-2-7", [("2026-2", 7)]),
        ("гб-parks-2026-3-12; ГБ-2026-1", [("parks-2026-3", 12), ("2026", 1)]),
        ("ГБ-2026-1234567", []),
        ("ГБ-2026-2-1234567", []),
        ("ГБ-2026-7-", [("2026", 7)]),
    ],
)
def test_the_code_of_a_project_in_a_purpose_is_read_whole(purpose, found):
    assert codes_in(purpose) == found


@pytest.mark.django_db
class TestPlansOut:
    def test_the_same_figures_stand_in_every_file(self):
        project, by = in_work()
        with clock.at(DAY):
            actions.save_line(contest=project.contest, category="parks", by=by, **CODES)
        record(bring(project.contest.community, by, FIRST), by)
        rows = list(
            csv.DictReader(io.StringIO(plan_file(project.contest, "csv").decode("utf-8-sig")), delimiter=";")
        )
        assert [list(row.values())[-2:] for row in rows] == [["290000.00", "100000.01"]]
        sheet = (
            load_workbook(io.BytesIO(plan_file(project.contest, "xlsx"))).get_sheet_by_index(0).to_python()
        )
        assert [str(cell) for cell in sheet[1][-2:]] == ["290000.0", "100000.01"]
        content = plan_file(project.contest, "json")
        assert b'"plan": 290000.00' in content
        assert b'"paid": 100000.01' in content

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("programme", "117370"),
            ("economic", "31"),
            ("fund", "x"),
            ("executor_code", "1"),
            ("executor_title", " "),
        ],
    )
    def test_codes_that_are_none_are_said_at_their_fields(self, field, value):
        project, by = in_work()
        with clock.at(DAY), pytest.raises(Refused) as caught:
            actions.save_line(contest=project.contest, by=by, **CODES | {field: value})
        assert set(caught.value.fields) == {field}

    def test_the_codes_of_a_project_go_before_those_of_its_category(self):
        project, by = in_work()
        with clock.at(DAY):
            actions.save_line(contest=project.contest, by=by, **CODES | {"economic": "1111"})
            actions.save_line(
                contest=project.contest, category="parks", by=by, **CODES | {"economic": "2222"}
            )
            actions.save_line(contest=project.contest, project=project, by=by, **CODES | {"economic": "3333"})
        assert json.loads(plan_file(project.contest, "json"))["winners"][0]["economic"] == "3333"


@pytest.mark.django_db
class TestProcurement:
    def test_a_contract_is_taken_over_with_its_link(self, procurement):
        project, by = winner()
        begin(project, by)
        procurement.sign(REFERENCE, "45/2026", 12_345_67)
        system = connected("prozorro", procurement, project, by)
        with clock.at(DAY):
            assert check_system(system=system, by=by).is_good
            found = actions.report_contract(system=system, reference=REFERENCE, by=by)
            link = actions.connect_procurement(project=project, procured=found, by=by)
            again = actions.connect_procurement(project=project, procured=found, by=by)
        assert again.pk == link.pk
        assert (link.tender, link.ocid) == ("UA-2026-05-04-000123-a", "ocds-be6bcu-UA-2026-05-04-000123-a")
        contract = link.contract
        assert (contract.number, contract.amount, contract.contractor) == (
            "45/2026",
            12_345_67,
            "ТОВ «Будівник»",
        )
        assert contract.url == "https://prozorro.gov.ua/tender/UA-2026-05-04-000123-a"

    def test_a_contract_of_another_project_is_not_taken(self, procurement):
        project, by = in_work()
        procurement.sign(REFERENCE, "44/2026", 28_000_000)
        system = connected("prozorro", procurement, project, by)
        with clock.at(DAY), pytest.raises(Refused) as caught:
            actions.report_contract(system=system, reference="../tenders/1", by=by)
        assert caught.value.code == "bad_reference"
        with clock.at(DAY):
            found = actions.report_contract(system=system, reference=REFERENCE, by=by)
            link = actions.connect_procurement(project=project, procured=found, by=by)
        assert link.contract.number == "44/2026", "the contract that was recorded by hand has its link now"

    def test_the_release_package_ties_out(self, procurement):
        project, by = in_work()
        procurement.sign(REFERENCE, "44/2026", 28_000_000)
        system = connected("prozorro", procurement, project, by)
        record(bring(project.contest.community, by, FIRST, SECOND), by)
        with clock.at(DAY):
            found = actions.report_contract(system=system, reference=REFERENCE, by=by)
            actions.connect_procurement(project=project, procured=found, by=by)
            package = json.loads(release_package(project.contest, address="https://viche.example/ocds.json"))
        assert {"uri", "version", "publishedDate", "publisher", "releases"} <= set(package)
        release = package["releases"][0]
        assert {"ocid", "id", "date", "tag", "initiationType"} <= set(release)
        assert release["tag"] == ["planning", "contract", "implementation"]
        assert release["planning"]["budget"]["amount"] == {"amount": 290000.0, "currency": "UAH"}
        assert release["relatedProcesses"][0]["identifier"] == "ocds-be6bcu-UA-2026-05-04-000123-a"
        paid = [each["value"]["amount"] for each in release["contracts"][0]["implementation"]["transactions"]]
        assert sorted(paid) == [50000.1, 100000.01]
