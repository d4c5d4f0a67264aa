"""Designed reports: counted of public facts as a naive count would, the same as the fixed figures, kept and shown."""

import csv
import io
import json
import time
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as some
from tests import given
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened
from tests.surfaces.ground import prefix

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.projects.models import State
from viche.reports.designing import cube as counting
from viche.reports.designing.actions import delete_report, hide_report, publish_report, save_report
from viche.reports.designing.cube import MOST_COLUMNS, OTHERS, TOGETHER, Cube
from viche.reports.designing.definition import (
    ALL,
    BARS,
    CHOSEN,
    COLUMNS,
    LINES,
    STACKED,
    Definition,
    Filter,
    definition_from,
    voter_tables,
)
from viche.reports.designing.definition import CHARTS as OFFERED
from viche.reports.designing.facts import Fact
from viche.reports.designing.gallery import GALLERY
from viche.reports.designing.quantities import DIMENSIONS, QUANTITIES, VOTER_QUANTITIES
from viche.reports.designing.queries import figure_of_report, figures_on, public_figures
from viche.reports.drawing import CHARTS, NARROW, WIDE, svg_of
from viche.reports.figure import HIDDEN, Figure, plain_value
from viche.reports.models import DesignedReport, Tally
from viche.reports.queries import figure_of, rows_of

pytestmark = pytest.mark.django_db

YEARS = ("2024", "2025", "2026")
KEYS = {
    "contest": YEARS, "year": YEARS, "part": ("", "north", "south"), "category": ("", *"abcdefghij"),
    "size": ("", "small", "large"), "pot": ("", "one"), "state": ("admitted", "funded", "implemented", "refused"),
    "group": ("", "won", "closed"), "month": ("", "2026-01", "2026-02", "2025-12"),
}  # fmt: skip


class Made(Cube):
    """A cube over invented facts: no database."""

    def __init__(self, facts: list[Fact], is_out: bool) -> None:
        self.invented = facts
        self.__dict__["contests"] = [_Contest(year) for year in reversed(YEARS)]
        self.__dict__["results"] = {year: None for year in YEARS if is_out}

    def facts(self, contests):
        chosen = {contest.slug for contest in contests}
        return [fact for fact in self.invented if fact.contest in chosen]

    def names(self, dimension: str) -> dict[str, str]:
        return {key: key for key in KEYS[dimension] if key}


class _Contest:
    currency = "UAH"

    def __init__(self, slug: str) -> None:
        self.slug = self.name = self.pk = slug


def invented(is_out: bool):
    """One published project. Before the publication nothing is known of what won."""
    number = some.integers(0, 10**9)
    later = number if is_out else some.none()
    return some.builds(
        Fact, **{name: some.sampled_from(keys) for name, keys in KEYS.items()}, cost=number, signatures=number,
        is_admitted=some.booleans(), won=some.booleans() if is_out else some.none(), amount=later, spent=later,
        score=later, votes=later, days=some.none() | some.integers(0, 900) if is_out else some.none(),
    )  # fmt: skip


def narrowing():
    return some.lists(
        some.sampled_from(sorted(KEYS)).flatmap(
            lambda by: some.builds(
                Filter, by=some.just(by), is_in=some.booleans(),
                keys=some.lists(some.sampled_from(KEYS[by]), min_size=1, max_size=3, unique=True).map(tuple),
            )
        ),
        max_size=2, unique_by=lambda each: each.by,
    ).map(tuple)  # fmt: skip


