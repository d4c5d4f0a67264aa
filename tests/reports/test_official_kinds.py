"""Official reports: each says why it cannot be made yet, holds the numbers of the count, and its sums tie out."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import bank, given, polling
from tests.connectors.finished import kept_database, stirred_contest
from tests.connectors.test_pabulib_import import KATOWICE
from tests.paper_desk import EXPECTED, PDF, PaperDesk, attach_scan, close_stack, decide_sheet, withdraw_stack
from tests.reports.test_figures import published, refreshed
from tests.results.counted import (
    COSTS,
    TIED_COSTS,
    certify,
    commission,
    counted,
    one_pot,
    opened,
    publish,
    tied,
    voted,
)
from tests.surfaces.ground import prefix

from rulebook.ballot import BallotPaper
from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.wording import DEFECTS
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.projects import actions as projects
from viche.projects.models import Project, State
from viche.reports.document import Document, Facts, Paragraph, Signatures
from viche.reports.figure import Figure
from viche.reports.files import csv_of
from viche.reports.official.actions import ask_report, make_report, publish_report
from viche.reports.official.ballot_tables import INVALID
from viche.reports.official.kinds import KINDS
from viche.reports.official.outcome_tables import result_words
from viche.reports.official.queries import public_reports
from viche.reports.printing import pdf_of_figures
from viche.reports.queries import figure_of
from viche.reports.workbook import workbook_of
from viche.results.actions import decide_tie
from viche.results.queries import publication_of
from viche.results.wording import REASONS
from viche.review.actions import appeal_refusal, decide_appeal, decide_review

AFTER = given.day(72)
OFFICIAL = ("count-protocol", "results-statement", "reconciliation")


def built(contest: Contest, key: str, *, language: str = "en", at: Any = AFTER) -> Document:
    with clock.at(at), translation.override(language):
        kind = KINDS[key]
        assert kind.is_ready(fresh(contest)) == ""
        return kind.build(fresh(contest))


def fresh(contest: Contest) -> Contest:
    return Contest.objects.select_related("community__territory").get(pk=contest.pk)


def refusal(contest: Contest, key: str) -> str:
    with translation.override("en"):
        return KINDS[key].is_ready(fresh(contest))


def tables_of(document: Document) -> dict[str, Figure]:
    found = {each.key: each for each in document.figures()}
    assert len(found) == len(list(document.figures())), "every table has a name of its own"
    return found


def columns(figure: Figure, *, row: str | None = None) -> dict[str, Any]:
    """The values of a row, or the sums, by column."""
    values = figure.total if row is None else next(each.values for each in figure.rows if each.key == row)
    return dict(zip([column.key for column in figure.columns], values, strict=True))


def told(document: Document) -> str:
    """Every word outside the tables."""
    said = []
    for part in document.parts:
        if isinstance(part, Paragraph):
            said.append(part.text)
        elif isinstance(part, Facts):
            said += [f"{name}: {value}" for name, value in part.rows]
        elif isinstance(part, Signatures):
            said += [f"{office}: {name}" for office, name in part.places]
    return "\n".join(said)


def ready_kinds(contest: Contest, *, at: Any = AFTER) -> list[str]:
    with clock.at(at):
        refreshed()
        return [key for key, kind in KINDS.items() if not kind.is_ready(fresh(contest))]


def check_sums(contest: Contest, *, at: Any = AFTER) -> None:
    """The money of every pot and the ballots of every way follow from each other, down to the outcome of the count."""
    outcome = publication_of(contest).count.outcome
    protocol = tables_of(built(contest, "count-protocol", at=at))
    pots = protocol["pots"]
    for row in pots.rows:
        line = columns(pots, row=row.key)
        assert line["amount"] + line["moved"] == line["spent"] + line["left"]
    total = columns(pots)
    assert total["moved"] == 0
    assert total["amount"] == sum(pot.amount for pot in contest.rules.pots)
    assert (total["spent"], total["left"]) == (sum(outcome["spent"].values()), sum(outcome["left"].values()))
    assert total["spent"] == sum(outcome["amounts"].values())
    assert total["winners"] == len(outcome["funded"])

    rankings = [each for key, each in protocol.items() if key.startswith("ranking-")]
    assert sum(columns(each)["amount"] for each in rankings) == total["spent"]
    places = {row.key: columns(each, row=row.key) for each in rankings for row in each.rows}
    assert {key: line["score"] for key, line in places.items()} == outcome["totals"]
    assert {key for key, line in places.items() if line["result"] == "winner"} == set(outcome["funded"])

    balance = {row.key: row.values[0] for row in protocol["ballot-balance"].rows}
    left_out = sum(balance[name] for name in ("replaced", "annulled", "withdrawn", "taken_back"))
    assert balance["box"] - left_out == balance["opened"]
    assert balance["opened"] + balance["protocols"] == balance["in_count"]
    assert balance["in_count"] - balance["invalid"] == balance["valid"] == outcome["voters"]
    if "ballots-by-channel" in protocol:
        channels = columns(protocol["ballots-by-channel"])
        assert channels["marks"] - channels["annulled"] == channels["voters"]
        assert channels["ballots"] == balance["in_count"]
    invalid = protocol.get("invalid-ballots")
    assert (columns(invalid)["number"] if invalid else 0) == balance["invalid"]

    statement = tables_of(built(contest, "results-statement", at=at))
    won = [each for key, each in statement.items() if key.startswith("winners-")]
    assert sum(columns(each)["amount"] for each in won) == total["spent"]
    losers = statement["losers"].rows if "losers" in statement else ()
    assert {row.key for each in won for row in each.rows} | {row.key for row in losers} == set(
        outcome["totals"]
    )


def check_documents(contest: Contest, *, at: Any = AFTER) -> list[str]:
    """Every kind that is ready is whole in both languages, with the same numbers in each and in every form."""
    ready = ready_kinds(contest, at=at)
    for key in ready:
        english, ukrainian = (built(contest, key, language=each, at=at) for each in ("en", "uk"))
        assert [each.digest for each in english.figures()] == [each.digest for each in ukrainian.figures()]
        assert len(english.parts) == len(ukrainian.parts)
        for language, document in (("en", english), ("uk", ukrainian)):
            assert document.title
            assert contest.name in document.subtitle or language == "en"
            assert all(line.strip() for line in told(document).splitlines())
            with translation.override(language):
                check_files(document)
    return ready


def check_files(document: Document) -> None:
    figures = list(document.figures())
    assert figures
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(figures, title=document.title)))
    for number, figure in enumerate(figures, start=1):
        lines = list(csv.reader(io.StringIO(csv_of(figure))))
        assert len(lines) == len(figure.rows) + 1
        sheet = book.get_sheet_by_index(number).to_python()
        assert len(sheet) == len(figure.rows) + 1
        for place, column in enumerate(figure.columns):
            for row, line, cells in zip(figure.rows, lines[1:], sheet[1:], strict=True):
                value, cell = row.values[place], cells[place + 1]
                if value is None:
                    assert (line[place + 2], cell) == ("", "")
                elif column.kind in ("text", "word"):
                    assert (
                        line[place + 2].lstrip("'")
                        == figure.text(column, value).lstrip("'")
                        == cell.lstrip("'")
                    )
                elif column.kind == "money":
                    assert round(float(line[place + 2]) * 100) == value == round(cell * 100)
                elif column.kind in ("count", "days") and isinstance(value, int):
                    assert int(line[place + 2]) == value == cell


# --- when each can be made ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_is_made_of_a_contest_in_which_nothing_has_happened():
    contest = given.contest()
    with clock.at(given.day(3)):
        refreshed()
        said = {key: refusal(contest, key) for key in KINDS}
    assert said == {
        "count-protocol": "No count is certified yet.", "results-statement": "The result is not published yet.",
        "review-summary": "No project is submitted yet.", "implementation": "The result is not published yet.",
        "participation": "Nothing is counted yet.", "reconciliation": "The ballots are not counted yet.",
        "data-annex": "Nothing is counted yet.",
    }  # fmt: skip


@pytest.mark.django_db
def test_the_protocol_is_made_once_a_member_has_certified_and_the_statement_once_it_is_published():
    count = counted(opened())
    contest, (first, second) = count.contest, commission(count.contest)
    assert refusal(contest, "count-protocol")
    certify(count, first)
    assert refusal(contest, "count-protocol") == ""
    assert refusal(contest, "results-statement")
    document = built(contest, "count-protocol")
    assert "1 member of the commission has certified the count." in told(document)
    assert "Result published: not yet" in told(document)
    certify(count, second)
    publish(count)
    assert refusal(contest, "results-statement") == ""
    assert refusal(contest, "implementation") == ""


@pytest.mark.django_db
def test_where_nothing_won_there_is_nothing_to_implement_and_the_statement_says_so():
    options = {**given.RULES["counting"]["options"], "threshold": {"*": 100}}
    contest = opened({**given.RULES, "counting": {**given.RULES["counting"], "options": options}})
    published(contest)
    assert refusal(contest, "implementation") == "No project has won."
    assert "No project won" in told(built(contest, "results-statement"))
    check_sums(contest)
    assert "implementation" not in check_documents(contest)


# --- the count ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_numbers_are_those_of_the_result_of_its_page_and_of_its_files(client: Client):
    contest = opened()
    published(contest)
    assert set(check_documents(contest)) == set(KINDS)
    check_sums(contest)
    winners = figure_of(contest, "winners")
    statement = tables_of(built(contest, "results-statement"))
    mine = {
        row.key: columns(each, row=row.key)
        for key, each in statement.items() if key.startswith("winners-") for row in each.rows
    }  # fmt: skip
    assert {key: (line["score"], line["cost"], line["amount"]) for key, line in mine.items()} == {
        row.key: (row.values[0], row.values[2], row.values[3]) for row in winners.rows
    }
    page = client.get(f"{prefix(contest.community)}{contest.slug}/results/").content.decode()
    with translation.override("uk"):
        for key, each in statement.items():
            if key.startswith("winners-"):
                for row in each.rows:
                    assert each.text(each.columns[3], row.values[3]) in page
    count = publication_of(contest).count
    said = told(built(contest, "count-protocol"))
    assert count.dossier_digest in said
    assert count.outcome_digest in said
    assert contest.rules_version.digest in said
    assert contest.rules.digest == contest.rules_version.digest


@pytest.mark.django_db
def test_the_protocol_ends_with_a_place_for_every_member_of_the_commission():
    contest = opened()
    published(contest)
    document = built(contest, "count-protocol")
    assert KINDS["count-protocol"].is_signed
    assert [key for key, kind in KINDS.items() if kind.is_signed] == ["count-protocol"]
    last = document.parts[-1]
    assert isinstance(last, Signatures)
    assert [name for office, name in last.places if office == "Member of the commission"] == [
        "Коваленко Ірина", "Коваленко Сергій",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_ballots_that_were_replaced_and_annulled_are_told_apart():
    contest = stirred_contest()
    check_sums(contest)
    protocol = tables_of(built(contest, "count-protocol"))
    balance = {row.key: row.values[0] for row in protocol["ballot-balance"].rows}
    assert (balance["replaced"], balance["annulled"]) == (3, 1)
    assert columns(protocol["annulments"], row="stolen") == {"open": 0, "confirmed": 1, "declined": 1}


RULES = {
    "points": one_pot(
        100_000_000, ballot={"kind": "points", "max_choices": 3, "max_points": 9},
        counting={"rule": "greedy-v1", "options": {"score": "points"}, "ties": ["earlier"]},
    ),
    "ranking": one_pot(
        100_000_000, ballot={"kind": "ranking", "max_choices": 3},
        counting={"rule": "greedy-v1", "options": {"score": "borda"}, "ties": ["cheaper"]},
    ),
    "equal shares": one_pot(
        100_000_000, ballot={"kind": "approval", "max_choices": 3},
        counting={"rule": "equal-shares-v1", "options": {}, "ties": ["earlier"]},
    ),
    "leftovers": {
        **given.RULES,
        "counting": {
            "rule": "greedy-v1", "options": {"leftovers": [{"from": ["*"], "to": "*"}]}, "ties": ["earlier"],
        },
    },
    "districts": {
        **given.RULES,
        "pots": [
            {"id": "district", "name": {"uk": "Район"}, "amount": 60_000_000, "territory": given.DISTRICT},
            {"id": "city", "name": {"uk": "Місто"}, "amount": 300_000_000, "territory": given.POLTAVA},
        ],
    },
    "lot": tied(("lot",)),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", RULES)
def test_whatever_the_rule_the_documents_are_whole_and_tie_out(name: str):
    rules = RULES[name]
    kind = rules["ballot"]["kind"]
    contest = voted(rules, TIED_COSTS if name == "lot" else COSTS, ballots=())
    made = list(contest.projects.order_by("number"))
    with clock.at(given.day(45)):
        for place, chosen in enumerate(([1], [1, 2], [1, 2, 4], [3])):
            codes = [made[number - 1].code for number in chosen]
            paper = BallotPaper.ranking(codes) if kind == "ranking" else BallotPaper.of(
                kind, [(code, 3 if kind == "points" else 1) for code in codes]
            )  # fmt: skip
            cast_ballot(
                contest=contest, voter=given.person("Виборець", serial=place), channel="online",
                request_key=bytes([place]) * 32, paper=paper,
            )  # fmt: skip
    with clock.at(given.day(61)):
        open_box(contest=contest)
    published(contest)
    check_sums(contest)
    assert set(check_documents(contest)) >= {*OFFICIAL, "participation", "data-annex", "implementation"}
    protocol = built(contest, "count-protocol")
    ties = tables_of(protocol).get("ties")
    assert (ties.rows[0].values[3] if ties else None) == ("lot" if name == "lot" else None)
    if name == "lot":
        assert contest.box.__class__.objects.get(contest=contest).lot_seed in told(protocol)
    else:
        assert "There was no tie" in told(protocol)
    assert "Paper ballots were not used." in told(protocol)


@pytest.mark.django_db
def test_a_tie_that_the_commission_decided_names_its_protocol():
    first = counted(opened(tied(), TIED_COSTS))
    contest, members = first.contest, commission(first.contest)
    assert refusal(contest, "count-protocol") == "No count is certified yet."
    with clock.at(given.day(64)):
        second = decide_tie(count=first, order=["4", "3"], protocol="№ 7 від 03.05.2026", by=members[0])
    for member in members:
        certify(second, member)
    publish(second)
    check_sums(contest)
    said = told(built(contest, "count-protocol"))
    assert "№ 7 від 03.05.2026" in said
    ties = tables_of(built(contest, "results-statement"))["ties"]
    assert columns(ties, row="1")["way"] == "decision"
    assert columns(ties, row="1")["projects"] == 2


# --- the review ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_summary_of_the_review_tells_grounds_appeals_and_how_long_they_took():
    appeal_rule = {"body": {"uk": "Комісія"}, "days": 3, "decision_days": 5}
    contest = given.contest(rules={**given.RULES, "appeal": appeal_rule})
    good, bad = (given.submitted_project(contest, title) for title in ("Лавки", "Фонтан"))
    iryna = given.official("Ірина", "commission", contest.community)
    with clock.at(given.day(22)):
        decide_review(project=good, verdict="admit", by=iryna)
    with clock.at(given.day(25)):
        decide_review(project=bad, verdict="refuse", reason="Земля приватна.", protocol="№ 1", by=iryna)
    with clock.at(given.day(26)):
        filed = appeal_refusal(
            project=Project.objects.get(pk=bad.pk), by=actor_of(given.person("Олена"), contest.community),
            reason="Земля громади.",
        )  # fmt: skip
    with clock.at(given.day(29)):
        decide_appeal(
            appeal=filed, is_granted=False, answer="Витяг не той.",
            by=given.official("Сергій", "commission", contest.community),
        )  # fmt: skip
    assert "review-summary" in check_documents(contest, at=given.day(30))
    found = tables_of(built(contest, "review-summary", at=given.day(30)))
    assert {row.key: row.values[0] for row in found["submitted-by-state"].rows} == {
        "admitted": 1,
        "refused": 1,
    }
    assert columns(found["submitted-by-state"])["projects"] == 2
    assert {row.key: row.values[0] for row in found["decisions"].rows} == {
        "review/admit": 1,
        "review/reject": 1,
    }
    (refused,) = found["refusals"].rows
    assert (refused.key, refused.values[1:]) == (bad.code, ("№ 1", "Земля приватна."))
    (appeal,) = found["appeals"].rows
    assert appeal.values[3:] == ("dismissed", "Витяг не той.")
    times = {row.key: row.values for row in found["review-times"].rows}
    # the review begins on the 20th day; one was decided on the 22nd, one on the 25th
    assert times["first"] == (2, 2, 5)
    assert times["appeal"] == (1, 3, 3)
    said = told(built(contest, "review-summary", at=given.day(30)))
    assert "The regulation asks for no signatures of support." in said
    assert "No department was asked for an opinion." in said


# --- the works ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_plan_and_fact_of_each_work_stand_side_by_side():
    contest = opened({**given.RULES, "implementation": {"year_offset": 1, "stall_days": 30}})
    published(contest)
    by = given.official("Віктор", "administrator", contest.community)
    work, *others = Project.objects.filter(contest=contest, state=State.FUNDED).order_by("number")
    began = given.day(75)
    today = began.date()

    def act(verb: Any, **facts: Any) -> Any:
        verb(project=Project.objects.get(pk=work.pk), by=by, **facts)

    with clock.at(began):
        act(
            projects.start_work, responsible_unit="Відділ благоустрою", plan_cost=14_000_000, starts_on=today,
            due_on=today + timedelta(days=60),
        )  # fmt: skip
        act(
            projects.record_contract, number="15/26", signed_on=today, contractor="ТОВ «Сквер»", amount=13_000_000,
            url="https://prozorro.gov.ua/tender/UA-1",
        )  # fmt: skip
    with clock.at(given.day(80)):
        act(projects.delay_work, new_due=today + timedelta(days=90), reason="Дощі.")
    with clock.at(given.day(150)):
        act(
            projects.implement_project, accepted_on=today + timedelta(days=70), acceptance="акт № 3",
            actual_cost=13_500_000,
        )  # fmt: skip
    late = given.day(151)
    check_documents(contest, at=late)
    found = tables_of(built(contest, "implementation", at=late))
    money = columns(found["works-money"], row=work.code)
    assert money == {
        "state": "implemented", "won": 15_000_000, "plan": 14_000_000, "contracts": 13_000_000, "paid": 13_500_000,
        "deviation": -500_000,
    }  # fmt: skip
    assert columns(found["works-money"])["won"] == sum(
        publication_of(contest).count.outcome["amounts"].values()
    )
    assert len(found["works-money"].rows) == 1 + len(others)
    terms = columns(found["works-terms"], row=work.code)
    assert (terms["moved"], terms["deviation"]) == (1, 10)
    assert terms["first_due"] == (today + timedelta(days=60)).isoformat()
    assert terms["due"] == (today + timedelta(days=90)).isoformat()
    assert (
        columns(found["contracts"], row=f"{work.code}/15/26")["url"] == "https://prozorro.gov.ua/tender/UA-1"
    )
    # the page of the figures says the same of plan and fact
    works = columns(figure_of(contest, "works"), row=work.code)
    assert (works["plan"], works["fact"]) == (money["plan"], money["paid"])


# --- operators and terminals --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_paper_is_reconciled_by_point_batch_and_operator():
    desk = PaperDesk()
    place = polling.point(desk.contest)
    desk.give(1, 2, 3, 4)
    stack = desk.stack(point=place.pk, expected={**EXPECTED, "issued": 6, "valid": 3})
    desk.both(stack, "1", "1")
    desk.type(stack, desk.halyna, "2", "1")
    sheet = desk.type(stack, desk.ihor, "2", "2")
    desk.do(decide_sheet, desk.olha, sheet=sheet, turn=2)
    desk.both(stack, "3", reason="blank")
    desk.do(attach_scan, stack=stack, scan=PDF)
    desk.do(close_stack, desk.ihor, stack=stack, difference="Один бюлетень виборець забрав.")
    other = desk.stack("Школа")
    desk.both(other, "4", "1")
    desk.do(close_stack, other.made_by and desk.ihor, stack=other)
    desk.do(withdraw_stack, stack=other, reason="Не той стос.", by=desk.ihor)
    with clock.at(given.day(61)):
        open_box(contest=desk.contest)
    published(desk.contest)
    check_sums(desk.contest)
    assert not KINDS["reconciliation"].is_public
    document = built(desk.contest, "reconciliation")
    found = tables_of(document)
    paper = {row.key: row.values[0] for row in found["paper-ballots"].rows}
    assert (paper["printed"], paper["issued"], paper["valid"], paper["invalid"]) == (10, 4, 2, 1)
    assert {row.key: row.values[0] for row in found["invalid-paper"].rows} == {"blank": 1}
    first, second = found["batches"].rows
    line = columns(found["batches"], row=first.key)
    assert (line["point"], line["state"], line["valid_told"], line["valid"], line["valid_less"]) == (
        "ЦНАП № 1", "closed", 3, 2, -1,
    )  # fmt: skip
    assert columns(found["batches"], row=second.key)["state"] == "undone"
    assert "Один бюлетень виборець забрав." in told(document)
    operators = columns(found["operators-paper"])
    assert (operators["entries"], operators["differing"], operators["wrong"]) == (9, 2, 1)
    every = told(document) + "".join(csv_of(each) for each in document.figures())
    for name in ("Галина", "Ігор", "Ольга", "Коваленко"):
        assert name not in every, "operators stand by the number of their office"
    check_documents(desk.contest)


KEY = Ed25519PrivateKey.generate()


@pytest.mark.django_db
def test_terminals_are_reconciled_by_network_and_day():
    contest, (park, *_others) = bank.contest(cancel=True)
    partner = bank.partner(contest.community, KEY)
    voters = ("Петро", "Ганна", "Марія")
    for name in voters:
        given.person(name)
    with clock.at(bank.VOTING):
        machine = bank.terminal(partner, KEY)
        slips = [
            machine.cast(
                "2026", bank.number_of(name), [park.code], request=f"request-{name.encode().hex()}"
            ).document
            for name in voters
        ]
        machine.cancel(slips[2]["reference"], f"request-{voters[2].encode().hex()}")
        day = clock.now().astimezone(clock.KYIV).date().isoformat()
        states = dict(zip([each["reference"] for each in slips], ["cast", "cast", "cancelled"], strict=True))
        machine.reconcile(day, {"2026": 3}, {slips[0]["reference"]: "cast"})
    with clock.at(bank.VOTING + timedelta(hours=1)):
        machine.reconcile(day, {"2026": 2}, states)
    with clock.at(given.day(61)):
        open_box(contest=contest, by=SYSTEM)
    published(contest)
    check_sums(contest)
    found = tables_of(built(contest, "reconciliation"))
    assert columns(found["terminals"], row=f"bank/{day}") == {
        "box": 2, "cancelled": 1, "stated": 2, "difference": 0, "missing_here": 0, "missing_there": 0, "differing": 0,
        "other_day": 0, "times": 2, "settled": "settled",
    }  # fmt: skip
    channels = columns(found["ballots-by-channel"], row="terminal")
    assert (channels["marks"], channels["annulled"], channels["ballots"]) == (3, 1, 2)
    check_documents(contest)


# --- words --------------------------------------------------------------------------------------------------


def test_every_reason_has_its_words():
    assert set(INVALID) == set(DEFECTS)
    assert set(result_words()) == {"winner", "undecided", *REASONS}


@pytest.mark.django_db
def test_a_dictionary_names_every_column_of_the_annex():
    contest = opened()
    published(contest)
    with clock.at(AFTER):
        refreshed()
    document = built(contest, "data-annex")
    dictionary, *figures = document.figures()
    assert dictionary.key == "data-dictionary"
    assert [row.key for row in dictionary.rows] == [
        f"{figure.key}.{column.key}" for figure in figures for column in figure.columns
    ]
    table = next(each for each in figures if each.key == "projects")
    outcome = publication_of(contest).count.outcome
    assert {row.key: columns(table, row=row.key)["won"] for row in table.rows} == {
        each.code: outcome["amounts"].get(each.code) for each in contest.projects.all()
    }
    assert columns(table)["won"] == sum(outcome["amounts"].values())
    assert set(KINDS["data-annex"].forms) == {"xlsx", "csv", "json"}


# --- a real city --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def katowice(django_db_setup: None, django_db_blocker: Any) -> Iterator[Contest]:
    with kept_database(django_db_blocker):
        contest = import_election(content=KATOWICE.read_bytes(), community=given.community()).contest
        refreshed()
        yield contest


@pytest.mark.pabulib
@pytest.mark.skipif(
    not KATOWICE.exists(), reason=f"no {KATOWICE}: set PABULIB_DIR to a folder of Pabulib's files"
)
class TestKatowice:
    def test_the_sums_of_a_city_of_38_903_voters_tie_out(self, katowice: Contest):
        check_sums(katowice, at=clock.now())
        protocol = built(katowice, "count-protocol", at=clock.now())
        balance = {row.key: row.values[0] for row in tables_of(protocol)["ballot-balance"].rows}
        assert balance["box"] == 38_903
        assert "held and certified by its own commission elsewhere" in told(protocol)
        assert "Paper ballots were not used." in told(protocol)
        said = told(built(katowice, "results-statement", at=clock.now()))
        assert "exactly the winners that the body had announced" in said

    def test_every_kind_is_whole_in_both_languages(self, katowice: Contest):
        assert set(check_documents(katowice, at=clock.now())) == set(KINDS) - {"reconciliation"}
        assert refusal(katowice, "reconciliation").startswith("The election was held elsewhere")

    def test_a_document_of_a_city_is_set(self, katowice: Contest):
        document = built(katowice, "results-statement", at=clock.now())
        with translation.override("en"):
            assert pdf_of_figures(list(document.figures()), title=document.title).startswith(b"%PDF")


@pytest.mark.django_db
def test_what_a_count_found_is_not_told_to_everybody_before_its_publication():
    """A member has certified, another has not: the protocol is for them to sign, not for everybody to read."""
    contest = opened()
    count = counted(contest)
    first, second = commission(contest)[:2]
    certify(count, first)
    with clock.at(given.day(63)):
        refreshed()
        (asked,) = ask_report(contest=contest, kind="count-protocol", languages=["uk"], by=first)
        made = make_report(report=asked)
        assert made.number is not None
        assert public_reports(contest) == []
        with pytest.raises(Refused) as refused:
            publish_report(report=made, by=first)
        assert refused.value.code == "not_published"
        file = made.files.first()
        start = f"{prefix(contest.community)}{contest.slug}/reports/"
        assert Client().get(f"{start}{file.pk}/").status_code == 404
        assert made.our_number not in Client().get(start).content.decode()
    certify(count, second)
    publish(count)
    with clock.at(AFTER):
        publish_report(report=made, by=first)
        assert [each.pk for each in public_reports(fresh(contest))] == [made.pk]
        assert Client().get(f"{start}{file.pk}/").status_code == 200
