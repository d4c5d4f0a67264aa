"""Pages cost the same number of queries however many things they show."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import given
from tests.surfaces.ground import browser, prefix, publish, resident
from viche.communities.models import Community, Territory
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person

FEW, MANY = 3, 12


def queries(address: str, person: Person | None = None) -> int:
    """Queries of one look at a page, after a first look that fills the caches of the process."""
    client = browser(person)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def voting(projects: int, number: int = 0) -> Contest:
    contest, _projects = given.voting_contest(projects=projects, slug=f"voting-{number}")
    return contest


def published(projects: int, number: int = 0) -> Contest:
    contest, made = given.voting_contest(projects=projects, slug=f"published-{number}")
    publish(contest, {"Марта": made[:2], "Юрій": made[1:3]})
    return contest


def page_of(contest: Contest, name: str) -> str:
    return f"{prefix(contest.community)}{contest.slug}/{name}"


@pytest.mark.parametrize(
    ("make", "name", "limit"),
    [
        (voting, "", 16),
        (voting, "projects/", 16),
        (voting, "projects/?q=проєкт", 16),
        (voting, "vote/", 16),
        (voting, "projects/1/", 26),
        (published, "results/", 15),
        (voting, "data/", 40),
        (published, "data/", 50),
        (published, "data/projects.csv", 40),
    ],
)
def test_a_contests_pages_ask_as_little_with_twelve_projects_as_with_three(
    db: None, voting_day: None, make: Callable[[int, int], Contest], name: str, limit: int
) -> None:
    few, many = (queries(page_of(make(number, number), name)) for number in (FEW, MANY))
    assert few == many <= limit


@pytest.mark.parametrize("name", ["office/", "office/{}/", "my/"])
def test_officials_pages_ask_as_little_with_twelve_projects_as_with_three(
    db: None, voting_day: None, name: str
) -> None:
    counted = []
    for number in (FEW, MANY):
        contest = given.contest(slug=f"review-{number}")
        for place in range(number):
            given.submitted_project(contest, f"Проєкт {place}")
        if not counted:
            given.official("Ірина", "commission", contest.community)
        person = given.person("Олена" if name == "my/" else "Ірина")
        with clock.at(given.day(25)):
            counted.append(queries(prefix(contest.community) + name.format(contest.slug), person))
        contests = Contest.objects.count()
    # the desk and the own page look into each contest: one more of them is the only reason for more queries
    few, many = counted
    assert contests == 2
    assert many - few <= {"office/": 9, "my/": 2}.get(name, 0)


def communities(number: int) -> None:
    """So many further bodies, each with three contests."""
    for city in Territory.objects.filter(category="M", name__in=NAMES[:number]).order_by("code"):
        if Community.objects.filter(territory=city).exists():
            continue
        body = given.community(city.code)
        for place in range(3):
            given.contest(body, slug=f"contest-{place}")


NAMES = (
    *("Ірпінь", "Буча", "Бровари", "Обухів", "Фастів", "Канів"),
    *("Умань", "Сміла", "Трускавець", "Стрий", "Самбір", "Дубно"),
)


@pytest.mark.parametrize("address", ["/", "/?q=Полтава"])
def test_the_start_page_asks_as_little_with_twelve_communities_as_with_three(
    db: None, voting_day: None, address: str
) -> None:
    given.contest()
    communities(FEW)
    few = queries(address)
    communities(MANY)
    assert len(browser().get(address).context["cards"]) == MANY + 1
    assert queries(address) == few <= 8


def test_a_communitys_home_describes_a_bounded_number_of_contests(db: None, voting_day: None) -> None:
    """Twenty years of contests are all reachable, but only the latest are described."""
    body = given.community()
    for year in range(1, 21):
        given.contest(body, slug=f"of-{year}")
    assert queries(prefix(body)) <= 62
    text = browser().get(prefix(body)).content.decode()
    assert all(f"{prefix(body)}of-{year}/" in text for year in range(1, 21))


def test_a_voters_own_page_of_the_ballot_costs_no_more_than_a_strangers(db: None, voting_day: None) -> None:
    few, many = voting(FEW, FEW), voting(MANY, MANY)
    person = resident()
    assert queries(page_of(few, "vote/"), person) == queries(page_of(many, "vote/"), person) <= 25
    assert (
        queries(page_of(few, "vote/review/"), person) == queries(page_of(many, "vote/review/"), person) <= 20
    )


@pytest.mark.parametrize(("address", "limit"), [("/bodies/", 9), ("/bodies/?level=city&state=voting", 9)])
def test_the_national_list_asks_as_little_with_twelve_communities_as_with_three(
    db: None, voting_day: None, address: str, limit: int
) -> None:
    communities(FEW)
    few = queries(address)
    communities(MANY)
    assert browser().get(address).context["page"].paginator.count == MANY
    assert queries(address) == few <= limit


def test_a_region_with_twelve_bodies_inside_asks_as_little_as_with_three(db: None, voting_day: None) -> None:
    region = given.community("UA32000000000030281")
    counted = []
    inside = Territory.objects.filter(category="H", path__startswith=region.territory.path).order_by("code")
    for number in (FEW, MANY):
        for hromada in inside[:number]:
            given.contest(given.community(hromada.code, slug=f"h-{hromada.code[-5:]}"), slug=f"c-{number}")
        counted.append((queries(prefix(region)), queries("/bodies/UA32000000000030281/")))
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 16
