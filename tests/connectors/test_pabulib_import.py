"""``viche contests import``: a finished election of elsewhere becomes a contest, whole or not at all."""

import io
import os
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from tests import given

from rulebook import pabulib
from viche.ballots.models import Opening
from viche.communities.models import Territory
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.journal.models import Entry, Log
from viche.journal.queries import recomputed_root
from viche.projects.models import Project
from viche.results.models import Publication

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
KATOWICE = FOLDER / "Poland_Katowice_2020.pb"

FILE = """META
key;value
description;Budżet obywatelski
country;Poland
unit;Miasteczko
instance;2021
num_projects;3
num_votes;4
budget;1000.50
vote_type;approval
rule;greedy
date_begin;01.09.2021
date_end;14.09.2021
max_length;2
currency;PLN
PROJECTS
project_id;cost;votes;name;selected;latitude;longitude
A/1;600.50;3;Park nad rzeką;1;50.25;19.02
A/2;500;2;Boisko;0;;
A/3;400;1;Ławki;1;abc;19.5
VOTES
voter_id;vote
1;A/1,A/2
2;A/1
3;A/2,A/1
4;A/3
"""


@pytest.fixture
def city(db):
    return given.community()


def run(path: Path, community: str = given.POLTAVA) -> str:
    out = io.StringIO()
    call_command("contests", "import", str(path), "--community", community, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "miasteczko.pb"
    path.write_text(FILE, encoding="utf-8")
    return path


def sizes() -> dict[str, int]:
    """Rows of every table of the house."""
    return {
        model._meta.label: model.objects.count() for model in apps.get_models()
        if model.__module__.startswith("viche.") and model is not Territory
    }  # fmt: skip


class TestASmallElection:
    def test_it_is_counted_and_published(self, city, file):
        assert "/poltava/miasteczko-2021/results/" in run(file)
        contest = Contest.objects.get()
        publication = Publication.objects.get()
        assert publication.count.outcome["funded"] == ["A/1", "A/3"]
        assert (contest.currency, contest.year, contest.name) == ("PLN", 2021, "Budżet obywatelski, 2021")
        assert contest.is_frozen

    def test_amounts_are_exact_in_hundredth_parts(self, city, file):
        run(file)
        assert dict(Project.objects.values_list("code", "cost")) == {
            "A/1": 60_050,
            "A/2": 50_000,
            "A/3": 40_000,
        }
        assert [pot.amount for pot in Contest.objects.get().rules.pots] == [100_050]
        assert set(Publication.objects.get().count.outcome["left"].values()) == {0}

    def test_every_ballot_is_there(self, city, file):
        run(file)
        assert Opening.objects.count() == 4
        assert Publication.objects.get().count.outcome["totals"] == {"A/1": 3, "A/2": 2, "A/3": 1}

    def test_places_that_are_no_places_are_left_out(self, city, file):
        run(file)
        located = Project.objects.filter(latitude__isnull=False).values_list("code", flat=True)
        assert list(located) == ["A/1"]

    def test_the_official_winners_are_compared_with_the_count(self, city, file):
        assert "exactly the file's official winners" in run(file)
        assert Publication.objects.get().note == "official:equal"

    def test_a_difference_from_the_official_winners_is_said(self, city, file):
        file.write_text(FILE.replace("Boisko;0", "Boisko;1"), encoding="utf-8")
        assert "differ" in run(file)
        assert Publication.objects.get().note == "official:different"

    def test_the_days_of_the_voting_are_whole_days_of_kyiv(self, city, file):
        run(file)
        window = Contest.objects.get().window("voting")
        assert (window.starts_at.isoformat(), window.ends_at.isoformat()) == (
            "2021-08-31T21:00:00+00:00", "2021-09-14T21:00:00+00:00",
        )  # fmt: skip

    def test_the_same_file_again_changes_nothing(self, city, file):
        run(file)
        before, journal = sizes(), list(Entry.objects.order_by("id").values())
        assert "nothing changed" in run(file)
        assert sizes() == before
        assert list(Entry.objects.order_by("id").values()) == journal

    def test_the_community_may_be_named_by_its_address(self, city, file):
        run(file, "poltava")
        assert Contest.objects.get().community == city

    def test_the_journal_holds_every_act_in_one_unbroken_log(self, city, file):
        run(file)
        kinds = set(Entry.objects.values_list("kind", flat=True))
        assert kinds >= {"ContestCreated", "RulesFrozen", "BallotsImported", "CountRun", "ResultPublished"}
        for log in Log.objects.all():
            assert log.root == recomputed_root(log)
        assert not Entry.objects.filter(index__isnull=True).exists()

    def test_two_communities_may_take_over_one_file(self, city, file):
        other = given.community(given.LVIV)
        run(file)
        run(file, given.LVIV)
        assert {contest.community for contest in Contest.objects.all()} == {city, other}


class TestWhatCannotBeImported:
    def refused(self, file: Path, community: str = given.POLTAVA) -> str:
        before = sizes()
        with pytest.raises(CommandError) as answer:
            run(file, community)
        assert sizes() == before, "nothing was imported"
        return str(answer.value)

    @pytest.mark.parametrize(
        ("right", "wrong", "line"),
        [
            ("A/2;500;2", "A/2;five hundred;2", 19), ("A/2;500;2", "A/2;-500;2", 19), ("A/2;500", "A/1;500", 19),
            ("4;A/3", "4;A/9", 26),
            ("budget;1000.50", "budget;much", 9), ("num_votes;4", "num_votes;5", 8),
            ("vote_type;approval", "vote_type;shouting", 10), ("A/3;400;1;Ławki;1;abc;19.5", "A/3;400", 20),
            ("META\nkey", "key", 1),
        ],
    )  # fmt: skip
    def test_a_malformed_file_names_the_line_and_imports_nothing(self, city, file, right, wrong, line):
        assert right in FILE
        file.write_text(FILE.replace(right, wrong), encoding="utf-8")
        told = self.refused(file)
        assert str(file) in told
        assert f"line {line}" in told
        assert "Nothing was imported" in told

    @pytest.mark.parametrize(
        "content", [b"", b"\x00\xff\xfe", b"PK\x03\x04" * 9, "не той файл".encode("cp1251")]
    )
    def test_what_is_no_such_file_is_refused(self, city, file, content):
        file.write_bytes(content)
        assert "Nothing was imported" in self.refused(file)

    def test_amounts_that_cannot_be_kept_exactly_are_refused(self, city, file):
        file.write_text(FILE.replace("A/2;500;", "A/2;500.125;"), encoding="utf-8")
        with pytest.raises(Refused) as answer:
            import_election(content=file.read_bytes(), community=city)
        assert answer.value.code == "bad_scale"
        assert "Nothing was imported" in self.refused(file)

    @pytest.mark.parametrize("community", ["UA00000000000000000", "nowhere", given.LVIV])
    def test_an_unknown_community_is_named(self, city, file, community):
        assert community in self.refused(file, community)

    def test_a_file_that_is_not_there_is_named(self, city, tmp_path):
        assert "absent.pb" in self.refused(tmp_path / "absent.pb")

    def test_another_file_of_the_same_election_gets_an_address_of_its_own(self, city, file):
        run(file)
        file.write_text(FILE.replace("num_votes;4", "num_votes;5") + "5;A/2\n", encoding="utf-8")
        run(file)
        first, second = Contest.objects.order_by("created_at")
        assert first.slug == "miasteczko-2021"
        assert second.slug.startswith("miasteczko-2021-")


@pytest.mark.pabulib
@pytest.mark.skipif(
    not KATOWICE.exists(), reason=f"no {KATOWICE}: set PABULIB_DIR to a folder of Pabulib's files"
)
def test_katowice_2020_has_its_official_winners_and_a_second_import_changes_nothing(city):
    election = pabulib.read(KATOWICE.read_bytes())
    assert "exactly the file's official winners" in run(KATOWICE)
    publication = Publication.objects.get()
    assert set(publication.count.outcome["funded"]) == election.official
    assert set(Project.objects.filter(state="funded").values_list("code", flat=True)) == election.official
    assert Opening.objects.count() == 38_903
    assert dict(Project.objects.values_list("code", "cost"))["M/66/VII"] == 250_000_000
    before = sizes()
    assert "nothing changed" in run(KATOWICE)
    assert sizes() == before
