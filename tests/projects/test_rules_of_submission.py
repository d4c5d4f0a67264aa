"""What the regulation asks of a submitted project: frozen rules, the author's limits, the categories, the reserve."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from tests import given
from tests.crowd import at_once, refusals
from tests.surfaces.ground import browser, page, prefix

from viche.contests.actions import create_contest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.projects.actions import submit_project, withdraw_project
from viche.projects.models import Project
from viche.projects.submission import reserve_of


def contest_with(**submission: Any) -> Contest:
    return given.contest(rules={**given.RULES, "submission": submission})


def refusal(contest: Contest, **facts: Any) -> Refused:
    with pytest.raises(Refused) as found, override("en"):
        given.submitted_project(contest, **facts)
    assert "%(" not in str(found.value.message)
    return found.value


@pytest.mark.django_db
class TestFrozenRules:
    def draft(self) -> Contest:
        with clock.at(given.day(-10)):
            return create_contest(
                community=given.community(), slug="2027", year=2027, title={"uk": "Б"}, rules=given.RULES,
                schedule=given.schedule(), by=SYSTEM,
            )  # fmt: skip

    def test_before_they_are_frozen_no_project_is_taken(self):
        assert refusal(self.draft()).code == "rules_not_frozen"
        assert Project.objects.count() == 0

    def test_the_page_is_not_there_for_residents_and_says_so_to_officials(self):
        contest = self.draft()
        with clock.at(given.day(5)):
            client = browser(given.person("Олена"), at=given.day(5))
            assert client.get(f"{prefix(contest.community)}en/2027/write/").status_code == 404
            given.official("Олена", "operator", contest.community)
            seen = page(client.get(f"{prefix(contest.community)}en/2027/write/"))
        assert "The contest is not open yet" in seen.text
        assert "request_key" not in seen.hidden
        assert "Submit the project" not in seen.text


@pytest.mark.django_db
class TestTheLimitOfAClass:
    def test_an_author_has_no_more_of_a_class_than_the_rules_allow(self):
        contest = contest_with(max_per_class={"small": 2})
        given.submitted_project(contest, "Проєкт перший")
        second = given.submitted_project(contest, "Проєкт другий")
        answer = refusal(contest, title="Проєкт третій")
        assert answer.code == "too_many_in_class"
        assert "2 projects of the class “Small”" in str(answer.message)
        # another class, and another author, have their own limits
        given.submitted_project(contest, "Стадіон", cost=100_000_000)
        given.submitted_project(contest, "Проєкт сусіда", author=given.person("Марія"))
        # what is withdrawn no longer counts
        author = given.person("Олена")
        with clock.at(given.day(6)):
            withdraw_project(project=second, by=actor_of(author, contest.community))
        given.submitted_project(contest, "Проєкт третій")


def test_two_projects_sent_at_once_are_not_more_than_the_limit(committed_db):
    contest = contest_with(max_per_class={"small": 1})
    author = given.person("Олена")
    by, drafts = actor_of(author, contest.community), [given.draft(f"Проєкт {number}") for number in range(8)]

    def submit(place: int) -> Project:
        with clock.at(given.day(5)):
            return submit_project(contest=contest, author=author, draft=drafts[place], by=by)

    assert refusals(at_once(8, submit)) == ["too_many_in_class"] * 7
    assert Project.objects.count() == 1


@pytest.mark.django_db
class TestTheCategoriesOfTheYear:
    def test_others_of_the_regulation_are_not_admitted(self):
        contest = contest_with(categories=["sport"])
        answer = refusal(contest, category="parks")
        assert answer.fields == {"category": "Projects of this category are not admitted this year."}
        assert refusal(contest, category="opera").fields == {"category": "Choose a category from the list."}
        given.submitted_project(contest, category="sport")

    def test_the_form_offers_only_them_and_says_why(self):
        contest = contest_with(categories=["sport"])
        with clock.at(given.day(5)):
            client: Client = browser(given.person("Олена"), at=given.day(5))
            start = client.get(f"{prefix(contest.community)}en/2026/write/").content.decode()
            begun = client.post(f"{prefix(contest.community)}en/2026/write/")
            text = client.get(begun["Location"]).content.decode()
        assert 'value="sport"' in text
        assert 'value="parks"' not in text
        assert "This year only these categories are admitted: Sport." in start


@pytest.mark.django_db
class TestTheReserve:
    """The estimate keeps a reserve of a fifth of its sum (Kyiv 2019)."""

    def items(self, *prices: int) -> list[dict[str, Any]]:
        return [{"name": "Лава", "quantity": 1, "price": price} for price in prices]

    def test_items_and_reserve_make_the_cost(self):
        contest = contest_with(reserve_share=2000)
        made = given.submitted_project(contest, cost=30_000_000, items=self.items(20_000_000, 4_000_000))
        assert made.cost == 30_000_000

    @pytest.mark.parametrize(
        ("prices", "words"),
        [
            ([30_000_000], "₴60,000 more than the cost"), ([24_000_001], "₴0.01 more than the cost"),
            ([20_000_000], "₴40,000 of the cost is not explained"),
        ],
    )  # fmt: skip
    def test_what_is_too_much_or_missing_is_said(self, prices, words):
        contest = contest_with(reserve_share=2000)
        said = refusal(contest, cost=30_000_000, items=self.items(*prices)).fields["items"]
        assert "a reserve of 20% of the estimate, here ₴60,000" in said
        assert words in said

    def test_without_items_nothing_is_asked_but_the_page_says_it(self):
        contest = contest_with(reserve_share=2000, max_per_class={"small": 1})
        given.submitted_project(contest, cost=30_000_000)
        with clock.at(given.day(5)):
            client = browser(given.person("Олена"), at=given.day(5))
            text = page(client.get(f"{prefix(contest.community)}en/2026/write/")).text
        assert "The cost includes a reserve: 20% of the estimate." in text
        assert "Of the class “Small”: at most 1 project of one author." in text

    @pytest.mark.parametrize(
        ("cost", "reserve"), [(0, 0), (1, 1), (10_000, 2_000), (10_001, 2_001), (9_999, 2_000)]
    )
    def test_it_is_rounded_up_to_a_whole_kopiyka(self, cost, reserve):
        rules = contest_with(reserve_share=2000).rules
        assert reserve_of(rules, cost) == reserve
