"""contest.pb: what Pabulib's own checker accepts, of our contests and of real elections of every kind of vote."""

import os
from collections import Counter
from pathlib import Path

import pytest
from tests import given
from tests.connectors.finished import finished_contest, published_contest
from tests.connectors.test_record_of_paper import Election
from tests.paper_box import VOTING, printed
from tests.rulebook.pabulib_checker import errors_of

from rulebook.counting import count
from rulebook.pabulib import read
from viche.ballots.papers import close_batch, put_totals
from viche.connectors.open_data.actions import prepare_part
from viche.connectors.open_data.files import FINAL
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation import clock
from viche.results.models import Count

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
# one of each kind of vote, small ones
ELECTIONS = {
    "approval": "US_Stanford_Dataset_PB_Chicago_10th_Ward_2017_vote_approvals.pb",
    "ordinal": "US_Stanford_Dataset_PB_Chicago_35th_Ward_2021_vote_rankings.pb",
    "cumulative": "Poland_Czestochowa_2020_Grabowka.pb",
    "choose-1": "Poland_Zabrze_2020_Konczyce.pb",
}
SCORING = """META
key;value
description;Оцінки
country;Ukraine
unit;Полтава
instance;2024
num_projects;3
num_votes;3
budget;900
vote_type;scoring
rule;greedy
date_begin;01.09.2024
date_end;14.09.2024
max_points;5
currency;UAH
PROJECTS
project_id;cost;votes;score;name;selected
1;500;3;11;Сквер;1
2;400;2;6;Лавки;1
3;300;1;1;Вежа;0
VOTES
voter_id;vote;points
1;1,2;5,4
2;1,2;3,2
3;1,3;3,1
"""


def pb_of(contest: Contest) -> str:
    return prepare_part(contest=contest, part=FINAL).files["contest.pb"].path.read_text()


def test_the_checker_accepts_our_contest_and_the_count_of_the_file_is_ours(db: None):
    contest = finished_contest(70)
    text = pb_of(contest)
    assert errors_of(text) == {}
    election = read(text)
    outcome = Count.objects.get(contest=contest).outcome
    assert election.official == set(outcome["funded"])
    assert (election.voters, election.meta["country"], election.meta["unit"]) == (
        70,
        "Ukraine",
        "Poltava city",
    )
    assert (election.meta["date_begin"], election.meta["date_end"]) == ("10.04.2026", "30.04.2026")
    # running numbers over grouped ballots: nothing of the order in which people voted, nor of the list of openings
    assert election.columns["voter_id"] == [str(number) for number in range(1, 71)]
    assert sorted(election.columns["vote"]) == election.columns["vote"]


def elections() -> list[pytest.param]:
    without = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real elections are not here")
    found = [pytest.param(name, marks=[without, pytest.mark.pabulib], id=name) for name in ELECTIONS]
    return [*found, pytest.param("scoring", id="scoring")]


@pytest.mark.parametrize("kind", elections())
def test_a_real_election_taken_over_and_given_away_again_is_the_same(db: None, kind: str):
    content = SCORING.encode() if kind == "scoring" else (FOLDER / ELECTIONS[kind]).read_bytes()
    contest = import_election(content=content, community=given.community()).contest
    before, text = read(content), pb_of(contest)
    # what is wrong with a published file is no fault of ours; nothing else is wrong afterwards
    assert set(errors_of(text)) <= set(errors_of(content.decode("utf-8-sig")))
    after = read(text)
    assert before.vote_type == kind
    # of points that were cumulative, the limit of their sum is not taken over: they come out as scores
    assert after.vote_type == ("scoring" if kind == "cumulative" else kind)
    assert (after.budget, after.meta["country"]) == (before.budget, before.meta["country"])
    assert {each.id: each.cost for each in after.projects} == {each.id: each.cost for each in before.projects}
    assert Counter(after.groups) == Counter({each: number for each, number in before.groups.items() if each})
    published = Count.objects.get(contest=contest).outcome["funded"]
    assert set(count(after.dossier()).funded) == set(published) == after.official


def test_a_contest_whose_votes_are_partly_known_from_protocols_says_why_it_has_no_such_file(db: None):
    election = Election(mode="totals")
    printed(election.contest)
    election.votes("Петро", 0)
    election.takes("Марія", 1)
    iryna = given.official("Ірина", "commission", election.contest.community)
    numbers = {"issued": 1, "valid": 1, "invalid": 0, "spoiled": 0, "unused": 0}
    with clock.at(VOTING):
        batch = put_totals(
            contest=election.contest, name="Дільниця 1", votes={election.projects[1].code: 1}, expected=numbers,
            by=election.oksana,
        )  # fmt: skip
        close_batch(batch=batch, by=iryna)
    found = prepare_part(contest=published_contest(election.contest), part=FINAL)
    assert found.missing == {"contest.pb": "ballots_on_protocols"}
    assert set(found.files) == {"votings.csv", "votings.csv-metadata.json", "contest.json"}
    # the vote of the protocol has no row of its own, and is counted in the table of projects
    assert found.files["votings.csv"].rows == 1
