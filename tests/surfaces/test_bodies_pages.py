"""The national view: who holds contests, on a map and in a list; and the bodies inside a body with their sums."""

import re

import pytest

from tests import given
from tests.surfaces.ground import browser, page, prefix, publish
from viche.communities.models import Community, Territory
from viche.communities.outlines import outlines
from viche.communities.queries import regions
from viche.foundation import clock
from viche.portal.contest_page import contest_facts
from viche.portal.maps import country
from viche.results.queries import figures_of_bodies

REGION, RAION, POLTAVA_HROMADA = "UA53000000000028050", "UA53080000000068029", "UA53080370000025447"


@pytest.fixture
def bodies(db: None) -> dict[str, Community]:
    """A region, a raion, a hromada of it, its city with a published and a voting contest, and Lviv without any."""
    found = {
        "region": given.community(REGION), "raion": given.community(RAION, slug="poltavskyi"),
        "hromada": given.community(given.MACHUKHY), "city": given.community(), "lviv": given.community(given.LVIV),
    }  # fmt: skip
    contest, projects = given.voting_contest(found["city"], slug="2025")
    publish(contest, {"Марта": projects[:2], "Юрій": projects[1:3]})
    given.voting_contest(found["city"], slug="2026", projects=3)
    given.contest(found["hromada"], slug="2026")
    return found


def listed(address: str) -> list[str]:
    with clock.at(given.day(45)):
        return [row["community"].slug for row in browser().get(address).context["rows"]]


class TestTheMap:
    def test_every_region_has_its_outline_or_its_ring_and_a_link(self, bodies) -> None:
        drawn = country(regions(), {})
        assert len(drawn.regions) == 27
        assert all(bool(each.outline) != bool(each.point) for each in drawn.regions)
        text = browser().get("/bodies/").content.decode()
        start = text.index('viewBox="0 0 500 335"')
        svg = text[start : text.index("</svg>", start)]
        assert {
            f"/bodies/{code}/"
            for code in Territory.objects.filter(parent=None).values_list("code", flat=True)
        } == set(re.findall(r'href="([^"]+)"', svg))

    def test_an_outline_stays_inside_the_drawing(self) -> None:
        for code, path in outlines().items():
            for piece in re.findall(r"M(\d+) (\d+)l([^z]*)z", path):
                x, y = int(piece[0]), int(piece[1])
                steps = list(map(int, re.findall(r"-?\d+", piece[2])))
                for dx, dy in zip(steps[::2], steps[1::2], strict=True):
                    x, y = x + dx, y + dy
                    assert 0 <= x <= 500, code
                    assert 0 <= y <= 335, code

    def test_a_region_is_coloured_by_the_number_of_its_bodies(self, bodies) -> None:
        context = browser().get("/bodies/").context
        shown = {each.territory.code: (each.number, each.shade) for each in context["country"].listed}
        assert shown[REGION] == (4, 2)
        assert shown["UA46000000000026241"] == (1, 1)
        assert shown["UA80000000000093317"] == (0, 0)
        assert context["number"] == 5
        names = [each.territory.name for each in context["country"].listed]
        assert names.index("Закарпатська") < names.index("Івано-Франківська") < names.index("Київська")

    def test_a_body_that_has_left_is_counted_no_more(self, bodies) -> None:
        Community.objects.filter(pk=bodies["lviv"].pk).update(archived_at=given.day(0))
        assert browser().get("/bodies/").context["number"] == 4
        assert "lviv" not in listed("/bodies/")


