"""Figures of a contest: counted once, kept fresh by the journal, the same numbers in every form."""

import csv
import io
import json
import random
import re

import pytest
from django.test import Client
from django.utils import translation
from tests import given
from tests.results.counted import certify, commission, counted, opened, publish, voted
from tests.surfaces.ground import prefix

from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.actions import sequence_all
from viche.projects.models import Project
from viche.reports.actions import count_tallies, refresh_tallies
from viche.reports.drawing import svg_of
from viche.reports.figure import HIDDEN, digest_of, plain_value
from viche.reports.measures import MEASURES
from viche.reports.models import Keeping, Tally
from viche.reports.queries import figure_of, figures_of, rows_of

pytestmark = pytest.mark.django_db


def kept(contest: Contest) -> dict[str, list]:
    return {
        each.measure: [row.document() for row in rows_of(each)]
        for each in Tally.objects.filter(contest=contest)
    }


def naive(contest: Contest) -> dict[str, list]:
    """Everything counted anew, beside what is kept."""
    fresh = Contest.objects.select_related("community__territory").get(pk=contest.pk)
    rows = {key: measure.count(fresh) for key, measure in MEASURES.items()}
    return {key: [row.document() for row in found] for key, found in rows.items() if found is not None}


def published(contest: Contest) -> None:
    count = counted(contest)
    for member in commission(contest):
        certify(count, member)
    publish(count)


def refreshed() -> int:
    sequence_all()
    return refresh_tallies()


def test_before_the_publication_nothing_of_the_result_is_counted():
    contest = opened()
    with clock.at(given.day(62)):
        refreshed()
        keys = {each.key for each in figures_of(contest)}
    assert {"course", "money-by-category", "turnout-by-day"} <= keys
    assert not keys & {"winners", "why-not", "satisfaction", "rules-compared"}
    money = figure_of(contest, "money-by-category")
    assert [row.values[4:] for row in money.rows] == [(None, None, None)] * len(money.rows)


def test_a_published_result_is_counted_from_the_published_ballots():
    contest = opened()
    published(contest)
    with clock.at(given.day(72)):
        refreshed()
    outcome = contest.publication.count.outcome
    winners = figure_of(contest, "winners")
    assert [row.key for row in winners.rows] == outcome["funded"]
    assert [row.values[3] for row in winners.rows] == [outcome["amounts"][code] for code in outcome["funded"]]
    (all_voters,) = figure_of(contest, "satisfaction").rows
    # four people voted; whoever named a winner is served
    assert all_voters.values[0] == 4
    own, *others = figure_of(contest, "rules-compared").rows
    assert own.key == contest.rules.counting.rule
    assert own.values[4] == 0
    assert own.values[1] == sum(outcome["amounts"].values())
    assert others


def test_winners_lie_on_a_map_the_larger_the_more_they_get():
    contest = opened()
    published(contest)
    amounts = contest.publication.count.outcome["amounts"]
    winners = list(Project.objects.filter(contest=contest, code__in=amounts).order_by("number"))
    with clock.at(given.day(72)):
        refreshed()
        assert figure_of(contest, "winners-on-map") is None, "none of them has a place"
        places = [(f"49.{5880 + 20 * n}00", f"34.{5510 + 20 * n}00") for n in range(len(winners))]
        for winner, (latitude, longitude) in zip(winners, places, strict=True):
            Project.objects.filter(pk=winner.pk).update(latitude=latitude, longitude=longitude)
        count_tallies(contest=contest)
    figure = figure_of(contest, "winners-on-map")
    assert [row.values for row in figure.rows] == [
        (winner.number, amounts[winner.code], *place) for winner, place in zip(winners, places, strict=True)
    ]
    circles = re.findall(r'<circle cx="(\d+)" cy="(\d+)" r="(\d+)".*?<title>(.*?): ', svg_of(figure))
    drawn = {title: (int(x), int(y), int(radius)) for x, y, radius, title in circles}
    assert len(drawn) == len(winners) > 1
    least, *_others, most = sorted(winners, key=lambda winner: amounts[winner.code])
    assert drawn[least.title][2] <= drawn[most.title][2]
    Project.objects.filter(pk=winners[0].pk).update(longitude=None)
    with clock.at(given.day(72)):
        count_tallies(contest=contest)
    assert len(figure_of(contest, "winners-on-map").rows) == len(winners) - 1, "half a place is none"
    south, north = drawn[winners[0].title], drawn[winners[-1].title]
    assert north[1] < south[1], "north is up"
    assert north[0] > south[0], "east is on the right"