def naive(measure: str, facts: list[Fact]):
    """What a quantity is, said once more."""
    if measure == "projects":
        return len(facts)
    if measure == "average":
        return sum(fact.cost for fact in facts) // len(facts) if facts else None
    if measure == "days":
        days = sorted(fact.days for fact in facts if fact.days is not None)
        return days[(len(days) - 1) // 2] if days else None
    values = [
        {
            "asked": fact.cost, "admitted": int(fact.is_admitted), "signatures": fact.signatures,
            "admitted_cost": fact.cost if fact.is_admitted else 0, "votes": fact.votes, "score": fact.score,
            "won": fact.won, "won_amount": fact.amount, "spent": fact.spent,
        }[measure]
        for fact in facts
    ]  # fmt: skip
    known = [value for value in values if value is not None]
    if not known:
        return None if measure not in ("asked", "admitted", "admitted_cost") else 0
    return sum(known)


def fits(fact: Fact, definition: Definition) -> bool:
    for each in definition.filters:
        if (getattr(fact, each.by) in each.keys) != each.is_in:
            return False
    least, most = definition.min_cost, definition.max_cost
    return (least is None or fact.cost >= least) and (most is None or fact.cost <= most)


@settings(max_examples=150, deadline=None)
@drawn(some.data(), some.booleans())
def test_every_cell_is_what_a_naive_count_says(data, is_out: bool):
    facts = data.draw(some.lists(invented(is_out), max_size=40))
    rows = data.draw(some.sampled_from(sorted(DIMENSIONS)))
    columns = data.draw(some.sampled_from(["", *sorted(set(DIMENSIONS) - {rows})]))
    definition = Definition(
        measure=data.draw(some.sampled_from(sorted(QUANTITIES))), rows=rows, columns=columns, span=ALL,
        filters=data.draw(narrowing()), min_cost=data.draw(some.none() | some.integers(0, 10**8)),
    )  # fmt: skip
    figure = Made(facts, is_out).figure(definition)
    fitting = [fact for fact in facts if fits(fact, definition)]
    assert {row.key for row in figure.rows} == {getattr(fact, rows) for fact in fitting}
    heads = [column.key for column in figure.columns]
    shown = {key for key in heads if key not in (OTHERS, TOGETHER)}

    def column_of(fact: Fact) -> str:
        key = getattr(fact, columns) or "none"
        return key if key in shown else OTHERS

    for key, values in [*((row.key, row.values) for row in figure.rows), (None, figure.total or ())]:
        of_row = [fact for fact in fitting if key is None or getattr(fact, rows) == key]
        for head, value in zip(heads, values, strict=True) if values else ():
            is_all = not columns or head == TOGETHER
            cell = of_row if is_all else [fact for fact in of_row if column_of(fact) == head]
            assert value == naive(definition.measure, cell)
    assert len(shown) <= MOST_COLUMNS
    if columns and fitting:
        assert heads[-1] == TOGETHER


@settings(max_examples=60, deadline=None)
@drawn(some.data())
def test_a_figure_is_drawn_inside_its_frame_in_every_way(data):
    facts = data.draw(some.lists(invented(True), min_size=1, max_size=30))
    chart = data.draw(some.sampled_from([BARS, STACKED, LINES]))
    figure = Made(facts, True).figure(Definition("asked", "part", "category", span=ALL, chart=chart))
    for frame in (WIDE, NARROW):
        drawing = svg_of(figure, frame)
        assert drawing is not None
        for each in _rectangles(drawing):
            assert each["x"] >= 0
            assert each["x"] + each["width"] <= frame.width


def _rectangles(drawing: str) -> list[dict[str, int]]:
    root = ElementTree.fromstring(drawing)
    found = []
    for each in root.iter("{http://www.w3.org/2000/svg}rect"):
        found.append({name: int(each.get(name)) for name in ("x", "width")})
    return found


def test_stacked_parts_add_up_to_the_bar():
    facts = [replace(_plain(), category=key, cost=7 + place) for place, key in enumerate("abcdefgh")]
    figure = Made(facts, False).figure(Definition("asked", "size", "category", span=ALL, chart=STACKED))
    ground, *parts = [each for each in _rectangles(svg_of(figure)) if each["width"] != 16]
    assert sum(each["width"] for each in parts) == ground["width"]
    # colour is not the only sign: a number stands in each part and in the legend
    assert svg_of(figure).count("chart-mark") >= 2 * len(figure.drawn_columns) - 1


def _plain() -> Fact:
    return Fact(
        "2026", "2026", "", "a", "small", "", "admitted", "voted", "2026-03", 5, True, 0, None, None, None, None,
        None, None,
    )  # fmt: skip


def test_a_cube_never_reads_votes_of_people():
    """What a fact is made of: projects, and what the published count says of them."""
    assert set(Fact.__slots__) == {
        "contest", "year", "part", "category", "size", "pot", "state", "group", "month", "cost", "is_admitted",
        "signatures", "won", "amount", "spent", "score", "votes", "days",
    }  # fmt: skip
    assert set(DIMENSIONS) <= set(Fact.__slots__)


GOOD = Definition("won_amount", "part")


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (replace(GOOD, measure="secret"), {"measure"}),
        (replace(GOOD, rows="sex"), {"rows"}),
        (replace(GOOD, rows="turnout-by-day"), {"rows"}),
        (replace(GOOD, columns="author"), {"columns"}),
        (replace(GOOD, columns="part"), {"columns"}),
        (replace(GOOD, span="never"), {"span"}),
        (replace(GOOD, span=CHOSEN), {"contests"}),
        (replace(GOOD, chart="pie"), {"chart"}),
        (replace(GOOD, chart=STACKED), {"chart"}),
        (replace(GOOD, measure="days", columns="size", chart=STACKED), {"chart"}),
        (replace(GOOD, columns="size", chart=COLUMNS), {"chart"}),
        (replace(GOOD, filters=(Filter("author", ("x",)),)), {"only_author"}),
        (replace(GOOD, filters=(Filter("size", ()),)), {"only_size"}),
        (replace(GOOD, min_cost=2, max_cost=1), {"max_cost"}),
        (replace(GOOD, min_cost=-1), {"min_cost"}),
        (Definition("voters", "part"), {"rows"}),
        (Definition("voters", "turnout-by-day", "size"), {"columns"}),
        (Definition("turnout", "turnout-by-day"), {"rows"}),
        (Definition("voters", "turnout-by-part", filters=(Filter("size", ("large",)),)), {"only_size"}),
        (Definition("voters", "turnout-by-part", min_cost=1), {"min_cost"}),
    ],
)
def test_a_bad_definition_is_told_at_its_field(wrong: Definition, fields: set[str]):
    assert set(wrong.problems()) == fields
    with pytest.raises(Refused) as refused:
        definition_from(wrong.document())
    assert refused.value.code == "bad_definition"
    assert set(refused.value.fields) == fields


