"""Who voted, by age and sex: counted once, and in groups of which nobody can be told (docs/decisions/0035)."""

import csv
import itertools
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given as drawn
from hypothesis import strategies as st
from tests import given
from tests.connectors.test_pabulib_import import KATOWICE
from tests.reports.test_figures import refreshed

from viche.ballots.actions import cast_ballots, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.models import Participation, VoterGroups
from viche.ballots.queries import turnout
from viche.ballots.receipts import Vote
from viche.ballots.traces import Circumstances, traces_of
from viche.ballots.unlinking import delete_keys
from viche.ballots.voters import BANDS, FEW, SEXES, UNKNOWN, Groups, band_of, group_voters, groups_of
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation import clock
from viche.reports.measures.voting import ages_text
from viche.reports.queries import figure_of

KEYS = ("turnout-by-age", "turnout-by-sex", "turnout-by-age-and-sex")


def tables(cells: Sequence[tuple[str, str]], voters: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many voters may be spread over the cells."""
    last = voters + len(cells) - 1
    for cut in itertools.combinations(range(last), len(cells) - 1):
        yield tuple(high - low - 1 for low, high in itertools.pairwise((-1, *cut, last)))


@pytest.mark.parametrize(
    ("bands", "sexes", "totals"),
    [
        # ages alone, with voters of unknown age
        (("18-24", "25-34", "35-44", UNKNOWN), ("female",), range(8, 44, 4)),
        (("18-24", "25-34", "35-44", "45-54", "65+"), ("female",), (10, 19, 20, 24)),
        # sexes alone
        (("18-24",), ("female", "male", UNKNOWN), range(70)),
        # both, with each other's sums
        (("18-24", "65+"), ("female", "male"), (20, 27, 38, 45)),
        (("18-24", "65+"), ("female", "male", UNKNOWN), (21,)),
    ],
    ids=["ages", "more-ages", "sexes", "both", "both-with-unknown"],
)
def test_whoever_knows_every_table_and_how_it_is_made_cannot_tell_fewer_than_ten(bands, sexes, totals):
    """The attacker tries every voting that could have led to what is published, the whole number of voters known: a
    number from one to nine, of a cell, an age or a sex, is never the same in all of them.
    """
    cells = list(itertools.product(bands, sexes))
    lines = [[place for place, cell in enumerate(cells) if name in cell] for name in (*bands, *sexes)]
    sums = [*([place] for place in range(len(cells))), *lines]
    for total in totals:
        possible: dict[Groups, list[set[int]]] = defaultdict(lambda: [set() for _each in sums])
        for table in tables(cells, total):
            seen = possible[groups_of(dict(zip(cells, table, strict=True)))]
            for numbers, places in zip(seen, sums, strict=True):
                numbers.add(sum(table[place] for place in places))
        for published, seen in possible.items():
            told = [numbers for numbers in seen if len(numbers) == 1 and 0 < min(numbers) < FEW]
            # a voting of fewer than ten in all tells its own size: the turnout is public
            assert not told or total < FEW, (total, published)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from([*BANDS, UNKNOWN]), st.sampled_from([*SEXES, UNKNOWN])),
    st.one_of(st.integers(0, 12), st.integers(0, 5000)), max_size=24,
)  # fmt: skip


@drawn(CELLS)
def test_every_voter_is_in_a_group_of_at_least_ten_and_all_tables_agree(cells):
    found, voters = groups_of(cells), sum(cells.values())
    for rows in (found.by_age, found.by_sex):
        assert all(number >= FEW for _name, number in rows)
        assert not rows or (len(rows) > 1 and sum(number for _name, number in rows) == voters)
    assert all(number == 0 or number >= FEW for _name, row in found.by_both for number in row)
    if found.by_both:
        assert [(name, sum(row)) for name, row in found.by_both] == list(found.by_age)
        columns = zip(*(row for _name, row in found.by_both), strict=True)
        assert [sum(column) for column in columns] == [number for _name, number in found.by_sex]


def test_neighbours_are_joined_and_what_is_left_goes_to_the_group_before():
    cells = {("18-24", "female"): 4, ("25-34", "male"): 30, ("55-64", "female"): 40, ("65+", "male"): 3}
    assert groups_of(cells).by_age == (("18-34", 34), ("35+", 43))
    # one voter of unknown age beside ten would be told by the sum of eleven: one group more is joined
    cells = {("18-24", "female"): 50, ("25-34", "male"): 50, ("35-44", "male"): 10, (UNKNOWN, "male"): 1}
    assert groups_of(cells).by_age[-1] == ("25+,unknown", 61)


def test_ages_in_words():
    with translation.override("en"):
        assert [ages_text(group, 16) for group in ("0-17", "0-24", "25-34", "55+", "65+,unknown", "unknown")] == [
            "16–17", "16–24", "25–34", "55 and older", "65 and older, or age not known", "age not known",
        ]  # fmt: skip
        assert ages_text("0-17") == "up to 17"


def test_bands_hold_their_edges():
    assert [band_of(age) for age in (14, 17, 18, 24, 25, 64, 65, 104, None)] == [
        "0-17", "0-17", "18-24", "18-24", "25-34", "55-64", "65+", "65+", UNKNOWN,
    ]  # fmt: skip


def voted(people: Sequence[tuple[int | None, str]]) -> Contest:
    """A contest in which people of these (years of birth, sexes) voted."""
    contest, projects = given.voting_contest()
    with clock.at(given.day(45)):
        cast_ballots(
            contest=contest, channel="online",
            votes=[
                Vote(
                    person_token=secrets.token_bytes(32), paper=given.paper(projects[0]),
                    request_key=secrets.token_bytes(32),
                    circumstances=Circumstances(born=date(year, 1, 1) if year else None, sex=sex),
                )
                for year, sex in people
            ],
        )  # fmt: skip
    return contest


PEOPLE = [
    *[(2003, "female")] * 12, *[(2003, "male")] * 14, *[(1985, "female")] * 21, *[(1985, "male")] * 11,
    *[(1950, "female")] * 13, *[(1950, "male")] * 15, *[(1950, "")] * 3,
]  # fmt: skip


@pytest.mark.django_db
def test_nothing_is_counted_before_the_opening_and_the_same_for_ever_after():
    contest = voted(PEOPLE)
    with clock.at(given.day(46)):
        refreshed()
        assert [figure_of(contest, key) for key in KEYS] == [None, None, None]
    with clock.at(given.day(60)):
        refreshed()
        assert [figure_of(contest, key) for key in KEYS] == [None, None, None]
        open_box(contest=contest)
        refreshed()
        ages, sexes, both = (figure_of(contest, key) for key in KEYS)
    assert [(row.key, row.values[0]) for row in ages.rows] == [("18-24", 26), ("25-44", 32), ("45+", 31)]
    assert [(row.key, row.values[0]) for row in sexes.rows] == [("female", 46), ("male,unknown", 43)]
    assert [row.document() for row in both.rows] == [
        ["18-24", 12, 14, None], ["25-44", 21, 11, None], ["45+", 13, 18, None],
    ]  # fmt: skip
    assert sum(row.values[0] for row in ages.rows) == turnout(contest)
    with clock.at(given.day(61)):
        group_voters(contest=contest, cells={("18-24", "male"): 500, ("65+", "female"): 500})
        delete_keys(contest=contest)
        group_voters(contest=contest)
        refreshed()
        assert figure_of(contest, "turnout-by-age").digest == ages.digest


@pytest.mark.django_db
def test_an_annulled_vote_is_in_no_group():
    contest = voted(PEOPLE)
    iryna, viktor = (given.official(name, "commission", contest.community) for name in ("Ірина", "Віктор"))
    mark = next(trace.mark for trace in traces_of(contest) if trace.sex == "male" and trace.born.year == 1985)
    with clock.at(given.day(46)):
        found = propose_annulment(
            contest=contest, mark=mark, why="stolen", text="Виборець був за кордоном.", by=iryna
        )
        decide_annulment(annulment=found, is_confirmed=True, answer="Підтверджено банком.", by=viktor)
    with clock.at(given.day(60)):
        open_box(contest=contest)
    kept = VoterGroups.objects.get(contest=contest)
    assert dict(kept.by_age)["25-44"] == 31
    assert sum(number for _name, number in kept.by_age) == turnout(contest) == len(PEOPLE) - 1


@pytest.mark.django_db
def test_a_voting_of_a_few_shows_no_ages_and_no_sexes():
    contest = voted([(1985, "female")] * 9 + [(1950, "male")] * 9)
    with clock.at(given.day(60)):
        open_box(contest=contest)
        refreshed()
        assert [figure_of(contest, key) for key in KEYS] == [None, None, None]
    assert not VoterGroups.objects.exists()


def test_no_table_ties_an_age_or_a_sex_to_a_mark():
    fields = {field.name for field in Participation._meta.get_fields()}
    assert not fields & {"born", "birth_date", "age", "sex", "band", "person"}
    # the groups lead to a contest only
    names = {field.name for field in VoterGroups._meta.get_fields()}
    assert names == {"id", "community", "contest", "by_age", "by_sex", "by_both"}


FILE = """META
key;value
description;Budżet obywatelski
country;Poland
unit;Miasteczko
instance;2021
num_projects;2
num_votes;{votes}
budget;1000.50
vote_type;approval
rule;greedy
date_begin;01.09.2021
date_end;14.09.2021
PROJECTS
project_id;cost;name
1;600.50;Park
2;500;Boisko
VOTES
voter_id;vote;age;sex
"""


@pytest.mark.django_db
def test_an_imported_voting_is_counted_as_its_file_says():
    people = (
        [(str(16 + place % 70), "FMK"[place % 3]) for place in range(400)]
        + [("", "M")] * 25
        + [("x", "")] * 11
    )
    lines = [f"{place};{1 + place % 2};{age};{sex}" for place, (age, sex) in enumerate(people, start=1)]
    content = FILE.format(votes=len(people)) + "\n".join(lines) + "\n"
    contest = import_election(content=content.encode(), community=given.community()).contest
    refreshed()
    ages = figure_of(contest, "turnout-by-age")
    naive = Counter(band_of(int(age)) if age.isdecimal() else UNKNOWN for age, _sex in people)
    assert {row.key: row.values[0] for row in ages.rows} == naive
    sexes = figure_of(contest, "turnout-by-sex")
    named = Counter({"F": "female", "K": "female", "M": "male", "": UNKNOWN}[sex] for _age, sex in people)
    assert {row.key: row.values[0] for row in sexes.rows} == named
    # of its voters only numbers were taken, and nothing is said of days and hours that nobody knows
    assert not Participation.objects.exists()
    assert figure_of(contest, "turnout-by-hour") is None


@pytest.mark.django_db
@pytest.mark.skipif(not KATOWICE.exists(), reason="the Pabulib files are not here")
def test_katowice_is_counted_as_its_file_says():
    contest = import_election(content=KATOWICE.read_bytes(), community=given.community()).contest
    lines = KATOWICE.read_text(encoding="utf-8").split("\nVOTES\n")[1]
    rows = list(csv.DictReader(lines.splitlines(), delimiter=";"))
    kept = VoterGroups.objects.get(contest=contest)
    naive = Counter(band_of(int(row["age"])) if row.get("age", "").isdecimal() else UNKNOWN for row in rows)
    assert sum(number for _name, number in kept.by_age) in (0, len(rows))
    assert all(naive[name] == number for name, number in kept.by_age if name in naive)
    named = Counter({"F": "female", "M": "male"}.get(row.get("sex", ""), UNKNOWN) for row in rows)
    assert all(named[name] == number for name, number in kept.by_sex if name in named)
