"""The results as everybody reads them: winners, the reason of each loser, and files that match their hashes."""

import hashlib
import json

import pytest

from rulebook.canonical import digest
from rulebook.counting import count as count_ballots
from rulebook.dossier import Dossier
from tests import given
from tests.paper_box import paper_contest
from tests.surfaces.ground import Ground, browser, page, prefix, publish
from viche.ballots.models import Opening
from viche.ballots.papers import close_batch, put_totals
from viche.contests.models import Contest
from viche.foundation import clock


@pytest.fixture
def over(db: None, voting_day: None) -> Contest:
    """Three small projects for money that suffices for two, and one below the threshold."""
    rules = {
        **given.RULES,
        "pots": [
            {"id": "small", "name": {"uk": "Малі", "en": "Small"}, "amount": 50_000_000, "size_class": "small"},
            {"id": "large", "name": {"uk": "Великі", "en": "Large"}, "amount": 400_000_000, "size_class": "large"},
        ],
        "counting": {
            "rule": "greedy-v1", "options": {"score": "votes", "fit": "skip", "threshold": {"*": 2}},
            "ties": ["earlier"],
        },
    }  # fmt: skip
    contest = given.contest(slug="over", rules=rules)
    costs = {"Сквер": 30_000_000, "Майданчик": 25_000_000, "Лавки": 15_000_000, "Фонтан": 1_000_000}
    made = [given.admitted_project(contest, title, cost=cost) for title, cost in costs.items()]
    square, ground, benches, fountain = made
    publish(
        contest,
        {
            "Марта": [square, ground],
            "Юрій": [square, ground],
            "Ганна": [square, benches],
            "Лев": [benches, fountain],
        },
    )
    return contest


def results(contest: Contest, language: str = "") -> str:
    return f"{prefix(contest.community)}{language}{contest.slug}/results/"


def test_ballots_known_from_protocols_are_told_apart(db: None, voting_day: None) -> None:
    contest, projects = paper_contest(mode="totals")
    oksana = given.official("Оксана", "operator", contest.community)
    iryna = given.official("Ірина", "commission", contest.community)
    numbers = {"issued": 9, "valid": 7, "invalid": 1, "spoiled": 1, "unused": 0}
    with clock.at(given.day(46)):
        batch = put_totals(
            contest=contest, name="Дільниця", votes={projects[0].code: 7, projects[1].code: 2}, expected=numbers,
            by=oksana,
        )  # fmt: skip
        close_batch(batch=batch, by=iryna)
    publish(contest, {"Марта": [projects[1]]})
    seen = page(browser().get(results(contest, "en/"))).text
    assert "by protocols of polling points: 7" in seen
    explained = browser().get(f"{results(contest, 'en/')}explanation.html")
    assert "7 of them on protocols" in explained.content.decode().replace("\u00a0", " ")


def test_winners_and_the_reason_of_every_loser(over: Contest) -> None:
    seen = page(browser().get(results(over, "en/"))).text
    for title in ("Сквер", "Майданчик", "Лавки", "Фонтан"):
        assert title in seen
    assert seen.count("Won:") == 2
    assert seen.count("Did not fit:") == 1
    assert "Below the threshold: 1 vote short of 2 votes." in seen


@pytest.mark.parametrize(
    ("number", "words"), [(1, "Won"), (2, "Did not fit"), (3, "Won"), (4, "Below the threshold")]
)
def test_a_projects_own_page_says_what_became_of_it(over: Contest, number: int, words: str) -> None:
    seen = page(browser().get(f"{prefix(over.community)}en/over/projects/{number}/"))
    assert words in seen.text
    assert f"{prefix(over.community)}en/over/results/" in seen.own_links


def test_the_files_have_the_hashes_the_page_shows(over: Contest) -> None:
    client = browser()
    shown = page(client.get(results(over))).text
    dossier = client.get(f"{results(over)}dossier.json")
    outcome = client.get(f"{results(over)}outcome.json")
    for answer in (dossier, outcome):
        assert answer["Content-Type"] == "application/json"
        assert "attachment" in answer["Content-Disposition"]
    assert hashlib.sha256(dossier.content).hexdigest() in shown
    assert hashlib.sha256(outcome.content).hexdigest() in shown


def test_anybody_repeats_the_count_from_the_dossier(over: Contest) -> None:
    client = browser()
    document = json.loads(client.get(f"{results(over)}dossier.json").content)
    announced = json.loads(client.get(f"{results(over)}outcome.json").content)
    assert count_ballots(Dossier.from_document(document)).document() == announced
    assert sorted(announced["funded"]) == ["1", "3"]


def test_the_dossier_tells_nothing_about_voters(over: Contest) -> None:
    text = browser().get(f"{results(over)}dossier.json").content.decode()
    assert not any(word in text for word in ("Марта", "Шевчук", "person", "token", "cast_at", "channel"))


def test_before_publication_there_is_neither_result_nor_file(ground: Ground) -> None:
    client = browser(ground.visitors["administrator"])
    for contest in (ground.voting, ground.draft):
        address = results(contest)
        assert client.get(address).status_code == 200
        assert "money-line" not in client.get(address).content.decode()
        assert client.get(f"{address}dossier.json").status_code == 404
        assert client.get(f"{address}outcome.json").status_code == 404


def test_only_the_two_named_files_exist(over: Contest) -> None:
    for name in ("ballots", "Dossier", "dossier.json", "..%2Fdossier", "x"):
        assert browser().get(f"{results(over)}{name}.json").status_code == 404, name


def test_the_rules_file_has_the_hash_that_was_frozen(over: Contest) -> None:
    client = browser()
    address = f"{prefix(over.community)}over/rules"
    document = client.get(f"{address}.json")
    assert hashlib.sha256(document.content).hexdigest() in page(client.get(f"{address}/")).text
    assert digest(json.loads(document.content)) == over.rules_version.digest


def test_a_receipt_is_found_among_the_openings_with_what_it_held(over: Contest) -> None:
    address = f"{prefix(over.community)}over/check/"
    openings = Opening.objects.filter(contest=over)
    assert openings.count() == 4
    for opening in openings:
        seen = page(browser().get(address, {"code": bytes(opening.commitment).hex().upper()}))
        titles = {each.code: each.title for each in over.projects.all()}
        for code, _value in opening.choices["choices"]:
            assert titles[code] in seen.text


def test_the_time_after_the_count_has_no_way_to_the_ballot(over: Contest) -> None:
    with clock.at(given.day(80)):
        links = page(browser().get(f"{prefix(over.community)}over/")).own_links
    assert f"{prefix(over.community)}over/results/" in links
    assert f"{prefix(over.community)}over/vote/" not in links
