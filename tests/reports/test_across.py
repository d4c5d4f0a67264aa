"""Many contests at once: sums of parts are the whole, what is too small is hidden, nothing is ranked."""

import csv
import io
import json
import random

import pytest
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import given
from tests.reports.country import put_summary, seed_country, summary
from tests.reports.lines import columns
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened
from tests.surfaces.ground import prefix

from viche.communities.actions import archive_community
from viche.communities.latin import alphabetical
from viche.communities.models import Territory
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.reports.across import bodies_of, compared, ordered, overview, years_of
from viche.reports.across.overview import SIZES
from viche.reports.across.similar import ENOUGH, MOST
from viche.reports.across.sums import BODIES, LEAST, PARTS, body_sums, together
from viche.reports.figure import HIDDEN
from viche.reports.measures.summary import COLUMNS, count_summary
from viche.reports.models import Tally

pytestmark = pytest.mark.django_db

POLTAVA_REGION = "UA53000000000028050"
ADDITIVE = ("bodies", "contests", "members", "voters", "published", "won_amount", "built")


def counted(contest: Contest, **known: object) -> None:
    put_summary(contest, summary(**known))


def hromada(number: int, *, year: int = 2026) -> Contest:
    return Contest.objects.get(community__slug=f"hromada-{number}", year=year)


