"""Exports of other platforms: each is recognised by its headings, and every fault is named at its row."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from tests import given

from viche.connectors.arrivals.models import Bringing, SourceProject
from viche.connectors.arrivals.sources import bringing as act
from viche.connectors.arrivals.sources.reading import read_source
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.results.queries import publication_of

DATA = Path(__file__).parents[1] / "data" / "arrivals"


def data(name: str) -> bytes:
    return DATA.joinpath(name).read_bytes()


class TestLayouts:
    def test_projects_of_decidim_in_json(self):
        reading = read_source(data("decidim-projects.json"))
        assert (reading.layout.name, reading.faults) == ("decidim", [])
        park, sport = reading.rows
        assert (park.source_id, park.title, park.text) == (
            "11",
            "Сквер на Подолі",
            "Дерева та лавки.\nПолив.",
        )
        assert (park.category, park.cost, park.votes) == ("Парки", 30_000_000, 120)
        assert park.place == "вул. Нижньомлинська, 2"
        assert park.url == "https://participa.example/processes/pb/f/7/budgets/2/projects/11"
        assert (sport.text, sport.cost) == ("Тренажери & турніки", 45_000_000)

    def test_the_same_in_csv(self):
        reading = read_source(data("decidim-projects.csv"))
        assert reading.layout.name == "decidim"
        # the description of the JSON file has one paragraph more
        [park] = reading.rows
        assert (park.source_id, park.title, park.text) == ("11", "Сквер на Подолі", "Дерева та лавки.")
        assert (park.category, park.cost, park.votes) == ("Парки", 30_000_000, 120)

    def test_faults_are_told_by_row_and_column(self):
        reading = read_source(data("decidim-projects.csv"))
        assert [(each.row, each.column) for each in reading.faults] == [
            (3, "title/uk"), (3, "budget_amount"), (3, "confirmed_votes"), (4, "id"),
        ]  # fmt: skip

    def test_investments_of_consul(self):
        reading = read_source(data("consul-investments.csv"))
        assert (reading.layout.name, reading.faults) == ("consul", [])
        assert [(each.source_id, each.category, each.cost, each.author) for each in reading.rows] == [
            ("5", "Парки", 30_000_000, "olena"),
            ("6", "Парки", None, "taras"),
        ]

    def test_projects_of_civilsbudget(self):
        reading = read_source(data("civilsbudget-projects.json"))
        assert (reading.layout.name, reading.faults) == ("civilsbudget", [])
        assert [(each.source_id, each.cost, each.author, each.url, each.votes) for each in reading.rows] == [
            ("3", 30_000_000, "Олена Коваль", "https://budget.example/3", 57),
            ("4", None, "Петро Кравець", "", 12),
        ]

    def test_projects_of_resolution_835(self):
        reading = read_source(data("r835-projects.csv"))
        assert (reading.layout.name, reading.faults) == ("r835", [])
        assert [(each.source_id, each.cost) for each in reading.rows] == [
            ("101", 30_000_000), ("102", 45_000_050), ("103", 20_000_000),
        ]  # fmt: skip

    def test_any_table_with_headings_in_words(self):
        reading = read_source(data("table.csv"))
        assert (reading.layout.name, reading.faults) == ("table", [])
        assert set(reading.columns) == {
            "id", "title", "summary", "cost", "category", "place", "author", "votes"
        }  # fmt: skip
        assert (reading.rows[0].cost, reading.rows[0].votes) == (30_000_000, 120)

    def test_a_mapping_of_an_official_is_followed(self):
        content = "Що;Скільки\nСквер;300000\n".encode()
        with pytest.raises(Refused, match="title") as answer:
            read_source(content)
        assert answer.value.code == "no_title_column"
        [row] = read_source(content, layout="table", columns={"title": 0, "cost": 1}).rows
        assert (row.title, row.cost, row.source_id) == ("Сквер", 30_000_000, "2")

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b'{"projects": 7', "not_json"),
            (b"", "file_empty"),
            (b"[]", "no_title_column"),
            (b"%PDF-1.7", "not_a_table"),
        ],
    )
    def test_what_is_no_export_is_refused(self, content, code):
        with pytest.raises(Refused) as answer:
            read_source(content)
        assert answer.value.code == code

    def test_coordinates_are_degrees(self):
        content = "Назва;Широта;Довгота\nСквер;49,5883;34.5514\nМіст;тут;200\n".encode()
        reading = read_source(content)
        assert (reading.rows[0].latitude, reading.rows[0].longitude) == (
            Decimal("49.588300"),
            Decimal("34.551400"),
        )
        assert [(each.row, each.column) for each in reading.faults] == [(3, "Широта"), (3, "Довгота")]


@pytest.fixture
def contest(db) -> Contest:
    return given.contest()


@pytest.fixture
def viktor(contest):
    return given.official("Віктор", "administrator", contest.community)


@pytest.fixture
def maria(contest):
    return given.official("Марія", "administrator", contest.community)


def uploaded(contest: Contest, name: str, by) -> Bringing:
    return act.upload_source(community=contest.community, name=name, content=data(name), by=by)


class TestBringing:
    def test_projects_come_with_their_source_and_a_second_time_they_are_the_same(self, contest, viktor):
        with clock.at(given.day(1)):
            first = uploaded(contest, "decidim-projects.json", viktor)
            assert act.bring_projects(bringing=first, contest=contest, by=viktor) == {
                "new": 2, "changed": 0, "same": 0, "faulty": 0,
            }  # fmt: skip
            again = uploaded(contest, "decidim-projects.json", viktor)
            assert act.bring_projects(bringing=again, contest=contest, by=viktor)["same"] == 2
        assert list(
            contest.projects.order_by("number").values_list("number", "title", "category", "state")
        ) == [
            (1, "Сквер на Подолі", "parks", "admitted"),
            (2, "Спортивний майданчик", "sport", "admitted"),
        ]
        source = SourceProject.objects.get(source_id="11")
        assert (source.platform, source.project.number) == ("decidim", 1)
        assert source.url.endswith("/projects/11")
        assert private_files.content_of(first.pk, shelf=act.SHELF) is None
        assert Entry.objects.filter(kind="ProjectsBrought").count() == 2

    def test_what_the_rules_do_not_let_in_is_told_in_ukrainian_and_nothing_comes(self, contest, viktor):
        found = uploaded(contest, "table.csv", viktor)
        with clock.at(given.day(1)), translation.override("uk"):
            outlook = act.outlook(bringing=found, contest=contest)
            with pytest.raises(Refused) as answer:
                act.bring_projects(bringing=found, contest=contest, by=viktor)
        assert answer.value.code == "bad_rows"
        assert outlook.counts == {"new": 4, "changed": 0, "same": 0, "faulty": 3}
        assert [(each.row, each.column) for each in outlook.faults] == [
            (3, "Категорія"), (4, "Вартість, грн"), (5, "Вартість, грн"),
        ]  # fmt: skip
        assert "Парки; Спорт" in outlook.faults[0].text
        assert contest.projects.count() == 0

    def test_after_the_voting_began_the_list_stays(self, contest, viktor):
        found = uploaded(contest, "decidim-projects.json", viktor)
        with clock.at(given.day(41)), pytest.raises(Refused) as answer:
            act.bring_projects(bringing=found, contest=contest, by=viktor)
        assert answer.value.code == "voting_began"

    def test_only_an_administrator_brings_and_a_file_is_brought_once(self, contest, viktor):
        operator = given.official("Галина", "operator", contest.community)
        with pytest.raises(Refused) as answer:
            uploaded(contest, "table.csv", operator)
        assert answer.value.code == "not_administrator"
        found = uploaded(contest, "table.csv", viktor)
        act.discard_source(bringing=found, by=viktor)
        with pytest.raises(Refused) as answer:
            act.discard_source(bringing=found, by=viktor)
        assert answer.value.code == "already_ended"

    def test_a_file_that_nobody_brings_goes_after_a_month(self, contest, viktor):
        with clock.at(given.day(1)):
            found = uploaded(contest, "table.csv", viktor)
        with clock.at(given.day(1 + act.LEFT_DAYS)):
            assert act.end_left_files() == 0
        with clock.at(given.day(2 + act.LEFT_DAYS)):
            assert act.end_left_files() == 1
        assert private_files.content_of(found.pk, shelf=act.SHELF) is None


class TestFinished:
    def test_projects_and_votings_of_835_become_a_published_contest(self, contest, viktor, maria):
        found = uploaded(contest, "r835-projects.csv", viktor)
        made, faults = act.bring_finished(
            bringing=found, votes=data("r835-votings.csv"), title="Бюджет 2026", budget=60_000_000, by=maria
        )
        assert faults == []
        publication = publication_of(made)
        # three votes and two: the first takes 300 000, the second no longer fits, the third does
        assert publication.count.outcome["funded"] == ["101", "103"]
        park = made.projects.get(code="101")
        assert (park.author_name, park.text, park.source.url) == (
            "Олена Коваль", "Опис повний", "https://gromada.example/101",
        )  # fmt: skip
        assert (
            made.windows.get(phase="voting").starts_at.date().isoformat() == "2026-04-30"
        )  # midnight in Kyiv
        again = uploaded(contest, "r835-projects.csv", viktor)
        same, _faults = act.bring_finished(
            bringing=again, votes=data("r835-votings.csv"), title="Бюджет 2026", budget=60_000_000, by=maria
        )
        assert same == made

    def test_whoever_uploaded_the_file_does_not_publish_it(self, contest, viktor, maria):
        found = uploaded(contest, "r835-projects.csv", viktor)
        with pytest.raises(Refused) as answer:
            act.bring_finished(
                bringing=found, votes=data("r835-votings.csv"), title="Бюджет", budget=1_000, by=viktor
            )
        assert answer.value.code == "same_person"

    def test_faults_of_votes_are_told_by_row_and_nothing_is_made(self, contest, viktor, maria):
        found = uploaded(contest, "r835-projects.csv", viktor)
        made, faults = act.bring_finished(
            bringing=found, votes=data("r835-votings-faulty.csv"), title="Бюджет", budget=1_000, by=maria
        )
        assert made is None
        assert [(each.row, each.column) for each in faults] == [
            (2, "projectUid"), (3, "voterID"), (4, "voteDate"), (6, "projectUid"),
        ]  # fmt: skip
        assert Contest.objects.count() == 1