@pytest.mark.parametrize(
    "document",
    [
        {}, {"measure": 1, "rows": "part"}, {"measure": "asked"}, {"measure": "asked", "rows": "part", "filters": 5},
        {"measure": "asked", "rows": "part", "filters": [{"by": "size"}]}, {"measure": "asked", "rows": ["part"]},
        {"measure": "asked", "rows": "part", "min_cost": "5"}, {"measure": "asked", "rows": "part", "min_cost": True},
        {"measure": "asked", "rows": "part", "contests": "2026"},
    ],
)  # fmt: skip
def test_what_is_no_definition_is_refused(document):
    with pytest.raises(Refused):
        definition_from(document)


@pytest.mark.parametrize("sample", GALLERY.values(), ids=GALLERY)
def test_samples_are_good_and_come_back_from_their_document(sample):
    assert sample.definition.problems() == {}
    document = json.loads(json.dumps(sample.definition.document()))
    assert definition_from(document) == sample.definition
    assert definition_from(document).key == sample.definition.key
    assert replace(sample.definition, span=ALL, chart="").key != sample.definition.key


def test_voters_are_known_by_published_tables_alone():
    assert {"turnout-by-day", "turnout-by-hour", "turnout-by-channel", "turnout-by-part"} <= set(
        voter_tables()
    )
    for measure in VOTER_QUANTITIES:
        for rows in voter_tables():
            for columns in DIMENSIONS:
                assert Definition(measure, rows, columns).problems()


@pytest.fixture
def contest():
    made = opened()
    published(made)
    with clock.at(given.day(72)):
        refreshed()
        yield made


@pytest.mark.parametrize(
    ("fixed", "rows"),
    [("money-by-part", "part"), ("money-by-category", "category"), ("money-by-size", "size")],
)
@pytest.mark.parametrize(
    ("measure", "column"),
    [
        ("projects", "projects"), ("asked", "asked"), ("admitted", "admitted"), ("admitted_cost", "admitted_cost"),
        ("won", "won"), ("won_amount", "won_amount"), ("spent", "spent"),
    ],
)  # fmt: skip
def test_it_says_what_the_fixed_figure_says(contest, fixed: str, rows: str, measure: str, column: str):
    designed = Cube(contest.community).figure(Definition(measure, rows))
    other = figure_of(contest, fixed)
    place = [each.key for each in other.columns].index(column)
    assert {row.key: row.values[0] for row in designed.rows} == {
        row.key: row.values[place] for row in other.rows
    }
    assert designed.total[0] == other.total[place]
    with translation.override("en"):
        words = {row.key: Cube(contest.community).label(rows, row.key) for row in other.rows}
        assert words == {row.key: figure_of(contest, fixed).label(row) for row in other.rows}


