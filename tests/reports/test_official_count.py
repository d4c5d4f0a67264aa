"""Protocol, statement and data annex hold the numbers of the count, whatever its rule, and their sums tie out."""

import pytest
from django.test import Client
from django.utils import translation
from tests import given
from tests.connectors.finished import stirred_contest
from tests.reports.lines import columns
from tests.reports.official import (
    AFTER,
    OFFICIAL,
    built,
    check_documents,
    check_sums,
    refusal,
    tables_of,
    told,
)
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
from viche.foundation import clock
from viche.reports.document import Signatures
from viche.reports.official.ballot_tables import INVALID
from viche.reports.official.kinds import KINDS
from viche.reports.official.outcome_tables import result_words
from viche.reports.queries import figure_of
from viche.results.actions import decide_tie
from viche.results.queries import publication_of
from viche.results.wording import REASONS

pytestmark = pytest.mark.django_db


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


def test_every_reason_has_its_words():
    assert set(INVALID) == set(DEFECTS)
    assert set(result_words()) == {"winner", "undecided", *REASONS}


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
