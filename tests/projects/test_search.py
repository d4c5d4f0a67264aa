"""A project is found by any form of its words; the order of the list favours nobody."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st
from tests import given

from viche.projects.models import Project
from viche.projects.queries import Filters, figures, found_projects
from viche.projects.search import question_of

TITLES = [
    "Встановлення дитячого майданчика", "Озеленення скверу біля П’ятої школи", "Велодоріжка вздовж Ворскли",
    "Веб-сайт бібліотеки", "Спортивні тренажери у дворах", "Ремонт сходів до джерела",
]  # fmt: skip


@pytest.fixture
def contest(db):
    made = given.contest()
    for title in TITLES:
        given.submitted_project(made, title, text=f"Опис: {title.lower()}.")
    return made


def found(contest, text: str, **more) -> list[str]:
    return [project.title for project in found_projects(contest, Filters(text=text, **more))]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("дитячий майданчик", 1), ("дитячі майданчики", 1), ("МАЙДАНЧИК", 1), ("майданч", 1), ("дитяч майдан", 1),
        ("сквери", 2), ("п'ятої школи", 2), ("пʼятої", 2), ("школа", 2), ("велодоріжки", 3), ("вело", 3),
        ("веб-сайт", 4), ("сайт", 4), ("бібліотека", 4), ("тренажер", 5), ("двір", 5), ("сходи", 6), ("3", 3),
    ],
)  # fmt: skip
def test_words_are_found_in_any_form_or_by_their_beginning(contest, text, number):
    assert TITLES[number - 1] in found(contest, text)


@pytest.mark.parametrize("text", ["басейн", "дитячий басейн", "!!!", "&|()", "'", "\\", "   "])
def test_what_is_not_there_is_not_found(contest, text):
    assert found(contest, text) == []


def test_no_text_asks_for_everything(contest):
    assert sorted(found(contest, "")) == sorted(TITLES)


def test_every_word_must_be_there(contest):
    assert found(contest, "дитячий майданчик Ворскла") == []


@any_of(st.text(max_size=40))
@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_no_text_breaks_the_search(contest, text):
    text = text.replace("\x00", "")
    assert len(found(contest, text)) <= len(TITLES)


def test_a_query_has_an_end():
    assert len(question_of(" ".join(f"слово{number}" for number in range(500))).terms) <= 12


def test_the_place_and_the_author_are_searched_too(contest):
    given.submitted_project(
        contest, "Лавки в парку", place_name="вул. Соборності, 12", author_name="Марія Лисенко"
    )
    assert found(contest, "Соборності") == ["Лавки в парку"]
    assert found(contest, "Лисенко") == ["Лавки в парку"]


def test_a_word_of_the_title_weighs_more_than_one_of_the_text(contest):
    given.submitted_project(contest, "Лавки в парку", text="Лавки стануть біля велодоріжки.")
    assert found(contest, "велодоріжка") == ["Велодоріжка вздовж Ворскли", "Лавки в парку"]


class TestTheFairOrder:
    def order(self, contest, seed: str) -> list[int]:
        return [project.number for project in found_projects(contest, Filters(seed=seed))]

    def test_it_is_the_same_for_the_same_visitor(self, contest):
        assert self.order(contest, "visitor-1") == self.order(contest, "visitor-1")

    def test_it_shows_every_project_once(self, contest):
        assert sorted(self.order(contest, "visitor-1")) == [1, 2, 3, 4, 5, 6]

    def test_visitors_see_different_orders(self, contest):
        assert len({tuple(self.order(contest, f"visitor-{number}")) for number in range(12)}) > 6

    def test_nobody_is_always_first(self, contest):
        first = [self.order(contest, f"visitor-{number}")[0] for number in range(120)]
        assert set(first) == {1, 2, 3, 4, 5, 6}
        assert max(first.count(number) for number in range(1, 7)) < 45


class TestFilters:
    def numbers(self, contest, **wanted) -> list[int]:
        return [project.number for project in found_projects(contest, Filters(sort="number", **wanted))]

    @pytest.fixture
    def mixed(self, db):
        made = given.contest()
        for title, cost, category in [("Перший", 5_000_000, "parks"), ("Другий", 90_000_000, "sport"),
                                      ("Третій", 20_000_000, "sport")]:  # fmt: skip
            given.submitted_project(made, title, cost=cost, category=category)
        return made

    @pytest.mark.parametrize(
        ("wanted", "numbers"),
        [({"size_class": "large"}, [2]), ({"category": "sport"}, [2, 3]), ({"min_cost": 20_000_000}, [2, 3]),
         ({"max_cost": 20_000_000}, [1, 3]), ({"state": "funded"}, []), ({"territory": given.LVIV}, []),
         ({"territory": given.DISTRICT}, [1, 2, 3]), ({"category": "sport", "max_cost": 30_000_000}, [3])],
    )  # fmt: skip
    def test_each_filter_narrows_the_list(self, mixed, wanted, numbers):
        assert self.numbers(mixed, **wanted) == numbers
        assert Filters(**wanted).is_narrow

    @pytest.mark.parametrize(
        ("sort", "numbers"), [("cheap", [1, 3, 2]), ("dear", [2, 3, 1]), ("new", [3, 2, 1])]
    )
    def test_each_order_is_what_it_is_called(self, mixed, sort, numbers):
        assert [each.number for each in found_projects(mixed, Filters(sort=sort))] == numbers

    def test_figures_add_up(self, mixed):
        Project.objects.filter(number=1).update(state="withdrawn")
        assert figures(mixed) == {
            "number": 3,
            "cost": 115_000_000,
            "by_state": {"withdrawn": 1, "in_review": 2},
        }