def test_totals_are_those_of_the_summary(contest):
    line = figure_of(contest, "summary")
    summary = dict(zip([column.key for column in line.columns], line.rows[0].values, strict=True))
    cube = Cube(contest.community)
    for measure, key in (
        ("projects", "published"), ("asked", "asked"), ("admitted", "admitted"), ("won", "won"),
        ("won_amount", "won_amount"), ("signatures", "signatures"), ("days", "days"),
    ):  # fmt: skip
        assert cube.figure(Definition(measure, "state")).total[0] == summary[key], measure
    outcome = contest.publication.count.outcome
    assert cube.figure(Definition("votes", "state")).total[0] == sum(outcome["votes"].values())
    assert cube.figure(Definition("score", "state")).total[0] == sum(outcome["totals"].values())


def test_before_the_publication_nothing_of_the_result_is_told():
    contest = opened()
    with clock.at(given.day(62)):
        cube = Cube(contest.community)
        for key, quantity in QUANTITIES.items():
            told = cube.figure(Definition(key, "category", span=ALL))
            if quantity.needs_result:
                assert [row.values for row in told.rows] == [(None,)] * len(told.rows), key
                # the latest contest that has an answer: there is none
                assert cube.figure(Definition(key, "category")).rows == ()
            else:
                assert told.rows[0].values[0] is not None


def test_unpublished_projects_and_drafts_of_contests_are_in_no_report():
    contest = given.contest()
    given.submitted_project(contest)
    with clock.at(given.day(6)):
        assert Cube(contest.community).figure(Definition("projects", "state")).total == (1,)
    project = contest.projects.get()
    project.published_at, project.state = None, State.CHECKING
    project.save()
    with clock.at(given.day(6)):
        assert Cube(contest.community).figure(Definition("projects", "state")).rows == ()