def usual(**known: object) -> dict:
    return {
        "published": 10, "admitted": 8, "voters": 100, "members": 1000, "won": 2, "won_amount": 40_000_00,
        "built": 1, "days": 200, "budget": 50_000_00, **known,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_of_a_territory_make_the_whole_at_every_level(seed: int):
    seed_country(most=300, seed=seed)
    country = overview()
    parts = country.parts()
    assert len(parts.rows) == Territory.objects.filter(parent=None, closed_at=None).count()
    for key in ADDITIVE:
        known = [columns(parts, row)[key] for row in parts.rows]
        assert sum(value for value in known if isinstance(value, int)) == columns(parts)[key]
    for row in parts.rows:
        if not columns(parts, row)["bodies"]:
            continue
        inside = overview(Territory.objects.get(pk=row.key))
        assert inside.total.values(PARTS) == row.values == inside.parts().total
        assert inside.bodies().total == row.values[1:]
        # the same bodies, whichever way they are asked for
        assert inside.bodies().rows == bodies_of(inside.territory).rows
        grouped = [body for group in inside.by_size() for body in group.rows]
        assert sorted(grouped, key=lambda each: each.key) == sorted(
            inside.bodies().rows, key=lambda each: each.key
        )


def test_voters_of_a_small_body_are_hidden_and_found_in_no_sum():
    seed_country(most=3)
    regions = {Territory.objects.get(pk=hromada(n).community.territory.path[:19]) for n in (1, 2, 3)}
    (region,) = regions
    counted(hromada(1), **usual(voters=LEAST - 1))
    counted(hromada(2), **usual(voters=LEAST))
    counted(hromada(3), **usual(voters=200, members=4000))
    view = overview(region)
    small = columns(view.bodies(), "hromada-1")
    assert (small["voters"], small["per_thousand"]) == (HIDDEN, HIDDEN)
    # what is no number of people stays
    assert small["won_amount"] == 40_000_00
    assert columns(view.bodies())["voters"] == LEAST + 200
    assert columns(view.bodies())["per_thousand"] == (LEAST + 200) * 1000 * 100 // 5000
    assert any(str(LEAST) in note for note in view.bodies().notes)
    # nobody voted: that tells of nobody
    counted(hromada(1), **usual(voters=0))
    assert columns(overview(region).bodies(), "hromada-1")["voters"] == 0


def test_where_every_body_is_small_the_part_is_hidden_too():
    seed_country(most=1)
    counted(hromada(1), **usual(voters=3))
    row = next(row for row in overview().parts().rows if row.values[0])
    assert columns(overview().parts(), row)["voters"] == HIDDEN


def test_without_a_register_nothing_is_said_for_each_resident():
    seed_country(most=2)
    counted(hromada(1), **usual(members=None))
    counted(hromada(2), **usual())
    view = overview()
    alone = columns(view.bodies(), "hromada-1")
    assert alone["voters"] == 100
    assert (alone["members"], alone["per_thousand"], alone["money_each"]) == (None, None, None)
    # the body with a register alone makes the averages
    assert columns(view.bodies())["per_thousand"] == 100 * 1000 * 100 // 1000
    assert columns(view.bodies())["money_each"] == 40_000_00 // 1000
    with translation.override("en"):
        assert any("1 community has no register" in note for note in view.bodies().notes)


def test_two_contests_of_a_body_in_one_year_name_its_people_once():
    lines = [summary_of(**usual()), summary_of(**usual(voters=300, members=900, won_amount=None, won=None))]
    sums = body_sums(lines)
    assert (sums.contests, sums.voters, sums.members) == (2, 400, 1000)
    # the second one has no result yet: its first voters are not held against its whole register
    assert sums.per_thousand == 100 * 1000 * 100 // 1000
    both = body_sums([lines[0], summary_of(**usual(voters=300, members=900))])
    assert both.per_thousand == 400 * 1000 * 100 // 1900
    assert sums.money_each == 40_000_00 // 1000


def summary_of(**known: object) -> dict:
    return dict(zip([column.key for column in COLUMNS], summary(**known), strict=True))


def test_money_in_another_currency_is_not_added_up():
    seed_country(most=2)
    Contest.objects.filter(community__slug="hromada-1").update(currency="PLN")
    counted(hromada(1), **usual(won_amount=99))
    counted(hromada(2), **usual(won_amount=40_000_00))
    figure = overview().bodies()
    assert columns(figure)["won_amount"] == 40_000_00
    assert columns(figure, "hromada-1")["won_amount"] is None
    assert columns(figure, "hromada-1")["voters"] == 100
    assert years_of(hromada(1).community).currency == "PLN"
    assert columns(years_of(hromada(1).community), "2026")["won_amount"] == 99


def test_what_was_not_reviewed_yet_is_not_called_refused():
    running = summary_of(published=40, admitted=0)
    assert body_sums([running]).admission is None
    assert body_sums([running, summary_of(**usual())]).admission == 8000


def test_a_body_that_left_is_in_no_overview_and_keeps_its_years():
    contest = opened()
    published(contest)
    seed_country(most=1)
    with clock.at(given.day(72)):
        refreshed()
        assert len(overview().bodies().rows) == 2
        archive_community(community=contest.community, decision="№ 1", by=SYSTEM)
    assert [row.key for row in overview().bodies().rows] == ["hromada-1"]
    assert [row.key for row in years_of(contest.community).rows] == [contest.slug]


def test_rows_stand_by_name_and_move_only_when_the_reader_wants():
    seed_country(most=60)
    figure = overview().bodies()
    names = [figure.label(row) for row in figure.rows]
    assert names == sorted(names, key=alphabetical)
    moved = ordered(figure, "won_amount")
    amounts = [columns(moved, row)["won_amount"] for row in moved.rows]
    known = [value for value in amounts if value is not None]
    assert known == sorted(known, reverse=True)
    assert amounts[len(known) :] == [None] * (len(amounts) - len(known))
    assert ordered(figure, "no such column") == figure
    assert sorted(moved.rows, key=repr) == sorted(figure.rows, key=repr)


def test_the_year_is_the_latest_that_is_not_in_the_future():
    seed_country(years=(2024, 2025, 2027), most=2)
    with clock.at(given.day(40)):
        assert overview().years == (2027, 2025, 2024)
        assert overview().year == 2025
        assert overview(year=2024).year == 2024
        assert overview(year=1999).year == 2025
    Tally.objects.exclude(contest__year=2027).delete()
    with clock.at(given.day(40)):
        assert overview().year == 2027


def test_years_stand_from_the_earliest_to_the_latest():
    seed_country(years=(2026, 2024, 2025), most=1)
    figure = years_of(hromada(1).community, is_short=True)
    assert [row.key for row in figure.rows] == ["2024", "2025", "2026"]
    assert [figure.label(row) for row in figure.rows] == ["2024", "2025", "2026"]


def test_only_the_most_followed_of_their_size_are_named_by_name_with_their_rules():
    seed_country(most=24)
    for number in range(1, 25):
        size = 1_000 if number <= 12 else 50_000
        counted(hromada(number), **usual(members=size, voters=size * number // 100))
    found = overview().practices()
    chosen = {each.body.slug for each in found}
    # the upper quarter of each group of size, the small beside the small
    assert chosen == {f"hromada-{n}" for n in (10, 11, 12, 22, 23, 24)}
    names = [each.body.title for each in found]
    assert names == [row for row in (b.title for b in overview().communities.values()) if row in names]
    assert {each.contest.rules.counting.rule for each in found} == {"greedy-v1"}
    assert max(SIZES) > 50_000


def test_too_few_of_a_size_are_not_compared_with_one_another():
    seed_country(most=3)
    for number in (1, 2, 3):
        counted(hromada(number), **usual())
    assert overview().practices() == []


def test_a_body_stands_among_the_nearest_of_its_level():
    seed_country(most=60)
    for number in range(1, 61):
        counted(hromada(number), **usual(members=1_000 + 10 * number, voters=10 * number))
    own = hromada(30)
    found = compared(own.community)
    assert found.basis == "register"
    assert set(found.communities) == {f"hromada-{n}" for n in range(20, 41) if n != 30}
    assert len(found.communities) == MOST
    rows = {row.key: columns(found.quarters, row) for row in found.quarters.rows}
    rates = sorted(10 * n * 100_000 // (1_000 + 10 * n) for n in range(20, 41) if n != 30)
    assert rows["own"]["per_thousand"] == 300 * 100_000 // 1_300
    assert [rows[key]["per_thousand"] for key in ("lower", "median", "upper")] == [
        rates[4],
        rates[9],
        rates[14],
    ]
    assert rows["median"]["cost_each"] == 20_000_00
    names = [found.bodies.label(row) for row in found.bodies.rows]
    assert [each.title for each in found.communities.values()] == names


def test_without_a_register_bodies_of_similar_money_are_compared():
    seed_country(most=12)
    for number in range(1, 13):
        counted(hromada(number), **usual(members=None, budget=number * 1_000_00))
    found = compared(hromada(12).community)
    assert found.basis == "budget"
    # no more than four times as small
    assert set(found.communities) == {f"hromada-{n}" for n in range(3, 12)}
    rows = {row.key: columns(found.quarters, row) for row in found.quarters.rows}
    assert rows["median"]["per_thousand"] is None
    assert rows["median"]["admission"] == 8000


def test_with_fewer_than_five_similar_bodies_nothing_is_compared(client: Client):
    seed_country(most=ENOUGH)
    for number in range(1, ENOUGH + 1):
        counted(hromada(number), **usual())
    found = compared(hromada(1).community)
    assert (len(found.communities), found.quarters, found.bodies) == (ENOUGH - 1, None, None)
    page = client.get("/hromada-1/en/compared/").content.decode()
    assert "nothing to compare with yet" in page
    assert client.get("/hromada-1/compared.csv").status_code == 404


def test_bodies_of_another_level_are_not_similar():
    city = given.contest()
    counted(city, **usual())
    seed_country(most=8)
    for number in range(1, 9):
        counted(hromada(number), **usual())
    assert compared(city.community).communities == {}
    assert city.community.slug not in compared(hromada(1).community).communities


def test_before_there_is_a_contest_pages_say_so(client: Client):
    body = given.community()
    assert compared(body) is None
    assert years_of(body) is None
    for address in (
        "/regions/",
        f"/regions/{POLTAVA_REGION}/",
        f"{prefix(body)}years/",
        f"{prefix(body)}compared/",
    ):
        assert client.get(address).status_code == 200
    for address in (
        "/regions/UA/parts.csv",
        f"{prefix(body)}years.csv",
        "/regions/UA00/",
        "/regions/UA00/bodies.csv",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("seed", range(3))
def test_overviews_equal_what_is_counted_anew_after_any_events(seed: int):
    """Kept summaries against a naive count of every contest, after each step of a random course."""
    chance = random.Random(seed)
    bodies = [given.community(), given.community(given.LVIV)]
    contests = [given.contest(body, slug=slug) for body in bodies for slug in ("2026", "school-2026")]
    moment = 1
    for _step in range(6):
        moment += chance.randint(0, 2)
        with clock.at(given.day(moment)):
            for _project in range(chance.randint(0, 2)):
                where = contests[0] if chance.random() < 0.5 else contests[1]
                given.admitted_project(
                    where, f"Проєкт {chance.random()}", cost=chance.randint(1, 40) * 1_000_000
                )
            refreshed()
            naive = {}
            for body in bodies:
                lines = []
                for contest in Contest.objects.filter(community=body).select_related("community__territory"):
                    rows = count_summary(contest)
                    if rows:
                        lines.append(dict(zip([c.key for c in COLUMNS], rows[0].values, strict=True)))
                if lines:
                    naive[body.slug] = body_sums(lines)
            figure = bodies_of(year=2026)
            kept = {row.key: row.values for row in figure.rows} if figure else {}
            assert kept == {slug: sums.values(BODIES) for slug, sums in naive.items()}
            if naive:
                assert overview(year=2026).parts().total == together(naive.values()).values(PARTS)


def test_page_and_files_tell_the_same_numbers(client: Client):
    seed_country(most=40)
    region = Territory.objects.get(pk=hromada(1).community.territory.path[:19])
    view = overview(region)
    for of, figure in (("parts", view.parts()), ("bodies", view.bodies())):
        address = f"/regions/{region.code}/{of}"
        document = json.loads(client.get(f"{address}.json").content)
        (sent,) = document["figures"]
        assert sent["sha256"] == figure.digest
        assert [row["values"] for row in sent["rows"]] == [list(row.values) for row in figure.rows]
        rows = list(csv.reader(io.StringIO(client.get(f"{address}.csv").content.decode())))
        assert [row[0] for row in rows[1:]] == [row.key for row in figure.rows]
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}.xlsx").content))
        sheet = book.get_sheet_by_index(1).to_python()
        assert [row[0] for row in sheet[1:]] == [figure.label(row) for row in figure.rows]
        page = client.get(f"/regions/{region.code}/").content.decode()
        for _label, texts, _href in figure.lines():
            assert all(text in page for text in texts)
    assert "/hromada-1/years/" in page
    years = years_of(hromada(1).community)
    own = client.get("/hromada-1/years/").content.decode()
    assert all(text in own for _label, texts, _href in years.lines() for text in texts)
    assert "<svg" in client.get("/regions/UA/parts.svg?by=built").content.decode()
    assert client.get("/regions/UA/").status_code == 302


def test_the_map_shades_what_is_known_and_says_what_is_not(client: Client):
    seed_country(most=1)
    counted(hromada(1), **usual())
    region = hromada(1).community.territory.path[:19]
    drawn = client.get("/en/regions/UA/parts.svg?by=per_thousand").content.decode()
    # one region of all has a number, and the picture's legend shows every step once
    assert drawn.count("chart-shade-none") == Territory.objects.filter(parent=None, closed_at=None).count()
    assert f"{Territory.objects.get(pk=region).full_name}: 100" in drawn
    assert "not known" in drawn
    assert 'role="img"' in drawn