class TestTheList:
    @pytest.mark.parametrize(
        ("query", "slugs"),
        [
            ("", {"poltavska", "poltavskyi", "machukhivska", "poltava", "lviv"}),
            ("region=UA46000000000026241", {"lviv"}),
            (f"region={REGION}&level=city", {"poltava"}), ("level=region", {"poltavska"}),
            ("level=district", {"poltavskyi"}),
            ("level=hromada", {"machukhivska"}), ("level=city-district", set()), ("q=Мачух", {"machukhivska"}),
            ("q=lviv", {"lviv"}), ("q=нетутакого", set()), ("state=voting", {"poltava", "machukhivska"}),
            ("state=running", {"poltava", "machukhivska"}), ("state=finished", set()),
            ("state=nonsense&level=x&region=y&page=99", 5),
        ],
    )  # fmt: skip
    def test_it_is_narrowed_by_region_level_state_and_words(self, bodies, query, slugs) -> None:
        found = listed(f"/bodies/?{query}")
        assert len(found) == slugs if isinstance(slugs, int) else set(found) == slugs

    def test_a_body_whose_voting_is_over_has_finished(self, bodies) -> None:
        with clock.at(given.day(75)):
            rows = browser().get("/bodies/?state=finished").context["rows"]
        assert {row["community"].slug for row in rows} == {"poltava", "machukhivska"}

    def test_a_line_shows_the_contest_where_something_can_be_done_its_money_and_its_projects(
        self, bodies
    ) -> None:
        with clock.at(given.day(45)):
            [row] = browser().get("/bodies/?q=Полтава&level=city").context["rows"]
            facts = contest_facts(row["facts"]["contest"])
        assert (row["budget"], row["projects"]) == (facts["budget"], facts["projects"])
        assert row["href"] == "/poltava/"

    def test_the_pages_lead_on(self, db: None) -> None:
        cities = Territory.objects.filter(category="M", path__startswith="UA53").order_by("code")
        for number, city in enumerate(
            [*cities, *Territory.objects.filter(category="H", path__startswith="UA53")[:14]]
        ):
            given.community(city.code, slug=f"town-{number}")
        first, second = listed("/bodies/"), listed("/bodies/?page=2")
        assert len(first) == 24
        assert second
        assert not set(first) & set(second)


class TestARegion:
    def test_its_bodies_and_its_hromadas_that_wait(self, bodies) -> None:
        answer = browser().get(f"/bodies/{REGION}/")
        assert {row["community"].slug for row in answer.context["rows"]} == {
            "poltavska", "poltavskyi", "machukhivska", "poltava",
        }  # fmt: skip
        assert (answer.context["connected"], answer.context["hromadas"]) == (1, 60)
        text = page(answer).text
        assert "Решетилівська громада" in text

    @pytest.mark.parametrize("name", ["UA00000000000000000", RAION, "poltava", "%00", "../x"])
    def test_what_is_no_region_is_not_found(self, db: None, name: str) -> None:
        assert browser().get(f"/bodies/{name}/").status_code in {400, 404}


class TestBodiesInside:
    def test_the_sums_are_those_of_the_single_pages(self, bodies) -> None:
        with clock.at(given.day(75)):
            inside = browser().get(prefix(bodies["region"])).context["inside"]
            rows = {figures.community.slug: figures for figures, _href in inside["rows"]}
            assert list(rows) == ["poltavskyi", "machukhivska", "poltava"]
            for slug, body in (("machukhivska", bodies["hromada"]), ("poltava", bodies["city"])):
                facts = [contest_facts(contest) for contest in body.contests.all()]
                own = rows[slug]
                assert own.contests == len(facts)
                assert own.money == {"UAH": sum(each["budget"] for each in facts)}
                assert own.projects == sum(each["projects"] for each in facts)
                assert own.voters == sum(each["turnout"] for each in facts)
                assert own.winners == sum(
                    each["by_state"].get(state, 0)
                    for each in facts
                    for state in ("funded", "in_progress", "implemented")
                )
        assert rows["poltava"].winners > 0
        assert rows["poltava"].voters == 2
        total = inside["total"]
        assert total["money"] == {"UAH": sum(each.money.get("UAH", 0) for each in rows.values())}
        for name in ("contests", "projects", "winners", "voters"):
            assert total[name] == sum(getattr(each, name) for each in rows.values())

    def test_where_nothing_lies_inside_nothing_is_said(self, bodies) -> None:
        assert browser().get(prefix(bodies["lviv"])).context["inside"] is None

    def test_a_body_that_has_left_is_marked_and_still_counted(self, bodies) -> None:
        Community.objects.filter(pk=bodies["city"].pk).update(archived_at=given.day(71))
        with clock.at(given.day(75)):
            answer = browser().get(prefix(bodies["raion"]))
        assert "вийшла із системи" in page(answer).text
        assert answer.context["inside"]["total"]["contests"] == 3

    def test_money_of_another_currency_is_summed_apart(self, bodies) -> None:
        contest = bodies["hromada"].contests.get()
        type(contest).objects.filter(pk=contest.pk).update(currency="PLN")
        [figures] = figures_of_bodies([bodies["hromada"]])
        assert figures.money == {"PLN": 500_000_000}
