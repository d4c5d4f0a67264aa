"""Projects like one's own, and what things cost in earlier ones."""

from decimal import Decimal

import pytest
from django.db import connection
from tests import given

from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.projects.actions import Draft, record_projects
from viche.projects.likeness import Idea, like_projects, metres_between, telling_words
from viche.projects.models import Project
from viche.projects.prices import median, price_guide, unit_text

THINGS = (
    "лава", "ліхтар", "дерево", "клумба", "паркан", "гойдалка", "бібліотека", "екран", "мурал", "фонтан", "турнік",
    "скейтпарк", "міст", "дорога",
)  # fmt: skip
PLACES = (
    "набережна", "двір", "сквер", "площа", "школа", "садок", "лікарня", "стадіон", "ринок", "вокзал", "музей", "театр",
    "парк", "узвіз",
)  # fmt: skip


def titles(likes) -> list[str]:
    return [each.project.title for each in likes]


class TestWords:
    def test_only_what_says_something_in_its_base_form(self):
        assert telling_words("Сквер і лави на місці пустиря") == telling_words(
            "лава у сквері, місце: пустир"
        ) or set(telling_words("Сквери")) == set(telling_words("сквер"))
        assert telling_words("і в на 2026") == []

    def test_metres_are_whole_and_right_to_a_percent(self):
        # from the monument of Glory to the White Gazebo in Poltava
        here = (Decimal("49.589500"), Decimal("34.551400"))
        there = (Decimal("49.581300"), Decimal("34.565600"))
        assert 1350 < metres_between(here, there) < 1385
        assert metres_between(here, here) == 0
        assert metres_between(here, (None, None)) is None


@pytest.mark.django_db
class TestLikeness:
    def test_the_same_in_other_forms_of_the_words_is_found(self):
        contest = given.contest()
        given.submitted_project(contest, "Скейтпарк на Подолі", summary="Рампи для скейтерів.")
        given.submitted_project(contest, "Ліхтарі на Сінній", summary="Світло для дороги.")
        likes = like_projects(contest.community, Idea("Побудувати скейтпарки", "Рампа на Подолі"))
        assert titles(likes) == ["Скейтпарк на Подолі"]
        assert "скейтпарк" in likes[0].words

    def test_earlier_contests_of_the_body_count_and_those_of_others_do_not(self):
        old = given.contest(slug="2025")
        given.submitted_project(old, "Скейтпарк на Подолі")
        body = given.contest().community
        assert titles(like_projects(body, Idea("Скейтпарк"))) == ["Скейтпарк на Подолі"]
        assert like_projects(given.community(given.LVIV), Idea("Скейтпарк")) == []

    def test_the_neighbour_of_the_same_sort_is_found_without_a_common_word(self):
        contest = given.contest()
        facts = {"latitude": Decimal("49.589500"), "longitude": Decimal("34.551400")}
        given.submitted_project(contest, "Алея троянд", **facts)
        near = Idea("Вишневий сад", "", "parks", Decimal("49.590100"), Decimal("34.551400"))
        likes = like_projects(contest.community, near)
        assert [(each.metres, each.is_same_category) for each in likes] == [(66, True)]
        far = Idea("Вишневий сад", "", "parks", Decimal("49.610100"), Decimal("34.551400"))
        assert like_projects(contest.community, far) == []

    def test_it_is_not_like_itself_and_nothing_is_like_nothing(self):
        contest = given.contest()
        project = given.submitted_project(contest, "Скейтпарк на Подолі")
        assert like_projects(contest.community, Idea("Скейтпарк", but=project.pk)) == []
        assert like_projects(contest.community, Idea()) == []
        assert like_projects(contest.community, Idea("'; DROP TABLE \\ & | !", "«»")) == []

    def test_the_likest_is_found_among_ten_thousand(self):
        contest = given.contest()
        first = given.submitted_project(contest, "Скейтпарк і трамплін")
        Project.objects.bulk_create(
            Project(
                community=contest.community, contest=contest, territory=first.territory, number=n, code=str(n),
                title=f"{THINGS[n % 14]} і {PLACES[n // 14 % 14]} {n}", summary="Для мешканців громади.",
                state="in_review", published_at=given.day(5),
            )
            for n in range(2, 10_002)
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE projects_project SET search = to_tsvector('simple', title || ' ' || summary)"
                " WHERE search IS NULL"
            )
            cursor.execute("ANALYZE projects_project")
        idea = Idea("Скейтпарк і фонтан у парку", "Трамплін, лава, ліхтар і дерева для мешканців громади")
        assert like_projects(contest.community, idea)[0].project == first
        assert titles(like_projects(contest.community, Idea("Лава і сквер")))[0].startswith("лава і сквер")