def test_a_dozen_reports_of_one_body_read_its_projects_once(contest, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        cube = Cube(contest.community)
        for measure in QUANTITIES:
            cube.figure(Definition(measure, "category", "size", span=ALL))


def test_voters_are_shown_cell_by_cell_as_published(contest):
    for key, measure in voter_tables().items():
        kept = Tally.objects.filter(contest=contest, measure=key).first()
        told = Cube(contest.community).figure(Definition("voters", key))
        if kept is None:
            assert told.rows == ()
            continue
        place = [column.key for column in measure.columns].index("voters")
        assert {row.key: row.values[0] for row in told.rows} == {
            row.key: row.values[place] for row in rows_of(kept)
        }
        assert any(row.values[0] == HIDDEN for row in rows_of(kept)) is (
            HIDDEN in [row.values[0] for row in told.rows]
        )
        assert told.total is None or None not in told.total


def test_days_of_several_contests_stand_by_their_number():
    first, second = given.contest(), given.contest(slug="2027")
    for contest, begin in ((first, date(2026, 4, 10)), (second, date(2027, 4, 9))):
        rows = [[begin.replace(day=begin.day + place).isoformat(), 10 + place, 0] for place in range(3)]
        Tally.objects.create(
            community=contest.community, contest=contest, measure="turnout-by-day", rows=rows, digest="",
            counted_at=given.day(70),
        )  # fmt: skip
    told = Cube(first.community).figure(Definition("voters", "turnout-by-day", span=ALL))
    assert [row.key for row in told.rows] == ["1", "2", "3"]
    assert [row.values for row in told.rows] == [(10, 10), (11, 11), (12, 12)]
    assert told.chart == "lines"
    alone = Cube(first.community).figure(
        Definition("voters", "turnout-by-day", span=CHOSEN, contests=(first.slug,))
    )
    assert [row.key for row in alone.rows] == ["2026-04-10", "2026-04-11", "2026-04-12"]


def administrator(body):
    return given.official("Віктор", "administrator", body)


def kept_report(contest, definition: Definition = GOOD, **titles: str) -> DesignedReport:
    body = contest.community
    return save_report(community=body, definition=definition, title=titles, by=administrator(body))


def test_a_report_is_kept_changed_shown_and_deleted(contest):
    by = administrator(contest.community)
    report = kept_report(contest, uk="Куди пішли гроші")
    assert report.title["uk"] == "Куди пішли гроші"
    assert report.title["en"]
    other = kept_report(contest)
    assert report.slug != other.slug
    changed = save_report(
        community=contest.community, definition=replace(GOOD, rows="size"), title=report.title, by=by,
        report=report,
    )  # fmt: skip
    assert (changed.pk, changed.slug) == (report.pk, report.slug)
    assert {row.key for row in figure_of_report(changed).rows} == {"small", "large"}
    assert public_figures(contest.community) == []
    publish_report(report=changed, is_on_contests=True, by=by)
    assert [each.key for each in public_figures(contest.community)] == [report.slug]
    assert [each.key for each in figures_on(contest)] == [report.slug]
    hide_report(report=changed, by=by)
    assert public_figures(contest.community) == figures_on(contest) == []
    delete_report(report=changed, by=by)
    delete_report(report=changed, by=by)
    assert not DesignedReport.objects.filter(pk=report.pk).exists()


def test_only_an_administrator_of_this_body_designs(contest):
    stranger = given.official("Зоряна", "administrator", given.community(given.LVIV), serial=77)
    operator = given.official("Галина", "operator", contest.community)
    for by in (stranger, operator):
        with pytest.raises(Refused) as refused:
            save_report(community=contest.community, definition=GOOD, title={}, by=by)
        assert refused.value.code == "not_administrator"


def test_public_page_and_files_tell_the_same_numbers(contest, client: Client):
    report = kept_report(contest, Definition("won_amount", "category", "size"))
    base = f"{prefix(contest.community)}figures/"
    with clock.at(given.day(72)):
        assert client.get(f"{base}{report.slug}/").status_code == 404
        publish_report(report=report, is_on_contests=True, by=administrator(contest.community))
        figure = figure_of_report(report)
        told = json.loads(client.get(f"{base}{report.slug}.json").content)["figures"][0]
        assert told["sha256"] == figure.digest
        lines = list(csv.reader(io.StringIO(client.get(f"{base}{report.slug}.csv").content.decode())))
        assert [line[2:] for line in lines[1:]] == [
            [
                plain_value(column.kind, value)
                for column, value in zip(figure.columns, row.values, strict=True)
            ]
            for row in figure.rows
        ]
        assert client.get(f"{base}{report.slug}.svg").content.startswith(b"<svg")
        assert client.get(f"{base}{report.slug}.xlsx").content.startswith(b"PK")
        for page in (base, f"{base}{report.slug}/", f"{prefix(contest.community)}{contest.slug}/figures/"):
            text = client.get(page).content.decode()
            for _label, texts, _href in figure.lines():
                assert all(words in text for words in texts)


def test_a_category_that_is_gone_breaks_no_page(contest, client: Client):
    report = kept_report(contest)
    publish_report(report=report, is_on_contests=False, by=administrator(contest.community))
    DesignedReport.objects.filter(pk=report.pk).update(definition={"measure": "gone", "rows": "part"})
    base = f"{prefix(contest.community)}figures/"
    assert client.get(base).status_code == 200
    assert client.get(f"{base}{report.slug}/").status_code == 404


def test_sixteen_hundred_projects_are_counted_in_a_moment():
    facts = [
        replace(
            _plain(),
            category="abcdefghij"[number % 10],
            part=str(number % 30),
            cost=number,
            won=False,
            amount=0,
        )
        for number in range(1600)
    ]
    cube = Made(facts, True)
    begun = time.perf_counter_ns()
    figure: Figure = cube.figure(Definition("asked", "part", "category", span=ALL))
    # well under a tenth of a second; the bound leaves room for a busy machine
    assert time.perf_counter_ns() - begun < 1_000_000_000
    assert figure.total[-1] == sum(range(1600))


def test_every_chart_of_a_definition_can_be_drawn():
    assert {each for each in OFFERED if each not in ("", "auto")} <= set(CHARTS)
    assert counting.MOST_COLUMNS + 1 <= 8