def test_numbers_are_kept_fresh_by_the_journal_alone():
    contest = given.contest()
    with clock.at(given.day(3)):
        refreshed()
        assert not Tally.objects.filter(contest=contest).exists()
        given.admitted_project(contest, "Лавки", cost=15_000_000)
        assert refreshed() == 1
        assert kept(contest)["course"][0][1] == 1
        # nothing new: nothing is counted
        assert refreshed() == 0


def test_another_contest_is_left_alone():
    first, second = given.contest(), given.contest(slug="2027")
    with clock.at(given.day(3)):
        refreshed()
        given.admitted_project(second, "Лавки", cost=15_000_000)
        before = Keeping.objects.get(contest=first).counted_at
    with clock.at(given.day(3, hour=13)):
        assert refreshed() == 1
    assert Keeping.objects.get(contest=first).counted_at == before


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_equals_what_is_counted_anew_after_any_events(seed: int):
    chance = random.Random(seed)
    contest, moment = given.contest(), 1
    with clock.at(given.day(moment)):
        refreshed()
    projects = []
    for _step in range(8):
        moment += chance.randint(0, 2)
        with clock.at(given.day(moment)):
            if chance.random() < 0.7 or not projects:
                projects.append(
                    given.admitted_project(
                        contest, f"Проєкт {len(projects)}", cost=chance.randint(1, 40) * 1_000_000
                    )
                )
            refreshed()
            assert kept(contest) == naive(contest)


def test_a_stage_that_begins_is_counted_without_any_entry():
    contest = voted()
    with clock.at(given.day(46)):
        refreshed()
        live = kept(contest)["turnout-by-channel"]
    with clock.at(given.day(61)):
        assert refreshed() == 1
        ended = kept(contest)["turnout-by-channel"]
        assert kept(contest) == naive(contest)
    # so few voters are never told apart, neither while the voting goes on nor after it
    assert live == ended == [["online", HIDDEN]]


def test_page_file_picture_and_document_tell_the_same_numbers(client: Client):
    contest = opened()
    published(contest)
    with clock.at(given.day(72)):
        refreshed()
        address = f"{prefix(contest.community)}{contest.slug}/figures"
        page = client.get(f"{address}/").content.decode()
        document = json.loads(client.get(f"{address}.json").content)
        for told in document["figures"]:
            figure = figure_of(contest, told["key"])
            assert told["sha256"] == figure.digest == digest_of(figure.key, figure.columns, figure.rows)
            assert [each["values"] for each in told["rows"]] == [list(row.values) for row in figure.rows]
            rows = list(csv.reader(io.StringIO(client.get(f"{address}/{figure.key}.csv").content.decode())))
            kinds = [column.kind for column in figure.columns]
            assert [row[2:] for row in rows[1:]] == [
                [plain_value(kind, value) for kind, value in zip(kinds, row.values, strict=True)]
                for row in figure.rows
            ]
            if figure.key != "summary":
                for label, texts, _href in figure.lines():
                    assert label in page
                    assert all(text in page for text in texts)
            own = client.get(f"{address}/{figure.key}/")
            assert own.status_code == 200
            assert figure.short_digest in own.content.decode()


def test_a_digest_knows_no_language():
    contest = opened()
    with clock.at(given.day(62)):
        refreshed()
    with translation.override("uk"):
        ukrainian = {each.key: each for each in figures_of(contest)}
    with translation.override("en"):
        english = {each.key: each for each in figures_of(contest)}
    assert {key: each.digest for key, each in ukrainian.items()} == {
        key: each.digest for key, each in english.items()
    }
    assert ukrainian["course"].title != english["course"].title


def test_pictures_are_whole_numbers_and_escaped():
    contest = given.contest()
    given.admitted_project(contest, "<script>alert(1)</script>", cost=15_000_000)
    with clock.at(given.day(41)):
        count_tallies(contest=contest)
        for figure in figures_of(contest):
            drawn = svg_of(figure)
            if drawn is not None:
                assert "<script" not in drawn
                assert 'role="img"' in drawn


def test_there_is_no_figure_of_another_name(client: Client):
    contest = given.contest()
    assert client.get(f"{prefix(contest.community)}{contest.slug}/figures/nothing/").status_code == 404
    assert client.get(f"{prefix(contest.community)}{contest.slug}/figures/nothing.csv").status_code == 404
    assert client.get(f"{prefix(contest.community)}{contest.slug}/figures/").status_code == 200