def with_items(contest, title: str, *items: dict) -> Project:
    return given.submitted_project(contest, title, items=items, cost=30_000_000)


def record(contest, *items: dict) -> None:
    """Projects of an earlier election, one for each item."""
    territory = contest.community.territory
    drafts = [
        Draft(
            title=f"Проєкт {n}",
            summary="",
            text="",
            category="parks",
            territory=territory,
            cost=1,
            items=[item],
        )
        for n, item in enumerate(items)
    ]
    with clock.at(given.day(5)):
        record_projects(contest=contest, drafts=drafts, by=SYSTEM)


@pytest.mark.django_db
class TestPrices:
    def test_lowest_median_and_highest_by_unit_in_kopiykas(self):
        contest = given.contest()
        prices = (500_000, 650_000, 700_001, 900_000)
        names = ("Лава паркова", "Лави дерев’яні", "лава зі спинкою", "Встановлення лав")
        items = [
            {"name": name, "unit": "шт.", "quantity": "2", "price": price}
            for name, price in zip(names[:3], prices[:3], strict=True)
        ]
        record(
            contest, *items, {"name": "Лава", "unit": "штука", "quantity": 1, "price": 900_000},
            {"name": "Дошка для лави", "unit": "м2", "quantity": "1.5", "price": 40_000},
            {"name": "Ліхтар", "unit": "шт", "quantity": 1, "price": 10_000},
            {"name": "Лава", "unit": "шт", "quantity": 1, "price": None},
        )  # fmt: skip
        guide = price_guide(contest, "лави")
        found = [(each.unit, each.number, each.lowest, each.median, each.highest) for each in guide.units]
        assert found == [("шт", 4, 500_000, 675_000, 900_000), ("м²", 1, 40_000, 40_000, 40_000)]
        assert not guide.is_everywhere
        assert {example.name for example in guide.units[0].examples} == {*names[:3], "Лава"}

    def test_where_the_body_has_few_those_of_all_bodies_count(self):
        poltava, lviv = given.contest(), given.contest(given.community(given.LVIV), slug="lviv")
        record(poltava, {"name": "Гойдалка", "unit": "шт", "quantity": 1, "price": 100})
        record(lviv, *[{"name": "Гойдалка", "unit": "шт", "quantity": 1, "price": 300}] * 2)
        guide = price_guide(poltava, "гойдалки")
        assert guide.is_everywhere
        assert [(each.number, each.median) for each in guide.units] == [(3, 300)]

    def test_what_is_not_public_does_not_count(self):
        contest = given.contest()
        record(contest, {"name": "Гойдалка", "unit": "шт", "quantity": 1, "price": 100})
        Project.objects.update(published_at=None)
        assert price_guide(contest, "гойдалка").units == []
        assert price_guide(contest, "%_' \\").units in ([], ())

    @pytest.mark.parametrize(
        ("values", "middle"), [([3], 3), ([1, 2], 1), ([5, 1, 9], 5), ([10**13, 1, 3, 5], 4)]
    )
    def test_the_median_is_a_whole_number(self, values, middle):
        assert median(values) == middle

    @pytest.mark.parametrize(
        ("typed", "unit"), [("Шт.", "шт"), ("кв. м", "м²"), ("М2", "м²"), ("", ""), ("т", "т")]
    )
    def test_units_are_written_alike(self, typed, unit):
        assert unit_text(typed) == unit
